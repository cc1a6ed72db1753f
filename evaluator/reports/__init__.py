"""Reports: the same data as a page for readers, a workbook for auditors, and a brief for a board."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.evaluation import Evaluation
from evaluator.files import has_folder, write_text
from evaluator.messages import LANGUAGES
from evaluator.reports.adding import add_section
from evaluator.reports.options import ReportOptions
from evaluator.reports.renamed import refuse_renamed

if TYPE_CHECKING:
    from evaluator.present.brand import Brand
    from evaluator.reports.some_customers import Some

__all__ = ["ReportOptions", "add_section", "begin_library", "overall_report", "report"]

Noted = Callable[[Issue], None]
FORMATS = ("html", "xlsx", "docx", "pptx")
"""The endings of reports."""
OFFICE = frozenset(("docx", "docxtpl", "lxml", "pptx"))
"""What the extra ``office`` installs."""


def report(
    evaluation: Evaluation,
    path: str | Path,
    *,
    language: str | None = None,
    options: ReportOptions | None = None,
    folder: str | Path = ".",
    only: Some | None = None,
    noted: Noted | None = None,
) -> Path:
    """Write the report of an evaluation, by the name's ending.

    ``.html`` is a page, ``.xlsx`` a workbook, ``.docx`` a brief of a few pages, ``.pptx`` the same as slides.

    Parameters
    ----------
    language : ``zh`` or ``en``; default: the language of the evaluation.
    folder : where the paths in `options` start, which is the study's folder.
    only : which customers the page is about; of the others it holds nothing.
    noted : told what a template asks for and cannot be given, where the rest is made; warnings by default.

    Raises
    ------
    EvaluationError
        for any other ending or language, mistakes in theme and templates, a choice of customers that means
        nobody, anything but a page of some customers (it would hold what all of them are measured against),
        a format whose extra is missing; when the file cannot be written.
    """
    target, options = Path(path), options or ReportOptions()
    spoken = language or evaluation.language
    kind = target.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise EvaluationError([Issue("REPORT-801", target.name, where=Location(str(target)))])
    if spoken not in LANGUAGES:
        raise EvaluationError([Issue("REPORT-802", spoken, hint=LANGUAGES)])
    if only is not None:
        if kind != "html":
            raise EvaluationError([Issue("REPORT-851", target.name, where=Location(str(target)))])
        from evaluator.reports.some_customers import some

        evaluation = some(evaluation, only)
    if options.anonymous:
        from evaluator.reports.anonymous import anonymous

        evaluation = anonymous(evaluation, target.parent)
    folders, brand = _folders(options, Path(folder)), _brand(options, Path(folder), noted or _warn(spoken))
    if kind == "html":
        from evaluator.reports.page import page

        write_text(target, page(evaluation, spoken, options=options, folders=folders, brand=brand))
    elif kind == "xlsx":
        from evaluator.reports.workbook import write_workbook

        write_workbook(evaluation, target, language=spoken, options=options, folders=folders, brand=brand)
    else:
        stated = options.document if kind == "docx" else options.slides
        template = Path(folder) / stated if stated else None
        write = _office(kind)
        write(evaluation, target, language=spoken, options=options, template=template, brand=brand,
              noted=noted or _warn(spoken))  # fmt: skip
    return target


def overall_report(
    evaluations: Mapping[str, Evaluation],
    path: str | Path,
    *,
    language: str | None = None,
    options: ReportOptions | None = None,
    folder: str | Path = ".",
) -> Path:
    """Write one decision over the trees of a study, as a page or a workbook by the name's ending.

    Parameters
    ----------
    evaluations : one for each tree, by the address of its own report, from where this one lies.
    language, options, folder : as for `report`.

    Raises
    ------
    EvaluationError
        for any other ending, for mistakes in theme and templates; when the file cannot be written.
    """
    target, options = Path(path), options or ReportOptions()
    if options.anonymous:
        from evaluator.reports.anonymous import anonymous

        evaluations = {
            link: anonymous(one, (target.parent / link).parent) for link, one in evaluations.items()
        }
    spoken = language or next(iter(evaluations.values())).language
    folders, brand = _folders(options, Path(folder)), _brand(options, Path(folder), _warn(spoken))
    if target.suffix == ".xlsx":
        from evaluator.reports.overall_workbook import write_overall_workbook

        write_overall_workbook(
            evaluations, target, language=spoken, options=options, folders=folders, brand=brand
        )
        return target
    if target.suffix != ".html":
        raise EvaluationError([Issue("REPORT-801", target.name, where=Location(str(target)))])
    from evaluator.reports.page import overall_page

    write_text(target, overall_page(evaluations, spoken, options=options, folders=folders, brand=brand))
    return target


def _brand(options: ReportOptions, home: Path, noted: Noted) -> Brand:
    from evaluator.present.brand import PLAIN, load_brand

    return load_brand(home / options.theme, noted=noted) if options.theme else PLAIN


def _office(kind: str) -> Callable[..., None]:
    """Return what writes a document; the libraries it needs are an extra."""
    try:
        if kind == "docx":
            from evaluator.reports.document import write_document

            return write_document
        from evaluator.reports.slides import write_slides

        return write_slides
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OFFICE:
            raise EvaluationError([Issue("REPORT-861", kind)]) from error
        raise


def _warn(language: str) -> Noted:
    return lambda issue: warnings.warn(issue.text(language), stacklevel=4)


def begin_library() -> None:
    """Begin what a page may wait longest for, its chart library, while the study is still computed."""
    from evaluator.reports.page import library

    library.begin_library()


def _folders(options: ReportOptions, home: Path) -> tuple[Path, ...]:
    if not options.templates:
        return ()
    if not has_folder(home / options.templates):
        raise EvaluationError([Issue("REPORT-848", options.templates)])
    folders = (home / options.templates,)
    refuse_renamed(folders)
    return folders
