"""Parameters that several commands share: always text, since the reading of it is medtrack's own."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.models import CommandFunctionType

from ._help import TellingCommand, TellingGroup

Medication = Annotated[
    str, typer.Argument(metavar="MED", help="The medication: its name, the start of it, or its code.")
]
Medications = Annotated[
    list[str] | None,
    typer.Argument(metavar="[MED]...", help="The medications: names, starts of names, or codes."),
]
OneOrAll = Annotated[
    str | None, typer.Argument(metavar="[MED]", help="The medication; all where none is named.")
]
SupplyAmount = Annotated[str, typer.Argument(metavar="AMOUNT", help="How much: 60, '60 tablets', '100 ml'.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who decided it, or gave the dose.")]
Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]
Identity = Annotated[
    list[str] | None,
    typer.Option("--identity", metavar="FILE", help="A file of secret keys that opens an encrypted backup."),
]
Output = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help="Write it to this file.")]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="From this day or time on.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Up to this day, inside, or time.")
]
Span = Annotated[
    str | None, typer.Option(metavar="SPAN", help="7d, 2w, 'last month', 2026-03, 2026-01-01..2026-03-31.")
]
Baseline = Annotated[
    str | None,
    typer.Option(metavar="DAY", help="Hold scores against the last up to this day, or the first."),
]
FromWhen = Annotated[str | None, typer.Option("--at", "--from", metavar="TIME", help="From when; now.")]
HowMany = Annotated[str, typer.Argument(metavar="[N]", help="How many actions.")]
Note = Annotated[str | None, typer.Option(metavar="TEXT", help="A remark to keep with it.")]
At = Annotated[
    str, typer.Option(metavar="TIME", help="When: now, 08:00, 'yesterday 22:00', '2h ago', a date and time.")
]


class Commands(typer.Typer):
    """The commands of one verb, which tell of themselves in the same way."""

    def command(
        self, name: str | None = None, **settings: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Make a function a command."""
        return super().command(name, cls=TellingCommand, **settings)


def new_app() -> Commands:
    """The Typer application of one command, plain as the root is."""
    return Commands(
        cls=TellingGroup,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
