"""What is built and how it installs, in clean environments: `python -m tests.packaging`.

Builds the sdist, and the wheel from it, and looks at what is in them. Installs the wheel as people do (pip, pipx,
`uv tool`), on every Python named with --python, with the newest packages that are allowed, the lowest, and those of the
lock file with their hashes; wherever it was installed the README is followed from top to bottom, and as the README
installs it a package that is missing is added as the program says. An
environment with it may hold no `.pth` file, for each is read at every start of Python. A list of all that is in one,
with licences (SBOM, CycloneDX), is written beside the wheel with --keep. Needs the extra `[release]` and the
package index; exit code 1 where anything is wrong.

`--suite` also runs the whole test suite on every Python, with the newest and the lowest packages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conftest import sealed
from tests.transcript import in_home, perform, ready, steps

ROOT = Path(__file__).parent.parent
LOCK = ROOT / ".ci" / "lock.txt"
LOCKED = ("--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11")
"""How the lock file is made, by `uv pip compile`: for every machine, and naming no index."""
MANUAL = "medtrack/manual/medtrack.1"
"""It goes where manuals are, not into the package."""
SHIPPED = (
    "LICENSE",
    "medtrack/knowledge/pack.json",
    "medtrack/py.typed",
    "medtrack/render/report.css",
    "medtrack/schemas/common.json",
    "share/bash-completion/completions/medtrack",
    "share/fish/vendor_completions.d/medtrack.fish",
    "share/man/man1/medtrack.1",
    "share/zsh/site-functions/_medtrack",
)
"""Files that are no modules and easily left behind, by the end of their names."""


class Flawed(Exception):
    """What was built or installed is not as it shall be."""


def done(*command: str | Path, environ: dict[str, str] | None = None, where: Path = ROOT) -> str:
    """What a program printed; raises Flawed where it failed."""
    ended = subprocess.run(
        list(map(str, command)),
        cwd=where,
        env={**os.environ, **(environ or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise Flawed(f"{' '.join(map(str, command))}: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")
    return ended.stdout


def tool(name: str) -> str:
    """A program of the extra `[release]`."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Flawed(f"{name} is not here: pip install '.[release]'")
    return found


