"""`evaluator ask`: write one questionnaire per expert."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, study_argument


@click.command()
@study_argument
@click.option("--budget", type=int)
@click.pass_obj
def command(console: Console, study: str, budget: int | None) -> None:
    """Write the questionnaires and say how many pairs and minutes each asks."""
    written = open_study(console, study).ask(budget=budget)
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
    console.say("cli.ask.done", folder=written[0].path.parent if written else "")
