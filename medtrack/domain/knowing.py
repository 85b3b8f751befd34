"""Who can have known of what: which action of one device came after it had those of another.

An action stands after all that its device had then, in its local number wherever records were merged and in
its uid. So one that stands before another in either was written without knowing of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Deed(NamedTuple):
    """One action, as far as it matters who knew of it."""

    id: int
    uid: str
    device: str
    command: str
    who: str


class Knowledge:
    """The actions of a record, and the merges that brought them together."""

    def __init__(self, deeds: Iterable[Deed]) -> None:
        self._deeds = {deed.id: deed for deed in deeds}
        self._merges = [deed for deed in self._deeds.values() if deed.command == "merge"]
        self._first: dict[str, int] = {}
        for number in sorted(self._deeds):
            self._first.setdefault(self._deeds[number].device, number)

    @property
    def has_merges(self) -> bool:
        """Whether anything was ever brought together."""
        return bool(self._merges)

    def deed(self, number: int) -> Deed:
        """The action of this local id. Raises LookupError."""
        return self._deeds[number]

    def may_have_known(self, later: Deed, earlier: Deed) -> bool:
        """Whether the device of one action may have had the other, which another device wrote, by then.

        It may have where it merged in between, or began as a copy of a record that did.
        """
        if not _is_before(earlier, later):
            return False
        return later.device == earlier.device or any(
            _is_before(earlier, merge)
            and _is_before(merge, later)
            and (merge.device == later.device or merge.id < self._first[later.device])
            for merge in self._merges
        )

    def are_apart(self, one: Deed, other: Deed) -> bool:
        """Whether two actions are of two devices, neither of which can have known of the other's."""
        return (
            one.device != other.device
            and not self.may_have_known(one, other)
            and not self.may_have_known(other, one)
        )


def _is_before(earlier: Deed, later: Deed) -> bool:
    return earlier.id < later.id and earlier.uid < later.uid


def is_without(deed: Deed, other: Deed) -> bool:
    """Whether an action was certainly written without knowing of another: it stands before it."""
    return deed.id < other.id or deed.uid < other.uid
