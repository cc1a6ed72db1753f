"""Customers × 24 indicators in three levels: rows per second, and the ratio to hand-written Polars.

    python benchmarks/scoring.py [customers] [share of missing values]

Everything is measured in one run: scoring from Parquet to Parquet, the same written by hand in
Polars, and merely decoding the inputs and writing as many outputs.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from evaluator.scoring import FuzzyOptions, Model, ScoringOptions, fit, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

POINTS = ((0.0, 0.0), (20.0, 40.0), (60.0, 80.0), (100.0, 100.0))
GROUPS, LEAVES = 3, 4  # in each of two axes
GRADES = (("excellent", 90.0), ("good", 80.0), ("fair", 70.0), ("pass", 60.0), ("poor", 0.0))


def tree() -> Tree:
    def leaf(name: str) -> dict[str, Any]:
        scale = {"kind": "piecewise", "points": POINTS}
        head = {"id": name, "name": name, "measure": f"m_{name}", "weight": 1.0 + len(name) % 3}
        return {**head, "direction": "benefit", "scale": scale}

    def group(name: str) -> dict[str, Any]:
        children = tuple(leaf(f"{name}{n}") for n in range(LEAVES))
        return {"id": name, "name": name, "weight": 1.0, "children": children}

    axes = tuple(
        {"id": axis, "name": axis, "axis": axis, "weight": weight,
         "children": tuple(group(f"{axis}_{n}_") for n in range(GROUPS))}
        for axis, weight in (("now", 6.0), ("later", 4.0))
    )  # fmt: skip
    cut = {"kind": "fixed", "at": (50.0,)}
    classes = tuple(
        {"id": f"{x}_{y}", "name": x, "x": x, "y": y} for x in ("low", "high") for y in ("low", "high")
    )
    matrix = {"id": "plane", "name": "plane", "x": {"axis": "now", "cut": cut},
              "y": {"axis": "later", "cut": cut}, "classes": classes}  # fmt: skip
    grades = tuple({"id": name, "name": name, "score": from_ + 5, "from": from_} for name, from_ in GRADES)
    return Tree.model_validate(
        {"schema": 1, "id": "value", "name": "value", "status": "custom", "source": "benchmark",
         "weights_source": "benchmark", "grades": grades, "matrices": (matrix,),
         "root": {"id": "value", "name": "value", "children": axes}}
    )  # fmt: skip


def write_customers(path: Path, names: list[str], rows: int, missing: float) -> None:
    random = np.random.default_rng(1)
    columns: dict[str, pl.Series] = {"id": pl.int_range(rows, eager=True).cast(pl.String)}
    for name in names:
        values = random.uniform(-5, 105, rows)
        values[random.random(rows) < missing] = np.nan
        columns[name] = pl.Series(values, nan_to_null=True)
    pl.DataFrame(columns).write_parquet(path)


def by_hand(model: Model, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the same result, written directly in Polars for this one tree."""
    made = model.tree
    names = [leaf.id for leaf in made.indicators]
    frame = frame.select(
        "id",
        *(
            pl.when(pl.col(f"m_{name}").is_finite()).then(pl.col(f"m_{name}")).alias(f"x_{name}")
            for name in names
        ),
    )
    columns = []
    for name in names:
        x, total = pl.col(f"x_{name}"), pl.lit(0.0)
        for (x0, y0), (x1, y1) in pairwise(POINTS):
            total = total + (x.clip(x0, x1) - x0) * ((y1 - y0) / (x1 - x0))
        columns += [
            total.alias(f"score_{name}"),
            ((x < 0) | (x > 100)).fill_null(False).alias(f"beyond_{name}"),
        ]
    frame = frame.with_columns(columns)
    for groups in (made.groups[2:5] + made.groups[6:], (made.groups[1], made.groups[5]), made.groups[:1]):
        frame = frame.with_columns(column for group in groups for column in _group(model, group))
    coverages = [pl.col(f"observed_{name}") for name in ("now", "later", "value")]
    rated = pl.all_horizontal(coverage >= 0.6 - 1e-9 for coverage in coverages)
    frame = frame.with_columns(
        score=pl.col("score_value"),
        clamped=pl.sum_horizontal(pl.col(f"beyond_{name}").cast(pl.Int32) for name in names),
        status=pl.when(rated).then(pl.lit("rated")).otherwise(pl.lit("insufficient")),
    )
    grade = pl.lit(None, dtype=pl.String)
    for name, cut in reversed(GRADES):
        grade = pl.when(pl.col("score") >= cut - 1e-9).then(pl.lit(name)).otherwise(grade)
    now, later = pl.col("score_now") >= 50 - 1e-9, pl.col("score_later") >= 50 - 1e-9
    place = pl.when(now).then(
        pl.when(later).then(pl.lit("high_high")).otherwise(pl.lit("high_low"))
    ).otherwise(pl.when(later).then(pl.lit("low_high")).otherwise(pl.lit("low_low")))  # fmt: skip
    is_rated = pl.col("status") == "rated"
    return frame.with_columns(
        grade=pl.when(is_rated).then(grade), class_plane=pl.when(is_rated).then(place)
    ).select(
        "id",
        *(f"score_{node}" for node in made.nodes if node != "value"),
        "score",
        *(c.alias(n) for c, n in zip(coverages, ("coverage_now", "coverage_later", "coverage"), strict=True)),
        "clamped",
        "status",
        "grade",
        "class_plane",
    )


