"""`medtrack card`: a card for the wallet."""

import os
from typing import Annotated

import typer

from medtrack.errors import UsageRefused
from medtrack.render import emit, emit_card, emit_page

from ._emit import outcome
from ._params import Force, Json, Output, new_app
from ._reader import as_read_document

app = new_app()


@app.command()
def card(
    ctx: typer.Context,
    med: Annotated[str, typer.Argument(metavar="[MED|all]", help="The medication, or all.")] = "all",
    face: Annotated[str | None, typer.Option("--format", metavar="FORMAT", help="text or html.")] = None,
    output: Output = None,
    qr: Annotated[
        bool, typer.Option("--qr", help="With a code that holds its text: who scans it reads it.")
    ] = False,
    json: Json = False,
    force: Force = False,
) -> None:
    """A card for the wallet: what is taken, allergies, who to call.

    As HTML it prints in the size of a bank card.

    Exit code 29: a code needs a package that is missing.

    Example: medtrack card all -o card.html --qr
    """
    from medtrack.render import wallet
    from medtrack.services.reporting import write
    from medtrack.services.wallet import card as build

    if output in ("", "-"):
        raise UsageRefused(what="-o names a file; without -o the card goes to the screen.")
    is_page = qr or os.path.splitext(output or "")[1].lower() in (".html", ".htm")
    wanted = face or ("html" if is_page else "text")
    if wanted not in ("text", "html") or (qr and wanted == "text"):
        raise UsageRefused(what="--format is text or html, and --qr belongs to html.")
    if json and (face or output or qr):
        raise UsageRefused(what="--json goes to the screen, without --format, -o and --qr.")
    chart = ctx.obj.chart()
    document = as_read_document(chart, build(chart, ctx.obj.pack, med))
    if json:
        emit(document.data, json=True)
        return
    if wanted == "text" and output is None:
        emit_card(document)
        return
    page = wallet.render(document, qr=qr) if wanted == "html" else wallet.text(document)
    if output is None:
        emit_page(page)
    else:
        outcome(write([(os.path.abspath(output), page.encode())], force=force))
