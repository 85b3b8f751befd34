"""Which medicine a typed name stands for: exact, then without strength, form and salt, then split in parts.

A near miss is offered and never taken, since no measure of likeness tells a slip from a look-alike:
prednisone and prednisolone are nearer to each other than most misspellings to what was meant. A name
that means different things in different countries is settled by the person's country, else asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .facts import Meaning
from .pack import Pack

COUNTRIES = {"US": "the US", "GB": "the UK"}
_STRENGTH = re.compile(
    r"(?:\b|(?<=\s))\d[\d.,/]*\s*(?:mg|mcg|µg|μg|ug|micrograms?|milligrams?|grams?|g|mls?|units?|iu|meq|mmol|%)"
    r"(?:\s*/\s*(?:[\d.]+\s*)?(?:mls?|h|hr|hours?|dose|actuation|puff|day|tablet|g))?(?![a-z])",
    re.IGNORECASE,
)
_TRAILING_NUMBER = re.compile(r"\s+(\d[\d.,/]*)$")
_SMALLEST_STRENGTH = 5
"""A bare number below this may be part of the name: Tylenol 3 is another medicine than Tylenol."""
_BETWEEN = re.compile(r"\s*(?:/|\+|&|,|;|\bplus\b|\band\b|\bwith\b)\s*|(?<=[a-z])-(?=[a-z])", re.IGNORECASE)
_NEAR = 0.75
_OFFERED = 4


class Reading(NamedTuple):
    """What a typed name was taken for; without ingredients it was not recognised, and is not checked."""

    typed: str
    ingredients: tuple[str, ...]
    meaning: Meaning | None = None
    suggestions: tuple[str, ...] = ()
    """Names it may have meant, to be confirmed by the person."""
    look_alikes: tuple[str, ...] = ()
    """Names that are taken for this one, and are other medicines."""
    remarks: tuple[str, ...] = ()
    is_local: bool = False
    """Whether it is put on the skin, or in an eye, an ear or the nose."""
    parts: tuple[Reading, ...] = ()
    """The medicines named in one breath ('warfarin, ibuprofen'), where no product holds just these."""

    @property
    def is_known(self) -> bool:
        """Whether it can be checked."""
        return bool(self.ingredients)


def name_key(name: str) -> str:
    """A name as names are compared: no case, accents, apostrophes or punctuation but `/`, `+` and `%`."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(
        "['`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}]", "", plain
    )
    return " ".join(re.sub(r"[^\w/+%#]+|_", " ", plain).split())


def read_name(pack: Pack, typed: str, country: str | None = None) -> Reading:
    """What a typed name stands for, for a person of a country (ISO 3166 alpha-2, None where not known)."""
    key = name_key(typed)
    could_mean = pack.abbreviation(key)
    if could_mean is not None:
        said = f"{typed} can mean {could_mean}: write the name in full."
        return Reading(typed, (), remarks=(said,))
    local = bool(pack.words("local") & set(key.split()))
    for form in _forms(pack, key, typed):
        meanings = pack.meanings(form)
        if meanings:
            return _settled(pack, typed, form, meanings, country)._replace(is_local=local)
    parts = _parts(pack, typed, country)
    if parts:
        together = tuple(dict.fromkeys(name for part in parts for name in part.ingredients))
        return Reading(
            typed,
            together,
            look_alikes=tuple(dict.fromkeys(name for part in parts for name in part.look_alikes)),
            remarks=tuple(remark for part in parts for remark in part.remarks),
            is_local=local,
            parts=() if _is_product(pack, parts) else tuple(parts),
        )
    imported = _imported(pack, key, typed)
    if imported is not None:
        return imported._replace(is_local=local)
    near = _suggestions(pack, min(forms_of(pack, typed), key=len, default=""))
    others = {other: None for name in near for other in pack.look_alikes(name_key(name)) if other not in near}
    return Reading(typed, (), suggestions=tuple(near), look_alikes=tuple(others))


def forms_of(pack: Pack, typed: str) -> list[str]:
    """A typed name as names are compared, then with less and less beside the name itself."""
    return list(dict.fromkeys(form for form in _forms(pack, name_key(typed), typed) if form))


def strength_in(typed: str) -> str | None:
    """The strength that stands in a name as it was typed: '100 mcg' of 'levothyroxine 100 mcg tablets'."""
    found = _STRENGTH.search(typed)
    return None if found is None else found[0].strip()


