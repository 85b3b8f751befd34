"""Compile the CSV files beside this into `pack.json`: `python -m medtrack.knowledge.build`.

A JSON file and not a database: the same bytes come out on every machine, so a test can compare them, and a
change of one fact is a change of one line that a person can review. Reading it whole takes about 5 ms of
CPU; compiling it from the files takes nine times as much, which is why no check does it.
"""

from __future__ import annotations

import csv  # noqa: TID253  (this runs when the pack is made, never when it is read)
import json
import os
import tomllib
from collections.abc import Iterator
from typing import Any

from medtrack.domain.safety.naming import name_key

from . import PACK

FOLDER = os.path.dirname(PACK)
Row = dict[str, str]


def rows(table: str) -> list[Row]:
    """The rows of one CSV file."""
    with open(os.path.join(FOLDER, f"{table}.csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _split(text: str) -> list[str]:
    return [part for part in text.split(";") if part]


def _names() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows("names"):
        found.setdefault(name_key(row["name"]), []).append(
            [
                row["name"],
                row["kind"],
                [row["ingredient"]],
                row["country"],
                row["checked"] == "yes",
                0,
                [],
                "",
            ]
        )
    for row in rows("products"):
        found.setdefault(name_key(row["product"]), []).append(
            [
                row["product"],
                "product",
                _split(row["ingredients"]),
                row["country"],
                row["checked"] == "yes",
                int(row["varies"] == "yes"),
                _split(row["strengths_mg"]),
                row["per"],
            ]
        )
    return {
        key: [[*each[:4], int(each[4]), *each[5:]] for each in meanings]
        for key, meanings in sorted(found.items())
    }


def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("words"):
        found.setdefault(row["kind"], []).append(row["word"])
    return found


def _look_alikes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("lookalikes"):
        for one, other in ((row["name_a"], row["name_b"]), (row["name_b"], row["name_a"])):
            found.setdefault(name_key(one), []).append(other)
    return dict(sorted(found.items()))


def _condition_words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("condition_words"):
        found.setdefault(name_key(row["word"]), []).append(row["condition"])
    return {word: list(dict.fromkeys(means)) for word, means in sorted(found.items())}


def _french_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows("french_names"):
        found.setdefault(name_key(row["french"]), []).append(row["ingredient"])
    return dict(sorted(found.items()))


def _stack(row: Row) -> list[Any]:
    return [
        row["stack"],
        row["members"].split("+"),
        int(row["at_least"]),
        row["severity"],
        int(row["many"]),
        row["severity_of_many"],
        int(row["at_least_65"] or 0),
        row["severity_65"],
        row["effect"],
        row["title"],
        row["what_to_do"],
        _split(row["covers_rules"]),
        row["source"],
        row["source_date"],
    ]


def compiled() -> dict[str, Any]:
    """Every fact, as the program reads it."""
    with open(os.path.join(FOLDER, "pack.toml"), "rb") as file:
        about = tomllib.load(file)
    through_skin = {row["ingredient"] for row in rows("local_forms")}
    return {
        "version": about["version"],
        "date": about["date"].isoformat(),
        "names": _names(),
        "words": _words(),
        "abbreviations": {name_key(row["abbreviation"]): row["could_mean"] for row in rows("abbreviations")},
        "lookalikes": _look_alikes(),
        "substances": {name_key(row["substance"]): [row["means"], row["note"]] for row in rows("substances")},
        "ingredients": {
            row["ingredient"]: [
                _split(row["classes"]),
                _split(row["allergy_groups"]),
                _split(row["duplicate_groups"]),
                int(row["ingredient"] in through_skin),
            ]
            for row in rows("ingredients")
        },
        "french_names": _french_names(),
        "local_names": {row["ingredient"]: row["name"] for row in rows("local_names")},
        "classes": {row["class"]: [row["title"], row["duplicate_severity"]] for row in rows("classes")},
        "effects": {
            row["effect"]: [row["family"], row["what_can_happen"], row["watch_for"]]
            for row in rows("effects")
        },
        "rules": [list(row.values()) for row in rows("rules")],
        "allergies": [list(row.values()) for row in rows("allergies")],
        "conditions": {
            row["condition"]: [row["title"], _split(row["includes"])] for row in rows("conditions")
        },
        "condition_words": _condition_words(),
        "condition_rules": [list(row.values()) for row in rows("condition_rules")],
        "stacks": [_stack(row) for row in rows("stacks")],
        "limits": [
            [*list(row.values())[:4], int(row["hours"]), *list(row.values())[5:]] for row in rows("limits")
        ],
        "mme": [list(row.values())[:6] for row in rows("mme")],
        "dose_ranges": {
            row["ingredient"]: [row["least"], row["most"], row["source"], row["source_date"]]
            for row in rows("dose_ranges")
        },
        "weekly": {
            row["ingredient"]: [
                int(row["days"]),
                int(row["confirmation"] == "typed"),
                row["what_can_happen"],
                row["source"],
                row["source_date"],
                *([name_key(word) for word in _split(row[key])] for key in ("only_words", "not_words")),
                *(_split(row[key]) for key in ("only_strengths_mg", "not_strengths_mg")),
            ]
            for row in rows("weekly")
        },
    }


def _lines(facts: dict[str, Any]) -> Iterator[str]:
    def said(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    parts = []
    for key, value in facts.items():
        if isinstance(value, dict):
            records = [f"{said(name)}:{said(record)}" for name, record in value.items()]
            parts.append(f"{said(key)}:{{\n" + ",\n".join(records) + "\n}")
        elif isinstance(value, list):
            parts.append(f"{said(key)}:[\n" + ",\n".join(said(record) for record in value) + "\n]")
        else:
            parts.append(f"{said(key)}:{said(value)}")
    yield "{" + ",\n".join(parts) + "}\n"


def page() -> str:
    """The whole of `pack.json`."""
    return "".join(_lines(compiled()))


if __name__ == "__main__":
    with open(PACK, "w", encoding="utf-8", newline="\n") as out:
        out.write(page())
