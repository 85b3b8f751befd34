"""`restore --merge` as people and scripts use it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.store.test_chain import breaks

AT = "2026-03-10T08:{}[Europe/Paris]"
NOW = "2026-03-10T09:00[Europe/Paris]"
Do = Callable[..., Result]


@pytest.fixture
def do(run: Callable[..., Result]) -> Do:
    """Run lines that must succeed; gives what the last one printed."""

    def call(*lines: str, now: str = NOW, code: int = 0, **environ: str) -> Result:
        done = Result(0, "", "")
        for line in lines:
            done = run(line, now=now, **environ)
            assert done.code == code, (line, done)
        return done

    return call


@pytest.fixture
def ours(do: Do, home: Path) -> Path:
    """A record, and ~/ben.db, which began as its copy; both gave the dose of 08:00, and Ben wrote more."""
    do(
        "add metformin --strength '500 mg' --amount '1 tablet' --at 08:00,20:00 --from 2026-03-09 --yes",
        "take metformin --at 'yesterday 08:00'",
        f"backup {home}/ben.db",
        now=AT.format("00"),
    )
    ben = f"--db {home}/ben.db"
    do(f"{ben} take metformin --note bens", now=AT.format("05"), USER="ben")
    do(f"{ben} note dizzy --med metformin", f"{ben} add ibuprofen --as-needed", now=AT.format("06"))
    do("take metformin --note ours", now=AT.format("10"))
    return home / "data" / "medtrack" / "records" / "me.db"


def notes(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as file:
        return {row[0] for row in file.execute("select note from doses where note is not null")}


def test_json(ours: Path, do: Do, home: Path) -> None:
    found = json.loads(do(f"restore {home}/ben.db --merge --yes --json").out)
    conflict = found.pop("conflicts")
    assert found == {
        "version": 1,
        "kind": "merge",
        "recorded": True,
        "actions": 3,
        "facts": 4,
        "kept": f"{ours}.before-merge-20260310T080000Z",
        "warnings": [],
        "rows": [
            {
                "medication": name,
                "is_new": new,
                "doses": doses,
                "plans": plans,
                "notes": note,
                **dict.fromkeys(("stops", "holds", "other", "taken_back"), 0),
            }
            for name, new, doses, plans, note in (("ibuprofen", True, 0, 1, 0), ("metformin", False, 1, 0, 1))
        ],
    }
    assert [(each["kind"], each["medication"], each["ids"]) for each in conflict] == [
        ("dose", "metformin", [3, 2])
    ]
    assert notes(Path(found["kept"])) == {"ours"}
    assert Path(found["kept"]).stat().st_mode & 0o777 == 0o600
    again = json.loads(do(f"restore {home}/ben.db --merge --json").out)
    assert (again["recorded"], again["facts"], again["rows"]) == (False, 0, [])


def test_both_stand_and_the_record_is_whole(ours: Path, do: Do, home: Path) -> None:
    do(f"restore {home}/ben.db --merge --yes", "verify")
    assert list(breaks(ours)) == []
    assert notes(ours) == {"bens", "ours"}
    rows = json.loads(do("log --json").out)["rows"]
    assert [(row["note"], row["timing"]) for row in rows if row["note"]] == [
        ("bens", "on time"),
        ("ours", "extra"),
    ]
    assert "merged 1 dose, 1 plan and 1 note from ben.db" in do("history").out


@pytest.mark.parametrize("which", [0, 1])
def test_the_doctor_says_what_stands_twice_until_it_is_settled(
    which: int, ours: Path, do: Do, run: Callable[..., Result], home: Path
) -> None:
    do("doctor")
    do(f"restore {home}/ben.db --merge --yes")
    (row,) = json.loads(run("doctor --json", now=NOW).out)["rows"]
    assert "dose 3 (today 08:05, by ben) and dose 2 (today 08:10, by ann)" in row["finding"]
    commands = [part.partition("medtrack ")[2] for part in row["what_to_do"].split(";")]
    do(commands[which])
    assert do("doctor") == Result(0, "", "")
    assert len(notes(ours)) == 2 - (which == 0)
    # Whom it comes to is not asked again.
    do(f"--db {home}/ben.db restore {ours} --merge --yes", f"--db {home}/ben.db verify")
    assert "metformin" not in run(f"--db {home}/ben.db doctor", now=NOW).out


def test_back_and_forth_ends(ours: Path, do: Do, home: Path) -> None:
    ben = home / "ben.db"
    do(f"restore {ben} --merge --yes", f"--db {ben} restore {ours} --merge --yes")
    for one, other in ((ours, ben), (ben, ours)):
        assert do(f"--db {one} restore {other} --merge").out.startswith("Nothing new")
    assert notes(ours) == notes(ben)


def test_a_backup_of_the_same_record_is_nothing_new(ours: Path, do: Do, home: Path) -> None:
    do(f"backup {home}/own.db")
    before = ours.read_bytes()
    assert "Nothing new" in do(f"restore {home}/own.db --merge").out
    assert ours.read_bytes() == before
    assert sorted(each.name for each in ours.parent.iterdir()) == ["me.db"]


def test_undo_goes_past_a_merge_and_leaves_it(ours: Path, do: Do, home: Path) -> None:
    do(f"restore {home}/ben.db --merge --yes")
    assert "Taken back: took metformin 1 tablet, " in do("undo").out
    assert notes(ours) == {"bens"}
    do("redo")
    assert notes(ours) == {"bens", "ours"}
    do(f"restore {ours}.before-merge-20260310T080000Z --yes")
    assert notes(ours) == {"ours"}


def test_what_was_undone_there_is_undone_here(ours: Path, do: Do, home: Path) -> None:
    ben = f"--db {home}/ben.db"
    do(f"restore {home}/ben.db --merge --yes", f"{ben} undo 3")
    said = json.loads(do(f"restore {home}/ben.db --merge --yes --json").out)
    assert {row["medication"]: row["taken_back"] for row in said["rows"]} == {"ibuprofen": 2, "metformin": 2}
    assert notes(ours) == {"ours"}
    do("verify", "doctor")


def test_without_a_terminal_it_needs_yes(ours: Path, do: Do, home: Path) -> None:
    before = ours.read_bytes()
    said = do(f"restore {home}/ben.db --merge", code=30).err
    assert "1 dose, 1 plan and 1 note would come" in said
    assert "was written down on two devices" in said
    assert ours.read_bytes() == before
    assert [each.name for each in ours.parent.iterdir()] == ["me.db"]


def test_on_a_terminal_it_shows_what_would_come_and_asks(ours: Path, home: Path) -> None:
    terminal = Terminal(home)
    code, shown = terminal("restore", f"{home}/ben.db", "--merge", answers="n\n")
    assert code == 1
    for said in (
        "would be added",
        "ibuprofen",
        "amend 2 --void",
        "Merge it? What is there now is kept aside.",
    ):
        assert said in shown
    assert notes(ours) == {"ours"}
    code, shown = terminal("restore", f"{home}/ben.db", "--merge", answers="y\n")
    assert (code, notes(ours)) == (0, {"bens", "ours"})


def test_another_persons_record_is_refused_until_both_bear_one_name(do: Do, home: Path) -> None:
    do("add ibuprofen --as-needed", "people add 'Ann Lee'")
    ann = "--person 'Ann Lee'"
    do(f"{ann} add ibuprofen --as-needed", f"{ann} take ibuprofen --note anns", f"{ann} backup {home}/ann.db")
    me = home / "data" / "medtrack" / "records" / "me.db"
    before = me.read_bytes()
    refused = do(f"restore {home}/ann.db --merge --yes", code=37)
    assert "medtrack settings person 'Ann Lee'" in refused.err
    assert me.read_bytes() == before
    do("settings person 'ann  lee'")
    told = do(f"restore {home}/ann.db --merge", code=30).err
    assert "share nothing: be sure that both are of one person" in told
    assert "share nothing" in do(f"restore {home}/ann.db --merge --yes").err
    do("verify")
    assert notes(me) == {"anns"}


def test_two_of_one_name_do_not_break_the_program(
    do: Do, run: Callable[..., Result], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for db, strength in (("a", "200 mg"), ("b", "400 mg")):
        root = f"--db {home}/{db}.db --person ann"
        do(
            f"{root} add elderflower --strength '{strength}' --at 08:00 --from 2026-03-10 --yes",
            f"{root} settings person ann",
        )
    monkeypatch.setenv("MEDTRACK_DB", f"{home}/a.db")
    home.chmod(0o700)
    said = do(f"restore {home}/b.db --merge --yes").out
    assert "elderflower was written down 2 times, each apart: elderflower#1 (200 mg" in said
    for line in ("today", "meds", "log", "schedule", "adherence", "changes", "history", "export"):
        do(line)
    assert do("take elderflower", code=22).err.startswith(
        "medtrack: 'elderflower' could be 'elderflower#1' or 'elderflower#2'"
    )
    do("add elderflower --as-needed", code=22)
    assert "400 mg" in do("show elderflower#2").out
    do("take elderflower#2 --note second", "take --all-due")
    (row,) = json.loads(run("doctor --json", now=NOW).out)["rows"]
    do(row["what_to_do"].partition("medtrack ")[2])
    do(
        "take elderflower --again --note first",
        "amend 1 --med elderflower#1 --reason 'the other'",
        now="2026-03-10T09:05[Europe/Paris]",
    )
    assert "elderflower#1" not in do("show elderflower", now="2026-03-10T09:06[Europe/Paris]").err
    assert do("doctor", now="2026-03-10T09:06[Europe/Paris]") == Result(0, "", "")


def test_plans_made_apart_at_the_same_time_are_told(
    ours: Path, do: Do, run: Callable[..., Result], home: Path
) -> None:
    do(
        "change metformin --amount '2 tablets' --reason x",
        f"--db {home}/ben.db change metformin --amount '3 tablets' --reason y",
    )
    said = do(f"restore {home}/ben.db --merge --yes").out
    assert "metformin is planned twice at the same time" in said
    rows = json.loads(run("doctor --json", now=NOW).out)["rows"]
    assert len([row for row in rows if "planned twice" in row["finding"]]) == 1
    do("change metformin --amount '2 tablets' --reason 'planned twice'", now="2026-03-10T09:10[Europe/Paris]")
    after = run("doctor", now="2026-03-10T09:11[Europe/Paris]").out
    assert "planned twice" not in after


def test_the_zone_of_the_one_begun_first_is_kept(do: Do, home: Path) -> None:
    for db, zone, now in (("a", "Asia/Tokyo", AT.format("20")), ("b", "Europe/Paris", AT.format("10"))):
        do(
            f"--db {home}/{db}.db --tz {zone} add x{db} --as-needed",
            f"--db {home}/{db}.db settings person ann",
            now=now,
        )
    said = do(f"--db {home}/a.db restore {home}/b.db --merge --yes").err
    assert "The clock becomes that of Europe/Paris; now it is that of Asia/Tokyo." in said
    assert "clock becomes" not in do(f"--db {home}/b.db restore {home}/a.db --merge --yes").err
    assert [do(f"--db {home}/{db}.db travel").out.split()[-1] for db in "ab"] == ["Europe/Paris"] * 2


# --- a machine that was copied with all it remembers ------------------------------------------------


@pytest.fixture
def twin(ours: Path, home: Path) -> None:
    """A copy of the machine, records and memory and all."""
    shutil.copytree(home, home.with_name("twin"))


def swap(home: Path) -> None:
    """Go over to the other machine of the two: its files under the same paths, which its memory knows."""
    other, aside = home.with_name("twin"), home.with_name("aside")
    for folder in ("data", "state"):
        (home / folder).rename(aside)
        (other / folder).rename(home / folder)
        aside.rename(other / folder)


def devices(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("select device from action order by id")]


@pytest.mark.usefixtures("twin")
def test_both_branches_of_a_forked_chain_are_kept(ours: Path, do: Do, home: Path) -> None:
    do("take metformin --again --note here", now=AT.format("20"))
    swap(home)
    do("hold metformin --from now --until 2026-03-12 --reason scan", now=AT.format("24"))
    do("take metformin --again --note there", "undo", "redo", now=AT.format("25"))
    do(f"backup {home}/there.db")
    assert len(set(devices(ours))) == 1
    swap(home)
    said = do(f"restore {home}/there.db --merge --yes").out
    assert "Another machine wrote under this one's name" in said
    assert notes(ours) == {"ours", "here", "there"}
    do("verify", "history", "changes")
    assert list(breaks(ours)) == []
    assert len(set(devices(ours))) == 2, "from the merge on it is a device of its own"
    do("undo", code=26)
    do("take metformin --again --note after", "undo", now=AT.format("59"))
    assert notes(ours) == {"ours", "here", "there"}
    # And back: there, too, the name is given up.
    do(f"backup {home.with_name('here.db')}")
    swap(home)
    do(f"restore {home.with_name('here.db')} --merge --yes", "verify")
    assert notes(ours) == {"ours", "here", "there"}
    assert len(set(devices(ours))) == 3
    swap(home)
    do("take metformin --again --note more", "verify", now=AT.format("59"))


@pytest.mark.usefixtures("twin")
def test_going_on_where_the_twin_left_off_gives_up_the_name_too(ours: Path, do: Do, home: Path) -> None:
    swap(home)
    do("take metformin --again --note there", f"backup {home}/there.db")
    swap(home)
    do(f"restore {home}/there.db --merge --yes", "verify", "take metformin --again --note after", "verify")
    assert len(set(devices(ours))) == 2


# --- what is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "code"),
    [("missing", 49), ("text", 47), ("flipped", 44), ("newer", 43), ("itself", 2), ("empty", 44)],
)
def test_a_wrong_file_is_refused_and_nothing_touched(
    kind: str, code: int, ours: Path, do: Do, home: Path
) -> None:
    file = home / "ben.db"
    content = file.read_bytes()
    if kind == "missing":
        file.unlink()
    elif kind == "itself":
        file = ours
    else:
        contents = {
            "text": b"no database",
            "empty": b"",
            "flipped": content.replace(b"bens", b"bons"),
            "newer": content[:60] + b"\0\0\x03\xe7" + content[64:],
        }
        file.write_bytes(contents[kind])
    before = ours.read_bytes()
    assert do(f"restore {file} --merge --yes", code=code).out == ""
    assert ours.read_bytes() == before
    assert [each.name for each in ours.parent.iterdir()] == ["me.db"]


def test_nothing_is_merged_into_a_damaged_record(ours: Path, do: Do, home: Path) -> None:
    ours.write_bytes(ours.read_bytes().replace(b"ours", b"owrs"))
    before = ours.read_bytes()
    said = do(f"restore {home}/ben.db --merge --yes", code=44).err
    assert str(ours) in said
    assert ours.read_bytes() == before


def test_without_a_record_there_is_nothing_to_merge_into(ours: Path, do: Do, home: Path) -> None:
    do(f"--db {home}/none.db restore {home}/ben.db --merge --yes", code=41)
    assert not (home / "none.db").exists()
    ours.unlink()
    do(f"restore {home}/ben.db --merge --yes", code=40)


def test_a_record_whose_end_was_lost_gets_it_back(ours: Path, do: Do, home: Path) -> None:
    """A backup put back by hand, or a sync program's, and the newer file merged into it."""
    ours.rename(home / "newer.db")
    do(f"--db {home}/ben.db backup {ours}")
    do(f"restore {home}/newer.db --merge --yes", "verify")
    assert notes(ours) == {"ours", "bens"}


