"""`evaluator run`: the whole road, from the study's files to its reports."""

import click

from evaluator.cli.console import Console
from evaluator.cli.options import open_study, study_argument


@click.command()
@study_argument
@click.pass_obj
def command(console: Console, study: str) -> None:
    """Walk the whole road and write everything it makes."""
    walk(console, study)


def walk(console: Console, folder: str) -> None:
    """Run a study, write every output, and say what came out."""
    study = open_study(console, folder)
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
