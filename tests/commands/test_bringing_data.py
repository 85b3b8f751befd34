"""Data sets that a person brings along: read whole or not at all, named in every check, removed again."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import files_of_others as others
from tests.conftest import KEPT, Result, sealed

Run = Callable[..., Result]
NOW = "2026-03-10T08:00[Europe/London]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "downloads"
    made.mkdir()
    return made


def checked(run: Run, *names: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(["check", *names, "--json"], now=NOW).out)
    return document


def bring(run: Run, kind: str, files: list[str]) -> Result:
    return run(["check", "import", kind, *files], now=NOW)


@pytest.mark.parametrize("write", [others.ansm, others.ansm_archive])
def test_the_thesaurus_of_the_ansm(run: Run, folder: Path, write: Callable[[Path], list[str]]) -> None:
    said = bring(run, "ansm", write(folder))
    assert said.code == 0, said.err
    assert said.out.startswith("Imported: ANSM thesaurus 2026-09-01, 3 rows.")
    document = checked(run, "warfarin", "zolmitriptan")
    (row,) = document["rows"]
    assert (row["kind"], row["severity"], row["a"], row["b"]) == (
        "interaction",
        "major",
        "warfarin",
        "zolmitriptan",
    )
    assert "Which of them holds depends on the dose or the use." in row["effect"]
    assert "avec : - de fortes doses" in row["effect"]
    assert (row["source"], row["source_date"]) == ("ANSM thesaurus 2026-09-01", "2026-03-10")
    (used,) = document["imports"]
    assert (used["name"], used["version"], used["imported_on"]) == ("ansm", "2026-09-01", "2026-03-10")
    assert used["checked"] == ["warfarin", "zolmitriptan"]
    assert any("French" in hole for hole in used["holes"])


def test_what_both_say_is_said_once_with_both_sources(run: Run, folder: Path) -> None:
    before = checked(run, "warfarin", "amiodarone")["rows"]
    bring(run, "ansm", others.ansm(folder))
    after = checked(run, "warfarin", "amiodarone")["rows"]
    assert len(after) == len(before)
    assert after[0]["source"] == f"{before[0]['source']}; ANSM thesaurus 2026-09-01 (Précaution d'emploi)"


def test_a_medicine_that_the_rules_do_not_know_is_held_against_the_data_alone(run: Run, folder: Path) -> None:
    bring(run, "ansm", others.ansm(folder))
    said = run(["check", "zorbamine 5 mg", "St John's wort"], now=NOW)
    assert said.code == 4
    assert "NOT checked: zorbamine 5 mg. It is no name that is known" in said.out
    assert "zorbamine 5 mg: held against ANSM thesaurus alone." in said.out
    assert "CONTRAINDICATED (interaction): St John's wort with zorbamine 5 mg" in said.out


def test_ddinter_says_which_groups_it_leaves_out(run: Run, folder: Path) -> None:
    said = bring(run, "ddinter", others.ddinter(folder))
    assert said.code == 0, said.err
    assert "3 rows" in said.out, "each pair once, and none of no known level"
    hole = "DDInter: It has no pair of two medicines that both belong to: heart and circulation,"
    shown = run("check zolmitriptan 'folic acid' levothyroxine", now=NOW)
    assert shown.code == 4
    assert "MAJOR (interaction): folic acid with zolmitriptan" in shown.out
    assert hole in shown.out
    assert "it knows 2 of 3 medicines." in shown.out
    assert "NOT in DDInter: levothyroxine." in shown.out
    quiet = run("check paracetamol levothyroxine", now=NOW)
    assert quiet.code == 0
    assert hole in quiet.out, "also where nothing is found"


def test_ddinter_of_unnamed_files_says_that_its_groups_are_not_known(run: Run, folder: Path) -> None:
    (folder / "pairs.csv").write_text(others.DDINTER, encoding="utf-8")
    assert "is not to be told" in bring(run, "ddinter", [str(folder / "pairs.csv")]).out


@pytest.mark.parametrize(("kind", "write"), [("rxnorm", others.rxnorm), ("ndc", others.ndc)])
def test_brands_of_another_list(
    run: Run, folder: Path, kind: str, write: Callable[[Path], list[str]]
) -> None:
    assert checked(run, "Zorbix", "ibuprofen")["not_checked"][0]["typed"] == "Zorbix"
    said = bring(run, kind, write(folder))
    assert said.code == 0, said.err
    document = checked(run, "Zorbix 5 mg tablets", "ibuprofen")
    assert document["checked"][0]["ingredients"] == ["warfarin"]
    assert "compare it with the packet" in document["checked"][0]["remarks"][0]
    assert document["rows"][0]["severity"] == "major"
    assert sorted(checked(run, "Zorbix Duo")["checked"][0]["ingredients"]) == ["folic acid", "warfarin"]
    (unknown,) = checked(run, "Zorbolin")["not_checked"]
    assert "is zorbamine" in unknown["why"]
    assert "not all of that is known to the rules" in unknown["why"]
    assert checked(run, "Zorbxi")["checked"] == [], "a near miss is never taken"


def test_names_of_rxnorm_by_every_kind(run: Run, folder: Path) -> None:
    bring(run, "rxnorm", others.rxnorm(folder))
    for name in ("Zorbix brand", "warfarin 5 MG Oral Pill [Zorbix]", "warfarin 5 MG Oral Pill of Zorb"):
        assert checked(run, name)["checked"][0]["ingredients"] == ["warfarin"], name
    for name in ("Oldzorb", "Otherzorb"):
        assert checked(run, name)["checked"] == [], name
    said = run("check Zorbix", now=NOW).out
    assert "Names were also looked up in RxNorm 2026-10-05." in said


def test_a_brand_of_several_products_is_asked_about(run: Run, folder: Path) -> None:
    bring(run, "ndc", others.ndc(folder))
    (unknown,) = checked(run, "Twozo")["not_checked"]
    assert unknown["why"].startswith(
        "Twozo is ibuprofen or naproxen sodium by FDA National Drug Code Directory"
    )
    assert checked(run, "Zorbohome")["checked"] == [], "homeopathic names are left out"
    assert checked(run, "Cafezol")["checked"][0]["ingredients"] == ["caffeine"]


def test_a_brand_is_known_at_a_dose_as_soon_as_it_is_brought_along(run: Run, folder: Path) -> None:
    run("add Zorbix --at 18:00 --yes", now=NOW)
    run("add ibuprofen --as-needed --yes", now=NOW)
    assert run("take ibuprofen", now=NOW).code == 0
    bring(run, "ndc", others.ndc(folder))
    said = run("take ibuprofen --again", now=NOW)
    assert said.code == 4
    assert "ibuprofen with Zorbix (major)" in said.err
    run("check --forget ndc", now=NOW)
    assert run("take ibuprofen --again", now=NOW).code == 0


def test_pairs_of_others_speak_when_asked_alone(run: Run, folder: Path) -> None:
    bring(run, "ddinter", others.ddinter(folder))
    run("add zolmitriptan --as-needed --yes", now=NOW)
    said = run("add 'folic acid' --at 08:00 --yes", now=NOW)
    assert "DDInter" not in said.err
    assert run("check", now=NOW).code == 4
    assert run("check --asked 'my pharmacist'", now=NOW).code == 0
    assert checked(run)["rows"][0]["asked"] == "my pharmacist"


# --- grammar, listing, removing ----------------------------------------------------------------------


def test_a_medicine_called_import_is_only_a_name(run: Run) -> None:
    for names in (["import"], ["import", "warfarin"], ["warfarin", "import", "ansm"], ["imports"]):
        document = checked(run, *names)
        assert "import" in " ".join(each["typed"] for each in document["not_checked"]), names


def test_an_import_wants_a_format_and_a_file(run: Run, folder: Path) -> None:
    said = run("check import ansm", now=NOW)
    assert (said.code, said.err) == (
        2,
        "medtrack: Nothing was imported: name the file: medtrack check import ansm FILE.\n",
    )
    (file,) = others.ndc(folder)
    said = run(["check", "import", "anms", file], now=NOW)
    assert said.code == 2
    assert "'anms' is no format of data; there are ansm, ddinter, rxnorm and ndc." in said.err
    assert run(["check", "import", "ndc", str(folder / "none.txt")], now=NOW).code == 49


def test_what_is_there_is_listed_and_removed(run: Run, folder: Path, home: Path) -> None:
    assert run("check --imports", now=NOW).out.startswith("Nothing was imported. Formats: ansm, ddinter,")
    bring(run, "ddinter", others.ddinter(folder))
    again = run(["check", "import", "ddinter", *others.ddinter(folder, "A")], now="2026-04-01T08:00Z")
    assert "It takes the place of the one imported 2026-03-10." in again.out
    (row,) = json.loads(run("check --imports --json", now=NOW).out)["rows"]
    assert (row["name"], row["imported_on"], row["rows"]) == ("ddinter", "2026-04-01", 3)
    assert row["licence"].startswith("CC BY-NC-SA 4.0")
    assert run("check --forget ansm", now=NOW).code == 20
    assert run("check --forget ../../records/me", now=NOW).code == 20
    assert run("check --forget ddinter", now=NOW).code == 0
    assert checked(run, "zolmitriptan", "folic acid")["rows"] == []


def test_what_is_kept_is_private(run: Run, folder: Path, home: Path) -> None:
    before = os.umask(0)
    try:
        bring(run, "ddinter", others.ddinter(folder))
    finally:
        os.umask(before)
    place = home / "data" / "medtrack" / "imports"
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.iterdir()} == {"ddinter.db": 0o600}


def test_it_is_there_for_everyone_on_this_machine(run: Run, folder: Path) -> None:
    bring(run, "ddinter", others.ddinter(folder))
    run("people add Ann", now=NOW)
    assert run("--person Ann check zolmitriptan 'folic acid'", now=NOW).code == 4


# --- what cannot be read -----------------------------------------------------------------------------


def _bad(folder: Path) -> dict[str, tuple[str, bytes, str]]:
    """Files by what is wrong with them: their format, their content, and the sentence expected."""
    pairs = others.DDINTER.encode()
    (product,) = others.ndc(folder)
    products = Path(product).read_bytes()
    return {
        "empty.csv": ("ddinter", b"", "does not begin with the line DDInterID_A"),
        "other.csv": ("ddinter", b"a,b\n1,2\n", "does not begin with the line DDInterID_A"),
        "cut.csv": ("ddinter", pairs + b"DDInter9,Half", "line 6 of cut.csv has 2 cells"),
        "level.csv": (
            "ddinter",
            pairs + b"1,a,2,b,Terrible\n",
            "line 6 of level.csv is no pair with a level",
        ),
        "quote.csv": ("ddinter", pairs + b'1,"a,2,b,Major\n', "line 6 of quote.csv"),
        "latin.csv": ("ddinter", pairs + b"1,Caf\xe9,2,b,Major\n", "line 6 of latin.csv is not in UTF-8"),
        "wide.csv": ("ddinter", others.DDINTER.encode("utf-16"), "is in UTF-16: save it as UTF-8 first"),
        "zero.csv": ("ddinter", pairs + b"1,a\0,2,b,Major\n", "holds a zero byte"),
        "long.csv": ("ddinter", b"a" * 200_000, "line 1 of long.csv has more than 65,536 bytes"),
        "nothing.csv": ("ddinter", pairs.splitlines()[0] + b"\n1,a,2,b,Unknown\n", "nothing of use"),
        "cut.json": ("ansm", b'[{"main_drug": "A"', "is no JSON that can be read"),
        "deep.json": ("ansm", b"[" * 100_000, "is no JSON that can be read"),
        "object.json": ("ansm", b'{"a": 1}', "no list of entries"),
        "strange.json": ("ansm", b'[{"a": 1}]', "is neither the thesaurus of the ANSM nor its index"),
        "latin.json": ("ansm", b'["Caf\xe9"]', "is not UTF-8 text"),
        "alone.json": ("ansm", json.dumps(others.THESAURUS).encode(), "are both needed"),
        "level.json": (
            "ansm",
            json.dumps([{**others.THESAURUS[0], "severity_levels": [{"level": "?", "info": ""}]}]).encode(),
            "both needed",
        ),
        "names.txt": ("ndc", b"PROPRIETARYNAME\tOTHER\nA\tB\n", "has no column NONPROPRIETARYNAME"),
        "half.txt": ("ndc", products[:-20], "cells instead of 11"),
        "conso.rrf": ("rxnorm", b"", "there is no RXNCONSO.RRF and RXNREL.RRF among them"),
        "zip.zip": (
            "rxnorm",
            b"PK\x03\x04" + b"\0" * 100 + b"PK\x05\x06" + b"\0" * 18,
            "there is no RXNCONSO",
        ),
    }


def test_what_cannot_be_read_changes_nothing(run: Run, folder: Path, home: Path) -> None:
    bring(run, "ddinter", others.ddinter(folder))
    place = home / "data" / "medtrack" / "imports"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    for name, (kind, content, sentence) in _bad(folder).items():
        file = folder / name
        file.write_bytes(content)
        said = bring(run, kind, [str(file)])
        assert said.code == 2, (name, said)
        assert said.err.startswith("medtrack: Nothing was imported: "), (name, said.err)
        assert sentence in said.err, (name, said.err)
        assert {path.name: path.read_bytes() for path in place.iterdir()} == before, name


def test_an_archive_that_is_cut_or_locked(run: Run, folder: Path) -> None:
    (whole,) = others.rxnorm(folder)
    content = Path(whole).read_bytes()
    file = folder / "RxNorm_cut.zip"
    # The table of contents is whole, and what it points to is not.
    at = content.index(b"RXNCONSO.RRF") + 20
    file.write_bytes(content[:at] + b"\xff" * 40 + content[at + 40 :])
    said = bring(run, "rxnorm", [str(file)])
    assert (said.code, "the archive is damaged or cut" in said.err) == (49, True), said
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("RXNCONSO.RRF", "x")
        archive.writestr("RXNREL.RRF", "x")
    locked = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.find(mark)
        locked[start + at] |= 1
    file.write_bytes(bytes(locked))
    said = bring(run, "rxnorm", [str(file)])
    assert (said.code, "encrypted" in said.err) == (49, True), said


def test_folders_pipes_and_devices_are_no_files(run: Run, folder: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    for path in (str(folder), str(pipe), "/dev/zero", str(folder / "none"), ""):
        said = bring(run, "ddinter", [path])
        assert said.code in (2, 49), (path, said)
        assert not said.out


def test_a_huge_file_is_read_in_little_memory(folder: Path, home: Path) -> None:
    """Two hundred megabytes in a process that may not have them."""
    file = folder / "ddinter_downloads_code_A.csv"
    block = "".join(f"D{n},Drug{n % 97},D{n + 1},Other{n % 89},Unknown\n" for n in range(10_000))
    with file.open("w", encoding="utf-8") as out:
        out.write(others.DDINTER)
        for _ in range(60):
            out.write(block)
    most = 100 << 20

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))

    done = subprocess.run(
        [sys.executable, "-m", "medtrack", "check", "import", "ddinter", str(file)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=bounded,
        env={**{name: os.environ[name] for name in KEPT if name in os.environ}, **sealed(home)},
    )
    assert (done.returncode, done.stderr) == (0, ""), done


def test_a_data_set_that_is_damaged_is_not_used_and_says_so(run: Run, folder: Path, home: Path) -> None:
    bring(run, "ddinter", others.ddinter(folder))
    bring(run, "ndc", others.ndc(folder))
    place = home / "data" / "medtrack" / "imports"
    for name in ("ddinter", "ndc"):
        file = place / f"{name}.db"
        whole = file.read_bytes()
        for content in (
            b"",
            b"not a database" * 100,
            whole[: len(whole) // 2],
            whole[:100] + b"\xff" * (len(whole) - 100),
        ):
            file.write_bytes(content)
            said = run("check warfarin ibuprofen Zorbix", now=NOW)
            assert said.code == 4, said
            assert f"NOT used: the data set {name}, because it is damaged" in said.out, content[:20]
        assert f"{name} is not used: it is damaged" in run("check --imports", now=NOW).out
        file.write_bytes(whole)
    assert "NOT used" not in run("check warfarin Zorbix", now=NOW).out


def test_hostile_words_in_a_file_are_inert(run: Run, folder: Path) -> None:
    file = folder / "pairs.csv"
    file.write_text(
        others.DDINTER + "1,[red]Zolmitriptan[/],2,=1+1,Major\n1,Zolmitriptan,2,\x1b[31mevil,Major\n"
    )
    assert bring(run, "ddinter", [str(file)]).code == 0
    said = run(["check", "zolmitriptan", "\x1b[31mevil"], now=NOW)
    assert "\x1b" not in said.out
