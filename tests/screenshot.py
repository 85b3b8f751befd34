"""The picture of the README, a terminal with a morning in it, drawn from a real run: `python -m tests.screenshot`.

The commands run on a pseudo-terminal in the sample month, and what they send to it, colours and all, becomes SVG.
A test draws it again and compares.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.conftest import KEPT, sealed
from tests.sample_month import NOW, write
from tests.transcript import CLOCK_WAS_SET

PICTURE = Path(__file__).parent / "pictures" / "terminal.svg"
WIDTH = 112
COMMANDS = ("medtrack", "medtrack take metformin", "medtrack adherence metformin --span 60d --calendar")
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img"
  aria-label="A terminal: the board of the day, a dose written down, and a calendar of sixty days">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: {char_height}px;
  line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-family: arial; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own frame, without the letters it loads from elsewhere, and with words for who cannot see it."""


def shown(command: str, environ: dict[str, str]) -> str:
    """What a command sends to a terminal."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", *command.split()]
    process = subprocess.Popen(words, env=environ, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    page = bytearray()
    with suppress(OSError):  # it ends like this
        while part := os.read(ours, 1 << 16):
            page += part
    os.close(ours)
    process.wait()
    return page.decode().replace("\r\n", "\n").replace(CLOCK_WAS_SET, "")


def draw(folder: Path) -> str:
    """The picture, from commands in an empty folder."""
    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    home = {name: value for name, value in sealed(folder).items() if name != "NO_COLOR"}
    environ = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **home,
        "MEDTRACK_DB": str(write(folder)),
        "MEDTRACK_NOW": NOW,
        "TERM": "xterm-256color",
        "COLUMNS": str(WIDTH),
    }
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    for command in COMMANDS:
        console.print(Text(f"$ {command}", "bold"))
        console.print(Text.from_ansi(shown(command, environ)))
    console.file.close()
    return console.export_svg(title="medtrack", theme=MONOKAI, code_format=FRAME, unique_id="medtrack")


def main() -> None:
    """Draw the picture."""
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(draw(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
