"""The measures of a study: one row per customer, as of the day it looks back from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import to_polars
from evaluator.customers import CustomerOptions
from evaluator.data import Tables
from evaluator.errors import Issue, Severity, raise_errors
from evaluator.measuring import Measured, measured, of_nobody
from evaluator.scoring import own_scales
from evaluator.study.setup import Setup
from evaluator.tree import Tree

_FAR, _DAYS = 31, 20


def measure_customers(
    setup: Setup,
    tree: Tree,
    tables: Tables,
    *,
    customers: CustomerOptions | None = None,
    as_of: date | None = None,
    period: str | None = None,
) -> Measured:
    """Return one row per customer with every measure of the tree.

    A study that states no table and asks experts has no customers yet: it is about the weights alone.

    Parameters
    ----------
    customers : options of the customer models as a model froze them; default: the study's.
    as_of : the day looked back from; default: the study's. period : which of several is measured.

    Raises
    ------
    EvaluationError
        for a day that lies ahead; those of `measuring.measured`.
    """
    raise_errors(tuple(future_issues(setup, tables)))
    if not tables.frames and setup.file.weighting.source != "given":
        said = Issue("STUDY-391", tree.id, where=setup.where(("tables",)), severity=Severity.WARNING)
        return replace(of_nobody(tree, as_of or setup.file.as_of or date.today()), issues=(said,))
    day = as_of or setup.file.as_of
    found = measured(
        tables,
        _scaled(setup, tree),
        as_of=day,
        period=period,
        options=setup.measuring,
        customers=customers or setup.file.customers,
        folder=setup.folder,
        ahead=True,  # `future_issues` has asked
    )
    return replace(found, issues=(*found.issues, *lone_last_order(setup, tables, day)))


def _scaled(setup: Setup, tree: Tree) -> Tree:
    """Return the tree with the study's own scales, which values are held against."""
    scales = {name: own for name, own in setup.file.scoring.scales.items() if name in tree.nodes}
    return own_scales(tree, scales)[0] if scales else tree


def future_issues(setup: Setup, tables: Tables, *, today: date | None = None) -> Iterator[Issue]:
    """Yield an issue where a study looks back from a day after tomorrow and does not say that it means to.

    The day is the one stated, else the day after the last order. What customers would do until then has
    not been seen, so that all of them would look as if they had stopped buying.
    """
    today = today or date.today()
    if "orders" not in tables:
        yield from _ahead(setup, None, today, 0, None)
        return
    days = tables["orders"]["date"].cast(pl.Date).drop_nulls()
    last, seen = days.max(), days.filter(days <= today).max()
    yield from _ahead(setup, last, today, int((days > today).sum()), seen)


def lone_last_order(setup: Setup, tables: Tables, as_of: date | None) -> Iterator[Issue]:
    """Yield a warning where the day looked back from rests on one customer's order far after all others.

    One mistyped year would let everybody seem to have stopped buying. Far is `_FAR` days, and three times as
    long as the longest time without an order before; of fewer than `_DAYS` days with orders nothing is said.
    """
    if "orders" not in tables:
        return
    orders = tables["orders"].with_columns(pl.col("date").cast(pl.Date)).drop_nulls("date")
    days = orders["date"].unique().sort()
    if len(days) < _DAYS:
        return
    before, last = days[-2], days[-1]
    gaps = days.diff().drop_nulls().dt.total_days()
    gap, usual = gaps[-1], int(gaps[:-1].max())  # type: ignore[arg-type]
    lines = orders.filter(pl.col("date") == last)
    alone = gap >= max(_FAR, 3 * usual) and lines["id"].n_unique() == 1
    if not alone or as_of not in (None, last + timedelta(days=1)):
        return
    order = lines["order"][0] if "order" in lines.columns else None
    mapping = setup.file.tables.get("orders")
    file = mapping.file if mapping and mapping.file else "orders"
    detail = {"last": last, "before": before, "gap": gap, "day": before + timedelta(days=1), "file": file}
    subject = " · ".join(str(part) for part in (lines["id"][0], order) if part is not None)
    where = setup.where(("as_of",) if setup.file.as_of else ("tables", "orders"))
    yield Issue("STUDY-399", subject, detail, where=where, severity=Severity.WARNING)


def future_day_issues(setup: Setup, orders: nw.LazyFrame[Any] | None) -> Iterator[Issue]:
    """Yield what `future_issues` does, of orders in an engine."""
    today = date.today()
    if orders is None:
        yield from _ahead(setup, None, today, 0, None)
        return
    day = nw.col("date").cast(nw.Date)
    seen = nw.when(day <= today).then(day)
    counts = (
        day.max().alias("last"),
        seen.max().alias("seen"),
        day.count().alias("days"),
        seen.count().alias("past"),
    )
    found = to_polars(orders.select(*counts)).row(0, named=True)
    yield from _ahead(setup, found["last"], today, found["days"] - found["past"], found["seen"])


def _ahead(setup: Setup, last: Any, today: date, rows: int, seen: Any) -> Iterator[Issue]:
    file = setup.file
    day = file.as_of or (last + timedelta(days=1) if isinstance(last, date) else today)
    if file.ahead or day <= today + timedelta(days=1):
        return
    detail = {
        "today": today,
        "rows": rows,
        "last": last or "–",
        "line": f"as_of: {(seen if isinstance(seen, date) else today) + timedelta(days=1)}",
    }
    key = ("as_of",) if file.as_of else ("tables", "orders")
    yield Issue("STUDY-358", str(day), detail, where=setup.where(key))
