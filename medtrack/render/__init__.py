"""A Report in, bytes out: content to stdout in the face asked for, talk to stderr.

Each face is a module of its own, imported on use, so that a command that prints one plain sentence
loads neither Rich nor json nor csv. JSON and CSV are for scripts; people get a table on a terminal
and plain, untruncated lines anywhere else. What people read is in the letters of their locale; JSON, CSV,
HTML and Markdown are UTF-8 wherever programs read them.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from medtrack.errors import OutputClosed, OutputFailed, UsageRefused

from .folding import folded
from .inert import carried, readable
from .screen import encoding_of, encoding_of_data, is_a_screen, is_styled, takes_bytes, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medtrack.domain.document import Document
    from medtrack.domain.report import Report

__all__ = ["emit", "emit_card", "emit_documents", "emit_page", "is_a_screen", "not_written", "say"]

_LONG = 2_000
"""Rows up to which a table is drawn: Rich takes a third of a millisecond or more for each, and a
longer listing is wanted at once as plain lines."""


def emit(report: Report, *, json: bool = False, csv: bool = False) -> None:
    """Write the report to stdout: as JSON, as CSV, as a table on a terminal, else as plain text.

    A listing of thousands of rows is plain text on a terminal too.
    Raises UsageRefused where both are asked for, and OutputFailed where stdout cannot be written,
    OutputClosed where nobody reads it any more.
    """
    if json and csv:
        raise UsageRefused(what="--json and --csv cannot go together: choose one.")
    if json:
        from . import as_json

        emit_page(as_json.render(report, encoding_of_data(sys.stdout)))
    elif csv:
        from . import as_csv

        emit_page(as_csv.render(report))
    else:
        _print(_text(report, encoding_of(sys.stdout)))


def emit_documents(documents: Sequence[Document], face: str) -> None:
    """Write documents to stdout, one after the other, in any face but PDF; as text with tables on a terminal.

    Raises OutputFailed.
    """
    from .documents import page, text

    if face != "text":
        letters = encoding_of_data(sys.stdout)
        emit_page("\n".join(page(document, face, letters) for document in documents))
        return
    encoding, width = encoding_of(sys.stdout), width_of(sys.stdout)
    _print(
        "\n".join(
            text(document, encoding, lambda report: _text(report, encoding), width) for document in documents
        )
    )


def emit_card(document: Document) -> None:
    """Write a card to stdout as text. Raises OutputFailed."""
    from . import wallet

    _print(wallet.text(document, encoding_of(sys.stdout), width_of(sys.stdout)))


def emit_page(page: str) -> None:
    """Write to stdout a finished page that programs read. Raises OutputFailed."""
    _print(page, is_data=True)


def _text(report: Report, encoding: str) -> str:
    """The report for people: with tables drawn on a terminal, unless it is long, else plain.

    What is only sentences needs no Rich, wherever it is read.
    """
    width = width_of(sys.stdout)
    is_table = bool(report.rows) and any(column.title is not None for column in report.columns)
    is_drawn = is_table or report.pictures or report.curves or report.timelines or report.tables
    if width is not None and is_drawn and len(report.rows) <= _LONG and is_a_screen(sys.stdout):
        from . import as_table

        return as_table.render(report, encoding, width=width, styled=is_styled(sys.stdout))
    from . import as_text

    return as_text.render(report, encoding, width)


def say(text: str) -> None:
    """Write one line of talk to stderr; where that cannot be written, nobody is left to be told.

    On a terminal it is folded between words.
    """
    line = f"medtrack: {readable(text, encoding_of(sys.stderr))}\n"
    _write(sys.stderr, folded(line, width_of(sys.stderr)))


def _print(page: str, *, is_data: bool = False) -> None:
    """Write a page to stdout. Raises OutputFailed."""
    failure = _write(sys.stdout, page, is_data=is_data)
    if failure is not None:
        raise failure


def not_written(trouble: OSError | ValueError) -> OutputFailed:
    """The refusal for what went wrong while a page was written."""
    why = getattr(trouble, "strerror", None) or str(trouble).rstrip(".")
    # A ValueError is Python's word for a file that is closed.
    is_closed = isinstance(trouble, BrokenPipeError | ValueError)
    return (OutputClosed if is_closed else OutputFailed)(why=why)


def _write(stream: TextIO | None, page: str, *, is_data: bool = False) -> OutputFailed | None:
    """Write and flush the whole page; None when it arrived, else the refusal for that it did not."""
    if stream is None:
        return OutputClosed(why="it is closed")
    try:
        if is_data and takes_bytes(stream):
            stream.flush()
            stream.buffer.write(page.encode(errors="backslashreplace"))
        else:
            stream.write(carried(page, encoding_of(stream)))
        stream.flush()
    except (OSError, ValueError) as trouble:
        _let_go(stream)
        return not_written(trouble)
    return None


def _let_go(stream: TextIO) -> None:
    """Point a broken stream at nothing.

    What is still buffered is flushed again when the interpreter ends; on the broken descriptor that would
    print a second error and change the exit code.
    """
    try:
        broken = stream.fileno()
        nothing = os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError):
        return
    if nothing == broken:
        return
    try:
        os.dup2(nothing, broken)
    except OSError:
        pass
    finally:
        os.close(nothing)
