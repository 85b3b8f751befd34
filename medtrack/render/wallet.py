"""A card as one small HTML page that prints in the size of a bank card, with a QR code where one is wanted.

It loads nothing and has no script. The code holds the text of the card: whoever scans it reads the same.
The size is that of ISO/IEC 7810 ID-1, 85.6 by 54 mm; a card of many lines grows downwards and is folded.
"""

from __future__ import annotations

from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from medtrack.errors import ExtraMissing, UsageRefused

from .folding import NARROWEST
from .inert import inert, readable
from .words import cell, seen

if TYPE_CHECKING:
    from medtrack.domain.document import Document
    from medtrack.domain.report import Column, Report, Row

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_MOST = 1_800
"""Bytes in a code: more makes it too fine to be scanned from a card."""
_WIDTH = 48
"""Letters on a line of the text."""
_STYLE = """\
:root { color-scheme: light; }
body { margin: 8mm; font: 8.5pt/1.3 system-ui, sans-serif; color: #000; background: #fff; }
main { box-sizing: border-box; width: 85.6mm; min-height: 54mm; padding: 3mm; border: 0.3mm solid #000;
  border-radius: 3mm; overflow-wrap: anywhere; }
h1 { margin: 0 0 1mm; font-size: 10pt; }
h2 { margin: 1.5mm 0 0.5mm; font-size: 8.5pt; border-top: 0.2mm solid #000; padding-top: 1mm; }
p { margin: 0; }
li { margin: 0 0 0.5mm; break-inside: avoid; }
ul { margin: 0; padding-left: 4mm; }
svg { display: block; width: 34mm; height: 34mm; margin: 2mm auto 0; }
@media print { body { margin: 0; } @page { margin: 10mm; } }
"""


def render(document: Document, *, qr: bool = False) -> str:
    """The whole page. Raises ExtraMissing and UsageRefused where a code is wanted and cannot be made."""
    facts = " · ".join(f"{name}: {value}" for name, value in document.facts)
    parts = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{_text(document.title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>",
        f"<h1>{_text(document.title)}</h1>\n<p>{_text(facts)}</p>",
    ]
    for section in document.sections:
        told = lines(section.report)
        parts.append(f"<h2>{_text(section.title)}</h2>\n<ul>")
        parts += [f"<li>{_text(line)}</li>" for line in told]
        parts.append("</ul>")
    if qr:
        parts.append(_code(plain(document)))
    return "\n".join([*parts, "</main>\n</body>\n</html>\n"])


def text(document: Document, encoding: str = "utf-8", width: int | None = None) -> str:
    """The card as text of the width of a till receipt, to be printed and cut out; of a terminal, if less."""
    from textwrap import wrap

    most = _WIDTH if width is None else max(min(width, _WIDTH), NARROWEST)

    def folded(line: str, mark: str) -> list[str]:
        said = readable(line, encoding)
        return wrap(said, most, initial_indent=mark, subsequent_indent=" " * len(mark)) or [mark.rstrip()]

    found = folded(document.title.upper(), "")
    for name, value in document.facts:
        found += folded(f"{name}: {value}", "")
    for section in document.sections:
        found += ["", *folded(f"{section.title}:", "")]
        for line in lines(section.report):
            found += folded(line, "- ")
    return "\n".join(found) + "\n"


def lines(report: Report) -> list[str]:
    """What a section says, a line for each row: 'warfarin 5 mg: 1 tablet daily at 18:00. For: the heart.'."""
    told = [*report.lines]
    columns = seen(report)
    told += [_row(columns, row) for row in report.rows]
    return told or [report.empty]


def _row(columns: list[Column], row: Row) -> str:
    first, *rest = [(column, cell(column, row, "utf-8")) for column in columns]
    said = first[1]
    for number, (column, value) in enumerate(rest):
        if value:
            said += f": {value}" if number == 0 else f". {column.title}: {value}"
    return said if said.endswith(".") else f"{said}."


def plain(document: Document) -> str:
    """The card as a few lines of text: what the code holds."""
    found = [document.title, *(f"{name}: {value}" for name, value in document.facts)]
    for section in document.sections:
        found += [f"{section.title}:", *lines(section.report)]
    return "\n".join(inert(line) for line in found)


def _code(content: str) -> str:
    try:
        import segno
    except ImportError:
        from medtrack.packages import added

        raise ExtraMissing(what="A QR code", package="segno", how=added("segno")) from None
    size = len(content.encode())
    if size > _MOST:
        raise UsageRefused(
            what=f"The card has {size:,} bytes, and a code that can be scanned holds {_MOST:,}:"
            " leave out --qr, or name one medication."
        )
    drawn = BytesIO()
    # Without a size of its own it has a view box, and takes the size of the style above.
    segno.make(content, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, nl=False, omitsize=True, title="The text of this card"
    )
    return drawn.getvalue().decode()


def _text(text: str) -> str:
    return escape(inert(text))
