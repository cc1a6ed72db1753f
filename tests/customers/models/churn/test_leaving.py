"""Who is on record as lost is told by it, whatever the orders before; contracts end on their day."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from evaluator.actions.flags import raise_flags, shipped_flags
from evaluator.customers import Sources

AS_OF = date(2025, 1, 1)
LEFT = pl.DataFrame({"id": ["a", "b", "d"], "date": [date(2024, 6, 1), date(2024, 6, 1), date(2024, 2, 2)]})
ORDERS = pl.DataFrame(
    {
        "id": ["a", "b", "b", "c"],
        "date": [date(2024, 5, 1), date(2024, 5, 1), date(2024, 7, 1), date(2024, 8, 1)],
        "amount": [10.0, 10.0, 10.0, 10.0],
    }
)


def test_who_bought_after_having_left_is_back() -> None:
    sources = Sources({"churn_events": LEFT, "orders": ORDERS}, as_of=AS_OF)
    assert sources.columns(["churned"]).rows() == [("a", 1), ("b", 0), ("c", 0), ("d", 1)]


def test_without_orders_the_record_alone_tells() -> None:
    customers = pl.DataFrame({"id": ["a", "c"]})
    sources = Sources({"churn_events": LEFT, "customers": customers}, as_of=AS_OF)
    assert sources.columns(["churned"]).rows() == [("a", 1), ("b", 1), ("c", 0), ("d", 1)]


def test_who_leaves_after_the_day_has_not_left() -> None:
    sources = Sources({"churn_events": LEFT, "orders": ORDERS}, as_of=date(2024, 6, 1))
    assert dict(sources.columns(["churned"]).iter_rows()) == {"a": 0, "b": 0, "d": 1}
    assert dict(sources.columns(["leaving"]).iter_rows()) == {"a": 1, "b": 1, "d": 0}


@pytest.mark.parametrize(("days", "flagged"), [(-400, True), (90, True), (91, False), (None, None)])
def test_a_contract_that_ends_soon_or_has_ended_is_flagged(days: int | None, flagged: bool | None) -> None:
    end = None if days is None else AS_OF + timedelta(days=days)
    schema = {"id": pl.String, "contract_end": pl.Date}
    customers = pl.DataFrame({"id": ["a"], "contract_end": [end]}, schema=schema)
    found = Sources({"customers": customers}, as_of=AS_OF).columns(["contract_days"])
    assert raise_flags(found, shipped_flags()).frame["flag_contract_ending"].to_list() == [flagged]
