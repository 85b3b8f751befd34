"""The command table, the root options, and the one way out.

Sub-commands load on use from a static table, so that `--help` imports none of them and a command
imports only its own. Every refusal becomes its sentence on stderr and its exit code here, and here alone.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from .errors import MedtrackError, UsageRefused
from .render import not_written, say
from .render.screen import narrow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer._click import Command, Context, HelpFormatter

    from .deps import Deps
    from .services.chart import Chart

TABLE: dict[str, dict[tuple[str, ...], str]] = {
    "Daily": {
        ("today", "log"): "The board of the day; the doses as written down.",
        ("take", "skip"): "Write down a dose taken, or left out on purpose.",
        ("due", "schedule"): "What is due now; what is planned from now on.",
        ("remind", "snooze", "quiet"): "Be reminded; not now; hours without a sound.",
        ("can-take", "helped"): "Whether it may be taken now; how much it helped.",
        ("stock", "refill", "count"): "What is on hand, what came, and a recount.",
    },
    "Regimen": {
        ("add", "parse"): "Write down a medication; only show how it is read.",
        ("meds", "show", "card"): "What is taken; one in full; a card for the wallet.",
        ("change", "taper", "changes"): "A new plan; stepped down or up; what was changed.",
        ("hold", "resume", "stop"): "Pause a medication, take it up again, end it.",
        ("travel", "simulate"): "Live in another time zone; what a change would do.",
    },
    "How it went": {
        ("adherence", "timeline"): "Doses taken of doses planned; all of it on one axis.",
        ("report", "brief"): "For the clinic in full; one page for the next visit.",
        ("note", "notes", "session"): "Side effects and remarks; supervised treatments.",
        ("measure", "measures"): "Scores and readings over time.",
    },
    "Safety": {
        ("check", "advise"): "What is worth a call; what to know of a medicine.",
        ("profile", "tried"): "What is known of the person; what was tried before.",
        ("allergy", "condition"): "What the person is allergic to, and what they have.",
        ("team", "visit", "question"): "Who helps, what was decided, what to ask next.",
    },
    "Correcting": {
        ("undo", "redo", "history"): "Take back, bring back; all that was done, by whom.",
        ("amend", "backfill"): "Correct one dose; write down past ones as planned.",
    },
    "Data": {
        ("import", "export", "schema"): "Doses from a CSV file; the record as JSON; schemas.",
        ("backup", "restore"): "Copy the record; put a copy back, or merge it.",
        ("doctor", "verify", "people"): "What is wrong; proof to the bit; whose records.",
        ("settings", "completion"): "One's own clock times; TAB completes verbs and names.",
    },
}
"""Every command by panel, as `--help` prints them: those that belong together on one line."""


_INTERRUPTED = 130
"""The exit code of a command that the person interrupted."""
_ATTEMPTS = 4
"""How often a command is begun at most where its record is replaced under it."""


class Stub(TyperCommand):
    """A command that is known by name and loaded when it is run."""

    def load(self) -> Command:
        """The real command, from the module of its name."""
        name = self.name or ""
        module = import_module(
            f"medtrack.commands.{name.replace('-', '_')}" + ("_" if name == "import" else "")
        )
        real: Command = get_command(module.app)
        real.name = name
        return real


class CommandTable(TyperGroup):
    """The group of all commands: it lists stubs and runs the real ones."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for rows in TABLE.values():
            for name in chain.from_iterable(rows):
                self.add_command(Stub(name, callback=None, rich_markup_mode=None))

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """Find the command by name and load it."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            from .usage import unknown_command

            raise UsageRefused(what=unknown_command("", args[0], self.commands))
        name, command, rest = super().resolve_command(ctx, args)
        command = command.load() if isinstance(command, Stub) else command
        if command is not None:
            _refuse_twice(command, rest)
        return name, command, rest

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the root options, each at most once."""
        names = {name for rows in TABLE.values() for name in chain.from_iterable(rows)}
        _refuse_twice(self, list(takewhile(lambda word: word not in names, args)))
        return super().parse_args(ctx, args)

    def get_help(self, ctx: Context) -> str:
        """The help, in lines that fit a narrow terminal."""
        width = narrow(sys.stdout)
        if width is None:
            return super().get_help(ctx)
        from .commands._page import narrow_help

        return narrow_help(ctx, width)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002
        """Write the table by panel, as a table of contents."""
        if narrow(sys.stdout) is not None:
            for panel, rows in TABLE.items():
                with formatter.section(panel):
                    formatter.write_dl([(", ".join(names), line) for names, line in rows.items()])
            return
        width = max(len(", ".join(names)) for rows in TABLE.values() for names in rows)
        for panel, rows in TABLE.items():
            formatter.write(f"\n{panel}:\n")
            for names, line in rows.items():
                formatter.write(f"  {', '.join(names):<{width}}  {line}\n")


def _refuse_twice(command: Command, words: Sequence[str]) -> None:
    """Refuse an option that is given twice: of two that disagree the last would win, and nobody would know.

    Raises UsageRefused.
    """
    if isinstance(command, TyperGroup):
        for number, word in enumerate(words):
            if word in command.commands:
                _refuse_twice(command.commands[word], words[number + 1 :])
                return
    single = {
        name: param.opts[0]
        for param in command.params
        if isinstance(param, TyperOption) and not param.multiple and not param.is_flag
        for name in param.opts
    }
    seen: set[str] = set()
    for word in takewhile(lambda word: word != "--", words):
        option = single.get(word.partition("=")[0] if word.startswith("--") else word)
        if option in seen:
            raise UsageRefused(what=f"{option} is given twice: keep one.")
        if option is not None:
            seen.add(option)


