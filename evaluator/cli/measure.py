"""`evaluator measure`: one row per customer with every measure of the tree."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, study_argument


@click.command()
@study_argument
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Measure the customers and say how complete each measure is."""
    opened = open_study(console, study)
    measured = opened.measured
    headers = [console.text(f"cli.measure.{name}") for name in ("measure", "origin", "observed", "missing")]
    console.table(
        headers,
        [
            (note.measure, console.text(f"cli.measure.from.{note.origin}"), note.observed, note.missing)
            for note in measured.notes
        ],
    )
    console.issues((*opened.tables.issues, *measured.issues))
    console.say("cli.written", path=opened.save_measures())
