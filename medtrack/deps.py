"""What a command may ask for: the clock, the paths, and the person's chart, each made on first use."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from . import asking, paths
from .clock import Clock, start_clock, use_newest_zones
from .domain.moment import Moment
from .domain.zones import load_zone
from .errors import (
    ConfirmationNeeded,
    FileExists,
    NewPerson,
    NoHome,
    NoRecord,
    NotARecord,
    PersonNotFound,
    RecordVanished,
    Stopped,
    UsageRefused,
)
from .render import say
from .services.chart import Chart
from .store.device import settle_lost
from .store.heartbeat import Heartbeats
from .store.outlook import Outlook, Outlooks, given, identity
from .store.record import Birth, Record
from .store.registry import Registry

if TYPE_CHECKING:
    from .calling import Calling
    from .domain.protocols import Protocol
    from .domain.safety.pack import Pack
    from .services.online import Online
    from .services.outcomes import Reference
    from .store.channels import Channels
    from .store.datasets import StoredSet
    from .store.lookups import Lookups


class Deps:
    """The root options of one command, and what is made of them when it is asked for."""

    def __init__(
        self,
        *,
        db: str | None = None,
        person: str | None = None,
        tz: str | None = None,
        now: str | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.environ = os.environ if environ is None else environ
        self.db = db
        self.person = person
        self._tz = tz
        self._now = now
        self.zone_data = ""
        """The version of the zone database in use."""
        self.made: str | None = None
        """The path of a record that this command is about to make."""
        self._charts: list[Chart] = []
        self._identities: dict[str, list[int] | None] = {}

    @cached_property
    def clock(self) -> Clock:
        """The clock of this process. Raises BadTime and BadZone for what was typed."""
        self.zone_data = use_newest_zones()
        return start_clock(self._now, self._tz, self.environ)

    @cached_property
    def pack(self) -> Pack:
        """The knowledge pack of this installation."""
        from .knowledge import read_pack

        pack = read_pack()
        pack.name_sets = [each for each in self.sets if each.holds_names]
        return pack

    @cached_property
    def sets(self) -> list[StoredSet]:
        """The data sets that were brought along, for everyone here."""
        if self.imports is None or not os.path.isdir(self.imports):
            return []
        from .store.datasets import installed

        return installed(self.imports)

    def online(self, yes: bool) -> Online:
        """What asks public services, once somebody agreed to what leaves the machine, or `yes` did."""
        from .outside.looking_up import bases, fetch
        from .services.online import Online

        def agree(sentence: str) -> None:
            if yes:
                say(sentence)
            elif self.confirm is None:
                raise ConfirmationNeeded(what=sentence[0].lower() + sentence[1:])
            elif not self.confirm(f"{sentence} Send them?"):
                raise Stopped

        return Online(fetch, bases(self.environ), self.lookups, self.clock.now, agree)

    @property
    def lookups(self) -> Lookups:
        """What public services answered before."""
        from .store.lookups import Lookups

        state = paths.state_dir(self.environ)
        return Lookups(None if state is None else os.path.join(state, "lookups.db"))

    @property
    def knowledge(self) -> str:
        """What changes when a data set of names is brought along or removed; nothing is read of them."""
        if self.imports is None or not os.path.isdir(self.imports):
            return ""
        from .store.datasets import stamp

        return stamp(self.imports)

    @cached_property
    def imports(self) -> str | None:
        """The folder of these data sets; None where there is no home."""
        try:
            return paths.imports_dir(self.environ)
        except NoHome:
            return None

    @cached_property
    def reference(self) -> Reference:
        """What this installation knows of measures."""
        from .knowledge import read_helplines, read_instruments
        from .services.outcomes import Reference

        return Reference(read_instruments(), read_helplines())

    def protocol(self, chart: Chart, typed: str) -> Protocol:
        """The protocol of a session that a person means. Raises what `protocol_named` raises."""
        from .knowledge import read_shipped_protocol
        from .services.sessions import protocol_named

        return protocol_named(chart, typed, read_shipped_protocol, self.pack)

    @cached_property
    def registry(self) -> Registry:
        """The records this machine knows."""
        return Registry(self._state("records"))

    def _state(self, folder: str) -> str | None:
        state = paths.state_dir(self.environ)
        return None if state is None else os.path.join(state, folder)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        """When the checks of each record last ran."""
        return Heartbeats(self._state("heartbeats"), simulated=self.clock.simulated)

    @cached_property
    def outlooks(self) -> Outlooks:
        """What is known to be answered without asking the record."""
        return Outlooks(self._state("outlooks"), simulated=self.clock.simulated)

    def keep_outlook(self, chart: Chart, outlook: Outlook) -> None:
        """Keep what was worked out, for the next to ask; the chart is of no use any more.

        SQLite lets go of its locks when the file is closed by anybody in this process, so it is done first.
        """
        path = chart.record.path
        chart.record.close()
        if self._now is None:
            outlook.given = given(self.environ.get("MEDTRACK_NOW", ""))
        self.outlooks.keep(path, outlook, self._identities.get(path))

    @property
    def calling(self) -> Calling:
        """How medtrack is called for the record of this command, by people and by other programs."""
        from .calling import Calling

        return Calling(self.environ, None if self.wants_everyone else self.path)

    @cached_property
    def channels(self) -> Channels:
        """The channels of each record on this machine."""
        from .store.channels import Channels

        config = paths.config_dir(self.environ)
        return Channels(None if config is None else os.path.join(config, "channels"))

    @cached_property
    def moment(self) -> Moment:
        """Now, the zone asked for, and who is asking."""
        wanted = self.clock.zone_wanted
        zone = None if wanted is None else load_zone(wanted)
        return Moment(self.clock.now, zone, self._who(), self.clock.simulated, self.zone_data)

    def _who(self) -> str:
        name = self.environ.get("USER") or self.environ.get("LOGNAME") or f"uid {os.getuid()}"
        return name.encode(errors="replace").decode()

    @property
    def wants_everyone(self) -> bool:
        """Whether --person all asks about every record."""
        person = self.person or (
            "" if self.environ.get("MEDTRACK_DB") else self.environ.get("MEDTRACK_PERSON", "")
        )
        return self.db is None and person.strip().casefold() == paths.EVERYONE

    @cached_property
    def path(self) -> str:
        """The file of the record this command is about."""
        if self.wants_everyone:
            raise UsageRefused(what="--person all works on listings; to write, name one person.")
        return paths.record_path(self.db, self.person, self.environ)

    @cached_property
    def _is_typed_path(self) -> bool:
        return self.db is not None or (self.person is None and bool(self.environ.get("MEDTRACK_DB")))

    def chart(self, *, make: bool = False, yes: bool = False) -> Chart:
        """The person's chart; with `make`, of a record that the first action will make.

        A person after the first is made only by `people add`, or where `yes` says so. Raises NoRecord,
        RecordVanished, NewPerson, PersonNotFound, and what opening raises.
        """
        try:
            record = self._open(self.path)
        except NoRecord:
            self._refuse_dangling_link()
            known = paths.people(self.environ)
            if make and (self._is_typed_path or yes or not known):
                record = self._unmade()
            elif make or (known and not self._is_typed_path):
                raise self._unknown_person(known, make) from None
            else:
                raise
        return self._charted(record)

    def _charted(self, record: Record) -> Chart:
        self._charts.append(Chart(record, self.moment))
        return self._charts[-1]

    def _open(self, path: str) -> Record:
        self._identities[path] = identity(path)
        record = Record.open(path, self.registry)
        if record.kept_before is not None:
            say(f"the record was brought to a newer format; as it was it is kept in {record.kept_before}.")
        return record

    @property
    def has_written(self) -> bool:
        """Whether this command has committed an action."""
        return bool(self.written)

    @property
    def written(self) -> list[Chart]:
        """The charts whose records this command has committed an action to."""
        return [chart for chart in self._charts if chart.record.has_written]

    def _refuse_dangling_link(self) -> None:
        """A link to a file that is not there may be a disk not mounted: nothing is made through it."""
        named = self.path_as_named
        if os.path.islink(named):
            raise NotARecord(path=named, why=f"it is a link, and {self.path} is missing")

    @property
    def path_as_named(self) -> str:
        """The path as it was typed or follows from the person's name, links and all."""
        typed = self.db if self.db is not None or self.person is not None else self.environ.get("MEDTRACK_DB")
        if typed:
            return os.path.expanduser(typed)
        return os.path.join(paths.records_dir(self.environ), f"{paths.read_name(self._person_name())}.db")

    def _unmade(self) -> Record:
        self.made = self.path
        return Record.unmade(self.path, self.registry, Birth(self._person_name(), self.first_zone))

    @property
    def first_zone(self) -> str:
        """The zone a new record starts in."""
        return self.clock.zone_wanted or self.clock.system_zone

    def _person_name(self) -> str:
        if self._is_typed_path:
            name = self.person or os.path.splitext(os.path.basename(self.path))[0]
            return os.fsencode(name).decode(errors="replace")
        return self.person or self.environ.get("MEDTRACK_PERSON") or paths.DEFAULT_PERSON

    def _unknown_person(self, known: list[str], make: bool) -> Exception:
        name, listed = self._person_name(), ", ".join(known)
        if make:
            return NewPerson(person=name, known=listed, quoted=repr(name))
        return PersonNotFound(person=name, hint=f"Known: {listed}. Name one with --person.")

    def charts(self) -> list[Chart]:
        """The charts a listing is about: the one, or everyone's with --person all.

        Raises what `chart` raises, and RecordVanished for one of everyone's that is missing.
        """
        return [self.chart_of(path) for path in self.files()] if self.wants_everyone else [self.chart()]

    def files(self) -> list[str]:
        """The records that a listing is about; a missing one that this machine knew among everyone's.

        Raises NoRecord where there is none of anybody.
        """
        if not self.wants_everyone:
            return [self.path]
        folder = paths.records_dir(self.environ)
        there = [file for _, file in self.known_people()]
        known = [path for path in self.registry.paths() if os.path.dirname(path) == os.path.realpath(folder)]
        found = sorted({*there, *known})
        if not found:
            raise NoRecord(path=paths.person_path(paths.DEFAULT_PERSON, self.environ))
        return found

    def chart_of(self, path: str) -> Chart:
        """The chart of one of the records that a listing is about. Raises what `chart` raises."""
        return Chart(self._open(path), self.moment) if self.wants_everyone else self.chart()

    def known_people(self) -> list[tuple[str, str]]:
        """The people who have a record here, each with its file."""
        return [(name, paths.person_path(name, self.environ)) for name in paths.people(self.environ)]

    def new_person(self, name: str) -> Chart:
        """The chart of a person whose record is to be made. Raises FileExists where there is one."""
        self.db, self.person = None, paths.read_name(name)
        self._refuse_dangling_link()
        alike = [known for known in paths.people(self.environ) if known.casefold() == self.person.casefold()]
        if alike and alike != [self.person]:
            raise UsageRefused(what=f"There is a record for {alike[0]!r} already; case makes no difference.")
        if os.path.lexists(self.path):
            raise FileExists(path=self.path, hint="")
        if self.registry.entry(self.path) is not None:
            raise RecordVanished(path=self.path)
        record = self._unmade()
        return self._charted(record)

    def forget(self, name: str | None) -> bool:
        """Expect no more a record that is gone, or what one that is there lacks; whether it is there.

        Raises UsageRefused where it lacks nothing, and NoRecord where this machine never knew it.
        """
        if name is not None:
            self.db, self.person = None, paths.read_name(name)
        if os.path.lexists(self.path):
            record = self._open(self.path)
            is_settled = settle_lost(record)
            record.close()
            if not is_settled:
                said = f"The record {self.path} is there and lacks nothing, so there is nothing to forget."
                raise UsageRefused(what=said)
            return True
        if self.registry.entry(self.path) is None:
            raise NoRecord(path=self.path)
        self.registry.forget(self.path)
        self.heartbeats.forget(self.path)
        return False

    @property
    def has_several_people(self) -> bool:
        """Whether more than one person has a record here, so that a write must say whose it was."""
        return not self._is_typed_path and len(paths.people(self.environ)) > 1

    def is_one_of_several(self, path: str) -> bool:
        """Whether a record is that of one of several people who have one here, however it was named."""
        known = [file for _, file in self.known_people()]
        return len(known) > 1 and path in known

    @property
    def confirm(self) -> Callable[[str], bool] | None:
        """Asks a question on the terminal; None where there is nobody to ask."""
        return asking.confirm if asking.is_interactive() else None

    @property
    def ask_secret(self) -> Callable[[str, bool], str] | None:
        """Asks for what is not shown, twice where the second is true; None where there is nobody to ask."""
        return asking.secret if asking.is_interactive() else None

    def read_secret(self) -> str:
        """A line that nobody shall see: asked for on a terminal, else read from standard input."""
        if self.ask_secret is not None:
            return self.ask_secret("Address", False)
        return sys.stdin.readline() if sys.stdin is not None else ""

    @property
    def ask(self) -> Callable[[str], str] | None:
        """Asks for words on the terminal; None where there is nobody to ask."""
        return asking.words if asking.is_interactive() else None

    @property
    def ask_after(self) -> Callable[[Sequence[str], str], str] | None:
        """Says some lines, then asks for words on the terminal; None where there is nobody to ask."""
        return asking.words_after if asking.is_interactive() else None