def strengths_in(reading: Reading) -> list[str | None]:
    """The strength beside each of several medicines named in one breath, where it is told which it is of."""
    pieces = _BETWEEN.split(reading.typed)
    if len(pieces) != len(reading.parts):
        return [None] * len(reading.parts)
    return [strength_in(piece) for piece in pieces]


def _forms(pack: Pack, key: str, typed: str) -> Iterator[str]:
    """The name as typed, then with less and less beside the name itself."""
    yield key
    bare = name_key(_STRENGTH.sub(" ", typed))
    yield bare
    number = _TRAILING_NUMBER.search(bare)
    if number is not None and _is_strength(number[1]):
        bare = bare[: number.start()]
        yield bare
    bare = _without_form(pack, bare)
    yield bare
    number = _TRAILING_NUMBER.search(bare)
    if number is not None and _is_strength(number[1]):
        bare = bare[: number.start()]
        yield bare
    words = bare.split()
    while len(words) > 1 and words[-1] in pack.words("salt"):
        words.pop()
        # A salt of a metal is the medicine: what is left without the other half is not its name.
        if " ".join(words) not in pack.words("metal"):
            yield " ".join(words)


def _without_form(pack: Pack, key: str) -> str:
    """The name without words for what it looks like and how fast it works."""
    for phrase in pack.words("phrase"):
        if phrase in key:
            key = re.sub(rf"\b{re.escape(phrase)}\b", " ", key)
    return " ".join(word for word in key.split() if word not in pack.words("form"))


def _is_strength(number: str) -> bool:
    return "." in number or "/" in number or int(number.replace(",", "") or 0) >= _SMALLEST_STRENGTH


def _settled(pack: Pack, typed: str, key: str, meanings: Sequence[Meaning], country: str | None) -> Reading:
    here = [each for each in meanings if each.country in ("", country)] if country else []
    fitting = here or list(meanings)
    if len({each.ingredients for each in fitting}) > 1:
        return _several(pack, typed, fitting, country)
    meaning = fitting[0]
    others_here = [] if here else _of_brand_here(pack, key, meaning, country)
    if others_here:
        return _several(pack, typed, [*others_here, meaning], country)
    remarks = []
    if country and not here and meaning.country:
        where = COUNTRIES.get(meaning.country, meaning.country)
        remarks.append(f"{meaning.name} was read as it is sold in {where}: compare it with the packet.")
    if not any(each.is_checked for each in fitting):
        remarks.append(
            f"That {meaning.name} is {_called(pack, meaning, country)} was not found in an open list:"
            " compare it with the packet."
        )
    if meaning.varies:
        remarks.append(f"What {meaning.name} holds differs between packets: compare it with yours.")
    look_alikes = [*pack.look_alikes(key)]
    for name in meaning.ingredients if len(meaning.ingredients) == 1 else ():
        look_alikes += [each for each in pack.look_alikes(name_key(name)) if each not in look_alikes]
    own = {name_key(name) for name in meaning.ingredients} | {key}
    others = tuple(each for each in look_alikes if name_key(each) not in own)
    return Reading(typed, meaning.ingredients, meaning, (), others, tuple(remarks))


def _of_brand_here(pack: Pack, key: str, meaning: Meaning, country: str | None) -> list[Meaning]:
    """What a brand's first word stands for where the person lives, if another medicine: Benadryl Allergy."""
    if not country or not meaning.country:
        return []
    own = [each for each in pack.meanings(key.split()[0]) if each.country == country]
    return [] if any(each.ingredients == meaning.ingredients for each in own) else own


def _imported(pack: Pack, key: str, typed: str) -> Reading | None:
    """What a name stands for by the data sets a person brought along; None where none of them has it."""
    for form in _forms(pack, key, typed) if pack.name_sets else ():
        for names in pack.name_sets:
            meanings = names.meanings(form)
            if meanings:
                return _by_set(pack, typed, meanings, names.title)
    return None


def _by_set(pack: Pack, typed: str, meanings: Sequence[tuple[str, ...]], title: str) -> Reading:
    said = " or ".join(dict.fromkeys(" + ".join(each).lower() for each in meanings))
    read = [[_ingredients(pack, substance) for substance in each] for each in meanings]
    if len({tuple(sorted(name for names in each for name in names)) for each in read}) > 1:
        remark = f"{typed} is {said} by {title}: name the ingredient on the packet."
        return Reading(typed, (), remarks=(remark,))
    if not all(read[0]):
        remark = f"{typed} is {said} by {title}, and not all of that is known to the rules."
        return Reading(typed, (), remarks=(remark,))
    ingredients = tuple(dict.fromkeys(name for names in read[0] for name in names))
    return Reading(
        typed, ingredients, remarks=(f"{typed} is {said} by {title}: compare it with the packet.",)
    )


