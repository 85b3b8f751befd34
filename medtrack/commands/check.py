"""`medtrack check`: what is worth a call to the pharmacist."""

from typing import TYPE_CHECKING, Annotated

import typer

from medtrack.errors import NoHome, NoRecord, UsageRefused
from medtrack.render import emit

from ._emit import outcome, receipt
from ._params import Csv, Json, Yes, new_app
from ._reader import as_read

if TYPE_CHECKING:
    from medtrack.deps import Deps
    from medtrack.services.chart import Chart

app = new_app()


@app.command()
def check(
    ctx: typer.Context,
    drug: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DRUG]...", help="Medicines by any name; else what is taken."),
    ] = None,
    mine: Annotated[bool, typer.Option("--mine", help="With what is taken now, too.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Also what is minor or told together.")] = False,
    asked: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="Write down that somebody was asked, and what they said."),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Ask RxNav, openFDA and MedlinePlus, too; says what leaves.")
    ] = False,
    yes: Yes = False,
    imports: Annotated[bool, typer.Option("--imports", help="List the data sets brought along.")] = False,
    forget: Annotated[
        str | None, typer.Option(metavar="NAME", help="Remove such a data set, or 'lookups'.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What is worth a call to the pharmacist, and what was not checked.

    With --asked, what is known is told in one line until something changes. 'check import FORMAT FILE...'
    brings a data set along: ansm, ddinter, rxnorm or ndc.

    Exit code 0: nothing was found among what was checked. 4: something was. 20: a name is not known, and
    nothing else was found. 30: it wants to be confirmed: --yes.

    Example: medtrack check warfarin ibuprofen
    """
    from medtrack.services import checking

    deps: Deps = ctx.obj
    names, now = drug or [], deps.clock.now
    if _is_about_imports(deps, names, imports, forget, json, csv):
        return
    if asked is not None:
        if csv or mine or online:
            raise UsageRefused(what="--asked goes with names of what is taken, and with --json, alone.")
        chart = deps.chart()
        done = checking.acknowledge(chart, deps.pack, names, now, asked, deps.sets)
        receipt(ctx, chart, done, json=json)
        return
    known = _chart(deps, bool(names))
    looking = deps.online(yes) if online else None
    report = checking.check(
        known, deps.pack, names, now, mine=mine, everything=all_, sets=deps.sets, online=looking
    )
    emit(report if known is None else as_read(known, report), json=json, csv=csv)
    if report.rows:
        raise typer.Exit(4)
    if report.meta["not_checked"]:
        raise typer.Exit(20)


def _is_about_imports(
    deps: "Deps", names: list[str], imports: bool, forget: str | None, json: bool, csv: bool
) -> bool:
    """Do what was asked about data sets that are brought along; False where nothing was."""
    if not (imports or forget is not None or names[:1] == ["import"]):
        return False
    from medtrack.render.progress import by_size
    from medtrack.services import datasets

    words = datasets.import_words(names)
    if not (imports or forget is not None or words):
        return False
    if deps.imports is None:
        raise NoHome
    if words:
        today = deps.clock.now.date()
        report = datasets.import_set(deps.imports, words[0], words[1:], deps.pack, today, by_size)
        outcome(report, json=json)
    elif forget is not None:
        outcome(datasets.forget(deps.imports, forget, deps.lookups), json=json)
    else:
        emit(datasets.imports(deps.imports), json=json, csv=csv)
    return True


def _chart(deps: "Deps", has_names: bool) -> "Chart | None":
    """The person's chart; names can be checked before there is one."""
    try:
        return deps.chart()
    except NoRecord:
        if has_names:
            return None
        raise
