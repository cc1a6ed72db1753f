"""What a study on an engine cannot be asked for: refused by name, before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.errors import EvaluationError, Issue
from evaluator.study.setup import Setup

VERBS = "run, measure, fit, score, report, weigh, ask, check"
"""What a study on an engine can be told to do."""


def engine_refusals(setup: Setup) -> Iterator[Issue]:
    """Yield what a study asks for that needs all its customers in memory, each at its place."""
    file, engine = setup.file, setup.engine.name
    asked = {
        ("trees",): bool(file.trees or setup.branch),
        ("plan",): file.plan is not None,
        ("write",): file.write is not None,
        ("weighting", "objective"): file.weighting.objective is not None,
        ("scoring", "second_opinions"): bool(file.scoring.second_opinions),
        ("report", "anonymous"): file.report.anonymous,
    }
    for key in (key for key, stated in asked.items() if stated):
        yield Issue("STUDY-376", ".".join(key), {"engine": engine}, where=setup.where(key))


def refuse_in_memory(setup: Setup) -> None:
    """Refuse a step that reads all customers into memory, where the study is on an engine."""
    if setup.engine.name != "polars":
        detail = {"verbs": VERBS}
        raise EvaluationError([Issue("STUDY-375", setup.engine.name, detail, where=setup.where(("engine",)))])


def check_formats(formats: Iterable[str]) -> None:
    """Refuse reports of a study on an engine without the page: no other format can be of some customers."""
    if "html" not in formats:
        raise EvaluationError(Issue("REPORT-851", suffix) for suffix in formats)
