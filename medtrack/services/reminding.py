"""One check: what is to be told now, on which channel, and what is kept of it.

A check reads the record, claims in the ledger what nobody told yet, has it told, and writes down what
arrived. A claim that nobody answers for, since its process died, falls free after a while: a reminder may
come twice then, but none is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from medtrack.domain.amounts import show_amount
from medtrack.domain.channels import Channel
from medtrack.domain.clock_face import on_twelve_hours
from medtrack.domain.matching import state_of
from medtrack.domain.regimen import Medication
from medtrack.domain.reminder_words import Notice, compose
from medtrack.domain.reminders import CAUGHT_UP, OPEN, Rule, Snooze, Telling, Told, changes_of, tellings
from medtrack.domain.wording import say_number_of
from medtrack.errors import DiskTrouble, RecordReadOnly
from medtrack.outside.sending import send_all
from medtrack.store import reminders as rows
from medtrack.store.heartbeat import Heartbeat
from medtrack.store.outlook import Outlook
from medtrack.store.reminders import Entry, Ledger

from .chart import BACKDATED, Chart, Course, is_paused
from .occasions import next_occasions, occasions
from .outlook import outlook, seconds
from .quiet import next_end, quiet_of
from .watchdog import gap_of, instant, say_gap

TITLE = "medtrack"
STDOUT = Channel("stdout", "stdout")
"""Where a person who set up no channel is told: cron mails what is printed."""
_LEASE = timedelta(seconds=60)
"""After which a claim that nobody answered for falls free: a channel is given ten seconds."""
_TRIES = 300
"""How often a channel that fails is tried: a day long, with a check every five minutes."""
_BACK = timedelta(days=400)
_DAY = timedelta(days=1)


class Message(NamedTuple):
    """What one channel is to say."""

    channel: Channel
    text: str
    told: tuple[Told, ...]


class Check:
    """One check of one record."""

    def __init__(
        self,
        chart: Chart,
        channels: Sequence[Channel],
        beat: Heartbeat | None,
        *,
        names_person: bool = False,
        called: str = "medtrack",
    ) -> None:
        self.chart = chart
        self.channels = channels
        self.beat = beat
        self.names_person = names_person
        """Whether every message says whose it is: where several people have a record here."""
        self.called = called
        """How medtrack is called for this record."""
        self.ledger = Ledger(chart.record, simulated=chart.moment.simulated)
        self.rules = rows.rules(chart.record)
        self.doubts: list[str] = []
        """What the person is to be told of the setting up."""
        self.refusal: DiskTrouble | RecordReadOnly | None = None
        """Why it could not be kept what was told; it is told all the same."""
        self._entries: dict[tuple[Told, str], Entry] = {}
        self._notices: dict[tuple[Told, str], Notice] = {}

    @cached_property
    def _own(self) -> list[Channel]:
        """The channels that hear everything but what a rule keeps for another."""
        kept = {rule.then for rule in self.rules.values()}
        return [channel for channel in self.channels if channel.name not in kept] or [STDOUT]

    @cached_property
    def _courses(self) -> list[tuple[Medication, Course, Rule, list[Snooze]]]:
        waiting = rows.snoozes(self.chart.record, self._since - _DAY)
        return [
            (
                medication,
                # What was missed since the last check may lie further back than what can still be open.
                self.chart.current(medication, self._since),
                self.rules.get(medication.id) or self.rules.get(None) or Rule(),
                [each for each in waiting if each.medication_id == medication.id],
            )
            for medication in self.chart.medications
        ]

    @property
    def _since(self) -> datetime:
        """From when on a missed dose is told; what was planned before the first check never is."""
        if self.beat is None:
            return self.chart.now
        last = min(instant(self.beat.last), self.chart.now)
        return max(instant(self.beat.first), last - CAUGHT_UP, self.chart.now - _BACK)

    # --- what there is to say ------------------------------------------------------------------------

    def claim(self) -> list[Message]:
        """Claim what is to be told, and give it by channel. Raises RecordLocked, RecordDamaged."""
        if not self._wanted(self._read()):
            return []
        try:
            with self.ledger.held():
                # Another check may have been faster.
                wanted = self._wanted(self._read())
                self.ledger.put(entry for entries in wanted.values() for entry in entries.values())
                self.ledger.clear(self.chart.now)
        except (RecordReadOnly, DiskTrouble) as refusal:
            self.refusal = refusal
            wanted = self._wanted(self._read())
        messages = [self._message(channel, entries) for channel, entries in wanted.items()]
        for entries in wanted.values():
            self._entries.update(((entry.told, entry.channel), entry) for entry in entries.values())
        return messages

    def _read(self) -> dict[tuple[Told, str], Entry]:
        found = self.ledger.entries(self.chart.now - _BACK)
        # What a clock that was ahead told does not count: it would keep everything up to there from sounding.
        ahead = self.chart.now + BACKDATED
        return {(entry.told, entry.channel): entry for entry in found if entry.tried_at <= ahead}

    def _wanted(self, entries: Mapping[tuple[Told, str], Entry]) -> dict[Channel, dict[Told, Entry]]:
        """The entries to be written by channel: what is new, and what did not arrive."""
        now = self.chart.now
        self._notices = {}
        wanted: dict[Channel, dict[Told, Entry]] = {}
        failed = [(name, entry) for (_, name), entry in entries.items() if entry.told_at is None]
        open_now = {told: notice for notice in (self._new(set()) if failed else ()) for told in notice.told}
        for notice in self._new({told for told, _ in entries}):
            for channel in self._channels_of(notice):
                for told in notice.told:
                    self._notices[told, channel.name] = notice
                    wanted.setdefault(channel, {})[told] = Entry(told, channel.name, now, 1, None, None)
        by_name = {channel.name: channel for channel in (*self.channels, STDOUT)}
        for name, entry in failed:
            again = open_now.get(entry.told)
            is_free = entry.tried_at + _LEASE <= now and entry.tries < _TRIES
            if again is not None and name in by_name and is_free:
                self._notices[entry.told, name] = again
                tried = entry._replace(tried_at=now, tries=entry.tries + 1)
                wanted.setdefault(by_name[name], {})[entry.told] = tried
        return wanted

    def _new(self, told: set[Told]) -> Iterator[Notice]:
        """What is to be told now, of what is not among `told`."""
        chart = self.chart
        quiet = quiet_of(chart)
        is_quiet = quiet is not None and quiet.covers(chart.local(chart.now))
        for medication, course, rule, waiting in self._courses:
            known = {(each.at, each.step) for each in told if each.subject == medication.uid}
            if is_paused(chart, course):
                continue
            urgent = {plan.id for plan in course.plans if plan.time_critical}
            for telling in tellings(
                course.matches, course.holds, rule, waiting, known, chart.now, self._since
            ):
                if not is_quiet or telling.found.slot.plan_id in urgent:
                    yield self._notice(medication, telling, rule)
        if not is_quiet:
            for notice in occasions(chart):
                if new := tuple(each for each in notice.told if each not in told):
                    yield notice._replace(told=new)

    def _notice(self, medication: Medication, telling: Telling, rule: Rule) -> Notice:
        slot = telling.found.slot
        about = "then" if telling.is_then else telling.state
        if telling.is_again and not telling.is_then:
            about = "again"
        high = slot.amount_high
        return Notice(
            tuple(Told("dose", medication.uid, slot.planned_at, step) for step in telling.steps),
            about,
            self.chart.say(slot.planned_at).removeprefix("today "),
            f"{medication.name} {show_amount(slot.amount, high)}",
            rule.then if telling.is_then else None,
        )

    def _channels_of(self, notice: Notice) -> list[Channel]:
        if notice.channel is None:
            return self._own
        found = [channel for channel in self.channels if channel.name == notice.channel]
        if not found:
            doubt = (
                f"there is no channel {notice.channel!r} on this machine, so its reminders come here."
                f" To set it up: medtrack remind channel add {notice.channel} ..."
            )
            if doubt not in self.doubts:
                self.doubts.append(doubt)
        return found or self._own

    def _message(self, channel: Channel, entries: Mapping[Told, Entry]) -> Message:
        notices = list(dict.fromkeys(self._notices[told, channel.name] for told in entries))
        if channel in self._own:
            # Where the channel of a rule is missing here, one line for a dose is enough.
            told_once = {each.told[0][:3] for each in notices if each.about != "then"}
            notices = [each for each in notices if each.about != "then" or each.told[0][:3] not in told_once]
        is_then = any(notice.channel == channel.name for notice in notices)
        gap = None
        if self.beat is not None and not is_then and any(each.about != "then" for each in notices):
            found = gap_of(self.chart, self.beat)
            is_news = found is not None and not found.is_over and found.doses
            gap = say_gap(self.chart, found) if found is not None and is_news else None
        person = self.chart.person if is_then or self.names_person else None
        text = compose(notices, names=channel.names, person=person, gap=gap)
        if self.chart.is_on_twelve_hours:
            text = on_twelve_hours(text, [each.named for each in notices])
        if not is_then and (more := self._open_besides(notices)):
            verb = "is" if more == 1 else "are"
            text += f"\n{say_number_of(more, 'more dose')} {verb} open: {self.called} due"
        if channel.kind == "stdout" and any(notice.is_dose for notice in notices):
            text += f"\nTaken? {self.called} take --all-due  Later? {self.called} snooze NAME 15m"
        return Message(channel, text, tuple(entries))

    def _open_besides(self, notices: Sequence[Notice]) -> int:
        """How many doses are due or overdue that these notices do not tell of; 0 where they tell of none."""
        told = {(each.told[0].subject, each.told[0].at) for each in notices if each.is_dose}
        found = {
            (medication.uid, each.slot.planned_at)
            for medication, course, _, _ in self._courses
            for each in course.matches
            if state_of(each, course.holds, self.chart.now) in OPEN and not is_paused(self.chart, course)
        }
        return len(found - told) if told else 0

    # --- what came of it -----------------------------------------------------------------------------

    def settle(self, messages: Sequence[Message], failures: Sequence[str | None]) -> None:
        """Keep which messages arrived. Raises what the ledger raises."""
        if not messages or self.refusal is not None:
            return
        answered = []
        for message, failure in zip(messages, failures, strict=True):
            for told in message.told:
                entry = self._entries[told, message.channel.name]
                told_at = self.chart.now if failure is None else None
                answered.append(entry._replace(told_at=told_at, failure=failure))
        with self.ledger.held():
            self.ledger.put(answered)

    def beaten(self) -> Heartbeat:
        """The heartbeat with this check in it."""
        now = seconds(self.chart.now)
        return Heartbeat(now, now, 0, None) if self.beat is None else self.beat.beaten(now)

    def foresee(self) -> Outlook:
        """What `due` and the next checks answer, and until when."""
        chart = self.chart
        now = chart.now
        later = [
            at
            for _, course, rule, waiting in self._courses
            for at in changes_of(course.matches, course.holds, rule, waiting)
        ]
        later += [*next_occasions(chart), *next_end(chart), now + _DAY]
        is_done = self.refusal is None and all(
            entry.told_at is not None or entry.tries >= _TRIES or entry.tried_at + _DAY < now
            for entry in self._read().values()
        )
        until = seconds(min(at for at in later if at > now)) if is_done else 0
        return outlook(chart, [course for _, course, _, _ in self._courses], until)


def carry_out(check: Check, say: Callable[[str], None]) -> None:
    """Tell what is to be told; `say` prints. What could not be printed is told by a later check.

    Raises what `Check` raises, and what printing does.
    """
    messages = check.claim()
    if not messages:
        return
    printed = [message for message in messages if message.channel.kind == "stdout"]
    sent = [message for message in messages if message.channel.kind != "stdout"]
    try:
        for message in printed:
            say(message.text)
    finally:
        # One that cannot be printed keeps none of the others from going out.
        failures = send_all([(message.channel, message.text) for message in sent], TITLE)
        check.settle(sent, failures)
    check.settle(printed, [None] * len(printed))
