"""`medtrack history`: the audit trail."""

import typer

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def history(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """Everything that was done, and by whom.

    Example: medtrack history
    """
    from medtrack.services.history import history as done

    listing(ctx, done, json=json, csv=csv)
