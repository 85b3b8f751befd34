"""What a command line that is not finished may go on with, by the table of words made from the commands.

A row of the table is five fields with tabs between: the command (none for `medtrack` itself), what the row
is (`verb`, `option` or `argument`), its word, what it takes, and what it says. The word of an option may
hold several spellings, the longest last, and begins with `*` where it may come again; that of an argument
is its place, `2+` for the second and all after it, `1+2` for the first and every second after. What it
takes are words with `|` between; one that begins with `@` is looked up (`@medication`, `@dose`, `@person`,
`@zone`, `@file`), and `?` is what only the person knows. A flag takes nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Sequence

OPEN = "?"
"""What an option or argument takes where only the person knows it."""


class Asked:
    """What is wanted at the end of an unfinished command line."""

    __slots__ = ("given", "head", "takes", "values", "words")

    def __init__(self) -> None:
        self.head = ""
        """What stands before the word itself: '--format=' where the two are typed as one."""
        self.given: list[str] = []
        """What was typed already where several of the same may be given."""
        self.takes: list[str] = []
        """The words it may be, and what is to be looked up."""
        self.values: dict[str, str] = {}
        """The value of each root option, as typed."""
        self.words: list[tuple[str, str]] = []
        """Verbs and options that fit, each with what it says."""


def asked(table: str, words: Sequence[str], begun: str) -> Asked:
    """What may follow `words`, where the next one is typed as far as `begun`."""
    lines = table.split("\n")
    found = Asked()
    path, is_over = "", False
    rows = _rows(lines, path)
    used: set[str] = set()
    waiting: list[str] | None = None
    given: list[str] = []
    for word in words:
        if waiting is not None:
            if not path:
                found.values[_name(waiting)] = word
            waiting = None
        elif word == "--" and not is_over:
            is_over = True
        elif word.startswith("-") and len(word) > 1 and not is_over:
            name, has_value, value = word.partition("=")
            option = _option(rows, name)
            if option is None:
                continue
            used.add(option[2])
            if has_value and not path:
                found.values[_name(option)] = value
            if option[3] and not has_value:
                waiting = option
        elif any(row[1] == "verb" and row[2] == word for row in rows) and not given:
            path = f"{path} {word}".lstrip()
            rows, used = _rows(lines, path), set()
        else:
            given.append(word)
            if not path:
                return found  # No command is called so.
    _fill(found, rows, waiting, used, begun, given=given, is_over=is_over)
    return found


def _fill(
    found: Asked,
    rows: list[list[str]],
    waiting: list[str] | None,
    used: set[str],
    begun: str,
    *,
    given: list[str],
    is_over: bool,
) -> None:
    if waiting is not None:
        found.takes = waiting[3].split("|")
        return
    if begun.startswith("-") and not is_over:
        name, has_value, _ = begun.partition("=")
        option = _option(rows, name)
        if has_value:
            found.head = f"{name}="
            found.takes = option[3].split("|") if option is not None and option[3] else []
        else:
            found.words = _options(rows, used)
        return
    if not given:
        found.words = [(row[2], row[4]) for row in rows if row[1] == "verb"]
    at = next((row for row in rows if row[1] == "argument" and _is_at(row, len(given))), None)
    if at is not None:
        found.takes = at[3].split("|")
        found.given = given if "+" in at[2] else []
    # Where a value is wanted, options would only put the '-' there that all of them begin with.
    if not found.words and not found.takes and not is_over and not begun:
        found.words = _options(rows, used)


def _rows(lines: list[str], path: str) -> list[list[str]]:
    return [line.split("\t") for line in lines if line.startswith(f"{path}\t")]


def _option(rows: list[list[str]], name: str) -> list[str] | None:
    return next((row for row in rows if row[1] == "option" and name in _spellings(row)), None)


def _spellings(row: list[str]) -> list[str]:
    return row[2].lstrip("*").split(" ")


def _name(row: list[str]) -> str:
    return _spellings(row)[-1]


def _options(rows: list[list[str]], used: set[str]) -> list[tuple[str, str]]:
    """The options that can still be given, in every spelling."""
    free = [row for row in rows if row[1] == "option" and (row[2] not in used or row[2].startswith("*"))]
    return [(spelling, row[4]) for row in free for spelling in _spellings(row)]


def _is_at(row: list[str], place: int) -> bool:
    first, goes_on, step = row[2].partition("+")
    beyond = place - int(first) + 1
    return beyond >= 0 and beyond % int(step or 1) == 0 if goes_on else beyond == 0
