"""`evaluator report`: the page and the workbook for the client."""

import click

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, recorded, study_argument

FORMATS = ("html", "xlsx")


@click.command()
@study_argument
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, default=FORMATS)
@recorded
@click.option("--in", "report_language", type=click.Choice(messages.LANGUAGES))
@click.pass_obj
def command(console: Console, study: str, formats: tuple[str, ...], report_language: str | None) -> None:
    """Write the reports of a study."""
    for opened in each_tree(console, study):
        paths = opened.save_reports(language=report_language, formats=formats)
        console.found(
            tree=opened.tree.id, branch=opened.branch or None, reports=[str(path) for path in paths]
        )
        console.wrote(*paths)