def _ingredients(pack: Pack, substance: str) -> tuple[str, ...]:
    """The ingredient that a data set's name of a substance stands for, exactly or but for its salt."""
    for form in _forms(pack, name_key(substance), substance):
        found = [each for each in pack.meanings(form) if each.kind in ("ingredient", "synonym")]
        if found:
            return found[0].ingredients
    return ()


def _called(pack: Pack, meaning: Meaning, country: str | None) -> str:
    return " + ".join(pack.called(name, country) for name in meaning.ingredients)


def _several(pack: Pack, typed: str, meanings: Sequence[Meaning], country: str | None) -> Reading:
    said = [
        _called(pack, each, country)
        + (f" in {COUNTRIES.get(each.country, each.country)}" if each.country and not country else "")
        for each in meanings
    ]
    ask = "" if country else " Say which country: medtrack profile --country US (or GB)."
    remark = f"{typed} is {' or '.join(dict.fromkeys(said))}: name the ingredient on the packet.{ask}"
    names = dict.fromkeys(" + ".join(each.ingredients) for each in meanings)
    return Reading(typed, (), suggestions=tuple(names), remarks=(remark,))


def _parts(pack: Pack, typed: str, country: str | None) -> list[Reading]:
    """The parts of a combination, where every one of them is known; else nothing."""
    words = [part for part in _BETWEEN.split(_STRENGTH.sub(" ", typed)) if part.strip()]
    if not 2 <= len(words) <= 6:
        return []
    found = []
    for word in words:
        key = name_key(word)
        meanings = next((known for form in _forms(pack, key, word) if (known := pack.meanings(form))), None)
        if meanings is None or pack.abbreviation(key) is not None:
            return []
        local = bool(pack.words("local") & set(key.split()))
        found.append(_settled(pack, word.strip(), key, meanings, country)._replace(is_local=local))
    return found if all(part.is_known for part in found) else []


def _is_product(pack: Pack, parts: Sequence[Reading]) -> bool:
    """Whether the parts are the ingredients of one product; of several products or brands they are not."""
    names = [name for part in parts for name in part.ingredients]
    return (
        all(part.meaning is not None and part.meaning.kind in ("ingredient", "synonym") for part in parts)
        and len(set(names)) == len(names)
        and frozenset(names) in pack.combinations
    )


def _suggestions(pack: Pack, key: str) -> list[str]:
    """The names nearest to what was typed, best first; then those that begin with it."""
    bare = _without_form(pack, key)[:60]
    if len(bare) < 3:
        return []
    near = sorted(
        ((likeness, other) for other in pack.keys if (likeness := _likeness(bare, other)) >= _NEAR),
        key=lambda found: (-found[0], found[1]),
    )
    begin = [other for other in pack.keys if len(bare) >= 4 and (other.startswith(f"{bare} "))]
    first = bare.split()[0]
    begin += [first] if first != bare and pack.meanings(first) else []
    found = [*(other for _, other in near[:_OFFERED]), *sorted(begin)[:_OFFERED]]
    return list(dict.fromkeys(pack.meanings(other)[0].name for other in found))


def _likeness(one: str, other: str) -> float:
    """1 - edits / the longer length, where an edit adds, drops, changes or swaps neighbouring letters.

    0 where that is less than what is near: only so many letters about the diagonal have to be looked at.
    """
    longest = max(len(one), len(other))
    most = int(longest * (1 - _NEAR))
    if abs(len(one) - len(other)) > most:
        return 0.0
    if len(set(one) ^ set(other)) > 2 * most + 1:
        return 0.0
    far = most + 1
    two_above: list[int] = []
    above = [min(j, far) for j in range(len(other) + 1)]
    for i, sign in enumerate(one, 1):
        first, last = max(1, i - most), min(len(other), i + most)
        row = [far] * (len(other) + 1)
        row[0] = min(i, far)
        best = row[0]
        for j in range(first, last + 1):
            its = other[j - 1]
            cost = above[j - 1] + (sign != its)
            if above[j] < cost:
                cost = above[j] + 1
            if row[j - 1] < cost:
                cost = row[j - 1] + 1
            if two_above and j > 1 and sign == other[j - 2] and one[i - 2] == its:
                cost = min(cost, two_above[j - 2] + 1)
            row[j] = cost
            best = min(best, cost)
        if best > most:
            return 0.0
        two_above, above = above, row
    return 1 - above[-1] / longest if above[-1] <= most else 0.0
