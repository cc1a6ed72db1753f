"""Two evaluations side by side: who changed, by how much, and which kind of change did it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from evaluator.analysis.class_moves import class_moves, unlike_classes
from evaluator.analysis.indicator_shares import by_indicator
from evaluator.analysis.mixture_scores import LAST, OF_DATA, Mixed, cells, mixed
from evaluator.analysis.mixtures import SWITCHES, Mixture, Side, differences
from evaluator.columns import TOLERANCE, enter, mean_of, to_polars
from evaluator.errors import Issue, Severity
from evaluator.evaluation import Comparison, Evaluation
from evaluator.labels import Text
from evaluator.messages import Term
from evaluator.scoring.model import Model
from evaluator.scoring.ranking import ranked
from evaluator.scoring.score_steps import score

STANDINGS = ("compared", "rated", "unrated", "new", "gone", "neither")
_TIMES = ("last", "now")


def compare(last: Evaluation | Side, now: Evaluation | Side) -> Comparison:
    """Return what changed between two evaluations, shared out among six kinds of change.

    ``values`` are measures known both times, ``missing`` those known one time only, ``weights`` the weights
    with syntheses and profiles, ``scales`` the scales with what they rest on, ``rules`` bonuses and vetoes,
    ``conventions`` which score leads, what stands in for missing measures and where classes are cut. The
    change of a customer's score before gates is shared out by Shapley values among those that differ: it
    adds up whatever the synthesis, and `compare(b, a)` says the opposite of `compare(a, b)`.

    Who is rated in one evaluation only is listed apart; in the mean of all they make the composition.
    Where the trees are built differently, scores and classes stand side by side and are not taken apart.

    Parameters
    ----------
    last, now : evaluations, or what was kept of them: model and measures (`Side`).

    Raises
    ------
    EvaluationError
        as `scoring.score`.

    References
    ----------
    Shapley (1953), doi:10.1515/9781400881970-018; to take apart a change of results: Shorrocks (2013),
    doi:10.1007/s10888-011-9214-z.

    >>> import polars as pl
    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> first = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> model = fit(tree, weigh(tree), first)
    >>> later = first.with_columns(pl.exclude("id") * 3)
    >>> found = compare(Side(model, first), Side(model, later))
    >>> found.switches, found.counts["compared"], found.compared == found.steps["values"]
    (('values',), 2, True)
    """
    before, after = _side(last), _side(now)
    customers = _standing(_results(last, before), _results(now, after))
    both = customers.filter(pl.col("standing") == "compared")
    unlike = differences(before.model.tree, after.model.tree)
    parts = None
    if not unlike and len(both):
        mixture = Mixture(before.model, after.model)
        known = cells(mixture, before, after, both["id"])
        parts = mixed(mixture, known)
        shares = _shares(parts, both["id"]).hstack(_reasons(mixture, parts, known))
        customers = customers.join(shares, on="id", how="left", maintain_order="left")
    means = [mean_of(customers.filter(_rated(time))[f"score_{time}"]) for time in _TIMES]
    compared = mean_of(both["change"]) or 0.0
    return Comparison(
        title=last.title if isinstance(last, Evaluation) else Text(zh="", en=""),
        as_of=last.provenance.as_of if isinstance(last, Evaluation) else before.model.as_of,
        switches=parts.switches if parts else (),
        customers=customers,
        moves=class_moves(before.model, after.model, both, parts),
        last=means[0],
        now=means[1],
        compared=compared,
        steps={s: float(np.mean(parts.shares[:, SWITCHES.index(s)])) for s in parts.switches}
        if parts
        else {},
        composition=(means[1] or 0.0) - (means[0] or 0.0) - compared,
        counts={s: customers.filter(pl.col("standing") == s).height for s in STANDINGS},
        halfway=int(parts.halfway.sum()) if parts else 0,
        issues=tuple(_issues(before.model, after.model, unlike, len(both))),
    )


def _side(one: Evaluation | Side) -> Side:
    if isinstance(one, Evaluation):
        return Side(one.model, one.measured.frame)
    return Side(one.model, to_polars(enter(one.measures).frame))


def _results(one: Evaluation | Side, side: Side) -> pl.DataFrame:
    found: pl.DataFrame = (
        one.results if isinstance(one, Evaluation) else ranked(score(side.model, side.measures))
    )
    return found


def _standing(last: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the customers of both evaluations, this one's first, with how they stand in each."""
    first, second = (_compared_columns(frame, time) for frame, time in zip((last, now), _TIMES, strict=True))
    both = second.join(first, on="id", how="full", coalesce=True, maintain_order="left_right")
    was, is_ = (pl.col(f"status_{time}") for time in _TIMES)
    rated_before, rated = was == "rated", is_ == "rated"
    standing = (
        pl.when(was.is_null() & rated).then(pl.lit("new"))
        .when(is_.is_null() & rated_before).then(pl.lit("gone"))
        .when(rated & rated_before).then(pl.lit("compared"))
        .when(rated).then(pl.lit("rated"))
        .when(rated_before).then(pl.lit("unrated"))
        .otherwise(pl.lit("neither"))
    )  # fmt: skip
    change = pl.when(pl.col("standing") == "compared").then(pl.col("score_now") - pl.col("score_last"))
    name = pl.coalesce("name_now", "name_last", "id")
    found = both.with_columns(name.alias("name"), standing.alias("standing")).with_columns(change=change)
    return found.select("id", "name", "standing", *_pairs(found), "change")


