"""Reports: the same data as a page for readers and as a workbook for auditors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.evaluation import Evaluation
from evaluator.files import write_text
from evaluator.messages import LANGUAGES
from evaluator.reports.options import ReportOptions

if TYPE_CHECKING:
    from evaluator.reports.some_customers import Some

__all__ = ["ReportOptions", "begin_library", "report"]

_KINDS = (".html", ".xlsx")


def report(
    evaluation: Evaluation,
    path: str | Path,
    *,
    language: str | None = None,
    options: ReportOptions | None = None,
    folder: str | Path = ".",
    only: Some | None = None,
) -> Path:
    """Write the report of an evaluation: a page (``.html``) or a workbook (``.xlsx``), by the name's ending.

    Parameters
    ----------
    language : ``zh`` or ``en``; default: the language of the evaluation.
    folder : where the paths in `options` start, which is the study's folder.
    only : which customers the page is about; of the others it holds nothing.

    Raises
    ------
    EvaluationError
        for any other ending or language, mistakes in theme and templates, a choice of customers that means
        nobody, a workbook of some customers (it would hold what all of them are measured against); when the
        file cannot be written.
    """
    target, options = Path(path), options or ReportOptions()
    spoken = language or evaluation.language
    kind = target.suffix.lower()
    if kind not in _KINDS:
        raise EvaluationError([Issue("REPORT-801", target.name, where=Location(str(target)))])
    if spoken not in LANGUAGES:
        raise EvaluationError([Issue("REPORT-802", spoken, hint=LANGUAGES)])
    if only is not None:
        if kind != ".html":
            raise EvaluationError([Issue("REPORT-851", target.name, where=Location(str(target)))])
        from evaluator.reports.some_customers import some

        evaluation = some(evaluation, only)
    from evaluator.present.brand import PLAIN, load_brand

    brand = load_brand(Path(folder) / options.theme) if options.theme else PLAIN
    folders = _folders(options, Path(folder))
    if kind == ".html":
        from evaluator.reports.page import page

        write_text(target, page(evaluation, spoken, options=options, folders=folders, brand=brand))
    else:
        from evaluator.reports.workbook import write_workbook

        write_workbook(evaluation, target, language=spoken, options=options, folders=folders, brand=brand)
    return target


def begin_library() -> None:
    """Begin what a page may wait longest for, its chart library, while the study is still computed."""
    from evaluator.reports.page import library

    library.begin_library()


def _folders(options: ReportOptions, home: Path) -> tuple[Path, ...]:
    if not options.templates:
        return ()
    if not (home / options.templates).is_dir():
        raise EvaluationError([Issue("REPORT-848", options.templates)])
    return (home / options.templates,)
