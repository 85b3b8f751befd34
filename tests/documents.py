"""Every document that the program can print as JSON: of a record with everything in it, and of any transcript."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from typer.core import TyperGroup
from typer.main import get_command

from medtrack.app import Stub, app
from tests.conftest import Result

NOW = "2026-03-11T21:00[Europe/Paris]"
MACHINE = ("--json", "--csv", "--help", "-h", "--prompt")
_ROOT = {"--db", "--person", "--tz", "--now"}

LISTINGS = """
today
due
log
schedule --days 2
meds --all
changes
travel
stock
adherence
adherence --by day
adherence --by week
adherence --calendar --compare --span 7d
adherence --detail
adherence --method pdc
adherence --method cma7
report
brief
timeline
notes
notes --patterns
measures
session list
check
check --imports
profile
allergy list
condition list
tried list
team list
visit list
question list
history
verify
doctor
people
settings
remind rule
remind status
remind channel list
remind test
quiet
card all
export
schema
""".strip().splitlines()
"""What can be asked of any record."""

WRITING = """
profile --name Edith --born 1950-07-31 --country GB --sex female --weight '70 kg'
allergy add penicillin --reaction hives --severity severe
allergy add latex
allergy remove latex
condition add 'eGFR 28' --note 'since 2024'
condition remove 'eGFR 28'
condition add 'kidney disease'
tried add citalopram --dose '20 mg' --weeks 6 --response 'no change' --why 'no change'
team add 'Dr Osei' --role prescriber --phone '555 0100'
visit add --with 'Dr Osei' --on 2026-03-09 --decided 'go on'
visit add --with 'Dr Osei' --on 2026-03-02
visit remove 2
question add 'In the evening?'
question add 'For how long?'
question remove 1
add metformin --strength '500 mg' --form tablet --amount '1 tablet' --at 08:00,20:00 --from 2026-03-01 --for diabetes --yes
add 'sertraline 50 mg tablet, 1 tablet daily, for depression' --from 2026-03-01 --yes
add ibuprofen --strength '400 mg' --amount '1 tablet' --as-needed --max 3/24h --min-gap 6h --from 2026-03-01 --yes
add warfarin --amount '3 mg' --at 18:00 --from 2026-03-01 --until 2026-03-20 --yes
add prednisone --amount '40 mg' --at 08:00 --from 2026-03-05 --yes
add lorazepam --amount '1 mg' --at 22:00 --from 2026-03-01 --code lora --yes
advise sertraline --missed 'leave it out' --by leaflet
advise sertraline --watch 'restlessness'
taper prednisone '30 mg 3d -> 20 mg 3d -> stop' --from 2026-03-12 --reason 'as agreed' --yes
change metformin --amount '2 tablets' --from 2026-03-09 --reason 'HbA1c 62' --by 'Dr Osei'
hold sertraline --from 2026-03-04 --until 2026-03-05 --reason 'stomach bug'
hold warfarin --from 2026-03-06 --unrecorded
resume warfarin --from 2026-03-07 --reason 'back home'
refill metformin 56 --expires 2027-03
count metformin 51 --at '2026-03-08 12:00'
refill sertraline 28 --at '2026-03-01 12:00'
refill ibuprofen '20 tablets'
backfill metformin 2026-03-02..2026-03-05 --except 2026-03-04
take metformin --at '2026-03-08 08:20' --by Ben --note 'with toast'
take metformin --at '2026-03-08 23:00' --about
take ibuprofen --at '2026-03-09 10:00' --amount '1/2 tablet'
take ibuprofen --amount '5 tablets' --at '2026-03-11 12:00'
helped ibuprofen 7
take metformin --at '2026-03-11 08:05'
take metformin --for '2026-03-11 08:00'
take metformin --for '2026-03-11 08:00' --at '2026-03-11 09:00' --again
skip sertraline --for '2026-03-10 08:00' --at '2026-03-10 09:00' --reason ill
skip sertraline --for '2026-03-11 08:00' --at '2026-03-11 09:00' --reason ill
amend 4 --at '2026-03-02 08:30' --reason 'the wrong clock'
amend 5 --void --reason 'the wrong box'
can-take ibuprofen
can-take metformin
note 'nausea, after breakfast' --grade 2 --med metformin --did 'sat down' --at '2026-03-08 09:00'
note 'nausea' --med metformin --at '2026-03-09 09:00'
note 'nausea, again' --grade 1 --med metformin --at '2026-03-10 09:00'
note --over 1 --at '2026-03-08 11:00'
notes --naranjo 1 --answers y,y,?,?,n,?,?,y,n,n
notes --naranjo 1
amend note:2 --void --reason 'somebody else'
measure phq9 --items 1,2,0,1,0,1,1,0,1
measure gad7 --items 1,2,0,1,-,1,1
measure bp 128/82
measure weight 70.2 kg
measure creatinine 1.1 mg/dl --range 0.6-1 --new
measures bp
amend measure:3 --void --reason 'somebody else'
session start spravato --at '2026-03-10 13:00' --hold lorazepam
session observe food '2026-03-10 10:00' bp 128/82 --at '2026-03-10 13:02'
session observe dose '56 mg' --at '2026-03-10 13:10'
session observe bp 149/91 sedation 4 note 'quiet' --at '2026-03-10 13:50'
session show
session end --at '2026-03-10 15:30' --reason 'went home'
session remove 6 --reason 'the wrong cuff'
session start spravato --at '2026-03-11 13:00'
session remove --session 2 --reason 'the wrong day'
session protocol spravato
stop warfarin --reason 'ended' --by 'Dr Osei'
travel Asia/Tokyo --from '2026-03-12 11:30'
undo
redo
undo
simulate travel America/New_York --from '2026-03-12 18:00' --days 3
simulate hold metformin --from 2026-03-12 --until 2026-03-13
simulate shift metformin --at 09:00,21:00
simulate taper sertraline '25 mg 7d -> stop'
schedule --from 2026-03-28 --to 2026-03-30
show metformin
show sertraline
show ibuprofen
parse '1 to 2 tablets every 4 to 6 hours as needed for pain, max 8 a day'
parse 'metformin 500 mg tablet, 1 tab twice daily with food for 10 days, for diabetes'
parse 'prednisone 40 mg daily for 3 days then 30 mg daily for 3 days'
parse 'alendronate 70 mg tablet, 1 tablet every monday'
parse 'pill, 1 tablet daily, 21 days on 7 days off'
check zorbamine
check ibuprofen warfarin --mine
check --asked 'my pharmacist: fine'
meds --as-of 2026-03-02
settings bedtime 23:00
settings quiet
remind channel add desk --stdout
remind channel add spare --stdout --names
remind channel remove spare
remind rule metformin --repeat 15m,1h --then desk
remind rule sertraline --once
snooze metformin 20m
quiet 22:30-07:00
backup ~/copy.db
import ~/doses.csv --skip-bad
import ~/doses.csv --dry-run
restore ~/copy.db --merge --yes
restore ~/copy.db --yes
people add Ann
report --redact
brief --redact
""".strip().splitlines()
"""One thing after the other, so that every kind of document is printed at least once."""

SHEET = (
    "taken_at,medication,amount,status\n2026-03-07 08:10,metformin,1 tablet,taken\n32 May,metformin,1,taken\n"
)
"""What is imported: a row that can be read, and one that cannot."""


class Printed(NamedTuple):
    """A document, and the line that printed it."""

    line: str
    command: str
    document: Any


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command that does something, with its options: 'session start'."""

    def below(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, set[str]]]:
        command = command.load() if isinstance(command, Stub) else command
        if isinstance(command, TyperGroup):
            for name, each in command.commands.items():
                yield from below((*path, name), each)
        else:
            yield " ".join(path), {name for param in command.params for name in getattr(param, "opts", ())}

    root = get_command(app)
    yield from below((), root)


