"""`evaluator run`: the whole road, from the study's files to its reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console
from evaluator.cli.options import each_tree, study_argument, write_back

if TYPE_CHECKING:
    from evaluator.study import Study


@click.command()
@study_argument
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Walk the whole road and write everything it makes."""
    walk(console, study)


def walk(console: Console, folder: str) -> None:
    """Run a study, write every output, and say what came out."""
    for study in each_tree(console, folder):
        _walk(console, study)
    if study.whole is not study:
        console.say("cli.written", path=study.whole.save_scores())
    write_back(console, study)


def _walk(console: Console, study: Study) -> None:
    from evaluator.reports import begin_library  # here, because help must not load the engine

    begin_library()
    study.keep_answers()
    evaluation = study.run()
    console.issues(evaluation.issues)
    paths = [study.save_weights(), study.save_measures(), study.save_model(), study.save_scores()]
    paths += [*filter(None, [study.save_responses()]), *study.save_reports()]
    statuses = dict(evaluation.results["status"].value_counts().iter_rows())
    console.say(
        "cli.run.done",
        rated=statuses.get("rated", 0),
        others=evaluation.results.height - statuses.get("rated", 0) + len(evaluation.unrated),
    )
    for path in paths:
        console.say("cli.written", path=path)
