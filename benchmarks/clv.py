"""Buy-till-you-die at work: fits on CDNOW beside `lifetimes`, and values of a million customers.

    python benchmarks/clv.py FOLDER [customers]

FOLDER holds CDNOW_sample.txt and CDNOW_master.txt of Fader and Hardie. Prints seconds and ratios of one
run; `lifetimes`, when installed, fits the same summaries.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers import clv, purchase_history

REPEATS = 3


def orders(path: Path, columns: tuple[int, int, int]) -> pl.DataFrame:
    """Return id, date and amount of a log of columns divided by spaces; rows without a date are headers."""
    cells = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
    cells = [row for row in cells if row[columns[1]].isdigit()]
    table = {
        name: [row[k] for row in cells] for name, k in zip(("id", "date", "amount"), columns, strict=True)
    }
    return pl.DataFrame(table).with_columns(
        pl.col("date").str.to_date("%Y%m%d"), pl.col("amount").cast(pl.Float64)
    )


def seconds(function: Callable[[], object]) -> float:
    best = np.inf
    for _ in range(REPEATS):
        start = perf_counter()
        function()
        best = min(best, perf_counter() - start)
    return best


def theirs(frame: pl.DataFrame) -> Any:
    from lifetimes import BetaGeoFitter

    table = frame.to_pandas()
    return BetaGeoFitter().fit(table["frequency"], table["recency"], table["T"])


def drawn(count: int) -> pl.DataFrame:
    """Return customers of three years, known to the day, with amounts."""
    rng = np.random.default_rng(1)
    T = rng.integers(30, 1096, count) / 7
    x = np.minimum(rng.negative_binomial(0.5, 0.5 / (0.5 + 0.05 * T)), 200).astype(np.float64)
    t_x = np.where(x > 0, np.ceil(rng.random(count) * T * 7) / 7, 0.0)
    mean = np.where(x > 0, rng.lognormal(3.5, 0.5, count), np.nan)
    return pl.DataFrame(
        {"id": np.arange(count), "frequency": x, "recency": np.minimum(t_x, T), "T": T, "monetary": mean}
    )


def main(folder: str, customers: str = "1000000") -> None:
    logs = {
        "sample, 2,357": orders(Path(folder) / "CDNOW_sample.txt", (1, 2, 4)),
        "whole cohort, 23,570": orders(Path(folder) / "CDNOW_master.txt", (0, 1, 3)),
    }
    for name, log in logs.items():
        history = purchase_history(log, end=date(1997, 9, 30), unit=7, free=True)
        clv.fit_buying(history.head(300), unit="week")  # SciPy is loaded before the clock starts
        fit(name, history)
    million = drawn(int(customers))
    for model in (clv.BgNbd(0.243, 4.414, 0.793, 2.426), clv.ParetoNbd(0.5534, 10.5802, 0.6061, 11.6562)):
        value(model, million)


def fit(name: str, history: pl.DataFrame) -> None:
    spent = {
        model: seconds(lambda model=model: clv.fit_buying(history, unit="week", model=model))
        for model in clv.BUYING.names()
    }
    values = ", ".join(f"{value:.4f}" for value in clv.fit_buying(history, unit="week").estimate.values)
    print(f"{name}: " + ", ".join(f"{model} {took:.3f} s" for model, took in spent.items()) + f" ({values})")
    if importlib.util.find_spec("lifetimes") is not None:
        other = seconds(lambda: theirs(history))
        print(f"  lifetimes {other:.3f} s, {other / spent['bg_nbd']:.1f} times as long as BG/NBD here")


def value(model: clv.BuyingModel, customers: pl.DataFrame) -> None:
    known = clv.Estimate(model.names, model.values, model.values, np.eye(4), 0.0, 0.0)
    buying = clv.FittedBuying(model, known, "week", 2357, 946)
    spend = clv.FittedSpend(clv.GammaGamma(6.25, 3.74, 15.44), known, 946, 0.1)
    start = perf_counter()
    clv.customer_values(customers, buying, spend, margin=0.3, horizon=52, discount_rate=0.1, currency="USD")
    print(f"{type(model).__name__}: values of {customers.height:,} customers {perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
