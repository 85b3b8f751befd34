"""`medtrack remind`: what cron runs, and what it is set up by."""

from typing import TYPE_CHECKING

import typer

from medtrack.domain.report import Report
from medtrack.errors import InputUnreadable, MedtrackError
from medtrack.render import emit, say

from . import _remind_channels, _remind_rules, _remind_setup
from ._params import new_app

if TYPE_CHECKING:
    from medtrack.deps import Deps

app = new_app()
app.add_typer(_remind_channels.app, name="channel")
_remind_rules.add_to(app)
_remind_setup.add_to(app)


@app.callback(invoke_without_command=True)
def remind(ctx: typer.Context) -> None:
    """Say once what is due, by its rules; silent when there is nothing to say.

    This is what cron runs. 'medtrack remind install' sets it up.

    Example: medtrack remind
    """
    if ctx.invoked_subcommand is not None:
        return
    deps = ctx.obj
    refusals = []
    for path in deps.files():
        # One record that cannot be used keeps no other silent.
        try:
            _check(deps, path)
        except MedtrackError as refusal:
            refusals.append(refusal)
    for told in refusals[:-1]:
        say(str(told))
    if refusals:
        raise refusals[-1]


def _check(deps: "Deps", path: str) -> None:
    from medtrack.services.daily import daily_backup
    from medtrack.services.reminding import Check, carry_out

    chart = deps.chart_of(path)
    try:
        channels = deps.channels.of(path)
    except InputUnreadable as unreadable:
        # What is due is told all the same, where it is told by itself.
        channels = []
        say(str(unreadable))
    check = Check(
        chart,
        channels,
        deps.heartbeats.of(path),
        names_person=deps.is_one_of_several(path),
        called=deps.calling.of(path),
    )
    carry_out(check, lambda text: emit(Report("remind", lines=text.split("\n"))))
    for doubt in check.doubts:
        say(doubt)
    if check.refusal is not None:
        raise check.refusal
    if said := daily_backup(chart):
        say(said)
    deps.keep_outlook(chart, check.foresee())
    if not deps.heartbeats.keep(path, check.beaten()):
        say("that this check ran could not be kept, so that 'today' may say that none did.")
