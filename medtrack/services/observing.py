"""What is observed in a session, its end, and what is corrected of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from medtrack.domain.names import LONGEST_NOTE, folded, read_given, read_text
from medtrack.domain.observations import read_value, say_kind
from medtrack.domain.report import UNDO, Cells, Report
from medtrack.domain.session_doses import read_dose
from medtrack.domain.sessions import (
    NONE,
    Item,
    Observation,
    Session,
    checklist,
    comes_after,
    comes_after_dose,
    happened_at,
    remarks,
    unfinished,
    urgent,
    urgent_in_short,
)
from medtrack.domain.when import read_past
from medtrack.domain.wording import say_duration, say_list, say_number_of
from medtrack.errors import BadTime, NotSettled, ReasonNeeded, UsageRefused
from medtrack.store import sessions as rows

from .cautioning import Confirm
from .chart import Chart
from .session_rows import OBSERVED, chosen, late_lines, observed_row, say_item, say_seen, times
from .sessions import (
    ask_before,
    hold_lines,
    lived,
    move_holds,
    overlap_lines,
    receipt,
    seen,
    session_of,
)

_A_DAY = timedelta(days=1)
"""What was longer before a session has nothing to do with it, nor its advice with what comes later."""


def meant(chart: Chart, typed: str | None) -> Session:
    """The session of a number, or the one that is open. Raises NotSettled where there is none, or several."""
    known = rows.sessions(chart.record)
    if typed is not None:
        return chosen(known, typed)
    waiting = [each for each in known if each.ended_at is None]
    if len(waiting) == 1:
        return waiting[0]
    if not waiting:
        raise NotSettled(
            what="No session is open. To begin one: medtrack session start spravato. For one that ended:"
            " --session and its number, which medtrack session list tells."
        )
    which = " and ".join(f"{each.id} ({chart.say(each.started_at)})" for each in waiting)
    raise NotSettled(what=f"Sessions {which} are open: say which with --session.")


def observe(
    chart: Chart,
    words: Sequence[str],
    *,
    at: str | None = None,
    before: bool = False,
    number: str | None = None,
    note: str | None = None,
    confirm: Confirm | None = None,
) -> Report:
    """Write down what was observed: pairs of a kind and a value, all at one time.

    `confirm` is asked about a dose that the protocol does not have; None where there is nobody to ask. The
    report's meta holds `warnings`: that one, and what the clinic's team is to be told at once. Raises
    NotSettled where no session is open, Stopped, and UsageRefused for what cannot be.
    """
    if not words or len(words) % 2:
        raise UsageRefused(
            what="It is 'session observe KIND VALUE', like 'bp 128/82', or several: 'bp 128/82 spo2 97'."
        )
    said = read_given(note, "note", LONGEST_NOTE)
    # Asked before the record is locked: nobody else waits for the answer.
    warnings = _dose_warnings(meant(chart, number), words)
    ask_before(warnings, confirm)
    with chart.writing("session observe") as work:
        session = meant(chart, number)
        pairs = _pairs(chart, session, words)
        when = _observed_at(chart, session, at, [kind for kind, _ in pairs], before=before)
        told = [seen(kind, value, when, before=before, note=said) for kind, value in pairs]
        _refuse_after_end(chart, session, told)
        numbers = [rows.add_observation(work, session.id, each, lived(chart, when)) for each in told]
        moved = move_holds(chart, work, session, session_of(chart, session.id))
        what = say_list([f"{say_kind(kind)} {_plain(chart, session, kind, value)}" for kind, value in pairs])
        work.summary = f"session {session.id}: {what}"
    earlier, session = [*remarks(session), *urgent(session)], session_of(chart, session.id)
    items = checklist(session, chart.now)
    written = [each for each in session.observations if each.id in numbers]
    lines = [_recorded(chart, session, each, items) for each in written]
    lines += [line for each in moved for line in hold_lines(chart, *each)]
    at_once = [line for line in urgent(session) if line not in earlier]
    known = (*earlier, *at_once, *urgent_in_short(session))
    lines += [line for line in remarks(session) if line not in known]
    if at_once and session.protocol.emergency is not None:
        at_once.append(session.protocol.emergency.text)
    row = [observed_row(chart, session, each) for each in written]
    meta = {"session": session.id, "warnings": [*warnings, *at_once]}
    return Report("observations", OBSERVED, row, meta, lines=[*lines, UNDO])


def _dose_warnings(session: Session, words: Sequence[str]) -> list[str]:
    """What is to be said of the doses among what is typed, before they are written down."""
    typed = zip(words[::2], words[1::2], strict=True)
    doses = [read_dose(session.protocol, value) for kind, value in typed if folded(kind) == "dose"]
    return [dose.warning for dose in doses if dose.warning is not None]


def _pairs(chart: Chart, session: Session, words: Sequence[str]) -> list[tuple[str, str]]:
    known = session.protocol.kinds
    found = []
    for typed, value in zip(words[::2], words[1::2], strict=True):
        kind = folded(typed).replace(" ", "-")
        if kind not in known:
            raise UsageRefused(
                what=f"{typed[:40]!r} is nothing that is observed in this session; it takes"
                f" {', '.join(known)}."
            )
        if kind == "dose":
            found.append((kind, read_dose(session.protocol, value).value))
        elif kind not in times(session):
            found.append((kind, read_value(kind, value)))
        elif folded(value) == NONE:
            found.append((kind, NONE))
        else:
            found.append((kind, _read_last(chart, kind, value).isoformat(timespec="seconds")))
    return found


def _read_last(chart: Chart, kind: str, value: str) -> datetime:
    """When something last was; what is no time is perhaps meant for "not at all". Raises UsageRefused."""
    try:
        return read_past(value, now=chart.now, zone=chart.zone, what=f"The last {say_kind(kind)}")
    except BadTime as refusal:
        raise UsageRefused(what=f"{refusal} Where there was none: {kind} {NONE}") from None


def _plain(chart: Chart, session: Session, kind: str, value: str) -> str:
    is_time = kind in times(session) and value != NONE
    return chart.dated(datetime.fromisoformat(value)) if is_time else value


def _observed_at(
    chart: Chart, session: Session, typed: str | None, kinds: Sequence[str], *, before: bool
) -> datetime:
    """When it was observed: as typed, else now, or, before the session, its start."""
    begun = session.started_at
    if typed is None:
        at = begun if before else chart.now
    else:
        at = read_past(typed, now=chart.now, zone=chart.zone, what="What is observed")
    if before and "dose" in kinds:
        raise UsageRefused(what="A dose is given in the session, not before it: leave out --before.")
    if before and not begun - _A_DAY <= at <= begun:
        raise UsageRefused(what=f"--before is up to a day before the session began, {chart.say(begun)}.")
    if at < begun and not before:
        hint = "" if "dose" in kinds else " Was it measured before it? Then: --before."
        raise UsageRefused(
            what=f"{_capital(chart.say(at))} is before the session began, {chart.say(begun)}.{hint}"
        )
    return at


def _refuse_after_end(chart: Chart, session: Session, told: Sequence[Observation]) -> None:
    """What was after the end was not in the session. Raises UsageRefused."""
    ended = session.ended_at
    if ended is None or all((happened_at(session, each) or ended) <= ended for each in told):
        return
    raise UsageRefused(
        what=f"Session {session.id} ended {chart.say(ended)}: say when in it with --at, or write down what"
        " came later with medtrack note. Did it end later? medtrack session end --session"
        f" {session.id} --at TIME --reason WHY (just now: medtrack undo)."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _recorded(chart: Chart, session: Session, each: Observation, items: Sequence[Item]) -> str:
    """What was recorded, at which minute, and which line of the checklist it fills, or that it fills none."""
    first = f"Recorded: {say_seen(chart, session, each)} (observation {each.id})."
    if comes_after_dose(session, each):
        return f"{first} It was after the dose, so it says nothing of the time before it."
    if comes_after(session, each):
        return f"{first} {_say_after(session, each, items)}"
    item = next((one for one in items if one.observation == each and one.due is not None), None)
    minute, rest = session.minute(each.observed_at), session.protocol.rest.minutes
    if each.kind == "ready" and minute is not None and minute < rest:
        asked = say_duration(timedelta(minutes=rest))
        return f"{first} The protocol asks for at least {asked} from the dose."
    if item is None or item.timing is None:
        return first
    if item.timing == "on time":
        return f"{first} It is the one for minute {item.due}."
    by = abs((item.minute or 0) - (item.due or 0))
    return f"{first} It is the one for minute {item.due}, {say_number_of(by, 'minute')} {item.timing}."


def _say_after(session: Session, each: Observation, items: Sequence[Item]) -> str:
    """That an observation comes after all that is planned, what is missing, and how to correct it."""
    missing = [item for item in items if item.part == "during" and item.key == each.kind]
    named = [
        f"minute {item.due}"
        if item.due is not None
        else f"the {session.protocol.rest.minutes} minutes of rest"
        for item in missing
        if item.state == "unfinished"
    ]
    has = "has" if len(named) == 1 else "have"
    which = "the one" if len(named) == 1 else "those"
    rest = f"; {which} planned for {say_list(named)} {has} not been recorded" if named else ""
    again = f"medtrack session observe {each.kind} VALUE --at TIME --session {session.id}"
    return (
        f"It is not one of the planned ones{rest}. Was it at another time? medtrack session remove {each.id}"
        f" --reason WHY, then {again}"
    )


# --- the end, and corrections -----------------------------------------------------------------------------


def end(
    chart: Chart,
    *,
    at: str = "now",
    number: str | None = None,
    note: str | None = None,
    reason: str | None = None,
) -> Report:
    """End a session; what is not there is named, and can be added.

    Raises UsageRefused, ReasonNeeded, NotSettled.
    """
    when = read_past(at, now=chart.now, zone=chart.zone, what="The end of a session")
    said, why = read_given(note, "note", LONGEST_NOTE), read_given(reason, "reason", LONGEST_NOTE)
    with chart.writing("session end") as work:
        session = meant(chart, number)
        if session.ended_at is not None:
            if why is None:
                raise ReasonNeeded(
                    what=f"Session {session.id} ended {chart.say(session.ended_at)}. Another end"
                )
            rows.void_end(work, session, why)
        _refuse_too_early(chart, session, when)
        rows.end_session(work, session.id, lived(chart, when), said)
        work.summary = f"ended session {session.id}"
    session = session_of(chart, session.id)
    minute = session.minute(when)
    after = "" if minute is None else f", {say_number_of(minute, 'minute')} after the dose"
    lines = [f"Session {session.id} ended {chart.say(when)}{after}.", *remarks(session)]
    left = unfinished(checklist(session, chart.now))
    if left:
        lines.append(f"Unfinished: {say_list(say_item(item) for item in left)}.")
        lines.append(
            f"To add what you know: medtrack session observe KIND VALUE --at TIME --session {session.id}"
        )
    lines += [*late_lines(chart, session), *overlap_lines(chart, session)]
    if when - session.started_at > _A_DAY:
        lines.append(
            f"That is {say_duration(when - session.started_at)} after it began. Did it end before?"
            f" medtrack session end --session {session.id} --at TIME --reason WHY"
        )
    if session.protocol.driving is not None and chart.now - when < _A_DAY:
        lines.append(session.protocol.driving.text)
    return receipt(chart, session, [*lines, UNDO])


def _refuse_too_early(chart: Chart, session: Session, when: datetime) -> None:
    """A session ends after all that was in it. Raises UsageRefused."""
    began = session.started_at
    if when < began:
        raise UsageRefused(what=f"Session {session.id} began {chart.say(began)}: it ends after that.")
    later = [
        (at, each)
        for each in session.observations
        if (at := happened_at(session, each)) is not None and at > when
    ]
    if later:
        _, each = max(later, key=lambda pair: pair[0])
        raise UsageRefused(
            what=f"In session {session.id} there is {say_seen(chart, session, each)}: it ends after that."
            f" Was it at another time? medtrack session remove {each.id} --reason WHY"
        )


def remove(chart: Chart, typed: str | None, number: str | None, reason: str | None) -> Report:
    """Void an observation, or a whole session with what belongs to it; it stays in the history.

    Raises ReasonNeeded, UsageRefused, NotSettled.
    """
    if (typed is None) == (number is None):
        raise UsageRefused(what="It is 'session remove OBSERVATION --reason WHY', or --session NUMBER.")
    if reason is None:
        raise ReasonNeeded(what="What is taken out of a session")
    why = read_text(reason, "reason", LONGEST_NOTE)
    with chart.writing("session remove") as work:
        if number is not None:
            session = meant(chart, number)
            rows.remove_session(work, session, why)
            said = f"session {session.id} ({session.protocol.name}, {chart.dated(session.started_at)})"
            moved = []
        else:
            session, each = _observation(chart, typed or "")
            work.void(each.uid, why)
            said = f"observation {each.id} of session {session.id}: {say_seen(chart, session, each)}"
            left = tuple(other for other in session.observations if other is not each)
            moved = move_holds(chart, work, session, session._replace(observations=left))
        work.summary = f"took out {said}"
    lines = [f"Taken out: {said}. It stays in the history."]
    row: Cells = {"session": session.id, "reason": why}
    lines += [line for each in moved for line in hold_lines(chart, *each)]
    return Report("session", meta=row, lines=[*lines, UNDO])


def _observation(chart: Chart, typed: str) -> tuple[Session, Observation]:
    for session in rows.sessions(chart.record):
        for each in session.observations:
            if str(each.id) == typed.strip():
                return session, each
    raise NotSettled(
        what=f"There is no observation {typed[:40]!r} in this record. See: medtrack session show NUMBER."
    )
