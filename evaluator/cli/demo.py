"""`evaluator demo`: make a realistic study, run it, and say where the reports are."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import recorded


@click.command()
@click.argument("folder", default="demo", type=click.Path())
@click.option("--seed", type=int, default=20240101, show_default=True)
@recorded
@click.pass_obj
def command(console: Console, folder: str, seed: int) -> None:
    """Make the demo study in a folder (what is there already is kept) and run it."""
    from evaluator.cli.run import walk
    from evaluator.demo import make  # here, because help must not load the engine

    console.progress("demo")
    make(folder, language=console.language, seed=seed)
    console.say("cli.demo.made", folder=folder)
    console.found(folder=folder)
    walk(console, folder, planted=True)
