"""A document as PDF, on A4, drawn with fpdf2: the same sections, tables and pictures as the other faces.

fpdf2 comes with the extra `pdf`. The fonts of the machine are used where there are some that hold more than
Western letters; what the font in use lacks is written as a visible escape, never left out.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from medtrack.domain.pictures import STATES, Calendar, month_names
from medtrack.errors import ExtraMissing

from . import pdf_curve, pdf_timeline
from .inert import inert
from .pdf_columns import widths
from .shapes import BAR, BAR_COLOUR, COLOURS, SHAPES, SIDE, STEP
from .svg import summary
from .words import cell, seen

if TYPE_CHECKING:
    from medtrack.domain.curves import Curve
    from medtrack.domain.document import Document, Section
    from medtrack.domain.report import Column, Report, Row
    from medtrack.domain.timeline import Timeline

_FONTS = (
    (
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    ),
    ("/usr/share/fonts/TTF/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans-Bold.ttf"),
    (
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf",
    ),
    ("/Library/Fonts/Arial Unicode.ttf", "/Library/Fonts/Arial Unicode.ttf"),
    ("/System/Library/Fonts/Supplemental/Arial.ttf", "/System/Library/Fonts/Supplemental/Arial Bold.ttf"),
)
"""Where machines keep a regular and a bold font with more than Western letters."""
_SCALE = 0.19
"""Millimetres for each unit of a shape."""
_MOST = 600
"""Signs of a cell in one row, so that the narrowest column still fits on a page."""
_NARROW = 43.5
"""Millimetres of the narrowest picture with its words: four stand side by side."""
_SIZE, _LINE, _PAD = 7.0, 3.2, 0.25
"""Of the text of a table: points, and millimetres of a line and above and below it."""
_GREY, _INK = (74, 74, 74), (26, 26, 26)


def render(document: Document) -> bytes:
    """The whole document. Raises ExtraMissing where fpdf2 is not installed."""
    try:
        import fpdf
    except ImportError:
        from medtrack.packages import added

        raise ExtraMissing(
            what="A PDF",
            package="fpdf2",
            how=added("fpdf2"),
            otherwise=" Or write --format html and print that from a browser.",
        ) from None
    return bytes(_Sheet(fpdf, document).output())


class _Sheet:
    """The pages of one document."""

    def __init__(self, fpdf: Any, document: Document) -> None:
        self.fpdf = fpdf
        sheet = self

        class Pages(fpdf.FPDF):  # type: ignore[misc]
            def footer(self) -> None:
                """Say on every page whose it is, and which page."""
                self.set_y(-12)
                self.set_font(sheet.font, size=7)
                self.set_text_color(*_GREY)
                self.cell(0, 4, sheet.told(document.running))
                self.set_x(self.l_margin)
                self.cell(0, 4, f"Page {self.page_no()} of {{nb}}", align="R")

        self.pdf: Any = Pages(format="A4")
        self.font, self.letters = self._choose_font()
        self.pdf.set_margins(13, 12, 13)
        self.pdf.set_auto_page_break(True, margin=15)
        self.pdf.set_title(self.told(document.title))
        self.pdf.set_lang("en")
        self.pdf.set_creator("medtrack")
        self.pdf.set_creation_date(document.meta["made_at"])
        self.pdf.add_page()
        self._line(document.title, 14, bold=True)
        facts = [f"{name}: {value}" for name, value in document.facts]
        # On one page each stands on its own, since what was taken out is long.
        beside = 1 if document.is_one_page else 2
        for pair in (facts[at : at + beside] for at in range(0, len(facts), beside)):
            self._line(";   ".join(pair), 8)
        for section in document.sections:
            (self._entries if document.is_one_page else self._section)(section)

    def output(self) -> bytes:
        """The file."""
        return bytes(self.pdf.output())

    def told(self, text: str) -> str:
        """The text, harmless, in the letters of the font."""
        return "".join(
            sign if ord(sign) in self.letters else sign.encode("ascii", "backslashreplace").decode()
            for sign in inert(text)
        )

    def _choose_font(self) -> tuple[str, Any]:
        for regular, bold in _FONTS:
            if os.path.exists(regular) and os.path.exists(bold):
                self.pdf.add_font("sheet", "", regular)
                self.pdf.add_font("sheet", "B", bold)
                return "sheet", set(self.pdf.fonts["sheet"].cmap) & set(self.pdf.fonts["sheetB"].cmap)
        return "helvetica", {number for number in range(32, 256) if not 127 <= number < 160}

    def _line(self, text: str, size: float, *, bold: bool = False, grey: bool = False) -> None:
        self.pdf.set_font(self.font, "B" if bold else "", size)
        self.pdf.set_text_color(*(_GREY if grey else _INK))
        self.pdf.multi_cell(
            0,
            size * 0.47,
            self.told(text),
            align="L",
            new_x=self.fpdf.XPos.LMARGIN,
            new_y=self.fpdf.YPos.NEXT,
        )

    def _section(self, section: Section) -> None:
        report = section.report
        # The numbers of a bar stand in the column beside it; paper has no room for both.
        columns = [column for column in seen(report) if not column.bar] if report.rows else []
        lines = list(report.lines)
        timelines = [each for each in report.timelines if pdf_timeline.adds(each)]
        drawn = report.pictures or timelines
        if not (columns or lines or drawn or report.curves):
            # A section with nothing in it is a line: a month of little happening is not to be many pages.
            self.pdf.ln(2)
            self._line(" ".join([f"{section.title}:", report.empty, *report.footer]), 8)
            return
        if not columns and not drawn:
            # Sentences alone are a paragraph.
            lines = [" ".join([*lines, *([] if report.rows else [report.empty])])]
        # A heading stays with what it heads.
        room = 2 + 10.5 * 0.47 + 1.5 + self._height_of([section.caption] if section.caption else [], 7.5)
        room += self._height_of(lines, 8) + self._first_height(report, columns)
        if self.pdf.will_page_break(min(room, self.pdf.eph - 1)):
            self.pdf.add_page()
        self.pdf.ln(2)
        self._line(section.title, 10.5, bold=True)
        y = self.pdf.get_y() + 0.3
        self.pdf.set_draw_color(BAR_COLOUR)
        self.pdf.set_line_width(0.3)
        self.pdf.line(self.pdf.l_margin, y, self.pdf.w - self.pdf.r_margin, y)
        self.pdf.ln(1.2)
        if section.caption:
            self._line(section.caption, 7.5, grey=True)
        for text in lines:
            self._line(text, 8)
        for timeline in timelines:
            self._timeline(timeline)
        if columns:
            self._table(report, columns)
        if report.pictures:
            self._pictures(report.pictures)
        if report.curves:
            self._curves(report.curves)
        if report.footer:
            self._line(" ".join(report.footer), _SIZE)

    def _entries(self, section: Section) -> None:
        """A section of one page: its label at the left, an entry on a line of its own."""
        self.pdf.set_font(self.font, "B", 7.5)
        self.pdf.set_text_color(*_INK)
        left = self.pdf.l_margin
        self.pdf.text(left, self.pdf.get_y() + 2.8, self.told(section.title))
        self.pdf.set_left_margin(left + 24)
        for text in (*section.report.lines, *section.report.footer):
            self._line(text, 7.5)
        self.pdf.set_left_margin(left)
        self.pdf.ln(0.6)

    def _height_of(self, texts: Sequence[str], size: float) -> float:
        """Millimetres that sentences take."""
        return sum(size * 0.47 * self._lines(text, self.pdf.epw, size) for text in texts)

    def _lines(self, text: str, width: float, size: float, style: str = "") -> int:
        """How many lines a text takes in so many millimetres."""
        self.pdf.set_font(self.font, style, size)
        return len(self.pdf.multi_cell(width, 1, self.told(text) or " ", dry_run=True, output="LINES"))

    def _first_height(self, report: Report, columns: Sequence[Column]) -> float:
        """Millimetres of what may not be parted from a heading: the first picture, or the first rows."""
        if report.timelines and pdf_timeline.adds(report.timelines[0]):
            return pdf_timeline.height(report.timelines[0])
        if not columns:
            return 6 + self._height(report.pictures) if report.pictures else 0.0
        heads, grid = self._grid(report, columns)
        across = self._widths([heads, *grid])
        wide = self.pdf.epw / sum(across)
        height = 0.0
        for style, row in (("B", heads), *(("", row) for row in grid[:2])):
            cells = zip(row, across, strict=True)
            lines = max(self._lines(told, width * wide - 2, _SIZE, style) for told, width in cells)
            height += lines * _LINE + 2 * _PAD
        return height

    def _grid(self, report: Report, columns: Sequence[Column]) -> tuple[list[str], list[list[str]]]:
        """The headings and the rows of a table."""
        grid = [
            part for row in report.rows for part in _parts([self._cell(column, row) for column in columns])
        ]
        return [self.told(column.title or "") for column in columns], grid

    def _table(self, report: Report, columns: Sequence[Column]) -> None:
        heads, grid = self._grid(report, columns)
        self.pdf.set_text_color(*_INK)
        self.pdf.set_fill_color(255)
        self.pdf.set_draw_color(190)
        self.pdf.set_line_width(0.15)
        with self.pdf.table(
            col_widths=self._widths([heads, *grid]),
            text_align=["RIGHT" if column.right else "LEFT" for column in columns],
            borders_layout="HORIZONTAL_LINES",
            headings_style=self.fpdf.FontFace(emphasis="BOLD"),
            line_height=_LINE,
            padding=(_PAD, 1),
            repeat_headings=1,
        ) as table:
            for line in [heads, *grid]:
                table.row(line)
        self.pdf.ln(1)

    def _cell(self, column: Column, row: Row) -> str:
        # A share is not parted from its sign.
        return self.told(cell(column, row, "utf-8")).replace(" %", "\u00a0%")

    def _widths(self, grid: Sequence[Sequence[str]]) -> list[float]:
        """Millimetres for each column; the bold font is the wider one."""
        self.pdf.set_font(self.font, "B", _SIZE)
        found = widths(grid, self.pdf.get_string_width, float(self.pdf.epw))
        self.pdf.set_font(self.font, "", _SIZE)
        return found

    def _pictures(self, pictures: Sequence[Calendar]) -> None:
        present = [s for s in STATES if any(s in picture.states.values() for picture in pictures)]
        self._legend(present)
        left, right = self.pdf.l_margin, self.pdf.w - self.pdf.r_margin
        x, high = left, 0.0
        for picture in pictures:
            width = max((len(picture.columns) * STEP + 34) * _SCALE, _NARROW)
            if x > left and x + width > right:
                x = left
                self.pdf.set_y(self.pdf.get_y() + high)
            if x == left:
                high = self._height(pictures)
                if self.pdf.will_page_break(high):
                    self.pdf.add_page()
            self._picture(picture, x, self.pdf.get_y(), width)
            x += width + 3
        self.pdf.set_xy(left, self.pdf.get_y() + high)

    def _timeline(self, picture: Timeline) -> None:
        """The drawing whole on a page, and what its letters and lanes say below it."""
        if self.pdf.will_page_break(pdf_timeline.height(picture)):
            self.pdf.add_page()
        pdf_timeline.draw(self.pdf, picture, self.told, self._cut, self.font)
        for text in pdf_timeline.legend(picture):
            self._line(text, 6.5)
        self.pdf.ln(1.5)

    def _curves(self, curves: Sequence[Curve]) -> None:
        """Two curves beside each other, each row of them whole on a page."""
        for pair in (curves[at : at + 2] for at in range(0, len(curves), 2)):
            high = max(pdf_curve.height(self.pdf, each, self.told, self.font) for each in pair)
            if self.pdf.will_page_break(min(high, self.pdf.eph - 1)):
                self.pdf.add_page()
            y = self.pdf.get_y()
            for number, each in enumerate(pair):
                x = self.pdf.l_margin + number * (pdf_curve.WIDTH + 4)
                pdf_curve.draw(self.pdf, each, self.told, self._cut, self.font, x, y)
            self.pdf.set_xy(self.pdf.l_margin, y + high)

    def _height(self, pictures: Sequence[Calendar]) -> float:
        """Millimetres for one row of pictures with the words below them."""
        self.pdf.set_font(self.font, size=6.5)
        lines = max(
            len(self.pdf.multi_cell(_NARROW, 2.9, self.told(summary(picture)), dry_run=True, output="LINES"))
            for picture in pictures
        )
        return float(4 + (18 + 7 * STEP + 6 + BAR) * _SCALE + 2 + 2.9 * lines + 0.5)

    def _legend(self, states: Sequence[str]) -> None:
        self.pdf.set_font(self.font, size=7.5)
        self.pdf.set_text_color(*_INK)
        for state in states:
            x, y = self.pdf.get_x(), self.pdf.get_y()
            self._shape(state, x, y + 0.6)
            self.pdf.set_x(x + 3.4)
            self.pdf.cell(self.pdf.get_string_width(STATES[state]) + 5, 4, STATES[state])
        self.pdf.ln(6)

    def _picture(self, picture: Calendar, x: float, y: float, width: float) -> None:
        columns = picture.columns
        self.pdf.set_text_color(*_INK)
        self.pdf.set_font(self.font, "B", 7.5)
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, 4, self._cut(self.told(picture.title), width))
        top, across = y + 4 + 12 * _SCALE, x + 30 * _SCALE
        self.pdf.set_font(self.font, size=6)
        edge = across + (len(columns) + 2) * STEP * _SCALE
        for number, name in sorted(month_names(columns, picture.since).items(), reverse=True):
            at = across + number * STEP * _SCALE
            if at + 5 < edge:
                self.pdf.text(at, top - 0.6, name)
                edge = at
        for row in range(0, 7, 2):
            self.pdf.text(x, top + row * STEP * _SCALE + 2.3, picture.weekdays[row][:3])
        for day, state in picture.states.items():
            column = (day - columns[0]) // timedelta(7)
            self._shape(state, across + column * STEP * _SCALE, top + picture.row_of(day) * STEP * _SCALE)
        foot = top + (7 * STEP + 6 + BAR) * _SCALE
        self.pdf.text(x, foot, "Week")
        self.pdf.set_fill_color(BAR_COLOUR)
        for number, week in enumerate(picture.weeks):
            high = float((week.ratio or Fraction(0)) * Fraction(BAR)) * _SCALE
            if high:
                self.pdf.rect(across + number * STEP * _SCALE, foot - high, SIDE * _SCALE, high, style="F")
        self.pdf.set_draw_color(118)
        self.pdf.set_line_width(0.1)
        for height in (foot, foot - BAR * _SCALE):
            self.pdf.line(across, height, across + len(columns) * STEP * _SCALE, height)
        self.pdf.set_font(self.font, size=6.5)
        self.pdf.set_xy(x, foot + 1.2)
        self.pdf.multi_cell(_NARROW, 2.9, self.told(summary(picture)), align="L")
        self.pdf.set_xy(self.pdf.l_margin, y)

    def _shape(self, state: str, x: float, y: float) -> None:
        self.pdf.set_fill_color(COLOURS[state])
        for shape in SHAPES[state]:
            self.pdf.polygon([(x + left * _SCALE, y + down * _SCALE) for left, down in shape], style="F")

    def _cut(self, text: str, width: float) -> str:
        """A title that fits over its picture; the tables have the name whole."""
        if self.pdf.get_string_width(text) <= width:
            return text
        while text and self.pdf.get_string_width(f"{text}...") > width:
            text = text[:-1]
        return f"{text}..."


def _parts(cells: Sequence[str]) -> list[list[str]]:
    """A row as one or several that each fit on a page: a remark may be ten thousand signs long."""
    number = max(-(-len(told) // _MOST) for told in cells)
    return [[told[at * _MOST : (at + 1) * _MOST] for told in cells] for at in range(max(number, 1))]
