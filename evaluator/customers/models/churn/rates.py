"""Churn counted and weighted by value, active and passive, with its causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.records import about, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, Severity, not_among, raise_errors

CAUSES: Mapping[str, str] = {
    "product_quality": "firm",
    "service_quality": "firm",
    "staff_left": "firm",
    "no_innovation": "firm",
    "abandoned": "firm",
    "rival_offer": "customer",
    "need_changed": "customer",
    "malicious": "customer",
    "objective": "customer",
}
"""Causes and whose they are: 产品质量、服务质量、员工跳槽、缺乏创新、主动放弃 of the firm, 被竞争对手吸引、
需求变化、恶意离开、客观缘由 of the customer. Names: ``customers.churn_cause.<id>``."""

KINDS = ("active", "passive")
"""Active (主动): needs not met, or not told what there is; passive (被动): not paying, not watched for it.
Names: ``customers.churn_kind.<id>``."""

_FIRMS_OWN = tuple(cause for cause, whose in CAUSES.items() if whose == "firm")


class ChurnOptions(Format):
    """Which causes the firm could have acted on; those on its own side unless stated."""

    controllable: tuple[str, ...] = _FIRMS_OWN


@dataclass(frozen=True)
class Churn(Displayed):
    """Churn of a period.

    Parameters
    ----------
    start, lost : customers at the start, and those of them lost in the period.
    rate, value_rate : lost over start, by customers and by value (None where no value is known).
    kinds : `kind`, `customers`, `share` of those lost; null where nobody said.
    causes : most frequent first: `cause`, `whose` (firm, customer), `controllable`, `customers`, `share`,
        `cumulative`, `value`; null for those without a stated cause, last.
    controllable, value_controllable : share of those lost with a cause, by customers and by value.
    segments : `segment`, `start`, `lost`, `rate`, `value_rate`; empty without segments.
    lost_customers : `id`, `value`, `kind`, `cause` (ids, null where not known) of those lost.
    """

    start: int
    lost: int
    rate: float
    value_rate: float | None
    kinds: pl.DataFrame
    causes: pl.DataFrame
    controllable: float | None
    value_controllable: float | None
    segments: pl.DataFrame
    lost_customers: pl.DataFrame
    options: ChurnOptions
    issues: tuple[Issue, ...] = ()


def churn(customers: Any, events: Any, *, options: ChurnOptions | None = None) -> Churn:
    """Return churn rates and causes of a period (D11).

    rate = lost/start; value_rate = value lost/value at the start, which tells whether the lost ones
    mattered; the Pareto of causes goes by customers.

    Parameters
    ----------
    customers : one row per customer at the start of the period: `id`, and where known `value` (money a
        year, at least 0) and `segment`.
    events : one row per customer lost: `id`, and where known `kind` (active, passive) and `cause`, by id
        or by its name in either language.

    Raises
    ------
    EvaluationError
        as `records`; an unknown kind, cause, or controllable cause. A warning: events of customers who were
        not there at the start; they are not counted.

    Limits: causes are what was recorded, often by those who caused them.

    References
    ----------
    Causes as in Chinese textbooks (邵兵家); active and passive likewise.

    >>> there = pl.DataFrame({"id": list("abcd"), "value": [70.0, 10, 10, 10]})
    >>> gone = pl.DataFrame({"id": ["a"], "kind": ["active"], "cause": ["rival_offer"]})
    >>> found = churn(there, gone)
    >>> found.rate, found.value_rate, found.controllable
    (0.25, 0.7, 0.0)
    """
    options = options or ChurnOptions()
    base = records(
        customers, numbers=["value"], texts=["segment"], optional=["value", "segment"], non_negative=["value"]
    )
    lost = records(events, texts=["kind", "cause"], optional=["kind", "cause"])
    lost = lost.with_columns(
        _named(lost["kind"], "kind", dict.fromkeys(KINDS, ""), "churn_kind"),
        _named(lost["cause"], "cause", CAUSES, "churn_cause"),
    )
    raise_errors(not_among("CUST-908", options.controllable, CAUSES, {"column": "controllable"}))
    gone = base.join(lost, on="id", how="inner", maintain_order="left")
    causes = _causes(gone, options)
    stated = causes.drop_nulls("cause")
    strangers = lost.filter(~pl.col("id").is_in(base["id"].implode()))["id"]
    return Churn(
        start=base.height,
        lost=gone.height,
        rate=gone.height / base.height,
        value_rate=_part(gone["value"], base["value"]),
        kinds=_kinds(gone),
        causes=causes,
        controllable=_part(stated.filter("controllable")["customers"], stated["customers"]),
        value_controllable=_part(stated.filter("controllable")["value"], stated["value"]),
        segments=_segments(base, gone),
        lost_customers=gone.select("id", "value", "kind", "cause"),
        options=options,
        issues=tuple(about("CUST-951", "churn_events", strangers, severity=Severity.WARNING)),
    )


def _named(column: pl.Series, name: str, known: Mapping[str, str], family: str) -> pl.Series:
    """Return ids of what is written as an id or as a name in either language."""
    names = {key: key for key in known}
    for language in messages.LANGUAGES:
        names |= {messages.text(f"customers.{family}.{key}", language): key for key in known}
    said = column.str.strip_chars()
    words = filter(None, said.drop_nulls().unique().sort())
    raise_errors(not_among("CUST-908", words, names, {"column": name}))
    return said.replace_strict(names, default=None, return_dtype=pl.String)


def _part(some: pl.Series, whole: pl.Series) -> float | None:
    total = fsum(whole.drop_nulls())
    return fsum(some.drop_nulls()) / total if total > 0 else None


def _kinds(gone: pl.DataFrame) -> pl.DataFrame:
    counted = gone.group_by("kind").agg(pl.len().cast(pl.Int64).alias("customers"))
    order = pl.DataFrame({"kind": [*KINDS, None]}, schema={"kind": pl.String})
    found = order.join(counted, on="kind", how="left", nulls_equal=True, maintain_order="left")
    found = found.with_columns(pl.col("customers").fill_null(0))
    found = found.filter(pl.col("kind").is_not_null() | (pl.col("customers") > 0))
    return found.with_columns((pl.col("customers") / max(gone.height, 1)).alias("share"))


def _causes(gone: pl.DataFrame, options: ChurnOptions) -> pl.DataFrame:
    total = exact_sum(pl.col("value"), decimals_of(gone, ["value"], subject="customers"))
    counted = gone.group_by("cause").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.when(pl.col("value").count() > 0).then(total).alias("value"),
    )
    whose = pl.col("cause").replace_strict(dict(CAUSES), default=None, return_dtype=pl.String)
    acted = pl.when(pl.col("cause").is_not_null()).then(pl.col("cause").is_in(options.controllable))
    found = counted.with_columns(whose.alias("whose"), acted.alias("controllable"))
    found = found.sort(
        pl.col("cause").is_null(), pl.col("customers"), pl.col("cause"), descending=[False, True, False]
    )
    share = pl.col("customers") / max(gone.height, 1)
    return found.with_columns(share.alias("share"), share.cum_sum().alias("cumulative")).select(
        "cause", "whose", "controllable", "customers", "share", "cumulative", "value"
    )


def _segments(base: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    known = base.drop_nulls("segment")
    lost = pl.col("id").is_in(gone["id"].implode())
    value, decimals = pl.col("value"), decimals_of(known, ["value"], subject="customers")
    total = exact_sum(value, decimals)
    rate = exact_sum(value.filter(lost), decimals) / total
    return (
        known.group_by("segment")
        .agg(
            pl.len().cast(pl.Int64).alias("start"),
            lost.sum().cast(pl.Int64).alias("lost"),
            lost.mean().alias("rate"),
            pl.when(total > 0).then(rate).alias("value_rate"),
        )
        .sort("segment")
    )
