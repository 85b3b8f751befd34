"""What is worth a call to the pharmacist, among what is taken or named, and what was not checked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from medtrack.domain.names import LONGEST_NOTE, folded, read_text
from medtrack.domain.person import Acknowledgement
from medtrack.domain.report import UNDO, Report
from medtrack.domain.safety.pack import Pack
from medtrack.domain.wording import say_number_of
from medtrack.errors import UsageRefused
from medtrack.store import assessment as rows

from . import telling
from .chart import Chart
from .looking import basis_of, look
from .telling import COLUMNS, about

if TYPE_CHECKING:
    from medtrack.store.datasets import StoredSet

    from .online import Online


def check(
    chart: Chart | None,
    pack: Pack,
    typed: Sequence[str],
    now: datetime,
    *,
    mine: bool = False,
    everything: bool = False,
    sets: Sequence[StoredSet] = (),
    online: Online | None = None,
) -> Report:
    """Hold what is taken, or what was named, against each other and the person's allergies.

    With `mine` the named ones are held against what is taken too, and only what is about them is told.
    Without a chart no allergy and no country is known. The report's meta says what was checked, against
    what, and what was not; with `online`, also what public services say. Raises BadText for a name that is
    empty or no text.
    """
    names = [read_text(name, "name") for name in typed]
    outcome = look(chart, pack, names, now, mine=mine, sets=sets, logged=True)
    if mine and names:
        outcome = outcome.about(outcome.named)
    told = None if online is None else online.look_up(pack, outcome.checked)
    lines = [*telling.lines(outcome, everything), *([] if told is None else told.lines)]
    meta = telling.meta(outcome, pack, now)
    return Report(
        "check",
        COLUMNS,
        [telling.row(each, outcome) for each in outcome.findings],
        meta if told is None else {**meta, "online": told.cells},
        lines=lines,
        footer=telling.footer(chart, outcome, pack, now, bool(names), mine),
    )


def acknowledge(
    chart: Chart,
    pack: Pack,
    typed: Sequence[str],
    now: datetime,
    note: str,
    sets: Sequence[StoredSet] = (),
) -> Report:
    """Write down that somebody was asked about the findings there are, or about those on some medicines.

    They are told in one line from then on, until a plan or a medicine of theirs changes. Raises
    UsageRefused where there is nothing to ask about.
    """
    said = read_text(note, "note", LONGEST_NOTE)
    outcome = look(chart, pack, (), now, sets=sets, logged=True)
    wanted = {folded(name) for name in typed}
    open_ones = [
        each for each in outcome.findings if not wanted or wanted & {folded(label) for label in each.labels}
    ]
    if not open_ones:
        raise UsageRefused(what="There is no finding about that to ask about. 'medtrack check' lists them.")
    with chart.writing("check") as work:
        for each in open_ones:
            known = Acknowledgement(each.key, basis_of(chart, each), said, chart.now)
            rows.add_acknowledgement(work, known)
        work.summary = f"asked about {say_number_of(len(open_ones), 'finding')}: {said}"
    lines = [f"Recorded: you asked about {say_number_of(len(open_ones), 'finding')} ({said})."]
    lines += [f"- {about(each)}" for each in open_ones]
    lines += ["They stay quiet until one of these medicines or its plan changes.", UNDO]
    again = look(chart, pack, (), now, sets=sets, logged=True)
    told = [telling.row(each, again) for each in again.findings if each in open_ones]
    return Report("check", COLUMNS, told, {"recorded": True}, lines=lines)
