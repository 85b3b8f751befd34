"""The only reader of the time, the machine's zone, MEDTRACK_NOW and MEDTRACK_TZ.

A process has one `now`: everything it prints and records agrees. Flags beat the environment; a variable
that is set but empty counts as not set. The zone database is loaded only where a zone is named or asked
for, because the idle `remind` and `due --quiet` need none.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from .errors import BadTime, BadZone

TYPE_CHECKING = False  # typing itself is not worth its import here
if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALTIME = "/etc/localtime"
TIMEZONE_FILE = "/etc/timezone"


class Clock:
    """The moment a command runs at, and the zones it was told."""

    __slots__ = ("_environ", "_system_zone", "now", "simulated", "zone_wanted")

    def __init__(self, now: datetime, zone_wanted: str | None, environ: Mapping[str, str]) -> None:
        self.now = now
        """UTC, to the second; the same for the whole process."""
        self.simulated = False
        """True where --now or MEDTRACK_NOW stands in for the time."""
        self.zone_wanted = zone_wanted
        """--tz, else MEDTRACK_TZ; None where the person's own timeline decides."""
        self._environ = environ
        self._system_zone: str | None = None

    @property
    def system_zone(self) -> str:
        """The zone of this machine: the one in brackets of a simulated now, else TZ, else the system's.

        Raises BadZone where TZ, or what the system names, is no zone; UTC is only for a system that
        names none.
        """
        if self._system_zone is None:
            self._system_zone = _zone_of_tz(self._environ.get("TZ", "")) or _zone_of_system()
        return self._system_zone


def start_clock(now_text: str | None, tz_text: str | None, environ: Mapping[str, str]) -> Clock:
    """The clock of this process, from --now, --tz and the environment.

    Raises BadTime, TimeNeverWas or TimeTwice for a simulated now, and BadZone for a zone that is none.
    """
    zone_wanted = tz_text if tz_text is not None else environ.get("MEDTRACK_TZ") or None
    if zone_wanted is not None:
        _check(zone_wanted)
    simulated = now_text if now_text is not None else environ.get("MEDTRACK_NOW") or None
    if simulated is None:
        return Clock(datetime.now(UTC).replace(microsecond=0), zone_wanted, environ)
    now, zone = _read_now(simulated)
    clock = Clock(now, zone_wanted, environ)
    clock.simulated = True
    clock._system_zone = zone
    return clock


def _check(key: str) -> str:
    """The key again. Raises BadZone where it names no zone."""
    from .domain.zones import load_zone

    load_zone(key)
    return key


def _read_now(text: str) -> tuple[datetime, str | None]:
    """Read a simulated now: ISO 8601 with an offset, a '[Zone]', or both. Gives the instant and the zone."""
    from .domain.when import read_iso
    from .domain.zones import load_zone, settle

    typed = text.strip()
    moment, bracket, key = typed.partition("[")
    if bracket and not key.endswith("]"):
        raise BadTime(typed=typed[:80], why="the zone in brackets is not closed")
    local, offset = read_iso(moment)
    if not bracket:
        if offset is None:
            raise BadTime(typed=typed[:80], why="it has neither an offset nor a [Zone]")
        return (local - offset).replace(tzinfo=UTC), None
    zone = load_zone(key[:-1])
    if offset is None:
        return settle(local, zone, now=None), zone.key
    instant = (local - offset).replace(tzinfo=UTC)
    if instant.astimezone(zone).utcoffset() != offset:
        shown = instant.astimezone(zone).isoformat("T", "minutes")
        raise BadTime(typed=typed[:80], why=f"its offset is not that of {zone.key}, where it is {shown}")
    return instant, zone.key


def _zone_of_tz(tz: str) -> str | None:
    """The zone that TZ names; None where it is unset or sends to the system's own file."""
    if tz.removeprefix(":") in ("", LOCALTIME):
        return None
    return _check(tz)


def _zone_of_system() -> str:
    """The zone the system names: the link /etc/localtime, else the line in /etc/timezone, else UTC."""
    named: list[str] = []
    for target in (_link_target(LOCALTIME), os.path.realpath(LOCALTIME)):
        _, found, key = target.partition("/zoneinfo/")
        if found and key not in named:
            named.append(key)
    line = _first_line(TIMEZONE_FILE)
    if line:
        named.append(line)
    for key in named:
        try:
            return _check(key)
        except BadZone:
            continue
    if named:
        raise BadZone(typed=named[0])
    return "UTC"


def _link_target(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            return lines.readline(200).strip()
    except OSError:
        return ""


def use_newest_zones() -> str:
    """Point zoneinfo at the newer of the machine's zone database and the tzdata package's; gives its version.

    zoneinfo by itself prefers the machine's, which on real machines is years old. The package is read as
    plain files: through importlib it would cost more than all of medtrack's own start. An empty version
    means that neither says which it is.
    """
    import zoneinfo

    packaged, folder = _packaged_zones()
    machines = next(filter(None, map(_version_in, zoneinfo.TZPATH)), "")
    if _age(packaged) > _age(machines):
        zoneinfo.reset_tzpath(to=(folder,))
        return packaged
    return machines


def _packaged_zones() -> tuple[str, str]:
    """The version and the folder of the tzdata package; empty where it is not installed."""
    try:
        import tzdata
    except ImportError:
        return "", ""
    return tzdata.IANA_VERSION, os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")


def _version_in(folder: str) -> str:
    """The version a zone folder says it has: the first line of tzdata.zi, or of +VERSION."""
    line = _first_line(os.path.join(folder, "tzdata.zi")).removeprefix("# version ")
    return line if line[:4].isdigit() else _first_line(os.path.join(folder, "+VERSION"))


def _age(version: str) -> tuple[str, int, str]:
    """Versions in order: 2025b, 2025z, 2025za, 2026a."""
    return version[:4], len(version), version
