"""What a supervised session is held against: its protocol.

A protocol says what is asked before, observed during and checked after, with minutes counted from the
dose, and in which phases a course goes. It holds no decision: nothing in it says go or no-go.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from .amounts import Amount, show_amount

MEASURED = ("bp", "pulse", "spo2", "sedation", "dissociation", "cadss", "nausea")
"""The kinds of observation whose values are checked; any other word of a protocol takes words."""
WORDS = ("dose", "note")
"""The kinds every session knows beside those."""


class Fact(NamedTuple):
    """A sentence of a protocol and where it comes from."""

    text: str
    source: str = ""


class Phase(NamedTuple):
    """A part of a course."""

    name: str
    first_week: int
    last_week: int | None
    """None while it goes on."""
    a_week: int | None
    """The most sessions in a week."""
    sessions: int | None
    """How many the whole phase has."""
    text: str
    source: str = ""


class Before(NamedTuple):
    """What is asked before the dose."""

    key: str
    kind: str
    """`time` (when it last was), `confirm`, or a kind that is measured."""
    minutes: int | None
    """For a time: at least so long before the dose."""
    text: str
    source: str = ""


class During(NamedTuple):
    """What is observed after the dose."""

    key: str
    at: tuple[int, ...]
    """Minutes after the dose; empty where once is enough."""
    on_leaving: bool
    text: str
    source: str = ""


class After(NamedTuple):
    """What is confirmed before leaving."""

    key: str
    text: str
    source: str = ""


class Mention(NamedTuple):
    """Medicines to mention to the clinic."""

    classes: tuple[str, ...]
    names: tuple[str, ...]
    text: str
    source: str = ""


class Doses(NamedTuple):
    """How the doses of a protocol are counted."""

    unit: str
    amounts: tuple[Fraction, ...]
    """The amounts there are, in that unit; empty where any will do."""
    text: str
    source: str = ""


class Urgent(NamedTuple):
    """A value that the clinic's team is to be told at once; never whether to go on."""

    kind: str
    below: int | None
    """Of what is counted: any value below this."""
    rise: tuple[int, int] | None
    """Of a blood pressure: by how much it is above the one before the dose, either number at least."""
    text: str
    source: str = ""


class Rest(NamedTuple):
    """How long the session lasts at least, from the dose."""

    minutes: int
    text: str
    source: str = ""


class Protocol(NamedTuple):
    """What one kind of session is held against."""

    key: str
    name: str
    source: str
    rest: Rest
    within: int = 10
    """Minutes by which an observation may be early or late and still be at its time."""
    phases: tuple[Phase, ...] = ()
    before: tuple[Before, ...] = ()
    during: tuple[During, ...] = ()
    after: tuple[After, ...] = ()
    mentions: tuple[Mention, ...] = ()
    remarks: tuple[Fact, ...] = ()
    emergency: Fact | None = None
    driving: Fact | None = None
    bp_asked_above: tuple[int, int] | None = None
    """Millimetres of mercury, systolic and diastolic, above which the protocol has something to say."""
    bp_text: str = ""
    bp_source: str = ""
    dose: Doses | None = None
    urgent: tuple[Urgent, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of observation its sessions take, each once."""
        own = [each.key for part in (self.before, self.during, self.after) for each in part]
        return tuple(dict.fromkeys([*own, *MEASURED, *WORDS]))


def document_of(protocol: Protocol) -> dict[str, Any]:
    """The protocol as the document it can be read from again: what is kept with a session."""
    found: dict[str, Any] = {
        "name": protocol.name,
        "within": protocol.within,
        "rest": _plain(protocol.rest),
    }
    if protocol.source:
        found["source"] = protocol.source
    found |= {
        word: [_plain(each) for each in part]
        for word, part in (
            ("phase", protocol.phases),
            ("before", protocol.before),
            ("during", protocol.during),
            ("after", protocol.after),
            ("mention", protocol.mentions),
            ("remark", protocol.remarks),
        )
        if part
    }
    for word in ("emergency", "driving"):
        fact = getattr(protocol, word)
        if fact is not None:
            found[word] = _plain(fact)
    if protocol.bp_asked_above is not None:
        systolic, diastolic = protocol.bp_asked_above
        found["bp"] = {"above": f"{systolic}/{diastolic}", "text": protocol.bp_text}
        if protocol.bp_source:
            found["bp"]["source"] = protocol.bp_source
    if protocol.dose is not None:
        amounts = [show_amount(Amount(value, protocol.dose.unit)) for value in protocol.dose.amounts]
        found["dose"] = _plain(protocol.dose._replace(amounts=())) | ({"amounts": amounts} if amounts else {})
    if protocol.urgent:
        found["urgent"] = [_urgent(each) for each in protocol.urgent]
    return found


def _urgent(each: Urgent) -> dict[str, Any]:
    rise = None if each.rise is None else "/".join(map(str, each.rise))
    return _plain(each._replace(rise=None)) | ({} if rise is None else {"rise": rise})


def _plain(part: NamedTuple) -> dict[str, Any]:
    """What is set of a part, lists for tuples."""
    found = part._asdict()
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in found.items()
        # Minutes may be 0, which is no absence.
        if not (value is None or value is False or value == "" or value == ())
    }
