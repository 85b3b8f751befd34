"""Plans that two devices made or ended apart and that cannot all be meant, and what settles it."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from medtrack.domain.knowing import Deed, Knowledge, is_without
from medtrack.domain.merging import Conflict
from medtrack.domain.names import folded, handles
from medtrack.domain.regimen import Medication, Plan
from medtrack.domain.slots import plan_span
from medtrack.domain.wording import say_list
from medtrack.store import apart
from medtrack.store.apart import Ending

from .chart import Chart
from .planning import doubled, overlapping


def plan_conflicts(chart: Chart, known: Knowledge) -> Iterator[Conflict]:
    """Every name and plan that stands twice, and every stop that another device did not know of."""
    regimen = _Regimen(chart, known)
    yield from _lost_stops(chart, known, regimen)
    yield from _shared_names(chart)
    yield from _doubled_plans(chart, regimen)


# --- stopped on one device, planned anew on another ---------------------------------------------------


class _Regimen:
    """Which action began and ended which plan."""

    def __init__(self, chart: Chart, known: Knowledge) -> None:
        self._known = known
        self.begun_by = apart.begun_by(chart.record)
        self.endings: dict[int, list[Ending]] = {}
        """What each action ended."""
        for each in apart.endings(chart.record):
            self.endings.setdefault(each.action_id, []).append(each)

    def ended(self, deed: Deed) -> set[int]:
        """The plans that an action ended."""
        return {each.plan_id for each in self.endings.get(deed.id, ())}

    def is_unaware(self, deed: Deed, stop: Deed) -> bool:
        """Whether an action that began a plan was written without knowing of a stop.

        It certainly was where it stands before the stop, and where it ended a plan that the stop had ended,
        or one that such an action began; until its device had both.
        """
        seen: set[int] = set()
        while deed.id not in seen:
            seen.add(deed.id)
            if deed.device == stop.device or self._known.may_have_known(deed, stop):
                return False
            if is_without(deed, stop) or self.ended(deed) & self.ended(stop):
                return True
            before = [self.begun_by[plan] for plan in self.ended(deed) if plan in self.begun_by]
            deed = self._known.deed(max(before, default=deed.id))
        return False

    def are_of_one(self, plan: Plan, other: Plan) -> bool:
        """Whether two devices each put a plan of its own in the place of the same one."""
        one, another = (self._known.deed(self.begun_by[each.id]) for each in (plan, other))
        return self._known.are_apart(one, another) and bool(self.ended(one) & self.ended(another))


def _lost_stops(chart: Chart, known: Knowledge, regimen: _Regimen) -> Iterator[Conflict]:
    stops = [known.deed(number) for number in regimen.endings if known.deed(number).command == "stop"]
    called = handles(chart.medications)
    for medication in chart.medications:
        own = {plan.id for plan in chart.plans(medication)}
        for plan in _running(chart, medication):
            begun = known.deed(regimen.begun_by[plan.id])
            missed = [
                stop
                for stop in stops
                if regimen.ended(stop) & own
                and plan.id not in regimen.ended(stop)
                and plan_span(plan, chart.zones)[1] > chart.begin(regimen.endings[stop.id][0].ends)
                and regimen.is_unaware(begun, stop)
            ]
            if missed:
                yield _lost_stop(chart, called[medication.id], plan, regimen.endings[missed[-1].id])


def _running(chart: Chart, medication: Medication) -> list[Plan]:
    """The plans of a medication that are running or to come."""
    return [plan for plan in chart.plans(medication) if plan_span(plan, chart.zones)[1] > chart.now]


def _lost_stop(chart: Chart, name: str, plan: Plan, endings: list[Ending]) -> Conflict:
    first = endings[0]
    by = "" if first.decided_by is None else f" by {first.decided_by}"
    why = "" if first.reason is None else f" ({first.reason})"
    commands = [
        f"medtrack stop {quote(name)} --reason {quote(first.reason or 'it was stopped')}",
        f"medtrack change {quote(name)} ... --reason 'it goes on after the stop'",
    ]
    since = chart.say(chart.begin(first.ends))
    return Conflict(
        f"{name} was stopped on one device{by}, from {since} on{why}; another, which did not know, planned it"
        f" anew, and that goes on: {chart.describe(plan)}.",
        f"Ask which holds. If it is stopped: {commands[0]}; if it goes on, write down how: {commands[1]}",
        frozenset((plan.uid, *(each.uid for each in endings))),
        {
            "kind": "stop",
            "medication": name,
            "planned_at": None,
            "ids": [plan.id],
            "commands": commands,
        },
    )


# --- one name, one time, planned twice ---------------------------------------------------------------


def _shared_names(chart: Chart) -> Iterator[Conflict]:
    called = handles(chart.medications)
    by_name: dict[str, list[Medication]] = {}
    for medication in chart.medications:
        if chart.is_taken(medication):
            by_name.setdefault(folded(medication.name), []).append(medication)
    for alike in by_name.values():
        if len(alike) == 1:
            continue
        first, *others = (called[each.id] for each in alike)
        commands = [f"medtrack stop {quote(other)} --reason 'the same as {first}'" for other in others]
        yield Conflict(
            f"{alike[0].name} was written down {len(alike)} times, each apart:"
            f" {say_list(_described(chart, each, called) for each in alike)}.",
            f"Type it so; if they are one: {' && '.join(commands)}",
            frozenset(each.uid for each in alike),
            {
                "kind": "name",
                "medication": alike[0].name,
                "planned_at": None,
                "ids": [each.id for each in alike],
                "commands": commands,
            },
        )


def _described(chart: Chart, medication: Medication, called: dict[int, str]) -> str:
    what = " ".join(part for part in (medication.strength, medication.form) if part)
    plans = "; ".join(chart.describe(plan) for plan in chart.plans(medication))
    return f"{called[medication.id]} ({', '.join(part for part in (what, plans) if part)})"


def _doubled_plans(chart: Chart, regimen: _Regimen) -> Iterator[Conflict]:
    called = handles(chart.medications)
    for medication in chart.medications:
        name = called[medication.id]
        plans = _running(chart, medication)
        for number, plan in enumerate(plans):
            others = plans[number + 1 :]
            at_once = [each for each in overlapping(chart, others, [plan]) if doubled(chart, each, [plan])]
            for other in others:
                if other in at_once:
                    yield _doubled_plan(chart, name, plan, other, "is planned twice at the same time")
                elif regimen.are_of_one(plan, other):
                    yield _doubled_plan(
                        chart, name, plan, other, "was changed on two devices, and both go on"
                    )


def _doubled_plan(chart: Chart, name: str, plan: Plan, other: Plan, what: str) -> Conflict:
    command = f"medtrack change {quote(name)} ... --reason 'planned twice'"
    return Conflict(
        f"{name} {what}: {chart.describe(plan)}; and {chart.describe(other)}.",
        f"Write down the one that is right, which ends both: {command}",
        frozenset((plan.uid, other.uid)),
        {
            "kind": "plan",
            "medication": name,
            "planned_at": None,
            "ids": [plan.id, other.id],
            "commands": [command],
        },
    )
