"""Pictures as inline SVG: each with a title and a description in words, none with a script or a link."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from medtrack.domain.pictures import STATES, Calendar, month_names
from medtrack.domain.shares import percent

from .inert import inert
from .pictures import cut, least
from .shapes import BAR, BAR_COLOUR, COLOURS, SHAPES, SIDE, STEP, Polygon

_LEFT, _TOP = 32.0, 18.0
_TEXT = 'font-family="sans-serif" font-size="11" fill="#333333"'


def calendar(picture: Calendar, name: str) -> str:
    """A calendar with the bars of its weeks below; `name` keeps its ids apart from those of the others."""
    columns = picture.columns
    foot = _TOP + 7 * STEP + 6 + BAR
    width, height = max(_LEFT + len(columns) * STEP + 14, 120), foot + 4
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{_text(picture.title)}, day by day</title>',
        f'<desc id="{name}-desc">{_text(describe(picture))}</desc>',
    ]
    edge = width + STEP
    for number, month in sorted(month_names(columns, picture.since).items(), reverse=True):
        x = _LEFT + number * STEP
        if x + 26 < edge:
            parts.append(f'<text x="{x:g}" y="12" {_TEXT}>{month}</text>')
            edge = x
    for row in (0, 2, 4, 6):
        parts.append(f'<text x="0" y="{_TOP + row * STEP + 11:g}" {_TEXT}>{picture.weekdays[row][:3]}</text>')
    for state in STATES:
        where = [
            (_LEFT + (day - columns[0]).days // 7 * STEP, _TOP + picture.row_of(day) * STEP)
            for day, found in picture.states.items()
            if found == state
        ]
        if where:
            path = "".join(_path(shape, x, y) for x, y in where for shape in SHAPES[state])
            parts.append(f'<path fill="{COLOURS[state]}" d="{path}"/>')
    parts.append(_weeks(picture, foot))
    return "".join(parts) + "</svg>"


def _weeks(picture: Calendar, foot: float) -> str:
    """A bar under every column: as high as the share of the week, with a line where all would be."""
    far = _LEFT + len(picture.weeks) * STEP
    parts = [f'<text x="0" y="{foot - 2:g}" {_TEXT}>Week</text>']
    for y in (foot, foot - BAR):
        parts.append(f'<path fill="#767676" d="M{_LEFT:g} {y:g}H{far:g}v0.7H{_LEFT:g}z"/>')
    path = ""
    for number, week in enumerate(picture.weeks):
        high = float((week.ratio or Fraction(0)) * Fraction(BAR))
        if high:
            path += f"M{_LEFT + number * STEP:g} {foot:g}v{-high:.3g}h{SIDE:g}v{high:.3g}z"
    if path:
        parts.append(f'<path fill="{BAR_COLOUR}" d="{path}"/>')
    return "".join(parts)


def describe(picture: Calendar) -> str:
    """A calendar in words: its span, how many days of each kind, and the weeks."""
    return f"Days from {picture.since} to {picture.until}. {summary(picture)}"


def summary(picture: Calendar) -> str:
    """How many days there are of each kind, the weeks, and what is not drawn."""
    counts = ", ".join(f"{number} {STATES[state]}" for state, number in picture.totals.items())
    said = (f"Days: {counts or 'none has come yet'}.", least(picture), cut(picture))
    return " ".join(each for each in said if each)


def swatch(state: str) -> str:
    """The sign of a state for a legend; the words stand beside it."""
    path = "".join(_path(shape, 0, 0) for shape in SHAPES[state])
    return (
        f'<svg role="img" aria-label="sign for {STATES[state]}" width="14" height="14" viewBox="0 0 14 14"'
        f' xmlns="http://www.w3.org/2000/svg"><path fill="{COLOURS[state]}" d="{path}"/></svg>'
    )


def bar(share: object) -> str:
    """A share as a bar in a frame, several as a column each; nothing where there is none."""
    if isinstance(share, list):
        return _columns(share)
    if not isinstance(share, Fraction):
        return ""
    full = float(min(share, Fraction(1)) * 78)
    return (
        f'<svg role="img" aria-label="{percent(share)}" width="80" height="12" viewBox="0 0 80 12"'
        ' xmlns="http://www.w3.org/2000/svg">'
        f'<path fill="{BAR_COLOUR}" fill-rule="evenodd" d="M0 0h80v12h-80zM1 1v10h78v-10z'
        f'M1 1h{full:.3g}v10h-{full:.3g}z"/></svg>'
    )


def _columns(shares: Sequence[Fraction | None]) -> str:
    """Shares as columns beside each other, with a line where all would be; a missing one stays blank."""
    told = ", ".join("none planned" if share is None else percent(share) for share in shares)
    path = "".join(
        f"M{10 * at} 14v{-float(min(share, Fraction(1)) * 12):.3g}h8V14z"
        for at, share in enumerate(shares)
        if share
    )
    wide = 10 * len(shares)
    return (
        f'<svg role="img" aria-label="{told}" width="{wide}" height="15" viewBox="0 0 {wide} 15"'
        ' xmlns="http://www.w3.org/2000/svg">'
        f'<path fill="#767676" d="M0 1h{wide - 2}v0.7H0zM0 14h{wide - 2}v0.7H0z"/>'
        f'<path fill="{BAR_COLOUR}" d="{path}"/></svg>'
    )


def _path(shape: Polygon, x: float, y: float) -> str:
    points = [f"{x + left:g} {y + top:g}" for left, top in shape]
    return f"M{'L'.join(points)}z"


def _text(words: str) -> str:
    return escape(inert(words))
