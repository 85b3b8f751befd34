"""Working together: what was tried before, who helps, visits with what was decided, and questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from medtrack.domain.names import LONGEST_NOTE, folded, meant, read_given, read_text
from medtrack.domain.person import ROLES, Helper, Question, Tried, Visit
from medtrack.domain.report import UNDO, Cells, Column, Report
from medtrack.domain.when import read_bound
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import NotSettled, UsageRefused
from medtrack.store import together as rows
from medtrack.store.record import Writing

from .chart import Chart

_PHONE = re.compile(r"[0-9+()/. -]{3,40}")
_LONGEST_WEEKS = 5_000
Entry = TypeVar("Entry", Tried, Helper, Visit, Question)
_ID = Column("id", "Id", right=True)
_TRIED = (
    _ID,
    Column("name", "Tried"),
    Column("dose", "Dose"),
    Column("weeks", "Weeks", right=True),
    Column("response", "Response"),
    Column("why", "Why ended"),
)
_TEAM = (_ID, Column("name", "Name"), Column("role", "Role"), Column("phone", "Phone"))
_VISITS = (_ID, Column("on", "On"), Column("with", "With"), Column("decided", "Decided"))
_QUESTIONS = (_ID, Column("text", "Question"), Column("asked_on", "Since"))


def _written(kind: str, columns: Sequence[Column], row: Cells, lines: Sequence[str]) -> Report:
    receipt = tuple(Column(column.key) for column in columns)
    return Report(kind, receipt, [row], lines=[*lines, UNDO])


def _remove(
    chart: Chart, command: str, read: Callable[[], list[Entry]], typed: str, say: Callable[[Entry], str]
) -> Report:
    """Take an entry out by its id, or by its name where only one has it."""
    with chart.writing(command) as work:
        entry = _named(read(), typed, say, command)
        work.void(entry.uid)
        work.summary = f"took out {command} {say(entry)}"
    return Report(command, lines=[f"Removed; it stays in the history: {say(entry)}", UNDO])


def _named(known: Sequence[Entry], typed: str, say: Callable[[Entry], str], what: str) -> Entry:
    same = [each for each in known if str(each.id) == typed.strip()]
    same = same or [each for each in known if folded(say(each)) == folded(typed)]
    if len(same) == 1:
        return same[0]
    if same:
        which = say_list(str(each.id) for each in same)
        raise NotSettled(what=f"{typed!r} stands {len(same)} times: name it by its id, {which}.")
    missing = {
        "team": f"Nobody called {typed!r} is in the team",
        "tried": f"{typed!r} is not among what was tried",
    }
    said = missing.get(what, f"There is no {what} {typed!r} in this record")
    raise NotSettled(what=f"{said}. {meant(typed, map(say, known), f'See: medtrack {what} list.')}")


# --- what was tried ---------------------------------------------------------------------------------


def tried(chart: Chart) -> Report:
    """The earlier treatments."""
    found = [_tried_row(each) for each in rows.tried(chart.record)]
    return Report("tried", _TRIED, found, empty="No earlier treatment is written down.")


def _tried_row(each: Tried) -> Cells:
    return {column.key: getattr(each, column.key) for column in _TRIED}


def say_tried(each: Tried) -> str:
    """An earlier treatment in words: 'venlafaxine 225 mg, 10 weeks; slept better; ended: blood pressure'."""
    first = " ".join(part for part in (each.name, each.dose) if part)
    first += f", {say_number_of(each.weeks, 'week')}" if each.weeks else ""
    parts = [
        first,
        *([each.response] if each.response else []),
        *([f"ended: {each.why}"] if each.why else []),
    ]
    return "; ".join(parts)


def add_tried(
    chart: Chart, name: str, dose: str | None, weeks: str | None, response: str | None, why: str | None
) -> Report:
    """Write down an earlier treatment. Raises BadText, UsageRefused."""
    if weeks is not None and not (
        weeks.isascii() and weeks.isdigit() and len(weeks) < 6 and 1 <= int(weeks) <= _LONGEST_WEEKS
    ):
        raise UsageRefused(
            what=f"--weeks is a whole number from 1 to {_LONGEST_WEEKS:,}, not {weeks[:40]!r}."
        )
    entry = Tried(
        0,
        "",
        read_text(name, "name"),
        read_given(dose, "dose"),
        None if weeks is None else int(weeks),
        read_given(response, "response", LONGEST_NOTE),
        read_given(why, "reason", LONGEST_NOTE),
    )
    with chart.writing("tried") as work:
        for each in rows.tried(chart.record):
            if folded(each.name) == folded(entry.name) and each.dose == entry.dose:
                raise UsageRefused(
                    what=f"{entry.name!r} is written down already: medtrack tried list. To correct it,"
                    " remove it first."
                )
        number = rows.add_tried(work, entry)
        work.summary = f"tried {entry.name}"
    said = [entry.name, *([entry.dose] if entry.dose else [])]
    first = f"Recorded: tried {' '.join(said)}"
    first += f", {say_number_of(entry.weeks, 'week')}" if entry.weeks else ""
    lines = [f"{first}. It is kept for your visits; no check takes it into account."]
    return _written("tried", _TRIED, _tried_row(entry._replace(id=number)), lines)


def remove_tried(chart: Chart, typed: str) -> Report:
    """Take an earlier treatment out. Raises NotSettled."""
    return _remove(chart, "tried", lambda: rows.tried(chart.record), typed, lambda each: each.name)


# --- who helps --------------------------------------------------------------------------------------


def team(chart: Chart) -> Report:
    """Those who help."""
    found = [_helper_row(each) for each in rows.team(chart.record)]
    return Report("team", _TEAM, found, empty="Nobody is written down.")


def _helper_row(each: Helper) -> Cells:
    return {column.key: getattr(each, column.key) for column in _TEAM}


def say_helper(each: Helper) -> str:
    """Somebody who helps in words: 'Dr Osei (prescriber): 555 0199'; of 'the carer' the role is told once."""
    is_told = each.role == "other" or each.role in folded(each.name).split()
    who = each.name if is_told else f"{each.name} ({each.role})"
    return f"{who}: {each.phone}" if each.phone else who


def add_helper(chart: Chart, name: str, role: str | None, phone: str | None) -> Report:
    """Write down somebody who helps; the same name again corrects it. Raises BadText, UsageRefused."""
    if role is None or folded(role) not in ROLES:
        said = "" if role is None else f", not {role[:40]!r}"
        raise UsageRefused(what=f"--role is one of {say_list(ROLES)}{said}.")
    words = read_text(name, "name")
    number = None if phone is None else read_text(phone, "phone", 40)
    if number is not None and not (_PHONE.fullmatch(number) and re.search("[0-9]", number)):
        raise UsageRefused(what=f"--phone is a telephone number, like '+44 20 7946 0000', not {number!r}.")
    entry = Helper(0, "", words, folded(role), number)
    with chart.writing("team") as work:
        earlier = [each for each in rows.team(chart.record) if folded(each.name) == folded(words)]
        if any((each.role, each.phone) == (entry.role, entry.phone) for each in earlier):
            raise UsageRefused(what=f"{words!r} is written down already: medtrack team list.")
        _replace(work, earlier)
        row = _helper_row(entry._replace(id=rows.add_helper(work, entry)))
        work.summary = f"team: {words}, {entry.role}"
    lines = [f"Recorded: {words}, {entry.role}" + (f", {number}." if number else ".")]
    if earlier:
        was = earlier[-1]
        lines.append(f"It was: {was.role}" + (f", {was.phone}." if was.phone else "."))
    return _written("team", _TEAM, row, lines)


def _replace(work: Writing, earlier: Sequence[Helper | Visit]) -> None:
    for each in earlier:
        work.void(each.uid, "corrected")


def remove_helper(chart: Chart, typed: str) -> Report:
    """Take somebody out of the team. Raises NotSettled."""
    return _remove(chart, "team", lambda: rows.team(chart.record), typed, lambda each: each.name)


# --- visits and questions ---------------------------------------------------------------------------


def visits(chart: Chart) -> Report:
    """The visits, by day."""
    found = [_visit_row(each) for each in rows.visits(chart.record)]
    return Report("visits", _VISITS, found, empty="No visit is written down.")


def _visit_row(each: Visit) -> Cells:
    return {"id": each.id, "on": each.visited_on, "with": each.with_whom, "decided": each.decided}


def add_visit(chart: Chart, with_whom: str | None, on: str | None, decided: str | None) -> Report:
    """Write down a visit, or what was decided at one that was planned.

    Raises BadText, BadTime, UsageRefused.
    """
    if with_whom is None or on is None:
        raise UsageRefused(what="A visit has somebody and a day: --with 'Dr Osei' --on 2026-03-09.")
    name = read_text(with_whom, "name")
    said = read_given(decided, "decision", LONGEST_NOTE)
    day = _day(chart, on)
    if said is not None and day > chart.local(chart.now).date():
        raise UsageRefused(what=f"{day} is still to come, so nothing was decided then: leave out --decided.")
    entry = Visit(0, "", name, day, said)
    with chart.writing("visit") as work:
        earlier = [
            each
            for each in rows.visits(chart.record)
            if each.visited_on == day and folded(each.with_whom) == folded(name)
        ]
        if earlier and (said is None or any(each.decided for each in earlier)):
            raise UsageRefused(
                what=f"The visit with {name} on {day} is written down already: medtrack visit list. To"
                " correct it, remove it first."
            )
        _replace(work, earlier)
        row = _visit_row(entry._replace(id=rows.add_visit(work, entry)))
        work.summary = f"visit with {name} on {day}"
    lines = [f"Recorded: visit with {name} on {day}."]
    lines += [f"Decided: {said}"] if said else []
    waiting = len(rows.questions(chart.record))
    if waiting:
        lines.append(f"{say_number_of(waiting, 'question')} waiting: medtrack question list")
    return _written("visits", _VISITS, row, lines)


def _day(chart: Chart, typed: str) -> date:
    found = read_bound(typed, now=chart.now, zone=chart.zone)
    return chart.local(found).date() if isinstance(found, datetime) else found


def remove_visit(chart: Chart, typed: str) -> Report:
    """Take a visit out. Raises NotSettled."""
    return _remove(
        chart,
        "visit",
        lambda: rows.visits(chart.record),
        typed,
        lambda each: f"{each.with_whom} on {each.visited_on}",
    )


def questions(chart: Chart) -> Report:
    """The questions that wait."""
    found = [_question_row(each) for each in rows.questions(chart.record)]
    return Report("questions", _QUESTIONS, found, empty="No question is waiting.")


def _question_row(each: Question) -> Cells:
    return {"id": each.id, "text": each.text, "asked_on": each.asked_on}


def add_question(chart: Chart, text: str) -> Report:
    """Write down a question for the next visit. Raises BadText, UsageRefused."""
    words = read_text(text, "question", LONGEST_NOTE)
    entry = Question(0, "", words, chart.local(chart.now).date())
    with chart.writing("question") as work:
        if any(folded(each.text) == folded(words) for each in rows.questions(chart.record)):
            raise UsageRefused(what="This question is written down already: medtrack question list.")
        number = rows.add_question(work, entry)
        work.summary = f"question {number}"
    lines = [f"Recorded: question {number}: {words}", f"Answered? medtrack question remove {number}"]
    return _written("questions", _QUESTIONS, _question_row(entry._replace(id=number)), lines)


def remove_question(chart: Chart, typed: str) -> Report:
    """Take a question out: it is answered. Raises NotSettled."""
    return _remove(chart, "question", lambda: rows.questions(chart.record), typed, lambda each: each.text)
