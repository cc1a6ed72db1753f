"""`evaluator ask`: write the forms people fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, recorded, study_argument

if TYPE_CHECKING:
    from evaluator.forms import Sent, Written
    from evaluator.forms.options import Carrier


@click.command()
@study_argument
@click.option("--form")
@click.option("--budget", type=click.IntRange(min=1))
@click.option("--round", "round_", type=click.IntRange(min=1), default=1)
@click.option("--missing", is_flag=True)
@click.option("--carrier", type=click.Choice(["workbook", "page"]))
@recorded
@click.pass_obj
def command(
    console: Console, study: str, form: str | None, budget: int | None, round_: int, missing: bool,
    carrier: Carrier | None,
) -> None:  # fmt: skip
    """Write the forms, say what each asks, and where they are."""
    from evaluator.forms import Written

    if missing and (budget or round_ > 1 or form not in (None, "pairwise")):
        raise click.UsageError(console.text("cli.ask.missing_alone"))
    asked = open_study(console, study, writes=True)
    written = asked.ask(form, budget=budget, round_=round_, missing=missing, carrier=carrier)
    console.found(forms=[_as_data(entry) for entry in written])
    if missing and not written:
        console.say("cli.ask.nothing_missing")
    _compared(console, [entry for entry in written if isinstance(entry, Written)])
    _filled_in(console, [entry for entry in written if not isinstance(entry, Written)])
    if written:
        console.say("cli.ask.done", folder=written[0].path.parent)


def _as_data(entry: Written | Sent) -> dict[str, object]:
    """Return what a form asks of whom, for a program."""
    from evaluator.forms import Written

    if isinstance(entry, Written):
        asks = {"person": entry.expert.id, "pairs": entry.pairs, "minutes": entry.minutes,
                "changed": entry.changed}  # fmt: skip
    else:
        asks = {"person": entry.person.id, "lines": entry.lines}
    return {**asks, "state": entry.state, "file": str(entry.path)}


def _compared(console: Console, written: Sequence[Written]) -> None:
    """Say how many pairs and minutes each questionnaire asks."""
    if not written:
        return
    headers = [console.text(f"cli.ask.{name}") for name in ("expert", "pairs", "minutes", "state", "file")]
    console.table(
        headers,
        [
            (
                entry.expert.name or entry.expert.id,
                entry.pairs,
                entry.minutes,
                console.text(f"cli.ask.states.{entry.state}"),
                entry.path.name,
            )
            for entry in written
        ],
    )
    for entry in written:
        if entry.changed:
            console.warn("cli.ask.changed", expert=entry.expert.id, groups=", ".join(entry.changed))


def _filled_in(console: Console, sent: Sequence[Sent]) -> None:
    """Say how many lines each of the other forms has."""
    if not sent:
        return
    headers = [console.text(f"cli.ask.{name}") for name in ("person", "lines", "state", "file")]
    console.table(
        headers,
        [
            (
                entry.person.name or entry.person.id,
                entry.lines,
                console.text(f"cli.ask.states.{entry.state}"),
                entry.path.name,
            )
            for entry in sent
        ],
    )
