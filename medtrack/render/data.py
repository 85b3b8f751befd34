"""How typed values read to scripts: exact, in ISO 8601, the same in JSON and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from medtrack.domain.amounts import Amount, exact


def data(value: object) -> object:
    """One value as JSON carries it, made of dict, list, str, int, float, bool and None.

    Raises TypeError for a type no report may hold, and ValueError for a datetime without its zone.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Amount):
        return {"value": exact(value.value), "unit": value.unit}
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): data(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [data(part) for part in value]
    return _moment(value)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError("an instant without its zone cannot be written")
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")[:5]
    if isinstance(value, timedelta):
        return duration(value)
    raise TypeError(f"a report cannot hold a {type(value).__name__}")


def duration(length: timedelta) -> str:
    """A length of elapsed time in ISO 8601: 'PT2H30M', 'PT36H', 'PT0S'.

    Never in days: `P1D` reads as a calendar day, which a clock change makes 23 or 25 hours long.
    """
    seconds = abs(length) // timedelta(seconds=1)
    millionths = abs(length).microseconds
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    told = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    if millionths:
        told += f"{left}.{millionths:06d}".rstrip("0") + "S"
    elif left or not told:
        told += f"{left}S"
    return f"-PT{told}" if length < timedelta(0) else f"PT{told}"
