"""Of which kind a customer's loyalty is: by attitude and buying, by its cause, by its direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import polars as pl
from pydantic import Field

from evaluator.columns import decimals_of, exact_sum, reaches
from evaluator.customers.records import about, as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import Issue, Severity
from evaluator.labels import Share
from evaluator.messages import Term

CAUSES = ("monopoly", "inertia", "latent", "convenience", "price", "incentive", "premium")
"""垄断、惰性、潜在、便利、价格、激励、超值忠诚; names: ``customers.cause.<id>``."""

REASONS = ("inertia", "convenience", "price", "incentive")

SEGMENTS = ("emotive", "inertial", "deliberative", "lifestyle", "reassessing", "dissatisfied")
"""情感型、惯性型、理智型忠诚, then downward 生活方式转变型、理智型、不满意型; names:
``customers.segment.<id>``."""

_UP = {"emotive": "emotional", "inertial": "inertia", "deliberative": "rational"}
_DOWN = {"lifestyle": "lifestyle", "reassessing": "rational", "dissatisfied": "dissatisfied"}


class CauseOptions(Format):
    """From where repeat buying (share of months, 0–1) and attachment (1–5) count as high.

    The literature names no cuts; the middles of both scales are proposed.
    """

    repeat: Share = 0.5
    attachment: Annotated[float, Field(ge=1, le=5)] = 3.0


@dataclass(frozen=True)
class LoyaltyTypes(Displayed):
    """`frame`: `id` and the type (null where nothing tells it); `counts`: per type, in the order of the
    theory, `customers` and `share` of those with a type."""

    frame: Any
    counts: pl.DataFrame
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class AttitudeSegments(Displayed):
    """Six segments of attitude.

    Parameters
    ----------
    frame : `id`, `segment`, `direction` (up, down; null where the trend is not known).
    counts : per segment: `customers`, `share`, and with a spend `spend` and `spend_share`.
    up, down : share of customers spending as much or more, and less, of those with a trend; null without.
    """

    frame: Any
    counts: pl.DataFrame
    up: float | None
    down: float | None
    issues: tuple[Issue, ...] = ()


def loyalty_causes(frame: Any, *, options: CauseOptions | None = None) -> LoyaltyTypes:
    """Name the cause of each customer's loyalty, one of seven (D7).

    The first rule that holds decides: one supplier at most, monopoly; attached but held from buying by
    a restriction, latent; buying much and attached, premium; else the strongest of the stated reasons
    inertia, convenience, price, incentive (of equal ones the first named here).

    Parameters
    ----------
    frame : one row per customer: `id` and where known `suppliers`, `restricted` (0/1), `repeat_rate`
        (0–1), `attachment` (1–5) and the reasons `inertia`, `convenience`, `price`, `incentive` (1–5).

    Raises
    ------
    EvaluationError
        as `records`. A warning: customers of whom nothing tells the cause.

    Limits: reasons are what customers say; the cuts are proposals.

    References
    ----------
    Types as in Chinese textbooks (邵兵家); Griffin (1995), Customer Loyalty, for attachment and repeat
    buying; the order of the rules is ours.

    >>> table = {"id": ["a", "b"], "suppliers": [1, 5], "convenience": [None, 5], "price": [None, 2]}
    >>> loyalty_causes(pl.DataFrame(table)).frame["cause"].to_list()
    ['monopoly', 'convenience']
    """
    options = options or CauseOptions()
    known = ["suppliers", "restricted", "repeat_rate", "attachment", *REASONS]
    table = records(frame, numbers=known, optional=known, non_negative=["suppliers"])
    attached = reaches(pl.col("attachment"), options.attachment)
    often = reaches(pl.col("repeat_rate"), options.repeat)
    cause = (
        pl.when(pl.col("suppliers") <= 1)
        .then(pl.lit("monopoly"))
        .when(attached & (pl.col("restricted") > 0) & ~often.fill_null(False))
        .then(pl.lit("latent"))
        .when(attached & often)
        .then(pl.lit("premium"))
        .otherwise(_strongest({reason: reason for reason in REASONS}))
    )
    found = table.select("id", cause.alias("cause"))
    return LoyaltyTypes(
        as_given(frame, found), _counts(found, "cause", CAUSES), _unknown_issues(found, "cause")
    )


def attitude_segments(frame: Any, *, flat: float = 0.0) -> AttitudeSegments:
    """Place customers in six segments by the direction of their spending and the attitude behind it (D8).

    Spending that does not fall (trend ≥ −flat) makes a loyalist: emotive, inertial or deliberative, by
    the strongest of the attitudes `emotional`, `inertia`, `rational`. Falling spending makes a downward
    migrator by the strongest reason: `lifestyle` (needs changed), `rational` (weighing alternatives) or
    `dissatisfied`.

    Parameters
    ----------
    frame : one row per customer: `id`, `spend_trend` (any unit, 0 is level) and where known those five
        scores (1–5) and `spend` (money).
    flat : a fall of so much still counts as level.

    Raises
    ------
    EvaluationError
        as `records`, `spend` below 0.

    Limits: who has no trend or no stated attitude stands in no segment, and is counted.

    References
    ----------
    Coyles & Gokey (2002), Customer retention is not enough, McKinsey Quarterly 2002(2).

    >>> table = {"id": ["a", "b"], "spend_trend": [0.1, -0.2], "emotional": [5, 2], "dissatisfied": [1, 4]}
    >>> attitude_segments(pl.DataFrame(table)).frame["segment"].to_list()
    ['emotive', 'dissatisfied']
    """
    scores = ["emotional", "inertia", "rational", "lifestyle", "dissatisfied"]
    table = records(
        frame,
        numbers=["spend_trend", *scores, "spend"],
        optional=[*scores, "spend"],
        non_negative=["spend"],
    )
    up = reaches(pl.col("spend_trend"), -flat)
    direction = pl.when(up).then(pl.lit("up")).when(up.is_not_null()).then(pl.lit("down"))
    segment = pl.when(up).then(_strongest(_UP)).when(~up).then(_strongest(_DOWN))
    found = table.with_columns(segment.alias("segment"), direction.alias("direction"))
    counts = _counts(found, "segment", SEGMENTS)
    if table["spend"].count():
        known = found.drop_nulls("segment")
        added = exact_sum(pl.col("spend"), decimals_of(known, ["spend"], subject="spend"))
        spent, total = known.group_by("segment").agg(added), float(known.select(added).item())
        counts = counts.join(spent, on="segment", how="left", maintain_order="left").with_columns(
            pl.col("spend").fill_null(0.0)
        )
        share = pl.col("spend") / total if total > 0 else pl.lit(None, pl.Float64)
        counts = counts.with_columns(share.alias("spend_share"))
    told = found["direction"].drop_nulls()
    rising = float((told == "up").sum() / len(told)) if len(told) else None
    return AttitudeSegments(
        as_given(frame, found.select("id", "segment", "direction")),
        counts,
        rising,
        None if rising is None else 1 - rising,
        _unknown_issues(found, "segment"),
    )


def _strongest(named: Mapping[str, str]) -> pl.Expr:
    """Return the name whose column is highest; null where none is known."""
    highest = pl.max_horizontal(named.values())
    return pl.coalesce(
        pl.when(pl.col(column) == highest).then(pl.lit(name)) for name, column in named.items()
    )


def _counts(found: pl.DataFrame, column: str, order: tuple[str, ...]) -> pl.DataFrame:
    counted = found.group_by(column).agg(pl.len().cast(pl.Int64).alias("customers"))
    whole = max(found[column].count(), 1)
    return (
        pl.DataFrame({column: order})
        .join(counted, on=column, how="left", maintain_order="left")
        .with_columns(pl.col("customers").fill_null(0))
        .with_columns((pl.col("customers") / whole).alias("share"))
    )


def _unknown_issues(found: pl.DataFrame, column: str) -> tuple[Issue, ...]:
    unknown = found.filter(pl.col(column).is_null())["id"]
    return tuple(about("CUST-918", Term(f"customers.what.{column}"), unknown, severity=Severity.WARNING))
