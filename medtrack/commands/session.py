"""`medtrack session`: supervised treatments, begun, observed and ended."""

from functools import partial
from typing import Annotated

import typer

from medtrack.render import emit

from . import _session_views
from ._emit import receipt, warned_receipt
from ._params import At, Json, Note, Reason, new_app
from ._reader import as_read

app = new_app()
_session_views.add_to(app)
Number = Annotated[
    str | None, typer.Option("--session", metavar="NUMBER", help="Which session; the one that is open.")
]


@app.callback(invoke_without_command=True)
def session(ctx: typer.Context) -> None:
    """Supervised treatments: their checklist, what was observed, their course.

    It records and reminds; whether to go on is for the clinic to say.

    Example: medtrack session start spravato --dose "56 mg"
    """
    if ctx.invoked_subcommand is None:
        from medtrack.services.courses import listed

        chart = ctx.obj.chart()
        emit(as_read(chart, listed(chart)))


@app.command()
def start(
    ctx: typer.Context,
    protocol: Annotated[
        str, typer.Argument(metavar="PROTOCOL", help="spravato, or the clinic's own: ./clinic.toml.")
    ],
    dose: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Given at the start; else observe it when it is.")
    ] = None,
    at: At = "now",
    hold: Annotated[
        list[str] | None,
        typer.Option(metavar="MED", help="Hold it until the rest time is over; again for another."),
    ] = None,
    hold_from: Annotated[str | None, typer.Option(metavar="TIME", help="Hold from here; the start.")] = None,
    hold_until: Annotated[str | None, typer.Option(metavar="TIME", help="Hold up to here.")] = None,
    course_from: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day of the first session of the course.")
    ] = None,
    note: Note = None,
    json: Json = False,
) -> None:
    """Begin a session.

    Exit code 4: begun, with a dose the protocol has not. 20: no such protocol. 28: no plan to hold.

    Example: medtrack session start spravato --dose "56 mg" --hold lorazepam
    """
    from medtrack.services import sessions

    chart = ctx.obj.chart(make=True)
    found = ctx.obj.protocol(chart, protocol)
    holds = sessions.HoldFlags(hold or (), hold_from, hold_until)
    begin = partial(sessions.start, chart, found, ctx.obj.pack, holds=holds, confirm=ctx.obj.confirm)
    report = begin(dose=dose, at=at, course_from=course_from, note=note)
    warned_receipt(ctx, chart, report, json=json)


@app.command()
def observe(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="KIND VALUE...", help="bp 128/82 spo2 97; dose '56 mg'; food 11:30."),
    ],
    at: Annotated[str | None, typer.Option(metavar="TIME", help="When: now, 14:40, '5m ago'.")] = None,
    before: Annotated[bool, typer.Option("--before", help="Measured before the session began.")] = False,
    number: Number = None,
    note: Note = None,
    json: Json = False,
) -> None:
    """Write down what is observed: bp, spo2, sedation, dissociation, nausea, note.

    Exit code 4: written down, and the clinic is to see it. 20: no session is open.

    Example: medtrack session observe bp 128/82 spo2 97
    """
    from medtrack.services.observing import observe as record

    chart = ctx.obj.chart()
    ask = ctx.obj.confirm
    report = record(chart, words, at=at, before=before, number=number, note=note, confirm=ask)
    warned_receipt(ctx, chart, report, json=json)


@app.command()
def end(
    ctx: typer.Context,
    at: At = "now",
    number: Number = None,
    note: Note = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """End a session: what is not written down is named, and can be added.

    Exit code 20: no session is open.

    Example: medtrack session end --at 16:05
    """
    from medtrack.services.observing import end as record

    chart = ctx.obj.chart()
    receipt(ctx, chart, record(chart, at=at, number=number, note=note, reason=reason), json=json)
