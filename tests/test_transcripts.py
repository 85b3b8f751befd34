"""Every transcript, and the README, prints what it says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Result
from tests.transcript import perform, ready, steps

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "tests" / "transcripts").glob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_transcript(document: Path, run: Callable[..., Result], home: Path) -> None:
    def here(words: list[str], at: str | None) -> Result:
        result = run(words, now=at)
        return Result(result.code, result.out.replace(str(home), "~"), result.err.replace(str(home), "~"))

    text = document.read_text(encoding="utf-8")
    ready(text, home)
    found = list(steps(text))
    assert found, f"{document.name} shows no command"
    if any("| jq" in step.command for step in found) and shutil.which("jq") is None:
        pytest.skip("jq is not here")
    for step in found:
        assert perform(step, here) == step.shown, f"{document.name}:{step.line}: $ {step.command}"


def test_the_timeline_in_the_readme_is_that_of_its_transcript() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "tests" / "transcripts" / "timeline.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(\$ medtrack timeline .*?)```", readme, re.DOTALL)
    assert shown in page


def test_the_check_in_the_readme_is_that_of_edith() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    page = (ROOT / "tests" / "transcripts" / "checking-further.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(\$ medtrack check\n.*?)```", readme, re.DOTALL)
    assert shown in page
    assert re.findall(r"^[A-Z]+ \((\w+)\)", shown, re.MULTILINE) == ["interaction", "timing", "duplicate"]


def test_the_calendar_in_the_readme_is_that_of_the_sample_month(
    month: Path, run: Callable[..., Result]
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    drawn = re.findall(r"```text\n\$ medtrack ([^\n]*)\n(.*?)```", readme, re.DOTALL)
    ((command, page),) = [each for each in drawn if "--calendar" in each[0]]
    assert run(command).out == page


def test_every_page_is_found_from_the_readme() -> None:
    readme, *pages = DOCUMENTS
    linked = readme.read_text(encoding="utf-8")
    assert [page.name for page in pages if f"tests/transcripts/{page.name}" not in linked] == []
