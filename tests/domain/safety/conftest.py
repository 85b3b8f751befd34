"""The real knowledge pack, and one small enough to see through."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from medtrack.domain.safety.findings import Medicine
from medtrack.domain.safety.naming import name_key, read_name
from medtrack.domain.safety.pack import Pack
from medtrack.knowledge import read_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack()


def medicine(pack: Pack, typed: str, country: str | None = None) -> Medicine:
    return Medicine(typed, read_name(pack, typed, country))


_EMPTY: dict[str, Any] = {
    "version": "test",
    "date": "2026-01-01",
    "names": {},
    "words": {"form": [], "phrase": [], "local": ["cream"], "salt": [], "metal": []},
    "abbreviations": {},
    "lookalikes": {},
    "substances": {},
    "ingredients": {},
    "classes": {},
    "effects": {
        "harm": ["harm", "Harm.", ""],
        "sleep": ["sleep", "Sleep.", ""],
        "level_rise": ["level", "Level.", ""],
    },
    "rules": [],
    "allergies": [],
    "stacks": [],
    "limits": [],
    "mme": [["(threshold)", "MME", "50", "", "CDC 2022", "2022"]],
    "dose_ranges": {},
    "weekly": {},
}


def small_pack(ingredients: dict[str, list[str]], rules: list[tuple[str, ...]], **facts: Any) -> Pack:
    """A pack of these ingredients (name to classes) and rules (id, a, b, except, severity, effect)."""
    made = copy.deepcopy(_EMPTY)
    made |= facts
    for name, classes in ingredients.items():
        made["ingredients"][name] = [classes, [], [], 0]
        made["names"][name_key(name)] = [[name, "ingredient", [name], "", 1, 0, [], ""]]
        for each in classes:
            made["classes"].setdefault(each, [each, ""])
    made["rules"] = [[*rule, "why", f"Do {rule[0]}.", "", "a label", "2020", "no"] for rule in rules]
    return Pack(made)
