"""The phrases a prescription is made of: each a pattern over the one spelling of `words`, and what it says.

Patterns are tried in order at one place in the text and the first that fits wins, so longer phrases stand
before shorter ones. Their meanings are those on which HL7 FHIR R4 `Timing`, the NHS dose syntax and the
Public Health Scotland dose instruction parser agree.
"""

from __future__ import annotations

import re
from functools import cache

from . import doses, timing
from .draft import Draft
from .terms import (
    BODY,
    CLOCK_TIME,
    COUNTED,
    EVENT,
    FORM,
    KIND,
    LIST,
    MEAL,
    MEASURE,
    THE,
    UNIT,
    WEEKDAY,
    Match,
    N,
    R,
    Say,
)

_ROUTES = {
    r"by mouth|orally|oral|per os": "oral",
    r"(?:intravenous|intravenously)(?: infusion)?": "intravenous",
    r"intramuscular|intramuscularly": "intramuscular",
    r"subcutaneous|subcutaneously|subcut": "subcutaneous",
    r"sublingual|sublingually|under (?:the |your )?tongue": "sublingual",
    r"rectal|rectally|into the rectum|per rectum": "rectal",
    r"vaginal|vaginally|into the vagina|per vagina": "vaginal",
    r"topical|topically|to the skin": "topical",
    r"transdermal|transdermally": "transdermal",
    r"nasal|nasally|intranasal|intranasally": "nasal",
    r"buccal|buccally": "buccal",
    r"via inhaler|by inhalation": "inhaled",
}


def _say_route(route: str) -> Say:
    def say(draft: Draft, _: Match) -> None:
        draft.route = route

    return say


def _say_verb(draft: Draft, match: Match) -> None:
    draft.verb = match["verb"]


def _say_nothing(_draft: Draft, _: Match) -> None:
    """A word that joins others."""


def _say_as_needed(draft: Draft, _: Match) -> None:
    draft.as_needed = True


def _say_directed(draft: Draft, _: Match) -> None:
    draft.says_directed = True


def _say_last_dose(draft: Draft, _: Match) -> None:
    draft.from_last_dose = True


_PER = r"(?:a|per|every|in a|in every|in|/)"
_PERIOD = r"day|week|month|year|fortnight|hour|daily|weekly|monthly|yearly|fortnightly"
_WITHIN = (
    r"(?:daily|(?:per|a|in a|in any|in|every|within|/)(?: a)? (?:(?P<period>\d+) )?"
    r"(?P<unit_of_time>min|hour|day|week)(?: period)?)"
)
_MOST = (
    r"(?:up to a max|to a max|up to max|max|no more than|not more than|never more than|do not exceed|"
    r"do not exceed more than|not to exceed|not exceeding|at most|do not take more than)(?: of| dose| :)*"
)
_ON = r"(?P<on>\d+)(?: (?P<on_unit>day|week))? on(?: ,)?(?: (?:and|then|/|followed by))?"
_OFF = r"(?P<off>\d+)(?: (?P<off_unit>day|week))? off"
_DAYS = rf"(?:{WEEKDAY})s?(?:(?: to | through | -- | / |{LIST}| )(?:{WEEKDAY})s?)*"
_DAY_OF_MONTH = r"(?:day \d+|#\d+|first(?: day)?|last day)"
_OF_MONTH = r"(?: day)? (?:of )?(?:the |a |every |per )*month"
_MINUTES = rf"(?:(?P<n>{R}) (?P<n_unit>min|hour) )?"
_MEALS = rf"(?P<relation>before|after|with|during) (?P<meals>{THE}{MEAL}(?:{LIST}{THE}{MEAL})*)"
_EVENTS = rf"(?:(?:first thing|last thing|in|at|on|every) )*(?:the )?{EVENT}"
_EVENTS += rf"(?:{LIST}(?:(?:in|at|every) )?(?:the )?{EVENT})*"
_FOR = r"(?:for|x|over|during) (?:(?:the|a|next|total|of|another|only) )*(?P<least>(?:up to|at least) )?"
_LENGTH = r"(?P<unit>day|night|week|month|year|fortnight|dose|cycle)(?: only| course)?"
_DATE = r"d\d{4}-\d\d-\d\d"
_START = r"(?:start|starts|starting|from|beginning|begin|commencing)(?: on)?"
_BY_WEIGHT = r"(?P<unit>mg|mcg|g|units|ml) / kg(?! /)"
_VERB = r"(?P<verb>take|inhale|apply|inject|insert|instil|use|give|put|spray)"

