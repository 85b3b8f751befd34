"""Words and command lines that nobody should have to type: the real commands and options, with anything in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from tests.faults.writing import WRITERS

NASTY: tuple[bytes, ...] = tuple(
    text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for text in (
        "", " ", "\t", "\n", "\r\n", "a\nb", "a\rb", "\x08\x08\x08", "\x07", "\x7f", "\x01\x02\x03",
        # what moves the cursor, sets the title, writes the clipboard, links, asks the terminal
        "\x1b[2J", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]52;c;cm0gLXJm\x07",
        "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "\x1b[6n", "\x1bPq\x1b\\", "\x9b31m", "\u0085", "\u009b2J", "\u009d0;x\u009c",
        # what turns or hides text
        "\u202egnp.exe", "\u2066x\u2069", "a\u200bb", "a\u200d\u200db", "\ufeffx", "\u2028", "\u2029", "\u00ad", "\U000e0041",
        # bytes that are no text
        b"\xff", b"\xff\xfe\x00"[:2], b"\xc3", b"caf\xe9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "\ud800", b"\x80\x9b",
        # markup, codes and formats
        "[red]x[/red]", "[/]", "[link=http://x]y[/link]", ":pill:", "\\[", "<script>alert(1)</script>", "`id`", "**b**", "|x|",
        "%s%s%n", "{0}{x}", "{}", "$(touch pwned)", "; touch pwned", "${HOME}", "&&", "*", "~", "!!", "'", '"', "''", "\\",
        # SQL
        "'; drop table dose; --", "x' or '1'='1", '" union select hash from action --', "%", "_%", "null", "rowid",
        # letters that look like others, in other scripts, or with much above them
        "\u00b5g", "\u03bcg", "a\u0301", "\u00e1", "\u0430spirin", "\u0661\u0662", "\uff11\uff12", "\u00bd", "\u06f3", "\u202b\u05d0",
        "\U0001f48a", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "Z\u0351\u036b\u0343\u032a" * 40, "\u2800",
        # numbers
        "0", "-0", "-1", "1e400", "nan", "inf", "-inf", "1_000", "1,5", ".5", "5.", "0x10", "1/0", "1/3", "0/1", "1e-9",
        "9" * 40, "9" * 5000, "00000001", "1.0000000000000000000000001", "2147483648", "18446744073709551616", "+1", "--1",
        # times
        "25:00", "24:00", "00:00:60", "2026-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "2026-03-29 02:30",
        "2025-10-26 02:30", "10/11/2026", "1970-01-01T00:00:00Z", "2026-03-10T09:00+99:00", "2026-03-10T09:00[../../etc]",
        "-1d", "999999999999d", "1h" * 500, "now now", "yesterday 99:99", "2026-W11-2", "@0", "T", "..", "2026-01-01..",
        # paths
        "/", ".", "../x.db", "../../../../../../etc/passwd", "/etc/shadow", "/dev/null", "/dev/full", "/dev/zero", "/dev/stdin",
        "/proc/self/mem", "/proc/self/cmdline", "~root/x", "//host/x", "file:x?mode=memory", ":memory:", "x.db\n", "a" * 300, "a/" * 400, "-",
        # what looks like an option
        "--", "---", "-", "--help", "-h", "--version", "--db", "--db=", "--at=", "--json=1", "--no-json", "--yes=maybe", "-x", "-123", "--=", "-=",
        "--\x1b[31m", "--caf\u00e9", "--install-completion", "--show-completion",
    )
)  # fmt: skip
PLAIN: tuple[str, ...] = (
    "ibuprofen", "ibu", "metformin", "met", "prednisone", "sertraline", "all", "Ann", "me", "1", "2", "3", "1/2", "0.5",
    "1 tablet", "2 tablets", "5 ml", "10 units", "40 mg", "500 mcg", "now", "08:00", "8am", "20:00", "08:00,20:00", "2h ago",
    "yesterday 22:00", "mon 9:00", "2026-03-09 08:00", "2026-03-10T08:00+01:00", "7d", "2w", "last month", "this week", "2026-03",
    "2026-03-01..2026-03-05", "2026-03-08", "4h", "30m", "3w", "mon,thu", "21/7", "1,15,31", "02-29", "FREQ=WEEKLY;BYDAY=MO",
    "last-dose", "4/24h", "6h", "Europe/Paris", "Asia/Tokyo", "UTC", "tablet", "oral", "because", "Dr Osei", "k1", "about",
    "told", "bedtime", "day-starts", "23:00", "add", "forget", "doses.csv", "copy.db", "all.json", "csv", "day", "month", "shift",
    "taken_at=When,medication=Drug", "30 mg 3d -> 20 mg 3d -> stop", "metformin 500 mg tablet, 1 tab twice daily with food",
    "1 to 2 tablets every 4 to 6 hours as needed, max 8 a day", "2026-03-10T09:00[Europe/Paris]",
)  # fmt: skip


LINES: tuple[str, ...] = (
    *("|".join(writer.words) for writer in WRITERS.values()),
    "take|ibuprofen|--at|1h ago|--amount|1 tablet|--note|after food|--by|Ann|--again",
    "take|metformin|--for|08:00|--certainty|told|--key|k1",
    "add|aspirin|--strength|100 mg|--amount|1 tablet|--at|08:00|--on|mon,thu|--for|heart|--code|asp|--yes",
    "add|aspirin|--every|8h|--anchor|last-dose|--count|20|--yes",
    "add|aspirin|--as-needed|--max|4/24h|--min-gap|4h|--yes",
    "add|aspirin|--at|08:00|--cycle|21/7|--from|2026-03-01|--until|2026-04-01|--window|1h|--pin|UTC|--yes",
    "add|aspirin|--at|08:00|--rrule|FREQ=WEEKLY;BYDAY=MO|--for-days|30|--advice|with water|--yes",
    "add|aspirin 100 mg tablet, 1 tab twice daily with food, for the heart|--yes",
    "change|metformin|1 tablet three times daily|--from|now|--reason|better|--by|Dr Osei|--yes",
    "note|dizzy|--grade|2|--med|ibuprofen|--at|08:00|--ended|08:30|--did|sat down",
    "notes|--patterns|--word|dizz|--within|2h", "notes|metformin|--json", "amend|note:1|--at|08:00|--reason|slip",
    "measure|phq9|--items|1,2,0,1,-,1,1,0,0", "measure|bp|128/82|--note|at home", "measure|glucose|5.8|mmol/l",
    "measure|lithium|<0.8 mmol/l|--range|0.6-1.0|--new|--json", "measures|phq9|--chart|--med|metformin",
    "measures|--span|7d|--csv", "amend|measure:1|--value|3|--reason|slip",
    "amend|1|--amount|2 tablets|--med|metformin|--reason|slip", "amend|1|--void|--reason|slip",
    "backfill|metformin|2026-03-02..2026-03-05|--except|2026-03-03",
    "hold|metformin|--from|yesterday|--until|2026-03-20|--reason|x|--by|y",
    "log|metformin|--since|2026-03-01|--until|2026-03-09", "log|--span|7d|--json", "today|--json", "due|--quiet",
    "schedule|metformin|--from|now|--to|2026-03-12", "schedule|--days|3|--csv", "can-take|ibuprofen|1 tablet",
    "meds|--as-of|2026-03-02", "show|metformin|--json", "changes|last month", "notes|--csv", "history|--csv",
    "adherence|metformin|--span|this month|--by|week", "adherence|--since|2026-03-01|--until|2026-03-05|--json",
    "parse|1 to 2 tablets every 4 to 6 hours as needed, max 8 a day", "parse|metformin 500 mg bd|--json",
    "simulate|travel|Asia/Tokyo|--from|now|--days|3", "simulate|shift|metformin|--at|09:00,21:00",
    "simulate|hold|metformin|--until|2026-03-12", "simulate|taper|prednisone|30 mg 3d -> stop",
    "adherence|--calendar|--compare|--span|7d", "adherence|--method|pdc", "adherence|metformin|--detail|--json",
    "report|--span|7d|--format|markdown", "report|-o|clinic.html|--force", "stock|--json", "check|--json",
    "check|warfarin|ibuprofen|--mine|--all", "check|--asked|my pharmacist",
    "check|--imports|--json", "check|--forget|ansm", "check|import|ddinter|doses.csv", "profile|list", "allergy|list|--json",
    "allergy|remove|penicillin", "condition|list", "helped|ibuprofen|3|--dose|1",
    "session|start|spravato|--dose|56 mg|--at|08:00|--hold|metformin", "session|observe|bp|128/82|spo2|97|--at|08:10",
    "session|observe|food|07:00|--note|toast", "session|end|--at|08:59", "session|show", "session|list|--json",
    "session|protocol|spravato|--csv", "session|remove|1|--reason|slip", "session|start|doses.csv",
    "session|start|./doses.csv", "tried|add|citalopram|--dose|20 mg|--weeks|6|--response|none|--why|slow", "tried|list",
    "team|add|Dr Osei|--role|prescriber|--phone|555-0100", "team|list|--json", "visit|add|--with|Dr Osei|--on|2026-03-09",
    "question|add|how long?", "question|list", "advise|metformin|--missed|leave it out|--by|leaflet", "card|all",
    "card|metformin|--format|html", "people", "people|forget|Ann", "settings", "settings|breakfast|07:30", "export|-o|more.json", "verify", "doctor",
    "import|doses.csv|--map|taken_at=taken_at,medication=medication|--tz|UTC|--skip-bad",
    "import|doses.csv|--medication|metformin|--dry-run", "restore|copy.db|--yes", "backup|copy.db|--force",
)  # fmt: skip
"""Command lines that work, their words divided by bars."""


class Option(NamedTuple):
    """An option of a command, as typed."""

    names: tuple[str, ...]
    is_flag: bool


Table = dict[str, list[Option]]


def table() -> Table:
    """Every command of the real program with its options; the root's own under ''."""
    from typer.main import get_command

    from medtrack.app import Stub, app

    group = get_command(app)
    found = {"": _options(group.params)}
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        found[name] = _options(command.load().params if isinstance(command, Stub) else command.params)
    return found


