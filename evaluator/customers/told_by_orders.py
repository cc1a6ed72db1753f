"""What orders tell of who customers are: who looks after them, and where they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals as nw

from evaluator.columns import to_polars
from evaluator.errors import Issue, Severity
from evaluator.messages import Term

TOLD = ("owner", "region")
"""The columns of customers that may stand among the orders instead."""
_SHOWN = 3

Frame = nw.LazyFrame[Any]


def told_by_orders(customers: Frame | None, orders: Frame, *, as_of: date | None = None) -> Frame | None:
    """Return the table of customers with what the orders say besides: of each customer, what the latest says.

    What the table of customers says itself stays. Whoever stands in the orders alone is added; where there is
    no such table, it is made of the orders. None where the orders say nothing of the kind.

    Parameters
    ----------
    as_of : the day looked back from; later orders say nothing. Of several on the latest day, the last in the
        alphabet counts.

    >>> import polars as pl
    >>> orders = {"id": ["C1", "C1", "C2"], "owner": ["Li", "Wu", "Li"], "date": [date(2024, 1, d) for d in (1, 9, 5)]}
    >>> customers = {"id": ["C1", "C2"], "owner": ["Zhou", None]}
    >>> of = lambda data: nw.from_native(pl.LazyFrame(data))
    >>> told_by_orders(of(customers), of(orders)).collect().to_dict(as_series=False)
    {'id': ['C1', 'C2'], 'owner': ['Zhou', 'Li']}
    >>> told_by_orders(None, of(orders)).sort("id").collect().to_dict(as_series=False)
    {'id': ['C1', 'C2'], 'owner': ['Wu', 'Li']}
    """  # noqa: E501
    there = orders.collect_schema()
    told = [name for name in TOLD if name in there]
    if not told:
        return None
    orders = _until(orders.filter(~nw.col("id").is_null()), as_of)
    found = _with_customers_of(orders, customers)
    known = found.collect_schema().names()
    for name in told:
        found = found.join(_latest(orders, name), on="id", how="left")
        if name in known:
            own = nw.col(name).cast(nw.String)
            own = nw.when(own.str.strip_chars() != "").then(own)
            found = found.with_columns(nw.coalesce(own, nw.col(f"{name}_told")).alias(name))
        else:
            found = found.with_columns(nw.col(f"{name}_told").alias(name))
    return found.select(*dict.fromkeys([*known, *told]))


def several_told(orders: Frame, *, as_of: date | None = None) -> Iterator[Issue]:
    """Yield a note for each column in which the orders say several things of one customer."""
    there = orders.collect_schema()
    for name in (name for name in TOLD if name in there):
        pairs = _until(orders, as_of).select("id", name).drop_nulls().unique()
        several = pairs.group_by("id").agg(nw.len().alias("several")).filter(nw.col("several") > 1)
        shown = to_polars(several.select("id").sort("id"))["id"].to_list()
        if shown:
            examples = ", ".join(map(str, shown[:_SHOWN])) + (" …" if len(shown) > _SHOWN else "")
            detail = {"count": len(shown), "column": Term(f"data.told.{name}"), "examples": examples}
            yield Issue("DATA-603", Term("table.orders"), detail, severity=Severity.NOTE)


def _until(orders: Frame, as_of: date | None) -> Frame:
    return orders if as_of is None else orders.filter(nw.col("date").cast(nw.Date) < as_of)


def _with_customers_of(orders: Frame, customers: Frame | None) -> Frame:
    """Return the table of customers with a row for everybody who stands in the orders alone."""
    everybody = orders.select("id").unique()
    if customers is None:
        return everybody
    schema = customers.collect_schema()
    others = everybody.join(customers.select("id"), on="id", how="anti")
    empty = (nw.lit(None).cast(kind).alias(name) for name, kind in schema.items() if name != "id")
    return nw.concat([customers, others.with_columns(*empty).select(*schema.names())])


def _latest(orders: Frame, name: str) -> Frame:
    """Return what the latest order that says something says of each customer, as `<name>_told`."""
    said = orders.select("id", "date", nw.col(name).cast(nw.String).str.strip_chars().alias(f"{name}_told"))
    said = said.filter(nw.col(f"{name}_told") != "")
    last = said.group_by("id").agg(nw.col("date").max().alias("_last"))
    latest = said.join(last, on="id").filter(nw.col("date") == nw.col("_last"))
    return latest.group_by("id").agg(nw.col(f"{name}_told").max())