def built(folder: Path) -> tuple[Path, Path]:
    """Build the sdist, and the wheel from it: both files."""
    done(tool("pyproject-build"), "--outdir", folder, ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def dead_links(text: str) -> list[str]:
    """The links of a page in Markdown that lead nowhere where it stands alone."""
    return re.findall(r"\]\((?!https?:)[^)]*\)", text)


def look_into(sdist: Path, wheel: Path) -> None:
    """Hold what was built to what is in the tree."""
    with zipfile.ZipFile(wheel) as file:
        inside = file.namelist()
        (about,) = (name for name in inside if name.endswith(".dist-info/METADATA"))
        described = file.read(about).decode()
    if "\n## Set it up\n" not in described or dead_links(described):
        raise Flawed(
            f"the description has no text, or links that are dead on an index: {dead_links(described)}"
        )
    tracked = done("git", "ls-files", "medtrack").split()
    missing = sorted({*tracked} - {*inside, MANUAL}) + [
        name for name in SHIPPED if not any(each.endswith(name) for each in inside)
    ]
    if missing:
        raise Flawed(f"the wheel lacks {missing}")
    strays = [name for name in inside if not name.startswith(("medtrack/", "medtrack_cli-"))]
    if strays or any(name.endswith((".pth", ".pyc", ".db")) for name in inside):
        raise Flawed(f"the wheel brings {strays or inside}")
    with tarfile.open(sdist) as packed:
        source = {name.partition("/")[2] for name in packed.getnames()}
    left = [
        name
        for name in done("git", "ls-files", "medtrack", "tests", "README.md").split()
        if name not in source
    ]
    if left:
        raise Flawed(f"the sdist lacks {left}")


def follow_the_readme(program: Path, folder: Path) -> None:
    """Run every console block of the README with an installed program, in an empty home."""
    home = folder / "home"
    home.mkdir()
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    ready(text, home)
    run = in_home(home, [str(program)])
    for step in steps(text):
        shown = perform(step, run)
        if shown != step.shown:
            raise Flawed(f"README.md:{step.line}: $ {step.command}\n{shown}")


def add_what_is_missing(program: Path, home: Path, places: dict[str, str]) -> None:
    """Do what this copy says to add a package, and raise Flawed where it is not there then."""
    command = [program, "report", "-o", home / "report.pdf"]
    environ = {**os.environ, **sealed(home)}
    refused = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    said = re.search(r"To add it: (.*?)\. Or write ", refused.stderr)
    if refused.returncode != 29 or said is None:
        raise Flawed(f"without fpdf2: {refused}")
    path = f"{Path(tool('uv')).parent}:{Path(tool('pipx')).parent}:{os.environ['PATH']}"
    done("sh", "-c", said[1], environ={**places, "PATH": path})
    done(*command, environ=sealed(home))


def look_around(python: Path) -> None:
    """Refuse an environment with a `.pth` file, or with a package that does not get what it needs."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(done(python, "-c", where).strip())
    found = [file.name for file in site.glob("*.pth") if file.name != "distutils-precedence.pth"]
    if found:
        raise Flawed(f"{found} would be read at every start of Python")
    done(tool("uv"), "pip", "check", "--python", python)


def environment(python: str, folder: Path) -> Path:
    """A new environment of that Python: its interpreter."""
    done(python, "-m", "venv", "--without-pip", folder)
    return folder / "bin" / "python"


def installed(
    wheel: Path, python: str, folder: Path
) -> Iterator[tuple[str, Path, Path | None, dict[str, str] | None]]:
    """Install the wheel in each way: how, the program, the interpreter of its environment; for the ways of the
    README, where the installer keeps it too."""
    uv, homes = tool("uv"), folder / "tools"
    places = {"UV_TOOL_DIR": str(homes / "uv"), "UV_TOOL_BIN_DIR": str(homes / "uv-bin")}
    done(uv, "tool", "install", "--python", python, wheel, environ=places)
    yield "uv tool install", homes / "uv-bin" / "medtrack", None, places
    places = {"PIPX_HOME": str(homes / "pipx"), "PIPX_BIN_DIR": str(homes / "pipx-bin")}
    done(tool("pipx"), "install", "--python", python, str(wheel), environ=places)
    yield "pipx install", homes / "pipx-bin" / "medtrack", None, places
    done(python, "-m", "venv", folder / "pip")
    done(folder / "pip" / "bin" / "pip", "install", "--quiet", wheel)
    yield "pip install", folder / "pip" / "bin" / "medtrack", folder / "pip" / "bin" / "python", {}
    for name, flags in (("newest", ()), ("lowest", ("--resolution", "lowest-direct"))):
        mine = environment(python, folder / name)
        done(uv, "pip", "install", "--quiet", "--python", mine, *flags, wheel)
        yield f"the {name} packages", mine.with_name("medtrack"), mine, None
    mine = environment(python, folder / "locked")
    done(uv, "pip", "install", "--quiet", "--python", mine, "--require-hashes", "-r", LOCK)
    done(uv, "pip", "install", "--quiet", "--python", mine, "--no-deps", wheel)
    yield "the locked packages", mine.with_name("medtrack"), mine, None


def run_the_suite(python: str, folder: Path) -> Iterator[str]:
    """Run the whole suite with the newest and the lowest packages; how it went, each time."""
    for name, flags in (("newest", ()), ("lowest", ("--resolution", "lowest-direct"))):
        mine = environment(python, folder / f"suite-{name}")
        done(tool("uv"), "pip", "install", "--quiet", "--python", mine, *flags, "-e", f"{ROOT}[dev]")
        yield f"{name}: {done(mine, '-m', 'pytest', '-n', '2').strip().splitlines()[-1]}"


def list_of_all(python: Path, file: Path) -> None:
    """Write what is in an environment, with licences, as CycloneDX (SBOM)."""
    done(tool("cyclonedx-py"), "environment", python, "--pyproject", ROOT / "pyproject.toml",
         "--output-reproducible", "--output-file", file)  # fmt: skip


def main() -> None:
    """Build, install, follow, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--python", nargs="*", default=[sys.executable], help="the interpreters to install on"
    )
    parser.add_argument("--keep", type=Path, help="a folder for what was built and its SBOM")
    parser.add_argument("--suite", action="store_true", help="run the whole suite too")
    parser.add_argument("--lock", action="store_true", help="write the lock file anew, and do nothing else")
    wanted = parser.parse_args()
    if wanted.lock:
        done(tool("uv"), "pip", "compile", "--quiet", *LOCKED, "--output-file", LOCK, ROOT / "pyproject.toml")
        return
    try:
        _check(wanted.python, wanted.keep, is_whole=wanted.suite)
    except Flawed as flaw:
        print(f"FLAWED: {flaw}")
        sys.exit(1)


def _check(pythons: Sequence[str], keep: Path | None, *, is_whole: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sdist, wheel = built(folder / "dist")
        look_into(sdist, wheel)
        print(f"built {sdist.name} and {wheel.name}", flush=True)
        for number, python in enumerate(pythons):
            version = done(python, "-c", "import platform; print(platform.python_version())").strip()
            for how, program, its, places in installed(wheel, python, folder / str(number)):
                with tempfile.TemporaryDirectory() as home:
                    follow_the_readme(program, Path(home))
                    if places is not None:
                        add_what_is_missing(program, Path(home) / "home", places)
                if its is not None:
                    look_around(its)
                print(f"Python {version}, {how}: the README holds", flush=True)
            list_of_all(
                folder / str(number) / "newest" / "bin" / "python", folder / "dist" / "medtrack.cdx.json"
            )
            for went in run_the_suite(python, folder / str(number)) if is_whole else ():
                print(f"Python {version}, {went}", flush=True)
        if keep is not None:
            shutil.copytree(folder / "dist", keep, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
