"""The manual page, written from the commands as they are: `python -m tests.shipped` writes it anew.

In the macros of man(7), with what groff and mandoc would read as their own escaped.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from typer.core import TyperOption

from medtrack import __version__
from medtrack.app import TABLE
from medtrack.commands._told import told
from tests import shipped
from tests.test_errors import kinds, sentence

PAGE = shipped.PACKAGE / "manual" / "medtrack.1"
EDITION = "2026-11-30"
"""The day of this edition."""
_SPECIAL = {"\\": "\\e", "-": "\\-", "'": "\\(aq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti", '"': "\\(dq"}

ABOUT = (
    "medtrack keeps the medication record of a person in one private file: what is to be taken and why, what was"
    " really taken, how it went, and what comes next. Without a command it shows the board of the day.",
    "It is a record and an arithmetic helper, not a clinician: it proposes no dose, and where it finds nothing"
    " there may still be something. Ask your pharmacist.",
    "MED is the name of a medication, the start of it, or its code. TIME is like 08:00, now, 'yesterday 22:00',"
    " '2h ago', 'mon 9:00' or 2026-03-29 08:00. SPAN is like 7d, 2w, 'last month', 2026-03 or"
    " 2026-01-01..2026-03-31; a day that is named is inside.",
)
VARIABLES = {
    "MEDTRACK_DB": "The record's file, where neither --db nor --person says.",
    "MEDTRACK_PERSON": "Whose record, where none of these says.",
    "MEDTRACK_TZ": "The zone to read and print times in, like --tz.",
    "MEDTRACK_NOW": "A time to pretend, like --now. What is recorded under it is marked.",
    "NO_COLOR": "Where it is set, nothing is coloured.",
    "COLUMNS": "How wide tables are drawn.",
    "MEDTRACK_RXNAV_URL, MEDTRACK_OPENFDA_URL, MEDTRACK_MEDLINEPLUS_URL": "Other servers for 'check --online'.",
}
FILES = {
    "~/.local/share/medtrack/records/NAME.db": "The record of a person (XDG_DATA_HOME).",
    "~/.local/state/medtrack": "What this machine remembers of records and reminders (XDG_STATE_HOME).",
    "~/.config/medtrack/channels": "On what reminders are told (XDG_CONFIG_HOME).",
}
ANYWHERE = {
    0: "Done.",
    1: "Stopped by the person, or whoever read the output stopped.",
    2: "What was typed cannot be: usage, or a value that is none.",
    3: "A bug in medtrack, or there is not enough memory.",
    4: "Done, but something needs your eyes.",
    10: "A dose is due (due alone).",
    11: "A dose is overdue (due alone).",
    130: "Interrupted.",
}
"""The exit codes that belong to no refusal of their own."""


def manual() -> str:
    """The page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Written by tests/manual.py from the commands.'
    yield f'.TH MEDTRACK 1 {EDITION} "medtrack {__version__}"'
    yield ".SH NAME"
    yield "medtrack \\- keep a medication record: what is planned, taken, and next"
    yield ".SH SYNOPSIS"
    yield ".B medtrack"
    yield from (f"[{_spelled(option)}]" for option in shipped.options(""))
    yield "[\\fICOMMAND\\fR ...]"
    yield ".SH DESCRIPTION"
    for number, paragraph in enumerate(ABOUT):
        yield from [".PP"] * bool(number)
        yield _text(paragraph)
    yield ".SH OPTIONS"
    yield "They stand before the command; \\-\\-help also after it."
    yield from _options("")
    for panel, rows in TABLE.items():
        yield f".SH {panel.upper()}"
        for names in rows:
            for path in (each for name in names for each in shipped.commands() if each.split(" ")[0] == name):
                yield from _command(path)
    for heading, listed in (("ENVIRONMENT", VARIABLES), ("FILES", FILES)):
        yield f".SH {heading}"
        for name, said in listed.items():
            yield from (".TP", f".B {_text(name)}", _text(said))
    yield ".SH EXIT STATUS"
    refusals = [(kind.exit_code, sentence(kind)) for kind in kinds() if kind.exit_code >= 20]
    for code, said in sorted([*ANYWHERE.items(), *refusals]):
        yield from (".TP", f".B {code}", _sentence(said))


def _command(path: str) -> Iterator[str]:
    command = shipped.commands()[path]
    said = told(command)  # type: ignore[arg-type]
    taken = [str(each.metavar) for each in shipped.arguments(path)]
    inner = ["COMMAND ..."] if getattr(command, "commands", None) else []
    yield f".SS medtrack {_text(' '.join([path, *taken, *inner]))}"
    for number, paragraph in enumerate(said.paragraphs):
        yield from [".PP"] * bool(number)
        yield _text(paragraph)
    for argument in shipped.arguments(path):
        yield from (".TP", f".I {_text(str(argument.metavar))}", _text(argument.help or ""))
    yield from _options(path)
    yield from (".PP", "Example:" if len(said.examples) == 1 else "Examples:", ".PP", ".nf", ".RS 4")
    yield from map(_text, said.examples)
    yield from (".RE", ".fi", ".PP", "Exit codes:")
    yield "; ".join(f"\\fB{_text(code)}\\fR {_text(why.replace(';', ','))}" for code, why in said.codes) + "."


def _options(path: str) -> Iterator[str]:
    for option in shipped.options(path):
        if path and "--help" in option.opts:
            continue  # It is said once, above.
        yield from (".TP", _spelled(option), _text(option.help or ""))


def _spelled(option: TyperOption) -> str:
    value = (
        "" if option.is_flag or option.count or not option.metavar else f" \\fI{_text(option.metavar)}\\fR"
    )
    return ", ".join(f"\\fB{_text(each)}\\fR" for each in sorted(option.opts, key=len)) + value


def _sentence(said: str) -> str:
    """A refusal's sentence, with what it is filled with in italics."""
    parts = [
        (_plain(text), f"\\fI{_plain(name)}\\fR" if name is not None else "")
        for text, name, _, _ in string.Formatter().parse(said)
    ]
    line = "".join(part for pair in parts for part in pair)
    return f"\\&{line}" if line.startswith((".", "\\(aq")) else line


def _text(text: str) -> str:
    line = _plain(text)
    return f"\\&{line}" if line.startswith(".") else line


def _plain(text: str) -> str:
    """Text as roff shows it unchanged."""
    escaped = "".join(_SPECIAL.get(sign, sign) for sign in text)
    return re.sub(r"[^\x20-\x7e]", lambda found: f"\\[u{ord(found[0]):04X}]", escaped)
