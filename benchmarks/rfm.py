"""RFM of 10 million orders beside a query written by hand for the same engine, on Polars and DuckDB.

`python benchmarks/rfm.py [orders]`: prints seconds and ratios of one run. The hand-written query reads
the same Parquet file and stops at the same scores; `lifetimes`, when installed, gets a sample and its
time is scaled up. Engines take turns, and the best of three counts.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import polars as pl

from evaluator.customers import RfmOptions, rfm

AS_OF = date(2024, 1, 1)
DAYS = 730
SAMPLE = 200_000
Times = tuple[float, float]


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
    return _scored(summary)


def by_sql(path: Path) -> pl.DataFrame:
    """Return the same, the sums written by hand for DuckDB."""
    import duckdb

    summary = duckdb.sql(
        f"""SELECT id, max(date) FILTER (amount > 0) AS last, sum(amount) AS monetary,
        count(DISTINCT date) FILTER (amount > 0) AS frequency
        FROM read_parquet('{path}') WHERE date < DATE '{AS_OF}' GROUP BY id"""
    ).pl()
    bought = summary.filter(pl.col("last").is_not_null())
    return _scored(bought.with_columns((pl.lit(AS_OF) - pl.col("last")).dt.total_days().alias("recency")))


def _scored(summary: pl.DataFrame) -> pl.DataFrame:
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


def seconds(functions: dict[str, Callable[[Path], object]], path: Path, repeats: int = 3) -> dict[str, Times]:
    """Return the best (seconds, seconds of all cores) of each; runs take turns, for load changes."""
    best = dict.fromkeys(functions, (np.inf, np.inf))
    for _ in range(repeats):
        for name, function in functions.items():
            start, cores = perf_counter(), process_time()
            function(path)
            spent = perf_counter() - start, process_time() - cores
            best[name] = (min(best[name][0], spent[0]), min(best[name][1], spent[1]))
    return best


def main(count: int = 10_000_000) -> None:
    functions = {"hand-written Polars": by_hand, "rfm on Polars": ours}
    if importlib.util.find_spec("duckdb"):
        functions |= {"hand-written DuckDB": by_sql, "rfm on DuckDB": on_duckdb}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        write_orders(path, count)
        mine, theirs = ours(path), by_hand(path)
        same = mine.select("id", "r", "f", "m").equals(theirs.select("id", "r", "f", "m"))
        print(f"{count:,} orders, {mine.height:,} customers; scores equal to the hand-written query: {same}")
        found = seconds(functions, path)
        for name, (wall, cores) in found.items():
            hand = found[f"hand-written {name.split()[-1]}"]
            ratios = f"{wall / hand[0]:5.2f}×, of all cores {cores / hand[1]:5.2f}×"
            print(f"{name:20s} {wall:7.2f} s {cores:7.2f} s of all cores   {ratios}", flush=True)
        if importlib.util.find_spec("lifetimes"):
            slow = seconds({"lifetimes": with_lifetimes}, path, 1)["lifetimes"][0] * count / SAMPLE
            print(
                f"lifetimes (scaled)   {slow:7.1f} s  {slow / found['rfm on Polars'][0]:5.0f}× rfm on Polars"
            )
        else:
            print("lifetimes is not installed: no comparison")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
