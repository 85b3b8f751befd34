"""The property list of an agent; launchd itself runs on macOS alone."""

from __future__ import annotations

import plistlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medtrack.outside import launchd, schedulers
from medtrack.outside.schedulers import Job

KEY = "0123456789ab"
JOB = Job(
    KEY, ("/opt/bin/medtrack", "--db", "/home/ann/me.db", "remind"), (("A", "b c"),), timedelta(minutes=5)
)

words = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=20
)


@given(st.lists(words, min_size=1, max_size=4), words)
def test_the_list_says_it_all(arguments: list[str], value: str) -> None:
    job = JOB._replace(arguments=tuple(arguments), environment=(("A", value),))
    assert plistlib.loads(schedulers.text_of("launchd", job).encode()) == {
        "Label": "medtrack.remind.0123456789ab",
        "ProgramArguments": arguments,
        "EnvironmentVariables": {"A": value},
        "StartInterval": 300,
        "RunAtLoad": True,
    }


@pytest.mark.parametrize(
    ("change", "every", "program"),
    [
        (lambda text: text, timedelta(minutes=5), "/opt/bin/medtrack"),
        (lambda text: text.replace("300", "90000"), None, "/opt/bin/medtrack"),
        (lambda text: text.replace("<integer>300</integer>", "<true/>"), None, "/opt/bin/medtrack"),
        (lambda text: text.replace("array>", "dict>"), None, ""),
        (lambda text: text[:100], None, ""),
        (lambda text: "", None, ""),
        (lambda text: plistlib.dumps(["x"]).decode(), None, ""),
    ],
)
def test_what_stands_there_is_read(home: Path, change, every: timedelta | None, program: str) -> None:
    assert launchd.installed(KEY) == []
    file = home / "Library" / "LaunchAgents" / f"medtrack.remind.{KEY}.plist"
    file.parent.mkdir(parents=True)
    text = change(schedulers.text_of("launchd", JOB))
    file.write_text(text)
    assert launchd.installed(KEY) == [schedulers.Installed("launchd", every, text, program)]