def _compared_columns(results: pl.DataFrame, time: str) -> pl.DataFrame:
    classes = [name for name in results.columns if name.startswith("class_")]
    name = pl.col("name" if "name" in results.columns else "id")
    columns = [pl.col(column) for column in ("status", "score", "rank", "grade", *classes)]
    rated = [pl.when(pl.col("status") == "rated").then(column) for column in columns[1:]]
    told = results.select("id", name.alias("name"), columns[0], *rated)
    return told.rename({column: f"{column}_{time}" for column in told.columns if column != "id"})


def _pairs(found: pl.DataFrame) -> Iterator[str]:
    """Yield what is known of both times, last time's before this one's."""
    stems = (name.rpartition("_")[0] for name in found.columns if name.endswith(("_last", "_now")))
    for stem in dict.fromkeys(stems):
        if stem not in ("name", "status"):
            yield from (f"{stem}_{time}" for time in _TIMES if f"{stem}_{time}" in found.columns)


def _rated(time: str) -> pl.Expr:
    return pl.col(f"score_{time}").is_not_null()


def _shares(parts: Mixed, ids: pl.Series) -> pl.DataFrame:
    columns = {switch: parts.shares[:, place] for place, switch in enumerate(SWITCHES)}
    return pl.DataFrame({"id": ids, **columns})


def _reasons(mixture: Mixture, parts: Mixed, known: pl.DataFrame) -> pl.DataFrame:
    """Return the switch that did most to each customer's change, the indicator of it and what it added.

    Most is what lies furthest in the direction of the whole change; a score that stays has no reason. Of
    values and missing data the points are those of the indicator, of the other switches those of the switch.
    """
    change = parts.scores[:, 1] - parts.scores[:, 0]
    direction = np.sign(change)
    most = np.argmax(parts.shares * direction[:, None], axis=1)
    moved = np.abs(change) > TOLERANCE
    leaves = np.array([leaf.id for leaf in mixture.tree.indicators], dtype=object)
    indicator = np.full(len(change), None, dtype=object)
    points = np.where(moved, parts.shares[np.arange(len(change)), most], np.nan)
    others = np.zeros(len(change), dtype=np.int64)
    for place, switch in enumerate(SWITCHES):
        told = np.flatnonzero(moved & (most == place))
        if switch not in parts.leaves or not len(told):
            continue
        of_data = switch in OF_DATA
        through = by_indicator(mixture, known, parts, switch) if of_data else parts.leaves[switch]
        towards = through[told, : len(leaves)] * direction[told, None]
        leaf = np.argmax(towards, axis=1)
        named = towards[np.arange(len(told)), leaf] > TOLERANCE
        rows, leaf = told[named], leaf[named]
        indicator[rows] = leaves[leaf]
        if of_data:
            points[rows] = through[rows, leaf]
            others[rows] = (np.abs(through[rows]) > TOLERANCE).sum(1) - 1
    reason = [SWITCHES[m] if there else None for m, there in zip(most, moved, strict=True)]
    found = pl.DataFrame(
        {"reason": reason, "indicator": indicator.tolist()}, schema=dict.fromkeys(_REASON, pl.String)
    )
    return found.with_columns(
        pl.Series("points", points).fill_nan(None),
        pl.Series("others", others),
        **_measures(found["indicator"], known),
    )


_REASON = ("reason", "indicator")


def _measures(indicator: pl.Series, known: pl.DataFrame) -> dict[str, pl.Series]:
    """Return the measure of the indicator of each row, last time and now; null where it is a category."""
    found = {}
    for time, ending in (("last", LAST), ("now", "")):
        values = np.full(len(indicator), np.nan)
        for leaf in indicator.drop_nulls().unique():
            column = known[f"measure_{leaf}{ending}"]
            if column.dtype.is_numeric():
                rows = (indicator == leaf).fill_null(False).to_numpy()
                values[rows] = column.to_numpy()[rows]
        found[f"measure_{time}"] = pl.Series(values).fill_nan(None)
    return found


def _issues(last: Model, now: Model, unlike: dict[str, tuple[str, ...]], both: int) -> Iterator[Issue]:
    """Yield what two evaluations cannot be compared in, and what differs besides the six switches."""
    for kind, names in unlike.items():
        detail = {"kind": Term(f"comparison.unlike.{kind}"), "names": ", ".join(names)}
        yield Issue("SCORE-681", now.tree.id, detail, severity=Severity.WARNING)
    if not both:
        yield Issue("SCORE-682", now.tree.id, severity=Severity.WARNING)
    for name in unlike_classes(last.tree, now.tree):
        yield Issue("SCORE-683", name, severity=Severity.WARNING)
    ends = last.conventions.min_coverage, now.conventions.min_coverage
    if ends[0] != ends[1]:
        yield Issue("SCORE-684", "", {"last": ends[0], "now": ends[1]}, severity=Severity.NOTE)