def _group(model: Model, group: Any) -> list[pl.Expr]:
    scores, present, observed = pl.lit(0.0), pl.lit(0.0), pl.lit(0.0)
    for child in group.children:
        weight, column = model.local[child.id], pl.col(f"score_{child.id}")
        known = column.is_not_null().cast(pl.Float64)
        scores = scores + column.fill_null(0.0) * weight
        present = present + known * weight
        observed = (
            observed + (pl.col(f"observed_{child.id}") if hasattr(child, "children") else known) * weight
        )
    return [
        pl.when(present > 0).then(scores / present).alias(f"score_{group.id}"),
        observed.alias(f"observed_{group.id}"),
    ]


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main(rows: int = 1_000_000, missing: float = 0.0) -> None:
    made = tree()
    names = [leaf.measure for leaf in made.indicators]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "measures.parquet"
        write_customers(source, names, rows, missing)
        frame = pl.scan_parquet(source)
        model = fit(made, weigh(made), frame.head(100_000))
        mine, theirs = (
            score(model, pl.read_parquet(source, n_rows=1000)),
            by_hand(model, frame.head(1000)).collect(),
        )
        worst = float((mine["score"] - theirs["score"]).abs().max() or 0.0)
        assert worst < 1e-9, f"the two ways differ by {worst}"
        assert mine["class_plane"].equals(theirs["class_plane"], null_equal=True)
        times: dict[str, list[float]] = {"engine": [], "by hand": [], "decode and write": []}
        outputs = folder / "outputs.parquet"
        score(model, frame).sink_parquet(outputs)
        ready = pl.read_parquet(outputs)
        for _ in range(3):
            times["engine"].append(seconds(lambda: score(model, frame).sink_parquet(folder / "a.parquet")))
            times["by hand"].append(seconds(lambda: by_hand(model, frame).sink_parquet(folder / "b.parquet")))
            decode = seconds(lambda: frame.select(pl.all().hash().sum()).collect(engine="streaming"))
            write = seconds(lambda: ready.write_parquet(folder / "c.parquet"))
            times["decode and write"].append(decode + write)
        fuzzy = fit(made, weigh(made), frame.head(100_000), options=ScoringOptions(fuzzy=FuzzyOptions()))
        run = seconds(lambda: score(fuzzy, frame).sink_parquet(folder / "d.parquet"))
        ready = pl.read_parquet(folder / "d.parquet")
        write = seconds(lambda: ready.write_parquet(folder / "e.parquet"))
        times["fuzzy engine"], times["fuzzy decode and write"] = [run], [decode + write]
    best = {what: min(taken) for what, taken in times.items()}
    for what, taken in best.items():
        print(f"{what:>22}: {taken:6.2f} s  {rows / taken:12,.0f} customers/s")
    print(f"engine ÷ by hand: {best['engine'] / best['by hand']:.2f}")
    print(f"engine ÷ decode and write: {best['engine'] / best['decode and write']:.2f}")
    print(f"fuzzy engine ÷ decode and write: {best['fuzzy engine'] / best['fuzzy decode and write']:.2f}")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:2]), *(float(text) for text in sys.argv[2:3]))
