"""The desktop session of the person, which a program that cron started does not know of."""

from __future__ import annotations

import os
import stat

RUN = "/run/user"
"""Where pam_systemd and elogind make one directory for each person who is logged in."""


def session_environment() -> dict[str, str]:
    """This process's environment, with the person's message bus filled in where it is missing and there."""
    environment = dict(os.environ)
    folder = os.path.join(RUN, str(os.getuid()))
    bus = os.path.join(folder, "bus")
    try:
        there = stat.S_ISSOCK(os.stat(bus).st_mode)
    except OSError:
        return environment
    if there:
        environment.setdefault("DBUS_SESSION_BUS_ADDRESS", f"unix:path={bus}")
        environment.setdefault("XDG_RUNTIME_DIR", folder)
    return environment
