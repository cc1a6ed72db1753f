"""`evaluator init`: begin a study."""

import click

from evaluator.cli.console import Console


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--tree", default="customer_value", show_default=True)
@click.option("--title")
@click.pass_obj
def command(console: Console, folder: str, tree: str, title: str | None) -> None:
    """Write a commented study.yaml and empty tables to fill in."""
    from evaluator.study import begin  # here, because help must not load the engine

    for path in begin(folder, tree=tree, title=title, language=console.language):
        console.say("cli.written", path=path)
    console.say("cli.init.next", folder=folder)