app = typer.Typer(
    name="medtrack",
    cls=CommandTable,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def root(
    ctx: typer.Context,
    db: Annotated[str | None, typer.Option(metavar="FILE", help="The record's file.")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="NAME", help="Whose record; 'all' in listings.")
    ] = None,
    tz: Annotated[
        str | None, typer.Option(metavar="ZONE", help="The zone to read and print times in.")
    ] = None,
    now: Annotated[str | None, typer.Option(metavar="TIME", help="Pretend it is this time.")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Keep a record of medication: planned, taken, next. Without a command: today."""
    if version:
        from . import __version__

        typer.echo(f"medtrack {__version__}")
        raise typer.Exit
    from .deps import Deps

    made: list[Deps] = ctx.obj if isinstance(ctx.obj, list) else []
    ctx.obj = deps = Deps(db=db, person=person, tz=tz, now=now)
    # Whatever the command, a time or a zone that cannot be is refused first.
    _ = deps.clock
    made.append(ctx.obj)
    if ctx.invoked_subcommand is None:
        from .commands.today import today

        today(ctx)


def run(args: Sequence[str], *, made: list[Deps] | None = None, attempts: int = _ATTEMPTS) -> int:
    """Run one command line and give its exit code; nothing is raised, whatever happens.

    Where a restore put another file in the record's place before anything was written, what was read of it
    is of no use, and the whole command is begun anew: so many times at most. What it worked with is left in
    `made`.
    """
    # root leaves there what it made, so that whatever happens can be told truly.
    made = [] if made is None else made
    try:
        code = get_command(app).main(args=list(args), prog_name="medtrack", standalone_mode=False, obj=made)
    except MedtrackError as refusal:
        if _has_written(made):
            say(f"It was recorded; what follows from it could not be said ({_why(refusal)}).")
            return 0
        if refusal.facts.get("is_replaced") and attempts > 1:
            return run(args, made=made, attempts=attempts - 1)
        say(_refused(refusal, made))
        return refusal.exit_code
    except typer.TyperException as refusal:
        say(_usage(refusal, args))
        return refusal.exit_code
    except (typer.Abort, EOFError, KeyboardInterrupt) as stop:
        _say_stopped(made)
        return 130 if isinstance(stop, KeyboardInterrupt) else 1
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except MemoryError:
        say("There is not enough memory.")
        return 3
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and not _has_written(made):
            failed = not_written(error)
            say(str(failed))
            return failed.exit_code
        if os.environ.get("MEDTRACK_DEBUG"):
            raise
        # The message of a surprise may hold what the record holds, so only its kind and place are told.
        recorded = "It was recorded, but this" if _has_written(made) else "This"
        say(f"{recorded} is a bug in medtrack, not your mistake: {_place(error)}. Please report it.")
        return 3
    if code == _INTERRUPTED:
        _say_stopped(made)
    return code if isinstance(code, int) else 0


def _say_stopped(made: Sequence[Deps]) -> None:
    say("Stopped, but it was recorded." if _has_written(made) else "Stopped. Nothing was recorded.")


def _has_written(made: Sequence[Deps]) -> bool:
    return any(deps.has_written for deps in made)


def _refused(refusal: MedtrackError, made: Sequence[Deps]) -> str:
    if not made:
        return str(refusal)
    from .commands._reader import as_called_refusal

    return as_called_refusal(made[-1], refusal)


def _why(refusal: MedtrackError) -> object:
    return refusal.facts.get("why") or type(refusal).__name__


def _usage(refusal: typer.TyperException, args: Sequence[str]) -> str:
    from . import usage

    context = getattr(refusal, "ctx", None)
    path = None if context is None else context.command_path.removeprefix("medtrack").lstrip()
    option, message = getattr(refusal, "option_name", None), refusal.format_message().rstrip(".")
    if option is not None and hasattr(refusal, "possibilities"):
        return usage.unknown_option(option, args, path)
    path = usage.Words().path(args) if path is None else path
    if message == "Missing command":
        return usage.missing_command(path)
    if option is not None:
        message = f"{option} takes a value, and there is none after it"
    elif "unexpected extra" in message:
        message += ". What is several words goes into quotes"
    return f"{message}. '{f'medtrack {path}'.rstrip()} --help' shows what there is."


def _place(error: Exception) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(error).__name__
    file = os.path.basename(last.tb_frame.f_code.co_filename)
    return f"{type(error).__name__} in {file} line {last.tb_lineno}"


def _keep_day(chart: Chart) -> None:
    """After the reply to a write: make the backup of the day, if there is none.

    The person has the answer, and whatever happens here changes nothing about it: nothing is raised.
    """
    from .services.daily import daily_backup

    try:
        said = daily_backup(chart)
    except KeyboardInterrupt:
        return  # Somebody does not want to wait; the next write of the day makes it.
    except Exception as error:
        said = f"today's backup was not made, by a bug in medtrack: {_place(error)}. Please report it."
    if said is not None:
        say(said)


def main() -> NoReturn:
    """The command `medtrack`."""
    made: list[Deps] = []
    code = run(sys.argv[1:], made=made)
    for stream in (sys.stdout, sys.stderr):
        try:
            # A closed stream is None; what had to be said about it was said where it was to be printed.
            if stream is not None:
                stream.flush()
        except (OSError, ValueError) as trouble:
            code = code or not_written(trouble).exit_code
    for chart in chain.from_iterable(deps.written for deps in made):
        _keep_day(chart)
    # Taking the interpreter down object by object costs more than most commands do. What was written is
    # committed and flushed, and the system closes the files.
    os._exit(code)
