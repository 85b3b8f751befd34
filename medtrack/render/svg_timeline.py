"""A timeline as inline SVG, with a title, a description, and all of it as a list; no script, no link."""

from __future__ import annotations

from datetime import datetime, time
from html import escape
from typing import TYPE_CHECKING

from medtrack.domain.timeline import days, describe_all, describe_lane, entries, months, remarks, values

from .inert import inert
from .shapes import BAR_COLOUR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medtrack.domain.curves import Curve
    from medtrack.domain.timeline import Lane, Tick, Timeline

LEFT, WIDE, TOP = 150.0, 560.0, 48.0
"""Where the lanes begin, and how wide they are, in units of the drawing."""
HIGH = {"medication": 24.0, "note": 20.0, "measure": 46.0, "session": 20.0}
"""The height of a lane."""
_TITLE = 22
"""Letters of a title beside its lane; the words below have it whole."""
LETTER = 6.5
"""The width of a letter or a digit, or so."""
_TEXT = 'font-family="sans-serif" font-size="11" fill="#333333"'
_HALO = 'stroke="#ffffff" stroke-width="3" paint-order="stroke"'
LINE, MARK, NOTE, SESSION, RULE = "#2f5f8a", "#9a5b00", "#b3261e", "#7b2d8b", "#767676"
"""Each stands out from white paper by at least 3 to 1 (WCAG 2.2, 1.4.11)."""


def figure(picture: Timeline, name: str) -> list[str]:
    """The picture with its heading, what is in it in words, and as a list; `name` keeps its ids apart."""
    cells = [
        f'<th scope="row">{_text(each.when)}</th><td>{_text(each.lane)}</td><td>{_text(each.words)}</td>'
        for each in entries(picture)
    ]
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("When", "What", "In words"))
    return [
        f'<figure class="timeline">\n<figcaption>{_text(picture.title)}</figcaption>',
        timeline(picture, name),
        '<ul class="legend">',
        *(f"<li>{_text(each)}</li>" for each in legend(picture)),
        "</ul>",
        f"<details><summary>{_text(picture.title)}, as a list</summary>",
        f"<table>\n<caption>{_text(picture.title)}, as a list</caption>",
        f"<thead><tr>{heads}</tr></thead>\n<tbody>",
        *(f"<tr>{row}</tr>" for row in cells),
        "</tbody>\n</table>\n</details>\n</figure>",
    ]


def legend(picture: Timeline) -> list[str]:
    """The letters, the lanes, what is left out and what the signs mean, in words."""
    said = [mark.line for mark in picture.marks]
    said += [describe_lane(lane) for lane in picture.lanes]
    return [*said, *remarks(picture), *say_signs(picture)]


def timeline(picture: Timeline, name: str) -> str:
    """The drawing: the axis on top, a dashed line down from each change, and the lanes."""
    tops, foot = [], TOP
    for lane in picture.lanes:
        tops.append(foot)
        foot += HIGH[lane.kind]
    width, height = LEFT + WIDE + 20, foot + 6
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{_text(picture.title)}</title>',
        f'<desc id="{name}-desc">{_text(describe_all(picture))}</desc>',
        *_axis(picture, months(picture.since, picture.until, 14), 12),
        *_axis(picture, days(picture.since, picture.until, 28, picture.week_starts), 26),
        f'<path fill="{RULE}" d="M{LEFT:g} {TOP - 6:g}h{WIDE:g}v0.7h-{WIDE:g}z"/>',
    ]
    placed = list(zip(picture.lanes, tops, strict=True))
    for lane, top in placed:
        if lane.kind == "medication":
            parts += _lane(picture, lane, top)
    edge = -LETTER
    for mark in picture.marks:
        x = x_of(picture, mark.at)
        down = f'fill="none" d="M{x:.1f} {TOP - 6:g}V{foot:g}"'
        # White beside it keeps it apart from the bars, which it goes through.
        parts.append(f'<path stroke="#ffffff" stroke-width="4" {down}/>')
        parts.append(f'<path stroke="{MARK}" stroke-width="1.5" stroke-dasharray="3 3" {down}/>')
        # Two changes of one day have a letter each, beside each other.
        edge = max(x, edge + LETTER + 1)
        parts.append(_words(edge, TOP - 9, mark.letter, 'text-anchor="middle" font-weight="bold"'))
    for lane, top in placed:
        if lane.kind != "medication":
            parts += _lane(picture, lane, top)
    return "".join(parts) + "</svg>"


def _axis(picture: Timeline, ticks: Iterable[Tick], y: float) -> list[str]:
    """The names of days; one that would run into the one before it is left out."""
    parts, edge = [], 0.0
    for tick in ticks:
        x = x_of(picture, datetime.combine(tick.day, time()))
        if x >= edge:
            parts.append(_words(x, y, tick.words))
            edge = x + (len(tick.words) + 1) * LETTER
    return parts