_TABLE: tuple[tuple[str, str, Say], ...] = (
    ("max", rf"{_MOST} (?P<n>{N})(?: (?P<unit>{UNIT}))? {_WITHIN}", timing.say_max),
    ("max", rf"{_MOST} (?P<n>{N})(?: (?P<unit>{UNIT}))?", timing.ask_max),
    (
        "gap",
        rf"(?:(?:leave|wait|allow|with|and) )?(?:at least )?(?P<n>{N}) (?P<unit>hour|min) "
        r"(?:apart|(?:in )?between (?:the |every )?doses?)",
        timing.say_gap,
    ),
    ("cycle", f"{_ON} {_OFF}", timing.say_cycle),
    ("rrule", r"(?:by the rule )?rrule", _say_nothing),
    (
        "rate",
        rf"(?P<most>up to )?\*?(?P<times>{R}) time (?:{_PER} )?(?:(?P<period>\d+) "
        rf")?(?P<unit>{_PERIOD})(?: time)?",
        timing.say_times_per,
    ),
    (
        "days",
        rf"(?P<every>every )(?P<n>\d+|other) week on (?P<days>{_DAYS})(?P<weekly>)",
        timing.say_weeks_on,
    ),
    ("days", rf"(?P<every>every )(?P<n>other) (?P<days>{WEEKDAY})(?P<weekly>)", timing.say_weeks_on),
    (
        "rate",
        rf"(?P<most>)(?P<times>\d+) x (?P<period>)(?:{_PER} )?(?P<unit>daily|weekly|day|week)",
        timing.say_times_per,
    ),
    (
        "month",
        rf"(?:monthly|every month|\*?1 time {_PER} month) (?:on (?:the )?(?:day )?|day |(?=#))"
        rf"(?P<days>#?\d+(?:{LIST}(?:the )?#?\d+)*)(?! (?:{UNIT}|time))",
        timing.say_month_days,
    ),
    (
        "month",
        rf"(?:on )?(?:the )?(?P<days>{_DAY_OF_MONTH}(?:{LIST}(?:the )?#?\d+)*){_OF_MONTH}",
        timing.say_month_days,
    ),
    ("first day", r"(?:on )?(?:the )?(?:day 1|first day)(?! of)", timing.say_first_day),
    ("span", r"(?:on )?day (?P<n>\d+(?:~\d+)?)(?! (?:of|off|on|x|time|-))", timing.say_span),
    (
        "year",
        rf"(?:yearly|every year|\*?1 time {_PER} year) (?:on )?(?P<day>y\d\d-\d\d)",
        timing.say_year_day,
    ),
    ("year", r"(?:on )?(?P<day>y\d\d-\d\d) (?:every|of every) year", timing.say_year_day),
    (
        "rate",
        r"every (?P<nth>other|second|third|#\d+) (?P<unit>day|week|month|fortnight)",
        timing.say_every_other,
    ),
    ("rate", r"(?:on |every )?(?:alternate|alternating) (?P<unit>day)(?P<nth>)", timing.say_every_other),
    (
        "rate",
        r"(?:every other|(?:on |every |at )?alternate) (?P<event>morning|evening|night)",
        timing.say_other_event,
    ),
    (
        "rate",
        rf"every (?:(?P<n>{R}) )?(?P<unit>hour|min|day|week|month|year|fortnight)(?: time)?",
        timing.say_every,
    ),
    ("rate", rf"(?P<n>{R}) hourly", timing.say_hourly),
    ("rate", r"(?P<unit>daily|weekly|monthly|yearly|fortnightly|hourly)", timing.say_adverb),
    ("rate", r"(?:a|per|/) (?P<unit>day|week|month)", timing.say_per),
    ("last", r"(?:from|after) the last dose(?: take)?", _say_last_dose),
    (
        "days",
        rf"(?:only )?(?:(?P<every>every )|on )?(?P<days>{_DAYS})(?P<weekly> (?:of )?every week| weekly)?",
        timing.say_weekdays,
    ),
    ("days", r"(?:on |every )?(?P<kind>weekday|weekend)", timing.say_week_kind),
    (
        "days",
        r"(?:(?:, )?except|but not|apart from)(?: on| at)?(?: every| the)* "
        rf"(?:(?P<days>{_DAYS})|(?P<kind>weekend))",
        timing.say_except,
    ),
    ("times", rf"(?:at )?(?P<times>{CLOCK_TIME}(?:{LIST}(?:at )?{CLOCK_TIME})*)", timing.say_times),
    (
        "when",
        rf"(?:(?:about|at least) )?{_MINUTES}(?:(?:immediately|just|shortly) )?{_MEALS}",
        timing.say_meals,
    ),
    (
        "when",
        r"(?:at least )?(?:(?P<n>\d+) (?P<n_unit>min|hour) )?(?:on|upon|after) waking",
        timing.say_waking,
    ),
    ("when", r"(?:(?P<n>\d+) (?P<n_unit>min|hour) )?before (?:going to )?bedtime", timing.say_before_bedtime),
    ("when", rf"(?P<events>{_EVENTS})", timing.say_events),
    ("times", r"at midnight", timing.say_midnight),
    ("bounds", rf"{_FOR}(?P<n>{R}) {_LENGTH}", timing.say_bounds),
    (
        "bounds",
        r"for (?:a|another|the next)(?P<n>)(?P<least>) (?P<unit>day|week|month|year|fortnight)(?: only)?",
        timing.say_bounds,
    ),
    ("count", r"(?:as )?(?:a |1 )?single dose now|stat", timing.say_at_once),
    (
        "count",
        r"(?:as )?(?:a |1 )?single dose(?: only)?|as (?:a|1) dose|(?:1 )?dose only|"
        r"\*?1 time(?: only)?(?: , at any time)?",
        timing.say_count,
    ),
    ("bounds", r"until (?P<n>\d+)(?: dose)? (?:(?:have|has) been )?take", timing.say_until_count),
    ("bounds", rf"(?:until|through|ending|ends|to)(?: on)? (?P<date>{_DATE})", timing.say_until),
    ("bounds", rf"{_START} (?P<date>{_DATE})(?: (?:to|until) (?P<until>{_DATE}))?", timing.say_start),
    ("prn", r"(?:only )?(?:as|when|if|where)(?: and when)? needed", _say_as_needed),
    (
        "directed",
        r"(?:as|when) directed(?: by (?:your |the )?(?:doctor|physician|prescriber))?",
        _say_directed,
    ),
    ("spoonfuls", rf"(?:a |(?P<n>{R}) (?:x )?)?(?P<each>{N}) ml spoonful", doses.say_spoonfuls),
    ("spoonfuls", rf"(?P<n>{R}) x (?P<each>5) ml", doses.say_spoonfuls),
    ("amount", rf"(?P<low>{N}) -- (?P<high>{N}) {_BY_WEIGHT}", doses.say_by_weight),
    ("amount", rf"(?P<low>{R})(?P<high>) {_BY_WEIGHT}", doses.say_by_weight),
    (
        "amount",
        rf"(?P<low>{N})(?: (?P<low_unit>{MEASURE}))? (?:--|to|or) (?P<high>{N}) (?P<unit>{UNIT})",
        doses.say_wide_range,
    ),
    ("amount", rf"(?P<n>{R}) (?:{KIND} )*(?P<unit>{UNIT})(?: \( s \)| every time)?", doses.say_amount),
    ("amount", rf"(?P<share>half|quarter) (?:{KIND} )*(?P<unit>{COUNTED})", doses.say_half),
    ("amount", rf"(?:a|an) (?:{KIND} )*(?P<unit>{COUNTED})", doses.say_a_unit),
    ("bare", rf"(?P<n>{R})", doses.say_bare),
    ("share", r"(?:a )?(?P<share>half|quarter)(?: of it)?", doses.say_share),
    *(("route", pattern, _say_route(route)) for pattern, route in _ROUTES.items()),
    ("verb", rf"(?:please |(?:(?:is|are) )?to be |to )?{_VERB}(?: (?:it|them))?", _say_verb),
    ("joint", r"and|--|[,;:.()=]", _say_nothing),
)

