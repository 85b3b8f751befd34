"""What two devices wrote down apart that contradicts each other: named until it is settled."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result

WARFARIN = "add 'warfarin 5 mg tablet, 1 tablet daily at 18:00' --yes"
CHANGE = "change warf --amount '2 tablets' --reason 'INR low' --by 'Dr A'"
STOP = "stop warf --reason bleeding --by 'Dr B'"


class Pair:
    """A record and its copy ~/ben.db, each written to by a device of its own, at ever later times."""

    def __init__(self, run: Callable[..., Result], home: Path) -> None:
        self.run = run
        self.ben = home / "ben.db"
        home.chmod(0o700)
        self.minutes = 0

    def __call__(self, *lines: str, code: int = 0) -> Result:
        done = Result(0, "", "")
        for line in lines:
            done = self.any(line)
            assert done.code == code, (line, done)
        return done

    def any(self, line: str) -> Result:
        self.minutes += 1
        now = f"2026-03-10T{8 + self.minutes // 60:02}:{self.minutes % 60:02}[Europe/Paris]"
        return self.run(line.replace("BEN", f"--db {self.ben}"), now=now)

    def split(self) -> None:
        """Begin the copy."""
        self(f"backup {self.ben}")

    def merge(self) -> Result:
        """Take in what Ben wrote."""
        return self(f"restore {self.ben} --merge --yes")

    def merge_back(self, home: Path) -> Result:
        """Have Ben take in what is here."""
        return self(f"BEN restore {home}/data/medtrack/records/me.db --merge --yes")

    def doctor(self, root: str = "") -> list[str]:
        """What the doctor finds."""
        return [each["finding"] for each in json.loads(self.any(f"{root} doctor --json").out)["rows"]]

    def cure(self, number: int) -> None:
        """Do one of the things the only finding says."""
        (row,) = json.loads(self.any("doctor --json").out)["rows"]
        self(row["what_to_do"].split("medtrack ")[number + 1].partition(";")[0])


@pytest.fixture
def pair(run: Callable[..., Result], home: Path) -> Pair:
    return Pair(run, home)


# --- a stop that another device did not know of -----------------------------------------------------------


@pytest.mark.parametrize("order", [(CHANGE, f"BEN {STOP}"), (STOP, f"BEN {CHANGE}")])
@pytest.mark.parametrize("is_turned", [False, True])
def test_a_stop_that_the_other_device_did_not_know_of_is_told_until_it_is_settled(
    order: tuple[str, str], is_turned: bool, pair: Pair, home: Path
) -> None:
    pair(WARFARIN)
    pair.split()
    pair(*(order[::-1] if is_turned else order))
    preview = pair(f"restore {pair.ben} --merge", code=30).err
    stop_comes = order[0] == CHANGE
    assert ("1 stop would come" if stop_comes else "1 plan and 1 other fact would come") in preview
    minute = 3 + (stop_comes != is_turned)
    said = (
        f"warfarin was stopped on one device by Dr B, from today 08:0{minute} on (bleeding); another, which did"
        " not know, planned it anew, and that goes on: 2 tablets daily at 18:00."
    )
    assert said in preview
    assert said in pair.merge().out
    assert pair.doctor() == [said]
    pair.merge_back(home)
    assert pair.doctor("BEN") == [said]
    pair(STOP)
    assert pair.doctor() == []
    pair.merge_back(home)
    assert pair.doctor("BEN") == []


def test_a_stop_is_settled_by_a_change_where_both_are_known(pair: Pair, home: Path) -> None:
    pair(WARFARIN)
    pair.split()
    pair(CHANGE, "change warf --amount '3 tablets' --reason 'INR low'", f"BEN {STOP}")
    pair.merge()
    assert "3 tablets daily" in pair.doctor()[0], "what was begun by a change of the change"
    pair("change warf --amount '1 tablet' --reason 'goes on'")
    assert pair.doctor() == []
    pair.merge_back(home)
    assert pair.doctor("BEN") == []


def test_a_stop_that_was_known_is_no_contradiction(pair: Pair, home: Path) -> None:
    """Begun again after the stop, on the device that stopped or on one that had it."""
    pair(WARFARIN, STOP)
    pair.split()
    pair(f"BEN {WARFARIN}")
    pair.merge()
    pair(STOP)
    pair.merge_back(home)
    pair(f"BEN {WARFARIN}")
    pair.merge()
    assert pair.doctor() == []


def test_a_stop_beside_a_second_plan_that_it_did_not_reach_is_told(pair: Pair) -> None:
    pair(WARFARIN)
    pair.split()
    pair("add warfarin --amount '1 tablet' --at 08:00 --yes", f"BEN {STOP}")
    pair.merge()
    assert "planned it anew, and that goes on: 1 tablet daily at 08:00" in pair.doctor()[0]


def test_a_plan_changed_on_both_to_other_times_is_told(pair: Pair) -> None:
    pair(WARFARIN)
    pair.split()
    pair("change warf --at 20:00 --reason x", "BEN change warf --at 08:00 --reason y")
    assert "warfarin was changed on two devices" in pair.merge().out
    assert len(pair.doctor()) == 1
    pair("change warf --at 20:00 --reason 'planned twice'")
    assert pair.doctor() == []


# --- doses corrected or voided apart ----------------------------------------------------------------------


NEEDED = ("add warfarin --as-needed", "take warf --at 08:01")


def test_a_dose_corrected_on_two_devices_is_told_until_it_is_settled(pair: Pair, home: Path) -> None:
    pair(*NEEDED)
    pair.split()
    amend = "amend 1 --amount '2 tablets' --reason two"
    pair(amend, f"BEN {amend}")
    assert "on two devices" in pair.merge().out
    pair.merge_back(home)
    assert len(pair.doctor()) == len(pair.doctor("BEN")) == 1
    pair("amend 3 --void --reason twice", "BEN amend 2 --amount '3 tablets' --reason three")
    said = pair.merge().out
    assert "warfarin today 08:01 was voided on one device and corrected on another" in said
    pair.cure(0)
    assert pair.doctor() == []


def test_one_corrected_to_another_time_on_each_is_told(pair: Pair) -> None:
    pair(*NEEDED)
    pair.split()
    pair("amend 1 --at 07:00 --reason x", "BEN amend 1 --at 07:30 --reason y")
    assert "warfarin was corrected on two devices" in pair.merge().out
    assert len(pair.doctor()) == 1
    pair("amend 3 --void --reason twice")
    assert pair.doctor() == []


def test_two_taken_as_needed_in_one_minute_are_told(pair: Pair) -> None:
    pair(*NEEDED)
    pair.split()
    pair("take warf --at 08:03 --again", "BEN take warf --at 08:03 --again")
    assert "warfarin was written down on two devices" in pair.merge().out
    pair.cure(0)
    assert pair.doctor() == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_dose_that_each_voided_as_the_others_is_told(which: int, pair: Pair, home: Path) -> None:
    pair("add metformin --at 08:00 --from 2026-03-10 --yes")
    pair.split()
    pair("take met", "BEN take met")
    pair.merge()
    pair.merge_back(home)
    pair("amend 2 --void --reason twice", "BEN amend 2 --void --reason twice")
    said = pair.merge().out
    assert "Merged 1 fact taken back" in said
    assert "none is left, and it may have been taken" in said
    assert len(pair.doctor()) == 1
    pair.cure(which)
    assert pair.doctor() == []


@pytest.mark.parametrize("which", [0, 1])
def test_a_dose_as_needed_that_each_voided_as_the_others_is_told(which: int, pair: Pair, home: Path) -> None:
    pair("add warfarin --as-needed", "take warf --amount '2 tablets' --at 08:01")
    pair.split()
    pair(
        "take warf --amount '2 tablets' --at 08:03 --again",
        "BEN take warf --amount '2 tablets' --at 08:03 --again",
    )
    pair.merge()
    pair.merge_back(home)
    pair("amend 2 --void --reason twice", "BEN amend 2 --void --reason twice")
    # What is said before both voids are known says nothing about them.
    pair("note 'dizzy' --med warfarin --at 08:03")
    said = (
        "warfarin, taken as needed today 08:03, was written down twice, and two devices each voided another of"
        " the two: none is left, and it may have been taken."
    )
    assert said in pair.merge().out
    pair.merge_back(home)
    assert pair.doctor() == pair.doctor("BEN") == [said]
    pair.cure(which)
    assert pair.doctor() == []
    pair.merge_back(home)
    assert pair.doctor("BEN") == []


def test_two_doses_as_needed_that_each_voided_one_of_are_no_contradiction(pair: Pair) -> None:
    pair("add warfarin --as-needed", "take warf --at 07:10", "take warf --at 07:30 --again")
    pair.split()
    pair("amend 1 --void --reason spat", "BEN amend 2 --void --reason spat")
    pair.merge()
    assert pair.doctor() == []


def test_what_was_merged_is_known_also_to_a_clock_that_is_behind(
    pair: Pair, run: Callable[..., Result], home: Path
) -> None:
    """Who merged the other's void and then voids the last copy knew what they did."""
    pair("add metformin --at 08:00 --from 2026-03-10 --yes")
    pair.split()
    pair("take met", "BEN take met")
    pair.merge()
    pair("amend 2 --void --reason twice")
    early = "2026-03-10T08:04[Europe/Paris]"
    mine = home / "data" / "medtrack" / "records" / "me.db"
    assert run(f"--db {pair.ben} restore {mine} --merge --yes", now=early).code == 0
    assert run(f"--db {pair.ben} amend 2 --void --reason 'spat out'", now=early).code == 0
    pair.merge()
    assert pair.doctor() == []
