"""A measure over time as inline SVG, with a title and a description in words; no script, no link."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from medtrack.domain.curves import describe
from medtrack.domain.measures import decimal

from .inert import inert

if TYPE_CHECKING:
    from datetime import datetime
    from fractions import Fraction

    from medtrack.domain.curves import Curve, Point

LEFT, TOP, WIDE, HIGH = 44.0, 18.0, 420.0, 130.0
"""Where the plot begins, and its size, in units of the drawing."""
_TEXT = 'font-family="sans-serif" font-size="11" fill="#333333"'
LINE, OTHER, MARK = "#2f5f8a", "#7b2d8b", "#9a5b00"
"""Each stands out from white paper by at least 3 to 1 (WCAG 2.2, 1.4.11)."""


def curve(picture: Curve, name: str) -> str:
    """The curve; `name` keeps its ids apart from those of the others."""
    width, height = LEFT + WIDE + 12, TOP + HIGH + 20
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{_text(picture.title)} over time</title>',
        f'<desc id="{name}-desc">{_text(describe(picture))}</desc>',
    ]
    for tick in picture.ticks:
        y = y_of(picture, tick)
        parts.append(f'<path fill="#767676" d="M{LEFT:g} {y:.1f}h{WIDE:g}v0.5h-{WIDE:g}z"/>')
        parts.append(
            f'<text x="{LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end" {_TEXT}>{decimal(tick)}</text>'
        )
    for mark in picture.marks:
        x = x_of(picture, mark.at)
        parts.append(
            f'<path stroke="{MARK}" stroke-dasharray="3 3" fill="none" d="M{x:.1f} {TOP:g}v{HIGH:g}"/>'
        )
        parts.append(f'<text x="{x:.1f}" y="{TOP - 5:g}" text-anchor="middle" {_TEXT}>{mark.letter}</text>')
    parts.append(_row(picture, picture.others, OTHER, "4 2"))
    parts.append(_row(picture, picture.points, LINE, ""))
    foot = TOP + HIGH + 15
    parts.append(f'<text x="{LEFT:g}" y="{foot:g}" {_TEXT}>{picture.since:%Y-%m-%d}</text>')
    if picture.until.date() != picture.since.date():
        end = LEFT + WIDE
        parts.append(
            f'<text x="{end:g}" y="{foot:g}" text-anchor="end" {_TEXT}>{picture.until:%Y-%m-%d}</text>'
        )
    return "".join(parts) + "</svg>"


def _row(picture: Curve, points: Sequence[Point], colour: str, dashes: str) -> str:
    if not points:
        return ""
    where = [(x_of(picture, point.at), y_of(picture, point.value)) for point in points]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in where)
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    dots = "".join(f"M{x - 2.5:.1f} {y - 2.5:.1f}h5v5h-5z" for x, y in where)
    return (
        f'<path stroke="{colour}" stroke-width="1.5" fill="none"{dash} d="M{line}"/>'
        f'<path fill="{colour}" d="{dots}"/>'
    )


def x_of(picture: Curve, at: datetime) -> float:
    """How far from the left a time lies."""
    return LEFT + float(picture.share_of_time(at)) * WIDE


def y_of(picture: Curve, value: Fraction) -> float:
    """How far down a value lies."""
    return TOP + (1 - float(picture.share_of_scale(value))) * HIGH


def _text(words: str) -> str:
    return escape(inert(words))
