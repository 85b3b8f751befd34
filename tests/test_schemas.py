"""The schemas are those of what is printed: every document of every command, and nothing else would pass."""

from __future__ import annotations

import copy
import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from medtrack.domain import adherence, channels, matching, naranjo, person, pictures, side_effects, zones
from medtrack.domain.safety import facts, findings
from medtrack.schemas import _read, kinds, schema
from medtrack.services import importing, possession, taking, teaching
from tests import transcript
from tests.conftest import Result
from tests.documents import LISTINGS, NOW, SHEET, WRITING, Printed, commands, printed
from tests.schemas import digest, flaws, parts, revisions_in_the_changelog, told, validator

Run = Callable[..., Result]
ROOT = Path(__file__).parents[1]
TRANSCRIPTS = [ROOT / "README.md", *sorted((ROOT / "tests" / "transcripts").glob("*.md"))]
OF_ONE = ("check", "quiet", "card all", "remind channel list", "export")
"""The listings that are about one person alone."""


def shared(name: str) -> Any:
    return _read("common")["$defs"][name]


def ask(run: Run, line: str, now: str = NOW) -> Printed | None:
    return printed(shlex.split(line), lambda words: run(words, now=now))


# --- the schemas themselves --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", kinds())
def test_a_schema_stands_alone_and_leaves_no_key_open(kind: str) -> None:
    found = schema(kind)
    Draft202012Validator.check_schema(found)
    assert found["title"] == kind
    assert found["description"].endswith(".")
    for part in parts(found):
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in found["$defs"]
        if part.get("type") == "object" and part.get("properties", {}).keys() != {"type"}:
            assert part["additionalProperties"] is False, part
    unused = found["$defs"].keys() - {part.get("$ref", "").removeprefix("#/$defs/") for part in parts(found)}
    assert not unused


def test_no_part_of_one_schema_is_called_as_a_shared_one() -> None:
    shared_names = _read("common")["$defs"].keys()
    for kind in kinds():
        assert _read(kind).get("$defs", {}).keys().isdisjoint(shared_names), kind


def test_every_command_with_json_has_a_schema_and_no_schema_is_of_another() -> None:
    with_json = {command for command, options in commands() if "--json" in options} | {"export"}
    named = {command for kind in kinds() for command in schema(kind)["x-commands"]}
    assert with_json - named == set(), "write medtrack/schemas/KIND.json; README, For developers"
    assert named - with_json == set()


@pytest.mark.parametrize("kind", kinds())
def test_a_schema_that_changed_is_told_in_the_changelog(kind: str) -> None:
    revision, known = told().get(kind, (0, ""))
    assert digest(kind) == known, "run python -m tests.schemas, and tell of it in CHANGELOG.md under JSON"
    assert (kind, revision) in revisions_in_the_changelog(), (
        f"CHANGELOG.md, under JSON, lacks '- Revision {revision} of `{kind}`: ...'"
    )


def test_no_hash_is_of_a_schema_that_is_gone() -> None:
    assert set(told()) == set(kinds())


def test_words_are_those_of_the_program() -> None:
    found = {
        "severity": facts.SEVERITIES,
        "allergy_severity": person.SEVERITIES,
        "allergy_certainty": person.CERTAINTIES,
        "role": person.ROLES,
        "certainty": taking.CERTAINTIES,
        "day_state": pictures.STATES,
        "topic": teaching.TOPICS,
    }
    found |= {
        "state": get_args(matching.State),
        "timing": get_args(matching.Timing),
        "flag": get_args(zones.Flag),
        "status": sorted(set(importing.STATUSES.values()), reverse=True),
    }
    for name, words in found.items():
        assert shared(name)["enum"] == list(words), name
    assert shared("grade")["maximum"] == max(side_effects.GRADES)
    assert set(adherence.COUNTS) <= shared("adherence")["properties"].keys()
    by_supply = schema("adherence")["$defs"]["by_supply"]["properties"]["method"]["enum"]
    assert by_supply == list(possession.METHODS)
    channel = schema("channel")["properties"]["rows"]["items"]["properties"]["kind"]["enum"]
    assert channel == list(channels.KINDS)
    finding = schema("check")["$defs"]["finding"]["properties"]["kind"]["enum"]
    assert set(finding) == set(findings.KINDS)
    bands = schema("naranjo")["properties"]["band"]["enum"]
    assert set(bands) == {naranjo.band(points) for points in range(-4, 14)}


