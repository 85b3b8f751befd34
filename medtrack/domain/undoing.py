"""What undo and redo reach, and which facts stand, worked out from the actions and voids alone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple


class Action(NamedTuple):
    """One command that wrote something: the unit of undo and of the audit trail."""

    id: int
    uid: str
    device: str
    recorded_at: datetime
    zone: str
    who: str
    command: str
    summary: str
    """One line: what it did."""
    key: str | None
    """The idempotency key it was given."""
    simulated: bool
    """True where the time was given rather than read from the clock."""
    facts: int
    is_undone: bool


class Step(NamedTuple):
    """One action of this device, oldest first, as undo and redo see it."""

    uid: str
    command: str
    targets: tuple[str, ...]
    """For `undo` and `redo`: the actions it took back or brought back, in the order it did so."""


class Void(NamedTuple):
    """The fact that something earlier no longer stands."""

    uid: str
    action_uid: str
    target: str
    """The uid of an action, or of one fact (a void among them)."""


def undo_stacks(steps: Iterable[Step]) -> tuple[list[str], list[str]]:
    """The actions that can be undone and those that can be redone, the next one last.

    As in an editor: a new action after an undo leaves nothing to redo. Where two machines went on under one
    name, both may have undone the same: it is undone once.
    """
    done: list[str] = []
    undone: list[str] = []
    for step in steps:
        if step.command == "undo":
            for uid in step.targets:
                _move(uid, done, undone)
        elif step.command == "redo":
            for uid in step.targets:
                _move(uid, undone, done)
        else:
            done.append(step.uid)
            undone.clear()
    return done, undone


def _move(uid: str, source: list[str], target: list[str]) -> None:
    if uid in source:
        source.remove(uid)
        target.append(uid)


def standing_targets(voids: Sequence[Void]) -> set[str]:
    """The uids that are void: those under a void that stands itself.

    A void falls when it is a target, or when the action that made it is. Targets are older than their
    voids, so there are no circles.
    """
    on: dict[str, list[Void]] = {}
    for void in voids:
        on.setdefault(void.target, []).append(void)
    is_void: dict[str, bool] = {}
    entered: set[str] = set()
    # Not recursive: years of undo and redo make long chains.
    stack = list(on)
    while stack:
        uid = stack[-1]
        entered.add(uid)
        above = on.get(uid, ())
        first = [
            needed
            for void in above
            for needed in (void.uid, void.action_uid)
            if needed not in is_void and needed not in entered
        ]
        if first:
            stack += first
            continue
        is_void[uid] = any(
            not (is_void.get(void.uid, False) or is_void.get(void.action_uid, False)) for void in above
        )
        stack.pop()
    return {uid for uid in on if is_void[uid]}
