"""Everybody the page's ranking does not show in a row, as briefly as a search needs to find them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.reports.context import Context

MOST = 100_000
"""How many a page holds: some four megabytes."""


@dataclass(frozen=True)
class Directory:
    """Whoever is ranked after the rows of the page, then whoever is not rated, column by column.

    `rank` is None and `status` a place in `statuses` for those not rated. `grade` and `classes` (one list
    per matrix) hold places in `grades` and `class_names`, None where there is none; `name` is None where
    it is the id. `left` counts those whom even this list leaves out.
    """

    rank: tuple[int | None, ...]
    id: tuple[str, ...]
    name: tuple[str | None, ...]
    score: tuple[float | None, ...]
    grade: tuple[int | None, ...]
    classes: tuple[tuple[int | None, ...], ...]
    status: tuple[int | None, ...]
    grades: tuple[str, ...]
    class_names: tuple[tuple[str, ...], ...]
    statuses: tuple[str, ...]
    left: int

    def compact(self) -> dict[str, object]:
        """Return the lists as the page's script reads them; scores with the one decimal it shows."""
        names = ("rank", "id", "name", "grade", "classes", "status", "grades", "statuses", "left")
        scores = [None if score is None else float(f"{score:.1f}") for score in self.score]
        return {name: getattr(self, name) for name in names} | {
            "score": scores,
            "classNames": self.class_names,
        }


def directory(context: Context, shown: int, *, most: int = MOST) -> Directory:
    """Return the directory of those beyond the first `shown` of the ranking: at most so many."""
    statuses = ("insufficient", "excluded", "unmeasured")
    ranked = context.rated.slice(shown)
    unranked = context.results.filter(pl.col("status") != "rated").sort("id")
    lost = pl.DataFrame(
        [(one.id, one.name or one.id, "unmeasured") for one in context.evaluation.unrated],
        schema={"id": pl.String, "name": pl.String, "status": pl.String},
        orient="row",
    )
    rest = pl.concat([ranked, unranked, lost], how="diagonal_relaxed")
    held = rest.head(most)
    rated = pl.col("rank").is_not_null()
    return Directory(
        rank=tuple(held["rank"].to_list()),
        id=tuple(held["id"].to_list()),
        name=tuple(held.select(pl.when(pl.col("name") != pl.col("id")).then("name")).to_series().to_list()),
        score=tuple(held.select(pl.when(rated).then("score")).to_series().to_list()),
        grade=_places(held, "grade", tuple(context.grades)),
        classes=tuple(_places(held, f"class_{key}", tuple(names)) for key, names in context.classes.items()),
        status=_places(held, "status", statuses),
        grades=tuple(context.grades.values()),
        class_names=tuple(tuple(names.values()) for names in context.classes.values()),
        statuses=tuple(context.text(f"customer_status.{status}") for status in statuses),
        left=rest.height - held.height,
    )


def _places(frame: pl.DataFrame, column: str, known: tuple[str, ...]) -> tuple[int | None, ...]:
    """Return the place of each entry of a column among the known ones, None for any other."""
    places = {entry: place for place, entry in enumerate(known)}
    found = frame[column].cast(pl.String).replace_strict(places, default=None, return_dtype=pl.Int64)
    return tuple(found.to_list())
