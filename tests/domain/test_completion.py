"""What may follow on an unfinished command line."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.commands._told import told
from medtrack.completions import table
from medtrack.domain.completion import OPEN, asked
from tests.shipped import commands

TABLE = "\n".join(
    "\t".join(row)
    for row in (
        ("", "option", "--db", "@file", "the file"),
        ("", "option", "--version", "", "the version"),
        ("", "verb", "take", "", "a dose"),
        ("", "verb", "set", "", "settings"),
        ("take", "option", "-o --output", "@file", "to a file"),
        ("take", "option", "*--hold", "@medication", "hold it"),
        ("take", "option", "--certainty", "exact|about", "how sure"),
        ("take", "argument", "1", "@medication", "which"),
        ("take", "argument", "2+", OPEN, "the rest"),
        ("set", "verb", "clock", "", "times"),
        ("set", "argument", "1", "a|b", "which"),
        ("set clock", "argument", "1", "@person", "whose"),
    )
)
EXAMPLES = [each for path, command in commands().items() if path for each in told(command).examples]  # type: ignore[arg-type]


def at(line: str) -> tuple[list[str], list[str]]:
    """The words that are offered at the end of a line, and what is looked up."""
    *words, begun = line.split(" ")
    found = asked(TABLE, words, begun)
    return [word for word, _ in found.words], found.takes


@pytest.mark.parametrize(
    ("line", "words", "takes"),
    [
        ("", ["take", "set"], []),
        ("-", ["--db", "--version"], []),
        ("--db ", [], ["@file"]),
        ("--db x ", ["take", "set"], []),
        ("--db=x ", ["take", "set"], []),
        ("--version --", ["--db"], []),
        ("take ", [], ["@medication"]),
        ("take x y z ", [], [OPEN]),
        ("take x y z -", ["-o", "--output", "--hold", "--certainty"], []),
        ("set clock x ", [], []),
        ("take x y z", [], [OPEN]),
        ("take -o f -", ["--hold", "--certainty"], []),
        ("take --output=f -", ["--hold", "--certainty"], []),
        ("take --hold x -", ["-o", "--output", "--hold", "--certainty"], []),
        ("take --hold ", [], ["@medication"]),
        ("take --certainty=e", [], ["exact", "about"]),
        ("take --nonesuch=e", [], []),
        ("take --nonesuch ", [], ["@medication"]),
        ("take -- -", [], ["@medication"]),
        ("take -1 ", [], ["@medication"]),
        ("set ", ["clock"], ["a", "b"]),
        ("set clock ", [], ["@person"]),
        ("set a clock ", [], []),
        ("tkae ", [], []),
    ],
)
def test_what_may_follow(line: str, words: list[str], takes: list[str]) -> None:
    assert at(line) == (words, takes)


def test_the_value_of_a_root_option_is_told() -> None:
    assert asked(TABLE, ["--db", "x y", "take"], "").values == {"--db": "x y"}
    assert asked(TABLE, ["--db=x=y", "take"], "").values == {"--db": "x=y"}
    assert asked(TABLE, ["take", "--db", "x"], "").values == {}


@given(
    words=st.lists(
        st.sampled_from(["take", "set", "clock", "--db", "-o", "--hold=x", "--", "-", "", "x"]) | st.text()
    ),
    begun=st.text(),
)
def test_whatever_is_typed_something_is_told(words: list[str], begun: str) -> None:
    found = asked(TABLE, words, begun)
    assert not (found.head and found.words)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_verb_and_option_of_an_example_is_offered_where_it_stands(example: str) -> None:
    words = shlex.split(example.partition("; ")[0])[1:]
    rows = [line.split("\t") for line in table().splitlines()]
    verbs = {(row[0], row[2]) for row in rows if row[1] == "verb"}
    is_first = True
    for number, word in enumerate(words):
        is_first = is_first and (" ".join(words[:number]), word) in verbs
        if is_first or word.startswith("--") or word == "-o":
            found = asked(table(), words[:number], word[: 1 if word.startswith("-") else 0])
            assert word in [each for each, _ in found.words], (words[:number], word)
