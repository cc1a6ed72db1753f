"""Migration: who moved between grades and classes since the evaluation before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from evaluator.columns import TOLERANCE, mean_of
from evaluator.customers.transition_tables import Transitions, transitions
from evaluator.displayed import Displayed
from evaluator.evaluation import Evaluation

LARGEST = 10


@dataclass(frozen=True, slots=True)
class Move:
    """A customer rated in both evaluations: score, rank and grade before and now."""

    id: str
    name: str
    before: float
    after: float
    rank_before: int | None
    rank_after: int
    grade_before: str | None
    grade_after: str

    @property
    def change(self) -> float:
        """Points won, or lost where negative."""
        return self.after - self.before


@dataclass(frozen=True)
class Migration(Displayed):
    """What changed since the evaluation before this one.

    Parameters
    ----------
    grades : movements between grades, best grade first.
    classes : movements between the classes of each matrix.
    up, same, down : customers rated in both, by their grade: better, the same, worse.
    entered, left : customers rated in this, or the earlier, evaluation only.
    risers, fallers : the largest changes of score, at most `LARGEST` each.
    mean : mean change of score of the customers rated in both; None where there is none.
    """

    grades: Transitions
    classes: Mapping[str, Transitions]
    up: int
    same: int
    down: int
    entered: int
    left: int
    risers: tuple[Move, ...]
    fallers: tuple[Move, ...]
    mean: float | None


def migration(evaluation: Evaluation) -> Migration | None:
    """Return who moved since the evaluation before; None where there is none, or nobody rated in one.

    Only customers rated in both are compared. States that this evaluation no longer knows, because its
    grades or classes are others, come after its own.
    """
    if evaluation.previous is None:
        return None
    before = evaluation.previous.results.filter(pl.col("status") == "rated")
    after = evaluation.results.filter(pl.col("status") == "rated")
    if before.is_empty() or after.is_empty():
        return None
    tree = evaluation.model.tree
    grades = _moved(before, after, "grade", [grade.id for grade in tree.grades])
    classes = {
        matrix.id: _moved(before, after, f"class_{matrix.id}", [entry.id for entry in matrix.classes])
        for matrix in tree.matrices
        if f"class_{matrix.id}" in before.columns
    }
    both = _both(before, after)
    steps = _steps(both, [grade.id for grade in tree.grades])
    return Migration(
        grades=grades,
        classes=classes,
        up=int((steps < 0).sum()),
        same=int((steps == 0).sum()),
        down=int((steps > 0).sum()),
        entered=after.height - both.height,
        left=before.height - both.height,
        risers=_largest(both.filter(pl.col("change") > TOLERANCE)),
        fallers=_largest(both.filter(pl.col("change") < -TOLERANCE)),
        mean=mean_of(both["change"]),
    )


def _moved(before: pl.DataFrame, after: pl.DataFrame, column: str, states: list[str]) -> Transitions:
    gone = before[column].drop_nulls().unique().sort()
    known = [*states, *(state for state in gone if state not in states)]
    return transitions(before, after, states=known, column=column)


def _both(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Return the customers rated in both: the fields of a `Move`, and `change`."""
    rank = pl.col("rank").cast(pl.Int64) if "rank" in before.columns else pl.lit(None, pl.Int64)
    name = pl.coalesce(*(column for column in ("name", "id") if column in after.columns))
    earlier = before.select("id", before="score", rank_before=rank, grade_before="grade")
    later = after.select("id", name=name, after="score", rank_after="rank", grade_after="grade")
    both = later.join(earlier, on="id", maintain_order="left")
    return both.with_columns(change=pl.col("after") - pl.col("before"))


def _steps(both: pl.DataFrame, grades: list[str]) -> pl.Series:
    """Return by how many grades each customer moved, down positive; null where the old grade is gone."""
    places = pl.col("grade_before", "grade_after").replace_strict(
        grades, range(len(grades)), default=None, return_dtype=pl.Int64
    )
    steps = both.select(places)
    return steps["grade_after"] - steps["grade_before"]


def _largest(moves: pl.DataFrame) -> tuple[Move, ...]:
    first = moves.sort(pl.col("change").abs(), "id", descending=[True, False]).head(LARGEST)
    return tuple(Move(**row) for row in first.drop("change").iter_rows(named=True))
