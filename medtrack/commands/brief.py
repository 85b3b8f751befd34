"""`medtrack brief`: one page for the next visit."""

from typing import Annotated

import typer

from ._documents import Face, Redact, hand_over
from ._params import Baseline, Csv, Force, Json, Output, new_app

app = new_app()


@app.command()
def brief(
    ctx: typer.Context,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="last-visit, or a day; else the last visit, or 30 days.")
    ] = None,
    baseline: Baseline = None,
    face: Face = None,
    output: Output = None,
    redact: Redact = False,
    json: Json = False,
    csv: Csv = False,
    force: Force = False,
) -> None:
    """One page for the next visit: what changed, what followed, what to ask.

    What does not fit is counted, with the command that shows it; JSON and CSV hold everything. --redact says
    at the top what it took out.

    Exit code 20: no visit before today is written down. 29: a PDF needs a package that is missing.

    Example: medtrack brief --since last-visit -o brief.html
    """
    from medtrack.services import briefing

    hand_over(
        ctx,
        lambda chart, taken_out: briefing.brief(
            chart, ctx.obj.reference, since=since, baseline=baseline, taken_out=taken_out
        ),
        face,
        output,
        json=json,
        csv=csv,
        force=force,
        redact=redact,
    )
