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
        which = f"There is none for {wanted!r}" if wanted else "It is not known which shell this is"
        raise UsageRefused(
            what=f'{which}. For bash, put this into ~/.bashrc: eval "$(medtrack completion bash)"'
            ' For zsh, this into ~/.zshrc: eval "$(medtrack completion zsh)"'
            " For fish, once: medtrack completion fish > ~/.config/fish/completions/medtrack.fish"
        )
    emit_page(script(wanted))
