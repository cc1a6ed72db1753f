"""Arguments that several verbs share, and how a verb opens a study."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from evaluator import messages
from evaluator.cli.console import Console
from evaluator.errors import Issue

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from evaluator.study import Study

FORMATS = ("html", "xlsx", "docx", "pptx")  # those of `reports`, which help must not load
OVERALL = FORMATS[:2]  # those that bring the trees of a study together
study_argument = click.argument("study", default=".", type=click.Path())


def _record(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        context.ensure_object(Console).record()


def _formats(context: click.Context, _: click.Parameter, said: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats stated one by one or with commas between them, each once."""
    stated = tuple(dict.fromkeys(word.strip() for entry in said for word in entry.split(",") if word.strip()))
    for word in stated:
        if word not in FORMATS:
            language = context.ensure_object(Console).language
            known = ", ".join(FORMATS)
            raise click.BadParameter(messages.text("cli.report.format", language, word=word, known=known))
    return stated or FORMATS[:2]


formats_option = click.option(
    "--format", "formats", multiple=True, metavar=",".join(FORMATS), callback=_formats
)


def write_reports(
    console: Console, study: Study, formats: tuple[str, ...], *, language: str | None = None
) -> tuple[Path, ...]:
    """Write the reports of a study, and say what a template could not be given."""
    found: list[Issue] = []
    paths = study.save_reports(language=language, formats=formats, noted=found.append)
    console.issues((*found, *study.old_reports()))
    return paths


recorded = click.option(
    "--json", "as_json", is_flag=True, callback=_record, expose_value=False, is_eager=True
)
"""For verbs that do things: what they found, wrote and noticed is printed as JSON in the end."""


def _record_beside(context: click.Context, _: click.Parameter, asked: bool) -> bool:
    _record(context, _, asked)
    return asked


as_json = click.option("--json", "as_json", is_flag=True, callback=_record_beside, is_eager=True)
"""For verbs that answer: they print their own document, with what was noticed; what is wrong is one too."""


def open_study(
    console: Console,
    folder: str,
    *,
    model: str | None = None,
    as_of: date | None = None,
    writes: bool = False,
) -> Study:
    """Open a study and speak its language from here on; who `writes` has it alone until the verb is done."""
    from evaluator.study import Study, stated_language  # here, because a verb's help must not load the engine
    from evaluator.study.only_run import only_run

    console.follow(stated_language(folder) or console.language)  # a file that cannot be read is refused in it
    study = Study(folder, model=model, as_of=as_of, progress=console.progress)
    console.follow(study.language)
    click.get_current_context().call_on_close(study.close)
    if writes:
        click.get_current_context().with_resource(only_run(study.output))
    return study


def each_tree(
    console: Console,
    folder: str,
    *,
    model: str | None = None,
    as_of: date | None = None,
    writes: bool = True,
) -> Iterator[Study]:
    """Open a study and yield it, or, where it has several trees, the study of each under its name."""
    for study in open_study(console, folder, model=model, as_of=as_of, writes=writes).branches:
        if study.branch:
            console.say("cli.tree", tree=study.tree.name[console.language], id=study.branch)
        yield study


def say_other_day(console: Console, study: Study) -> None:
    """Warn where the results that lie there look back from another day than this command."""
    if issue := study.other_day:
        console.issues([issue])


def scored(results: pl.DataFrame) -> dict[str, object]:
    """Return how many customers there are by status and by grade, for a program; `null` has no grade."""
    return {
        "customers": results.height,
        "statuses": dict(results["status"].value_counts(sort=True).iter_rows()),
        "grades": [
            {"grade": grade, "customers": count}
            for grade, count in results["grade"].value_counts(sort=True).iter_rows()
        ],
    }


def write_of_all(console: Console, study: Study) -> None:
    """Write the scores of several trees in one table, and into the client's database, where asked for."""
    if study.whole is not study:
        console.wrote(study.whole.save_scores())
    if wrote := study.whole.write_back():
        console.say("cli.written_back", table=wrote.table, database=wrote.database, run=wrote.run,
                    rows=wrote.rows, replaced=wrote.replaced)  # fmt: skip
        console.found(written_back=asdict(wrote))
