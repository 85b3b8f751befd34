"""The schemas as tests use them: whether a document is as its schema says, and whether a schema changed.

`python -m tests.schemas` writes what each schema is now into `files/schemas.csv`, and raises the revision of
those that changed; the CHANGELOG must then tell of each such revision under "JSON".
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from medtrack.schemas import kinds, schema

TABLE = Path(__file__).parent / "files" / "schemas.csv"
CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
_WORDS = ("title", "description", "$schema", "x-commands")
"""What of a schema a document cannot run against."""


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def flaws(document: Any) -> list[str]:
    """What about a document is not as the schema of its kind says."""
    if document.get("kind") not in kinds():
        return [f"there is no schema of {document.get('kind')!r}"]
    return [_said(error) for error in validator(document["kind"]).iter_errors(document)]


def _said(error: ValidationError) -> str:
    while error.context:
        # Of several forms the one is told that was read farthest.
        error = max(error.context, key=lambda each: len(each.absolute_path))
    return f"{error.json_path}: {error.message[:200]}"


def parts(found: Any) -> Iterator[dict[str, Any]]:
    """Every object inside of a schema or a document, itself among them."""
    if isinstance(found, dict):
        yield found
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from parts(each)


def digest(kind: str) -> str:
    """The hash of what a schema asks for, without its words for people."""

    def bare(part: Any) -> Any:
        if isinstance(part, dict):
            # A key of a document may be called as a word of a schema is: its value is no text.
            return {
                key: bare(value)
                for key, value in part.items()
                if key not in _WORDS or not isinstance(value, str | list)
            }
        return [bare(each) for each in part] if isinstance(part, list) else part

    return hashlib.sha256(json.dumps(bare(schema(kind)), sort_keys=True).encode()).hexdigest()


def told() -> dict[str, tuple[int, str]]:
    """The revision and the hash of each kind, as they were last written down."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["kind"]: (int(row["revision"]), row["sha256"]) for row in csv.DictReader(file)}


def revisions_in_the_changelog() -> set[tuple[str, int]]:
    """Every kind with a revision that a line under "JSON" tells of: '- Revision 2 of `log`: ...'."""
    text = CHANGELOG.read_text(encoding="utf-8")
    found = set()
    for section in re.findall(r"^### JSON\n(.*?)(?=^#|\Z)", text, re.DOTALL | re.MULTILINE):
        for number, named in re.findall(
            r"^- Revision (\d+) of ((?:`[\w-]+`[,\sand]*)+):", section, re.MULTILINE
        ):
            found |= {(kind, int(number)) for kind in re.findall(r"`([\w-]+)`", named)}
    return found


def main() -> None:
    """Write down what the schemas are now."""
    before = told() if TABLE.exists() else {}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "revision", "sha256"])
        for kind in kinds():
            revision, old = before.get(kind, (0, ""))
            writer.writerow([kind, revision + (old != digest(kind)), digest(kind)])


if __name__ == "__main__":
    main()
