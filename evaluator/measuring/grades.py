"""Grades (评语) given by raters: each stands for its score in the tree, and several raters combine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from evaluator.brief import Brief
from evaluator.columns import decimals_of, exact_mean, exact_sum
from evaluator.customers.orders import CUSTOMER_ID
from evaluator.data.conversion import Written, converted
from evaluator.data.header_names import plain
from evaluator.data.tables import Column, TableSchema
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, Severity, nearest
from evaluator.labels import PositiveCount
from evaluator.measuring.membership_functions import memberships, score_ladder
from evaluator.tree import Indicator, Tree
from evaluator.tree.types import Graded

PERIOD = Column("period", "text", headers=("quarter", "评价期", "期间", "时期", "季度", "期"))
GRADES = TableSchema(
    columns=(
        Column("rater", "id", required=True, headers=(
            "evaluator", "assessor", "评分人", "评价人", "评委", "打分人")),
        CUSTOMER_ID,
        Column("indicator", "text", required=True, headers=("criterion", "指标", "评价指标", "指标名称")),
        Column("grade", "text", required=True, headers=("rating", "score", "评语", "等级", "评分", "得分")),
        PERIOD,
    ),
    wide=("indicator", "grade"),
)  # fmt: skip

# The ways an indicator may be written; the later ones win where two are the same.
_WRITTEN: tuple[Callable[[Indicator], str], ...] = (
    lambda node: node.measure,
    lambda node: node.name.en,
    lambda node: node.name.zh,
    lambda node: node.id,
)
_SHOWN = 5
RATERS = pl.Schema(
    {"id": pl.String, "indicator": pl.String, "raters": pl.Int64, "score": pl.Float64, "spread": pl.Float64}
)


_SCORES = pl.col("score")


class RaterOptions(Format):
    """How the grades of several raters become one: their mean or median, from at least `minimum` raters.

    ``trimmed_mean`` leaves out one highest and one lowest grade where there are three or more. `votes`
    keeps besides how many raters gave each grade, for the fuzzy evaluation.
    """

    combine: Literal["mean", "median", "trimmed_mean"] = "mean"
    minimum: PositiveCount = 1
    votes: bool = False


@dataclass(frozen=True)
class Ratings(Brief):
    """Who gave which score, and how several combine.

    `given` is long, `rater`, `id`, `indicator` (the indicator's id) and `score`, each once.
    """

    given: pl.DataFrame
    combine: Literal["mean", "median", "trimmed_mean"] = "mean"


@dataclass(frozen=True)
class CombinedGrades(Displayed):
    """What the raters together say: `raters` and `ratings` as in `Measured`, and what was wrong.

    `votes` holds, with the option of that name, a row per customer and a column ``votes_<grade>@<measure>``
    per graded indicator that was rated; a score between two grades is a vote divided between them.
    """

    raters: pl.DataFrame
    ratings: Ratings
    issues: tuple[Issue, ...]
    votes: pl.DataFrame | None = None


def combine_grades(grades: pl.DataFrame, tree: Tree, *, options: RaterOptions) -> CombinedGrades:
    """Return the combined score of every customer and graded indicator.

    Parameters
    ----------
    grades : long, text columns `rater`, `id`, `indicator` (id, name in either language, or measure)
        and `grade` (id or name of a grade of the tree, or a score within its range).
    options : mean, median or trimmed mean, and the least number of raters; with fewer the score is
        missing.

    Returns
    -------
    CombinedGrades
        its issues: errors for no such grade, and two grades of one rater; warnings for no such graded
        indicator, and too few raters; a note for the same grade twice.
    """
    grades = grades.with_columns(pl.col("grade").cast(pl.String).str.strip_chars())
    indicators = _indicator_names(tree)
    scores = _grade_scores(grades["grade"], tree)
    written = grades["indicator"].unique().drop_nulls()
    leaves = {name: indicators.get(plain(name)) for name in written}
    leaf = pl.col("indicator").replace_strict(leaves, default=None, return_dtype=pl.String)
    read = grades.with_columns(leaf.alias("leaf"), scores.alias("score"))
    known = read.filter(pl.col("leaf").is_not_null())
    issues = [*_unknown_indicators(read, indicators), *_unknown_grades(known, tree)]
    known = known.filter(pl.col("score").is_not_null())
    issues.extend(_repeated(known))
    once = known.unique(["rater", "id", "leaf"], keep="first", maintain_order=True)
    combined = _combined(once, options)
    issues.extend(_too_few(combined, tree, options))
    votes = _votes(once, combined, tree) if options.votes else None
    given = once.select("rater", "id", "score", indicator="leaf")
    return CombinedGrades(combined, Ratings(given, options.combine), tuple(issues), votes)


def _votes(grades: pl.DataFrame, combined: pl.DataFrame, tree: Tree) -> pl.DataFrame:
    """Return the votes of the customers and indicators that have a combined score."""
    ladder = score_ladder(tree.grades)
    votes = pl.DataFrame(
        memberships(grades["score"].to_numpy(), ladder),
        schema=dict.fromkeys(ladder.centres, pl.Float64),
        orient="row",
    )
    rated = combined.filter(pl.col("score").is_not_null()).select("id", leaf="indicator")
    decimals = decimals_of(votes, list(ladder.centres), subject="grades")
    counted = (
        pl.concat([grades.select("id", "leaf"), votes], how="horizontal")
        .group_by("id", "leaf", maintain_order=True)
        .agg(exact_sum(pl.col(list(ladder.centres)), decimals))
        .join(rated, on=["id", "leaf"], how="semi", maintain_order="left")
    )
    wide = counted.select(pl.col("id").unique(maintain_order=True))
    for leaf in (node for node in tree.indicators if node.id in set(counted["leaf"])):
        named = [pl.col(grade).alias(vote_column(leaf, grade)) for grade in ladder.centres]
        own = counted.filter(pl.col("leaf") == leaf.id).select("id", *named)
        wide = wide.join(own, on="id", how="left", maintain_order="left")
    return wide


def _combined(grades: pl.DataFrame, options: RaterOptions) -> pl.DataFrame:
    score = _one_score(options.combine, decimals_of(grades, ["score"], subject="grades"))
    together = grades.group_by("id", pl.col("leaf").alias("indicator"), maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("raters"),
        score.alias("score"),
        (pl.col("score").max() - pl.col("score").min()).alias("spread"),
    )
    enough = pl.when(pl.col("raters") >= options.minimum).then(pl.col("score")).alias("score")
    return together.with_columns(enough).select(list(RATERS))


def _one_score(combine: str, decimals: int) -> pl.Expr:
    """Return what the scores of one customer's raters become together."""
    if combine == "median":
        return _SCORES.median()
    mean = exact_mean(_SCORES, decimals)
    if combine == "mean":
        return mean
    inner = (exact_sum(_SCORES, decimals) - _SCORES.max() - _SCORES.min()) / (pl.len() - 2)
    return pl.when(pl.len() >= 3).then(inner).otherwise(mean)


def _indicator_names(tree: Tree) -> dict[str, str]:
    graded = [node for node in tree.indicators if isinstance(node.scale, Graded)]
    names: dict[str, str] = {}
    for written in _WRITTEN:
        names |= {plain(written(node)): node.id for node in graded}
    return names


def _grade_scores(grades: pl.Series, tree: Tree) -> pl.Series:
    """Return the score each grade stands for; a bare number within the tree's range is a score itself."""
    named = {plain(word): score for word, score in reversed(grade_words(tree))}
    distinct = grades.unique().drop_nulls()
    numbers = converted(Written(distinct), Column("grade", "number"))["value"]
    low, high = tree.score_range
    scores: dict[str, float | None] = {}
    for grade, number in zip(distinct, numbers, strict=True):
        inside = number if number is not None and low <= number <= high else None
        scores[grade] = named.get(plain(grade), inside)
    return grades.replace_strict(scores, default=None, return_dtype=pl.Float64)


def grade_words(tree: Tree) -> tuple[tuple[str, float], ...]:
    """Return everything the grades of a tree are called, with the score each stands for."""
    return tuple(
        (word, grade.score) for grade in tree.grades for word in (grade.id, grade.name.zh, grade.name.en)
    )


def _unknown_indicators(grades: pl.DataFrame, indicators: Mapping[str, str]) -> Iterator[Issue]:
    unknown = grades.filter(pl.col("leaf").is_null())
    for name, count in unknown.group_by("indicator", maintain_order=True).len().iter_rows():
        hint = tuple(dict.fromkeys(indicators[key] for key in nearest(plain(name), indicators)))
        yield Issue("DATA-434", name, {"count": count}, hint, severity=Severity.WARNING)


def _unknown_grades(grades: pl.DataFrame, tree: Tree) -> Iterator[Issue]:
    names = [name for grade in tree.grades for name in (grade.id, grade.name.zh, grade.name.en)]
    unknown = grades.filter(pl.col("score").is_null())
    for grade, rows in unknown.group_by("grade", maintain_order=True):
        detail = {"count": rows.height, "examples": _who(rows)}
        yield Issue("DATA-440", str(grade[0]), detail, nearest(str(grade[0]), names))


def _repeated(grades: pl.DataFrame) -> Iterator[Issue]:
    key = ["rater", "id", "leaf"]
    several = grades.filter(pl.struct(key).is_duplicated())
    differs = pl.col("score").n_unique().over(key) > 1
    for code, rows, severity in (
        ("DATA-442", several.filter(differs), Severity.ERROR),
        ("DATA-443", several.filter(~differs), Severity.NOTE),
    ):
        if rows.height:
            cases = rows.unique(key, keep="first", maintain_order=True)
            detail = {"count": cases.height, "examples": _who(cases)}
            yield Issue(code, str(cases["rater"][0]), detail, severity=severity)


def _too_few(combined: pl.DataFrame, tree: Tree, options: RaterOptions) -> Iterator[Issue]:
    names = {leaf.id: leaf.called for leaf in tree.indicators}
    few = combined.filter(pl.col("raters") < options.minimum)
    for indicator, rows in few.group_by("indicator", maintain_order=True):
        ids = ", ".join(rows["id"].head(_SHOWN))
        detail = {"count": rows.height, "minimum": options.minimum, "examples": ids}
        yield Issue("DATA-438", names[str(indicator[0])], detail, severity=Severity.WARNING)


def _who(rows: pl.DataFrame) -> str:
    return ", ".join(
        " · ".join(row) for row in rows.select("rater", "id", "indicator").head(_SHOWN).iter_rows()
    )


def vote_column(leaf: Indicator, grade: str) -> str:
    """Return the column that holds how many raters gave an indicator a grade.

    >>> from evaluator.tree import load_tree
    >>> vote_column(load_tree("potential_value").nodes["trust"], "good")
    'votes_good@trust'
    """
    return f"votes_{grade}@{leaf.measure}"
