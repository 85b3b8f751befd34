"""Channels kept on this machine: for their owner alone, whole, and never the cause of a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.domain.channels import Channel, read_url
from medtrack.errors import DiskTrouble, InputUnreadable, MedtrackError, NoHome, UsageRefused
from medtrack.store.channels import Channels

PATH = "/home/ann/me.db"
SOME = [
    Channel("mail", "stdout"),
    Channel("screen", "desktop", (), names=True),
    Channel("me", "command", ("/opt/notify me", "--token", "$(touch x) hunter2", "caf\udce9")),
    Channel("phone", "url", ("ntfy://tk_hunter2@ntfy.sh/room",), names=True),
]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path / "config" / "medtrack" / "channels")


@pytest.fixture
def kept(folder: str) -> Channels:
    return Channels(folder)


def only(folder: str) -> Path:
    [file] = Path(folder).iterdir()
    return file


def test_what_is_kept_comes_back(kept: Channels) -> None:
    assert kept.of(PATH) == []
    kept.keep(PATH, SOME)
    assert kept.of(PATH) == SOME
    kept.keep(PATH, SOME[::-1])
    assert kept.of(PATH) == SOME[::-1]
    kept.keep(PATH, [])
    assert kept.of(PATH) == []


def test_each_record_has_its_own(kept: Channels) -> None:
    odd = os.fsdecode(b"/home/ann/caf\xe9\n.db")
    kept.keep(PATH, SOME[:1])
    kept.keep(odd, SOME[1:])
    assert kept.of(PATH) == SOME[:1]
    assert kept.of(odd) == SOME[1:]
    assert kept.of("/home/ann/other.db") == []


def test_without_a_home() -> None:
    assert Channels(None).of(PATH) == []
    with pytest.raises(NoHome):
        Channels(None).keep(PATH, SOME)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_the_owner_alone_can_read_it(folder: str, umask: int) -> None:
    program = (
        "import os, sys; os.umask(int(sys.argv[1])); from medtrack.store.channels import *\n"
        "Channels(sys.argv[2]).keep('/x.db', [Channel('a', 'url', ('ntfy://hunter2',))])"
    )
    subprocess.run([sys.executable, "-c", program, str(umask), folder], check=True)
    assert only(folder).stat().st_mode & 0o7777 == 0o600
    assert Path(folder).stat().st_mode & 0o7777 == 0o700
    assert Path(folder).parent.stat().st_mode & 0o7777 == 0o700


def test_a_file_that_others_could_read_is_not_gone_on_with(kept: Channels, folder: str) -> None:
    kept.keep(PATH, SOME)
    only(folder).chmod(0o644)
    kept.keep(PATH, SOME)
    assert only(folder).stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"hunter2",
        b"\xff\xfe",
        b'{"version": 1, "path": "/home/ann/me.db", "channels": [',
        b'{"version": 2, "path": "/home/ann/me.db", "channels": []}',
        b'{"version": 1, "path": "/home/ann/other.db", "channels": []}',
        b'{"version": 1, "path": "/home/ann/me.db", "channels": {}}',
        b"[" * 200_000,
        b"1" * 10_000,
        b" " * (1 << 20) + b"{}",
    ],
    ids=lambda content: repr(content[:60]),
)
def test_a_damaged_file_is_told_and_says_nothing(kept: Channels, folder: str, content: bytes) -> None:
    kept.keep(PATH, SOME)
    file = only(folder)
    file.write_bytes(content)
    with pytest.raises(InputUnreadable) as refused:
        kept.of(PATH)
    assert refused.value.exit_code == 49
    assert str(file) in str(refused.value)
    assert "hunter2" not in str(refused.value)
    kept.keep(PATH, SOME)
    assert kept.of(PATH) == SOME


ROW = {"name": "me", "kind": "command", "target": ["/opt/notify-me"], "names": False}


@pytest.mark.parametrize(
    "change",
    [
        {"name": None},
        {"name": "a b"},
        {"name": " me"},
        {"name": "x" * 31},
        {"kind": None},
        {"kind": "mail"},
        {"kind": "stdout"},
        {"kind": "desktop"},
        {"kind": "url"},
        {"kind": "url", "target": ["ntfy://a", "ntfy://b"]},
        {"kind": "url", "target": ["ntfy://hunter2\nx"]},
        {"kind": []},
        {"target": []},
        {"target": None},
        {"target": "x"},
        {"target": [1]},
        {"target": ["a\0b"]},
        {"target": ["\ud800"]},
        {"target": [["a"]]},
        {"names": 1},
        {"names": "yes"},
    ],
    ids=repr,
)
def test_a_row_changed_by_hand_is_told(kept: Channels, folder: str, change: dict[str, object]) -> None:
    kept.keep(PATH, [])
    rows = [{**ROW, **change}]
    only(folder).write_text(json.dumps({"version": 1, "path": PATH, "channels": rows}))
    with pytest.raises(InputUnreadable):
        kept.of(PATH)


@pytest.mark.parametrize("rows", [[ROW, ROW], [None], [[]], [{}], ["x"], [{"name": "me"}]], ids=repr)
def test_rows_that_are_none_are_told(kept: Channels, folder: str, rows: list[object]) -> None:
    kept.keep(PATH, [])
    only(folder).write_text(json.dumps({"version": 1, "path": PATH, "channels": rows}))
    with pytest.raises(InputUnreadable):
        kept.of(PATH)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(list(ROW)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(ROW)), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(json_values, st.data())
def test_no_json_makes_it_crash(
    tmp_path_factory: pytest.TempPathFactory, value: object, data: st.DataObject
) -> None:
    kept = Channels(str(tmp_path_factory.mktemp("channels")))
    kept.keep(PATH, SOME)
    file = only(str(kept.folder))
    where = data.draw(st.sampled_from(["whole", "channels", "row", *ROW]))
    document = json.loads(file.read_text())
    if where in ROW:
        document["channels"][0][where] = value
    elif where == "row":
        document["channels"][0] = value
    elif where == "channels":
        document["channels"] = value
    else:
        document = value
    file.write_text(json.dumps(document))
    with suppress(InputUnreadable):
        assert all(isinstance(each, Channel) for each in kept.of(PATH))


def test_what_is_no_file_is_told(kept: Channels, folder: str) -> None:
    kept.keep(PATH, [])
    file = only(folder)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(InputUnreadable):
        kept.of(PATH)
    file.unlink()
    file.mkdir()
    with pytest.raises(InputUnreadable):
        kept.of(PATH)
    with pytest.raises(DiskTrouble) as refused:
        kept.keep(PATH, SOME)
    assert refused.value.exit_code == 46
    assert "hunter2" not in str(refused.value)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    with pytest.raises(MedtrackError):
        Channels(str(tmp_path / "config" / "channels")).of(PATH)
    with pytest.raises(DiskTrouble):
        Channels(str(tmp_path / "config" / "channels")).keep(PATH, SOME)


@given(st.text())
def test_an_address_that_was_read_can_be_kept(tmp_path_factory: pytest.TempPathFactory, typed: str) -> None:
    try:
        url = read_url(f"ntfy://{typed}")
    except UsageRefused:
        return
    kept = Channels(str(tmp_path_factory.mktemp("channels")))
    kept.keep(PATH, [Channel("x", "url", (url,))])
    assert kept.of(PATH) == [Channel("x", "url", (url,))]
