"""A timeline on a page of a PDF: the same drawing as `svg_timeline` makes, in millimetres."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time
from itertools import groupby
from typing import TYPE_CHECKING, Any

from medtrack.domain.timeline import days, describe_lane, months, remarks, values

from . import svg_timeline as plan
from .shapes import BAR_COLOUR

if TYPE_CHECKING:
    from datetime import date

    from medtrack.domain.curves import Curve
    from medtrack.domain.timeline import Lane, Tick, Timeline

_SCALE = 0.248
"""Millimetres for each unit of the drawing, so that it is as wide as a page."""
_HEAD = 4.5
"""Millimetres of the title above it."""
_TITLES, _NUMBERS = 6.5, 6.0
"""Points of the titles of lanes, and of what stands in them."""
_MONTH = 31
"""Days up to which calendars show each day, and tables each change and note."""
_INK, _WHITE = (26, 26, 26), (255, 255, 255)
_HALF = 2.5
"""Half the side of a square, in units of the drawing."""
_ASCENT = 0.26
"""Millimetres that a digit reaches up for each point of its size."""
_GAP = 1.2
"""Millimetres between two names of the axis, and between two numbers."""


def adds(picture: Timeline) -> bool:
    """Whether it shows what the calendars and tables do not: a month without it is two pages."""
    return picture.days > _MONTH or any(lane.kind in ("measure", "session") for lane in picture.lanes)


def height(picture: Timeline) -> float:
    """Millimetres of the title and the drawing, which stay on one page; the words below may go on."""
    return _HEAD + (plan.TOP + sum(plan.HIGH[lane.kind] for lane in picture.lanes) + 6) * _SCALE


def legend(picture: Timeline) -> list[str]:
    """What the drawing says in words, as `plan.legend` does, with the lanes of a kind on one line."""
    by_kind = groupby(picture.lanes, key=lambda lane: lane.kind)
    said = [mark.line for mark in picture.marks]
    said += [" ".join(map(describe_lane, of_kind)) for _, of_kind in by_kind]
    signs = " ".join(plan.say_signs(picture))
    return [*said, *remarks(picture), *([signs] if signs else [])]


def draw(
    pdf: Any, picture: Timeline, told: Callable[[str], str], cut: Callable[[str, float], str], font: str
) -> None:
    """Draw a timeline where the page is now, and go on below it; `legend` says the same in words.

    `told` makes a text harmless, `cut` makes it fit into so many millimetres.
    """
    top = pdf.get_y()
    pdf.set_text_color(*_INK)
    pdf.set_font(font, "B", 7.5)
    pdf.cell(pdf.epw, _HEAD, cut(told(picture.title), pdf.epw))
    drawing = _Drawing(pdf, picture, font, pdf.l_margin, top + _HEAD)
    drawing.axis()
    tops, foot = [], plan.TOP
    for lane in picture.lanes:
        tops.append(foot)
        foot += plan.HIGH[lane.kind]
    placed = list(zip(picture.lanes, tops, strict=True))
    # The lines go through the bars, and behind numbers and signs.
    for lane, down in placed:
        if lane.kind == "medication":
            drawing.bars(lane, down)
    drawing.changes(foot)
    for lane, down in placed:
        drawing.title(cut(told(lane.title), (plan.LEFT - 6) * _SCALE), down + plan.HIGH[lane.kind] / 2)
        if lane.curve is not None:
            drawing.curve(lane.curve, down)
        elif lane.kind == "note":
            drawing.notes(lane, down + plan.HIGH["note"] / 2)
        elif lane.kind == "session":
            drawing.sessions(lane, down + plan.HIGH["session"] / 2)
    pdf.set_xy(pdf.l_margin, top + height(picture))


class _Drawing:
    """The parts of one timeline whose left upper corner is at a place of the page."""

    def __init__(self, pdf: Any, picture: Timeline, font: str, left: float, top: float) -> None:
        self._pdf = pdf
        self._picture = picture
        self._font = font
        self._left = left
        self._top = top

    def axis(self) -> None:
        """The names of days, those that would run into the one before left out, and a line below."""
        picture = self._picture
        self._pdf.set_font(self._font, size=_NUMBERS)
        self._ticks(months(picture.since, picture.until, 14), 12)
        self._ticks(days(picture.since, picture.until, 28, picture.week_starts), 26)
        self._rule(plan.LEFT, plan.LEFT + plan.WIDE, plan.TOP - 6)

    def changes(self, foot: float) -> None:
        """A dashed line down from each change, with its letter; letters of one day stand side by side."""
        edge = -plan.LETTER
        for mark in self._picture.marks:
            across = plan.x_of(self._picture, mark.at)
            x, up = self._at(across, plan.TOP - 6)
            down = self._at(across, foot)[1]
            # White beside it keeps it apart from the bars.
            self._pdf.set_draw_color(*_WHITE)
            self._pdf.set_line_width(4 * _SCALE)
            self._pdf.line(x, up, x, down)
            self._pdf.set_draw_color(plan.MARK)
            self._pdf.set_line_width(1.5 * _SCALE)
            self._pdf.set_dash_pattern(dash=0.75, gap=0.75)
            self._pdf.line(x, up, x, down)
            self._pdf.set_dash_pattern()
            edge = max(across, edge + plan.LETTER + 1)
            self._pdf.set_font(self._font, "B", _NUMBERS)
            self._centred(mark.letter, *self._at(edge, plan.TOP - 9))

    def title(self, words: str, middle: float) -> None:
        """The title of a lane, beside it."""
        self._pdf.set_font(self._font, size=_TITLES)
        self._pdf.text(*self._at(0, middle + 4), words)

    def bars(self, lane: Lane, top: float) -> None:
        """A bar for each week, as high as its share, between the lines of none and of all."""
        foot, high = top + plan.HIGH["medication"] - 3, plan.HIGH["medication"] - 8
        counted = [share for share in lane.shares if share.whole]
        self._pdf.set_fill_color(BAR_COLOUR)
        for share in counted:
            left, right = self._span(share.since, share.until)
            if share.ratio:
                up = float(share.ratio) * high
                x, y = self._at(left, foot - up)
                self._pdf.rect(x, y, max(right - left - 1.5, 1) * _SCALE, up * _SCALE, style="F")
        if counted:
            left, right = self._span(counted[0].since, counted[-1].until)
            for y in (foot, foot - high):
                self._rule(left, right, y)

    def notes(self, lane: Lane, middle: float) -> None:
        """The grade of each, the highest uppermost, and a line until it was over."""
        ordered = sorted(lane.events, key=lambda event: event.grade or 0)
        self._pdf.set_fill_color(plan.NOTE)
        for event in ordered:
            if event.until is not None:
                x, y = self._at(plan.x_of(self._picture, event.at), middle - 1.5)
                right = self._at(plan.x_of(self._picture, event.until), middle)[0]
                self._pdf.rect(x, y, right - x, 3 * _SCALE, style="F")
        for event in ordered:
            x, y = self._at(plan.x_of(self._picture, event.at), middle)
            if event.grade is None:
                self._square(x, y, plan.NOTE)
            else:
                self._number(str(event.grade), x, y + 4 * _SCALE, "B")

    def sessions(self, lane: Lane, middle: float) -> None:
        """A diamond for each."""
        self._pdf.set_fill_color(plan.SESSION)
        half = 5 * _SCALE
        for event in lane.events:
            x, y = self._at(plan.x_of(self._picture, event.at), middle)
            self._pdf.polygon([(x, y - half), (x + half, y), (x, y + half), (x - half, y)], style="F")

    def curve(self, curve: Curve, top: float) -> None:
        """The values joined by a line, each with its number where there is room."""
        high = plan.HIGH["measure"]
        low, tall = top + high - 5, high - 20
        where = [
            self._at(
                plan.x_of(self._picture, point.at), low - float(curve.share_of_scale(point.value)) * tall
            )
            for point in curve.points
        ]
        self._pdf.set_draw_color(plan.LINE)
        self._pdf.set_line_width(1.5 * _SCALE)
        if len(where) > 1:
            self._pdf.polyline(where)
        for x, y in where:
            self._square(x, y, plan.LINE)
        edge = 0.0
        last = self._at(plan.LEFT + plan.WIDE + 20, 0)[0]
        for (x, y), (_, words) in zip(where, values(curve), strict=True):
            self._pdf.set_font(self._font, size=_NUMBERS)
            half = self._pdf.get_string_width(words) / 2
            middle = min(max(x, self._at(plan.LEFT, 0)[0] + half), last - half)
            if middle - half >= edge:
                self._number(words, middle, y - 5 * _SCALE)
                edge = middle + half + _GAP

    def _at(self, across: float, down: float) -> tuple[float, float]:
        """A place of the drawing on the page."""
        return self._left + across * _SCALE, self._top + down * _SCALE

    def _span(self, since: date, until: date) -> tuple[float, float]:
        """How far across the first day begins, and the last one ends."""
        begins, ends = datetime.combine(since, time()), datetime.combine(until, time.max)
        return plan.x_of(self._picture, begins), plan.x_of(self._picture, ends)

    def _ticks(self, ticks: Iterable[Tick], down: float) -> None:
        edge = 0.0
        for tick in ticks:
            x, y = self._at(plan.x_of(self._picture, datetime.combine(tick.day, time())), down)
            if x >= edge:
                self._pdf.text(x, y, tick.words)
                edge = x + self._pdf.get_string_width(tick.words) + _GAP

    def _rule(self, left: float, right: float, down: float) -> None:
        self._pdf.set_draw_color(plan.RULE)
        self._pdf.set_line_width(0.1)
        self._pdf.line(*self._at(left, down), *self._at(right, down))

    def _square(self, x: float, y: float, colour: str) -> None:
        half = _HALF * _SCALE
        self._pdf.set_fill_color(colour)
        self._pdf.rect(x - half, y - half, 2 * half, 2 * half, style="F")

    def _number(self, words: str, x: float, y: float, style: str = "") -> None:
        """A number over white, so that it is read before what lies under it."""
        self._pdf.set_font(self._font, style, _NUMBERS)
        wide, high = self._pdf.get_string_width(words), _NUMBERS * _ASCENT
        self._pdf.set_fill_color(*_WHITE)
        self._pdf.rect(x - wide / 2, y - high, wide, high, style="F")
        self._centred(words, x, y)

    def _centred(self, words: str, x: float, y: float) -> None:
        self._pdf.text(x - self._pdf.get_string_width(words) / 2, y, words)
