"""`medtrack remind channel`: on what reminders reach a person."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused
from medtrack.render import emit

from ._emit import outcome
from ._params import Csv, Json, new_app
from ._reader import as_called

app = new_app()


@app.callback()
def channel() -> None:
    """On what reminders are told: the screen, a program, or a service.

    Example: medtrack remind channel add desk --desktop
    """


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it: desk, phone, carer.")],
    stdout: Annotated[bool, typer.Option("--stdout", help="Print it: cron mails that.")] = False,
    desktop: Annotated[bool, typer.Option("--desktop", help="A notification (notify-send).")] = False,
    command: Annotated[
        str | None, typer.Option(metavar="PROG", help="Run this program; it reads the text.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="-", help="A service of apprise; its address is read from stdin.")
    ] = None,
    names: Annotated[bool, typer.Option("--names", help="It may name medications.")] = False,
    json: Json = False,
) -> None:
    """Set up a channel, in place of one of the same name.

    Example: medtrack remind channel add desk --desktop
    """
    from medtrack.services import channels as service

    if url not in (None, "-"):
        raise UsageRefused(
            what="An address may hold a secret, and what is typed here others can see: --url - reads it from"
            " standard input."
        )
    deps = ctx.obj
    chart = deps.chart()
    wanted = service.read_channel(
        name,
        stdout=stdout,
        desktop=desktop,
        command=command,
        url=None if url is None else deps.read_secret,
        names=names,
    )
    outcome(as_called(deps, service.add(chart, deps.channels, wanted)), json=json)


@app.command("list")
def listed(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """The channels of this record on this machine.

    Example: medtrack remind channel list
    """
    from medtrack.services import channels as service

    emit(service.listed(ctx.obj.chart(), ctx.obj.channels), json=json, csv=csv)


@app.command()
def remove(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which.")],
    json: Json = False,
) -> None:
    """Take a channel away.

    Example: medtrack remind channel remove desk
    """
    from medtrack.services import channels as service

    report = service.remove(ctx.obj.chart(), ctx.obj.channels, name)
    outcome(as_called(ctx.obj, report), json=json)