_WHERE = r"(?:(?:the|a|an|your|every|both|left|right|affected|upper|lower|vaginal|clean|dry|of) )*"
_PAIR = r"=\d+(?:\.\d+)?/\d+(?:\.\d+)?"
_CARRIER = rf"(?:d5w|normal saline|saline|{N} % (?:ns|saline|sodium chloride|glucose|dextrose))"
_ADVICE = (
    r"without (?:food|water)",
    r"with or (?:just |immediately )?(?:after|without) (?:a )?(?:food|meal|milk)",
    r"on an? empty stomach",
    r"(?:with|in) (?:a |plenty of |an? (?:full |large )?glass of |half a glass of "
    r")?(?:water|milk|juice|fluids?)",
    r"whole",
    r"(?:a )?thin layer",
    r"rotate (?:the )?sites?",
    r"slowly|thinly|sparingly|liberally|gently|generously",
    r"(?:via|with|use)(?: an?| your)? (?:spacer|nebuliser|nebulizer|aerochamber|volumatic)",
    r"shake(?: well)?(?: before use)?",
    r"(?:avoid|no) alcohol",
    r"may cause drowsiness",
    r"do not (?:crush|drive|split)(?: (?:or|and) (?:crush|split))?",
    rf"(?:to|on|onto|into|in|inside|at) {_WHERE}{BODY}(?: on (?:the )?(?:left |right )?{BODY})?",
    rf"(?:both|every|left|right|affected) {BODY}",
    r"use cotton swab or finger",
    rf"(?:over|for) {R} (?:min|hour)",
    rf"in (?:{N} (?:ml|l) (?:of )?)?{_CARRIER}(?: {N} (?:ml|l))?",
    rf"(?:infuse |run )?at {N} (?:ml|l) / (?:min|hour)",
    rf"infuse over {R} (?:min|hour)(?: at {N} (?:ml|l) / (?:min|hour))?",
)
"""How to take it, in words that change neither the amount nor the time."""


