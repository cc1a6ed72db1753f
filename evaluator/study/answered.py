"""What came back on a study's forms: grades and surveys join its tables, and screening has its record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from evaluator.data import Tables
from evaluator.errors import Issue, Severity
from evaluator.forms import Grades, Surveyed, read_assessments, read_grade_sheets, read_surveys
from evaluator.forms.sources import WORKBOOKS
from evaluator.study.asking import FORMS, form_folder, rounds
from evaluator.tree import Tree
from evaluator.tree.types import Graded

if TYPE_CHECKING:
    from evaluator.study.road import Study

_READ: dict[str, tuple[str, Callable[[Path, Tree], Grades | Surveyed]]] = {
    "grades": ("grades", read_grade_sheets),
    "assessment": ("grades", read_assessments),
    "survey": ("survey", read_surveys),
}
"""The forms that fill a table: which, and what reads them."""


def with_forms(study: Study, tables: Tables) -> Tables:
    """Return the tables with what was written into grade sheets, assessments and surveys.

    Answers join the rows of a table of that name. An assessment counts where its indicator takes
    grades; scores it gives indicators that are measured are named, JUDGE-241, and not used.

    Raises
    ------
    EvaluationError
        what is wrong with a form, see `sheets.form_reader.read_forms`.
    """
    frames, notes, issues = dict(tables.frames), list(tables.notes), list(tables.issues)
    for form, (table, read) in _READ.items():
        home = form_folder(study, form)
        if not holds_forms(home):
            continue
        found = read(home, study.tree)
        frame = found.frame
        if form == "assessment":
            frame = frame.filter(pl.col("indicator").is_in(_graded(study.tree)))
            issues += _measured(found.frame, study.tree)
        before = [frames[table]] if table in frames else []
        frames[table] = pl.concat([*before, frame], how="diagonal_relaxed")
        place = home.relative_to(study.folder) if home.is_relative_to(study.folder) else home
        notes += [replace(note, file=(place / note.file).as_posix()) for note in found.notes]
        issues += found.issues
    return Tables(frames, tuple(notes), tuple(issues))


def tables_of_forms(study: Study) -> set[str]:
    """Return the tables that rows of filled forms will join, so that a file of theirs may be empty."""
    return {table for form, (table, _) in _READ.items() if holds_forms(form_folder(study, form))}


def filled_forms(study: Study) -> list[Path]:
    """Return the folders of a study that hold forms, comparisons apart."""
    folders = [form_folder(study, form) for form in FORMS if form != "screening"]
    folders += [form_folder(study, "screening", str(number)) for number in rounds(study)]
    return [folder for folder in folders if holds_forms(folder)]


def holds_forms(folder: Path) -> bool:
    """Say whether there are workbooks in a folder."""
    return folder.is_dir() and any(path.suffix.lower() in WORKBOOKS for path in folder.iterdir())


def _graded(tree: Tree) -> list[str]:
    return [node.id for node in tree.indicators if isinstance(node.scale, Graded)]


def _measured(frame: pl.DataFrame, tree: Tree) -> Iterator[Issue]:
    """Say which assessed indicators are scored from a measure, so that the assessment does not count."""
    counts = frame.filter(~pl.col("indicator").is_in(_graded(tree)))
    if counts.height:
        detail = {"count": counts.height}
        names = ", ".join(counts["indicator"].unique(maintain_order=True))
        yield Issue("JUDGE-241", names, detail, severity=Severity.NOTE)
