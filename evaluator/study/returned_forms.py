"""What came back on a study's forms: grades and surveys join its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from evaluator.data import Tables
from evaluator.errors import Issue, Severity
from evaluator.forms import Grades, Surveyed, read_assessments, read_grade_sheets, read_surveys
from evaluator.study.form_folders import form_folder, holds_forms
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.tree.types import Graded

_READ: dict[str, tuple[str, Callable[[Path, Tree], Grades | Surveyed]]] = {
    "grades": ("grades", read_grade_sheets),
    "assessment": ("grades", read_assessments),
    "survey": ("survey", read_surveys),
}
"""The forms that fill a table: which, and what reads them."""


def with_forms(setup: Setup, tree: Tree, tables: Tables) -> Tables:
    """Return the tables with what was written into grade sheets, assessments and surveys.

    Answers join the rows of a table of that name. An assessment counts where its indicator takes
    grades; scores it gives indicators that are measured are named and not used.

    Raises
    ------
    EvaluationError
        what is wrong with a form, see `forms.form_reader.read_forms`.
    """
    frames, notes, issues = dict(tables.frames), list(tables.notes), list(tables.issues)
    for form, (table, read) in _READ.items():
        home = form_folder(setup, form)
        if not holds_forms(home):
            continue
        found = read(home, tree)
        frame = found.frame
        if form == "assessment":
            frame = frame.filter(pl.col("indicator").is_in(_graded(tree)))
            issues += _measured(found.frame, tree)
        before = [frames[table]] if table in frames else []
        frames[table] = pl.concat([*before, frame], how="diagonal_relaxed")
        place = home.relative_to(setup.folder) if home.is_relative_to(setup.folder) else home
        notes += [replace(note, file=(place / note.file).as_posix()) for note in found.notes]
        issues += found.issues
    return replace(tables, frames=frames, notes=tuple(notes), issues=tuple(issues))


def tables_of_forms(setup: Setup) -> set[str]:
    """Return the tables that rows of filled forms will join, so that a file of theirs may be empty."""
    return {table for form, (table, _) in _READ.items() if holds_forms(form_folder(setup, form))}


def _graded(tree: Tree) -> list[str]:
    return [node.id for node in tree.indicators if isinstance(node.scale, Graded)]


def _measured(frame: pl.DataFrame, tree: Tree) -> Iterator[Issue]:
    """Yield an issue for assessed indicators that are scored from a measure, so that it does not count."""
    counts = frame.filter(~pl.col("indicator").is_in(_graded(tree)))
    if counts.height:
        detail = {"count": counts.height}
        names = ", ".join(counts["indicator"].unique(maintain_order=True))
        yield Issue("JUDGE-241", names, detail, severity=Severity.NOTE)
