"""A study of millions of customers on an engine under a limit of memory: seconds and the most memory it held.

`python benchmarks/on_engine.py [customers] [memory] [duckdb|spark]`: ten orders each and a table of measures
in Parquet files; measured, fitted and scored where they lie, Spark being on this machine. Another process
runs the study, so that what making the tables took does not count; processors and memory are those of its
own processes too, Spark's among them.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl

TREE = """\
schema: 1
id: many
name: {zh: 多, en: Many}
status: custom
source: a benchmark
weights_source: equal
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 1
      children:
        - {id: money, name: {zh: 金额, en: Money}, measure: net_amount, direction: benefit, weight: 1,
           scale: {kind: percentile, best: high}}
        - {id: often, name: {zh: 频率, en: Often}, measure: frequency, direction: benefit, weight: 1,
           scale: {kind: z, best: high}, winsorise: [0.01, 0.99]}
        - {id: profit, name: {zh: 毛利, en: Profit}, measure: gross_profit, direction: benefit, weight: 1,
           scale: {kind: percentile, best: high}}
    - id: later
      name: {zh: 以后, en: Later}
      axis: later
      weight: 1
      children:
        - {id: last, name: {zh: 最近, en: Last}, measure: recency_days, direction: cost, weight: 1,
           scale: {kind: linear, worst: 365, best: 1}}
        - {id: rise, name: {zh: 增长, en: Growth}, measure: growth, direction: benefit, weight: 1,
           scale: {kind: linear, worst: -0.1, best: 0.1}}
        - {id: content, name: {zh: 满意, en: Content}, measure: satisfaction, direction: benefit, weight: 1,
           scale: {kind: linear, worst: 1, best: 5}}
matrices:
  - id: plane
    name: {zh: 平面, en: Plane}
    x: {axis: now, cut: {kind: median}}
    y: {axis: later, cut: {kind: natural}}
    classes:
      - {id: ll, name: {zh: 一, en: One}, x: low, y: low}
      - {id: hl, name: {zh: 二, en: Two}, x: high, y: low}
      - {id: lh, name: {zh: 三, en: Three}, x: low, y: high}
      - {id: hh, name: {zh: 四, en: Four}, x: high, y: high}
"""
STUDY = """\
schema: 1
title: Many
language: en
as_of: 2026-01-01
tree: own.yaml
weighting: {source: given}
engine: {name: ENGINE, memory: MEMORY}
tables:
  orders: {file: orders}
  measures: {file: answers.parquet}
"""
LINES = 10
PART = 500_000


def write_study(folder: Path, customers: int, memory: str, engine: str) -> None:
    """Write the tables part by part, and the study."""
    random = np.random.default_rng(7)
    (folder / "orders").mkdir()
    for start in range(0, customers, PART):
        count = min(PART, customers - start)
        whose = np.repeat(np.arange(start, start + count), LINES)
        amounts = random.lognormal(4, 1, len(whose)).round(2)
        days = np.datetime64("2026-01-01") - random.integers(1, 1_000, len(whose)).astype("timedelta64[D]")
        pl.DataFrame(
            {
                "id": whose,
                "date": days.astype("datetime64[ms]"),
                "amount": amounts,
                "cost": (amounts * 0.7).round(2),
            }
        ).with_columns(pl.format("c{}", "id").alias("id"), pl.col("date").cast(pl.Date)).sample(
            fraction=1, shuffle=True, seed=start
        ).write_parquet(folder / "orders" / f"{start}.parquet")
    numbers = pl.int_range(customers, eager=True)
    pl.DataFrame(
        {
            "id": pl.select(pl.format("c{}", numbers)).to_series(),
            "satisfaction": 1 + (numbers * 7 % 401) / 100,
        }
    ).write_parquet(folder / "answers.parquet")
    (folder / "own.yaml").write_text(TREE, "utf-8")
    (folder / "study.yaml").write_text(STUDY.replace("MEMORY", memory).replace("ENGINE", engine), "utf-8")


def run(folder: Path) -> None:
    """Measure, fit and score, and print how long each took and the most memory there was."""
    from evaluator.study import Study

    study = Study(folder)
    engine = study.on_engine
    assert engine is not None
    told: dict[str, object] = {}
    for step in ("measured", "_fitted", "scores", "fitted", "figures", "shown"):
        began, used = perf_counter(), processors()
        getattr(engine, step)
        told[step] = round(perf_counter() - began, 1), round(processors() - used, 1)
    told["seconds of processors, with what starting took"] = round(processors(), 1)
    told["GB"] = round(sum(map(most_memory, descendants(os.getpid()))), 2)
    told["customers"] = engine.figures.customers
    study.close()
    print(json.dumps(told))


def descendants(process: int) -> Iterator[int]:
    """Yield a process and all that it and they have started."""
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from descendants(int(child))


def processors() -> float:
    """Return the seconds that this process and all it started have computed, those that ended too."""
    fields = (
        Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in descendants(os.getpid())
    )
    return sum(sum(map(int, entry[11:15])) for entry in fields) / os.sysconf("SC_CLK_TCK")


def most_memory(process: int) -> float:
    """Return the most gigabytes that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 2**20 if found else 0.0


def main(customers: int, memory: str, engine: str) -> None:
    """Make the tables, and run the study in a process of its own."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_study(folder, customers, memory, engine)
        size = sum(path.stat().st_size for path in (folder / "orders").iterdir()) / 2**30
        done = subprocess.run(
            [sys.executable, __file__, "--run", made], check=True, capture_output=True, text=True
        )
        print(f"{engine}, {memory}: {customers:,} customers, {customers * LINES:,} orders ({size:.2f} GB)")
        for step, figure in json.loads(done.stdout).items():
            print(f"  {step}: {figure}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(Path(sys.argv[2]))
    else:
        given = dict(enumerate(sys.argv[1:]))
        main(int(given.get(0, 3_000_000)), given.get(1, "1GB"), given.get(2, "duckdb"))
