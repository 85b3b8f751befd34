"""What is installed with medtrack: what the lock file pins, and what the README says of licences.

How it is built and installs is tried by `python -m tests.packaging`, which needs the package index.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.packaging import dead_links

ROOT = Path(__file__).parent.parent
PINNED = re.compile(
    r"^([\w.-]+)==(\S+)((?: ;[^\\]*)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def lock() -> dict[str, str]:
    """The version of each package that is pinned, with hashes."""
    text = (ROOT / ".ci" / "lock.txt").read_text(encoding="utf-8")
    found = {canonicalize_name(name): version for name, version, _, _ in PINNED.findall(text)}
    assert len(found) == len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)), (
        "a package is pinned without a hash"
    )
    return found


def test_the_lock_file_pins_what_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = lock()
    for wanted in map(Requirement, project["dependencies"]):
        assert pinned[canonicalize_name(wanted.name)] in wanted.specifier, wanted.name


def needed(name: str) -> set[str]:
    """A package and all that it needs here, by their normal names."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        at = canonicalize_name(waiting.pop())
        if at in found:
            continue
        found.add(at)
        for wanted in map(Requirement, requires(at) or []):
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                waiting.append(wanted.name)
    return found


def test_the_readme_lists_all_that_is_installed_with_its_licence() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"^Installed with it: (.*?)\.$", readme, re.MULTILINE | re.DOTALL)
    named = {canonicalize_name(name) for name in re.findall(r"`([\w.-]+)`", told)}
    # Only python-dateutil before 3 needs six, which the README says apart.
    assert named == needed("medtrack-cli") - {"medtrack-cli", "six"}
    assert named <= lock().keys()


def test_what_an_index_shows_has_no_link_that_is_dead_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert dead_links(text)
    for each in project["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    assert dead_links(text) == []
    assert "[pipx](https://pipx.pypa.io)" in text
