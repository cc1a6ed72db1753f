"""`evaluator run`: everything, from the study's files to its reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evaluator.alike import alike
from evaluator.cli import on_engine
from evaluator.cli.console import Console
from evaluator.cli.from_files import begin_from_files
from evaluator.cli.options import (
    FORMATS,
    OVERALL,
    each_tree,
    formats_option,
    recorded,
    scored,
    write_of_all,
    write_reports,
)

if TYPE_CHECKING:
    from evaluator.actions.decided import Decisions
    from evaluator.data.tables import TableNote
    from evaluator.study import Study


STEPS = ("weights", "measures", "model", "scores", "actions")
PASSED = 4  # the exit code where a stated limit was passed
AHEAD = "DATA-437"  # lines of orders after the day looked back from
TOTAL = "data.dropped.total"  # the reason why a row of totals is left out
_NAMED = 5  # measures without data; the report names all


def _steps(context: click.Context, _: click.Parameter, stated: str | None) -> tuple[str, ...]:
    """Return the steps that are asked for, in the order of the road; a word that is none is wrong usage."""
    wanted = {word.strip() for word in (stated or "").split(",") if word.strip()}
    if strange := sorted(wanted - set(STEPS)):
        known = ", ".join(STEPS)
        text = context.ensure_object(Console).text("cli.run.no_step", step=strange[0], known=known)
        raise click.UsageError(text)
    return tuple(step for step in STEPS if step in wanted)


@click.command()
@click.argument("what", nargs=-1, type=click.Path())
@click.option("--tree")
@click.option("--column", "columns", multiple=True, metavar="COLUMN=HEADER")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE")
@click.option("--into", type=click.Path())
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]))
@formats_option
@click.option("--only", "steps", callback=_steps)
@recorded
@click.pass_obj
def command(
    console: Console,
    what: tuple[str, ...],
    tree: str | None,
    columns: tuple[str, ...],
    settings: tuple[str, ...],
    into: str | None,
    as_of: datetime | None,
    formats: tuple[str, ...],
    steps: tuple[str, ...],
) -> int:
    """Run a study, or make a study of data files and run it; 4 where a limit of drift was passed."""
    from evaluator.study.gathering import is_data  # here, because help must not load the engine

    what = what or (".",)
    day = as_of.date() if as_of else None
    if is_data(what):
        named = _columns(console, columns)
        folder = begin_from_files(
            console, what, tree=tree, columns=named, stated=settings, into=into, as_of=day
        )
    elif tree or columns or settings or into or len(what) > 1:
        raise click.UsageError(console.text("cli.run.files_only"))
    else:
        (folder,) = what
    if steps:
        return _only(console, folder, steps, day)
    return walk(console, folder, as_of=day, formats=formats)


def _columns(console: Console, stated: tuple[str, ...]) -> dict[str, str]:
    """Return headers by column from ``column=header``."""
    pairs = [entry.partition("=") for entry in stated]
    if any(not sign or not name.strip() or not header.strip() for name, sign, header in pairs):
        raise click.UsageError(console.text("cli.run.column_form"))
    return {name.strip(): header.strip() for name, _, header in pairs}


def walk(
    console: Console, folder: str, *, as_of: date | None = None, planted: bool = False,
    formats: tuple[str, ...] = FORMATS[:2],
) -> int:  # fmt: skip
    """Run a study, write every output, and say what came out and which file to open; return the exit code.

    Of faults that were `planted`, which nobody can mend, people are only told that the report names them.
    """
    pages: list[str] = []
    passed = False
    for study in each_tree(console, folder, as_of=as_of):
        if engine := study.on_engine:
            page, passed = on_engine.walk(console, study, engine, formats)
            pages.append(page)
            continue
        pages.append(str(_walk(console, study, formats, planted=planted)))
        passed = _drifted(console, study) or passed
    if study.on_engine is None:
        write_of_all(console, study)
    if study.whole is not study:
        common = [str(study.whole.save_overall(kind)) for kind in OVERALL if kind in formats]
        console.wrote(*common)
        pages = [*common[:1], *pages]
    if as_of:
        _said_alone(console, folder, as_of)
    console.found(open=pages)
    for page in pages:
        console.say("cli.run.open", path=page)
    return PASSED if passed else 0


def _only(console: Console, folder: str, steps: tuple[str, ...], as_of: date | None) -> int:
    """Walk no further than some steps, and write what these come to."""
    passed = False
    for study in each_tree(console, folder, as_of=as_of):
        if engine := study.on_engine:
            return PASSED if on_engine.run_steps(console, study, engine, steps) else 0
        study.keep_answers()
        console.issues((*study.tables.issues, *study.measured.issues))
        for step in steps:
            console.wrote(*_save(study, step))
        if {"scores", "actions"} & set(steps):
            console.found(tree=study.tree.id, branch=study.branch or None, **scored(study.results))
            passed = _drifted(console, study) or passed
            console.wrote(study.save_summary())
    if "scores" in steps:
        write_of_all(console, study)
    return PASSED if passed else 0


def _save(study: Study, step: str) -> tuple[Path, ...]:
    """Write what one step comes to, of tables the Parquet file as well."""
    if step == "actions":
        return study.save_actions(sure=False)
    path: Path = getattr(study, f"save_{step}")()
    return (path, path.with_suffix(".parquet")) if path.suffix == ".csv" else (path,)


def _drifted(console: Console, study: Study) -> bool:
    """Tell how far the customers are from those of the model; true where that passes a limit of the study."""
    console.issues(study.drift_issues)
    found = study.drift
    if found is None:
        return False
    console.found(tree=study.tree.id, branch=study.branch or None, drift=found.to_dict())
    passed = study.file.drift is not None and found.passed
    if passed:
        console.say("cli.run.drifted")
    return passed


def _walk(console: Console, study: Study, formats: tuple[str, ...], *, planted: bool) -> Path:
    """Run the study of one tree and return the page to open."""
    from evaluator.analysis.robustness import figures, sentence  # here, because help must not load the engine
    from evaluator.reports import begin_library

    if "html" in formats:
        begin_library()
    study.keep_answers()
    answered = study.save_responses()  # written also where nothing can be weighed
    evaluation = study.run()
    if planted and not console.records:
        console.say("cli.demo.planted", count=len(alike(evaluation.issues)), folder=study.folder)
    else:
        console.issues(evaluation.issues)
    tell_totals(console, study.tables.notes)
    paths = list(study.save_results())
    reports = write_reports(console, study, formats)
    paths += [*filter(None, [answered]), *reports]
    statuses = dict(evaluation.results["status"].value_counts().iter_rows())
    others = evaluation.results.height - statuses.get("rated", 0) + len(evaluation.unrated)
    if evaluation.results.height + others:  # else these are the weights alone
        console.say_rated(statuses.get("rated", 0), others, study.tree.subject)
    sure = figures(evaluation.certainty, console.language) if evaluation.certainty else None
    console.found(tree=study.tree.id, branch=study.branch or None, as_of=evaluation.provenance.as_of,
                  unrated=len(evaluation.unrated), certainty=sure, **scored(evaluation.results))  # fmt: skip
    console.wrote(*paths, study.save_summary())
    if evaluation.certainty:
        console.tell(sentence(evaluation.certainty, study.tree.subject, console.language))
    if evaluation.decisions and statuses:
        _actions(console, evaluation.decisions, evaluation.currency)
        if not planted:
            if all(issue.code != AHEAD for issue in evaluation.issues):  # else that is what is said
                _past(console, evaluation.decisions, evaluation.provenance.as_of)
            _unknown_flags(console, evaluation.decisions)
    return reports[0]


def _said_alone(console: Console, folder: str, as_of: date) -> None:
    """Say that the day of an option holds for this run alone, where the study states another or none."""
    from evaluator.study import Study  # here, because help must not load the engine

    if Study(folder).file.as_of != as_of:
        console.say("cli.run.day_alone", as_of=as_of)


def _past(console: Console, found: Decisions, as_of: date) -> None:
    """Say that due dates have passed, since they count from the day looked back from."""
    today = date.today()
    if found.late(today):
        console.say("cli.run.past", as_of=as_of, days=(today - as_of).days)


def _unknown_flags(console: Console, found: Decisions) -> None:
    """Say which flags are unknown for all customers, and which measures of actions nobody has."""
    flags = [f.name[console.language] for f in found.flags if found.counts[f.id][1] == found.frame.height]
    own = {action.id for action in found.actions}
    measures = list(dict.fromkeys(str(one.subject) for one in found.absent if one.detail["flag"] in own))
    for key, names in (("flags", flags), ("absent", measures)):
        if names:
            first = console.text("comma").join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
            console.say(f"cli.run.{key}", count=len(names), names=first)


def tell_totals(console: Console, notes: Sequence[TableNote]) -> None:
    """Say which tables had rows of totals, which were left out, and the line that keeps such rows."""
    for note in notes:
        if rows := sum(dropped.rows for dropped in note.dropped if dropped.reason == TOTAL):
            console.say("cli.run.totals", table=note.title(console.language), rows=rows)


def _actions(console: Console, decisions: Decisions, currency: str) -> None:
    """Say how many customers are given which action, and what the plan gains."""
    from evaluator.present.kinds import said  # here, because help must not load the engine

    names = {action.id: action.name[console.language] for action in decisions.actions}
    given = decisions.given()
    console.found(actions=given)
    shown = [
        console.text("cli.run.action", count=count, action=names.get(name) or console.text(f"cli.run.{name}"))
        for name, count in given.items()
    ]
    if shown:
        console.say("cli.run.actions", actions=console.text("comma").join(shown))
    if made := decisions.plan:
        value, cost = (said(money, "money", console.language, currency) for money in (made.value, made.cost))
        console.say("cli.run.plan", value=value, cost=cost)
