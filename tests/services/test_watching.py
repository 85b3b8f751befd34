"""What is said at a dose is worked out once, and is what working it out anew gives, after any command."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from medtrack.deps import Deps
from medtrack.services.foreseeing import foresee
from medtrack.store.watches import watches
from tests.conftest import Result

NOW = "2026-03-10T08:30[Europe/Paris]"
Run = Callable[..., Result]


def agree(now: str = NOW) -> bool:
    """Whether the derived rows are current; where they are, they must be what they would be made now."""
    deps = Deps(now=now)
    chart = deps.chart()
    known = watches(chart.record, deps.knowledge)
    if known is None:
        return False
    assert known == foresee(chart, deps.pack)
    return True


def test_every_change_of_what_it_rests_on_shows(run: Run) -> None:
    assert run("add warfarin --strength '5 mg' --at 18:00", now=NOW).code == 0
    changes = (
        "add Nurofen --strength '200 mg' --at 08:00",
        "change Nurofen --amount 2 --at 09:00",
        "undo 2",
        "allergy add aspirin",
        "allergy remove aspirin",
        "profile --country US",
        "profile --born 2015-01-01",
        "check --asked 'my pharmacist'",
        "stop Nurofen",
        "undo 2",
    )
    for line in changes:
        assert run("take warfarin --again --at 07:00", now=NOW).code in (0, 4)
        assert agree(), f"before {line}"
        assert run(line, now=NOW).code == 0, line
        assert not agree(), f"after {line}"


def test_doses_change_nothing_of_it(run: Run) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    run("take warfarin --at 07:00", now=NOW)
    assert agree()
    for line in ("take warfarin --again --at 07:30", "undo", "note dizzy", "skip warfarin --reason ill"):
        assert run(line, now="2026-03-10T19:00[Europe/Paris]").code == 0, line
        assert agree()


def test_a_plan_that_is_over_is_not_warned_of(run: Run) -> None:
    run("add warfarin --strength '5 mg' --at 18:00 --until 2026-03-12", now=NOW)
    run("add Nurofen --strength '200 mg' --as-needed", now=NOW)
    assert run("take Nurofen", now=NOW).code == 4
    assert run("take Nurofen", now="2026-03-14T08:30[Europe/Paris]").code == 0


def test_a_warning_never_keeps_a_dose_from_being_recorded(run: Run) -> None:
    run("allergy add ibuprofen", now=NOW)
    run("add Nurofen --strength '200 mg' --as-needed", now=NOW)
    said = run("take Nurofen", now=NOW)
    assert said.code == 4
    assert "Recorded: Nurofen" in said.out
    assert "with an allergy to ibuprofen" in said.err
    assert run("log --csv", now=NOW).out.count("Nurofen") == 1


def test_damaged_rows_are_worked_out_anew(run: Run, home: Path) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    run("add paracetamol --strength '500 mg' --amount '1 tablet' --at 09:00", now=NOW)
    run("take warfarin --at 07:00", now=NOW)
    (record,) = home.rglob("me.db")
    with sqlite3.connect(record) as file:
        assert file.execute("update watch set most = 'x' where most is not null").rowcount
    file.close()
    assert run("take warfarin --again --at 07:30", now=NOW).code == 0
    assert agree()


def test_the_pack_is_read_for_the_first_dose_alone(run: Run, home: Path) -> None:
    run("add warfarin --strength '5 mg' --at 18:00", now=NOW)
    probe = (
        "import sys, medtrack.app as a\n"
        "code = a.run(['take', 'warfarin', '--again', '--at', '07:00'])\n"
        "print('READ', code, 'medtrack.knowledge' in sys.modules, file=sys.stderr)\n"
    )
    read = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", probe],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "MEDTRACK_NOW": NOW},
        )
        read.append(done.stderr.split("READ ")[1].split())
    assert read == [["0", "True"], ["0", "False"]]
