"""The flags that spell out a plan, shared by `add` and `change`."""

from typing import Annotated

import typer

Amount = Annotated[str | None, typer.Option(metavar="A", help="How much each time: '1 tablet', '2.5 ml'.")]
Times = Annotated[str | None, typer.Option("--at", metavar="TIMES", help="Clock times: 08:00,20:00.")]
On = Annotated[str | None, typer.Option(metavar="DAYS", help="On weekdays: mon,thu.")]
Every = Annotated[str | None, typer.Option(metavar="N", help="Every 2d or 3w; or every 8h of elapsed time.")]
Cycle = Annotated[str | None, typer.Option(metavar="ON/OFF", help="Days on and off: 21/7.")]
Monthly = Annotated[str | None, typer.Option(metavar="DAYS", help="Days of the month: 1,15,31.")]
Yearly = Annotated[str | None, typer.Option(metavar="MM-DD", help="A day of the year: 02-29.")]
Rrule = Annotated[str | None, typer.Option(metavar="RULE", help="Other days, as an RFC 5545 rule.")]
Anchor = Annotated[
    str | None, typer.Option(metavar="last-dose", help="With --every 8h: count from the last dose taken.")
]
AsNeeded = Annotated[bool, typer.Option("--as-needed", help="Only when needed.")]
Most = Annotated[str | None, typer.Option("--max", metavar="N/TIME", help="At most, as needed: 4/24h.")]
MinGap = Annotated[str | None, typer.Option(metavar="TIME", help="At least so long apart: 6h.")]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="From this day or time; now.")]
ForDays = Annotated[str | None, typer.Option(metavar="N", help="For N days from the first dose.")]
Count = Annotated[str | None, typer.Option(metavar="N", help="For N doses.")]
Window = Annotated[str | None, typer.Option(metavar="TIME", help="How far off still counts as on time: 1h.")]
TimeCritical = Annotated[bool, typer.Option("--time-critical", help="On time means within 30 minutes.")]
Pin = Annotated[str | None, typer.Option(metavar="ZONE", help="Keep this zone's clock while travelling.")]
Steps = Annotated[str, typer.Argument(metavar="STEPS", help="'40 mg 14d -> 30 mg 14d -> stop'.")]
Advice = Annotated[str | None, typer.Option(metavar="TEXT", help="How to take it: 'with food'.")]
Typed = Annotated[
    str | None, typer.Option(metavar="WORDS", help="The words that a dangerous plan asks you to type.")
]
