"""`evaluator fit`: freeze weights, statistics and cuts in a model."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, study_argument


@click.command()
@study_argument
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Fit the model of a study and write it."""
    for opened in each_tree(console, study):
        model = opened.model
        console.say("cli.fit.done", population=model.population, fingerprint=model.fingerprint)
        console.say("cli.written", path=opened.save_model())
