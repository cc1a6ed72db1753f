"""The ranking: every rated customer, best first."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.reports.context import Context
from evaluator.reports.page.directory import Directory, directory
from evaluator.tree import Group


@dataclass(frozen=True)
class Row:
    """A customer; `groups` are the scores of the criteria directly below the root."""

    rank: int
    id: str
    name: str
    score: float
    groups: tuple[float | None, ...]
    coverage: float
    grade: str
    classes: tuple[str, ...]
    clamped: int


@dataclass(frozen=True)
class Ranking:
    """The first rows of the ranking, how many there are in all, and where a search finds the others."""

    subject: str
    groups: tuple[str, ...]
    matrices: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    unranked: int
    directory: Directory

    @property
    def any_clamped(self) -> bool:
        """Whether one of the rows has a measure beyond the ends of its scale."""
        return any(row.clamped for row in self.rows)


def build(context: Context) -> Ranking:
    """Return the ranking as far as the report shows it: as many rows as cards."""
    tree = context.tree
    groups = [node for node in tree.root.children if isinstance(node, Group)]
    shown = context.rated.head(context.options.cards)
    return Ranking(
        subject=context.subject,
        groups=tuple(group.name[context.language] for group in groups),
        matrices=tuple(matrix.name[context.language] for matrix in tree.matrices),
        rows=tuple(_rows(shown, [group.id for group in groups], context)),
        total=context.rated.height,
        unranked=context.results.height - context.rated.height + len(context.evaluation.unrated),
        directory=directory(context, shown.height),
    )


def _rows(shown: pl.DataFrame, groups: list[str], context: Context) -> list[Row]:
    return [
        Row(
            rank=row["rank"],
            id=row["id"],
            name=row["name"],
            score=row["score"],
            groups=tuple(row[f"score_{group}"] for group in groups),
            coverage=row["coverage"],
            grade=context.grades.get(row["grade"] or "", ""),
            classes=tuple(names.get(row[f"class_{key}"] or "", "") for key, names in context.classes.items()),
            clamped=row["clamped"],
        )
        for row in shown.iter_rows(named=True)
    ]
