"""How a package that is missing is added to the copy of medtrack that runs.

pip of another environment does not reach a copy that pipx or `uv tool` installed, and medtrack itself may be
on no index: so the package is named, not an extra, and whatever installed this copy adds it.
"""

from __future__ import annotations

import os
import shlex
import sys

_PIPX, _UV = "pipx_metadata.json", "uv-receipt.toml"
"""What pipx and `uv tool` leave in an environment that they made."""


def added(package: str) -> str:
    """The command that adds a package."""
    if _has(_PIPX):
        return f"pipx inject {_environment()} {package}"
    return f"{_install()} {package}"


def renewed(package: str) -> str:
    """The command that brings the newest of a package that is there."""
    if _has(_PIPX):
        return f"pipx runpip {_environment()} install --upgrade {package}"
    return f"{_install()} --upgrade {package}"


def _install() -> str:
    """What installs into the environment that runs: uv where it made it, else the environment's own pip."""
    python = shlex.quote(sys.executable)
    return f"uv pip install --python {python}" if _has(_UV) else f"{python} -m pip install"


def _has(name: str) -> bool:
    return os.path.exists(os.path.join(sys.prefix, name))


def _environment() -> str:
    return shlex.quote(os.path.basename(sys.prefix))
