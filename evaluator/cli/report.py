"""`evaluator report`: the page and the workbook for the client."""

import click

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, study_argument

FORMATS = ("html", "xlsx")


@click.command()
@study_argument
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, default=FORMATS)
@click.option("--in", "report_language", type=click.Choice(messages.LANGUAGES))
@click.pass_obj
def command(console: Console, study: str, formats: tuple[str, ...], report_language: str | None) -> None:
    """Write the reports of a study."""
    for opened in each_tree(console, study):
        for path in opened.save_reports(language=report_language, formats=formats):
            console.say("cli.written", path=path)
