"""A month as a caregiver would write it down: the record behind the pictures and the tests of the report.

Every line is a real command under a set clock, so the record holds late entries, a hold, a change of dose,
skips with reasons, an extra dose, side effects and as-needed use, and nothing that medtrack did not write.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from tests.conftest import sealed

PERSON = "Edith Nowak"
NOW = "2026-03-10T09:30[Europe/Paris]"
START = date(2026, 1, 10)
FIRST = date(2026, 2, 9)
LAST = date(2026, 3, 9)

REGIMEN = (
    "add metformin --strength '500 mg' --form tablet --amount '1 tablet' --at 08:00,20:00 --for diabetes",
    "add apixaban --strength '5 mg' --form tablet --amount '1 tablet' --at 08:00,20:00 --for 'atrial fibrillation' --by 'Dr Osei'",
    "add atorvastatin --strength '20 mg' --form tablet --amount '1 tablet' --at 22:00 --for cholesterol",
    "add ibuprofen --strength '400 mg' --amount '1 tablet' --as-needed --max 3/24h --min-gap 6h --for 'knee pain'",
)
EARLIER_MISSED = {3, 4, 11, 12, 13, 20, 27}
"""The days of the thirty before, by number, on whose evening nothing was taken."""
ASLEEP = {date(2026, 2, 14), date(2026, 2, 21), date(2026, 3, 1)}
"""Evenings without the tablet at 22:00."""
LATE = {date(2026, 2, 11): "11:40", date(2026, 2, 19): "10:55", date(2026, 3, 4): "12:10"}
FORGOTTEN = {date(2026, 2, 17), date(2026, 3, 6)}
"""Evenings on which nothing was taken at 20:00."""
ILL = date(2026, 3, 3)
HELD = {date(2026, 2, 24), date(2026, 2, 25)}
AWAY = date(2026, 2, 28)
"""A day on which nothing at all was taken."""
OTHERS = {
    date(2026, 2, 12): [("14:00", "take ibuprofen"), ("21:30", "take ibuprofen")],
    date(2026, 2, 16): [("09:00", "note 'nausea after breakfast' --grade 1 --med metformin")],
    date(2026, 2, 20): [
        ("07:00", "change metformin --amount '2 tablets' --reason 'HbA1c 62' --by 'Dr Osei'"),
        ("15:00", "take ibuprofen"),
    ],
    date(2026, 2, 22): [("10:00", "note 'nausea, kept lunch down' --grade 2 --med metformin")],
    date(2026, 2, 24): [
        ("07:30", "hold apixaban --until 2026-02-25 --reason 'tooth out' --by 'Dr Osei'"),
        ("13:00", "take ibuprofen"),
        ("17:30", "take ibuprofen"),
    ],
    ILL: [("20:10", "skip metformin --reason 'stomach bug'")],
    date(2026, 3, 5): [("12:30", "take atorvastatin --again --note 'took it twice by mistake'")],
    date(2026, 3, 7): [("09:30", "take metformin --at 'yesterday 20:20' --about --by Piotr")],
    date(2026, 3, 8): [("10:00", "note 'bruise on the left arm' --med apixaban")],
}


def commands() -> Iterator[tuple[str, str]]:
    """Every command line with the time at which it is typed."""
    for line in REGIMEN:
        yield "2026-01-09T12:00", f"{line} --from {START}"
    yield f"{FIRST}T06:00", "import earlier.csv"
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(number)
        usual = "take metformin" if day in HELD else "take metformin apixaban"
        typed = [(LATE.get(day, "08:10"), usual), *OTHERS.get(day, [])]
        if day == ILL:
            typed.append(("20:15", "take apixaban"))
        elif day not in FORGOTTEN:
            typed.append(("20:15", usual))
        if day not in ASLEEP:
            typed.append(("22:05", "take atorvastatin"))
        if day == AWAY:
            typed = []
        for at, line in sorted(typed):
            yield f"{day}T{at}", line


def earlier() -> str:
    """The doses of the thirty days before, as they come from another program."""
    rows = ["taken_at,medication"]
    for number in range((FIRST - START).days):
        day = START + timedelta(number)
        rows += [f"{day} 08:20,metformin", f"{day} 08:20,apixaban"]
        if number not in EARLIER_MISSED:
            rows += [f"{day} 20:30,metformin", f"{day} 20:30,apixaban"]
        rows.append(f"{day} 22:10,atorvastatin")
    return "\n".join(rows) + "\n"


def write(folder: Path) -> Path:
    """Type it all in a home of its own; gives the record's file."""
    from medtrack.app import run

    kept = dict(os.environ)
    file = folder / f"{PERSON}.db"
    (folder / "earlier.csv").write_text(earlier(), encoding="utf-8")
    try:
        for name in [name for name in os.environ if name.startswith(("MEDTRACK", "XDG_"))]:
            del os.environ[name]
        os.environ.update(sealed(folder) | {"MEDTRACK_DB": str(file)})
        for at, line in commands():
            os.environ["MEDTRACK_NOW"] = f"{at}[Europe/Paris]"
            words = shlex.split(line.replace("earlier.csv", str(folder / "earlier.csv")))
            said = StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = run(words)
            if code not in (0, 4):
                raise RuntimeError(f"{at} {line}: {code} {said.getvalue()}")
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return file
