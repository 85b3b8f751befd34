"""How a document is handed over: on screen or as a file, in the face asked for, redacted where wanted."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from medtrack.domain.report import combined
from medtrack.errors import UsageRefused
from medtrack.render import emit, emit_documents
from medtrack.render.documents import ENDINGS, file

from ._emit import outcome, say_help
from ._reader import as_called_document, as_read_document

if TYPE_CHECKING:
    from medtrack.deps import Deps
    from medtrack.domain.document import Document
    from medtrack.services.chart import Chart

Face = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="text, markdown, html, pdf, json or csv.")
]
Redact = Annotated[
    bool, typer.Option("--redact", help="For sharing: without names, numbers to call, and words of yours.")
]
Build = Callable[["Chart", str | None], "Document"]
"""A document of a chart, told what was taken out of it where it is redacted."""


def hand_over(
    ctx: typer.Context,
    build: Build,
    face: str | None,
    output: str | None,
    *,
    json: bool,
    csv: bool,
    force: bool,
    redact: bool,
) -> None:
    """Print the document of each person, or write it to a file.

    Raises UsageRefused, FileExists, OutputFailed.
    """
    from medtrack.services.reporting import write

    if output in ("", "-"):
        raise UsageRefused(what="-o names a file or a folder; without -o it goes to the screen.")
    wanted = _face(face, output, json=json, csv=csv)
    is_everyone = ctx.obj.wants_everyone
    if output is None and (wanted == "pdf" or (wanted == "html" and is_everyone)):
        raise UsageRefused(
            what=f"{wanted.upper()} goes to a file: name one with -o, or a folder for everyone."
        )
    if redact and is_everyone:
        raise UsageRefused(
            what="--redact is about one person, since nobody is named: say whose with --person."
        )
    documents = [
        as_read_document(chart, _built(ctx.obj, chart, build, redact=redact)) for chart in ctx.obj.charts()
    ]
    if output is not None:
        pages = [
            (_file(output, document, ENDINGS[wanted], is_everyone), file(document, wanted))
            for document in documents
        ]
        outcome(write(pages, force=force))
    elif wanted in ("json", "csv") and is_everyone:
        of_each = [each.table if wanted == "csv" else each.data for each in documents]
        everyone = combined([(one.person, of) for one, of in zip(documents, of_each, strict=True)])
        emit(everyone, json=wanted == "json", csv=wanted == "csv")
    else:
        emit_documents(documents, wanted)
    if wanted == "csv":
        say_help(*(each.table for each in documents))


def _built(deps: "Deps", chart: "Chart", build: Build, *, redact: bool) -> "Document":
    if not redact:
        return as_called_document(deps, chart, build(chart, None))
    from medtrack.services.redacting import redacted

    bare, redaction = redacted(chart, deps.pack, deps.reference, deps.protocol(chart, "spravato"))
    return build(bare, redaction.words)


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


def _file(output: str, document: "Document", ending: str, is_everyone: bool) -> str:
    """The file of a person's document: the one named, or one of the person's name in the folder named."""
    if os.path.isdir(output):
        kind = "" if document.kind == "report" else f" {document.kind}"
        stem = f"{document.person}{kind}" if document.person else document.kind
        return os.path.join(os.path.abspath(output), f"{stem}.{ending}")
    if is_everyone:
        raise UsageRefused(
            what=f"--person all writes a file for each: -o names a folder that is there, not {output!r}."
        )
    return os.path.abspath(output)