def _options(params: Sequence[object]) -> list[Option]:
    return [
        Option(tuple(param.opts), param.is_flag)  # type: ignore[attr-defined]
        for param in params
        if getattr(param, "param_type_name", "") == "option"
    ]


def vector(chance: Random, commands: Table) -> list[str]:
    """A command line, as the program is handed it: mostly one that works, with something wrong in it."""
    way = chance.random()
    if way < 0.6:
        line = [each.encode() for each in chance.choice(LINES).split("|")]
        for _ in range(chance.choice((0, 1, 1, 1, 2))):
            place = chance.randrange(1, len(line) + 1)
            line[place : place + 1] = [_value(chance)]
        name = line[0].decode()
        rest = [line[1:], *(_option(chance, commands[name]) for _ in range(chance.choice((0, 0, 1, 2))))]
    elif way < 0.95:
        name = chance.choice([*commands][1:])
        rest = [[_value(chance)] for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3)))]
        rest += [_option(chance, commands[name]) for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 5)))]
    else:
        name, rest = "", [[word(chance)] for _ in range(chance.randint(0, 6))]
    if chance.random() < 0.2:
        chance.shuffle(rest)
    words = _option(chance, commands[""]) if chance.random() < 0.1 else []
    words += [each for part in ([[name.encode()]] if name else []) + rest for each in part]
    # A word on a command line ends at a zero byte, and there is a limit to its length.
    return [os.fsdecode(each.replace(b"\0", b"")[:100_000]) for each in words]


