"""`evaluator init`: begin a study."""

import click

from evaluator.cli.console import Console


@click.command()
@click.argument("folder", type=click.Path())
@click.option("--tree", default="customer_value", show_default=True)
@click.option("--title")
@click.option("--from", "last", type=click.Path())
@click.option("--refit", is_flag=True)
@click.pass_obj
def command(
    console: Console, folder: str, tree: str, title: str | None, last: str | None, refit: bool
) -> None:
    """Write a commented study.yaml and empty tables to fill in, or go on from the last study."""
    from evaluator.study import awaited, begin, go_on  # here, because help must not load the engine

    if last:
        for path in go_on(last, folder, title=title, refit=refit):
            console.say("cli.written", path=path)
        for name in awaited(folder):
            console.say("cli.init.awaited", file=name)
    else:
        for path in begin(folder, tree=tree, title=title, language=console.language):
            console.say("cli.written", path=path)
    console.say("cli.init.next", folder=folder)
