"""`medtrack schema`: what the JSON of every command looks like."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused
from medtrack.render import emit, emit_page

from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def schema(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="The `kind` of a document.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """The JSON Schemas of what --json prints: all by name, or one of them whole.

    Every document says its `kind`; its schema has that name.

    Exit code 20: there is no such schema.

    Example: medtrack schema log
    """
    from medtrack.services.describing import schema_page, schemas

    if kind is None:
        emit(schemas(), json=json, csv=csv)
    elif csv:
        raise UsageRefused(what="A schema is JSON; --csv goes with the list of them: medtrack schema --csv")
    else:
        emit_page(schema_page(kind))