PROMISED = {
    "schedule": "medication planned_at local_time zone amount state flags",
    "log": "id uid medication taken_at local_time zone amount amount_differs status timing slot certainty given_by"
    " note recorded_at",
    "take": "recorded dose slot already",
    "check": "kind severity a b effect what_to_do source source_date",
    "adherence": "medication since until expected taken skipped missed extra doses on_time late early expected_days"
    " exact_days monitored_days at_least_days late_entries adherence adherence_uncapped longest_gap_hours holidays"
    " method on_time_window started",
    "parse": "name strength form route amount timing as_needed as_needed_for max_dose min_gap reason sequence"
    " warnings reads_as",
}
"""The keys of a row that were promised first: nobody may take one away."""


@pytest.mark.parametrize("kind", PROMISED)
def test_what_was_promised_is_required(kind: str) -> None:
    wanted = set(PROMISED[kind].split())
    assert any(wanted <= set(part.get("required", ())) for part in parts(schema(kind)))


def test_what_was_promised_beside_the_rows_is_required() -> None:
    assert "dropped" in schema("schedule")["required"]
    assert "recorded" in schema("take")["required"]
    checked = schema("check")["$defs"]["checked"]
    assert {"checked", "not_checked", "rules", "rules_date"} <= set(checked["required"])
    timing = schema("parse")["$defs"]["repeat"]
    fhir = "frequency frequencyMax period periodMax periodUnit dayOfWeek timeOfDay when offset count boundsDuration"
    ours = "boundsPeriod cycle dayOfMonth dayOfYear"
    assert set(f"{fhir} {ours}".split()) <= set(timing["required"])


# --- documents ---------------------------------------------------------------------------------------


def everything(run: Run, home: Path) -> Iterator[Printed]:
    """Every document of a record in which everything was written down."""
    (home / "doses.csv").write_text(SHEET, encoding="utf-8")
    for line in WRITING:
        found = ask(run, line.replace("~", str(home)))
        assert found is not None, line
        yield found
    for lead in ("", "--person all "):
        for line in LISTINGS:
            found = ask(run, lead + line)
            if found is not None:
                yield found


def test_every_document_of_a_full_record_and_each_kind_among_them(run: Run, home: Path) -> None:
    seen: dict[str, Any] = {}
    for found in everything(run, home):
        assert flaws(found.document) == [], found.line
        kind = found.document["kind"]
        assert found.command in schema(kind)["x-commands"], found.line
        # Of one person: what people differ in is left out where it is about several.
        if "people" not in found.document:
            small = shortened(found.document)
            seen[kind] = max(seen.get(kind, small), small, key=lambda each: len(str(each)))
    assert set(kinds()) - set(seen) == set()
    for document in seen.values():
        no_change_passes(document)


OPEN = {
    "person": "is there where a listing is about several people",
    "people": "the same",
    "before": "of adherence with --compare, and of a journey",
    "calendar": "with --calendar",
    "record": "where there is none yet",
    "is_checked": "of a receipt",
    "allergies": "of a card with some",
    "contacts": "of a card with some",
    "observation": "of one taken out, not of a whole session",
    "online": "with --online",
    "redacted": "with --redact",
} | dict.fromkeys(
    ("dissociation", "cadss", "nausea", "sedation", "spo2"), "of a session in which it was observed"
)
"""The keys that need not be there, and when they are."""


