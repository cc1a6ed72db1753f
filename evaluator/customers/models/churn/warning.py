"""Early warning: signs that a customer is leaving, joined to a risk from 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from evaluator.columns import at_most, decimals_of, enter, exact_sum, reaches, to_polars
from evaluator.customers.models.relation.states import rhythm
from evaluator.customers.orders import OrderLines, Span
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, raise_errors
from evaluator.labels import Id, Positive, Share

SIGNALS = {
    "interval_ratio": (1.0, 3.0),
    "order_change": (0.0, -0.2),
}
"""Signs with values found in practice, calm and alarm: days since the last purchase over the customer's
mean interval (above 2 to 3 is high), and orders against the period before (a fall of 20 % is a red light)."""

KNOWN = (
    *SIGNALS, "share_change", "overdue_days", "contract_days", "complaints", "open_days", "delivery_faults",
    "contact_changes", "absences", "interaction_change", "rival_quotes", "rival_entry", "business_trouble",
)  # fmt: skip
"""Every sign of the sub-tree of churn risk; those that are not in `SIGNALS` need the user's own values.
Names: ``customers.sign.<id>``."""


class WarningSign(Format):
    """A sign: the value at which nothing is to fear, the value at which the light is red, and its say."""

    calm: float
    alarm: float
    weight: Positive = 1.0


class WarningOptions(Format):
    """The signs that warn, and where risk is high.

    Parameters
    ----------
    signs : by name; besides or in place of `SIGNALS`. Their values belong to a trade and a firm.
    high : the risk from which a customer is listed.
    min_coverage : below which share of weight observed a customer has no risk.
    """

    signs: dict[Id, WarningSign] = {}
    high: float = 60.0
    min_coverage: Share = 0.5


@dataclass(frozen=True)
class ChurnRisk(Displayed):
    """Risk per customer.

    Parameters
    ----------
    frame : `id`, `risk` (0–100, null below the options' coverage), `red` (signs at alarm), `first` (the
        sign that adds most), `coverage`, `high`, and `sign_<name>` (0–100) per sign.
    signs : `sign`, `calm`, `alarm`, `weight` (of 1), `observed`, `red` (customers at alarm).
    """

    frame: Any
    signs: pl.DataFrame
    options: WarningOptions


def churn_risk(frame: Any, *, options: WarningOptions | None = None) -> ChurnRisk:
    """Return how likely customers look to leave, by the signs observed (D12).

    A sign counts 100·(x − calm)/(alarm − calm), clamped to 0–100; the risk is the weighted mean of the
    signs observed. It orders customers, it is no probability; see `rank_quality`.

    Parameters
    ----------
    frame : one row per customer: `id` and any of the signs (`KNOWN`, or the user's own), as numbers.

    Raises
    ------
    EvaluationError
        as `records`, calm equals alarm, none of the signs is in the table.

    Limits: weights are alike until stated or fitted; a sign nobody records warns of nothing.

    References
    ----------
    Rules of practice; the sub-tree of churn risk is reconstructed from Chinese texts.

    >>> table = pl.DataFrame({"id": ["a", "b"], "interval_ratio": [1.0, 2.5], "order_change": [0.1, -0.3]})
    >>> churn_risk(table).frame.select("risk", "red", "first").rows()
    [(0.0, 0, None), (87.5, 1, 'order_change')]
    """
    options = options or WarningOptions()
    known = {name: WarningSign(calm=c, alarm=a) for name, (c, a) in SIGNALS.items()} | options.signs
    columns = to_polars(enter(frame).frame).columns
    used = {name: sign for name, sign in known.items() if name in columns}
    issues = [Issue("CUST-947", n, {"value": s.calm}) for n, s in used.items() if s.calm == s.alarm]
    if not used:
        issues.append(Issue("CUST-948", "warning", {"measures": ", ".join(known)}))
    raise_errors(issues)
    table = records(frame, numbers=list(used))
    weights = {name: sign.weight / sum(s.weight for s in used.values()) for name, sign in used.items()}
    scored = table.with_columns(
        (100 * (pl.col(n) - s.calm) / (s.alarm - s.calm)).clip(0, 100).alias(f"sign_{n}")
        for n, s in used.items()
    ).with_columns(_joined(used, weights, options))
    lead = ["id", "risk", "red", "first", "coverage", "high"]
    found = scored.with_columns(reaches(pl.col("risk"), options.high).alias("high"))
    found = found.select(*lead, *(f"sign_{name}" for name in used))
    return ChurnRisk(as_given(frame, found), _signs(scored, used, weights), options)


def order_signs(orders: Any, *, as_of: date | None = None, months: int = 6) -> Any:
    """Return the signs that orders give: `id`, `interval_ratio`, `order_change`, sorted by id.

    `interval_ratio` is days since the last purchase over the customer's mean interval (missing below two
    purchases); `order_change` the net amount of the last `months` months against the `months` before,
    less 1 (missing where there was nothing before).

    Raises
    ------
    EvaluationError
        as `order_measures`.

    >>> days = [date(2024, 1, 10), date(2024, 3, 10), date(2024, 5, 9), date(2024, 7, 8)]
    >>> lines = pl.DataFrame({"id": ["a"] * 4, "date": days, "amount": [10.0, 10, 10, 5]})
    >>> order_signs(lines, as_of=date(2024, 8, 7), months=4).row(0)
    ('a', 0.5, -0.25)
    """
    read = OrderLines.read(orders)
    pace: pl.DataFrame = rhythm(read, as_of=as_of)
    lines = read.polars()
    end = as_of or date.fromordinal(int(str(lines["day"].max())) + 1)
    late, early = (Span(end, n * months).first.toordinal() for n in (1, 2))
    day, amount = pl.col("day"), pl.col("amount")
    decimals = decimals_of(lines, ["amount"])
    change = lines.group_by("id").agg(
        exact_sum(amount.filter((day >= late) & (day < end.toordinal())), decimals).alias("now"),
        exact_sum(amount.filter((day >= early) & (day < late)), decimals).alias("before"),
    )
    joined = pace.join(change, on="id", how="left", maintain_order="left").sort("id")
    ratio = pl.when(pl.col("interval") > 0).then(pl.col("recency") / pl.col("interval"))
    moved = pl.when(pl.col("before") > 0).then(pl.col("now") / pl.col("before") - 1)
    return as_given(orders, joined.select("id", ratio.alias("interval_ratio"), moved.alias("order_change")))


def _joined(
    used: Mapping[str, WarningSign], weights: Mapping[str, float], options: WarningOptions
) -> list[pl.Expr]:
    columns = {name: pl.col(f"sign_{name}") for name in weights}
    there = [pl.when(c.is_not_null()).then(weights[n]).otherwise(0.0) for n, c in columns.items()]
    covered = pl.sum_horizontal(there)
    parts = {n: (c * weights[n]).fill_null(0.0) for n, c in columns.items()}
    risk = pl.sum_horizontal(parts.values()) / covered
    most = pl.max_horizontal(parts.values())
    first = pl.coalesce(pl.when((part == most) & (most > 0)).then(pl.lit(n)) for n, part in parts.items())
    red = pl.sum_horizontal(_alarmed(n, s).fill_null(False).cast(pl.Int64) for n, s in used.items())
    enough = reaches(covered, options.min_coverage) & (covered > 0)
    return [
        pl.when(enough).then(risk).alias("risk"),
        red.alias("red"),
        first.alias("first"),
        covered.alias("coverage"),
    ]


def _alarmed(name: str, sign: WarningSign) -> pl.Expr:
    """Return whether a measure has come to the sign's alarm, from the side of its calm."""
    return (reaches if sign.alarm > sign.calm else at_most)(pl.col(name), sign.alarm)


def _signs(
    found: pl.DataFrame, used: Mapping[str, WarningSign], weights: Mapping[str, float]
) -> pl.DataFrame:
    rows = []
    for name, sign in used.items():
        column = found[f"sign_{name}"]
        red = int(found.select(_alarmed(name, sign)).to_series().sum())
        rows.append((name, sign.calm, sign.alarm, weights[name], column.count(), red))
    kinds = [pl.String, pl.Float64, pl.Float64, pl.Float64, pl.Int64, pl.Int64]
    names = ["sign", "calm", "alarm", "weight", "observed", "red"]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")
