"""`medtrack remind`: what cron runs, and what it is set up by."""

import typer

from medtrack.domain.report import Report
from medtrack.render import emit, say

from . import _remind_channels, _remind_rules, _remind_setup
from ._params import new_app

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
    from medtrack.services.reminding import Check, carry_out

    deps = ctx.obj
    for chart in deps.charts():
        path = chart.record.path
        beat = deps.heartbeats.of(path)
        check = Check(chart, deps.channels.of(path), beat, names_person=deps.is_one_of_several(path))
        carry_out(check, lambda text: emit(Report("remind", lines=text.split("\n"))))
        for doubt in check.doubts:
            say(doubt)
        if check.refusal is not None:
            raise check.refusal
        deps.keep_outlook(chart, check.foresee())
        deps.heartbeats.keep(path, check.beaten())
