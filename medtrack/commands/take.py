"""`medtrack take`: a dose was taken."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import warned_receipt
from ._params import At, By, Json, Medications, Note, new_app

app = new_app()


@app.command()
def take(
    ctx: typer.Context,
    med: Medications = None,
    amount: Annotated[
        str | None, typer.Option(metavar="A", help="How much: 2, 1/2, '5 ml'. Else as planned.")
    ] = None,
    at: At = "now",
    slot: Annotated[
        str | None, typer.Option("--for", metavar="SLOT", help="The planned time it is for.")
    ] = None,
    by: By = None,
    about: Annotated[bool, typer.Option("--about", help="The time is not certain.")] = False,
    certainty: Annotated[
        str | None, typer.Option(metavar="C", help="exact, about, reconstructed or told.")
    ] = None,
    note: Note = None,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="The same key twice is one dose.")] = None,
    all_due: Annotated[bool, typer.Option("--all-due", help="Everything that is due or overdue.")] = False,
    again: Annotated[bool, typer.Option("--again", help="One more dose, though one is there.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    json: Json = False,
) -> None:
    """Write down a dose taken.

    A dose that is worth a call to the pharmacist, or over a limit, is written down too, with a warning.

    Exit code 4: written down, and worth a call to the pharmacist, or over a limit. 20: there is no such
    planned dose. 27: nothing is due. 32: it was written down a moment ago: --again.

    Example: medtrack take metformin --at 08:10
    """
    from medtrack.services.opening import open_slots
    from medtrack.services.taking import Wish
    from medtrack.services.taking import take as record
    from medtrack.services.watching import Watching

    if about and certainty not in (None, "about"):
        raise UsageRefused(what="--about and --certainty disagree: keep one.")
    chart = ctx.obj.chart()
    confirm = None if yes else ctx.obj.confirm
    if not med and not all_due and confirm is not None:
        due = [medication.name for medication, _ in open_slots(chart)]
        all_due = bool(due) and confirm(f"Due: {', '.join(due)}. Were all of these taken?")
    wish = Wish(amount, at, slot, by, "about" if about else certainty or "exact", note)
    watching = Watching(lambda: ctx.obj.pack, ctx.obj.knowledge)
    report = record(
        chart, med or [], wish, all_due=all_due, again=again, key=key, confirm=confirm, watching=watching
    )
    warned_receipt(ctx, chart, report, json=json)
