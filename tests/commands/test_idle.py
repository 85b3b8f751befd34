"""The answers given before anything is loaded: always those of the whole command, or none."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medtrack.app import run as whole
from medtrack.idle import answer
from tests.conftest import sealed

BEGIN = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Two days before the clocks of Paris change."""
MINUTE = timedelta(minutes=1)
REGIMEN = (
    "add metformin --at 08:00,20:00 --from 2026-03-20 --yes",
    "add levodopa --at 06:00,10:00,14:00,18:00,22:00 --time-critical --from 2026-03-20 --yes",
    "add apixaban --every 12h --anchor last-dose --from 2026-03-20 --yes",
    "add ibuprofen --as-needed --from 2026-03-20 --yes",
    "add alendronate --at 07:00 --on sun --from 2026-03-20 --yes",
    "hold levodopa --from 2026-03-28 --until 2026-03-28 --reason scan",
    "travel America/New_York --from '2026-03-29 15:00'",
    "remind rule metformin --repeat 15m,1h --then carer",
    "remind channel add carer --stdout",
    "count metformin 9",
    "settings check-in 'sun 18:00'",
    "quiet 22:30-06:30",
)


def typed(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%S+00:00}"


def do(words: list[str], now: datetime) -> tuple[int, str]:
    """The whole command, whatever is known."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()):
        code = whole(["--now", typed(now), *words])
    return code, out.getvalue()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in sealed(folder).items():
            patched.setenv(name, value)
        for line in REGIMEN:
            assert do(shlex.split(line), BEGIN)[0] == 0, line
    return folder


def quick(words: list[str], now: datetime, folder: Path) -> tuple[int | None, str]:
    """The answer that is known at a time of the clock, as if what was worked out had been under it."""
    for file in (folder / "state").rglob("*.simulated"):
        shutil.copyfile(file, file.with_suffix(""))
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(StringIO()) as out:
        patched.setattr("time.time", now.timestamp)
        return answer(words, sealed(folder)), out.getvalue()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 60 * 70),
            st.sampled_from(["due --quiet", "remind", "due --prompt", "take metformin --again",
                             "take apixaban --again", "skip levodopa --reason x", "snooze metformin 20m",
                             "undo", "hold metformin --reason x", "resume metformin"]),
            st.integers(0, 60 * 30),
            st.booleans(),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_what_is_known_is_what_the_whole_command_says(
    begun: Path, steps: list[tuple[int, str, int, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        folder = Path(name) / "home"
        shutil.copytree(begun, folder)
        environ = sealed(folder)
        for key, value in environ.items():
            patched.setenv(key, value)
        for minutes, line, later, checks in sorted(steps):
            now = BEGIN + minutes * MINUTE
            do(line.split(), now)
            # After one that spoke, the next leaves its answer.
            for words in (["remind"], ["remind"], ["due", "--quiet"])[0 if checks else 2 :]:
                do(words, now)
            then = now + later * MINUTE
            for words in (["due", "--quiet"], ["due", "--prompt"]):
                known = quick(words, then, folder)
                if known[0] is not None:
                    assert known == do(words, then), (line, now, then, words)
            with tempfile.TemporaryDirectory() as other:
                # A check leaves its mark: what it would say is asked of a copy.
                copy = Path(other) / "home"
                shutil.copytree(folder, copy)
                known = quick(["remind"], then, folder)
                if known[0] is not None:
                    for key, value in sealed(copy).items():
                        patched.setenv(key, value)
                    assert known == do(["remind"], then), (line, now, then)
                    for key, value in environ.items():
                        patched.setenv(key, value)
