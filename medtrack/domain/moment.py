"""The moment a command runs at, as services see it: they never ask for the time themselves."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Moment(NamedTuple):
    """Now, and who is asking."""

    now: datetime
    """UTC, to the second."""
    zone: ZoneInfo | None
    """The zone asked for with --tz; None takes the person's own."""
    who: str
    """The name under which actions are recorded."""
    simulated: bool
    """True when the time was given rather than read from the clock."""
    zone_data: str = ""
    """The version of the zone database in use, '2026a'."""
