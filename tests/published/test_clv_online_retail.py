"""Repeat buying on the UCI Online Retail data: a year in which hardly anybody is seen to stop."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import clv, equity, purchase_history


@pytest.fixture(scope="module")
def history(shared: Path) -> pl.DataFrame:
    raw = pl.read_csv(
        shared / "data" / "uci_online_retail.csv.gz", encoding="utf8-lossy", infer_schema_length=0
    )
    lines = raw.filter(pl.col("CustomerID").is_not_null()).select(
        pl.col("CustomerID").alias("id"),
        pl.col("InvoiceDate").str.slice(0, 10).str.to_date("%Y-%m-%d").alias("date"),
        pl.col("Quantity").cast(pl.Float64).alias("quantity"),
        pl.col("UnitPrice").cast(pl.Float64).alias("price"),
    )
    return purchase_history(lines, end=date(2011, 12, 9), unit=7)


def test_chances_to_stop_are_not_told_apart_but_rates_are(history: pl.DataFrame) -> None:
    """BG/NBD's a runs to 0, which is said; of every sixth customer Pareto/NBD says that s and β vanish."""
    bg = clv.fit_buying(history, unit="week")
    assert bg.customers == 4334  # of 4,338 who ever ordered, four cancelled all of it the same day
    assert bg.estimate.values[2] < 1e-4
    assert [issue.code for issue in bg.issues] == ["CLV-924"]
    sixth = history.gather_every(6)
    pareto = clv.fit_buying(sixth, unit="week", model="pareto_nbd")
    assert [issue.code for issue in pareto.issues] == ["CLV-924"]
    same = clv.fit_buying(sixth, unit="week")
    assert pareto.estimate.values[:2] == pytest.approx(same.estimate.values[:2], rel=0.02)


def test_every_customer_has_a_value_and_few_bring_most(history: pl.DataFrame) -> None:
    buying, spend = clv.fit_buying(history, unit="week"), clv.fit_spend(history)
    values = clv.customer_values(
        history, buying, spend, margin=1.0, horizon=52, discount_rate=0.1, currency="GBP"
    )
    found = equity.customer_equity(values.frame, values.terms)
    assert (found.customers, found.losing) == (4334, 0)
    assert found.frame["share"].sum() == pytest.approx(1)
    assert 0.5 < found.concentration.top_share(0.2) < 0.9
