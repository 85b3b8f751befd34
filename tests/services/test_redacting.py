"""Nothing that a person typed freely is on a redacted page, in any format, whatever field it was typed into."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from medtrack.domain.measures import KINDS
from medtrack.domain.person import Helper
from medtrack.domain.protocol_reading import read_protocol
from medtrack.domain.protocols import Protocol
from medtrack.domain.redaction import Redaction
from medtrack.knowledge import read_instruments, read_pack, read_shipped_protocol
from medtrack.store.record import FACTS, Record
from medtrack.store.redaction import KEPT, redacted
from medtrack.store.registry import Registry
from medtrack.store.together import team
from tests.conftest import Result

Run = Callable[..., Result]
NOW = "2026-03-10T09:00[Europe/Paris]"
PHONE, BORN = "+33 1 98 76 54 32", "1951-07-23"
SECRETS = re.compile(rf"zq[\w ]{{0,12}}|{re.escape(PHONE)}|{BORN}", re.IGNORECASE)
"""Every secret is a word with 'zq' in it and a number of its own, the telephone number or the birth date."""
OWN = """
name = "Zqinfusion 1"
source = "zqclinic 2"
[rest]
minutes = 60
text = "zqrest 3"
[[before]]
key = "zqkey4"
kind = "confirm"
text = "zqbefore 5"
[[during]]
key = "bp"
at = [40]
text = "zqduring 6"
[[phase]]
name = "zqphase 7"
first_week = 1
text = "zqphase 8"
[bp]
above = "140/90"
text = "zqabove 9"
"""
PLANTED = (
    "profile --name 'Zqann 10' --born 1951-07-23 --country FR --weight '70 kg'",
    "settings crisis 'Zqcrisis 11'",
    "team add 'Dr Zqosei 12' --role prescriber --phone '+33 1 98 76 54 32'",
    "team add 'Zqben 13' --role carer",
    "add 'Zqtonic 14' --amount '1 tablet' --strength 'zqweak 16' --code zq17 --at 08:00 --from 2026-03-01 --for 'zqreason 18' --by 'Zqkay 19' --yes",
    "add 'sertraline 50 mg tablet, 1 tablet daily in the morning with food, for zqmood21' --from 2026-03-01 --yes",
    "add ibuprofen --amount '1 tablet' --as-needed --max '3 tablets/24h' --for 'zqknee 22' --from 2026-03-01 --yes",
    "take Zqtonic --note 'zqnote 23' --by 'Dr Zqosei 12'",
    "take ibuprofen --by 'Zqjo 24'",
    "skip sertraline --reason 'zqskip 25' --for 08:00",
    "change sertraline --amount '2 tablets' --reason 'zqchange 26' --by 'Dr Zqosei 12' --yes",
    "hold Zqtonic --from 2026-03-12 --until 2026-03-14 --reason 'zqhold 27' --by 'Zqlee 28'",
    "resume Zqtonic --from 2026-03-13",
    "take ibuprofen --again",
    "stop ibuprofen --at tomorrow --reason 'zqstop 29' --by 'Zqmo 30'",
    "refill sertraline 30 --note 'zqshop 31'",
    "note 'zqdizzy 32' --grade 2 --med sertraline --did 'zqsat 33' --at '2026-03-09 10:00'",
    "measure phq9 --items 1,2,0,1,1,1,1,0,1 --note 'zqscore 34' --at '2026-03-08 10:00'",
    "measure 'zqlab 35' '5 zqunit36' --range 1-9",
    "measure glucose '104 mg/dl' --note 'zqsugar 37'",
    "allergy add 'zqnuts 38' --reaction 'zqhives 39'",
    "allergy add penicillin --reaction 'zqrash 40' --certainty suspected",
    "condition add 'zqknee 41' --note 'zqside 42'",
    "condition add asthma --note 'zqlung 43'",
    "session start spravato --note 'zqroom 44' --at 06:00",
    "session observe bp 128/82 escort 'Zqben 13' note 'zqseen 45' --note 'zqsaw 46' --at 06:10",
    "session observe dose '56 mg' --at 06:05",
    "session end --note 'zqend 48' --at 08:30",
    "session start ~/zqown49.toml --at 08:40",
    "session observe zqkey4 'zqyes 50' --at 08:45",
    "session end --at 08:50",
    "tried add 'Zqherb 51' --dose '3 zqcups52' --weeks 4 --response 'zqfine 53' --why 'zqtaste 54'",
    "tried add citalopram --dose '20 mg' --response 'zqnone 55'",
    "visit add --with 'Dr Zqosei 12' --on 2026-03-02 --decided 'zqgo 56'",
    "visit add --with 'Zqnurse 57' --on 2026-03-20",
    "question add 'zqwhy 58'",
    "advise sertraline --missed 'zqskip 59' --by 'zqleaflet 60'",
    "remind rule sertraline --repeat 15m --then zqcarer61",
    "add warfarin --strength '5 mg' --amount '1 tablet' --at 18:00 --from 2026-03-01 --yes",
    "check --asked 'zqpharmacist 62'",
    "amend 1 --at 07:50 --reason 'zqclock 63'",
)  # fmt: skip
CLOSED = {
    ("medication", "form"), ("plan", "unit"), ("dose", "unit"), ("supply", "unit"), ("plan", "advice"), ("medication", "route"), ("plan", "max_unit"), ("measure", "name"), ("rule", "repeats"),
    ("snooze", "since"), ("snooze", "until"), ("acknowledgement", "finding"), ("acknowledgement", "basis"),
    ("acknowledgement", "asked_at"), ("team", "role"), ("plan_end", "decided_by"), ("plan_end", "reason"),
    ("hold_end", "reason"), ("hold_end", "decided_by"), ("session", "protocol"), ("observation", "kind"),
    ("team", "phone"), ("profile", "value"), ("setting", "value"),
}  # fmt: skip
"""Columns that take no free text, or whose secrets are written otherwise; they are not kept as they are either."""


@pytest.fixture
def planted(run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "zqfile.db"
    monkeypatch.setenv("MEDTRACK_DB", str(path))
    (home / "zqown49.toml").write_text(OWN, encoding="utf-8")
    import shlex

    for line in PLANTED:
        words = [word.replace("~/", f"{home}/") for word in shlex.split(line)]
        done = run(words, now=NOW)
        assert done.code in (0, 4), (line, done)
    return path


def texts(file: Path | sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Every text of every fact: kind, column, value."""
    connection = file if isinstance(file, sqlite3.Connection) else sqlite3.connect(file)
    for kind in FACTS:
        cursor = connection.execute(f"select * from {kind}")
        names = [each[0] for each in cursor.description]
        for row in cursor:
            for name, value in zip(names, tuple(row), strict=True):
                if isinstance(value, str):
                    yield kind, name, value


