"""`evaluator score`: score every customer, with the study's own model or one frozen earlier."""

from pathlib import Path

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, study_argument


@click.command()
@study_argument
@click.option("--model", type=click.Path())
@click.option("--data", type=click.Path())
@click.option("--output", type=click.Path(), default="scores.csv")
@click.pass_obj
def command(console: Console, study: str, model: str | None, data: str | None, output: str) -> None:
    """Score a study; with --model and --data, a table of measures with a frozen model."""
    if data and not model:
        raise click.UsageError(console.text("cli.score.needs_model"))
    if model and data:
        from evaluator.study import score_file  # here, because help must not load the engine

        tables = score_file(Path(model), Path(data), Path(output))
        console.issues(tables.issues)
        console.say("cli.written", path=output)
        return
    opened = open_study(console, study, model=model)
    console.issues((*opened.tables.issues, *opened.measured.issues))
    grades = opened.results["grade"].value_counts(sort=True).iter_rows()
    names = {grade.id: grade.name[console.language] for grade in opened.tree.grades}
    console.table(
        [console.text("cli.score.grade"), console.text("cli.score.customers")],
        [(names.get(grade, console.text("cli.score.ungraded")), count) for grade, count in grades],
    )
    console.say("cli.written", path=opened.save_scores())
