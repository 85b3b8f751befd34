"""The real shells, each on a terminal of its own, with TAB pressed in them.

What a line has become is asked of the shell itself: a function that shows its arguments is put before it, so
what is compared is what `medtrack` would have been given.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pexpect

from medtrack.completions import SHELLS, script

BARE = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}
"""What keeps a shell from reading the files of its owner."""
_SHOWN = "shown() { printf '<%s>' \"$@\"; echo :shown; }"
SHOW = {"bash": _SHOWN, "zsh": _SHOWN, "fish": "function shown; printf '<%s>' $argv; echo :shown; end"}
BEGIN = {"bash": "source {}", "zsh": "autoload -U compinit && compinit -u -D; source {}", "fish": "source {}"}
_LONGEST = 60
"""Seconds to wait for a shell at most."""


def missing(shell: str) -> str | None:
    """Why a shell cannot be tested here; None where it can."""
    return None if shutil.which(shell) else f"there is no {shell} on this machine"


class Shell:
    """A shell at work, with medtrack's script for it read."""

    def __init__(
        self,
        name: str,
        environ: Mapping[str, str],
        folder: Path,
        *,
        is_set_up: bool = False,
        locale: str = "C.UTF-8",
    ) -> None:
        """Start it; one that is set up reads the script by itself, from what is in the home."""
        assert name in SHELLS
        flags = [*([] if is_set_up else BARE[name]), *(["--private"] if name == "fish" else []), "-i"]
        self.child = pexpect.spawn(
            # Without a locale zsh takes no letter that is not ASCII.
            name, flags, env={**environ, "TERM": "xterm", "LC_ALL": locale}, encoding="utf-8", timeout=_LONGEST,
            dimensions=(50, 400), cwd=str(folder),
        )  # fmt: skip
        self.child.delaybeforesend = 0.05
        self._do(SHOW[name])
        if not is_set_up:
            file = folder / f"script.{name}"
            file.write_text(script(name), encoding="utf-8")
            self._do(BEGIN[name].format(file))
        self._do("echo rea''dy")
        self.child.expect("ready")

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.child.close(force=True)

    def _do(self, line: str) -> None:
        self.child.send(f"{line}\r")

    def completed(self, typed: str) -> list[str]:
        """The words of a line after TAB was pressed at its end."""
        self.child.send(f"{typed}\t")
        # What comes after is read when the answer is there: none of the three reads on while it waits for it.
        self.child.send("\x01shown \r")
        self.child.expect(r"((?:<[^\r\n]*>)+):shown")
        found = str(self.child.match[1])
        return re.sub(r"^<|>$", "", found).split("><")