def test_what_was_taken_of_a_medication_that_another_device_took_back_is_not_lost(
    ours: Path, do: Do, run: Callable[..., Result], home: Path
) -> None:
    do(
        "add aspirin --at 08:00 --yes",
        "add zinc --at 09:00 --yes",
        f"backup {home}/cat.db",
        now=AT.format("20"),
    )
    cat = f"--db {home}/cat.db"
    do(
        f"{cat} take aspirin --again --note cats",
        f"{cat} note odd --med zinc",
        f"{cat} hold zinc --from now --reason scan",
        f"{cat} stop zinc --reason done",
        f"{cat} change aspirin --at 09:00 --reason later",
        now=AT.format("30"),
    )
    do("undo 2", now=AT.format("40"))
    do(f"restore {home}/cat.db --merge --yes", "verify")
    assert {"cats", "ours"} <= notes(ours)
    listings = "today;meds --all;log;log aspirin;schedule;adherence;changes;history;notes;show aspirin;export;due --quiet"
    for line in (*listings.split(";"), "take aspirin", "show zinc"):
        assert run(line, now=NOW).code in (0, 10, 11), (line, run(line, now=NOW))
    assert "aspirin" in do("log").out
    # The other way round, too.
    do(f"{cat} restore {ours} --merge --yes")
    for line in listings.split(";"):
        assert run(f"{cat} {line}", now=NOW).code in (0, 10, 11), (line, run(f"{cat} {line}", now=NOW))
