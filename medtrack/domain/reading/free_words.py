"""The only words of a prescription that are the person's own: a medication's name, and a reason."""

from __future__ import annotations

import re

from medtrack.domain.amounts import UNITS

from .phrases import patterns, phrases
from .spelling import NUMBER_WORDS, SAME, is_near_frequency

THEN = re.compile(r"(?:[,;.] )*(?:and )?(?:then|followed by|-- >)(?! \d+ (?:day|week) off)(?![^\s])")
"""What leads from one step of a sequence to the next."""

_STOPPERS = frozenset(
    ["max", "gap", "cycle", "rate", "days", "times", "bounds", "prn", "month", "year", "amount"]
)
_LEADS = re.compile(r"(?:at|in|on|before|after|with|every|\d+) ")
_LONGEST_NAME = 60
_HOW = (
    "a an the be is are to of and or if when not no do it this that then every per with without in on at by "
    "from until before after more than less only about may might can patient doctor please directed half "
    "quarter double triple extra sliding scale loading increase decrease reduce taper hold avoid never skip "
    "up down as x kg off least last apart starting start stop max sig rx initially initial amount thin layer "
    "minimum crushed sized size tongue pea today tomorrow usual continue restart resume commence mix split "
    "crush directions direction instructions ish white red yellow green blue pink orange brown purple grey "
    "small little big large new other same next full whole single different pack "
    "packs bottle bottles cup cups glass glasses scoop scoops pump pumps strip strips box boxes tube tubes "
    "blister capful capfuls applicatorful swab pad wipe syringe unit bag bags inch inches cm line fingertip "
    "finger pinch squirt squeeze dab drizzle regularly "
    "wafer wafers troche troches pastille pastilles melt melts film films chew chews bead beads nebule "
    "nebules respule respules insert inserts ring rings pen pens sponge sponges lollipop lollipops stick "
    "sticks plaster plasters wad lump lumps piece pieces portion portions bar bars shot shots hit hits"
)
_TURNED = (
    "dont don't cannot cant can't wont won't isnt isn't wasnt wasn't doesnt doesn't didnt didn't shouldnt "
    "shouldn't mustnt mustn't couldnt couldn't wouldnt wouldn't havent haven't hasnt hasn't neither nor "
    "none nothing nil withhold withheld withholding cease ceased ceasing cancel cancelled canceled "
    "cancelling omit omitted omitting pause paused pausing stopped stopping suspend suspended suspending "
    "discontinued discontinuing finish finished finishing completed refuse refused refusing decline "
    "declined miss missed missing skipped skipping forgot forgotten forbidden prohibited contraindicated "
    "allergic allergy intolerant held holding halt halted end ended ending quit quitting abandon "
    "abandoned remove removed delete deleted replace replaced replaces replacing switch switched "
    "switching swap swapped change changed changing convert converted instead formerly former was were "
    "been had did took ate used previously previous prior old ex past last before history expired avoided "
    "rejected declining lapsed withdrawn withdraw void voided"
)
"""Words that turn what follows them into what is not taken, or no longer."""
_UNSURE = (
    "maybe perhaps just should shall will would could must ought need needs want wants try tries tried "
    "let lets another also too minus either some several else even still yet already again soon later "
    "earlier sometimes often seldom rarely once ever always i me my we our us you your he his she her "
    "they them their its there these those which what who whose how why where so such very quite rather "
    "almost nearly similar like unlike stat tonight yesterday hope think believe says said told ask asked "
    "get gets got have has having being go going went come came see seen seems"
)
"""Words that no medication's name has in it."""
_PACK_WORDS = (
    "thing things stuff item items medicine medicines medication medications meds med drug drugs remedy "
    "product strong weak heaped level rounded measure measures measured spansule spansules softgel "
    "softgels gelcap gelcaps perle perles ovule ovules dropper droppers dropperful actuation actuations "
    "vial vials cartridge cartridges shake shakes sip sips gulp mouthful handful scoopful spoon bite "
    "bites chunk lick swig pinches dollop blob smear ribbon strand coat wash rinse gargle soak bolus "
    "infusion dosage strength number plus all both any many much few"
)
"""Words of packs and measures, which a name may hold ('fish oil softgel') but not be."""
_MEDICINES = re.compile(
    r"[a-z-]*(?:[acdeflmoprtz]ine|[bcdfklmprstvx]in|[dnrt]ol|[fmpxc]en|[dhmstz]ide|[aefopr]late|[cmnrtx]ate|[lprt]am|"
    r"pril|[ft]an|azole|vir|mab|nib|sone|lone|done|thyroxine|pine|cillin)"
)
"""How the international names of medicines end, WHO's stems and the older endings of chemistry."""
_NO_NAME = frozenset(f"{_HOW} {_TURNED} {_UNSURE}".split())
_PACKS = frozenset(_PACK_WORDS.split())
_HOW_LONG = (
    "about around approximately as not no if unless until except more less than only but while when next "
    "least few several couple long life now ever each every per for apart max off stop starting start "
    "directed times dose doses day days week weeks month months year years hour hours minute minutes daily "
    "fortnight fortnights weekly monthly once twice take apply inhale inject insert use x"
)
_NO_REASON = frozenset(_HOW_LONG.split())
_LEFT_OPEN = frozenset(
    ["and", "or", "the", "a", "an", "in", "on", "at", "of", "to", "with", "from", "after", "before", "by"]
)
"""A reason that begins or ends with one of these is part of other words."""
_NUMBERED = frozenset(["type", "stage", "grade", "class", "vitamin", "phase"])
"""What a number in a reason may follow: 'type 2 diabetes'."""


