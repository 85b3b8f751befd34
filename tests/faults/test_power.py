"""Power cut at any moment: what was acknowledged is there once, and a harness that would see it if it were not.

A sample; `python -m tests.faults.power --states 10000` takes very many.
"""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from tests.faults.disk import FOLDER, Disk, Name, Names, Sync, Told, Tree, Write, lay_out, torn, tree_of
from tests.faults.harness import Done, heavy

BEFORE: Tree = {"a": b"old", "d": None}
MADE = Names((Name("d", "new", 2),))


def losses(done: Done) -> dict[str, int]:
    """The figures of the run's last line, by their word."""
    head, line = done.out.splitlines()[-2:]
    numbers = [int(each.replace(",", "")) for each in re.findall(r"[\d,]+", line.partition("commands")[2])]
    return dict(zip(head.split(), numbers, strict=True))


@pytest.mark.usefixtures("traced")
def test_no_power_cut_loses_or_doubles_what_was_acknowledged() -> None:
    done = heavy("tests.faults.power", "--states", "460", "--workers", "1")
    assert done.code == 0, done
    found = losses(done)
    assert found["states"] > 400
    assert found["told"] >= 23, "the end of every command was among them"
    assert found["lost"] == found["doubled"] == found["damaged"] == 0


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("synchronous", ["off", "normal", "full"])
def test_less_care_than_medtrack_takes_is_seen_to_lose_doses(synchronous: str) -> None:
    options = ("--only", "take", "--states", "120", "--workers", "1", "--synchronous", synchronous)
    done = heavy("tests.faults.power", *options)
    assert done.code == 1, done
    found = losses(done)
    assert found["lost"] > 0
    assert found["doubled"] == 0
    # Between the two SQLite promises a sound file nearly always, and with FULL always.
    assert (found["damaged"] > 0) == (synchronous == "off") or synchronous == "normal"


def after(*events: Write | Names | Sync | Told) -> Disk:
    disk = Disk(BEFORE)
    for event in events:
        disk.add(event)
    return disk


def left(disk: Disk, tries: int = 300) -> set[tuple[tuple[str, bytes | None], ...]]:
    chance = Random(1)
    return {tuple(sorted(disk.loss(chance).items())) for _ in range(tries)}


def test_what_was_synced_is_always_there() -> None:
    disk = after(Write(0, 0, b"new"), Sync(0))
    assert left(disk) == {(("a", b"new"), ("d", None))}


def test_an_unsynced_write_is_there_absent_or_torn() -> None:
    contents = {dict(tree)["a"] for tree in left(after(Write(0, 0, b"NEW")))}
    assert contents == {b"old", b"Nld", b"NEd", b"NEW"}


def test_an_unsynced_size_is_there_or_not() -> None:
    contents = {dict(tree)["a"] for tree in left(after(Write(0, 1, None)))}
    assert contents == {b"old", b"o"}


def test_a_synced_file_without_a_synced_folder_may_have_no_name() -> None:
    disk = after(MADE, Write(2, 0, b"x"), Sync(2))
    assert {dict(tree).get("d/new") for tree in left(disk)} == {None, b"x"}
    disk.add(Sync("d"))
    assert {dict(tree).get("d/new") for tree in left(disk)} == {b"x"}


def test_a_name_may_be_there_before_its_content() -> None:
    assert {dict(tree).get("d/new") for tree in left(after(MADE, Write(2, 0, b"xy")))} >= {None, b"", b"xy"}


def test_a_rename_is_whole_or_not_at_all() -> None:
    disk = after(Names((Name("d", "b", 0), Name("", "a", None))))
    assert {("a" in dict(tree), "d/b" in dict(tree)) for tree in left(disk)} == {(True, False), (False, True)}


def test_names_may_change_in_any_order() -> None:
    disk = after(MADE, Names((Name("d", "second", 3),)))
    seen = {("d/new" in dict(tree), "d/second" in dict(tree)) for tree in left(disk)}
    assert seen == {(False, False), (True, False), (False, True), (True, True)}


def test_what_lies_in_a_folder_that_is_lost_is_lost() -> None:
    disk = after(
        Names((Name("", "e", FOLDER),)), Names((Name("e", "f", 2),)), Write(2, 0, b"x"), Sync(2), Sync("e")
    )
    assert {dict(tree).get("e/f") for tree in left(disk)} == {None, b"x"}


def test_the_sectors_of_a_torn_write_are_there_in_any_combination() -> None:
    chance = Random(3)
    write = Write(0, 256, bytes(1024))
    seen = {tuple((part.at, len(part.data or b"")) for part in torn(write, chance)) for _ in range(500)}
    assert ((512, 512),) in seen, "the middle sector alone"
    assert ((256, 256), (1024, 256)) in seen, "its two ends alone"
    assert ((1280, 0),) in seen, "no more than its room"


def test_a_tree_is_laid_out_as_it_was_read(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    lay_out({"d": None, "d/x": b"1", "y": b""}, tmp_path / "here")
    lay_out(BEFORE, tmp_path / "here")
    assert tree_of(tmp_path / "here") == BEFORE
