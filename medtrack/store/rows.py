"""How domain values are written in columns: text that sorts, and is read back exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from medtrack.domain.amounts import Amount, exact
from medtrack.domain.regimen import Bound


def instant_text(instant: datetime) -> str:
    """An instant in UTC to the second: '2026-03-10T07:00:00Z'."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def instant_of(text: str) -> datetime:
    """The instant written by `instant_text`."""
    return datetime.fromisoformat(text)


def bound_text(bound: Bound) -> str:
    """A date as '2026-03-08', an instant as `instant_text` writes it."""
    return instant_text(bound) if isinstance(bound, datetime) else bound.isoformat()


def bound_of(text: str) -> Bound:
    """The bound written by `bound_text`."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


@lru_cache(maxsize=512)
def amount_of(number: str | None, unit: str | None) -> Amount | None:
    """The amount in its two columns."""
    return None if number is None or unit is None else Amount(Fraction(number), unit)


def number_text(value: Fraction | None) -> str | None:
    """An exact number as text."""
    return None if value is None else exact(value)


def seconds_of(span: timedelta | None) -> int | None:
    """A length of time in whole seconds."""
    return None if span is None else int(span.total_seconds())


def length_of(seconds: int | None) -> timedelta | None:
    """The length of time written by `seconds_of`."""
    return None if seconds is None else timedelta(seconds=seconds)