def end_of_words(said: str, start: int, *, in_reason: bool) -> int:
    """Where free words end: at a sign, or a phrase that says something else; a name also ends at a number."""
    at = start
    while at < len(said):
        stop = said.find(" ", at)
        stop = len(said) if stop < 0 else stop
        word = said[at:stop]
        joins_names = not in_reason and word == "/" and at > start and said[stop + 1 : stop + 2].isalpha()
        if not joins_names:
            if not word[0].isalnum() or (not in_reason and word[0].isdigit()) or THEN.match(said, at):
                break
            if _says_something_else(said, at, in_reason=in_reason):
                break
        at = stop + 1
    return max(start, at - 1)


def is_name(typed: str) -> bool:
    """Whether these words can be a medication's name: none of them says how to take it."""
    is_adverb = any(word.islower() and word.endswith("ly") for word in typed.split())
    known = is_adverb or any(
        word in _NO_NAME
        or word in SAME
        or word in NUMBER_WORDS
        or (word in UNITS and len(word) > 1)
        or is_near_frequency(word)
        for word in re.split(r"[ -]", typed.lower())
    )
    known = known or all(word in _PACKS for word in typed.lower().split())
    known = known or not all(any(letter.isalpha() for letter in word) for word in typed.split())
    return 1 < len(typed) <= _LONGEST_NAME and not known and typed[0].isalpha()


def is_counted_name(typed: str) -> bool:
    """Whether what is counted ('take 1 codeine') is a medication: 'take 1 troche' names none.

    Nothing in the words tells the two apart but the way in which the names of medicines end.
    """
    return any(len(word) > 5 and _MEDICINES.fullmatch(word) for word in typed.lower().split())


def is_reason(typed: str) -> bool:
    """Whether these words can be a reason: none of them is about dose or time, or makes a condition."""
    words = typed.lower().split()
    if not words or _NO_REASON & set(words):
        return False
    if words[-1] in _LEFT_OPEN or words[0] in _LEFT_OPEN - {"the", "a", "an"}:
        return False
    for word, before in zip(words, ["", *words], strict=False):
        counts = word in NUMBER_WORDS or not word[0].isalpha()
        if (counts and before not in _NUMBERED) or (word in UNITS and len(word) > 1):
            return False
    return True


def _says_something_else(said: str, at: int, *, in_reason: bool) -> bool:
    found = patterns()
    if not in_reason and (found["form"].match(said, at) or found["kind"].match(said, at)):
        return True
    for phrase in phrases():
        match = phrase.pattern.match(said, at)
        if match is None or phrase.kind == "bare":
            continue
        if not in_reason:
            return True
        if phrase.kind in _STOPPERS:
            return phrase.kind != "amount" or said[at].isdigit()
        if phrase.kind == "when" and _LEADS.match(match.group()):
            return True
    return False
