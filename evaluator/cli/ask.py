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
    from evaluator.weighing import Expert


@click.command()
@study_argument
@click.option("--form")
@click.option("--budget", type=click.IntRange(min=1))
@click.option("--round", "round_", type=click.IntRange(min=1), default=1)
@click.option("--missing", is_flag=True)
@click.option("--carrier", type=click.Choice(["workbook", "page", "wjx", "feishu", "google", "microsoft"]))
@recorded
@click.pass_obj
def command(
    console: Console, study: str, form: str | None, budget: int | None, round_: int, missing: bool,
    carrier: Carrier | None,
) -> None:  # fmt: skip
    """Write the forms, say what each asks, and where they are."""
    from evaluator.forms import Written
    from evaluator.study.profile_weights import PROFILES

    if missing and (budget or round_ > 1 or form not in (None, "pairwise")):
        raise click.UsageError(console.text("cli.ask.missing_alone"))
    asked = open_study(console, study, writes=True)
    written = asked.ask(form, budget=budget, round_=round_, missing=missing, carrier=carrier)
    console.found(forms=[_as_data(entry) for entry in written])
    if missing and not written:
        console.say("cli.ask.nothing_missing")
    compared = [entry for entry in written if isinstance(entry, Written)]
    filled_in = [entry for entry in written if not isinstance(entry, Written)]
    _show(console, "expert", [(entry.expert, entry) for entry in compared], "pairs", "minutes")
    for entry in compared:
        if entry.changed:
            console.warn("cli.ask.changed", expert=entry.expert.id, groups=", ".join(entry.changed))
    of_profiles = [entry.path for entry in compared if entry.path.parents[1].name == PROFILES]
    if of_profiles:
        console.say("cli.ask.profiles", folder=of_profiles[0].parents[1])
    _show(console, "person", [(entry.person, entry) for entry in filled_in], "lines")
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


def _show(console: Console, who: str, written: Sequence[tuple[Expert, Written | Sent]], *asks: str) -> None:
    """Say how much each form of a kind asks of whom."""
    if written:
        console.table(
            [console.text(f"cli.ask.{name}") for name in (who, *asks, "state", "file")],
            [
                (person.name or person.id, *(getattr(entry, name) for name in asks),
                 console.text(f"cli.ask.states.{entry.state}"), entry.path.name)
                for person, entry in written
            ],
        )  # fmt: skip
