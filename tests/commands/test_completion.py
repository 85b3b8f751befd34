"""What TAB offers, by the real shells and by what they ask."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from medtrack import completing
from medtrack.app import run as whole
from medtrack.completing import offered
from medtrack.completions import SHELLS, script
from medtrack.domain.bash_words import typed as typed_in_bash
from tests.conftest import KEPT, Result, sealed
from tests.shells import Shell, missing

BREAKS = " \t\n\"'@><=;|&(:"
"""bash's own, as it is started."""
NOW = "2026-03-10T09:00[Europe/Paris]"
ODD = (
    "vitamin D3",
    'O\'Neil "x" $HOME `id` \\ drops',
    "B:12 (forte)",
    "Ünï drug",
    "@odd*?;&|",
    "--dashes",
    "%s~#",
)
FILES = Path(__file__).parents[1] / "files"


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two people, and names that a shell could misread."""
    home = tmp_path_factory.mktemp("typed")
    with pytest.MonkeyPatch.context() as patched:
        for key, value in {**sealed(home), "MEDTRACK_NOW": NOW}.items():
            patched.setenv(key, value)
        for words in (
            *(["add", "--amount", "1 tablet", "--at", "08:00", "--yes", "--", name] for name in ODD),
            ["add", "metformin", "--at", "08:00", "--code", "mf", "--yes"],
            ["people", "add", "Mary Ann"],
            ["--person", "Mary Ann", "add", "zinc", "--at", "09:00", "--yes"],
        ):
            assert whole(words) == 0, words
    return home


@pytest.fixture
def record(typed: Path, home: Path) -> Path:
    """A copy of that home."""
    return Path(shutil.copytree(typed, home, dirs_exist_ok=True))


def environ(home: Path) -> dict[str, str]:
    return {**{name: os.environ[name] for name in KEPT if name in os.environ}, **sealed(home)}


def fish(line: str, home: Path, **more: str) -> list[str]:
    """The words that fish and zsh are offered at the end of a line."""
    words = [*shlex.split(line), ""] if line.endswith(" ") else shlex.split(line)
    return [each.partition("\t")[0] for each in offered("fish", words, {**environ(home), **more})]


def everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(file): (file.stat().st_mtime_ns, file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    } | {str(file): (file.stat().st_mtime_ns, b"") for file in folder.rglob("*") if file.is_dir()}


def test_names_and_codes_of_the_record_are_offered(record: Path) -> None:
    assert fish("take ", record) == [*sorted([*ODD, "metformin"], key=str.lower), "mf"]
    assert offered("fish", ["take", ""], environ(record))[-1] == "mf\tmetformin"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--person 'Mary Ann' take z", ["zinc"]),
        ("--person='Mary Ann' take z", ["zinc"]),
        ("--person ", ["Mary Ann", "me", "all"]),
        ("people forget ", ["Mary Ann", "me"]),
        ("people add ", []),
        ("people add -", ["--json", "--csv", "-h", "--help"]),
        ("today ", ["--json", "--csv", "-h", "--help"]),
        ("settings clock ", ["24h", "12h"]),
        ("settings quiet ", ["off"]),
        ("settings bedtime ", []),
        ("people ", ["add", "forget"]),
        ("allergy add x --severity ", ["mild", "moderate", "severe"]),
        ("allergy ", ["list", "add", "remove"]),
        ("remind ", ["rule", "install", "uninstall", "status", "test", "channel"]),
        ("remind channel ", ["add", "list", "remove"]),
        ("take x --certainty ", ["exact", "about", "reconstructed", "told"]),
        ("report --format=", [f"--format={each}" for each in ("text", "markdown", "html", "pdf", "json", "csv")]),
        ("check import ", ["ansm", "ddinter", "rxnorm", "ndc"]),
        ("check import ansm ", [""]),
        ("completion ", ["bash", "zsh", "fish"]),
        ("--db ", [""]),
        ("backup ", [""]),
        ("take x --at ", []),
        ("tka ", []),
        ("undo --json -", ["-h", "--help"]),
        ("session start spravato --hold x -", ["--dose", "--at", "--hold", "--hold-from", "--hold-until",
                                               "--course-from", "--note", "--json", "-h", "--help"]),
    ],
)  # fmt: skip
def test_what_is_offered_where(line: str, words: list[str], record: Path) -> None:
    assert fish(line, record) == words


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_word_goes_before_files(shell: str, record: Path) -> None:
    def at(line: str) -> list[str]:
        return offered(shell, [line, BREAKS] if shell == "bash" else line.split(" ")[1:], environ(record))

    assert at("medtrack session start ") == ["spravato"]
    assert at("medtrack session start ./cl") == ["\t"]
    assert at("medtrack --db ") == ["\t"]


def test_the_record_that_is_meant_is_the_one_of_the_line_or_of_the_environment(record: Path) -> None:
    other = record / "data" / "medtrack" / "records" / "Mary Ann.db"
    assert fish(f"--db '{other}' take ", record) == ["zinc"]
    assert fish("take ", record, MEDTRACK_DB=str(other)) == ["zinc"]
    assert fish("take ", record, MEDTRACK_PERSON="Mary Ann") == ["zinc"]
    assert {"zinc", "metformin"} <= set(fish("--person all log ", record))
    assert {"zinc", "metformin"} <= set(fish("log ", record, MEDTRACK_PERSON="all"))
    assert "zinc" not in fish("--person me log ", record, MEDTRACK_DB=str(other))


def test_a_medication_that_is_typed_already_is_not_offered_again(record: Path) -> None:
    assert not {"metformin", "mf"} & set(fish("take metformin ", record))
    assert not {"metformin", "mf"} & set(fish("take MF ", record))
    assert "metformin" in fish("take vitamin ", record)
    assert "metformin" in fish("note metformin --med ", record)


def test_kinds_and_values_of_an_observation_take_turns(record: Path) -> None:
    kinds = fish("session observe ", record)
    assert {"bp", "pulse", "spo2", "sedation", "dissociation", "cadss", "nausea", "dose", "note"} <= set(
        kinds
    )
    assert fish("session observe bp ", record) == []
    assert fish("session observe bp 128/82 ", record) == kinds


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("medtrack --db $HOME/o.db take x", ["medtrack", "--db", "/h/o.db", "take"]),
        ("medtrack --db ${HOME}/o.db take x", ["medtrack", "--db", "/h/o.db", "take"]),
        ('medtrack --db="$HOME/o.db" take x', ["medtrack", "--db=/h/o.db", "take"]),
        ("medtrack --db '$HOME/o.db' take x", ["medtrack", "--db", "$HOME/o.db", "take"]),
        ("medtrack --db \\$HOME/o.db take x", ["medtrack", "--db", "$HOME/o.db", "take"]),
        ("medtrack --db $HOMES/o.db take x", ["medtrack", "--db", "$HOMES/o.db", "take"]),
        ("medtrack --db $(touch $PWD)/o.db take x", ["medtrack", "--db", "$(touch", "$PWD)/o.db", "take"]),
    ],
)
def test_the_home_alone_is_read_in_a_line_of_bash(line: str, words: list[str]) -> None:
    assert typed_in_bash(line, BREAKS, "/h").words == words


def test_the_last_doses_are_offered_the_newest_first(record: Path, run: Callable[..., Result]) -> None:
    assert fish("amend ", record) == []
    for line in ("take metformin --at 08:05", "take @odd --at 08:10", "undo"):
        assert run(f"--person me {line}", now=NOW).code == 0, line
    run("take 'vitamin D3' --at 08:30", now=NOW)
    assert offered("fish", ["amend", ""], environ(record)) == [
        "3\tvitamin D3 taken 2026-03-10 08:30",
        "1\tmetformin taken 2026-03-10 08:05",
    ]
    assert fish("helped metformin --dose ", record) == ["3", "1"]


def test_every_zone_that_is_offered_is_understood(record: Path, run: Callable[..., Result]) -> None:
    zones = fish("travel ", record)
    assert len(zones) > 400
    assert fish("--tz ", record) == fish("import --tz ", record) == fish("simulate travel ", record) == zones
    assert "--pin=Asia/Tokyo" in fish("add x --pin=", record)
    assert offered("bash", ["medtrack travel europe/par", BREAKS], environ(record)) == ["Europe/Paris"]
    for zone in zones[::25]:
        assert run(["--tz", zone, "people"], now=NOW).code == 0, zone


def test_a_record_in_wal_mode_is_read_without_a_touch(record: Path) -> None:
    file = record / "data" / "medtrack" / "records" / "me.db"
    names = fish("take ", record)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("pragma journal_mode = wal")
    before = everything(record)
    assert ask("bash", ["medtrack take met", BREAKS], record).stdout == b"metformin\n"
    assert everything(record) == before
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("create table theirs (x)")
        assert Path(f"{file}-wal").stat().st_size
        before = everything(record)
        assert [
            each.partition("\t")[0] for each in ask("fish", ["take", ""], record).stdout.decode().splitlines()
        ] == names
        assert everything(record) == before


def test_every_name_that_is_offered_is_understood(record: Path, run: Callable[..., Result]) -> None:
    for name in fish("show ", record):
        assert run(["show", "--", name], now=NOW).code == 0, name


def test_of_two_medications_with_one_name_either_can_be_meant(home: Path, run: Callable[..., Result]) -> None:
    run("add zinc --at 09:00 --yes", now=NOW)
    shutil.copytree(home, home.parent / "other")
    apart = sealed(home.parent / "other")
    run("add iron --at 09:00 --yes", now=NOW)
    run("add iron --at 21:00 --yes", now=NOW, **apart)
    theirs = home.parent / "other" / "data" / "medtrack" / "records" / "me.db"
    assert run(f"restore {theirs} --merge --yes", now=NOW).code == 0
    names = fish("show ", home)
    assert (
        [name for name in names if name.startswith("iron#")]
        == [name for name in names if "iron" in name]
        != []
    )
    assert all(run(["show", name], now=NOW).code == 0 for name in names)


def test_what_was_taken_back_is_not_offered(home: Path, run: Callable[..., Result]) -> None:
    run("add zinc --at 09:00 --yes", now=NOW)
    run("add iron --at 09:00 --yes", now=NOW)
    run("undo", now=NOW)
    assert fish("take ", home) == ["zinc"]


def test_what_a_terminal_does_not_print_is_not_offered(home: Path, run: Callable[..., Result]) -> None:
    for name in ("red\x1b[31m", "two\nlines", "tab\tbed", "left\u202eright", "plain"):
        assert run(["add", name, "--at", "09:00", "--yes"], now=NOW).code == 0
    assert fish("take ", home) == ["plain"]


def ask(shell: str, words: list[str], home: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """The program itself, asked as a script of a shell asks it."""
    return subprocess.run(
        [sys.executable, "-m", "medtrack", completing.ASKED, shell],
        input=b"".join(os.fsencode(each) + b"\0" for each in words), env={**environ(home), **more},
        capture_output=True, check=True, timeout=30,
    )  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
def test_asking_makes_and_changes_nothing(shell: str, record: Path, tmp_path: Path) -> None:
    for words in (
        ["take", ""],
        ["--person", "", "take", ""],
        ["--person", "Nobody", "take", ""],
        ["people", "forget", ""],
    ):
        before = everything(tmp_path)
        done = ask(shell, [shlex.join(["medtrack", *words]), BREAKS] if shell == "bash" else words, record)
        assert (done.stderr, everything(tmp_path)) == (b"", before)


def test_nothing_is_made_where_there_is_nothing(home: Path) -> None:
    done = ask("fish", ["take", ""], home)
    assert (done.stdout, done.stderr, list(home.iterdir())) == (b"", b"", [])


@pytest.mark.parametrize("file", sorted(FILES.glob("v*.db")), ids=lambda file: file.stem)
def test_a_record_of_an_older_format_is_read_as_it_is(file: Path, home: Path) -> None:
    kept = home / file.name
    shutil.copyfile(file, kept)
    before = everything(home)
    done = ask("zsh", ["take", ""], home, MEDTRACK_DB=str(kept))
    assert (done.stdout, done.stderr) == (b"ibuprofen\nmetformin\n", b"")
    assert everything(home) == before


def test_a_record_that_cannot_be_read_in_passing_offers_nothing(record: Path) -> None:
    file = record / "data" / "medtrack" / "records" / "me.db"
    whole = file.read_bytes()

    def nothing() -> None:
        before = everything(record)
        done = ask("fish", ["take", ""], record)
        assert (done.stdout, done.stderr, everything(record)) == (b"", b"", before)

    with closing(sqlite3.connect(file, isolation_level=None)) as busy:
        busy.execute("begin exclusive")
        # Were the file read in this process, its lock would be gone.
        assert ask("fish", ["take", ""], record).stdout == b""
    journal = Path(f"{file}-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    nothing()
    journal.unlink()
    for cut in (whole[:60] + b"\0\0\0\x7f" + whole[64:], whole[:18] + b"\3\3" + whole[20:], whole[:5000],
                whole[:4096] + b"\xff" * (len(whole) - 4096), b"", b"text" * 100):  # fmt: skip
        file.write_bytes(cut)
        nothing()
    file.unlink()
    nothing()
    os.mkfifo(file)
    assert ask("fish", ["take", ""], record).stdout == b""
    file.unlink()
    file.mkdir()
    assert ask("fish", ["take", ""], record).stdout == b""


@pytest.mark.parametrize(
    ("shell", "words"),
    [("fish", []), ("fish", ["--person", "../x", "take", ""]), ("fish", ["--db", "\udcff", "take", ""]), ("", ["take", ""]),
     ("bash", []), ("bash", [""]), ("bash", ["medtrack take 'x", BREAKS]), ("bash", ["medtrack 'x\\", ""])],
)  # fmt: skip
def test_whatever_is_asked_nothing_is_complained_of(shell: str, words: list[str], record: Path) -> None:
    assert ask(shell, words, record).stderr == b""
    nowhere = subprocess.run([sys.executable, "-m", "medtrack", "__complete", "fish"], input=b"take\0\0",
                             env={"PATH": os.environ["PATH"]}, capture_output=True, check=True, timeout=30)  # fmt: skip
    assert (nowhere.stdout, nowhere.stderr) == (b"", b"")


def test_asked_on_a_terminal_it_does_not_wait(record: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-m", "medtrack", "__complete", "fish"], stdin=theirs, env=environ(record),
                          capture_output=True, check=True, timeout=30)  # fmt: skip
    os.close(ours)
    os.close(theirs)
    assert done.stdout == b""


def test_nothing_but_what_it_needs_is_loaded(record: Path) -> None:
    probe = (
        "import sys, os, medtrack.completing as c\n"
        "assert 'metformin' in c.offered('fish', ['take', 'm'], os.environ)\n"
        "print([m for m in ('typer', 're', 'json', 'typing', 'zoneinfo', 'medtrack.app', 'medtrack.store.record')"
        " if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-S", "-c", probe], env={**environ(record), "PYTHONPATH": str(FILES.parents[1])},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.stdout, done.stderr) == ("[]\n", "")


# --- the real shells ---------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which `medtrack` is this one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    entry = folder / "medtrack"
    entry.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m medtrack "$@"\n', encoding="utf-8")
    entry.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.skipif(missing("zsh") is not None, reason="there is no zsh on this machine")
def test_zsh_without_utf_8_is_offered_no_half_of_a_letter(record: Path, path: str, tmp_path: Path) -> None:
    for name in ("noré", "norè"):
        assert whole(["--now", NOW, "add", name, "--at", "08:00", "--yes"]) == 0
    asked = {**environ(record), "PATH": path}
    with Shell("zsh", asked, tmp_path, locale="C") as at:
        assert at.completed("medtrack take no") == ["medtrack", "take", "no"]
        assert at.completed("medtrack take metf") == ["medtrack", "take", "metformin"]
    with Shell("zsh", asked, tmp_path) as at:
        assert at.completed("medtrack take no") == ["medtrack", "take", "nor"]


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_in_the_real_shell(shell: str, record: Path, path: str, tmp_path: Path) -> None:
    why = missing(shell)
    if why is not None:
        pytest.skip(why)
    odd = ODD[1]
    (tmp_path / "stick.db").touch()
    ours = (record / "data" / "medtrack", record / "state" / "medtrack")
    before = [everything(folder) for folder in ours]
    with Shell(shell, {**environ(record), "PATH": path}, tmp_path) as at:
        for typed, words in (
            ("medtrack adh", ["adherence"]),
            ("medtrack take metf", ["take", "metformin"]),
            ("medtrack take METF", ["take", "metformin"]),
            ("medtrack take vit", ["take", "vitamin D3"]),
            ("medtrack take 'vit", ["take", "vitamin D3"]),
            ('medtrack take "vit', ["take", "vitamin D3"]),
            ("medtrack take vitamin\\ D", ["take", "vitamin D3"]),
            ("medtrack take O", ["take", odd]),
            ("medtrack take 'O", ["take", odd]),
            ('medtrack take "O', ["take", odd]),
            ("medtrack take B:1", ["take", "B:12 (forte)"]),
            ("medtrack take @", ["take", "@odd*?;&|"]),
            ("medtrack take \\%", ["take", "%s~#"]),
            ("medtrack take Ü", ["take", "Ünï drug"]),
            ("medtrack take -- --", ["take", "--", "--dashes"]),
            (
                "medtrack take metformin --certainty rec",
                ["take", "metformin", "--certainty", "reconstructed"],
            ),
            ("medtrack report --format=ht", ["report", "--format=html"]),
            ("medtrack remind chan", ["remind", "channel"]),
            ("medtrack --person Mary\\ Ann take z", ["--person", "Mary Ann", "take", "zinc"]),
            ("medtrack --person Ma", ["--person", "Mary Ann"]),
            ("medtrack backup sti", ["backup", "stick.db"]),
            ("medtrack --db=sti", ["--db=stick.db"]),
            ("medtrack take nonesuch", ["take", "nonesuch"]),
        ):
            assert at.completed(typed) == ["medtrack", *words], typed
    assert [everything(folder) for folder in ours] == before


@pytest.mark.parametrize("shell", SHELLS)
def test_tab_in_the_real_shell_for_another_record(
    shell: str, record: Path, path: str, tmp_path: Path
) -> None:
    why = missing(shell)
    if why is not None:
        pytest.skip(why)
    whole(["--now", NOW, "add", "ibuprofène", "--at", "08:00", "--yes"])
    shutil.copyfile(record / "data" / "medtrack" / "records" / "Mary Ann.db", record / "other.db")
    (record / "database").mkdir()
    (record / "strange").touch()
    home = "{$HOME}" if shell == "fish" else "${HOME}"
    db = str(record / "other.db")
    with Shell(shell, {**environ(record), "PATH": path}, tmp_path) as at:
        for typed, words in (
            ("medtrack --db $HOME/other.db take z", ["--db", db, "take", "zinc"]),
            (f"medtrack --db {home}/other.db take z", ["--db", db, "take", "zinc"]),
            ('medtrack --db "$HOME/other.db" take z', ["--db", db, "take", "zinc"]),
            ("medtrack --db ~/other.db take z", ["--db", db, "take", "zinc"]),
            ("medtrack --db '$HOME/other.db' take z", ["--db", "$HOME/other.db", "take", "z"]),
            ("medtrack backup ~/data", ["backup", f"{record}/data"]),
            ("medtrack import ~/stra", ["import", f"{record}/strange"]),
            ("medtrack --db ~/oth", ["--db", db]),
            ("medtrack take IBUPROFÈ", ["take", "ibuprofène"]),
            ("medtrack take metformin metf", ["take", "metformin", "metf"]),
            ("medtrack take mf metf", ["take", "mf", "metf"]),
            ("medtrack session observe diss", ["session", "observe", "dissociation"]),
            ("medtrack session observe bp 128/82 sp", ["session", "observe", "bp", "128/82", "spo2"]),
        ):
            shown = [f"{word}/" if word == f"{record}/data" and shell != "bash" else word for word in words]
            found = at.completed(typed)
            assert [word.rstrip("/") for word in found] == [
                "medtrack",
                *[word.rstrip("/") for word in shown],
            ], typed


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_set_before_the_command_names_the_record(
    shell: str, record: Path, path: str, tmp_path: Path
) -> None:
    """bash tells a completion nothing of what stands before the command."""
    why = missing(shell)
    if why is not None:
        pytest.skip(why)
    shutil.copyfile(record / "data" / "medtrack" / "records" / "Mary Ann.db", record / "other.db")
    with Shell(shell, {**environ(record), "PATH": path}, tmp_path) as at:
        for before in (
            f"MEDTRACK_DB={record}/other.db", "MEDTRACK_DB=$HOME/other.db", "MEDTRACK_PERSON=Mary\\ Ann",
            "MEDTRACK_PERSON='Mary Ann'", "X=1 MEDTRACK_DB=~/other.db", "MEDTRACK_DB=~/other.db NO_COLOR=1",
        ):  # fmt: skip
            assert at.completed(f"{before} medtrack take z")[-1] == "zinc", before
            assert at.completed(f"{before} medtrack log z")[-1] == "zinc", before
            assert at.completed(f"{before} medtrack stop ")[-1] == "zinc", before
        assert at.completed("medtrack take metf") == ["medtrack", "take", "metformin"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_readme_says_sets_it_up(shell: str, record: Path, path: str, tmp_path: Path) -> None:
    why = missing(shell)
    if why is not None:
        pytest.skip(why)
    readme = (FILES.parents[1] / "README.md").read_text(encoding="utf-8")
    (block,) = [
        each for each in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if f"completion {shell}" in each
    ]
    assert all(line in script(shell) for line in block.splitlines())
    at_home = {**environ(record), "PATH": path, "XDG_CONFIG_HOME": str(record / ".config")}
    subprocess.run(["sh", "-e", "-c", block], env=at_home, check=True, timeout=60)
    with Shell(shell, at_home, tmp_path, is_set_up=True) as at:
        assert at.completed("medtrack take vit") == ["medtrack", "take", "vitamin D3"]


# --- the command -------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_printed(shell: str, run: Callable[..., Result], home: Path) -> None:
    assert run(f"completion {shell}") == Result(0, script(shell), "")
    assert run("completion", SHELL=f"/usr/bin/{shell}") == Result(0, script(shell), "")
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "shell"), [("completion", ""), ("completion", "/bin/dash"), ("completion tcsh", "/bin/zsh")]
)
def test_without_a_shell_it_says_how_for_each(line: str, shell: str, run: Callable[..., Result]) -> None:
    done = run(line, SHELL=shell)
    assert (done.code, done.out) == (2, "")
    assert all(f"medtrack completion {each}" in done.err for each in SHELLS)
