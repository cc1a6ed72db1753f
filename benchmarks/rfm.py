"""RFM of 10 million orders beside a hand-written Polars query, on Polars and DuckDB.

`python benchmarks/rfm.py [orders]`: prints seconds and ratios of one run. The hand-written query reads
the same Parquet file and stops at the same scores; `lifetimes`, when installed, gets a sample and its
time is scaled up. Each engine is run in turn, the best of three counts.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

from evaluator.customers import RfmOptions, rfm

AS_OF = date(2024, 1, 1)
DAYS = 730
SAMPLE = 200_000


def write_orders(path: Path, count: int) -> None:
    """Write orders of count / 10 customers, some far busier than others, a tenth of the lines returned."""
    rng = np.random.default_rng(7)
    customers = count // 10
    who = (customers * rng.power(2.5, count)).astype(np.int64)
    days = np.datetime64(AS_OF) - rng.integers(1, DAYS, count).astype("timedelta64[D]")
    amount = rng.lognormal(4, 1, count).round(2) * np.where(rng.random(count) < 0.1, -1, 1)
    pl.DataFrame({"id": who, "date": days.astype("datetime64[ms]"), "amount": amount}).with_columns(
        pl.col("date").cast(pl.Date)
    ).write_parquet(path)


def by_hand(path: Path) -> pl.DataFrame:
    """Return id and the three scores as somebody would write it for this file alone."""
    bought = pl.col("amount") > 0
    summary = (
        pl.scan_parquet(path)
        .filter(pl.col("date") < AS_OF)
        .group_by("id")
        .agg(
            pl.col("date").filter(bought).max().alias("last"),
            pl.col("date").filter(bought).n_unique().alias("frequency"),
            pl.col("amount").sum().alias("monetary"),
        )
        .filter(pl.col("last").is_not_null())
        .with_columns((pl.lit(AS_OF) - pl.col("last")).dt.total_days().alias("recency"))
        .collect(engine="streaming")
    )
    scores = []
    for name in ("recency", "frequency", "monetary"):
        cuts = np.quantile(summary[name].to_numpy(), [0.2, 0.4, 0.6, 0.8])
        # Sums differ in their last bits from run to run, so a bare > would score ties by chance.
        passed = sum((pl.col(name) > cut + 1e-9).cast(pl.Int64) for cut in cuts)
        scores.append((5 - passed if name == "recency" else 1 + passed).alias(name[0]))
    return summary.with_columns(pl.col("id").cast(pl.String)).with_columns(scores).sort("id")


def ours(path: Path) -> pl.DataFrame:
    frame: pl.DataFrame = rfm(pl.scan_parquet(path), as_of=AS_OF, options=RfmOptions()).frame.collect()
    return frame


def on_duckdb(path: Path) -> pl.DataFrame:
    import duckdb

    frame: pl.DataFrame = rfm(duckdb.read_parquet(str(path)), as_of=AS_OF, options=RfmOptions()).frame
    return frame


def with_lifetimes(path: Path) -> None:
    from lifetimes.utils import summary_data_from_transaction_data

    sample = pl.read_parquet(path, n_rows=SAMPLE).to_pandas()
    summary_data_from_transaction_data(sample, "id", "date", monetary_value_col="amount")


def seconds(function: Callable[[Path], object], path: Path, repeats: int = 3) -> float:
    best = np.inf
    for _ in range(repeats):
        start = perf_counter()
        function(path)
        best = min(best, perf_counter() - start)
    return float(best)


def main(count: int = 10_000_000) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        write_orders(path, count)
        mine, theirs = ours(path), by_hand(path)
        same = mine.select("id", "r", "f", "m").equals(theirs.select("id", "r", "f", "m"))
        hand, polars = seconds(by_hand, path), seconds(ours, path)
        print(f"{count:,} orders, {mine.height:,} customers; scores equal to the hand-written query: {same}")
        print(f"hand-written Polars  {hand:7.2f} s")
        print(f"rfm on Polars        {polars:7.2f} s  {polars / hand:5.2f}× the hand-written query")
        if importlib.util.find_spec("duckdb"):
            duck = seconds(on_duckdb, path)
            print(f"rfm on DuckDB        {duck:7.2f} s  {duck / hand:5.2f}×")
        if importlib.util.find_spec("lifetimes"):
            slow = seconds(with_lifetimes, path, 1) * count / SAMPLE
            print(f"lifetimes (scaled)   {slow:7.1f} s  {slow / polars:5.0f}× as long as rfm on Polars")
        else:
            print("lifetimes is not installed: no comparison")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
