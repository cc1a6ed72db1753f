"""What customer relationship management achieves, in four views, against stated targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.columns import at_most, reaches, weighted_mean
from evaluator.customers.records import records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, nearest, not_among, raise_errors
from evaluator.labels import Id, Positive

VIEWS = ("knowledge", "interaction", "value", "relationship")
"""客户知识、客户互动、客户价值、关系与满意; names: ``customers.view.<id>``."""

FIGURES: Mapping[str, str] = {
    "data_completeness": "knowledge",
    "valid_customers": "knowledge",
    "new_customers": "knowledge",
    "analysis_use": "knowledge",
    "security_incidents": "knowledge",
    "campaign_response": "interaction",
    "response_time": "interaction",
    "first_contact_resolution": "interaction",
    "channel_coverage": "interaction",
    "contact_cost": "interaction",
    "value_retention": "value",
    "margin_per_customer": "value",
    "clv_total": "value",
    "cross_selling": "value",
    "acquisition_cost": "value",
    "satisfaction_index": "relationship",
    "complaint_rate": "relationship",
    "loyalty_index": "relationship",
    "nps": "relationship",
    "brand_image": "relationship",
}
"""The figures of each view; names: ``customers.figure.<id>``. Others may be added with their view."""


_ORDER = pl.col("view").replace_strict({view: n for n, view in enumerate(VIEWS)}, return_dtype=pl.Int64)


class PerformanceOptions(Format):
    """The say of each view and figure, by id; alike where nothing is stated."""

    weights: dict[Id, Positive] = {}


@dataclass(frozen=True)
class Performance(Displayed):
    """Attainment of targets.

    Parameters
    ----------
    figures : `figure`, `view`, `actual`, `baseline`, `target`, `attainment` (0–100, clamped; null where
        one of the three is not known), `state` (reached, on_the_way, not_begun, unknown).
    views : `view`, `attainment` (weighted mean of what is known), `figures`, `reached`, `unknown`.
    attainment : weighted mean of the views known; None where none is.
    """

    figures: pl.DataFrame
    views: pl.DataFrame
    attainment: float | None
    options: PerformanceOptions


def performance(figures: Any, *, options: PerformanceOptions | None = None) -> Performance:
    """Return how far targets of CRM performance are attained, per figure and view (F3).

    attainment = 100·(actual − baseline)/(target − baseline), clamped to 0–100; a target below the
    baseline (a cost, a rate of complaints) is attained by falling. Without target and baseline a figure has
    no attainment: nothing says what would be good.

    Parameters
    ----------
    figures : one row per figure: `id`, `actual`, and where stated `baseline`, `target`, `view` (needed for
        figures that are not in `FIGURES`).

    Raises
    ------
    EvaluationError
        as `records`; an unknown view, or a figure without one; target equals baseline.

    Limits: as good as the targets; attainment of different figures is comparable only in this sense.

    References
    ----------
    Kim, Suh & Hwang (2003), doi:10.1002/dir.10051, for the four views; figures reconstructed.

    >>> rows = {"id": ["nps", "complaint_rate"], "actual": [30.0, 0.03], "baseline": [20.0, 0.05],
    ...         "target": [40.0, 0.01]}
    >>> performance(pl.DataFrame(rows)).figures["attainment"].round(6).to_list()
    [50.0, 50.0]
    """
    options = options or PerformanceOptions()
    numbers = ["actual", "baseline", "target"]
    table = records(figures, numbers=numbers, texts=["view"], optional=["baseline", "target", "view"])
    view = pl.coalesce(
        "view", pl.col("id").replace_strict(dict(FIGURES), default=None, return_dtype=pl.String)
    )
    table = table.with_columns(view.alias("view"))
    issues = [
        Issue("CUST-908", str(who if seen is None else seen), {"column": "view"}, nearest(str(who), FIGURES))
        for who, seen in table.select("id", "view").iter_rows()
        if seen not in VIEWS
    ]
    same = table.filter(pl.col("baseline") == pl.col("target"))
    issues += [Issue("CUST-947", who, {"value": at}) for who, at in same.select("id", "target").iter_rows()]
    known = [*VIEWS, *table["id"]]
    issues += not_among("CUST-908", options.weights, known, {"column": "weights"})
    raise_errors(issues)
    share = (pl.col("actual") - pl.col("baseline")) / (pl.col("target") - pl.col("baseline"))
    attained = (100 * share).clip(0, 100)
    found = table.with_columns(attained.alias("attainment")).with_columns(_state().alias("state"))
    views = _views(found, options)
    rated = views.drop_nulls("attainment")
    weights = [options.weights.get(name, 1.0) for name in rated["view"]]
    total = sum(w * a for w, a in zip(weights, rated["attainment"], strict=True))
    return Performance(
        found.sort(_ORDER, maintain_order=True).select(
            pl.col("id").alias("figure"), "view", *numbers, "attainment", "state"
        ),
        views,
        total / sum(weights) if weights else None,
        options,
    )


def _state() -> pl.Expr:
    done = pl.col("attainment")
    return (
        pl.when(reaches(done, 100.0)).then(pl.lit("reached"))
        .when(~at_most(done, 0.0)).then(pl.lit("on_the_way"))
        .when(done.is_not_null()).then(pl.lit("not_begun"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip


def _views(found: pl.DataFrame, options: PerformanceOptions) -> pl.DataFrame:
    stated = {name: w for name, w in options.weights.items() if name not in VIEWS}
    weight = pl.col("id").replace_strict(stated, default=1.0, return_dtype=pl.Float64)
    mean = weighted_mean(found, pl.col("attainment"), weight, subject="performance")
    return (
        found.group_by("view", maintain_order=True)
        .agg(
            mean.alias("attainment"),
            pl.len().cast(pl.Int64).alias("figures"),
            (pl.col("state") == "reached").sum().cast(pl.Int64).alias("reached"),
            (pl.col("state") == "unknown").sum().cast(pl.Int64).alias("unknown"),
        )
        .sort(_ORDER)
    )
