"""How able the firm is to manage its customer relations: index, abilities, gaps, trend, influences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import polars as pl
from pydantic import Field

from evaluator.columns import exact_means
from evaluator.customers.models.firm.structures import CapabilityStructure, capability_structure
from evaluator.customers.ranks import spearman
from evaluator.customers.records import about, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, Severity, not_among, raise_errors
from evaluator.labels import Id, Positive, PositiveCount

LOW, HIGH = 1.0, 5.0


class CapabilityOptions(Format):
    """How the firm's capability is judged.

    Parameters
    ----------
    weights : of abilities and items by id, for example from judgments; alike where nothing is stated.
    targets : of items, abilities or (as `index`) the whole, 0–100; gaps are told where there is one.
    least_raters : below how many raters an item is marked.
    """

    weights: dict[Id, Positive] = {}
    targets: dict[Id, Annotated[float, Field(ge=0, le=100)]] = {}
    least_raters: PositiveCount = 3


@dataclass(frozen=True)
class Capability(Displayed):
    """The firm's capability, of its latest period; all indices 0–100.

    Parameters
    ----------
    index : weighted mean of the abilities; None where one of them has no rating.
    abilities : `ability`, `index`, `weight`, `coverage` (share of weight rated), `target`, `gap`.
    items : `item`, `ability`, `raters`, `score` (mean 1–5), `spread` (highest less lowest), `index`,
        `target`, `gap`, `few` (fewer raters than the options ask for).
    factors : `factor`, `raters`, `score` (mean 1–5), weakest first.
    bonds : `ability`, `factor`, `raters`, `correlation` (Spearman over raters of their own means of the
        ability and their rating of the factor), for the weakest ability; null below four raters.
    trend : `period`, `ability` (or ``index``), `index`; empty without periods.
    period : the latest, or None.
    """

    index: float | None
    abilities: pl.DataFrame
    items: pl.DataFrame
    factors: pl.DataFrame
    bonds: pl.DataFrame
    trend: pl.DataFrame
    period: str | None
    structure: CapabilityStructure
    options: CapabilityOptions
    issues: tuple[Issue, ...] = ()

    @property
    def gap(self) -> float | None:
        """The target of the index less the index; None where either is not there."""
        target = self.options.targets.get("index")
        return None if target is None or self.index is None else target - self.index


def capability(
    ratings: Any, *, structure: CapabilityStructure | None = None, options: CapabilityOptions | None = None
) -> Capability:
    """Return the CRM capability index of a firm (F1) with its influence factors (F2).

    Item index = 100·(mean − 1)/4 over the raters, an ability the weighted mean of its items rated, the
    index that of the abilities; gap = target − index.

    Parameters
    ----------
    ratings : one row per rater and item: `id` (item or factor), `rater`, `score` (1–5), and where there
        were several `period`, as text that sorts, such as 2025 or 2025Q3; the latest counts.

    Raises
    ------
    EvaluationError
        as `records`; a score outside 1–5; an item rated twice by one rater in one period; an item, a weight's
        or a target's name that is not known. A warning: items with few raters.

    Limits: self-judged. Correlations over a handful of raters point, they do not prove.

    References
    ----------
    Abilities and factors as in Chinese textbooks (邵兵家); most items are reconstructed and say so.

    >>> rows = {"id": ["market_feedback", "delivery", "retention"], "rater": ["r"] * 3, "score": [3, 4, 5]}
    >>> found = capability(pl.DataFrame(rows))
    >>> found.index, found.abilities["index"].to_list()
    (75.0, [50.0, 75.0, 100.0])
    """
    structure, options = structure or capability_structure(), options or CapabilityOptions()
    table = records(
        ratings, numbers=["score"], texts=["rater", "period"], optional=["rater", "period"], repeated=True
    ).with_columns(pl.col("rater").fill_null("–"))
    _refuse(table, structure, options)
    periods = table["period"].drop_nulls().unique().sort().to_list()
    latest = periods[-1] if periods else None
    now = table.filter(pl.col("period") == latest) if latest is not None else table
    items = _items(now, structure, options)
    abilities = _abilities(items, structure, options)
    few = items.filter("few")["item"].to_list()
    issues: tuple[Issue, ...] = ()
    if few:
        detail = {"count": len(few), "least": options.least_raters, "items": ", ".join(few[:5])}
        issues = (Issue("CUST-953", "capability", detail, severity=Severity.WARNING),)
    return Capability(
        index=_index(abilities),
        abilities=abilities,
        items=items,
        factors=_factors(now, structure),
        bonds=_bonds(now, abilities, structure),
        trend=_trend(table, periods, structure, options),
        period=latest,
        structure=structure,
        options=options,
        issues=issues,
    )


def _refuse(table: pl.DataFrame, structure: CapabilityStructure, options: CapabilityOptions) -> None:
    items = [item.id for _, item in structure.items()]
    abilities, factors = [a.id for a in structure.abilities], [f.id for f in structure.factors]
    wrong = table.filter((pl.col("score") < LOW) | (pl.col("score") > HIGH))["id"]
    issues = [*about("CUST-940", "score", wrong, low=LOW, high=HIGH)]
    twice = table.filter(pl.struct("id", "rater", "period").is_duplicated() & (pl.col("rater") != "–"))
    if twice.height:
        shown = ", ".join(twice["id"].unique().sort().head(5))
        issues.append(Issue("CUST-941", "capability", {"count": twice.height, "examples": shown}))
    named: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
        "capability": (table["id"].unique().sort().to_list(), [*items, *factors]),
        "weights": (list(options.weights), [*items, *abilities]),
        "targets": (list(options.targets), [*items, *abilities, "index"]),
    }
    for column, (names, known) in named.items():
        issues += not_among("CUST-908", names, known, {"column": column})
    raise_errors(issues)


def _items(now: pl.DataFrame, structure: CapabilityStructure, options: CapabilityOptions) -> pl.DataFrame:
    rows = [
        (item.id, ability.id, options.weights.get(item.id, item.weight), options.targets.get(item.id))
        for ability, item in structure.items()
    ]
    known = pl.DataFrame(
        rows,
        schema={"item": pl.String, "ability": pl.String, "weight": pl.Float64, "target": pl.Float64},
        orient="row",
    )
    score = pl.col("score")
    rated = (
        now.drop_nulls("score")
        .group_by(pl.col("id").alias("item"))
        .agg(
            pl.len().cast(pl.Int64).alias("raters"),
            *exact_means(now, "score", subject="capability"),
            (score.max() - score.min()).alias("spread"),
        )
    )
    index = 100 * (score - LOW) / (HIGH - LOW)
    return (
        known.join(rated, on="item", how="left", maintain_order="left")
        .with_columns(pl.col("raters").fill_null(0), index.alias("index"))
        .with_columns(
            (pl.col("target") - pl.col("index")).alias("gap"),
            pl.col("raters").is_between(1, options.least_raters - 1).alias("few"),
        )
        .select("item", "ability", "weight", "raters", "score", "spread", "index", "target", "gap", "few")
    )


def _abilities(
    items: pl.DataFrame, structure: CapabilityStructure, options: CapabilityOptions
) -> pl.DataFrame:
    rows = []
    total = sum(options.weights.get(a.id, a.weight) for a in structure.abilities)
    for ability in structure.abilities:
        own = items.filter(pl.col("ability") == ability.id)
        rated = own.drop_nulls("index")
        covered = float(rated["weight"].sum())
        weights = rated["weight"].to_numpy()
        index = float(rated["index"].to_numpy() @ weights / weights.sum()) if covered else None
        target = options.targets.get(ability.id)
        gap = None if index is None or target is None else target - index
        weight = options.weights.get(ability.id, ability.weight) / total
        rows.append((ability.id, index, weight, covered / float(own["weight"].sum()), target, gap))
    names = ["index", "weight", "coverage", "target", "gap"]
    schema = {"ability": pl.String} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def _index(abilities: pl.DataFrame) -> float | None:
    if abilities["index"].null_count():
        return None
    return float(abilities["index"].to_numpy() @ abilities["weight"].to_numpy())


def _factors(now: pl.DataFrame, structure: CapabilityStructure) -> pl.DataFrame:
    known = pl.DataFrame({"factor": [f.id for f in structure.factors]}, schema={"factor": pl.String})
    rated = (
        now.drop_nulls("score")
        .group_by(pl.col("id").alias("factor"))
        .agg(pl.len().cast(pl.Int64).alias("raters"), *exact_means(now, "score", subject="capability"))
    )
    found = known.join(rated, on="factor", how="inner", maintain_order="left")
    return found.sort("score", maintain_order=True)


def _bonds(now: pl.DataFrame, abilities: pl.DataFrame, structure: CapabilityStructure) -> pl.DataFrame:
    """Return how raters' views of the factors go with their views of the weakest ability."""
    schema = {"ability": pl.String, "factor": pl.String, "raters": pl.Int64, "correlation": pl.Float64}
    known = abilities.drop_nulls("index").sort("index", maintain_order=True)
    if not known.height:
        return pl.DataFrame(schema=schema)
    weakest = known["ability"][0]
    own = [item.id for ability, item in structure.items() if ability.id == weakest]
    [view] = exact_means(now, "score", subject="capability")
    views = now.filter(pl.col("id").is_in(own)).group_by("rater").agg(view=view).sort("rater")
    rows = []
    for factor in structure.factors:
        both = views.join(now.filter(pl.col("id") == factor.id), on="rater").drop_nulls(["view", "score"])
        enough = both.height >= 4
        rho = spearman(both["view"].to_numpy(), both["score"].to_numpy()) if enough else float("nan")
        if both.height:
            rows.append((weakest, factor.id, both.height, None if np.isnan(rho) else rho))
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.sort("correlation", descending=True, nulls_last=True, maintain_order=True)


def _trend(
    table: pl.DataFrame, periods: Sequence[str], structure: CapabilityStructure, options: CapabilityOptions
) -> pl.DataFrame:
    rows: list[tuple[str, str, float | None]] = []
    for period in periods:
        items = _items(table.filter(pl.col("period") == period), structure, options)
        abilities = _abilities(items, structure, options)
        rows += [
            (period, ability, index) for ability, index in abilities.select("ability", "index").iter_rows()
        ]
        rows.append((period, "index", _index(abilities)))
    schema = {"period": pl.String, "ability": pl.String, "index": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
