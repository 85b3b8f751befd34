"""What is shipped and made from the commands: `python -m tests.shipped` makes it anew.

The words that TAB completes (`medtrack/completions/words.tsv`) and the manual (`medtrack/manual/medtrack.1`)
are written from the real commands, so neither can tell of what is not there. A test says when they are old.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from typer.core import TyperArgument, TyperOption
from typer.main import get_command

from medtrack.app import Stub, app
from medtrack.commands._told import told
from medtrack.domain.clock_face import CLOCKS, WEEK_STARTS
from medtrack.domain.completion import OPEN
from medtrack.domain.measures import KINDS
from medtrack.domain.person import ROLES, SEVERITIES
from medtrack.domain.protocol_reading import read_protocol
from medtrack.knowledge import read_instruments, read_shipped_protocol
from medtrack.render.documents import ENDINGS
from medtrack.schemas import kinds
from medtrack.services.adherence import PERIODS
from medtrack.services.possession import METHODS
from medtrack.services.profile import SEXES
from medtrack.services.settings import MEANINGS
from medtrack.services.taking import CERTAINTIES
from medtrack.services.teaching import TOPICS
from medtrack.store.datasets import NAMES as SETS

PACKAGE = Path(__file__).parent.parent / "medtrack"
WORDS = PACKAGE / "completions" / "words.tsv"
MEASURES = (*read_instruments(), *KINDS)
PROTOCOLS = [file.stem for file in sorted((PACKAGE / "knowledge" / "protocols").glob("*.toml"))]

SPRAVATO = read_protocol(read_shipped_protocol("spravato") or "", "spravato", "spravato")

MEDICATION, DOSE, PERSON, ZONE, FILE = "@medication", "@dose", "@person", "@zone", "@file"
BY_METAVAR: dict[str, Sequence[str]] = {
    "MED": [MEDICATION],
    "DRUG": [MEDICATION],
    "FILE": [FILE],
    "ZONE": [ZONE],
    "PROTOCOL": [*PROTOCOLS, FILE],
}
"""What is taken, by the word for it in the help."""
TAKES: dict[tuple[str, str], Sequence[str]] = {
    ("", "--person"): [PERSON, "all"],
    ("add", "--anchor"): ["last-dose"],
    ("adherence", "--by"): PERIODS,
    ("adherence", "--method"): METHODS,
    ("advise", "--drop"): [*TOPICS],
    ("allergy", "--severity"): SEVERITIES,
    ("amend", "1"): [DOSE],
    ("backup", "--age"): [FILE],
    ("card", "--format"): ["text", "html"],
    ("change", "--anchor"): ["last-dose"],
    ("check", "--forget"): [*SETS, "lookups"],
    ("check import", "1"): SETS,
    ("check import", "2+"): [FILE],
    ("helped", "--dose"): [DOSE],
    ("helped", "2"): [str(score) for score in range(11)],
    ("import", "--format"): ["csv"],
    ("measure", "1"): MEASURES,
    ("measures", "1"): MEASURES,
    ("note", "--grade"): ["1", "2", "3", "4", "5"],
    ("people forget", "1"): [PERSON],
    ("profile", "--sex"): SEXES,
    ("remind channel add", "--url"): ["-"],
    ("report", "--format"): [*ENDINGS],
    ("schema", "1"): kinds(),
    ("session observe", "1+2"): SPRAVATO.kinds,
    ("session observe", "2+2"): [OPEN],
    ("settings check-in", "1"): ["off"],
    ("settings clock", "1"): CLOCKS,
    ("settings quiet", "1"): ["off"],
    ("settings week-starts", "1"): WEEK_STARTS,
    ("take", "--certainty"): CERTAINTIES,
    ("team", "--role"): ROLES,
}
"""What is taken where the word in the help does not tell: an option, or the place of an argument."""
VERBS: dict[str, Sequence[str]] = {"check": ["import"]}
MEANT: dict[str, dict[str, str]] = {"settings": MEANINGS}
"""Words that are the first argument of a command and choose what the second may be, each with what it says."""
"""Words with a meaning of their own that the help does not show as such."""


@cache
def commands() -> dict[str, object]:
    """Every command by the words that call it, those of each panel in its order; the whole by none."""
    return dict(_walk("", get_command(app)))


def _walk(path: str, command: object) -> Iterator[tuple[str, object]]:
    command = command.load() if isinstance(command, Stub) else command
    yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _walk(f"{path} {name}".lstrip(), inner)


def takes(path: str, name: str, metavar: str) -> str:
    """What an option or an argument takes, as the table of words says it."""
    named = TAKES.get((path, name))
    if named is None:
        each = [
            BY_METAVAR.get(word, [word] if re.fullmatch("[a-z-]{2,}", word) else [])
            for word in _alternatives(metavar)
        ]
        named = [word for words in each for word in words]
    return "|".join(named) or OPEN


def _alternatives(metavar: str) -> list[str]:
    return metavar.strip("[].").replace("]", "").split("|") if "|" in metavar else [metavar.strip("[].")]


def verbs(path: str) -> list[str]:
    """The words that are the first argument of a command, where that is one of a few: [list|add|remove]."""
    first = next((each for each in arguments(path) if each.metavar), None)
    named = re.fullmatch(r"\[([a-z]+(?:\|[a-z]+)*)\]", str(first.metavar)) if first is not None else None
    is_word = first is not None and first.name == "verb"
    return [*VERBS.get(path, ()), *MEANT.get(path, ()), *(named[1].split("|") if named and is_word else ())]


def arguments(path: str) -> list[TyperArgument]:
    """The arguments of a command in order."""
    return [each for each in commands()[path].params if isinstance(each, TyperArgument)]  # type: ignore[attr-defined]


def options(path: str) -> list[TyperOption]:
    """The options of a command as its help lists them, with that of the help."""
    command = commands()[path]
    context = command.make_context(  # type: ignore[attr-defined]
        "medtrack", [], resilient_parsing=True, help_option_names=["-h", "--help"]
    )
    return [each for each in command.get_params(context) if isinstance(each, TyperOption)]  # type: ignore[attr-defined]


def words() -> str:
    """The table of words."""
    rows: list[tuple[str, ...]] = []
    for path, command in commands().items():
        inner = getattr(command, "commands", {})
        rows += [(path, "verb", name, "", _said(f"{path} {name}".lstrip())) for name in inner]
        called = verbs(path)
        rows += [(path, "verb", name, "", MEANT.get(path, {}).get(name, "")) for name in called]
        shift = 1 if called and path not in VERBS else 0
        for own in (path, *(f"{path} {name}" for name in called)):
            rows += _option_rows(path, own)
            if not shift or own != path:
                rows += _argument_rows(path, own, shift)
    return "".join("\t".join(row) + "\n" for row in rows)


def _said(path: str) -> str:
    return told(commands()[path]).paragraphs[0].rstrip(".")  # type: ignore[arg-type]


def _option_rows(path: str, own: str) -> Iterator[tuple[str, ...]]:
    for option in options(path):
        spelled = ("*" if option.multiple else "") + " ".join(sorted(option.opts, key=len))
        taken = "" if option.is_flag or option.count else takes(path, option.opts[-1], option.metavar or "")
        yield own, "option", spelled, taken, (option.help or "").rstrip(".")


def _argument_rows(path: str, own: str, shift: int) -> Iterator[tuple[str, ...]]:
    listed = [
        (place, taken) for (command, place), taken in TAKES.items() if command == own and place[0].isdigit()
    ]
    is_by_turns = any(not place.endswith("+") and "+" in place for place, _ in listed)
    if is_by_turns or (own != path and (listed or not shift)):
        yield from ((own, "argument", place, "|".join(taken), "") for place, taken in listed)
        return
    for number, argument in enumerate(arguments(path)[shift:], start=1):
        place = f"{number}+" if argument.nargs == -1 else f"{number}"
        yield (
            own,
            "argument",
            place,
            takes(own, place, argument.metavar or ""),
            (argument.help or "").rstrip("."),
        )


def main() -> None:
    """Write what is shipped."""
    from tests.manual import PAGE, manual

    WORDS.write_text(words(), encoding="utf-8")
    PAGE.write_text(manual(), encoding="utf-8")


if __name__ == "__main__":
    main()
