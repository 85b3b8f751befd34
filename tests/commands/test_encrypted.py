"""Encrypted backups: what the stock `age` tool reads, and the other way; and nothing in the clear beside it."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyrage
import pytest

from medtrack.packages import added
from tests.commands.test_prompts import Terminal
from tests.conftest import Result
from tests.faults.harness import STRACE, Home

NOW = "2026-03-10T08:30[Europe/Paris]"
CANARY = "headache-behind-the-left-eye"
PASSPHRASE = "correct horse battery"


@pytest.fixture
def age() -> str:
    """The stock tool; the test is skipped where it is not installed."""
    found = shutil.which("age")
    if found is None:
        pytest.skip("the age tool is not installed")
    return found


@pytest.fixture
def key(home: Path) -> str:
    """A public key; its secret one is in ~/key.txt."""
    identity = pyrage.x25519.Identity.generate()
    (home / "key.txt").write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    return str(identity.to_public())


@pytest.fixture
def record(run: Callable[..., Result], home: Path) -> Path:
    for line in ("add ibuprofen --as-needed", f"take ibuprofen --note {CANARY}"):
        assert run(line, now=NOW).code == 0
    return home / "data" / "medtrack" / "records" / "me.db"


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return list(file.iterdump())


def test_round_trip(record: Path, run: Callable[..., Result], home: Path, key: str) -> None:
    wanted = dump(record)
    made = run(f"backup {home}/me.age --age {key}", now=NOW)
    assert made.code == 0, made
    assert made.out.endswith("nobody can read it, and nothing brings it back.\n")
    file = home / "me.age"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert CANARY.encode() not in file.read_bytes()
    run("take ibuprofen --again", now=NOW)
    assert run(f"restore {file} --identity {home}/key.txt --yes", now=NOW).code == 0
    assert dump(record) == wanted
    assert run("verify", now=NOW).code == 0


def test_an_encrypted_backup_is_merged(
    record: Path, run: Callable[..., Result], home: Path, key: str
) -> None:
    run(f"backup {home}/plain.db", now=NOW)
    run("note later", now=NOW)
    run(f"backup {home}/me.age --age {key}", now=NOW)
    run(f"restore {home}/plain.db --yes", now=NOW)
    told = run(f"restore {home}/me.age --identity {home}/key.txt --merge --yes", now=NOW)
    assert (told.code, "Merged 1 note" in told.out) == (0, True), told


def test_what_the_tool_decrypts_is_the_record(
    record: Path, run: Callable[..., Result], home: Path, key: str, age: str
) -> None:
    run(f"backup {home}/me.age --age {key}", now=NOW)
    subprocess.run([age, "-d", "-i", home / "key.txt", "-o", home / "out.db", home / "me.age"], check=True)
    identity = pyrage.x25519.Identity.from_str((home / "key.txt").read_text().splitlines()[-1])
    assert (home / "out.db").read_bytes() == pyrage.decrypt((home / "me.age").read_bytes(), [identity])
    assert dump(home / "out.db") == dump(record)
    assert run(f"--db {home}/out.db verify", now=NOW).code == 0


@pytest.mark.parametrize("armoured", [False, True])
def test_what_the_tool_encrypted_is_restored(
    armoured: bool, record: Path, run: Callable[..., Result], home: Path, key: str, age: str
) -> None:
    wanted = dump(record)
    run(f"backup {home}/plain.db", now=NOW)
    options = ["-a"] if armoured else []
    subprocess.run([age, "-r", key, *options, "-o", home / "me.age", home / "plain.db"], check=True)
    run("take ibuprofen --again", now=NOW)
    assert run(f"restore {home}/me.age --identity {home}/key.txt --yes", now=NOW).code == 0
    assert dump(record) == wanted


def test_ssh_keys_and_files_of_keys(
    record: Path, run: Callable[..., Result], home: Path, key: str, age: str
) -> None:
    keygen = shutil.which("ssh-keygen")
    if keygen is None:
        pytest.skip("ssh-keygen is not installed")
    subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", home / "id"], check=True)
    (home / "keys").write_text(f"# mine\n\n{key}\n{(home / 'id.pub').read_text()}")
    line = (home / "id.pub").read_text().strip()
    for name, words in (("file", [f"{home}/keys"]), ("line", [line]), ("both", [key, line])):
        options = [each for word in words for each in ("--age", word)]
        done = run(["backup", f"{home}/{name}.age", *options], now=NOW)
        assert done.code == 0, done
        opened = subprocess.run(
            [age, "-d", "-i", home / "id", home / f"{name}.age"], capture_output=True, check=True
        )
        assert opened.stdout.startswith(b"SQLite format 3")
        told = run(f"restore {home}/{name}.age --identity {home}/id --merge", now=NOW)
        assert told.out.startswith("Nothing new"), told


def test_a_passphrase_is_asked_for_on_a_terminal_alone(
    record: Path, run: Callable[..., Result], home: Path
) -> None:
    refused = run(f"backup {home}/me.age --passphrase", now=NOW)
    assert (refused.code, "--age" in refused.err) == (2, True)
    terminal = Terminal(home)
    code, shown = terminal("backup", f"{home}/me.age", "--passphrase", secrets=[PASSPHRASE, PASSPHRASE])
    assert code == 0, shown
    assert PASSPHRASE not in shown
    assert pyrage.passphrase.decrypt((home / "me.age").read_bytes(), PASSPHRASE).startswith(
        b"SQLite format 3"
    )
    refused = run(f"restore {home}/me.age --yes", now=NOW)
    assert (refused.code, "on a terminal only" in refused.err) == (38, True)
    code, shown = terminal("restore", f"{home}/me.age", "--merge", secrets=["wrong"])
    assert (code, "that is not its passphrase" in shown) == (38, True)
    code, shown = terminal("restore", f"{home}/me.age", "--merge", secrets=[PASSPHRASE])
    assert (code, "Nothing new" in shown) == (0, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--age", "age1nope"], 2, "age1nope is not a public key"),
        (["--age", "ssh-ed25519 nope"], 2, "is not a public key"),
        (["--age", "KEY", "--passphrase"], 2, "--passphrase"),
        (["--age", "~/key.txt"], 2, "A line of the file is not a public key"),
        (["--age", "~/nothing"], 49, "no such file"),
        (["--age", "~/none.txt"], 49, "there is no key in it"),
        (["--age", "~/bytes"], 49, "it is not a file of keys"),
        (["--age", "/dev/zero"], 49, "it is too long for a file of keys"),
    ],
)
def test_a_wrong_recipient_is_refused_and_nothing_made(
    words: list[str], code: int, said: str, record: Path, run: Callable[..., Result], home: Path, key: str
) -> None:
    (home / "none.txt").write_text("# nothing\n")
    (home / "bytes").write_bytes(b"\xff\xfe")
    words = [word.replace("~", str(home)).replace("KEY", key) for word in words]
    refused = run(["backup", f"{home}/me.age", *words], now=NOW)
    assert (refused.code, said in refused.err) == (code, True), refused
    assert not (home / "me.age").exists()


def test_a_secret_key_is_not_repeated(record: Path, run: Callable[..., Result], home: Path, key: str) -> None:
    secret = (home / "key.txt").read_text().splitlines()[-1]
    refused = run(f"backup {home}/me.age --age {secret}", now=NOW)
    assert (refused.code, "secret key" in refused.err, secret in refused.err) == (2, True, False)


def test_a_wrong_key_is_not_called_damage(
    record: Path, run: Callable[..., Result], home: Path, key: str
) -> None:
    run(f"backup {home}/me.age --age {key}", now=NOW)
    (home / "other.txt").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    for options, said in (
        ("", "no key was given"),
        (f"--identity {home}/other.txt", "none of the keys given opens it"),
    ):
        refused = run(f"restore {home}/me.age {options} --yes", now=NOW)
        assert (refused.code, said in refused.err) == (38, True), refused
    options = f"--identity {home}/other.txt --identity {home}/key.txt"
    assert run(f"restore {home}/me.age {options} --merge", now=NOW).code == 0
    refused = run(f"restore {home}/me.age --identity {home}/me.age --yes", now=NOW)
    assert (refused.code, "not a file of keys" in refused.err) == (49, True)


@pytest.mark.parametrize("damage", ["flipped", "cut", "cut in its head", "no record", "empty"])
def test_damage_is_called_damage(
    damage: str, record: Path, run: Callable[..., Result], home: Path, key: str
) -> None:
    run(f"backup {home}/me.age --age {key}", now=NOW)
    file = home / "me.age"
    content = bytearray(file.read_bytes())
    recipients = [pyrage.x25519.Recipient.from_str(key)]
    if damage == "flipped":
        content[-100] ^= 1
    elif damage.startswith("cut"):
        del content[120 if "head" in damage else 70_000 :]
    else:
        content = bytearray(pyrage.encrypt(b"no database" if damage == "no record" else b"", recipients))
    file.write_bytes(content)
    before = record.read_bytes()
    refused = run(f"restore {file} --identity {home}/key.txt --yes", now=NOW)
    assert refused.code == (47 if damage == "no record" else 44), refused
    assert record.read_bytes() == before
    assert [each.name for each in record.parent.iterdir()] == ["me.db"]


def test_of_a_record_in_wal(record: Path, run: Callable[..., Result], home: Path, key: str) -> None:
    with closing(sqlite3.connect(record)) as file:
        file.execute("pragma journal_mode = wal")
        assert run(f"backup {home}/me.age --age {key}", now=NOW).code == 0
    told = run(f"restore {home}/me.age --identity {home}/key.txt --merge", now=NOW)
    assert (told.code, "Nothing new" in told.out) == (0, True), told


def test_without_the_extra_it_says_how_to_install_it(
    record: Path, run: Callable[..., Result], home: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(f"backup {home}/me.age --age {key}", now=NOW)
    monkeypatch.setitem(sys.modules, "pyrage", None)
    for line in (
        f"backup {home}/more.age --age {key}",
        f"restore {home}/me.age --identity {home}/key.txt --yes",
    ):
        refused = run(line, now=NOW)
        assert (refused.code, f"To add it: {added('pyrage')}." in refused.err) == (29, True), refused
    assert not (home / "more.age").exists()
    assert run(f"backup {home}/plain.db", now=NOW).code == 0


def test_nothing_goes_to_the_disk_in_the_clear(tmp_path: Path, key: str, home: Path) -> None:
    """Every byte that the process writes is looked at, whatever the file and however short it is there."""
    if STRACE is None:
        pytest.skip("strace is not installed")
    place = Home(tmp_path / "traced")
    for words in (("add", "ibuprofen", "--as-needed"), ("take", "ibuprofen", "--note", CANARY)):
        assert place.run(*words).code == 0
    trace = tmp_path / "trace"
    options = ["-f", "-s", "1000000", "-e", "trace=write,pwrite64,writev,pwritev", "-o", str(trace)]
    for words in (("backup", "plain.db"), ("backup", "me.age", "--age", key)):
        done = place.start([STRACE, *options, sys.executable, "-m", "medtrack", *words])
        assert done.code == 0, done
        written = trace.read_text(errors="replace")
        assert (CANARY in written) == (words[1] == "plain.db")


def test_the_extra_brings_no_code_that_runs_at_every_start() -> None:
    from importlib.metadata import files

    assert [str(each) for each in files("pyrage") or () if each.suffix == ".pth"] == []
    assert files("pyrage")
