"""Two records of one person as one: what it would add, what would stand twice, and doing it.

The facts and actions of both are united by uid, so it matters neither which is merged into which nor how
often. That it was done is an action of its own, without facts, so that `history` shows it. `undo` does not
reach it: to void what came along would void it for those it came from as well, at the next merge back. What
was there before is kept aside instead, and `restore` brings it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from shlex import quote
from typing import NamedTuple

from medtrack.domain.merging import Conflict
from medtrack.domain.names import folded, handles
from medtrack.domain.report import Cells, Column, Report
from medtrack.domain.wording import say_list, say_number_of
from medtrack.errors import ConfirmationNeeded, OtherPerson, Stopped
from medtrack.store import merging as store
from medtrack.store.backups import opened, proven
from medtrack.store.encryption import Unlock
from medtrack.store.record import Record
from medtrack.store.replacement import refuse_itself

from .chart import Chart
from .conflicts import conflicts
from .keeping import Ask

SHOWN = 20
"""What stands twice that a preview lists one by one; the rest is counted."""
NAMED = 3
"""What stands twice that a refusal names: it is one sentence on one line."""
_COUNTED = {"dose": "doses", "plan": "plans", "stop": "stops", "hold": "holds", "note": "notes"}
"""The kinds of facts that have a column of their own, by table."""
_COLUMNS = (
    Column("medication", "Medication", lambda row: str(row["medication"] or "(of none)")),
    Column("is_new", "New", lambda row: "new" if row["is_new"] else ""),
    *(Column(key, key.capitalize(), right=True) for key in _COUNTED.values()),
    Column("other", "Other", right=True),
    Column("taken_back", "Taken back", right=True),
)


class _News(NamedTuple):
    """What a merge does, worked out on a copy in memory."""

    newest: bytes
    """The last action of the record that it was worked out for."""
    added: store.Added
    rows: list[Cells]
    warnings: list[str]
    conflicts: list[Conflict]


def merge(chart: Chart, file: str, unlock: Unlock, *, yes: bool = False, ask: Ask | None = None) -> Report:
    """Add to the record what a backup of the same person holds and it lacks; the rows say of what how much.

    Both are verified first, and nothing is written where nothing is new. `ask` is None where there is
    nobody to ask. Raises OtherPerson where the two bear different names, ConfirmationNeeded, Stopped,
    RecordDamaged in the name of the one that is, and what opening the file raises.
    """
    refuse_itself(chart.record.path, file)
    with opened(file, unlock) as backup, proven(backup) as source:
        _refuse_another(chart, Chart(source, chart.moment), file)
        news = _rehearsed(chart, source)
        if not news.added.actions:
            return _nothing_new(chart, file, news)
        _confirm(chart.record.path, file, news, yes, ask)
        return _merged(chart, source, file, news)


def _refuse_another(ours: Chart, theirs: Chart, file: str) -> None:
    """One person is one name. Raises OtherPerson."""
    if folded(ours.person) != folded(theirs.person):
        raise OtherPerson(
            file=file,
            path=ours.record.path,
            theirs=theirs.person,
            ours=ours.person,
            quoted=quote(theirs.person),
        )


def _rehearsed(chart: Chart, source: Record) -> _News:
    """What merging does, from a copy that is proven before and after."""
    with store.as_it_is(chart.record.path) as copy:
        before = Chart(copy, chart.moment)
        # What is compared is read now, since the copy changes under it.
        newest = copy.head
        stood, zone, _ = store.standing(copy), before.zone, before.medications
        is_shared = store.shares(copy, source)
        added = store.rehearse(copy, before.stamp, source)
        after = Chart(copy, chart.moment)
        stands = store.standing(copy)
        warnings = []
        if not is_shared:
            warnings.append(
                "The two were begun apart and share nothing: be sure that both are of one person,"
                f" {after.person}."
            )
        if after.zone != zone:
            warnings.append(f"The clock becomes that of {after.zone.key}; now it is that of {zone.key}.")
        new = stands.keys() ^ stood.keys()
        doubled = [each for each in conflicts(after) if each.uids & new] if new else []
        return _News(newest, added, _rows(before, after, stood, stands), warnings, doubled)


def _rows(
    before: Chart, after: Chart, stood: dict[str, store.Standing], stands: dict[str, store.Standing]
) -> list[Cells]:
    """How much of what is added, and no longer stands, by medication."""
    counts: dict[str | None, Counter[str]] = {}
    for uid in stands.keys() - stood.keys():
        each = stands[uid]
        if each.kind != "medication":
            counts.setdefault(each.medication, Counter())[_COUNTED.get(each.kind, "other")] += 1
    for uid in stood.keys() - stands.keys():
        counts.setdefault(stood[uid].medication, Counter())["taken_back"] += 1
    known, there = ({each.uid: each for each in chart.medications} for chart in (before, after))
    called = handles(before.medications) | handles(after.medications)
    rows: list[Cells] = [
        {
            "medication": called[medication.id],
            "is_new": uid not in known,
            **_cells(counts.pop(uid, Counter())),
        }
        for uid, medication in sorted((known | there).items(), key=lambda item: called[item[1].id])
        if uid in counts or uid not in known
    ]
    rest = sum(counts.values(), Counter())
    return [*rows, {"medication": None, "is_new": False, **_cells(rest)}] if rest else rows


def _cells(counted: Counter[str]) -> Cells:
    return {column.key: counted[column.key] for column in _COLUMNS[2:]}


def _confirm(path: str, file: str, news: _News, yes: bool, ask: Ask | None) -> None:
    if yes:
        return
    if ask is None:
        said = f"{_counted(news.rows)} would come from {file} to {path}."
        raise ConfirmationNeeded(what=" ".join((said, *news.warnings, *_to_settle(news, NAMED, brief=True))))
    lines = [
        f"To {path} would be added what it lacks of {file}, which was verified:",
        *news.warnings,
        *_to_settle(news),
    ]
    if not ask(Report("merge", _COLUMNS, news.rows, lines=lines)):
        raise Stopped


def _merged(chart: Chart, source: Record, file: str, news: _News) -> Report:
    """Merge in one transaction, and say what came of it."""
    path = chart.record.path
    with chart.writing("merge") as work:
        # Another process may have written since it was rehearsed: what is said is what is done.
        if chart.record.head != news.newest:
            news = _rehearsed(chart, source)
        if not news.added.actions:
            return _nothing_new(chart, file, news)
        aside = store.keep_aside(path, chart.now)
        added = store.absorb(work, source)
        work.summary = f"merged {_counted(news.rows)} from {file.rpartition('/')[2]}"
    lines = [f"Merged {_counted(news.rows)} from {file}, which was verified: {path}", *_to_settle(news)]
    if added.is_twin:
        lines.append(
            "Another machine wrote under this one's name: one was copied with all it remembers. From now on"
            " this is a new device, and 'undo' reaches what is done from now on."
        )
    lines.append(f"'undo' does not reach a merge. To go back: medtrack restore {quote(aside)}")
    return Report("merge", _COLUMNS, news.rows, _meta(news, aside), lines=lines)


def _nothing_new(chart: Chart, file: str, news: _News) -> Report:
    lines = [f"Nothing new: all that is in {file}, which was verified, is in {chart.record.path} already."]
    return Report("merge", _COLUMNS, meta=_meta(news, None), lines=lines)


def _to_settle(news: _News, most: int = SHOWN, *, brief: bool = False) -> list[str]:
    """What stands twice, each with what to do unless it is to be brief."""
    found = news.conflicts[:most]
    lines = [each.finding if brief else f"{each.finding} {each.what_to_do}" for each in found]
    more = len(news.conflicts) - len(found)
    return (
        [*lines, f"And {more:,} more that stand twice: 'medtrack doctor' lists them then."] if more else lines
    )


def _counted(rows: Sequence[Cells]) -> str:
    """What is added as part of a sentence: '14 doses, 1 plan and 3 others'."""
    sums = {column.key: sum(row[column.key] for row in rows) for column in _COLUMNS[2:-1]}
    said = [say_number_of(sums[key], key.removesuffix("s")) for key in _COUNTED.values() if sums[key]]
    if sums["other"]:
        said.append(say_number_of(sums["other"], "other fact"))
    taken_back = sum(row["taken_back"] for row in rows)
    if taken_back:
        said.append(f"{say_number_of(taken_back, 'fact')} taken back")
    return say_list(said) or "nothing that stands"


def _meta(news: _News, aside: str | None) -> dict[str, object]:
    return {
        "recorded": aside is not None,
        "actions": news.added.actions,
        "facts": news.added.facts,
        "kept": aside,
        "warnings": news.warnings,
        "conflicts": [
            {**each.cells, "finding": each.finding, "what_to_do": each.what_to_do} for each in news.conflicts
        ],
    }
