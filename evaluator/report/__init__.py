"""Reports: the same data as a page for readers and as a workbook for auditors."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.evaluation import Evaluation
from evaluator.files import write_text
from evaluator.messages import LANGUAGES
from evaluator.report.options import ReportOptions

__all__ = ["ReportOptions", "report"]

_KINDS = (".html", ".xlsx")


def report(
    evaluation: Evaluation,
    path: str | Path,
    *,
    language: str | None = None,
    options: ReportOptions | None = None,
) -> Path:
    """Write the report of an evaluation: a page (``.html``) or a workbook (``.xlsx``), by the name's ending.

    Parameters
    ----------
    language : ``zh`` or ``en``; default: the language of the evaluation.

    Raises
    ------
    EvaluationError
        REPORT-801 for any other ending, REPORT-802 for any other language; FILE-701, FILE-702, FILE-703
        when the file cannot be written.
    """
    target, options = Path(path), options or ReportOptions()
    spoken = language or evaluation.language
    kind = target.suffix.lower()
    if kind not in _KINDS:
        raise EvaluationError([Issue("REPORT-801", target.name, where=Location(str(target)))])
    if spoken not in LANGUAGES:
        raise EvaluationError([Issue("REPORT-802", spoken, hint=LANGUAGES)])
    if kind == ".html":
        from evaluator.report.page import page

        write_text(target, page(evaluation, spoken, options=options))
    else:
        from evaluator.report.workbook import write_workbook

        write_workbook(evaluation, target, language=spoken, options=options)
    return target


class _Room(ModuleType):
    """The room answers a call as its function does: `evaluator.report` is the name of both."""

    def __call__(self, *arguments: Any, **options: Any) -> Path:
        return report(*arguments, **options)


sys.modules[__name__].__class__ = _Room
