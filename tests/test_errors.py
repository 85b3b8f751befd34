"""Every refusal has one sentence and one place in the table of exit codes."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest

from medtrack import errors
from medtrack.errors import MedtrackError

RANGES = {
    1: "stopped by the person, or whoever read the output stopped",
    2: "usage, or a value that cannot be read or cannot be",
    3: "a bug in medtrack",
    **dict.fromkeys(range(20, 30), "not found or ambiguous"),
    **dict.fromkeys(range(30, 40), "refused where a flag would do it"),
    **dict.fromkeys(range(40, 50), "the file"),
}
HEADS = (20, 30, 40)
"""The first code of each range that is given out one by one."""


def kinds(of: type[MedtrackError] = MedtrackError) -> Iterator[type[MedtrackError]]:
    """Every class of refusal, but for the one they all come from."""
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def sentence(kind: type[MedtrackError]) -> str:
    return (kind.__doc__ or "").strip()


def errors_table() -> str:
    """The refusals with a code of their own, as the README's Markdown table prints them, in order of code."""
    rows = ["| code | says |", "|---|---|"]
    for kind in sorted(kinds(), key=lambda kind: (kind.exit_code, kind.__name__)):
        if kind.exit_code >= 20:
            shown = re.sub(r"{(\w+)(![rs])?}", lambda found: f"*{found[1]}*", sentence(kind))
            rows.append(f"| {kind.exit_code} | {shown.replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


ALL = list(kinds())


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_its_code_is_in_the_table(kind: type[MedtrackError]) -> None:
    assert kind.exit_code in RANGES


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_its_sentence_is_one_and_ends(kind: type[MedtrackError]) -> None:
    said = sentence(kind)
    fields = [name for _, name, _, _ in string.Formatter().parse(said) if name is not None]
    # A field at the very end brings a sentence of its own.
    assert said.endswith(".") or (fields and said.endswith(f"{{{fields[-1]}}}"))
    assert "\n" not in said
    assert "  " not in said
    assert all(name.isidentifier() for name in fields), "positions say nothing about what they hold"


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_its_sentence_can_be_said(kind: type[MedtrackError]) -> None:
    facts = {name: "x" for _, name, _, _ in string.Formatter().parse(sentence(kind)) if name is not None}
    assert "{" not in str(kind(**facts))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_what_it_holds_is_said_as_it_is(kind: type[MedtrackError]) -> None:
    """Braces in a name are not a template."""
    facts = {
        name: "{0} {why} {" for _, name, _, _ in string.Formatter().parse(sentence(kind)) if name is not None
    }
    assert str(kind(**facts)).count("{0} {why} {") == len(re.findall(r"{\w+(?:![rs])?}", sentence(kind)))


def test_codes_from_20_on_belong_to_one_refusal_each() -> None:
    """But for subclasses, which are the same refusal in other words."""
    codes = [kind.exit_code for kind in ALL if kind.exit_code >= 20 and "exit_code" in vars(kind)]
    assert len(codes) == len(set(codes))


def test_no_range_has_a_hole_before_its_last_code() -> None:
    codes = {kind.exit_code for kind in ALL}
    for head in HEADS:
        used = sorted(code for code in codes if head <= code < head + 10)
        assert used == list(range(head, head + len(used)))


def test_every_refusal_is_in_errors_py() -> None:
    assert all(kind.__module__ == errors.__name__ for kind in ALL)


def test_the_table_has_a_row_for_each() -> None:
    table = errors_table()
    assert table.count("\n") == 2 + sum(kind.exit_code >= 20 for kind in ALL)
    assert "| 41 | There is no record yet (*path*). The first 'medtrack add' makes one. |" in table
    assert "{" not in table


def test_an_unsure_outcome_takes_the_place_of_nothing_recorded() -> None:
    sure = errors.DiskTrouble(path="/me.db", why="the disk is full")
    assert str(sure) == "The record /me.db could not be used: the disk is full. Nothing was recorded."
    unsure = errors.DiskTrouble(path="/me.db", why="the disk reports an error", outcome="That cannot be told")
    assert str(unsure).endswith("error. That cannot be told.")
