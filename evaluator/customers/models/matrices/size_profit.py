"""Customers by how large they are and how much of it is profit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum, reaches
from evaluator.columns.cuts import cut_values
from evaluator.customers.records import as_given, records
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue
from evaluator.tree.types import Cut, QuantileCut


class SizeProfitOptions(Format):
    """Where small, medium and large, and low and high margin, part; thirds and median unless stated."""

    size_cut: Cut = QuantileCut(kind="quantile", at=(1 / 3, 2 / 3))
    margin_cut: Cut = QuantileCut(kind="quantile", at=(0.5,))


@dataclass(frozen=True)
class SizeProfit(Displayed):
    """Customers by size and margin (B10).

    Parameters
    ----------
    frame : `id`, `size`, `profit`, `margin` (profit / size), `size_class`, `margin_class`.
    table : per pair of classes: `size_class`, `margin_class`, `customers`, `size`, `profit`, `margin`,
        and with capacity `capacity` and `profit_per_capacity`.
    """

    frame: Any
    table: pl.DataFrame
    cuts: Mapping[str, tuple[float, ...]]


def size_profit(
    frame: Any,
    *,
    size: str = "size",
    profit: str = "profit",
    capacity: str | None = None,
    options: SizeProfitOptions | None = None,
) -> SizeProfit:
    """Cross customers by how large they are and how much of it is profit, margin = profit / size.

    Large customers ask for service and discounts, small ones pay full price but cost to deal with:
    the table shows which really earn. A customer of size 0 has no margin and stands in no cell.

    Parameters
    ----------
    frame : one row per customer with `id`, `size` (revenue or volume, at least 0), `profit` (money) and,
        where given, `capacity` (hours, storage, machine time taken up).

    Raises
    ------
    EvaluationError
        as `records`; cuts that do not rise, or nobody to take them from.

    Limits: classes are relative to the customers in the table unless the cuts are stated.

    References
    ----------
    Large, medium and small customers after Chinese textbooks of CRM; the cross-table is ours.

    >>> table = pl.DataFrame({"id": ["a", "b", "c"], "size": [1.0, 10, 100], "profit": [0.1, 4, 5]})
    >>> size_profit(table).frame.select("size_class", "margin_class").rows()
    [('small', 'high'), ('medium', 'high'), ('large', 'low')]
    """
    options = options or SizeProfitOptions()
    numbers = [size, profit, *([capacity] if capacity else [])]
    table = records(frame, numbers=numbers, non_negative=[size, *([capacity] if capacity else [])])
    table = table.rename({size: "size", profit: "profit"} | ({capacity: "capacity"} if capacity else {}))
    table = table.with_columns(
        pl.when(pl.col("size") > 0).then(pl.col("profit") / pl.col("size")).alias("margin")
    )
    levels = {"size": ("small", "medium", "large"), "margin": ("low", "high")}
    cuts = {}
    for column, cut in (("size", options.size_cut), ("margin", options.margin_cut)):
        cuts[column] = cut_values(cut, table[column].drop_nulls().to_numpy(), column)
        if len(cuts[column]) != len(levels[column]) - 1:
            detail = {"cuts": ", ".join(map(str, cuts[column])), "count": len(levels[column]) - 1}
            raise EvaluationError([Issue("CUST-909", column, detail)])
        level = pl.lit(levels[column][0])
        for at, name in zip(cuts[column], levels[column][1:], strict=True):
            level = pl.when(reaches(pl.col(column), at)).then(pl.lit(name)).otherwise(level)
        known = pl.col(column).is_not_null()
        table = table.with_columns(pl.when(known).then(level).alias(f"{column}_class"))
    return SizeProfit(as_given(frame, table), _crossed(table, levels, capacity is not None), cuts)


def _crossed(table: pl.DataFrame, levels: Mapping[str, tuple[str, ...]], capacity: bool) -> pl.DataFrame:
    cells = pl.DataFrame({"size_class": levels["size"]}).join(
        pl.DataFrame({"margin_class": levels["margin"]}), how="cross"
    )
    sums = ["size", "profit", *(["capacity"] if capacity else [])]
    totals = [exact_sum(pl.col(name), decimals_of(table, [name], subject=name)).alias(name) for name in sums]
    counted = table.group_by("size_class", "margin_class").agg(
        pl.len().cast(pl.Int64).alias("customers"), *totals
    )
    joined = cells.join(counted, on=["size_class", "margin_class"], how="left", maintain_order="left")
    joined = joined.with_columns(pl.col("customers", *sums).fill_null(0)).with_columns(
        pl.when(pl.col("size") > 0).then(pl.col("profit") / pl.col("size")).alias("margin")
    )
    if capacity:
        per = pl.when(pl.col("capacity") > 0).then(pl.col("profit") / pl.col("capacity"))
        joined = joined.with_columns(per.alias("profit_per_capacity"))
    return joined
