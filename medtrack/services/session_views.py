"""One session in full, and the live board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from medtrack.domain.observations import say_kind, say_value
from medtrack.domain.protocols import Protocol
from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.sessions import (
    NONE,
    Item,
    Session,
    checklist,
    comes_after,
    next_due,
    remarks,
    unfinished,
    urgent,
    urgent_in_short,
)
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import NotSettled
from medtrack.store import regimen as regimen_rows
from medtrack.store import sessions as rows

from .chart import Chart
from .courses import course_lines
from .held_doses import taken_lines
from .session_rows import chosen, late_lines, observed_row, say_item, say_seen, session_row, times


def show(chart: Chart, typed: str | None = None) -> Report:
    """One session in full: its checklist, what else was observed, and what the protocol says to it.

    The one that is open, or else the last, where none is named. Raises NotSettled where there is none.
    """
    known = rows.sessions(chart.record)
    session = chosen(known, typed)
    items = checklist(session, chart.now)
    lines = [_headline(chart, session), *course_lines(session, known)]
    given = [each for each in session.observations if each.kind == "dose"]
    if given:
        comma = "," if len(given) == 1 else ""
        said = say_list(f"{each.value}{comma} {chart.say(each.observed_at)}" for each in given)
        lines.append(f"Dose: {said}.")
    if session.note:
        lines.append(f"Note: {session.note}")
    lines += _hold_lines(chart, session)
    footer = [*_other_lines(chart, session, items), *late_lines(chart, session), *remarks(session)]
    if session.end_note:
        footer.append(f"At the end: {session.end_note}")
    left = unfinished(items)
    if left:
        footer.append(f"Unfinished: {say_list(say_item(item) for item in left)}.")
    if session.ended_at is None:
        footer.append(_say_next(session, items, chart.now))
    footer += _advice_lines(session.protocol)
    doses = [
        Item("dose", each.kind, "", "", None, "done", each, session.minute(each.observed_at))
        for each in given
    ]
    asked = [item for item in items if item.part == "before"]
    cells = [_item_row(chart, session, item) for item in (*asked, *doses, *items[len(asked) :])]
    meta = {
        **session_row(chart, session),
        "name": session.protocol.name,
        "note": session.note,
        "rests_until": chart.zones.shown(session.rests_until),
        "observations": [observed_row(chart, session, each) for each in session.observations],
        "remarks": remarks(session),
    }
    return Report("session", _item_columns(), cells, meta, lines=lines, footer=footer)


def _headline(chart: Chart, session: Session) -> str:
    began = f"Session {session.id}, {session.protocol.name}: {chart.say(session.started_at)}"
    if session.ended_at is None:
        return f"{began}, open."
    return (
        f"{began} to {chart.shown(session.ended_at):%H:%M}."
        if _is_same_day(chart, session)
        else (f"{began} to {chart.say(session.ended_at)}.")
    )


def _is_same_day(chart: Chart, session: Session) -> bool:
    ended = session.ended_at or session.started_at
    return chart.shown(ended).date() == chart.shown(session.started_at).date()


def _hold_lines(chart: Chart, session: Session) -> list[str]:
    holds = regimen_rows.holds(chart.record, chart.zones)
    by_id = {medication.id: medication for medication in chart.medications}
    together: dict[str, list[str]] = {}
    taken: list[str] = []
    for hold in rows.session_holds(chart.record, holds).get(session.id, ()):
        end = "" if hold.until is None else f" until {chart.say(chart.end(hold.until))}"
        when = f"from {chart.say(chart.begin(hold.since))}{end}"
        medication = by_id[hold.medication_id]
        together.setdefault(when, []).append(medication.name)
        until = None if hold.until is None else chart.end(hold.until)
        taken += taken_lines(chart, medication, chart.begin(hold.since), until)
    return [*(f"On hold: {say_list(held)} {when}." for when, held in together.items()), *taken]


def _other_lines(chart: Chart, session: Session, items: Sequence[Item]) -> list[str]:
    """What was observed beyond the checklist, by time."""
    listed = {item.observation.id for item in items if item.observation is not None}
    return [
        f"Also: {say_seen(chart, session, each)} (observation {each.id})."
        for each in session.observations
        if each.id not in listed and each.kind != "dose" and not comes_after(session, each)
    ]


def _advice_lines(protocol: Protocol) -> list[str]:
    facts = [fact.text for fact in (protocol.driving, protocol.emergency) if fact is not None]
    return [*facts, f"Source: {protocol.source}."] if protocol.source else facts


def _say_next(session: Session, items: Sequence[Item], now: datetime) -> str:
    """What is to be done next, and in how many minutes."""
    item, minute = next_due(session, items), session.minute(now)
    if item is None:
        return (
            "Next: the dose." if minute is None else "Nothing more is asked; to end it: medtrack session end"
        )
    if item.part == "before" or minute is None:
        return f"Next: {say_item(item)}."
    if item.state == "due":
        return f"Next: {say_item(item)}, due now (minute {minute})."
    if item.due is None:
        return f"Next: {say_item(item)}, before leaving."
    return f"Next: {say_item(item)}, in {say_number_of(item.due - minute, 'minute')}."


def _item_row(chart: Chart, session: Session, item: Item) -> Cells:
    seen = item.observation
    return {
        "part": item.part,
        "key": item.key,
        "due_minute": item.due,
        "state": item.state,
        "value": None if seen is None else observed_row(chart, session, seen)["value"],
        "observed_at": None if seen is None else chart.zones.shown(seen.observed_at),
        "minute": item.minute,
        "timing": item.timing,
        "observation": None if seen is None else seen.id,
        "text": item.text,
        "source": item.source,
        "said": _say_value(chart, session, item),
    }


def _say_value(chart: Chart, session: Session, item: Item) -> str:
    seen = item.observation
    if seen is None:
        return ""
    if seen.kind in times(session):
        return NONE if seen.value == NONE else f"last {chart.say(datetime.fromisoformat(seen.value))}"
    return say_value(seen.kind, seen.value)


def _item_columns() -> tuple[Column, ...]:
    def state(row: Row) -> str:
        off = (
            ""
            if row["timing"] in (None, "on time")
            else f", {abs(row['minute'] - row['due_minute'])} min {row['timing']}"
        )
        return f"{row['state']}{off}"

    def due(row: Row) -> str:
        return "" if row["due_minute"] is None else str(row["due_minute"])

    def what(row: Row) -> str:
        return say_kind(row["key"])

    def minute(row: Row) -> str:
        return "" if row["minute"] is None or row["part"] == "before" else str(row["minute"])

    return (
        Column("part", "When"),
        Column("key", "What", what),
        Column("due_minute", "Due", due, right=True),
        Column("state", "State", state),
        Column("value", "Value", lambda row: str(row["said"])),
        Column("minute", "Minute", minute, right=True),
        Column("observed_at"),
        Column("timing"),
        Column("observation", "Id", right=True),
        Column("text"),
        Column("source"),
    )


def live_board(chart: Chart) -> Callable[[timedelta], Report | None]:
    """Draws the session that is open as it is after so much time; None once it is ended.

    What others write down meanwhile shows. Raises NotSettled where none is open.
    """
    waiting = [each.id for each in rows.sessions(chart.record) if each.ended_at is None]
    if not waiting:
        raise NotSettled(what="No session is open. To begin one: medtrack session start spravato")

    def board(elapsed: timedelta) -> Report | None:
        return _board(Chart(chart.record, chart.moment._replace(now=chart.now + elapsed)), waiting[-1])

    return board


def _board(chart: Chart, number: int) -> Report | None:
    session = next((each for each in rows.sessions(chart.record) if each.id == number), None)
    if session is None or session.ended_at is not None:
        return None
    items = checklist(session, chart.now)
    following = next_due(session, items)
    dose = session.dose
    since = "the start" if dose is None else f"the dose ({say_list(session.doses)})"
    lines = [_headline(chart, session), f"{_clock(chart, session)} since {since}."]
    lines.append(_say_next(session, items, chart.now))
    # A screen that is too low is cut at its end, so what is urgent comes before the checklist.
    if session.protocol.emergency is not None:
        lines.append(session.protocol.emergency.text)
    told = urgent_in_short(session)
    lines += told[: -_LATEST - 1 : -1]
    if len(told) > _LATEST:
        lines.append(f"And {len(told) - _LATEST} before them: medtrack session show")
    left = session.rests_until - chart.now
    if dose is not None and left > timedelta(0):
        lines.append(f"Rest time until {chart.say(session.rests_until)}.")
    is_due = following is not None and following.state == "due" and following.part != "before"
    # A screen has few lines: what is done before the dose is told by 'session show'.
    drawn = [item for item in items if dose is None or item.part != "before" or item.state != "done"]
    return Report(
        "session",
        _item_columns(),
        [_item_row(chart, session, item) for item in drawn],
        {
            "due": say_item(following) if following is not None and is_due else None,
            "spared": _spared(drawn, following),
        },
        lines=lines,
        footer=[
            *_other_lines(chart, session, items)[-_LATEST:],
            *late_lines(chart, session),
            *(line for line in remarks(session) if line not in urgent(session)),
            *([] if session.protocol.driving is None else [session.protocol.driving.text]),
            LEAVING,
        ],
    )


_LATEST = 3
"""How many of the other observations, and of the urgent values, the board shows."""


def _spared(items: Sequence[Item], following: Item | None) -> list[int]:
    """Which lines a low screen can do without, the first to go first; what is due, and next, always stays."""
    waiting = [
        number for number, item in enumerate(items) if item.state == "to come" and item is not following
    ]
    over = [number for number, item in enumerate(items) if not item.is_open]
    return [*over, *reversed(waiting)]


LEAVING = "Ctrl-C leaves this board; what is written down stays."


def _clock(chart: Chart, session: Session) -> str:
    """The time since the dose, or the start, as a running clock: '0:40:05'."""
    begun = session.started_at if session.dose is None else session.dose.observed_at
    seconds = max(0, (chart.now - begun) // timedelta(seconds=1))
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
