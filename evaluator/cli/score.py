"""`evaluator score`: score every customer, with the study's own model or one frozen earlier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.on_engine import run_steps
from evaluator.cli.options import each_tree, recorded, scored, study_argument, write_of_all

if TYPE_CHECKING:
    from evaluator.study import Study


@click.command()
@study_argument
@click.option("--model", type=click.Path())
@click.option("--data", type=click.Path(), multiple=True)
@click.option("--engine")
@click.option("--output", type=click.Path(), default="scores.csv")
@recorded
@click.pass_obj
def command(
    console: Console, study: str, model: str | None, data: tuple[str, ...], output: str, engine: str | None
) -> None:
    """Score a study; with --model and --data, tables of measures with a frozen model."""
    if data and not model:
        raise click.UsageError(console.text("cli.score.needs_model"))
    if engine and not data:
        raise click.UsageError(console.text("cli.score.needs_data"))
    if model and data:
        _score_data(console, model, data, output, engine)
        return
    for opened in each_tree(console, study, model=model):
        _show(console, opened)
    if opened.on_engine is None:
        write_of_all(console, opened)


def _score_data(console: Console, model: str, data: tuple[str, ...], output: str, engine: str | None) -> None:
    """Score one table as clients send them, ranked; or files of any size and number on an engine."""
    if engine or len(data) > 1 or not data[0].lower().endswith((".csv", ".xlsx", ".xls", ".txt")):
        from evaluator.scoring import read_model, score_files  # here, because help must not load the engine

        frozen, notes = read_model(model)
        console.issues(notes)
        score_files(frozen, data, output, engine=engine or "polars", progress=console.counted())
    else:
        from evaluator.study import score_file

        console.progress("scores")
        console.issues(score_file(Path(model), Path(data[0]), Path(output)).issues)
    console.wrote(output)


def _show(console: Console, opened: Study) -> None:
    if engine := opened.on_engine:
        run_steps(console, opened, engine, ("scores",))
        return
    console.issues((*opened.tables.issues, *opened.measured.issues))
    grades = opened.results["grade"].value_counts(sort=True).rows()
    console.found(tree=opened.tree.id, branch=opened.branch or None, **scored(opened.results))
    names = {grade.id: grade.name[console.language] for grade in opened.tree.grades}
    console.table(
        [console.text("cli.score.grade"), f"{console.subject(opened.tree.subject):title}"],
        [(names.get(grade, console.text("cli.score.ungraded")), count) for grade, count in grades],
    )
    console.wrote(opened.save_scores())
