"""Whom to win back first, and what that may bring."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import Any

import polars as pl

from evaluator.columns import reaches
from evaluator.columns.cuts import cut_values
from evaluator.customers.models.churn.rates import CAUSES, ChurnOptions
from evaluator.customers.records import about, as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.labels import Share
from evaluator.messages import Term
from evaluator.tree.types import Cut, QuantileCut

POLICIES = ("by_all_means", "if_it_fits", "let_cool", "give_up")
"""极力挽回、见机行事、冷处理、彻底放弃; names: ``customers.policy.<id>``."""


class WinbackOptions(Format):
    """How lost customers are valued; the literature gives the policies, not their numbers.

    Parameters
    ----------
    controllable : how far the firm can undo a cause, 0–1, by cause; a cause that is not listed counts 1
        where it is on the firm's side and 0 otherwise.
    value_cut : two cuts of value: small below, important above; the median and the upper fifth of those
        lost are proposed. Whoever brings nothing, or left with malice, is given up.
    """

    controllable: dict[str, Share] = {}
    value_cut: Cut = QuantileCut(kind="quantile", at=(0.5, 0.8))


class WinbackChoice(WinbackOptions):
    """Win-back with the share of a customer's orders that is margin, where no value is stated."""

    margin_rate: Share | None = None


@dataclass(frozen=True)
class Winback(Displayed):
    """Lost customers by priority.

    Parameters
    ----------
    frame : `id`, `value`, `returns` (probability), `cause`, `controllable` (0–1), `cost`, `regained`
        (value·returns·controllable), `priority` (regained − cost), `policy`, `rank`; highest first.
    regained, cost : sums over those worthwhile (priority above 0, not given up).
    worthwhile : how many those are.
    cuts : of value, between small, ordinary and important.
    """

    frame: Any
    regained: float
    cost: float
    worthwhile: int
    cuts: tuple[float, ...]
    options: WinbackOptions
    issues: tuple[Issue, ...] = ()


def winback(frame: Any, *, options: WinbackOptions | None = None) -> Winback:
    """Rank lost customers by what winning them back is worth (D12).

    priority = value·P(return)·controllability − cost. The policy goes by value: important ones by all
    means, ordinary ones if it fits, small ones let cool, and given up whoever brings nothing or left with
    malice.

    Parameters
    ----------
    frame : one row per lost customer: `id`, `value` (money still to come, such as a year's margin), `returns`
        (probability 0–1), and where known `cause` (id, see `CAUSES`) and `cost` (of the attempt; 0 where the
        table has none).

    Raises
    ------
    EvaluationError
        as `records`, an unknown cause, not two cuts, no value known, a probability outside 0–1. A warning:
        customers without a priority.

    Limits: probabilities are judged or fitted elsewhere; where no cause is known nothing says whether it
    can be undone, and controllability counts 1.

    References
    ----------
    Policies as in Chinese textbooks of customer relationship management; the priority is ours.

    >>> table = {"id": ["a", "b"], "value": [900.0, 500.0], "returns": [0.5, 0.4], "cost": [50.0, 300.0]}
    >>> winback(pl.DataFrame(table)).frame.select("id", "priority", "rank").rows()
    [('a', 400.0, 1), ('b', -100.0, 2)]
    """
    options = options or WinbackOptions()
    table = records(
        frame,
        numbers=["value", "returns", "cost"],
        texts=["cause"],
        optional=["cause", "cost"],
        non_negative=["cost"],
    )
    _refuse(table, options)
    known = table["value"].drop_nulls().to_numpy()
    cuts = cut_values(options.value_cut, known, "value")
    if len(cuts) != 2:
        raise EvaluationError([Issue("CUST-909", "value", {"cuts": ", ".join(map(str, cuts)), "count": 2})])
    own = ChurnOptions().controllable
    whole = {cause: float(cause in own) for cause in CAUSES} | dict(options.controllable)
    undone = pl.col("cause").replace_strict(whole, default=None, return_dtype=pl.Float64).fill_null(1.0)
    cost = pl.col("cost").fill_null(0.0) if not table["cost"].count() else pl.col("cost")
    found = table.with_columns(undone.alias("controllable"), cost.alias("cost")).with_columns(
        (pl.col("value") * pl.col("returns") * pl.col("controllable")).alias("regained"),
        _policy(cuts).alias("policy"),
    )
    found = found.with_columns((pl.col("regained") - pl.col("cost")).alias("priority"))
    rank = pl.col("priority").rank("min", descending=True).cast(pl.Int64).alias("rank")
    found = found.with_columns(rank).sort(["priority", "id"], descending=[True, False], nulls_last=True)
    worthwhile = found.filter((pl.col("priority") > 0) & (pl.col("policy") != "give_up"))
    first = ["id", "value", "returns", "cause", "controllable", "cost"]
    return Winback(
        as_given(frame, found.select(*first, "regained", "priority", "policy", "rank")),
        fsum(worthwhile["regained"]),
        fsum(worthwhile["cost"]),
        worthwhile.height,
        cuts,
        options,
        tuple(_unranked(found)),
    )


def _refuse(table: pl.DataFrame, options: WinbackOptions) -> None:
    causes = table["cause"].drop_nulls().unique().sort().to_list()
    named = dict.fromkeys(causes, "cause") | dict.fromkeys(options.controllable, "controllable")
    issues = [
        Issue("CUST-908", cause, {"column": column}, nearest(cause, CAUSES))
        for cause, column in named.items()
        if cause not in CAUSES
    ]
    if table.filter((pl.col("returns") < 0) | (pl.col("returns") > 1)).height:
        issues.append(Issue("CUST-920", "returns"))
    raise_errors(issues)


def _policy(cuts: tuple[float, ...]) -> pl.Expr:
    value = pl.col("value")
    return (
        pl.when((value <= 0) | (pl.col("cause") == "malicious")).then(pl.lit("give_up"))
        .when(reaches(value, cuts[1])).then(pl.lit("by_all_means"))
        .when(reaches(value, cuts[0])).then(pl.lit("if_it_fits"))
        .when(value.is_not_null()).then(pl.lit("let_cool"))
    )  # fmt: skip


def _unranked(found: pl.DataFrame) -> list[Issue]:
    unknown = found.filter(pl.col("priority").is_null())["id"]
    return [*about("CUST-918", Term("customers.what.priority"), unknown, severity=Severity.WARNING)]
