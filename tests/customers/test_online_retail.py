"""RFM, ABC and their agreement on UCI Online Retail (Chen 2015), beside an independent computation.

Real dirt: cancellations, free lines, rows without customer, customers who only sent goods back.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from evaluator.customers import (
    AbcOptions,
    LifecycleOptions,
    RfmOptions,
    abc,
    agreement,
    lifecycle,
    lifecycle_signals,
    place,
    rfm,
)


@pytest.fixture(scope="module")
def raw(shared: Path) -> pd.DataFrame:
    columns = {"CustomerID": "id", "InvoiceNo": "order", "InvoiceDate": "date", "Quantity": "quantity"}
    frame = pd.read_csv(
        shared / "data" / "uci_online_retail.csv.gz",
        usecols=[*columns, "UnitPrice"],
        dtype={"CustomerID": "string", "InvoiceNo": "string"},
    )
    frame = frame.rename(columns=columns | {"UnitPrice": "price"}).dropna(subset=["id"])
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


@pytest.fixture(scope="module")
def orders(raw: pd.DataFrame) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": raw["id"].astype(object).tolist(),
            "date": raw["date"].dt.date.tolist(),
            "quantity": raw["quantity"].to_numpy(np.float64),
            "price": raw["price"].to_numpy(np.float64),
        }
    )


@pytest.fixture(scope="module")
def scored(orders: pl.DataFrame) -> pl.DataFrame:
    frame: pl.DataFrame = rfm(orders).frame
    return frame


def test_rfm_equals_an_independent_computation(raw: pd.DataFrame, scored: pl.DataFrame) -> None:
    day = raw["date"].dt.normalize()
    amount = raw["quantity"] * raw["price"]
    bought = amount > 0
    expected = pd.DataFrame(
        {
            "last": day[bought].groupby(raw["id"]).max(),
            "frequency": day[bought].groupby(raw["id"]).nunique(),
            "monetary": amount.groupby(raw["id"]).sum(),
        }
    ).dropna()
    expected = expected.sort_index()
    assert scored["id"].to_list() == expected.index.tolist()
    recency = (day.max() + pd.Timedelta(days=1) - expected["last"]).dt.days
    assert scored["recency"].to_list() == recency.tolist()
    assert scored["frequency"].to_list() == expected["frequency"].astype(int).tolist()
    np.testing.assert_allclose(scored["monetary"], expected["monetary"], rtol=1e-9, atol=1e-6)
    for column, values in (("f", expected["frequency"]), ("m", scored["monetary"].to_pandas())):
        cuts = np.quantile(values, [0.2, 0.4, 0.6, 0.8])
        assert scored[column].to_list() == (1 + np.searchsorted(cuts + 1e-9, values)).tolist()


def test_customers_who_only_sent_goods_back_have_no_score(raw: pd.DataFrame, orders: pl.DataFrame) -> None:
    found = rfm(orders, options=RfmOptions(returns="ignored"))
    assert found.without_purchase == raw["id"].nunique() - len(found.frame)
    assert found.without_purchase > 0


def test_the_whale_curve_rises_above_one_where_returns_exceed_purchases(scored: pl.DataFrame) -> None:
    found = abc(scored, value="monetary", options=AbcOptions(loss_class="D"))
    losses = scored.filter(pl.col("monetary") < 0)
    assert found.summary.filter(pl.col("class") == "D")["customers"].to_list() == [losses.height]
    assert losses.height
    assert found.concentration.peak is not None
    positive = scored.filter(pl.col("monetary") > 0)["monetary"].sum()
    assert found.concentration.peak == pytest.approx(positive / scored["monetary"].sum())
    assert found.concentration.peak > 1
    best = scored["monetary"].sort(descending=True)
    top = best.head(scored.height // 5).sum() / positive
    assert found.concentration.top_share((scored.height // 5) / scored.height) == pytest.approx(top)


def test_abc_and_rfm_agree_but_not_fully(scored: pl.DataFrame) -> None:
    classes = abc(scored, value="monetary").frame.select("id", pl.col("class").alias("abc"))
    both = scored.select("id", "score", "monetary").join(classes, on="id")
    both = both.with_columns(rfm=pl.when(pl.col("score") >= 4).then(pl.lit("high")).otherwise(pl.lit("low")))
    found = agreement(both, ["score", "monetary"], {"abc": ["A", "B", "C"], "rfm": ["high", "low"]})
    (_, _, customers, rho, tau) = found.pairs.row(0)
    frame = both.to_pandas()
    assert customers == scored.height
    ranks = frame[["score", "monetary"]].rank()
    assert rho == pytest.approx(ranks["score"].corr(ranks["monetary"]))
    assert 0.5 < tau < rho < 1
    table = pd.crosstab(frame["abc"], frame["rfm"])
    assert [row[1:] for row in found.tables["abc", "rfm"].iter_rows()] == [
        tuple(row) for row in table.to_numpy()
    ]
    assert found.differing.height == scored.height - table.loc["A", "high"] - table.loc["C", "low"]


def test_every_customer_has_a_cell_and_a_stage(orders: pl.DataFrame, scored: pl.DataFrame) -> None:
    table = scored.select("id", current=pl.col("monetary"), potential=pl.col("r").cast(pl.Float64))
    placed = place(table, "current_potential")
    assert placed.profile["customers"].sum() == scored.height
    last = orders["date"].max()
    signals = lifecycle_signals(orders, as_of=[last], growth_months=6)
    found = lifecycle(signals, options=LifecycleOptions(lost_days=180, mature_months=9))
    assert found.distribution["customers"].sum() == signals.height
    assert set(found.distribution.filter(pl.col("customers") > 0)["stage"]) >= {
        "growth",
        "decline",
        "terminated",
    }
