"""The measures of a study: one row per customer, as of the day it looks back from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from evaluator.customers import CustomerOptions
from evaluator.data import Tables
from evaluator.errors import Issue, raise_errors
from evaluator.measuring import Measured, measured
from evaluator.study.setup import Setup
from evaluator.tree import Tree


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
    return measured(
        tables,
        tree,
        as_of=as_of or setup.file.as_of,
        period=period,
        options=setup.measuring,
        customers=customers or setup.file.customers,
        folder=setup.folder,
        ahead=True,  # `future_issues` has asked
    )


def future_issues(setup: Setup, tables: Tables, *, today: date | None = None) -> Iterator[Issue]:
    """Yield an issue where a study looks back from a day after tomorrow and does not say that it means to.

    The day is the one stated, else the day after the last order. What customers would do until then has
    not been seen, so that all of them would look as if they had stopped buying.
    """
    file, today = setup.file, today or date.today()
    days = (
        tables["orders"]["date"].cast(pl.Date).drop_nulls()
        if "orders" in tables
        else pl.Series([], dtype=pl.Date)
    )
    last = days.max()
    day = file.as_of or (last + timedelta(days=1) if isinstance(last, date) else today)
    if file.ahead or day <= today + timedelta(days=1):
        return
    seen = days.filter(days <= today).max()
    detail = {
        "today": today,
        "rows": int((days > today).sum()),
        "last": last or "–",
        "line": f"as_of: {(seen if isinstance(seen, date) else today) + timedelta(days=1)}",
    }
    key = ("as_of",) if file.as_of else ("tables", "orders")
    yield Issue("STUDY-358", str(day), detail, where=setup.where(key))
