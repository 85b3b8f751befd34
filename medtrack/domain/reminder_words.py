"""What a reminder says: by itself no medication's name, since a lock screen is read over shoulders."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .reminders import Told
from .wording import say_list

_LEADS = {
    "due": ("1 dose is due", "{} doses are due"),
    "overdue": ("1 dose is overdue", "{} doses are overdue"),
    "again": ("Again: 1 dose is not written down", "Again: {} doses are not written down"),
    "missed": ("1 dose was missed and not announced", "{} doses were missed and not announced"),
    "then": ("1 dose is not written down as taken", "{} doses are not written down as taken"),
    "low": ("1 medication runs low, to be ordered now", "{} medications run low, to be ordered now"),
    "expiry": ("1 pack expires", "{} packs expire"),
    "expired": ("1 pack has expired", "{} packs have expired"),
    "check-in": ("Time for a check-in", "Time for a check-in"),
}
"""By what it is about, in the order it is said: for one, and for several."""
_MOST = 5
"""So many are told one by one."""
_CHECK_IN = "How did it go since the last one? To write it down: medtrack note TEXT"


class Notice(NamedTuple):
    """One thing to say."""

    told: tuple[Told, ...]
    """Under which it stands in the ledger: the steps that are told with it."""
    about: str
    """A key of the words: `due`, `overdue`, `again`, `missed`, `then`, `low`, `expiry` or `check-in`."""
    when: str
    """The planned time, or the day, in words."""
    named: str
    """The medication and the amount; empty for a check-in."""
    channel: str | None = None
    """The channel its rule names; None for the person's own."""

    @property
    def is_dose(self) -> bool:
        """Whether it is about a dose that can be written down now."""
        return self.about in ("due", "overdue", "again")


def compose(notices: Iterable[Notice], *, names: bool, person: str | None, gap: str | None) -> str:
    """What a channel says of the notices, a line each kind; `person` names whose they are.

    Never empty where there is a notice; without `names` no medication is named.
    """
    found = sorted(
        (each._replace(named=_one_line(each.named)) for each in notices), key=lambda each: each.told[0].at
    )
    lines = [] if gap is None else [gap]
    for about, (one, several) in _LEADS.items():
        same = [each for each in found if each.about == about]
        if same:
            lead = one if len(same) == 1 else several.format(len(same))
            lines.append(f"{lead}: {_CHECK_IN}" if about == "check-in" else f"{lead}{_items(same, names)}.")
    before = "" if person is None else f"{_one_line(person)}: "
    return "\n".join(before + line for line in lines)


def _one_line(name: str) -> str:
    """A name as it stands in one line anywhere: a line break in it could forge another sentence."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name)


def _items(notices: Sequence[Notice], names: bool) -> str:
    """What is told: with names ': metformin 1 tablet (08:00)', without ' (08:00)'."""
    whens = list(dict.fromkeys(each.when for each in notices if each.when))
    if len(notices) > _MOST:
        whens = [f"from {whens[0]} to {whens[-1]}"]
    if not names:
        return f" ({say_list(whens)})" if whens else ""
    if len(notices) > _MOST:
        return f": {say_list(sorted({each.named for each in notices}))} ({whens[0]})"
    return f": {say_list(f'{each.named} ({each.when})' if each.when else each.named for each in notices)}"
