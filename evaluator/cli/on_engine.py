"""Verbs on a study that is computed on an engine: its customers stay there, and sizes are said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluator.cli.console import Console

if TYPE_CHECKING:
    from evaluator.study import Study
    from evaluator.study.on_engine import OnEngine


def run_steps(console: Console, study: Study, engine: OnEngine, steps: Sequence[str]) -> bool:
    """Walk no further than some steps; true where a limit of drift was passed."""
    for step in steps:
        if step == "weights":
            console.wrote(study.save_weights())
        else:
            console.wrote(*engine.save(step))
    if "scores" not in steps:
        return False
    console.issues((*engine.issues, *engine.drift_issues))
    return tell(console, study, engine)


def walk(console: Console, study: Study, engine: OnEngine, formats: tuple[str, ...]) -> tuple[str, bool]:
    """Run everything and write the page of the customers shown; return it, and whether a limit was passed."""
    from evaluator.study.engine_refusals import check_formats  # here, because help must not load the engine

    check_formats(formats)
    study.keep_answers()
    study.save_responses()
    console.wrote(study.save_weights())
    paths = [path for step in ("measures", "model", "scores") for path in engine.save(step)]
    console.issues((*engine.issues, *engine.drift_issues))
    passed = tell(console, study, engine)
    page, *_ = study.save_reports(formats=formats)
    shown = study.run().results.height
    console.say("cli.run.on_engine", shown=shown, customers=engine.figures.customers)
    console.wrote(*paths, *engine.save_tables(), page)
    return str(page), passed


def tell(console: Console, study: Study, engine: OnEngine) -> bool:
    """Say how many customers are rated and write the summary; true where a limit of drift was passed."""
    figures = engine.figures
    rated = figures.counts["status"].get("rated", 0)
    console.say("cli.run.done", rated=rated, others=figures.customers - rated)
    grades = [{"grade": name, "customers": count} for name, count in figures.counts["grade"].items()]
    console.found(
        tree=engine.model.tree.id, branch=None, customers=figures.customers,
        statuses=dict(figures.counts["status"]), grades=grades,
    )  # fmt: skip
    passed = False
    if found := engine.drift:
        console.found(tree=engine.model.tree.id, branch=None, drift=found.told())
        passed = study.file.drift is not None and found.passed
        if passed:
            console.say("cli.run.drifted")
    console.wrote(engine.save_summary())
    return passed
