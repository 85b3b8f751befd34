"""`medtrack measure`: a score or a reading."""

from typing import Annotated

import typer

from medtrack.render import say

from ._emit import receipt
from ._params import At, Json, Note, new_app

app = new_app()


@app.command()
def measure(
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="phq9, gad7, pcl5, madrs, qids, cadss, pain, bp, pulse, weight, glucose, sleep, or any.",
        ),
    ],
    value: Annotated[
        list[str] | None, typer.Argument(metavar="[VALUE]...", help="14, 128/82, 70.2 kg, '<0.5 mg/l'.")
    ] = None,
    items: Annotated[
        str | None, typer.Option(metavar="1,2,0,…", help="The answers to its items; - where there is none.")
    ] = None,
    range_: Annotated[
        str | None, typer.Option("--range", metavar="RANGE", help="What the lab calls normal: 0.6-1.0, <5.")
    ] = None,
    at: At = "now",
    note: Note = None,
    new: Annotated[bool, typer.Option("--new", help="It is a new name, though nearly a known one.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="It is meant in that unit: do not ask.")] = False,
    json: Json = False,
) -> None:
    """Write down a score or a reading.

    PHQ-9, GAD-7 and PCL-5 are asked item by item on a terminal where neither a total nor --items is given.

    A reading beyond what meters show in its unit is asked about; one in another unit than the last is told.

    Exit code 4: an answer says that help is needed now, and where it is stands there. 30: it is beyond what
    meters show: --yes.

    Example: medtrack measure phq9 --items 1,2,0,1,0,1,1,0,0
    """
    from medtrack.services.scoring import MeasureFlags
    from medtrack.services.scoring import measure as record

    chart = ctx.obj.chart(make=True)
    flags = MeasureFlags(items, range_, at, note, new, yes)
    asking = ctx.obj.ask_after, ctx.obj.confirm
    report = record(chart, ctx.obj.reference, name, " ".join(value) if value else None, flags, *asking)
    receipt(ctx, chart, report, json=json)
    for line in report.meta["help"] if json else ():
        say(line)
    if report.meta["needs_help"]:
        raise typer.Exit(4)
