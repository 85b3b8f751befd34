"""A real browser without a window, where there is one: Debian's `chromium` package.

`python -m tests.chromium` draws tests/pictures/report.png, the picture of the report in the README.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURE = Path(__file__).parent / "pictures" / "report.png"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser() -> str | None:
    """The browser on the path."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def browse(page: Path, *flags: str) -> str:
    """Open a page as a reader does and give what the browser prints; `flags` say what to make of it."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [
                browser() or NAMES[0],
                "--headless",
                # A page of our own, as whoever runs the tests, who may be root in a container.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                f"--user-data-dir={profile}",
                *flags,
                page.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    return done.stdout


def printed(page: Path, to: Path, size: str) -> None:
    """Print a page to PDF on paper of this size, as its own style sheet has it."""
    sized = to.with_suffix(".html")
    style = f"<style>@page {{ size: {size} }}</style></head>"
    sized.write_text(page.read_text(encoding="utf-8").replace("</head>", style), encoding="utf-8")
    browse(sized, "--no-pdf-header-footer", f"--print-to-pdf={to}")


def in_view(page: str) -> str:
    """A digest of the part of a report that the picture shows, whatever the letters of the machine."""
    shown, _, rest = page.partition('<section aria-labelledby="details"')
    if not rest:
        raise ValueError("the report has no section of details")
    return hashlib.sha256(shown.encode()).hexdigest()


def main() -> None:
    """Draw the picture of the README from a real run; it says of which page it is."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    from tests.sample_month import NOW, write

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {**os.environ, "MEDTRACK_DB": str(write(folder)), "MEDTRACK_NOW": NOW, "TZ": "Europe/Paris"}
        page = folder / "report.html"
        subprocess.run([sys.executable, "-m", "medtrack", "report", "-o", str(page)], env=environ, check=True)
        shot = folder / "report.png"
        browse(page, f"--screenshot={shot}", "--window-size=1000,1260")
        of = PngInfo()
        of.add_text("Page", in_view(page.read_text(encoding="utf-8")))
        # A page of text and flat colours needs no more than these.
        Image.open(shot).convert("RGB").quantize(256, kmeans=2).save(PICTURE, optimize=True, pnginfo=of)


if __name__ == "__main__":
    main()