class Phrase:
    """One kind of phrase: its name, its pattern, and what it says."""

    def __init__(self, kind: str, pattern: re.Pattern[str], say: Say) -> None:
        self.kind = kind
        self.pattern = pattern
        self.say = say


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase, longest first; compiled once, when the first prescription is read."""
    return tuple(Phrase(kind, re.compile(rf"(?:{pattern})(?![^\s])"), say) for kind, pattern, say in _TABLE)


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """The patterns that `line` handles itself: advice, and the product's strength and form."""
    per = r"(?:ml|g|mg|l|dose|puff|spray|drop|actuation|hour|patch|tablet|capsule)"
    return {
        "advice": re.compile(rf"(?:{'|'.join(_ADVICE)})(?![^\s])"),
        "concentration": re.compile(
            rf"(?:{N}|{_PAIR}) (?:{MEASURE})(?: / {N} (?:{MEASURE}))? / (?:{N} )?{per}(?![^\s])"
            rf"|{N} %(?: w / w)?(?![^\s])|{N} (?:{MEASURE}) / {N} (?:{MEASURE})(?![^\s])"
            rf"|{_PAIR}(?: (?:{MEASURE}))?(?![^\s])"
        ),
        "product": re.compile(
            rf"(?P<strength>{N} (?:{MEASURE}))(?! spoonful) "
            rf"(?P<form>(?:{KIND} )*(?:{COUNTED}|{FORM}))s?(?![^\s])"
        ),
        "counted": re.compile(
            rf"(?P<n>\d+) (?P<strength>{N} (?:{MEASURE}))(?! spoonful) "
            rf"(?:{KIND} )*(?P<unit>{COUNTED})(?![^\s])"
        ),
        "form": re.compile(rf"(?P<form>(?:{KIND} )*(?:{COUNTED}|{FORM})|drops)s?(?![^\s])"),
        "kind": re.compile(rf"(?P<form>{KIND})(?![^\s])"),
    }
