"""Satisfaction from a survey of pairs: what customers expected, what they perceived, how much it matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from evaluator.columns import at_most, exact_means, exact_sums, reaches, weighted_mean
from evaluator.customers.models.satisfaction.importance import derived_importance, importance_performance
from evaluator.customers.records import about, as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, Severity, nearest, raise_errors
from evaluator.labels import Id, Name, NonNegative, Positive
from evaluator.tree.types import Cut, MeanCut

STATES = ("below", "at", "above")
"""c < 1, c = 1, c > 1; names: ``customers.expectation.<id>``."""


class SurveyItem(Format):
    """An item of the survey: its name, its group, and which kind of expectation it answers to."""

    name: Name | None = None
    group: Id | None = None
    expectation: Literal["basic", "potential"] | None = None


class ItemGroup(Format):
    """A dimension of the survey; `weight` is its say in the weighted gap."""

    name: Name
    weight: Positive | None = None


class SatisfactionOptions(Format):
    """How the survey was asked, and what counts as meeting an expectation.

    Parameters
    ----------
    low, high : ends of the scale that expected and perceived were asked on.
    tolerance : c within 1 ± tolerance is at expectation; the literature names no band.
    items, groups : names, dimensions and kinds of expectation, by id.
    overall : the item that asks for satisfaction as a whole. It is no part of index and c; where nobody
        stated importances they are taken from its correlation with each item.
    own : the firm's brand, where the survey has a column `brand`.
    importance_cut, performance_cut : where the quadrants part; the means unless stated.
    """

    low: float = 1.0
    high: float = 10.0
    tolerance: NonNegative = 0.0
    items: dict[Id, SurveyItem] = {}
    groups: dict[Id, ItemGroup] = {}
    overall: Id | None = None
    own: str | None = None
    importance_cut: Cut = MeanCut(kind="mean")
    performance_cut: Cut = MeanCut(kind="mean")


@dataclass(frozen=True)
class Rivals(Displayed):
    """Satisfaction with the firm against that with its competitors, over the items that both were rated on.

    The answers to an item weigh what the item matters among the answers about the firm.

    Parameters
    ----------
    brands : `brand` (the firm's first), `respondents`, and the figures of `Satisfaction`; `relative`, the
        firm's index over that of the brand (Gale), missing for the firm itself.
    items : `item`, `own` and `rivals` (index of all answers about competitors), `gap` between them, and the
        `best` competitor with its index `best_index`.
    """

    brands: pl.DataFrame
    items: pl.DataFrame


@dataclass(frozen=True)
class Satisfaction(Displayed):
    """Satisfaction per item, group and customer. Every table has these columns:

    `answers` (pairs; where no expectations were asked, answers), `expected` and `perceived` (means of all
    that was said), `c` (weighted mean of the ratios b/a), `c_sums` (Σwb/Σwa), `gap` (weighted mean of
    b − a), `index` (0–100, of the perceived level on its scale), `state` (`STATES`, by `c`).

    Parameters
    ----------
    items : `item`, `group`, `importance` (mean), `quadrant` of importance and performance besides.
    groups : `group` besides; empty where no item has one.
    customers : `id`, `respondents` besides, and `basic` and `potential` (0–1): the perceived level of
        items of either kind of expectation, null where there are none.
    segments : `segment` of customers besides; empty where the answers have none.
    total : one row over everybody.
    weighted_gap : Σ w·gap over the groups, where each group states a weight (SERVQUAL); else None.
    importance : where the importances come from.
    rivals : the firm against competitors, where they were rated; everything else is of the firm alone.
    """

    items: pl.DataFrame
    groups: pl.DataFrame
    customers: Any
    segments: pl.DataFrame
    total: pl.DataFrame
    weighted_gap: float | None
    importance: Literal["stated", "derived", "none"]
    options: SatisfactionOptions
    issues: tuple[Issue, ...] = ()
    rivals: Rivals | None = None

    @property
    def paired(self) -> bool:
        """Whether expectations were asked as well; else there is an index alone."""
        return self.items["expected"].count() > 0


def satisfaction(answers: Any, *, options: SatisfactionOptions | None = None) -> Satisfaction:
    """Return satisfaction c = b/a, its gap and its index, per item, group and customer (D1).

    a is what was expected, b what was perceived. c classifies: below 1 disappointed, 1 as expected,
    above 1 better. Two readings stand side by side, Σw(b/a)/Σw and Σwb/Σwa; they differ where
    expectations do. The index, 100·(b − low)/(high − low), says how high the level is, which c does not:
    a low expectation met is c = 1. Neither replaces the other. w is the importance the respondent
    stated, else the item's mean; all alike where nobody stated any.

    Parameters
    ----------
    answers : one row per respondent and item: `id` (customer), `respondent` (default: the customer),
        `item`, `perceived`, and where asked `expected` and `importance` (at least 0), where known `segment`
        (of the customer); `brand` where competitors were rated too, of which `own` is then stated. An answer
        given by halves counts where its half is needed; an expectation of 0
        gives no ratio. Without expectations there is an index, and no c or gap.

    Raises
    ------
    EvaluationError
        as `records`, rows without item, answers beyond the scale, an item answered twice. A warning:
        importances of some items only.

    Limits: c above 1 may come from a low expectation; survey answers tell of those who answered.

    References
    ----------
    Oliver (1980), doi:10.1177/002224378001700405; Parasuraman, Zeithaml & Berry (1988), SERVQUAL,
    Journal of Retailing 64(1).

    >>> table = {"id": ["a", "a"], "item": ["speed", "price"], "expected": [8, 5], "perceived": [6, 5],
    ...          "importance": [3, 1]}
    >>> satisfaction(pl.DataFrame(table)).total.select("c", "c_sums", "gap").row(0)
    (0.8125, 0.793..., -1.5)
    """
    options = options or SatisfactionOptions()
    every = _answers(answers, options)
    table = every.filter(pl.col("brand") == options.own) if every["brand"].count() else every
    weighted, stated, issues = _with_weights(table, options)
    items = _items(weighted, table, stated, options)
    derived = not stated and items["importance"].count() > 0
    groups = _figures(weighted.drop_nulls("group"), ["group"], options)
    customers = _figures(weighted, ["id"], options).join(_people(weighted, options), on="id", how="left")
    return Satisfaction(
        items=items,
        groups=groups,
        customers=as_given(answers, customers),
        segments=_figures(weighted.drop_nulls("segment"), ["segment"], options),
        total=_figures(weighted, [], options),
        weighted_gap=_weighted_gap(groups, options),
        importance="stated" if stated else "derived" if derived else "none",
        options=options,
        issues=issues,
        rivals=_rivals(every, weighted, options) if table.height < every.height else None,
    )


def _answers(answers: Any, options: SatisfactionOptions) -> pl.DataFrame:
    """Return the survey read and checked, with the group and kind of every item."""
    table = records(
        answers,
        numbers=["expected", "perceived", "importance"],
        texts=["respondent", "item", "segment", "brand"],
        optional=["expected", "importance", "respondent", "segment", "brand"],
        non_negative=["importance"],
        repeated=True,
    ).with_columns(pl.coalesce("respondent", "id").alias("respondent"))
    issues = []
    if lacking := table["item"].null_count():
        issues.append(Issue("CUST-926", "item", {"count": lacking}))
    issues += list(_beyond(table, ("expected", "perceived"), options.low, options.high))
    issues += list(_unbranded(table, options.own))
    twice = table.filter(pl.struct("id", "respondent", "brand", "item").is_duplicated()).drop_nulls("item")
    if twice.height:
        pairs = twice.select("respondent", "item").unique().sort("respondent", "item").head(5).rows()
        shown = ", ".join("/".join(pair) for pair in pairs)
        issues.append(Issue("CUST-941", "survey", {"count": twice.height, "examples": shown}))
    raise_errors(issues)
    groups = {name: item.group for name, item in options.items.items() if item.group}
    kinds = {name: item.expectation for name, item in options.items.items() if item.expectation}
    return table.with_columns(
        pl.col("item").replace_strict(groups, default=None, return_dtype=pl.String).alias("group"),
        pl.col("item").replace_strict(kinds, default=None, return_dtype=pl.String).alias("expectation"),
    )


def _unbranded(table: pl.DataFrame, own: str | None) -> Iterator[Issue]:
    """Yield what is not known of the brands rated: which is the firm's, or which one a row is about."""
    brands = table["brand"].drop_nulls().unique().sort().to_list()
    if brands and own is None:
        yield Issue("CUST-928", "brand", {"option": "satisfaction.own"}, tuple(brands[:8]))
    elif own is not None and own not in brands:
        yield Issue("CLV-931", own, {"column": "brand"}, nearest(own, brands))
    if brands and (lacking := table["brand"].null_count()):
        yield Issue("CUST-926", "brand", {"count": lacking})


def _rivals(every: pl.DataFrame, own: pl.DataFrame, options: SatisfactionOptions) -> Rivals:
    [weight] = exact_means(own, "weight", subject="survey")
    matters = own.group_by("item").agg(weight)
    about_others = every.filter(pl.col("brand") != options.own)
    shared = matters.filter(pl.col("item").is_in(about_others["item"].implode()))
    both = every.join(shared, on="item", how="inner", maintain_order="left")
    mine = pl.col("brand") == options.own
    people = both.group_by("brand").agg(pl.col("respondent").n_unique().cast(pl.Int64).alias("respondents"))
    brands = people.join(_figures(both, ["brand"], options), on="brand").sort(~mine, "brand")
    whole = brands.filter(mine)["index"]
    relative = pl.when(~mine & (pl.col("index") > 0)).then(pl.lit(whole.first()) / pl.col("index"))
    each = _figures(both, ["brand", "item"], options).select("brand", "item", "index")
    best = each.filter(~mine).sort("item", -pl.col("index"), "brand").unique("item", keep="first")
    others = _figures(both.filter(~mine), ["item"], options).select("item", rivals="index")
    items = (
        each.filter(mine).select("item", own="index")
        .join(others, on="item").join(best.rename({"brand": "best", "index": "best_index"}), on="item")
        .with_columns((pl.col("own") - pl.col("rivals")).alias("gap"))
        .select("item", "own", "rivals", "gap", "best", "best_index").sort("gap", "item")
    )  # fmt: skip
    return Rivals(brands.with_columns(relative.alias("relative")), items)


def _beyond(table: pl.DataFrame, names: Sequence[str], low: float, high: float) -> Iterator[Issue]:
    for name in names:
        bad = table.filter(~(reaches(pl.col(name), low) & at_most(pl.col(name), high)))["id"]
        yield from about("CUST-940", name, bad, low=low, high=high)


def _with_weights(
    table: pl.DataFrame, options: SatisfactionOptions
) -> tuple[pl.DataFrame, bool, tuple[Issue, ...]]:
    """Return the items proper with the weight of each answer, and whether importances were stated."""
    asked = table.filter(pl.col("item") != options.overall) if options.overall else table
    [mean] = exact_means(asked, "importance", subject="survey")
    means = asked.group_by("item").agg(mean)["importance"]
    some, every = means.count() > 0, means.null_count() == 0
    issues: tuple[Issue, ...] = ()
    if some and not every:
        detail = {"count": means.null_count(), "items": len(means)}
        issues = (Issue("CUST-942", "importance", detail, severity=Severity.WARNING),)
    own = pl.coalesce("importance", mean.over("item")) if every else pl.lit(1.0)
    return asked.with_columns(own.alias("weight")), every, issues


def _figures(table: pl.DataFrame, keys: Sequence[str], options: SatisfactionOptions) -> pl.DataFrame:
    """Return the figures of satisfaction over all answers that share the keys."""
    a, b, w = pl.col("expected"), pl.col("perceived"), pl.col("weight")
    asked = table["expected"].count() > 0
    paired = a.is_not_null() & b.is_not_null()
    ratio = pl.when(a > 0).then(b / a)
    level = 100 * (b - options.low) / (options.high - options.low)
    both = exact_sums(table, subject="survey", b=pl.when(paired).then(w * b), a=pl.when(paired).then(w * a))
    figures = [
        (paired if asked else b.is_not_null()).sum().cast(pl.Int64).alias("answers"),
        *exact_means(table, "expected", "perceived", subject="survey"),
        _mean(table, ratio).alias("c"),
        pl.when(both["a"] > 0).then(both["b"] / both["a"]).alias("c_sums"),
        _mean(table, b - a).alias("gap"),
        _mean(table, level).alias("index"),
    ]
    found = table.group_by(keys).agg(figures).sort(keys) if keys else table.select(figures)
    c = pl.col("c")
    below, above = ~reaches(c, 1 - options.tolerance), ~at_most(c, 1 + options.tolerance)
    state = pl.when(below).then(pl.lit("below")).when(above).then(pl.lit("above")).otherwise(pl.lit("at"))
    return found.with_columns(pl.when(c.is_not_null()).then(state).alias("state"))


def _items(
    weighted: pl.DataFrame, table: pl.DataFrame, stated: bool, options: SatisfactionOptions
) -> pl.DataFrame:
    items = _figures(weighted.with_columns(pl.lit(1.0).alias("weight")), ["item"], options)
    groups = weighted.group_by("item").agg(pl.col("group").first())
    items = items.join(groups, on="item", how="left", maintain_order="left")
    if stated or options.overall is None:
        [stated_mean] = exact_means(weighted, "importance", subject="survey")
        mean = stated_mean if stated else pl.lit(None, pl.Float64).alias("importance")
        means = weighted.group_by("item").agg(mean)
    else:
        means = derived_importance(table, overall=options.overall)
    items = items.join(means.select("item", "importance"), on="item", how="left", maintain_order="left")
    quadrants = importance_performance(
        items.select(pl.col("item").alias("id"), "importance", pl.col("index").alias("performance")),
        importance_cut=options.importance_cut,
        performance_cut=options.performance_cut,
    )
    found = quadrants.frame.select(pl.col("id").alias("item"), "quadrant")
    order = [name for name in options.items if name in set(items["item"])]
    rest = [name for name in items["item"] if name not in order]
    placed = items.join(found, on="item", how="left", maintain_order="left")
    return pl.DataFrame({"item": [*order, *rest]}).join(placed, on="item", how="left", maintain_order="left")


def _people(weighted: pl.DataFrame, options: SatisfactionOptions) -> pl.DataFrame:
    """Return how many answered for each customer, and the level of basic and potential expectations, 0–1."""
    level = (pl.col("perceived") - options.low) / (options.high - options.low)
    of = {kind: pl.col("expectation") == kind for kind in ("basic", "potential")}
    return weighted.group_by("id").agg(
        pl.col("respondent").n_unique().cast(pl.Int64).alias("respondents"),
        *(_mean(weighted, pl.when(chosen).then(level)).alias(kind) for kind, chosen in of.items()),
    )


def _weighted_gap(groups: pl.DataFrame, options: SatisfactionOptions) -> float | None:
    weights = [options.groups[g].weight if g in options.groups else None for g in groups["group"]]
    gaps = groups["gap"].to_list()
    known = [(w, g) for w, g in zip(weights, gaps, strict=True) if w is not None and g is not None]
    if not known or len(known) < groups.height:
        return None
    return float(sum(w * gap for w, gap in known) / sum(w for w, _ in known))


def _mean(table: pl.DataFrame, value: pl.Expr) -> pl.Expr:
    return weighted_mean(table, value, pl.col("weight"), subject="survey")
