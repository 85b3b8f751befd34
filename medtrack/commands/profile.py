"""`medtrack profile`: what is known of the person."""

from typing import Annotated

import typer

from medtrack.errors import UsageRefused

from ._emit import listing, receipt
from ._params import Csv, Json, new_app

app = new_app()


@app.command()
def profile(
    ctx: typer.Context,
    verb: Annotated[str | None, typer.Argument(metavar="[list]", help="List it.")] = None,
    name: Annotated[str | None, typer.Option(metavar="TEXT", help="The full name, for reports.")] = None,
    born: Annotated[str | None, typer.Option(metavar="DATE", help="The day of birth: 1950-07-31.")] = None,
    country: Annotated[
        str | None, typer.Option(metavar="CODE", help="Where the medicines are from: US, GB.")
    ] = None,
    sex: Annotated[str | None, typer.Option(metavar="WORD", help="female, male, other, unknown.")] = None,
    weight: Annotated[str | None, typer.Option(metavar="W", help="Like '70.2 kg' or '154 lb'.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What is known of the person: birth, country, sex, weight.

    The country says which medicine a brand is: Benadryl is not the same in the US and the UK.

    Example: medtrack profile --born 1950-07-31 --country GB
    """
    from medtrack.knowledge import read_countries
    from medtrack.services.profile import ProfileFlags
    from medtrack.services.profile import profile as known

    if verb not in (None, "list"):
        raise UsageRefused(what="It is 'medtrack profile', 'profile list', or 'profile' with a flag.")
    flags = ProfileFlags(name, born, country, sex, weight)
    if flags == ProfileFlags():
        listing(ctx, lambda chart: known(chart, flags, read_countries), json=json, csv=csv)
    elif verb == "list" or csv:
        raise UsageRefused(what="Either list the profile, or write some of it down.")
    else:
        chart = ctx.obj.chart(make=True)
        receipt(ctx, chart, known(chart, flags, read_countries), json=json)
