"""What stands where the record should be, and who may read it: odd files, read-only places, modes."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Mount
from tests.faults.harness import TRACEBACK, Home, doses_noted, program
from tests.faults.writing import ADD, TAKE

LISTINGS: tuple[tuple[str, ...], ...] = (
    ("log",),
    ("meds",),
    ("schedule", "--json"),
    ("today",),
    ("history",),
    ("due", "--quiet"),
)


def as_directory(path: Path) -> None:
    path.mkdir()


def as_fifo(path: Path) -> None:
    os.mkfifo(path)


def as_socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        os.chdir(path.parent)
        server.bind(path.name)


def as_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def as_dangling_link(path: Path) -> None:
    path.symlink_to(path.parent / "elsewhere" / "not-mounted.db")


def as_circle(path: Path) -> None:
    path.symlink_to(path)


def as_empty(path: Path) -> None:
    path.write_bytes(b"")


def as_text(path: Path) -> None:
    path.write_text("Dear diary, today I took my tablets.\n" * 100)


def as_other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.execute("create table browsing (url text)")
        file.execute("insert into browsing values ('https://example.org')")
        file.commit()


def as_part_of_a_header(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 10)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (as_directory, 47),
        (as_fifo, 47),
        (as_socket, 47),
        (as_device, 47),
        (as_dangling_link, 47),
        (as_circle, 47),
        (as_empty, 44),
        (as_text, 47),
        (as_other_database, 47),
        (as_part_of_a_header, 47),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_what_is_no_record_is_named_and_left_alone(
    make: Callable[[Path], None], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "home")
    home.record.parent.mkdir(parents=True)
    make(home.record)
    before = home.record.read_bytes() if home.record.is_file() else None
    for words in (ADD, ("take", "ibuprofen"), *LISTINGS):
        done = home.run(*words)
        assert done.code == code, (words, done)
        assert done.err.startswith("medtrack: ")
        assert done.err.count("\n") == 1
        assert str(home.record) in done.err or str(home.record.resolve()) in done.err
        assert done.out == ""
    if before is not None:
        assert home.record.read_bytes() == before
    assert [path.name for path in home.record.parent.iterdir()] == ["me.db"], "nothing is put beside it"


def test_a_newer_record_is_refused_and_its_bytes_kept(copied: Home) -> None:
    with closing(sqlite3.connect(copied.record)) as file:
        file.execute("pragma user_version = 999")
    before = copied.record.read_bytes()
    for words in ((*TAKE, "x"), ADD, ("undo",), *LISTINGS):
        done = copied.run(*words)
        assert done.code == 43, (words, done)
        assert "format 999" in done.err
    assert copied.record.read_bytes() == before


def test_a_format_that_never_was_is_damage(copied: Home) -> None:
    with closing(sqlite3.connect(copied.record)) as file:
        file.execute("pragma user_version = 0")
    assert copied.run("log").code == 44


def test_a_record_that_vanished_is_told_from_one_that_never_was(copied: Home) -> None:
    assert copied.run(*TAKE, "seen here").code == 0
    copied.record.unlink()
    for words in ((*TAKE, "x"), ADD, *LISTINGS, ("people", "add", "me")):
        done = copied.run(*words)
        assert done.code == 40, (words, done)
        assert "Nothing was recorded and no new one was made" in done.err
    assert not copied.record.exists()


def test_without_a_record_listings_say_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for words in (
        ("log",),
        ("meds",),
        ("schedule",),
        ("take", "ibuprofen"),
        ("due",),
        ("history",),
        ("undo",),
    ):
        assert home.run(*words).code == 41, words
    assert home.run("today").code == 0
    assert list(home.folder.iterdir()) == [], "asking makes nothing"


def test_a_record_behind_a_link_is_used_and_its_link_kept(copied: Home, tmp_path: Path) -> None:
    real = tmp_path / "stick" / "mine.db"
    real.parent.mkdir()
    shutil.move(copied.record, real)
    copied.record.symlink_to(real)
    assert copied.run(*TAKE, "through a link").code == 0
    assert doses_noted(real, "through a link") == 1
    assert copied.record.is_symlink()
    assert sorted(path.name for path in copied.record.parent.iterdir()) == ["me.db", "me.db.backups"]
    assert sorted(path.name for path in real.parent.iterdir()) == ["mine.db", "mine.db.backups"]


def reads_and_refuses(home: Home, *where: str) -> None:
    """Reading works, writing is refused with the reason, and the bytes stay."""
    before = home.record.read_bytes()
    for words in LISTINGS:
        done = home.run(*where, *words)
        assert done.code in (0, 10, 11), (words, done)
    writing: tuple[tuple[str, ...], ...] = ((*TAKE, "read only"), ("note", "x"), ("hold", "metformin"))
    for words in writing:
        done = home.run(*where, *words)
        assert done.code == 45, (words, done)
        assert "Nothing was recorded." in done.err
        assert TRACEBACK not in done.err
    assert home.record.read_bytes() == before
    assert doses_noted(home.record, "read only") == 0


def test_a_read_only_file_system_is_read_and_not_written(copied: Home, mount: Mount) -> None:
    folder = copied.record.parent
    mount(folder, "--bind", str(folder))
    remounted = subprocess.run(
        ["mount", "-o", "remount,ro,bind", str(folder)], capture_output=True, text=True, check=False
    )
    if remounted.returncode != 0:
        pytest.skip(f"a read-only mount is not permitted here: {remounted.stderr.strip()}")
    reads_and_refuses(copied)


def test_a_read_only_file_is_read_and_not_written(copied: Home, mount: Mount) -> None:
    mount(copied.record, "--bind", str(copied.record))
    remounted = subprocess.run(
        ["mount", "-o", "remount,ro,bind", str(copied.record)], capture_output=True, text=True, check=False
    )
    if remounted.returncode != 0:
        pytest.skip(f"a read-only mount is not permitted here: {remounted.stderr.strip()}")
    reads_and_refuses(copied)


@pytest.fixture
def bound() -> list[str]:
    """What to put before a command so that the modes of files bind it: root may write anything otherwise."""
    if os.getuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root ignores modes, and setpriv is not installed")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]


def test_a_file_that_its_mode_protects_is_read_and_not_written(copied: Home, bound: list[str]) -> None:
    copied.record.chmod(0o400)
    assert copied.start([*bound, *program(), "log"]).code == 0
    done = copied.start([*bound, *program(), *TAKE, "protected"])
    assert done.code == 45, done
    assert "Nothing was recorded." in done.err
    assert doses_noted(copied.record, "protected") == 0


def test_a_folder_that_its_mode_protects_is_read_and_not_written(copied: Home, bound: list[str]) -> None:
    copied.record.parent.chmod(0o500)
    assert copied.start([*bound, *program(), "log"]).code == 0
    done = copied.start([*bound, *program(), *TAKE, "protected"])
    copied.record.parent.chmod(0o700)
    assert done.code == 45, done
    assert doses_noted(copied.record, "protected") == 0


def test_a_file_that_cannot_be_read_is_said_to_be_so(copied: Home, bound: list[str]) -> None:
    copied.record.chmod(0o000)
    for words in (("log",), (*TAKE, "x")):
        done = copied.start([*bound, *program(), *words])
        assert done.code == 45, done
        assert TRACEBACK not in done.err


def test_a_folder_that_cannot_be_made_is_said_to_be_so(copied: Home, bound: list[str]) -> None:
    copied.folder.chmod(0o500)
    new = copied.folder / "new" / "her.db"
    done = copied.start([*bound, *program(), "--db", str(new), *ADD])
    copied.folder.chmod(0o700)
    assert done.code == 45, done
    assert not new.parent.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_files_and_folders_are_for_their_owner_alone_under_any_umask(umask: int, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    def run(*words: str) -> int:
        return subprocess.run(
            [*program(), *words],
            env=home.environ,
            capture_output=True,
            check=False,
            preexec_fn=lambda: os.umask(umask) and None,
        ).returncode

    assert run(*ADD) == 0
    assert run(*TAKE, "x") == 0
    made = sorted(home.folder.rglob("*"))
    files = [path for path in made if path.is_file()]
    assert len(files) == 3, "the record, the backup of the day, and what is remembered"
    for path in made:
        if path.is_file():
            assert path.stat().st_mode & 0o777 == 0o600, path
        elif "medtrack" in path.parts[len(home.folder.parts) :]:
            assert path.stat().st_mode & 0o777 == 0o700, path


@pytest.mark.usefixtures("traced")
def test_the_journal_is_for_its_owner_alone(copied: Home) -> None:
    copied.run(*TAKE, "a device of its own")
    calls = [call for call in copied.calls(*TAKE, "measured") if call.name == "unlink"]
    os.umask(0o000)
    try:
        copied.inject(calls[-1], "signal=KILL", *TAKE, "cut")
    finally:
        os.umask(0o022)
    journal = copied.record.with_name("me.db-journal")
    assert journal.stat().st_mode & 0o777 == 0o600


def test_without_a_home_the_variable_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        del home.environ[name]
    for words in (ADD, ("log",), ("today",)):
        done = home.run(*words)
        assert done.code == 48, (words, done)
        assert "HOME" in done.err
    assert list(tmp_path.rglob("*.db")) == []


def test_without_a_home_a_named_record_works_and_can_be_undone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for name in ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        del home.environ[name]
    where = ("--db", str(tmp_path / "mine.db"))
    assert home.run(*where, *ADD).code == 0
    assert home.run(*where, *TAKE, "x").code == 0
    assert home.run(*where, "undo").code == 0
    assert home.run(*where, "undo").code == 0
    assert home.run(*where, "meds", "--csv").out.count("ibuprofen") == 0


@pytest.mark.parametrize("what", ["file", "full of links"])
def test_a_state_folder_that_cannot_be_written_stops_nothing(what: str, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    state = home.folder / "state"
    if what == "file":
        state.write_text("not a folder")
    else:
        state.symlink_to("/proc/nowhere")
    assert home.run(*ADD).code == 0
    assert home.run(*TAKE, "x").code == 0
    undone = home.run("undo")
    assert undone.code == 0, "a device that cannot be remembered is known by its file"
    assert "took ibuprofen" in undone.out


@pytest.mark.parametrize(
    "name",
    [
        b"with space.db", b"50%.db", b"100%25.db", b"what?.db", b"a#b.db", b"a&mode=memory.db",
        b"caf\xc3\xa9.db", b"\xff\xfe.db", b"line\nfeed.db", b"quote'\".db", b"-dash.db", b"semi;colon.db",
        b"back\\slash.db", b"\x1b[31m.db", b"plain", b"trailing.db ",
    ],
)  # fmt: skip
def test_any_name_a_file_can_have_is_a_records_name(name: bytes, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    path = os.path.join(os.fsencode(tmp_path), name)
    where = ("--db", os.fsdecode(path))
    for words in (ADD, (*TAKE, "x"), ("undo",), ("redo",), ("log", "--json"), ("meds",)):
        done = home.run(*where, *words)
        assert done.code == 0, (words, done)
        assert "\x1b" not in done.out + done.err
    assert sorted(os.listdir(os.fsencode(tmp_path))) == sorted([name, name + b".backups", b"home"])
    os.unlink(path)
    assert home.run(*where, "log").code == 40, "it is remembered under its very name"


def test_two_slashes_at_the_front_are_a_path_not_a_host(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    where = ("--db", f"/{tmp_path}/mine.db")
    assert home.run(*where, *ADD).code == 0
    assert home.run(*where, *TAKE, "x").code == 0
    assert (tmp_path / "mine.db").exists()
