"""Arguments that several verbs share, and how a verb opens a study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from evaluator.cli.console import Console

if TYPE_CHECKING:
    from evaluator.study import Study

study_argument = click.argument("study", default=".", type=click.Path())
as_json = click.option("--json", "as_json", is_flag=True)


def open_study(console: Console, folder: str, *, model: str | None = None) -> Study:
    """Open a study and speak its language from here on."""
    from evaluator.study import Study  # here, because a verb's help must not load the engine

    study = Study(folder, model=model, progress=console.progress)
    console.follow(study.language)
    return study
