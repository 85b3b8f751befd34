"""Which medication a person means by what they typed: never a guess, at most an offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from medtrack.errors import BadText, MedicationAmbiguous, MedicationNotFound

from .regimen import Medication

LONGEST_NAME = 200
LONGEST_NOTE = 10_000


def folded(name: str) -> str:
    """A name as it is compared: case and runs of blanks do not matter."""
    return " ".join(name.split()).casefold()


def read_text(text: str, what: str, longest: int = LONGEST_NAME) -> str:
    """Text of the person's own as it is stored: exactly as typed, but for blanks around it.

    Raises BadText where it is empty, too long, or not text (bytes that are no UTF-8).
    """
    stripped = text.strip()
    why = None
    if not stripped:
        why = "it is empty"
    elif len(stripped) > longest:
        why = f"it has {len(stripped):,} characters, and the most is {longest:,}"
    elif any("\ud800" <= sign <= "\udfff" for sign in stripped):
        why = "it holds bytes that are not text (UTF-8)"
    if why is not None:
        raise BadText(what=what, why=why)
    return stripped


def read_given(text: str | None, what: str, longest: int = LONGEST_NAME) -> str | None:
    """Text that need not be given, as it is stored. Raises what `read_text` does."""
    return None if text is None else read_text(text, what, longest)


def resolve(
    typed: str, medications: Sequence[Medication], is_taken: Callable[[Medication], bool] | None = None
) -> Medication:
    """The medication with this name, else with this code, else the only one whose name begins so.

    Medications that were written down apart and merged may share a name: then it means the one that
    `is_taken` still, and `name#id` means either. Raises MedicationAmbiguous where several fit, and
    MedicationNotFound, with the near misses, where none does; a near miss is never taken.
    """
    wanted = folded(typed)
    called = handles(medications)
    fitting = wanted and (
        [each for each in medications if folded(each.name) == wanted]
        or [each for each in medications if folded(called[each.id]) == wanted]
        or [each for each in medications if each.code is not None and folded(each.code) == wanted]
        or [each for each in medications if folded(each.name).startswith(wanted)]
    )
    if fitting and len(fitting) > 1 and len({folded(each.name) for each in fitting}) == 1:
        taken = [each for each in fitting if is_taken is not None and is_taken(each)]
        fitting = taken if len(taken) == 1 else fitting
    if fitting and len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise MedicationAmbiguous(
            typed=typed, candidates=" or ".join(repr(called[each.id]) for each in fitting)
        )
    raise MedicationNotFound(typed=typed, hint=_hint(wanted, medications))


def handles(medications: Sequence[Medication]) -> dict[int, str]:
    """What to type for each medication, by id: its name, or 'name#id' where another has the same."""
    bearers: dict[str, int] = {}
    for each in medications:
        name = folded(each.name)
        bearers[name] = bearers.get(name, 0) + 1
    return {
        each.id: each.name if bearers[folded(each.name)] == 1 else f"{each.name}#{each.id}"
        for each in medications
    }


def meant(typed: str, names: Iterable[str], otherwise: str) -> str:
    """What a word that names nothing may be meant for, as a question; `otherwise` where nothing is near."""
    from difflib import get_close_matches

    known = {folded(name): name for name in names}
    near = get_close_matches(folded(typed)[:200], known, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(repr(known[name]) for name in near)}?" if near else otherwise


def _hint(wanted: str, medications: Sequence[Medication]) -> str:
    if not medications:
        return "It has none yet: 'medtrack add' writes one down."
    return meant(wanted, (each.name for each in medications), "'medtrack meds' lists what there is.")
