"""`medtrack report`: the adherence report that people take to the clinic."""

import os
from typing import Annotated

import typer

from medtrack.domain.report import combined
from medtrack.errors import UsageRefused
from medtrack.render import emit, emit_documents
from medtrack.render.documents import ENDINGS, file

from ._emit import as_read_document, outcome
from ._params import Csv, Force, Json, Output, Since, Span, Until, new_app

app = new_app()


@app.command()
def report(
    ctx: typer.Context,
    face: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="text, markdown, html, pdf, json or csv.")
    ] = None,
    output: Output = None,
    since: Since = None,
    until: Until = None,
    span: Span = None,
    json: Json = False,
    csv: Csv = False,
    force: Force = False,
) -> None:
    """The adherence report for the clinic, on screen or as a file.

    Over the span given, or the thirty days up to today. Where -o names a folder, the file is PERSON.html (or
    as the format ends) in it; with --person all there is one for each. The end of a file's name chooses the
    format where --format does not.

    Example: medtrack report -o clinic.html --span "last month"
    """
    from medtrack.services import reporting

    if output in ("", "-"):
        raise UsageRefused(what="-o names a file or a folder; without -o the report goes to the screen.")
    wanted = _face(face, output, json=json, csv=csv)
    is_everyone = ctx.obj.wants_everyone
    if output is None and (wanted == "pdf" or (wanted == "html" and is_everyone)):
        raise UsageRefused(
            what=f"{wanted.upper()} goes to a file: name one with -o, or a folder for everyone."
        )
    documents = [
        as_read_document(
            chart, reporting.report(chart, ctx.obj.reference, since=since, until=until, span=span)
        )
        for chart in ctx.obj.charts()
    ]
    if output is not None:
        pages = [
            (_file(output, document.person, ENDINGS[wanted], is_everyone), file(document, wanted))
            for document in documents
        ]
        outcome(reporting.write(pages, force=force))
    elif wanted in ("json", "csv") and is_everyone:
        everyone = combined([(document.person, document.data) for document in documents])
        emit(everyone, json=wanted == "json", csv=wanted == "csv")
    else:
        emit_documents(documents, wanted)


def _face(typed: str | None, output: str | None, *, json: bool, csv: bool) -> str:
    """The format asked for: by its name, by a flag, by the end of the file's name, else text."""
    asked = {*([typed.lower()] if typed else []), *(["json"] if json else []), *(["csv"] if csv else [])}
    named = {"md": "markdown", "txt": "text", "htm": "html"}
    asked = {named.get(each, each) for each in asked}
    if len(asked) > 1:
        raise UsageRefused(what=f"{' and '.join(sorted(asked))} cannot go together: choose one format.")
    for face in asked:
        if face not in ENDINGS:
            raise UsageRefused(what=f"--format is text, markdown, html, pdf, json or csv, not {typed!r}.")
        return face
    ending = os.path.splitext(output or "")[1].lstrip(".").lower()
    ending = named.get(ending, ending)
    if ending and ending not in ENDINGS and not os.path.isdir(output or ""):
        known = ", ".join(f".{each}" for each in ENDINGS.values())
        raise UsageRefused(
            what=f"No format ends in .{ending}: name the file {known}, or choose one with --format."
        )
    return ending if ending in ENDINGS else "text"


def _file(output: str, person: str, ending: str, is_everyone: bool) -> str:
    """The file of a person's document: the one named, or one of the person's name in the folder named."""
    if os.path.isdir(output):
        return os.path.join(os.path.abspath(output), f"{person or 'report'}.{ending}")
    if is_everyone:
        raise UsageRefused(
            what=f"--person all writes a file for each: -o names a folder that is there, not {output!r}."
        )
    return os.path.abspath(output)
