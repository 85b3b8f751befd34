"""`medtrack verify`: is the record what was written?"""

import typer

from medtrack.errors import RecordDamaged

from ._emit import listing
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def verify(ctx: typer.Context, json: Json = False, csv: Csv = False) -> None:
    """Whether the record is what was written, to the last bit.

    Exit code 44: it is not.

    Example: medtrack verify
    """
    from medtrack.services.verifying import verify as proven

    report = listing(ctx, proven, json=json, csv=csv)
    if report.rows:
        raise typer.Exit(RecordDamaged.exit_code)
