"""`medtrack report`: the adherence report that people take to the clinic."""

import typer

from ._documents import Face, Redact, hand_over
from ._params import Baseline, Csv, Force, Json, Output, Since, Span, Until, new_app

app = new_app()


@app.command()
def report(
    ctx: typer.Context,
    face: Face = None,
    output: Output = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    baseline: Baseline = None,
    redact: Redact = False,
    json: Json = False,
    csv: Csv = False,
    force: Force = False,
) -> None:
    """The adherence report for the clinic, on screen or as a file.

    Over the span given, or the thirty days up to today. Where -o names a folder, the file is PERSON.html (or
    as the format ends) in it; with --person all there is one for each. The end of a file's name chooses the
    format where --format does not. --redact says at the top what it took out.

    Exit code 29: a PDF needs a package that is missing.

    Example: medtrack report -o clinic.html --span "last month"
    """
    from medtrack.services import reporting

    hand_over(
        ctx,
        lambda chart, taken_out: reporting.report(
            chart,
            ctx.obj.reference,
            since=since,
            until=until,
            span=span,
            baseline=baseline,
            taken_out=taken_out,
        ),
        face,
        output,
        json=json,
        csv=csv,
        force=force,
        redact=redact,
    )
