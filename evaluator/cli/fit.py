"""`evaluator fit`: freeze weights, statistics and cuts in a model."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, study_argument


@click.command()
@study_argument
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Fit the model of a study and write it."""
    opened = open_study(console, study)
    console.say("cli.fit.done", population=opened.model.population, fingerprint=opened.model.fingerprint)
    console.say("cli.written", path=opened.save_model())
