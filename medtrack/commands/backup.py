"""`medtrack backup`: a verified copy of the record."""

import os
from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import outcome
from ._params import Force, Json, new_app

app = new_app()


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Where to.")],
    age: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Encrypt for this public key: age1..., an ssh key, a file of keys."),
    ] = None,
    passphrase: Annotated[bool, typer.Option("--passphrase", help="Encrypt; asks for a passphrase.")] = False,
    force: Force = False,
    json: Json = False,
) -> None:
    """Copy the record to a file, verified.

    With --age or --passphrase it is encrypted, and the stock 'age' tool reads it, too.

    Exit code 29: a package is missing. 38: the passphrase is missing.

    Example: medtrack backup /media/stick/me.db
    """
    from medtrack.services.keeping import back_up

    deps = ctx.obj
    ask = deps.ask_secret
    if passphrase and ask is None:
        raise UsageRefused(what="--passphrase asks, and there is no terminal to ask on: use --age KEY.")
    report = back_up(
        deps.chart(),
        os.path.abspath(file),
        force=force,
        recipients=age or (),
        passphrase=(lambda: ask("Passphrase", True)) if passphrase else None,
    )
    outcome(report, json=json)
