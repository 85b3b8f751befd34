"""`medtrack notes`: side effects and remarks."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, OneOrAll, Since, Span, Until, new_app

app = new_app()


@app.command()
def notes(
    ctx: typer.Context,
    med: OneOrAll = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    word: Annotated[str | None, typer.Option(metavar="WORD", help="Only notes with this in them.")] = None,
    patterns: Annotated[
        bool, typer.Option("--patterns", help="How they lie to doses and changes, as counts.")
    ] = False,
    within: Annotated[
        str | None, typer.Option(metavar="TIME", help="With --patterns: how long after a dose; 3h.")
    ] = None,
    naranjo: Annotated[
        str | None, typer.Option(metavar="ID", help="Ask the ten questions of Naranjo about one note.")
    ] = None,
    answers: Annotated[
        str | None, typer.Option(metavar="y,n,?,…", help="With --naranjo: the answers.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List the notes, count how they lie to doses, or put one to questions.

    Exit code 20: there is no such note.

    Example: medtrack notes --patterns --word dizz
    """
    from medtrack.services import noticing, noting

    if within is not None and not patterns:
        raise UsageRefused(what="--within goes with --patterns.")
    if answers is not None and naranjo is None:
        raise UsageRefused(what="--answers goes with --naranjo ID.")
    if naranjo is not None:
        if patterns or csv or any(each is not None for each in (med, since, until, span, word)):
            raise UsageRefused(
                what="--naranjo ID is about one note: it goes with --answers and --json alone."
            )
        chart = ctx.obj.chart()
        receipt(ctx, chart, noticing.naranjo(chart, naranjo, answers, ctx.obj.ask_after), json=json)
    elif patterns:
        listing(
            ctx,
            lambda chart: noticing.note_patterns(chart, med, since, until, span, word=word, within=within),
            json=json,
            csv=csv,
        )
    else:
        listing(
            ctx, lambda chart: noting.notes(chart, med, since, until, span, word=word), json=json, csv=csv
        )