def no_change_passes(document: Any) -> None:
    """Assert that a key missing or of another type would be found, wherever it stands; new ones always are."""
    kind = document["kind"]
    for path, key in places(document):
        for change in ("missing", "retyped"):
            changed = copy.deepcopy(document)
            part = changed
            for step in path:
                part = part[step]
            value = part.pop(key)
            if change == "retyped":
                part[key] = {"not": "this"} if not isinstance(value, dict) else [value]
            elif key in OPEN:
                continue
            assert not validator(kind).is_valid(changed), f"{kind}: {change} {'.'.join(map(str, path))} {key}"


def shortened(part: Any) -> Any:
    """The same with two of each list, and one of each type of a row."""
    if isinstance(part, list):
        types = {each["type"]: each for each in part if isinstance(each, dict) and "type" in each}
        return [shortened(each) for each in (list(types.values()) or part[:2])]
    return {key: shortened(each) for key, each in part.items()} if isinstance(part, dict) else part


def places(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every key of a document with the way to it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield path, key
            yield from places(value, (*path, key))
    elif isinstance(part, list):
        for at, each in enumerate(part):
            yield from places(each, (*path, at))


@pytest.mark.parametrize("document", TRANSCRIPTS, ids=lambda path: path.name)
def test_every_document_of_a_transcript(document: Path, run: Run, home: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for name, content in transcript.files(text).items():
        (home / name).write_text(content, encoding="utf-8")
    last = None
    for step in transcript.steps(text):
        words = [
            word.replace("~/", f"{home}/") if word.startswith("~/") else word
            for word in shlex.split(step.command)
        ][1:]
        last = step.at or last
        found = printed(words, lambda asked, at=step.at: run(asked, now=at))
        assert found is None or flaws(found.document) == [], found and found.line
    for line in ("today", "report", "adherence --detail", "export", "--person all report"):
        found = ask(run, line, last or NOW)
        assert found is None or flaws(found.document) == [], line


def test_a_record_with_nothing_in_it(run: Run) -> None:
    first = ask(run, "today")
    assert first is not None
    assert (flaws(first.document), first.document["now"]) == ([], "2026-03-11T21:00:00+01:00")
    run("people add Ann", now=NOW)
    for line in LISTINGS:
        for lead in ("--person Ann ", "--person all "):
            found = ask(run, lead + line)
            if found is None:
                assert (lead, line in OF_ONE) == ("--person all ", True), lead + line
                continue
            assert flaws(found.document) == [], found.line
    nothing = ask(run, "--person Ann log")
    assert nothing is not None
    assert nothing.document["rows"] == []


def test_whose_a_row_is_must_be_said_of_several_people_and_of_them_alone(run: Run) -> None:
    for name in ("Ann", "Ben"):
        assert run(f"--person {name} add metformin --at 08:00 --from 2026-03-11 --yes", now=NOW).code == 0
    several = ask(run, "--person all schedule")
    assert several is not None
    without = copy.deepcopy(several.document)
    del without["rows"][0]["person"]
    assert flaws(without)
    of_one = ask(run, "--person Ann schedule")
    assert of_one is not None
    of_one.document["rows"][0]["person"] = "Ann"
    assert flaws(of_one.document)


def test_a_record_of_one_medication(run: Run) -> None:
    assert run("add metformin --at 08:00,20:00 --from 2026-03-11", now=NOW).code == 0
    for line in LISTINGS:
        found = ask(run, line)
        assert found is not None, line
        assert flaws(found.document) == [], line


# --- asking for them ---------------------------------------------------------------------------------


def test_a_schema_is_printed_as_it_is_used(run: Run) -> None:
    for kind in kinds():
        assert json.loads(run(["schema", kind]).out) == schema(kind)
    listed = json.loads(run("schema --json").out)
    assert [row["kind"] for row in listed["rows"]] == kinds()
    assert run("schema --csv").out.startswith("kind,commands,about\nadd,")


def test_a_schema_that_is_not_there(run: Run) -> None:
    assert run("schema skip") == Result(20, "", "medtrack: There is no schema 'skip'. Did you mean 'take'?\n")
    assert "Did you mean 'history'?" in run("schema histroy").err
    assert run("schema ../pack").code == 20
    assert run("schema log --csv").code == 2
    assert run("schema ''").err.endswith("'medtrack schema' lists them.\n")