def _option(chance: Random, options: Sequence[Option]) -> list[bytes]:
    if not options or chance.random() < 0.1:
        return [word(chance), _value(chance)][: chance.randint(1, 2)]
    option = chance.choice(options)
    name = chance.choice(option.names).encode()
    if option.is_flag:
        return [name]
    return [name + b"=" + _value(chance)] if chance.random() < 0.2 else [name, _value(chance)]


def _value(chance: Random) -> bytes:
    """What stands where a value belongs: often one that fits somewhere, so that the deeper parts are reached."""
    if chance.random() < 0.6:
        plain = chance.choice(PLAIN).encode()
        return plain if chance.random() < 0.8 else _spoiled(chance, plain)
    return word(chance)


def word(chance: Random) -> bytes:
    """Anything."""
    way = chance.random()
    if way < 0.6:
        return chance.choice(NASTY)
    if way < 0.75:
        return _spoiled(chance, chance.choice(NASTY))
    if way < 0.9:
        return chance.randbytes(chance.choice((1, 2, 5, 20, 200)))
    if way < 0.98:
        return "".join(chr(_letter(chance)) for _ in range(chance.choice((1, 3, 10, 50)))).encode(
            "utf-8", "surrogatepass"
        )
    return chance.choice((b"x", b"9", b"-", b"\x1b[31m", b"1h", "\u202e".encode())) * chance.choice(
        (250, 12_000, 40_000)
    )


def _letter(chance: Random) -> int:
    return chance.randrange(1, chance.choice((0x20, 0x100, 0x3000, 0x11_0000)))


def _spoiled(chance: Random, plain: bytes) -> bytes:
    """A word with something put into it, taken out of it, or twice over."""
    place = chance.randint(0, len(plain))
    way = chance.randrange(4)
    if way == 0:
        return plain[:place] + chance.choice(NASTY)[:200] + plain[place:]
    if way == 1:
        return plain[:place] + chance.randbytes(1) + plain[place + 1 :]
    if way == 2:
        return plain[:place]
    return (plain + chance.choice((b"", b" ", b",", b"-", b"\xc2\xa0"))) * 2
