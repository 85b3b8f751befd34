"""Patterns of notes at the edges: of the hours after a dose, of the days asked for, of a change, of now."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-20T21:00[Europe/Paris]"


@pytest.fixture
def typed(run: Run) -> Callable[..., None]:
    """A way to type lines, each at its time."""

    def type_in(*lines: tuple[str, str]) -> None:
        for at, line in lines:
            done = run(line, now=f"{at}[Europe/Paris]")
            assert done.code in (0, 4), (line, done)

    return type_in


def rows_of(run: Run, line: str, now: str = NOW) -> list[dict[str, Any]]:
    done = run(f"notes --patterns {line} --json", now=now)
    assert done.code == 0, done
    found: list[dict[str, Any]] = json.loads(done.out)["rows"]
    return found


def test_a_dose_before_the_days_asked_for_is_near_a_note_in_them(run: Run, typed) -> None:
    typed(
        ("2026-03-09T12:00", "add prazosin --at 22:00"),
        ("2026-03-09T22:30", "take prazosin --at 22:30"),
        ("2026-03-10T01:40", "note dizzy --at 01:30"),
        ("2026-03-10T09:00", "note dizzy"),
    )
    (row,) = rows_of(run, "--span 2026-03-10..2026-03-12")
    assert (row["notes"], row["near"], row["hours_after_a_dose"], row["hours"]) == (2, 1, 2, 72)


def test_a_note_and_a_dose_of_this_very_moment_are_counted(run: Run, typed) -> None:
    typed(
        ("2026-03-09T12:00", "add x --at 08:00"),
        ("2026-03-10T08:00", "note sick"),
        ("2026-03-20T21:00", "note sick"),
        ("2026-03-20T21:00", "take x --at 21:00"),
    )
    (row,) = rows_of(run, "")
    assert (row["notes"], row["near"]) == (2, 1)


def test_a_step_of_a_taper_is_a_change_of_its_own(run: Run, typed) -> None:
    typed(
        ("2026-03-01T06:00", "add prednisone --strength '5 mg' --amount '4 tablets' --at 08:00 --from 2026-03-01"),
        ("2026-03-03T06:00", "taper prednisone '3 tablets 7d -> 2 tablets 7d -> stop' --from 2026-03-04 --reason plan --yes"),
        ("2026-03-05T08:00", "take prednisone --amount '3 tablets'"),
        ("2026-03-05T09:00", "note tired --med prednisone"),
        ("2026-03-12T09:00", "note tired --med prednisone"),
    )  # fmt: skip
    (row,) = rows_of(run, "")
    assert row["reads_as"].endswith(
        "; 1 of 2 notes before the change to 2 tablets daily at 08:00, for 7 days (2 tablets = 10 mg), the next one 1 day after it"
    )
    assert (row["before_change"], row["followed_at"]) == (1, "2026-03-12T09:00:00+01:00")
