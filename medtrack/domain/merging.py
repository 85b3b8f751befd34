"""Two records of one person as one: which actions come to which, and under which local ids.

A merge is the union of actions by uid, with their facts. Uids and hashes stay what they are, local ids are
given anew, so it is commutative, associative and idempotent in all that is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .report import Cells


class Linked(NamedTuple):
    """One action of a record, as a merge sees it."""

    id: int
    uid: str
    device: str
    head: bytes
    """Its link in the chain."""


class Conflict(NamedTuple):
    """Something that was written down apart and cannot both be meant, and what to do: each a sentence."""

    finding: str
    what_to_do: str
    uids: frozenset[str]
    """The facts that contradict each other."""
    cells: Cells
    """The same for scripts."""


class Contradiction(ValueError):
    """The same uid stands for two different actions: one of the records was rewritten."""


def missing(ours: Iterable[Linked], theirs: Sequence[Linked]) -> list[Linked]:
    """The actions of theirs that ours lacks, in their order, so that each follows one that is there.

    Raises Contradiction.
    """
    there = {action.uid: action.head for action in ours}
    for action in theirs:
        if there.get(action.uid, action.head) != action.head:
            raise Contradiction(action.uid)
    return [action for action in theirs if action.uid not in there]


def renumbered(
    known: Mapping[str, int], theirs: Sequence[tuple[int, str]], highest: int
) -> tuple[dict[int, int], list[tuple[int, str]]]:
    """The local id here of every row there, and the rows that are new here, as they are numbered there.

    `known` gives the ids here by uid, `theirs` each row's id there and uid; new rows follow `highest`, in
    their order.
    """
    ids: dict[int, int] = {}
    new = []
    for number, uid in theirs:
        if uid in known:
            ids[number] = known[uid]
            continue
        highest += 1
        ids[number] = highest
        new.append((number, uid))
    return ids, new
