"""`medtrack completion`: TAB in the shell."""

import os
from typing import Annotated

import typer

from medtrack.completions import SHELLS, script
from medtrack.errors import UsageRefused
from medtrack.render import emit_page

from ._params import new_app

app = new_app()


@app.command()
def completion(
    shell: Annotated[
        str | None, typer.Argument(metavar="[bash|zsh|fish]", help="The shell; the one of $SHELL.")
    ] = None,
) -> None:
    """The script by which TAB completes verbs and names in a shell.

    It goes into what the shell reads when it starts; how, the script says in its first lines. Names are read
    from the record without touching it.

    Example: medtrack completion bash
    """
    wanted = os.path.basename(os.environ.get("SHELL", "")) if shell is None else shell.lower()
    if wanted not in SHELLS:
        which = f"There is no script for {wanted[:40]!r}" if wanted else "Which shell this is is not known"
        named = ", ".join(f"'medtrack completion {each}'" for each in SHELLS)
        raise UsageRefused(what=f"{which}: {named} each print one, and its first lines say where it goes.")
    emit_page(script(wanted))
