"""What of a record may be told to somebody who is not to know whose it is.

Everything of a closed vocabulary stays: doses, dates, times, grades, scores. Of what a person typed freely
only what medtrack itself has a word for comes through, in its own word: a medicine, an allergy or a condition
it knows, the role of somebody of the team. All else is left out and counted.

What stays (days, doses, rare medicines, the time zone) may still tell somebody who it is: this is no
anonymisation in the sense of HIPAA's safe harbor (45 CFR 164.514(b)(2)) or of the GDPR, and says so.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from .amounts import UNITS
from .chain import Value
from .names import folded
from .observations import RANGES
from .person import Helper
from .protocol_reading import protocol_of
from .protocols import MEASURED, WORDS, Protocol, document_of
from .safety.allergies import read_allergy
from .safety.conditions import read_condition
from .safety.naming import name_key, read_name
from .safety.pack import Pack
from .wording import say_list

LEFT_OUT = "(left out)"
ANOTHER = "somebody else"
"""Who is nobody of the team."""
_OWN_PROTOCOL = "a clinic's own protocol"
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
_STRENGTH = re.compile(
    rf"[0-9][0-9.,/ ]{{0,15}} ?(?:{_UNIT}|%)(?: ?/ ?(?:[0-9.]{{1,6}} ?)?(?:{_UNIT}|h))?", re.I
)
"""A strength or a dose: a number of a unit, in so much of another at most."""
_PRESSURE = re.compile(r"[0-9]{2,3}/[0-9]{2,3}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:+]{5,20}|none")
_PEOPLE = ("decided_by", "given_by", "with_whom")
_WORDS_OF = {
    "note": {"text": "notes", "did": "notes"},
    "dose": {"note": "remarks"},
    "measure": {"note": "remarks"},
    "supply": {"note": "remarks"},
    "session": {"note": "remarks"},
    "session_end": {"note": "remarks"},
    "observation": {"note": "remarks"},
    "condition": {"note": "remarks"},
    "medication": {"reason": "reasons", "code": "short names"},
    "plan": {"reason": "reasons", "advice": "remarks", "as_needed_for": "reasons"},
    "plan_end": {"reason": "reasons"},
    "hold": {"reason": "reasons"},
    "hold_end": {"reason": "reasons"},
    "allergy": {"reaction": "reactions"},
    "tried": {"response": "remarks", "why": "reasons"},
    "visit": {"decided": "decisions"},
    "question": {"text": "questions"},
    "advice": {"text": "remarks"},
}
"""What is left out of each kind of fact, by what it is called at the top of the page."""
_SHOWN_AS_LEFT_OUT = {("note", "text"), ("visit", "decided"), ("question", "text")}
"""Where a reader sees that there was something."""
_SEVERAL = {
    "medicine": "medicines",
    "substance": "allergies",
    "condition": "conditions",
    "item": "observations",
    "protocol": "protocols",
}
_KEPT_KEYS: Mapping[str, tuple[str, ...]] = {
    "setting": ("day-starts", "order-ahead", "baseline"),
    "profile": ("country",),
}
_LEFT_KINDS = ("acknowledgement", "rule", "snooze")
"""Kinds that no page for others shows."""


class Redaction:
    """Says of each fact what of it may be told, and keeps count of what was left out."""

    def __init__(
        self,
        pack: Pack,
        country: str | None,
        team: Sequence[Helper],
        measures: Collection[str],
        shipped: Protocol,
    ) -> None:
        """`measures` are the names of scores and readings that are medtrack's own, `shipped` its protocol."""
        self.pack = pack
        self.country = country
        self.measures = measures
        self.shipped = shipped
        self.left_out: set[str] = set()
        self._names: dict[tuple[str, str], str] = {}
        self._roles = _roles(team)

    def told(self, kind: str, row: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """The columns of free text of a fact as they may be told: others are empty. None: all is left out."""
        if kind in _LEFT_KINDS or (kind in _KEPT_KEYS and row["key"] not in _KEPT_KEYS[kind]):
            return None
        if kind == "measure" and row["name"] not in self.measures:
            self.left_out.add("readings under other names than medtrack's own")
            return None
        found = self._of_kind(kind, row)
        for column, what in _WORDS_OF.get(kind, {}).items():
            if row[column] is not None:
                self.left_out.add(what)
                found |= {column: LEFT_OUT} if (kind, column) in _SHOWN_AS_LEFT_OUT else {}
        for column in _PEOPLE:
            if row.get(column) is not None:
                found[column] = self._role(str(row[column]))
        for column in ("unit", "max_unit"):
            if row.get(column) is not None:
                found[column] = row[column] if kind == "measure" else _unit(str(row[column]))
        return found

    def _of_kind(self, kind: str, row: Mapping[str, Value]) -> dict[str, Value]:
        if kind == "medication":
            name = self._medicine(str(row["name"]), str(row["uid"]))
            return {"name": name, "strength": _strength(row["strength"]), "form": self._form(row["form"])}
        if kind == "tried":
            return {"name": self._medicine(str(row["name"]), None), "dose": _strength(row["dose"])}
        if kind in _KEPT_KEYS:
            return {"value": row["value"]}
        if kind == "measure":
            return {"name": row["name"]}
        if kind == "team":
            return {"name": self._role(str(row["name"])), "role": row["role"]}
        if kind == "allergy":
            return {"substance": self._substance(str(row["substance"]))}
        if kind == "condition":
            note = row["note"]
            known = read_condition(self.pack, str(row["name"]), None if note is None else str(note))
            return {"name": say_list(known.titles) or self._numbered("condition", str(row["name"]))}
        if kind == "session":
            return self._session(row)
        if kind == "observation":
            return {"kind": self._kind(str(row["kind"])), "value": self._observed(row)}
        return {}

    # --- names ------------------------------------------------------------------------------------------

    def _medicine(self, typed: str, uid: str | None) -> str:
        """What medtrack calls a medicine; two of a record do not share a name."""
        reading = read_name(self.pack, typed, self.country)
        called = [self.pack.spoken(f"{{{name}}}", self.country) for name in reading.ingredients]
        name = " + ".join(called) if called else self._numbered("medicine", typed)
        if uid is None:
            return name
        taken = {said for (what, _), said in self._names.items() if what == "as"}
        number = next(
            n for n in range(1, len(taken) + 2) if (name if n == 1 else f"{name} ({n})") not in taken
        )
        unique = name if number == 1 else f"{name} ({number})"
        return self._names.setdefault(("as", uid), unique)

    def _substance(self, typed: str) -> str:
        key = name_key(typed)
        if self.pack.substance(key) is not None:
            return key
        known = read_allergy(self.pack, typed, self.country)
        called = [self.pack.spoken(f"{{{name}}}", self.country) for name in known.ingredients]
        return " + ".join(called) if called else self._numbered("substance", typed)

    def _numbered(self, what: str, typed: str) -> str:
        """What stands for a name that medtrack has no word for: the same one for the same name."""
        key = (what, folded(typed))
        if key not in self._names:
            number = sum(each == what for each, _ in self._names) + 1
            self._names[key] = f"{what} {number}"
            self.left_out.add(f"names of {_SEVERAL[what]} that medtrack does not know")
        return self._names[key]

    def _role(self, name: str) -> str:
        return self._roles.get(folded(name), ANOTHER)

    def _form(self, form: Value) -> Value:
        typed = folded(str(form or ""))
        is_known = typed in UNITS or (typed and set(typed.split()) <= self.pack.words("form"))
        return form if is_known else None

    # --- sessions ---------------------------------------------------------------------------------------

    def _session(self, row: Mapping[str, Value]) -> dict[str, Value]:
        document = json.loads(str(row["content"]))
        if document == document_of(self.shipped):
            return {"protocol": self.shipped.key, "content": row["content"]}
        self.left_out.add("the words of a clinic's own protocol")
        key = self._numbered("protocol", str(row["protocol"])).replace(" ", "-")
        bare = self._bare(protocol_of(document, key, "of a session"))
        return {"protocol": key, "content": json.dumps(document_of(bare), sort_keys=True)}

    def _bare(self, own: Protocol) -> Protocol:
        """A clinic's own protocol without its words: what is asked, and at which minutes."""
        return Protocol(
            own.key,
            _OWN_PROTOCOL,
            "",
            own.rest._replace(text=LEFT_OUT, source=""),
            own.within,
            tuple(
                each._replace(name=f"phase {number}", text=LEFT_OUT, source="")
                for number, each in enumerate(own.phases, start=1)
            ),
            tuple(each._replace(key=self._kind(each.key), text=LEFT_OUT, source="") for each in own.before),
            tuple(each._replace(key=self._kind(each.key), text=LEFT_OUT, source="") for each in own.during),
            tuple(each._replace(key=self._kind(each.key), text=LEFT_OUT, source="") for each in own.after),
            bp_asked_above=own.bp_asked_above,
            bp_text=LEFT_OUT if own.bp_asked_above is not None else "",
        )

    def _kind(self, kind: str) -> str:
        """What an observation is called: as medtrack calls it, or 'item-1'."""
        if kind in (*MEASURED, *WORDS, *self.shipped.kinds):
            return kind
        return self._numbered("item", kind).replace(" ", "-")

    def _observed(self, row: Mapping[str, Value]) -> str:
        kind, value = str(row["kind"]), str(row["value"])
        is_plain = (
            (kind in RANGES and value.isdigit())
            or (kind == "bp" and _PRESSURE.fullmatch(value))
            or (kind == "dose" and _STRENGTH.fullmatch(value))
            or _INSTANT.fullmatch(value)
        )
        if not is_plain:
            self.left_out.add("remarks")
        return value if is_plain else LEFT_OUT

    # --- words ------------------------------------------------------------------------------------------

    @property
    def words(self) -> str:
        """What was taken out, for the top of the page."""
        more = f" Left out too: {say_list(sorted(self.left_out))}." if self.left_out else ""
        country = "" if self.country is None else " the country (in names of medicines and in whom to call),"
        return (
            "Taken out: the name, the birth date, telephone numbers and people's names, for which roles"
            f" stand.{more} Left in: medicines, doses, days, times, their zone,{country}"
            " numbers; they may still tell who it is."
        )


def _roles(team: Sequence[Helper]) -> dict[str, str]:
    """What stands for the name of each of the team: 'the prescriber', of several 'prescriber 2'."""
    found: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for each in team:
        if folded(each.name) in found:
            continue
        counted[each.role] += 1
        number = counted[each.role]
        role = "helper" if each.role == "other" else each.role
        found[folded(each.name)] = f"the {role}" if number == 1 else f"{role} {number}"
    return found


def _strength(typed: Value) -> Value:
    return typed if typed is not None and _STRENGTH.fullmatch(str(typed).strip()) else None


def _unit(unit: str) -> str:
    return unit if unit in UNITS.values() else "dose"