def _lane(picture: Timeline, lane: Lane, top: float) -> list[str]:
    high = HIGH[lane.kind]
    title = lane.title if len(lane.title) <= _TITLE else f"{lane.title[: _TITLE - 1]}…"
    parts = [_words(0, top + high / 2 + 4, title)]
    if lane.kind == "medication":
        parts += _bars(picture, lane, top + high - 3)
    elif lane.curve is not None:
        parts += _curve(picture, lane.curve, top, high)
    elif lane.kind == "note":
        parts += _notes(picture, lane, top + high / 2)
    else:
        y = top + high / 2
        path = "".join(f"M{x_of(picture, each.at):.1f} {y - 5:g}l5 5l-5 5l-5 -5z" for each in lane.events)
        parts.append(f'<path fill="{SESSION}" d="{path}"/>')
    return parts


def _bars(picture: Timeline, lane: Lane, foot: float) -> list[str]:
    """A bar for each week, as high as its share, between the lines of none and of all."""
    high, path = HIGH["medication"] - 8, ""
    counted = [share for share in lane.shares if share.whole]
    first = x_of(picture, datetime.combine(counted[0].since, time())) if counted else LEFT
    last = first
    for share in counted:
        left = x_of(picture, datetime.combine(share.since, time()))
        last = x_of(picture, datetime.combine(share.until, time.max))
        if share.ratio:
            up = float(share.ratio) * high
            path += f"M{left:.1f} {foot:g}v{-up:.1f}h{max(last - left - 1.5, 1):.1f}v{up:.1f}z"
    rules = "".join(f"M{first:.1f} {y:g}H{last:.1f}v0.7H{first:.1f}z" for y in (foot, foot - high))
    return [f'<path fill="{RULE}" d="{rules}"/>', f'<path fill="{BAR_COLOUR}" d="{path}"/>' if path else ""]


def _notes(picture: Timeline, lane: Lane, y: float) -> list[str]:
    """The grade of each, the highest uppermost, and a line until it was over."""
    parts = []
    ordered = sorted(lane.events, key=lambda event: event.grade or 0)
    for event in ordered:
        if event.until is not None:
            left, right = x_of(picture, event.at), x_of(picture, event.until)
            parts.append(f'<path fill="{NOTE}" d="M{left:.1f} {y - 1.5:g}H{right:.1f}v3H{left:.1f}z"/>')
    for event in ordered:
        x = x_of(picture, event.at)
        if event.grade is None:
            parts.append(f'<path fill="{NOTE}" d="M{x - 2.5:.1f} {y - 2.5:g}h5v5h-5z"/>')
        else:
            more = f'text-anchor="middle" font-weight="bold" {_HALO}'
            parts.append(_words(x, y + 4, str(event.grade), more))
    return parts


def _curve(picture: Timeline, curve: Curve, top: float, high: float) -> list[str]:
    """The values joined by a line, each with its number where there is room."""
    low, tall = top + high - 5, high - 20
    where = [
        (x_of(picture, point.at), low - float(curve.share_of_scale(point.value)) * tall, words)
        for point, words in values(curve)
    ]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in where)
    dots = "".join(f"M{x - 2.5:.1f} {y - 2.5:.1f}h5v5h-5z" for x, y, _ in where)
    parts = [
        f'<path stroke="{LINE}" stroke-width="1.5" fill="none" d="M{line}"/>',
        f'<path fill="{LINE}" d="{dots}"/>',
    ]
    edge = 0.0
    for x, y, words in where:
        half = len(words) * LETTER / 2
        middle = min(max(x, LEFT + half), LEFT + WIDE + 20 - half)
        if middle - half >= edge:
            parts.append(_words(middle, y - 5, words, f'text-anchor="middle" {_HALO}'))
            edge = middle + half + LETTER
    return parts


def say_signs(picture: Timeline) -> list[str]:
    """What the signs mean, of those that are there."""
    kinds = {lane.kind for lane in picture.lanes}
    said = []
    if "medication" in kinds:
        said.append("A bar is as high as the share of what was planned; the upper line is all of it.")
    if "note" in kinds:
        said.append(
            "A digit is the grade of a side effect, 1 mild to 5 fatal, with a line until it was over."
        )
    if "session" in kinds:
        said.append("A diamond is a session.")
    return said


def x_of(picture: Timeline, at: datetime) -> float:
    """How far across a time lies, in units of the drawing."""
    return LEFT + float(picture.share_of_time(at)) * WIDE


def _words(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}{" " if more else ""}{_TEXT}>{_text(words)}</text>'


def _text(words: str) -> str:
    return escape(inert(words))
