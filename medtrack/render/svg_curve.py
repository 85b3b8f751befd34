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

_LEFT, _TOP, _WIDE, _HIGH = 44.0, 18.0, 420.0, 130.0
_TEXT = 'font-family="sans-serif" font-size="11" fill="#333333"'
_LINE, _OTHER, _MARK = "#2f5f8a", "#7b2d8b", "#9a5b00"
"""Each stands out from white paper by at least 3 to 1 (WCAG 2.2, 1.4.11)."""


def curve(picture: Curve, name: str) -> str:
    """The curve; `name` keeps its ids apart from those of the others."""
    width, height = _LEFT + _WIDE + 12, _TOP + _HIGH + 20
    parts = [
        f'<svg role="img" aria-labelledby="{name}-title {name}-desc" width="{width:g}" height="{height:g}"'
        f' viewBox="0 0 {width:g} {height:g}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{_text(picture.title)} over time</title>',
        f'<desc id="{name}-desc">{_text(describe(picture))}</desc>',
    ]
    for tick in picture.ticks:
        y = _y(picture, tick)
        parts.append(f'<path fill="#767676" d="M{_LEFT:g} {y:.1f}h{_WIDE:g}v0.5h-{_WIDE:g}z"/>')
        parts.append(
            f'<text x="{_LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end" {_TEXT}>{decimal(tick)}</text>'
        )
    for mark in picture.marks:
        x = _x(picture, mark.at)
        parts.append(
            f'<path stroke="{_MARK}" stroke-dasharray="3 3" fill="none" d="M{x:.1f} {_TOP:g}v{_HIGH:g}"/>'
        )
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 5:g}" text-anchor="middle" {_TEXT}>{mark.letter}</text>')
    parts.append(_row(picture, picture.others, _OTHER, "4 2"))
    parts.append(_row(picture, picture.points, _LINE, ""))
    foot = _TOP + _HIGH + 15
    parts.append(f'<text x="{_LEFT:g}" y="{foot:g}" {_TEXT}>{picture.since:%Y-%m-%d}</text>')
    if picture.until.date() != picture.since.date():
        end = _LEFT + _WIDE
        parts.append(
            f'<text x="{end:g}" y="{foot:g}" text-anchor="end" {_TEXT}>{picture.until:%Y-%m-%d}</text>'
        )
    return "".join(parts) + "</svg>"


def _row(picture: Curve, points: Sequence[Point], colour: str, dashes: str) -> str:
    if not points:
        return ""
    where = [(_x(picture, point.at), _y(picture, point.value)) for point in points]
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in where)
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    dots = "".join(f"M{x - 2.5:.1f} {y - 2.5:.1f}h5v5h-5z" for x, y in where)
    return (
        f'<path stroke="{colour}" stroke-width="1.5" fill="none"{dash} d="M{line}"/>'
        f'<path fill="{colour}" d="{dots}"/>'
    )


def _x(picture: Curve, at: datetime) -> float:
    return _LEFT + float(picture.share_of_time(at)) * _WIDE


def _y(picture: Curve, value: Fraction) -> float:
    return _TOP + (1 - float(picture.share_of_scale(value))) * _HIGH


def _text(words: str) -> str:
    return escape(inert(words))