def test_every_field_that_takes_words_holds_a_secret(planted: Path) -> None:
    """What follows proves nothing about a column into which nothing was planted."""
    hit = {(kind, name) for kind, name, value in texts(planted) if SECRETS.search(value)}
    with closing(sqlite3.connect(planted)) as file:
        of_text = {
            (kind, name)
            for kind in FACTS
            for _, name, what, *_ in file.execute(f"pragma table_info({kind})")
            if what == "TEXT" and name != "uid" and name not in KEPT.get(kind, ())
        }
    assert of_text - hit - CLOSED == set()
    assert not {each for each in hit if each[1] in KEPT.get(each[0], ())}


@pytest.mark.parametrize("command", ["brief --since 2026-03-01", "report"])
@pytest.mark.parametrize("face", ["text", "markdown", "html", "json", "csv", "pdf"])
def test_no_secret_is_on_a_page(planted: Path, run: Run, tmp_path: Path, command: str, face: str) -> None:
    if face == "pdf":
        assert run(f"{command} --redact -o {tmp_path}/page.pdf", now=NOW).code == 0
        page = " ".join(each.extract_text() for each in PdfReader(tmp_path / "page.pdf").pages)
        page += str(PdfReader(tmp_path / "page.pdf").metadata)
    else:
        done = run(f"{command} --redact --format {face}", now=NOW)
        assert done.code == 0
        # Where to get help now is said beside a table for scripts, and tells nobody's name either.
        assert done.err.startswith("medtrack: Item 9") if face == "csv" else not done.err
        page = done.out + done.err
    assert SECRETS.findall(page) == []
    told = re.sub(r"[\s\\]+", " ", page)
    for words in ("sertraline", *(["prescriber", "Taken out: the name"] if face != "csv" else [])):
        assert words in told, words
    # Without --redact they are all there: the page is of this record.
    whole = run(f"{command} --format json", now=NOW).out
    assert len(set(SECRETS.findall(whole))) > 10


