"""The audit trail, and taking actions back or bringing them back, exactly."""

from __future__ import annotations

from collections.abc import Sequence

from medtrack.domain.report import Cells, Column, Report, Row
from medtrack.domain.undoing import Action, undo_stacks
from medtrack.domain.when import say_local
from medtrack.domain.wording import say_number_of
from medtrack.errors import NothingToUndo, UsageRefused
from medtrack.store import actions as action_rows

from .chart import Chart

MOST = 10_000


def undo(chart: Chart, number: str = "1") -> Report:
    """Take back this device's last actions, newest first. Raises NothingToUndo, UsageRefused."""
    wanted = _number(number)
    with chart.writing("undo") as work:
        done, _ = undo_stacks(action_rows.steps(chart.record))
        if len(done) < wanted:
            raise NothingToUndo(what=_too_few(len(done), "undo", "undone"))
        undone = action_rows.actions_of(chart.record, done[: -wanted - 1 : -1])
        for action in undone:
            work.void(action.uid, "undo")
        work.summary = "took back: " + "; ".join(action.summary for action in undone)
    lines = [f"Taken back: {action.summary}." for action in undone]
    return _receipt("undo", undone, [*lines, "Nothing is lost. To bring it back: medtrack redo"])


def redo(chart: Chart, number: str = "1") -> Report:
    """Bring back what was undone last. Raises NothingToUndo, UsageRefused."""
    wanted = _number(number)
    with chart.writing("redo") as work:
        _, undone = undo_stacks(action_rows.steps(chart.record))
        if len(undone) < wanted:
            raise NothingToUndo(what=_too_few(len(undone), "redo", "brought back"))
        redone = action_rows.actions_of(chart.record, undone[: -wanted - 1 : -1])
        for action in redone:
            standing = action_rows.standing_void_on(chart.record, action.uid)
            if standing is not None:
                work.void(standing, "redo")
        work.summary = "brought back: " + "; ".join(action.summary for action in redone)
    lines = [f"Brought back: {action.summary}." for action in redone]
    return _receipt("redo", redone, [*lines, "To take it back again: medtrack undo"])


def _too_few(there: int, verb: str, done: str) -> str:
    if not there:
        return f"There is nothing to {verb}."
    return f"Only {say_number_of(there, 'action')} of this device can be {done}."


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise UsageRefused(what=f"How many? A whole number from 1 to {MOST:,}, not {text!r}.")
    return int(text)


def _receipt(kind: str, actions: Sequence[Action], lines: Sequence[str]) -> Report:
    columns = (Column("id"), Column("uid"), Column("command"), Column("summary"))
    rows = [{column.key: getattr(action, column.key) for column in columns} for action in actions]
    return Report(kind, columns, rows, lines=lines)


def history(chart: Chart) -> Report:
    """Every action, newest first: who did what, when, on which device, and whether it was undone."""
    rows: list[Cells] = [
        {
            "id": action.id,
            "uid": action.uid,
            "recorded_at": chart.zones.shown(action.recorded_at),
            "who": action.who,
            "command": action.command,
            "summary": action.summary,
            "undone": action.is_undone,
            "simulated": action.simulated,
            "device": action.device,
            "key": action.key,
            "facts": action.facts,
        }
        for action in action_rows.listed_actions(chart.record)
    ]
    columns = (
        Column("id", "Id", right=True),
        Column("uid"),
        Column("recorded_at", "When", lambda row: say_local(chart.shown(row["recorded_at"]))),
        Column("who", "Who"),
        Column("command", "Command"),
        Column("summary", "What", _what),
        Column("undone"),
        Column("simulated"),
        Column("device"),
        Column("key"),
        Column("facts"),
    )
    return Report("history", columns, rows, empty="Nothing was done yet.")


def _what(row: Row) -> str:
    marks = [mark for mark, key in (("undone", "undone"), ("clock was set", "simulated")) if row[key]]
    return str(row["summary"]) + (f" [{', '.join(marks)}]" if marks else "")
