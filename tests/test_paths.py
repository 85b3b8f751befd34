"""Where records live, whose name may be a file's, and that asking makes nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack import errors, paths

VARIABLES = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "MEDTRACK_DB", "MEDTRACK_PERSON")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment whose home is a directory of the test."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return {"HOME": str(tmp_path)}


def record(home: dict[str, str], name: str) -> str:
    return os.path.realpath(f"{home['HOME']}/.local/share/medtrack/records/{name}.db")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HOME": "{tmp}/"},
        {"HOME": "{tmp}//"},
        {"HOME": "{tmp}/Zoë's home"},
        {"HOME": "/"},
        {"XDG_DATA_HOME": "{tmp}/data"},
        {"XDG_DATA_HOME": "{tmp}/data/", "XDG_STATE_HOME": "{tmp}/state"},
        {"XDG_DATA_HOME": "", "XDG_STATE_HOME": ""},
        {"XDG_DATA_HOME": "  ", "XDG_STATE_HOME": "relative/path"},
        {"XDG_DATA_HOME": "~/data"},
        {"XDG_CONFIG_HOME": "{tmp}/config/"},
        {"XDG_CONFIG_HOME": "relative/path"},
        {"HOME": "relative", "XDG_DATA_HOME": "/x/d", "XDG_STATE_HOME": "/x/s", "XDG_CONFIG_HOME": "/x/c"},
    ],
)
def test_the_directories_are_those_of_platformdirs(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    assert paths.data_dir() == platformdirs.user_data_dir("medtrack")
    assert paths.state_dir() == platformdirs.user_state_dir("medtrack")
    assert paths.config_dir() == platformdirs.user_config_dir("medtrack")


def test_elsewhere_platformdirs_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda app: f"/data/{app}")
    monkeypatch.setattr(platformdirs, "user_state_dir", lambda app: f"/state/{app}")
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda app: f"/config/{app}")
    assert paths.data_dir({}) == "/data/medtrack"
    assert paths.state_dir({}) == "/state/medtrack"
    assert paths.config_dir({}) == "/config/medtrack"

    def nowhere(app: str) -> str:
        raise RuntimeError

    monkeypatch.setattr(platformdirs, "user_data_dir", nowhere)
    with pytest.raises(errors.NoHome):
        paths.data_dir({})


def test_without_a_home_only_what_needs_one_fails() -> None:
    for environ in ({}, {"HOME": ""}, {"HOME": "relative"}, {"XDG_DATA_HOME": "relative"}):
        with pytest.raises(errors.NoHome) as refused:
            paths.data_dir(environ)
        assert refused.value.exit_code == 48
        assert paths.state_dir(environ) is None
        assert paths.config_dir(environ) is None
        assert paths.people(environ) == []
        with pytest.raises(errors.NoHome):
            paths.record_path(None, None, environ)
        with pytest.raises(errors.NoHome):
            paths.record_path("~/x.db", None, environ)
        assert paths.record_path("/x/y.db", None, environ) == "/x/y.db"
    assert paths.data_dir({"XDG_DATA_HOME": "/x"}) == "/x/medtrack"
    assert paths.state_dir({"XDG_STATE_HOME": "/x"}) == "/x/medtrack"
    assert paths.config_dir({"XDG_CONFIG_HOME": "/x"}) == "/x/medtrack"


def test_which_record_is_meant(home: dict[str, str], tmp_path: Path) -> None:
    file = os.path.realpath(tmp_path / "flag.db")
    both = {**home, "MEDTRACK_DB": str(tmp_path / "variable.db"), "MEDTRACK_PERSON": "Dad"}
    assert paths.record_path(None, None, home) == record(home, "me")
    assert paths.record_path(None, None, {**home, "MEDTRACK_PERSON": "Dad"}) == record(home, "Dad")
    assert paths.record_path(None, None, both) == os.path.realpath(tmp_path / "variable.db")
    assert paths.record_path(None, "Mum", both) == record(home, "Mum")
    assert paths.record_path(file, "Mum", both) == file
    assert paths.record_path(None, None, {**home, "MEDTRACK_DB": "", "MEDTRACK_PERSON": ""}) == record(
        home, "me"
    )


def test_a_typed_path_is_made_absolute(
    home: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.db").symlink_to("target.db")
    here = os.path.realpath(tmp_path)
    assert paths.record_path("a.db", None, home) == f"{here}/a.db"
    assert paths.record_path("./b/../a.db", None, home) == f"{here}/a.db"
    assert paths.record_path("link.db", None, home) == f"{here}/target.db"
    assert paths.record_path("~/a.db", None, home) == f"{here}/a.db"
    assert paths.record_path("./file:a.db", None, home) == f"{here}/file:a.db"
    assert paths.record_path("we're $(here); .db", None, home) == f"{here}/we're $(here); .db"


@pytest.mark.parametrize(
    "typed", ["", "  ", ":memory:", " :memory: ", "file:x.db", "FILE:x?mode=memory", "file://x", "a\0b"]
)
def test_what_is_no_file_is_refused(typed: str, home: dict[str, str]) -> None:
    with pytest.raises(errors.UsageRefused) as refused:
        paths.record_path(typed, None, home)
    assert refused.value.exit_code == 2
    assert str(refused.value).startswith("--db ")
    if typed:
        with pytest.raises(errors.UsageRefused) as refused:
            paths.record_path(None, None, {**home, "MEDTRACK_DB": typed})
        assert str(refused.value).startswith("MEDTRACK_DB ")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("me", "me"),
        (" Mum ", "Mum"),
        ("Jean-Luc O'Neill Jr.", "Jean-Luc O'Neill Jr."),
        ("Zoe\u0308", "Zo\u00eb"),
        ("Łukasz", "Łukasz"),
        ("राम", "राम"),
        ("สมชาย", "สมชาย"),
        ("王小明", "王小明"),
        ("dad_2", "dad_2"),
        ("allan", "allan"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_name_that_can_be_a_file(typed: str, name: str, home: dict[str, str]) -> None:
    assert paths.read_name(typed) == name
    assert paths.record_path(None, typed, home) == record(home, name)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        ".",
        "..",
        ".hidden",
        "../me",
        "a/b",
        "a\\b",
        "a\0b",
        "a\nb",
        "a\tb",
        "a\x1b[2Jb",
        "a\u202eb",
        "a\u200bb",
        "\u0301a",
        "💊",
        "a:b",
        "$(touch x)",
        "a;b",
        "a*",
        "\ud800",
        "é\ud800",
        "all",
        "ALL",
        "x" * 101,
        "王" * 99,
        "x" * 10_000,
    ],
)
def test_a_name_that_cannot_be_a_file(typed: str, home: dict[str, str]) -> None:
    with pytest.raises(errors.BadText) as refused:
        paths.record_path(None, typed, home)
    assert refused.value.exit_code == 2
    assert len(str(refused.value)) < 200
    if typed:
        with pytest.raises(errors.BadText):
            paths.record_path(None, None, {**home, "MEDTRACK_PERSON": typed})


@given(st.text())
def test_any_name_stays_inside_the_records(typed: str) -> None:
    environ = {"XDG_DATA_HOME": "/nowhere/at/all"}
    try:
        path = paths.record_path(None, typed, environ)
    except errors.BadText:
        return
    assert os.path.dirname(path) == "/nowhere/at/all/medtrack/records"
    assert len(os.fsencode(os.path.basename(path))) <= 255
    assert paths.read_name(os.path.basename(path)[:-3]) == os.path.basename(path)[:-3]


def test_people_are_the_records_there(home: dict[str, str]) -> None:
    assert paths.people(home) == []
    records = Path(paths.records_dir(home))
    records.mkdir(parents=True)
    assert paths.people(home) == []
    for file in (
        "me.db",
        "Dad.db",
        "Zo\u00eb.db",
        ".db",
        ".x.db",
        "me.db-journal",
        "notes.txt",
        "all.db",
        "a:b.db",
    ):
        (records / file).touch()
    assert paths.people(home) == ["Dad", "Zo\u00eb", "me"]


def test_asking_makes_nothing(home: dict[str, str], tmp_path: Path) -> None:
    paths.data_dir(home)
    paths.state_dir(home)
    paths.config_dir(home)
    paths.record_path(None, "Mum", home)
    paths.people(home)
    assert list(tmp_path.iterdir()) == []


def test_asking_is_cheap() -> None:
    program = (
        "import sys, medtrack.paths as p; p.record_path(None, 'Mum', {'HOME': '/x'});"
        "print([m for m in ('re', 'typing', 'pathlib', 'platformdirs', 'unicodedata') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
