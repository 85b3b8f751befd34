"""Sending what is due to the person's channels: the desktop, a program of theirs, a service they named.

All at once, each for a bounded time, so that one that fails or hangs delays no other. What went wrong is
told in a clause that holds neither the text nor a secret: it may be mailed, listed and logged.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from medtrack.domain.channels import Channel

from .session import session_environment

LIMIT = 10.0
"""Seconds any channel is given."""

_GRACE = 1.0
"""Seconds to end a program that did not keep to the limit."""


def send_all(messages: Sequence[tuple[Channel, str]], title: str) -> list[str | None]:
    """Send each text to its channel; gives for each None once it was handed over, else why not.

    Nothing is raised. A channel of kind 'stdout' is the caller's to print and has no place here. Who did
    not answer within LIMIT counts as not delivered, although the text may have arrived.
    """
    outcomes: list[str | None] = [f"it was not done within {LIMIT:g} seconds" for _ in messages]
    round_ = _Round(time.monotonic() + LIMIT)

    def send(at: int) -> None:
        channel, text = messages[at]
        try:
            outcomes[at] = round_.send(channel, text, title)
        except Exception as failure:
            # The words of an error may hold the address or the text; its kind never does.
            outcomes[at] = f"it failed ({type(failure).__name__})"

    # As daemons they never keep the process from ending, whatever a service does.
    threads = [threading.Thread(target=send, args=(at,), daemon=True) for at in range(len(messages))]
    try:
        for thread in threads:
            thread.start()
        for thread, (channel, _) in zip(threads, messages, strict=True):
            grace = 0.0 if channel.kind == "url" else _GRACE
            thread.join(max(0.0, round_.until + grace - time.monotonic()))
    except BaseException:
        # An interrupt must not leave a program behind that nobody would end.
        for program in round_.programs:
            _end(program)
        raise
    return list(outcomes)


def doubt_of(channel: Channel) -> str | None:
    """Why a channel that was just set up may not work, as a sentence without a secret; None where it may."""
    program = {"command": channel.target[:1], "desktop": ("notify-send",)}.get(channel.kind)
    if program and shutil.which(program[0]) is None:
        return f"Mind: there is no {program[0]} on this machine that can be run."
    if channel.kind == "url":
        from .posting import why_unknown

        why = why_unknown(channel.target[0])
        return None if why is None else f"Mind: {why}."
    return None


class _Round:
    """Messages that are sent together: the instant they end at, and the programs run for them."""

    def __init__(self, until: float) -> None:
        self.until = until
        self.programs: list[subprocess.Popen[bytes]] = []

    def send(self, channel: Channel, text: str, title: str) -> str | None:
        """Send one text; gives why it was not delivered."""
        if channel.kind == "desktop":
            return self._show(title, text)
        if channel.kind == "command":
            return self._run(channel.target, text.encode(errors="replace"))
        from .posting import post

        return post(channel.target[0], title, text)

    def _show(self, title: str, text: str) -> str | None:
        """Show a notification on the person's desktop.

        Title and text are arguments, which every user of the machine may read while the program runs. That
        is no breach of privacy: a text names a medication only on a channel for which the person chose so.
        """
        # The body is markup (Desktop Notifications Specification), and notify-send undoes backslashes in it.
        body = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\\", "\\\\")
        words = ("notify-send", "--", title.replace("\0", ""), body.replace("\0", ""))
        why = self._run(words, None, session_environment())
        is_refused = why is not None and why.startswith("exit code")
        return "there is no desktop that shows it now (notify-send refused)" if is_refused else why

    def _run(
        self, words: Sequence[str], text: bytes | None, environment: dict[str, str] | None = None
    ) -> str | None:
        """Run a program by its argument list, the text on its standard input.

        What it prints goes nowhere. It has a process group of its own, which is ended as a whole when its
        time is up.
        """
        try:
            program = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                env=environment,
            )
        except FileNotFoundError:
            if os.path.exists(words[0]):
                return f"{words[0]} cannot be run: the program that its first line names is missing"
            return f"there is no {words[0]} on this machine"
        except OSError as failure:
            return f"{words[0]} cannot be run: {failure.strerror}"
        self.programs.append(program)
        try:
            program.communicate(text, max(0.0, self.until - time.monotonic()))
        except subprocess.TimeoutExpired:
            return f"it was not done within {LIMIT:g} seconds"
        finally:
            _end(program)
        if program.returncode < 0:
            return f"it was ended by signal {-program.returncode}"
        return None if program.returncode == 0 else f"exit code {program.returncode}"


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program that still runs, with all it started; one that is done leaves that running."""
    if program.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    if program.stdin is not None:
        with suppress(OSError):
            program.stdin.close()
