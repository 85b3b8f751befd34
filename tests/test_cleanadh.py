"""Ten patients of a published study, written down with the program's own commands.

The data (simulated electronic monitors: J. Pasquier, JMIR Form Res 2024;8:e51013, MIT) is not part of the
project; where it is not beside the checkout, these tests are skipped. The study's rule, at least: a day
counts when openings, with those added by hand, are no fewer than expected; days without monitoring leave
the denominator; openings before 03:00 belong to the day before; a patient's day is the product of the
monitors'.
"""

from __future__ import annotations

import csv
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Result

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("MEDTRACK_CLEANADH", ROOT.parent / "shared" / "data" / "cleanadh"))
NOW = "2022-01-01T12:00[UTC]"
TIMES = {1: "08:00", 2: "08:00,20:00"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the study's data is not on this machine")


def rows(name: str, patient: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig") as file:
        return [row for row in csv.DictReader(file) if row["PatientCode"] == patient]


def day_of(text: str) -> date:
    return datetime.fromisoformat(text).date()


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


class Study:
    """What the study's own rule says of one patient, worked out from the sheets alone."""

    def __init__(self, patient: str) -> None:
        self.expected: dict[str, dict[date, int]] = defaultdict(dict)
        for row in rows("AuxiliaryData__Regimen.csv", patient):
            first, last = day_of(row["StartDate"]), day_of(row["EndDate"])
            on, off = int(row["On"] or 1), int(row["Off"] or 0)
            for number, day in enumerate(days(first, last)):
                is_on = number % (on + off) < on
                self.expected[row["Monitor"]][day] = int(row["ExpectedOpenings"]) if is_on else 0
        self.openings: dict[str, Counter[date]] = defaultdict(Counter)
        for row in rows(f"{patient}_Simulated_Eventlist__Sheet1.csv", patient):
            opened = datetime.fromisoformat(row["Date"]) - timedelta(hours=3)
            self.openings[row["Monitor"]][opened.date()] += 1
        for row in rows("AuxiliaryData__AddedOpenings.csv", patient):
            self.openings[row["Monitor"]][day_of(row["Date"])] += int(row["AddedOpenings"])
        self.unmonitored: dict[str, set[date]] = defaultdict(set)
        for row in rows("AuxiliaryData__NonMonitoredPeriods.csv", patient):
            self.unmonitored[row["Monitor"]].update(days(day_of(row["StartDate"]), day_of(row["EndDate"])))

    def implemented(self, monitor: str) -> dict[date, bool]:
        """Whether each monitored day of a plan counts."""
        return {
            day: self.openings[monitor][day] >= expected
            for day, expected in self.expected[monitor].items()
            if day not in self.unmonitored[monitor]
        }

    def product(self) -> dict[date, bool]:
        """The patient's days: the product of the monitors with a plan that day, none where one is unmonitored."""
        found = {}
        for day in {day for planned in self.expected.values() for day in planned}:
            inside = [monitor for monitor, planned in self.expected.items() if day in planned]
            if all(day not in self.unmonitored[monitor] for monitor in inside):
                found[day] = all(self.implemented(monitor)[day] for monitor in inside)
        return found


class Scribe:
    """Writes a patient down with the shipped commands only."""

    def __init__(self, run: Callable[..., Result], patient: str) -> None:
        self.run = run
        self.patient = patient

    def __call__(self, *words: str) -> Result:
        result = self.run(list(words), now=NOW)
        assert result.code == 0, (words, result)
        return result

    def write(self) -> None:
        """The whole patient."""
        begun: set[str] = set()
        regimen = rows("AuxiliaryData__Regimen.csv", self.patient)
        for row in sorted(regimen, key=lambda row: (row["Monitor"], row["StartDate"])):
            number, since = int(row["ExpectedOpenings"]), ["--from", row["StartDate"][:10]]
            span = [*since, "--until", row["EndDate"][:10]]
            flags = [
                "--at",
                TIMES[number or 1],
                *(["--cycle", f"{row['On']}/{row['Off']}"] if row["On"] else []),
            ]
            why = ["--reason", "next spell of the study"]
            if row["Monitor"] not in begun:
                self(
                    "add",
                    row["Monitor"],
                    "--amount",
                    "1 tablet",
                    *flags,
                    *(span if number else since),
                    "--yes",
                )
                begun.add(row["Monitor"])
            elif number:
                self("change", row["Monitor"], *flags, *span, *why, "--yes")
            if not number:
                self("change", row["Monitor"], "nothing", *span, *why)
        for row in rows("AuxiliaryData__NonMonitoredPeriods.csv", self.patient):
            span = ["--from", row["StartDate"][:10], "--until", row["EndDate"][:10]]
            self("hold", row["Monitor"], "--unrecorded", *span, "--reason", row["Comments"])
        sheet = DATA / f"{self.patient}_Simulated_Eventlist__Sheet1.csv"
        self("import", str(sheet), "--map", "taken_at=Date,medication=Monitor")
        for row in rows("AuxiliaryData__AddedOpenings.csv", self.patient):
            self.add_opening(row["Monitor"], row["Date"][:10], int(row["AddedOpenings"]), row["Comments"])

    def add_opening(self, monitor: str, day: str, number: int, why: str) -> None:
        for extra in range(number):
            at = f"{day} 12:{extra:02}"
            self("take", monitor, "--at", at, "--certainty", "reconstructed", "--again", "--note", why)
        if number < 0:
            until = (date.fromisoformat(day) + timedelta(1)).isoformat()
            span = ["--since", f"{day} 03:00", "--until", f"{until} 03:00"]
            found = json.loads(self("log", monitor, *span, "--json").out)["rows"]
            for dose in found[:-number]:
                self("amend", str(dose["id"]), "--void", "--reason", why)


@pytest.mark.parametrize("patient", "ABCDEFGHIJ")
def test_patient(patient: str, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    scribe, study = Scribe(run, patient), Study(patient)
    scribe.write()
    monthly = json.loads(scribe("adherence", "--by", "month", "--json").out)["rows"]
    daily = json.loads(scribe("adherence", "--by", "day", "--json").out)["rows"]
    for monitor in study.expected:
        want = study.implemented(monitor)
        got = {
            date.fromisoformat(row["since"]): bool(row["at_least_days"])
            for row in daily
            if row["medication"] == monitor and row["monitored_days"]
        }
        assert {day: counts for day, counts in got.items() if day in want} == want
        assert all(study.openings[monitor][day] for day in got.keys() - want.keys())
        mine = [row for row in monthly if row["medication"] == monitor]
        inside = [row for row in daily if row["medication"] == monitor]
        for key in (
            "expected",
            "taken",
            "missed",
            "doses",
            "expected_days",
            "at_least_days",
            "monitored_days",
        ):
            assert sum(row[key] for row in mine) == sum(row[key] for row in inside), key
        # A day may lose an opening that its sheet does not have; there is nothing to void then.
        openings = sum(max(0, number) for number in study.openings[monitor].values())
        assert sum(row["doses"] for row in mine) == openings
    if len(study.expected) > 1:
        want = study.product()
        got = {
            date.fromisoformat(row["since"]): bool(row["at_least_days"])
            for row in daily
            if row["medication"] == "all" and row["monitored_days"]
        }
        assert {day: counts for day, counts in got.items() if day in want} == want
    first = min(day for planned in study.expected.values() for day in planned)
    span = ["--from", first.isoformat(), "--to", (first + timedelta(6)).isoformat()]
    planned = json.loads(scribe("schedule", *span, "--json").out)["rows"]
    expected = sum(
        number
        for each in study.expected.values()
        for day, number in each.items()
        if day <= first + timedelta(6)
    )
    assert len(planned) == expected