_OPTIONS = dict(commands())


def command_of(words: Sequence[str]) -> str | None:
    """The command that a line runs; None where it is not one that prints a document."""
    rest = list(words)
    while rest and rest[0].startswith("-"):
        del rest[: 2 if rest[0] in _ROOT else 1]
    found = " ".join(rest[:1]) if rest else "today"
    for number in (2, 3):
        found = found if found in _OPTIONS else " ".join(rest[:number])
    return found if found in _OPTIONS else None


def as_json(words: Sequence[str]) -> list[str] | None:
    """The same line with --json; None where it has another face, or no document to print."""
    command = command_of(words)
    if command is None or set(words) & set(MACHINE) or {"-o", "--output"} & set(words):
        return None
    if command == "export":
        return list(words)
    if "--json" not in _OPTIONS[command]:
        return None
    lead = list(words) if words else ["today"]
    at = lead.index("--") if "--" in lead else len(lead)
    return [*lead[:at], "--json", *lead[at:]]


def printed(words: Sequence[str], run: Callable[[list[str]], Result]) -> Printed | None:
    """What a line prints as JSON; it is run as it stands where it prints no document."""
    asked = as_json(words)
    result = run(list(words) if asked is None else asked)
    if asked is None or not result.out.startswith("{"):
        return None
    return Printed(shlex.join(asked), command_of(words) or "", json.loads(result.out))
