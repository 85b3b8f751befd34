"""A blood pressure is read in one way, wherever it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.measures import KINDS, PRESSURE, read_reading
from medtrack.domain.observations import RANGES, read_value
from medtrack.domain.pressure import LEAST, MOST, read_pressure
from medtrack.errors import UsageRefused


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(["{}/{}", " {} / {} mmHg ", "{}/{}mm hg"]))
def test_at_home_and_in_a_session_the_same_is_read_or_refused(high: int, low: int, form: str) -> None:
    typed = form.format(high, low)
    if LEAST <= low < high <= MOST:
        assert read_pressure(typed) == (high, low)
        assert read_value("bp", typed) == f"{high}/{low}"
        reading = read_reading(PRESSURE, typed)
        assert (reading.value, reading.second, reading.unit) == (high, low, "mmHg")
        return
    said = set()
    for read in (
        read_pressure,
        lambda text: read_value("bp", text),
        lambda text: read_reading(PRESSURE, text),
    ):
        with pytest.raises(UsageRefused) as refused:
            read(typed)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_pulse_has_the_same_bounds_in_both() -> None:
    kind = KINDS["pulse"]
    assert RANGES["pulse"][:2] == (kind.least, kind.most)


@pytest.mark.parametrize("typed", ["128", "128/82/70", "nan/80", "-128/82", "", "128\\82", "128,5/82"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(UsageRefused, match="Blood pressure is written like '128/82'"):
        read_pressure(typed)
