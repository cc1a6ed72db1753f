"""The program: verbs loaded when they are used, their help in the user's language, exit codes.

Exit codes: 0 fine, 1 problems in what the user gave, 2 wrong usage, 3 our own fault, 4 a stated limit was
passed, 130 interrupted.
"""

from __future__ import annotations

import errno
import gc
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import StringIO
from types import FrameType
from typing import NoReturn

import click

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.errors import EvaluationError, Issue

_COLLECTED = 50_000
"""New objects after which Python looks for those that hold each other: after 700 that is a tenth of a run."""
VERBS = (
    "demo",
    "init",
    "check",
    "ask",
    "revise",
    "weigh",
    "measure",
    "fit",
    "score",
    "report",
    "plan",
    "run",
    "explain",
    "compare",
    "robust",
    "pack",
    "verify",
    "export",
    "list",
    "show",
    "bundle",
    "serve",
    "mcp",
    "doctor",
    "schema",
)


class Verbs(click.Group):
    """The verbs, each in its own module; their help is spoken in the user's language."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of an engagement."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a verb with its help in the language chosen."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"evaluator.cli.{cmd_name}").command
        if all(parameter.name != "language" for parameter in command.params):
            command.params.append(_language())
        console = ctx.find_object(Console) or Console()
        command.help = console.text(f"cli.help.{cmd_name}")
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.help is None:
                parameter.help = console.text(f"cli.option.{parameter.name}")
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of the whole program in the language chosen."""
        console = ctx.find_object(Console) or Console()
        self.help = console.text("cli.help.evaluator")
        super().format_help(ctx, formatter)


def _language() -> click.Option:
    """Return the option that every verb understands, before or after its name."""
    choice = click.Choice(messages.LANGUAGES)
    return click.Option(["--language"], type=choice, callback=_speak, expose_value=False, is_eager=True)


def _speak(context: click.Context, _: click.Parameter, language: str | None) -> None:
    context.ensure_object(Console).ask_for(language)


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--language",
    type=click.Choice(messages.LANGUAGES),
    callback=_speak,
    expose_value=False,
    is_eager=True,
    help="zh | en",
)
@click.version_option(package_name="evaluator", message="%(version)s")
def verbs() -> None:
    """Speak for the whole program; the text stands in the catalogues."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(_COLLECTED)
    sys.exit(invoke(arguments))


def _ended(number: int, _: FrameType | None) -> NoReturn:
    """Leave as after a key press, so that what is half written is cleared away."""
    raise SystemExit(128 + number)


def _refused(console: Console, issues: Sequence[Issue]) -> int:
    console.issues(issues)
    console.end()
    return 1


def invoke(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    console = Console()
    with suppress(ValueError):  # only the main thread hears of signals
        signal.signal(signal.SIGTERM, _ended)
    try:
        done = verbs.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="evaluator",
            standalone_mode=False,
            obj=console,
        )
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as wrong:
        shown = StringIO()
        wrong.show(shown)
        console.beside(shown.getvalue().rstrip("\n"))
        return 2
    except EvaluationError as error:
        return _refused(console, error.issues)
    except (KeyboardInterrupt, click.Abort):
        console.warn("cli.interrupted")
        return 130
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            name = str(error.filename)
            return _refused(console, [Issue("DOC-002", name, {"reason": error.strerror or str(error)})])
        console.beside(traceback.format_exc().rstrip("\n"))
        console.warn("cli.our_fault")
        return 3
    console.end()
    return done if isinstance(done, int) else 0
