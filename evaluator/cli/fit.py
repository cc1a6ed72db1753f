"""`evaluator fit`: freeze weights, statistics and cuts in a model."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, recorded, study_argument


@click.command()
@study_argument
@recorded
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Fit the model of a study and write it."""
    for opened in each_tree(console, study):
        engine = opened.on_engine
        model = engine.model if engine else opened.model
        console.say("cli.fit.done", population=model.population, fingerprint=model.fingerprint,
                    subject=console.subject(opened.tree.subject))  # fmt: skip
        console.found(tree=opened.tree.id, branch=opened.branch or None, population=model.population,
                      fingerprint=model.fingerprint)  # fmt: skip
        console.wrote(*(engine.save("model") if engine else [opened.save_model()]))
