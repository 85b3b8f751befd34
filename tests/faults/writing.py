"""Every command that writes, ready to be cut short: what it is, and what must be there before it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from medtrack.store.record import FACTS
from tests.faults import warm
from tests.faults.harness import Home

NOW = "2026-03-10T09:00[Europe/Paris]"
ADD = ("add", "ibuprofen", "--as-needed", "--amount", "1 tablet", "--yes")
TAKE = ("take", "ibuprofen", "--again", "--note")
NEXT = (*TAKE, "the next one")
SEED: tuple[tuple[str, ...], ...] = (
    ADD,
    ("add", "metformin", "--at", "08:00,20:00", "--from", "2026-03-01", "--yes"),
    ("add", "prednisone", "--amount", "40 mg", "--at", "08:00", "--from", "2026-03-01", "--yes"),
    (*TAKE, "the first one"),
)
KINDS = (*FACTS, "voided", "action")
FINE = (0, 4)
"""The exit codes of a command that did what it was told to."""


class Writer(NamedTuple):
    """A command that writes."""

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    """What is done before it, beside the seed."""
    seeded: bool = True
    """False where it is the first there is."""


WRITERS: dict[str, Writer] = {
    "the first add": Writer(ADD, seeded=False),
    "add": Writer(("add", "sertraline", "--at", "08:00", "--yes")),
    "take": Writer((*TAKE, "a dose")),
    "take --all-due": Writer(("take", "--all-due", "--yes")),
    "skip": Writer(("skip", "metformin", "--for", "08:00", "--reason", "ill")),
    "undo": Writer(("undo",)),
    "redo": Writer(("redo",), (("undo",),)),
    "amend": Writer(("amend", "1", "--at", "2026-03-10 07:30", "--reason", "looked at the clock")),
    "backfill": Writer(("backfill", "metformin", "2026-03-02..2026-03-05")),
    "change": Writer(("change", "metformin", "--amount", "2 tablets", "--reason", "HbA1c 62", "--yes")),
    "hold": Writer(("hold", "metformin", "--until", "2026-03-12", "--reason", "operation")),
    "resume": Writer(("resume", "metformin"), (("hold", "metformin", "--reason", "operation"),)),
    "stop": Writer(("stop", "metformin", "--reason", "done")),
    "taper": Writer(("taper", "prednisone", "30 mg 3d -> 20 mg 3d -> stop", "--reason", "as agreed")),
    "travel": Writer(("travel", "Asia/Tokyo")),
    "note": Writer(("note", "dizzy", "--grade", "2", "--med", "metformin")),
    "note --over": Writer(("note", "--over", "1"), (("note", "dizzy", "--med", "metformin"),)),
    "notes --naranjo": Writer(
        ("notes", "--naranjo", "1", "--answers", "y,y,?,?,n,?,?,y,n,n"),
        (("note", "dizzy", "--med", "metformin"),),
    ),
    "measure": Writer(("measure", "gad7", "--items", "1,2,0,1,1,0,0")),
    "helped": Writer(("helped", "ibuprofen", "7")),
    "refill": Writer(("refill", "prednisone", "400 mg")),
    "count": Writer(("count", "prednisone", "120 mg"), (("refill", "prednisone", "400 mg"),)),
    "profile": Writer(("profile", "--born", "1950-02-03", "--country", "GB")),
    "allergy add": Writer(("allergy", "add", "penicillin", "--reaction", "hives")),
    "condition add": Writer(("condition", "add", "asthma")),
    "session start": Writer(("session", "start", "spravato", "--dose", "56 mg", "--hold", "metformin")),
    "session observe": Writer(("session", "observe", "bp", "128/82"), (("session", "start", "spravato"),)),
    "session end": Writer(("session", "end"), (("session", "start", "spravato"),)),
    "tried add": Writer(("tried", "add", "citalopram", "--weeks", "6")),
    "team add": Writer(("team", "add", "Dr Osei", "--role", "prescriber")),
    "visit add": Writer(("visit", "add", "--with", "Dr Osei", "--on", "2026-03-09")),
    "question add": Writer(("question", "add", "how long?")),
    "advise": Writer(("advise", "metformin", "--missed", "leave it out")),
    "remind": Writer(("remind",)),
    "remind rule": Writer(("remind", "rule", "metformin", "--repeat", "15m", "--then", "carer")),
    "remind channel add": Writer(("remind", "channel", "add", "desk", "--stdout")),
    "snooze": Writer(("snooze", "metformin", "15m")),
    "quiet": Writer(("quiet", "22:00-07:00")),
    "import": Writer(("import", "doses.csv")),
    "settings": Writer(("settings", "bedtime", "23:00")),
    "people add": Writer(("people", "add", "Ann")),
    "backup": Writer(("backup", "copy.db")),
    "restore": Writer(("restore", "old.db", "--yes"), (("backup", "old.db"), NEXT)),
    "restore --merge": Writer(
        ("restore", "old.db", "--merge", "--yes"), (("backup", "old.db"), ("undo",), NEXT)
    ),
    "export": Writer(("export", "-o", "all.json")),
    "doctor": Writer(("doctor",)),
}
"""By name. `doctor` writes too: the backup of the day."""

ROWS = "taken_at,medication,note\n" + "".join(
    f"2026-03-0{number}T07:00:00Z,ibuprofen,row {number}\n" for number in range(1, 9)
)


def ready(writer: Writer, folder: Path) -> Home:
    """A home in which the command can be run."""
    home = Home(folder)
    home.environ["MEDTRACK_NOW"] = NOW
    (folder / "doses.csv").write_text(ROWS)
    for words in (*SEED, *writer.before) if writer.seeded else ():
        done = warm.run(home, words)
        if done.code not in FINE:
            raise AssertionError(done)
    return home


Held = dict[str, Counter[str] | str]
"""What each record, backup and export of a home holds: how many rows of every kind, or a word."""
_RECORD = re.compile(r".*\.db(\.before-restore-\w+)?")
_PASSING = re.compile(
    r".*\.new-[0-9a-f]{16}(-journal)?|.*-journal|[0-9a-f]{32}(\.[0-9a-f]{16}|\.lost)?|doses\.csv"
    r"|[0-9a-f]{8}(\.outlook)?\.simulated(\.[0-9]+)?"
)
"""What may lie beside them: drafts, journals, what is remembered of a record and when reminders ran, and the
file to import."""


def held(folder: Path) -> Held:
    """What the files of a home hold, read without medtrack; a name that has no business there is 'astray'."""
    found: Held = {}
    for path in sorted(path for path in folder.rglob("*") if not path.is_dir()):
        name = str(path.relative_to(folder))
        if path.suffix == ".json":
            found[name] = _json(path)
        elif _RECORD.fullmatch(path.name):
            found[name] = counts(path)
        elif not _PASSING.fullmatch(path.name):
            found[name] = "astray"
    return found


def counts(record: Path) -> Counter[str] | str:
    """How many rows of every kind a record holds; what is wrong where it is not sound."""
    try:
        with closing(sqlite3.connect(record)) as file:
            said = [str(row[0]) for row in file.execute("pragma integrity_check")]
            said += [f"dangling {tuple(row)}" for row in file.execute("pragma foreign_key_check")]
            if said != ["ok"]:
                return f"damaged: {said[0]}"
            rows = {kind: file.execute(f"select count(*) from {kind}").fetchone()[0] for kind in KINDS}
            return Counter(rows)
    except sqlite3.Error as error:
        return f"damaged: {error}"


def _json(path: Path) -> str:
    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return "damaged: not whole"
    return "whole"
