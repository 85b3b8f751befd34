"""Text that would do harm if anything interpreted it: it is stored exactly and printed inert."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest

from tests.conftest import Result

NOW = "2026-03-10T08:10[Europe/Paris]"
NAMES = [
    "[/red]",
    "[bold]x[/bold]",
    ":pill:",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\x1b]0;x\x07",
    "\x9b31mred",
    "a\u202eb",
    "two\nlines",
    "zero\u200bwidth",
    "$(touch x)",
    "'; drop table dose; --",
    "<script>alert(1)</script>",
    "{name}",
    "%s %d",
    "--help",
    "-v",
    "ä" * 200,
    "💊 pill",
]
DANGEROUS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")
LISTINGS = ("today", "due", "schedule", "log", "meds", "notes", "adherence", "report", "history")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_is_stored_exactly_and_shown_inert(name: str, run: Callable[..., Result]) -> None:
    assert run(["add", "--at", "08:00", "--from", "2026-03-09", "--", name], now=NOW).code == 0
    assert run(["take", "--by", name, "--note", name, "--", name], now=NOW).code == 0
    assert run(["note", "--med", name, "--", name], now=NOW).code == 0
    for command in LISTINGS:
        shown = run([command], now=NOW)
        assert shown.code in (0, 10, 11)
        assert not DANGEROUS.search(shown.out), command
        document = json.loads(run([command, "--json"], now=NOW).out)
        if command in ("log", "meds", "schedule"):
            assert {row["medication"] for row in document["rows"]} == {name}
        sheet = run([command, "--csv"], now=NOW).out
        assert not DANGEROUS.search(sheet)
        for cell in (cell for row in csv.reader(io.StringIO(sheet)) for cell in row):
            assert not cell.startswith(("=", "+", "-", "@")), cell
    card = run(["show", "--", name], now=NOW)
    assert (card.code, DANGEROUS.search(card.out)) == (0, None)
    assert json.loads(run(["notes", "--json"], now=NOW).out)["rows"][0]["text"] == name


def test_a_long_note_is_kept_whole_and_a_longer_one_refused(run: Callable[..., Result]) -> None:
    text = "dizzy " * 1_666 + "dizz"
    assert len(text) == 10_000
    assert run(["note", text], now=NOW).code == 0
    assert json.loads(run("notes --json", now=NOW).out)["rows"][0]["text"] == text
    refused = run(["note", text + "y"], now=NOW)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "medtrack: The note cannot be stored: it has 10,001 characters, and the most is 10,000.\n"
    )
    assert len(json.loads(run("notes --json", now=NOW).out)["rows"]) == 1


@pytest.mark.parametrize("text", ["\udcff", "a\udc80b"])
def test_bytes_that_are_no_text_are_refused(text: str, run: Callable[..., Result]) -> None:
    run("add sertraline --at 08:00", now=NOW)
    for command in (["add", text, "--at", "08:00"], ["note", text], ["take", "sertraline", "--note", text]):
        refused = run(command, now=NOW)
        assert (refused.code, refused.out) == (2, ""), command
        assert "not text (UTF-8)" in refused.err
    assert run(["take", text], now=NOW).code == 21


def test_a_huge_name_is_refused(run: Callable[..., Result]) -> None:
    refused = run(["add", "x" * 100_000, "--at", "08:00"], now=NOW)
    assert (refused.code, len(refused.err) < 300) == (2, True)
    refused = run(["add", "x" * 100_000], now=NOW)
    assert refused.code in (2, 20)
    assert len(refused.err) < 400