def test_no_secret_is_in_the_copy_that_pages_are_made_of(planted: Path) -> None:
    pack = read_pack()
    record = Record.open(str(planted), Registry(None))
    redaction = Redaction(pack, "FR", team(record), {*KINDS, *read_instruments()}, _shipped())
    copy = redacted(record, redaction.told)
    assert [each for each in texts(copy.connection) if SECRETS.search(each[2])] == []
    assert copy.rows("select 1 from action where who <> '' or summary <> '' or key is not null") == []
    assert list(texts(planted)), "the record itself stays as it is"


@settings(deadline=None, max_examples=150)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(
        ["{}", "{} ibuprofen", "ibuprofen {}", "Nurofen ({})", "penicillin {}", "{} asthma", "eGFR 28 {}"]
    ),
)
def test_no_name_carries_what_was_typed_beside_it(secret: str, form: str) -> None:
    """Whatever a medicine, an allergy, a condition or a treatment is called, medtrack's own word comes out."""
    secret = f"zq{secret}"
    typed = form.format(secret)
    redaction = Redaction(read_pack(), "FR", [Helper(0, "", typed, "carer", None)], {"phq9"}, _shipped())
    for kind, column, more in (
        (
            "medication",
            "name",
            {"uid": "1", "strength": typed, "form": typed, "reason": typed, "code": typed},
        ),
        ("tried", "name", {"dose": typed, "response": typed, "why": typed}),
        ("allergy", "substance", {"reaction": typed}),
        ("condition", "name", {"note": typed}),
        ("visit", "with_whom", {"decided": typed}),
        ("dose", "given_by", {"note": typed, "unit": typed}),
        ("observation", "value", {"kind": "dose", "note": typed}),
        ("observation", "kind", {"value": typed, "note": typed}),
    ):
        told = redaction.told(kind, {column: typed, **more}) or {}
        assert not [value for value in told.values() if "zq" in str(value).lower()], (kind, told)
    assert "zq" not in redaction.words.lower()


def _shipped() -> Protocol:
    text = read_shipped_protocol("spravato")
    assert text is not None
    return read_protocol(text, "spravato", "it")


def test_what_stands_for_names(planted: Path, run: Run) -> None:
    page = run("brief --since 2026-03-01 --redact", now=NOW).out
    for words in ("2026-03-02, the prescriber: (left out)", "with somebody else on 2026-03-20", "medicine 1", "substance 1",
                  "penicillin (suspected)", "asthma", "condition 1", "citalopram 20 mg", "(grade 2, moderate; sertraline; not over): (left out)",
                  "a clinic's own protocol"):  # fmt: skip
        assert words in re.sub(r"\s+", " ", page), words


def test_everyone_is_refused(planted: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEDTRACK_DB")
    run("people add Ann", now=NOW)
    done = run("--person all brief --redact", now=NOW)
    assert (done.code, done.out) == (2, "")
    assert "--redact is about one person" in done.err
