"""The audit trail, and taking actions back or bringing them back, exactly."""

from __future__ import annotations

from medtrack.domain.report import Column, Report, Row
from medtrack.domain.undoing import undo_stacks
from medtrack.domain.when import say_local
from medtrack.errors import NothingToUndo, UsageRefused
from medtrack.store import actions as action_rows
from medtrack.store.rows import instant_of
from .chart import Chart

MOST = 10_000


def undo(chart: Chart, number: str = "1") -> Report:
    """Take back this device's last actions, newest first. Raises NothingToUndo, UsageRefused."""
    wanted = _number(number)
    with chart.writing("undo") as work:
        done, _ = undo_stacks(action_rows.steps(chart.record))
        if len(done) < wanted:
            raise NothingToUndo(verb="undo" if not done else f"undo {wanted} times")
        undone = [action_rows.action(chart.record, uid) for uid in reversed(done[-wanted:])]
        for row in undone:
            work.void(row["uid"], "undo")
        work.summary = "took back: " + "; ".join(row["summary"] for row in undone)
    lines = [f"Taken back: {row['summary']}." for row in undone]
    return _receipt("undo", undone, [*lines, "Nothing is lost. To bring it back: medtrack redo"])


def redo(chart: Chart, number: str = "1") -> Report:
    """Bring back what was undone last. Raises NothingToUndo, UsageRefused."""
    wanted = _number(number)
    with chart.writing("redo") as work:
        _, undone = undo_stacks(action_rows.steps(chart.record))
        if len(undone) < wanted:
            raise NothingToUndo(verb="redo" if not undone else f"redo {wanted} times")
        redone = [action_rows.action(chart.record, uid) for uid in reversed(undone[-wanted:])]
        for row in redone:
            standing = action_rows.standing_void_on(chart.record, row["uid"])
            if standing is not None:
                work.void(standing, "redo")
        work.summary = "brought back: " + "; ".join(row["summary"] for row in redone)
    lines = [f"Brought back: {row['summary']}." for row in redone]
    return _receipt("redo", redone, [*lines, "To take it back again: medtrack undo"])


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST):
        raise UsageRefused(what=f"How many? A whole number from 1 to {MOST:,}, not {text!r}.")
    return int(text)


def _receipt(kind: str, actions: list[Row], lines: list[str]) -> Report:
    columns = (Column("id"), Column("uid"), Column("command"), Column("summary"))
    rows = [{column.key: row[column.key] for column in columns} for row in actions]
    return Report(kind, columns, rows, lines=lines)


def history(chart: Chart) -> Report:
    """Every action, newest first: who did what, when, on which device, and whether it was undone."""
    rows: list[dict[str, object]] = [
        {
            "id": row["id"],
            "uid": row["uid"],
            "recorded_at": chart.zones.shown(instant_of(row["recorded_at"])),
            "who": row["who"],
            "command": row["command"],
            "summary": row["summary"],
            "undone": bool(row["undone"]),
            "simulated": bool(row["simulated"]),
            "device": row["device"],
            "key": row["key"],
            "facts": row["facts"],
        }
        for row in action_rows.listed_actions(chart.record)
    ]
    columns = (
        Column("id", "Id", right=True),
        Column("uid"),
        Column("recorded_at", "When", lambda row: say_local(chart.shown(row["recorded_at"]))),  # type: ignore[arg-type]
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
    marks = [mark for mark, is_set in (("undone", row["undone"]), ("clock was set", row["simulated"])) if is_set]
    return f"{row['summary']}" + (f" [{', '.join(marks)}]" if marks else "")
