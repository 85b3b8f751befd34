"""What is missing is named with a command that reaches this copy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from medtrack.packages import added, renewed


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with a blank in its path."""
    made = tmp_path / "med track"
    made.mkdir()
    monkeypatch.setattr(sys, "prefix", str(made))
    monkeypatch.setattr(sys, "executable", f"{made}/bin/python")
    return made


def test_in_an_environment_of_its_own(prefix: Path) -> None:
    assert added("fpdf2") == f"'{prefix}/bin/python' -m pip install fpdf2"
    assert renewed("tzdata") == f"'{prefix}/bin/python' -m pip install --upgrade tzdata"


def test_with_pipx(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").touch()
    assert added("fpdf2") == "pipx inject 'med track' fpdf2"
    assert renewed("tzdata") == "pipx runpip 'med track' install --upgrade tzdata"


def test_with_uv_tool(prefix: Path) -> None:
    (prefix / "uv-receipt.toml").touch()
    assert added("fpdf2") == f"uv pip install --python '{prefix}/bin/python' fpdf2"
    assert renewed("tzdata") == f"uv pip install --python '{prefix}/bin/python' --upgrade tzdata"


def test_it_names_the_python_that_runs_the_tests() -> None:
    """pip is there, since sqlite-utils brings it along."""
    python, *words = added("fpdf2").split()
    assert words == ["-m", "pip", "install", "fpdf2"]
    assert (
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    )
