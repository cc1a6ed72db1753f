"""A study whose tables lie as Parquet files and in a DuckDB file, for engines that leave them there."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

TREE = """\
schema: 1
id: lake
name: {zh: 湖, en: Lake}
status: custom
source: a test
weights_source: an illustration
attributes:
  - {id: blocked, name: {zh: 冻结, en: Blocked}, kind: text}
grades:
  - {id: good, name: {zh: 好, en: Good}, score: 90, from: 60}
  - {id: fair, name: {zh: 中, en: Fair}, score: 60, from: 40}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 0}
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 2
      children:
        - {id: money, name: {zh: 金额, en: Money}, measure: net_amount, direction: benefit, weight: 3,
           scale: {kind: percentile, best: high}}
        - {id: often, name: {zh: 频率, en: Often}, measure: frequency, direction: benefit, weight: 1,
           scale: {kind: z, best: high}, winsorise: [0.02, 0.98]}
        - {id: profit, name: {zh: 利率, en: Margin}, measure: margin, direction: benefit, weight: 1,
           scale: {kind: linear, worst: 0, best: 0.6}}
    - id: later
      name: {zh: 以后, en: Later}
      axis: later
      weight: 1
      children:
        - {id: last, name: {zh: 最近, en: Last}, measure: recency_days, direction: cost, weight: 1,
           scale: {kind: linear, worst: 365, best: 1}}
        - {id: steady, name: {zh: 规律, en: Steady}, measure: regularity, direction: benefit, weight: 1,
           scale: {kind: linear, worst: 0, best: 1}}
        - {id: rise, name: {zh: 增长, en: Growth}, measure: growth, direction: benefit, weight: 1,
           scale: {kind: linear, worst: -0.1, best: 0.1}}
        - {id: content, name: {zh: 满意, en: Content}, measure: satisfaction, direction: benefit, weight: 2,
           scale: {kind: linear, worst: 1, best: 5}}
        - {id: stage, name: {zh: 阶段, en: Stage}, measure: stage_now, direction: benefit, weight: 1,
           scale: {kind: lookup, scores: {new: 40, old: 80}}}
rules:
  - {id: frozen, name: {zh: 冻结, en: Frozen}, kind: gate, when: blocked == 'yes',
     reason: {zh: 冻结, en: Blocked}}
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
title: The lake
language: en
as_of: 2026-01-01
tree: own.yaml
weighting: {source: given}
scoring: {min_coverage: 0.4}
tables:
  orders:
    file: lake/orders/*.parquet
    columns: {id: Kunde, amount: {from: Betrag, factor: 10}}
    filters: [{drop: state, equals: void, reason: cancelled}]
  customers: {database: crm.duckdb, table: sales.people}
  measures: {file: lake/measures.parquet}
"""


def study(folder: Path, *, customers: int = 400, further: str = "", seed: int = 3) -> Path:
    """Write the study with its tables, and return its folder."""
    import duckdb

    random = np.random.default_rng(seed)
    (folder / "lake" / "orders").mkdir(parents=True)
    lines = customers * 12
    whose = random.integers(0, customers, lines)
    days = [date(2023, 6, 1) + timedelta(days=int(day)) for day in random.integers(0, 950, lines)]
    amounts = random.lognormal(2, 1, lines).round(2) * np.where(random.random(lines) < 0.05, -1, 1)
    orders = pl.DataFrame(
        {
            "Kunde": [None if n == 7 else "Total" if n == 8 else f"c{who}" for n, who in enumerate(whose)],
            "date": days,
            "Betrag": amounts,
            "cost": np.where(random.random(lines) < 0.98, (amounts * 7).round(2), None).astype(float),
            "product": random.integers(0, 30, lines).astype(str),
            "state": ["void" if x < 0.02 else "done" for x in random.random(lines)],
        }
    ).with_columns(pl.col("cost").fill_nan(None))
    for part in range(3):
        orders[part::3].write_parquet(folder / "lake" / "orders" / f"{part}.parquet")
    ids = [f"c{n}" for n in range(customers)]
    rated = random.integers(1, 6, customers).astype(float)
    rated[random.random(customers) < 0.1] = np.nan
    rated[:4] = [99, 99, np.inf, 99]
    pl.DataFrame(
        {"id": ids, "satisfaction": rated, "stage_now": random.choice(["new", "old", "odd"], customers)}
    ).write_parquet(folder / "lake" / "measures.parquet")
    with duckdb.connect(str(folder / "crm.duckdb")) as crm:
        crm.execute("create schema sales")
        people = pl.DataFrame(
            {
                "id": [*ids, "silent"],
                "name": [*(f"Customer {n}" for n in range(customers)), "Nobody"],
                "owner": random.choice(["Li", "Wu"], customers + 1),
                "blocked": [*random.choice(["yes", "no", None], customers, p=[0.05, 0.9, 0.05]), "no"],
            }
        )
        crm.register("people", people.to_arrow())
        crm.execute("create table sales.people as select * from people")
    (folder / "own.yaml").write_text(TREE, "utf-8")
    (folder / "study.yaml").write_text(STUDY + further, "utf-8")
    return folder
