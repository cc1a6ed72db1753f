"""Verbs on a study that is computed on an engine: its customers stay there, and sizes are said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.cli.console import Console

if TYPE_CHECKING:
    from evaluator.study import Study
    from evaluator.study.on_engine import OnEngine


def run_steps(console: Console, study: Study, engine: OnEngine, steps: Sequence[str]) -> bool:
    """Walk no further than some steps; true where a limit of drift was passed."""
    from evaluator.study.outputs import left_over  # here, because help must not load the engine

    paths: list[str | Path] = []
    for step in steps:
        paths += [study.save_weights()] if step == "weights" else engine.save(step)
    console.wrote(*paths)
    old = left_over(study.output, paths, whole=False)
    if "scores" not in steps:
        console.issues(old)
        return False
    console.issues((*engine.issues, *engine.drift_issues, *old))
    passed = tell(console, study, engine)
    console.wrote(engine.save_summary())
    return passed


def walk(console: Console, study: Study, engine: OnEngine, formats: tuple[str, ...]) -> tuple[str, bool]:
    """Run everything and write the page of the customers shown; return it, and whether a limit was passed."""
    from evaluator.study.engine_refusals import check_formats  # here, because help must not load the engine
    from evaluator.study.outputs import left_over

    check_formats(formats)
    study.keep_answers()
    written: list[str | Path] = [*filter(None, [study.save_responses()]), study.save_weights()]
    for step in ("measures", "model", "scores"):
        written += engine.save(step)
    (page,) = study.save_reports(formats=formats)
    written += [*engine.save_tables(), page, engine.save_summary()]
    old = left_over(study.output, written, whole=True)
    evaluation = study.run()
    console.issues((*evaluation.issues, *engine.drift_issues, *old))
    passed = tell(console, study, engine)
    shown = evaluation.results.height
    if shown < engine.figures.customers:
        console.say("cli.run.on_engine", shown=shown, customers=engine.figures.customers,
                    subject=console.subject(study.tree.subject))  # fmt: skip
    console.wrote(*written)
    return str(page), passed


def tell(console: Console, study: Study, engine: OnEngine) -> bool:
    """Say how many customers are rated; true where a limit of drift was passed."""
    figures = engine.figures
    rated = figures.counts["status"].get("rated", 0)
    console.say_rated(rated, figures.customers - rated, engine.model.tree.subject)
    grades = [{"grade": name, "customers": count} for name, count in figures.counts["grade"].items()]
    console.found(
        tree=engine.model.tree.id, branch=None, customers=figures.customers,
        statuses=dict(figures.counts["status"]), grades=grades,
    )  # fmt: skip
    passed = False
    if found := engine.drift:
        console.found(tree=engine.model.tree.id, branch=None, drift=found.to_dict())
        passed = study.file.drift is not None and found.passed
        if passed:
            console.say("cli.run.drifted")
    return passed
