"""Shares as people read them, with their honest rounding."""

from __future__ import annotations

from fractions import Fraction


def percent(ratio: Fraction) -> str:
    """A ratio with one decimal, halves up: '93.3 %'.

    '100 %' and '0 %' mean exactly that: what is near is not rounded onto them (1999/2000 is '99.9 %').
    """
    thousandths = ratio * 1000
    if thousandths in (0, 1000):
        return f"{thousandths // 10} %"
    nearest = (2 * thousandths + 1) // 2
    if nearest in (0, 1000):
        nearest += 1 if thousandths > nearest else -1
    sign = "-" if nearest < 0 else ""
    return f"{sign}{abs(nearest) // 10}.{abs(nearest) % 10} %"
