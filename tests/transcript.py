"""Console transcripts in Markdown, run for real: what a document shows is what the program prints.

A fenced block marked `console` holds commands (`$ medtrack ...`) and what each printed, stdout before
stderr; an exit code other than 0 stands after it in square brackets. The tools of others that read a record
(`sqlite-utils`, `datasette`) may be shown too, and a ` | ` after which the shell gets what was printed. `<!-- at TIME -->` on a line of its
own sets the clock for what follows; a sentence that names a file like `~/doses.csv` before a block marked
`csv` puts that file into the home. `python -m tests.transcript FILE...` writes what the program prints
into the files; the suite only compares.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import KEPT, Result, sealed

Run = Callable[[list[str], str | None], Result]

CLOCK_WAS_SET = "medtrack: the time was given, not read from the clock; what was recorded is marked so.\n"
"""Every write under a set clock says so; in a transcript it would hide everything else."""
TOOLS = ("sqlite-utils", "datasette")
"""Programs of others that a document may show, as they are installed beside this one."""
_FILE = re.compile(r"`~/([\w.-]+)`[^`]*\n\n```csv\n(.*?)```", re.DOTALL)
_AT = re.compile(r"<!-- at (\S+) -->")


class Step(NamedTuple):
    """One command of a transcript: where it stands, at what time, and what it shall print."""

    line: int
    at: str | None
    command: str
    shown: str


def steps(text: str) -> Iterator[Step]:
    """The commands of a document in order."""
    at, inside = None, False
    command: tuple[int, str] | None = None
    shown: list[str] = []
    for number, line in enumerate([*text.split("\n"), "```"], start=1):
        if found := _AT.fullmatch(line):
            at = found[1]
        elif not inside and line == "```console":
            inside = True
        elif inside and (line == "```" or line.startswith("$ ")):
            if command is not None:
                yield Step(command[0], at, command[1], "\n".join(shown))
            command, shown = ((number, line[2:]) if line.startswith("$ ") else None), []
            inside = line != "```"
        elif inside:
            shown.append(line)


def files(text: str) -> dict[str, str]:
    """The files a document brings along, by name."""
    return dict(_FILE.findall(text))


def printed(result: Result) -> str:
    """What a command printed, as a transcript shows it."""
    text = result.out + result.err.replace(CLOCK_WAS_SET, "")
    if result.code:
        text += f"[{result.code}]\n"
    return text.rstrip("\n")


def perform(step: Step, run: Run) -> str:
    """Run one step and give what it printed."""
    home = os.environ["HOME"]
    command, _, rest = step.command.partition(" | ")
    words = [
        word.replace("~/", f"{home}/") if word.startswith("~/") else word for word in shlex.split(command)
    ]
    if words[:1] == ["medtrack"]:
        result = run(words[1:], step.at)
    elif words[0] in TOOLS:
        result = _done([str(Path(sys.executable).with_name(words[0])), *words[1:]])
    else:
        raise ValueError(f"line {step.line}: only medtrack and {', '.join(TOOLS)} are run: {step.command}")
    if rest:
        # The tools stand beside this Python, wherever it is.
        beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        piped = _done(["sh", "-c", rest], given=result.out, environ={**os.environ, "PATH": beside})
        result = piped._replace(err=result.err + piped.err)
    return printed(result)


def _done(command: list[str], given: str = "", environ: dict[str, str] | None = None) -> Result:
    done = subprocess.run(command, input=given, env=environ, capture_output=True, text=True, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def rewritten(text: str, run: Run) -> str:
    """The document with every output replaced by what the program prints now."""
    lines = text.split("\n")
    outputs = [(step, perform(step, run)) for step in steps(text)]
    for step, output in reversed(outputs):
        old = step.shown.count("\n") + 1 if step.shown else 0
        lines[step.line : step.line + old] = output.split("\n") if output else []
    return "\n".join(lines)


def in_home(folder: Path, program: Sequence[str] = (sys.executable, "-m", "medtrack")) -> Run:
    """Run commands as processes of a program, with a folder for home; `~` stands for it in what they print."""
    environ = {**{key: os.environ[key] for key in KEPT if key in os.environ}, **sealed(folder)}

    def run(words: list[str], at: str | None) -> Result:
        done = subprocess.run(
            [*program, *words],
            env=environ if at is None else {**environ, "MEDTRACK_NOW": at},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        shown = [page.replace(str(folder), "~") for page in (done.stdout, done.stderr)]
        return Result(done.returncode, *shown)

    return run


def ready(text: str, folder: Path) -> None:
    """Make a folder the home of a document: the files it brings along are in it."""
    os.environ["HOME"] = str(folder)
    for file, content in files(text).items():
        (folder / file).write_text(content, encoding="utf-8")


def main() -> None:
    """Rewrite the files named."""
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(name)
            text = path.read_text(encoding="utf-8")
            ready(text, Path(folder))
            path.write_text(rewritten(text, in_home(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
