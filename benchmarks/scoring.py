"""Customers × 24 indicators in three levels: rows per second, and the ratio to hand-written Polars.

    python benchmarks/scoring.py [customers] [share of missing values] [plain | fuzzy]

Everything is measured in one run, by turns: scoring from Parquet to Parquet without and with a fuzzy
evaluation (in a process of its own, whose memory is told), the same written by hand in Polars, and
merely decoding the inputs and writing the same outputs. A hundred million customers take 45 GB of disk
plain (without the way by hand), and 95 GB fuzzy.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from evaluator.scoring import FuzzyOptions, Model, ScoringOptions, fit, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

POINTS = ((0.0, 0.0), (20.0, 40.0), (60.0, 80.0), (100.0, 100.0))
PART = 5_000_000  # customers in a file
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


def write_customers(folder: Path, names: list[str], rows: int, missing: float) -> None:
    """Write customers as Parquet, a file for every so many, for what is measured may not fit in memory."""
    folder.mkdir()
    random = np.random.default_rng(1)
    for start in range(0, rows, PART):
        count = min(PART, rows - start)
        ids = pl.int_range(start, start + count, eager=True).cast(pl.String)
        columns: dict[str, pl.Series] = {"id": ids}
        for name in names:
            values = random.uniform(-5, 105, count)
            if missing:
                values[random.random(count) < missing] = np.nan
            columns[name] = pl.Series(values, nan_to_null=True)
        pl.DataFrame(columns).write_parquet(folder / f"part-{start // PART:03}.parquet")


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
        x, total = pl.col(f"x_{name}"), pl.lit(POINTS[-1][1])
        for (x0, y0), (x1, y1) in reversed(list(pairwise(POINTS))):
            total = pl.when(x < x1).then((x - x0) * ((y1 - y0) / (x1 - x0)) + y0).otherwise(total)
        total = pl.when(x > POINTS[0][0]).then(total).when(x.is_not_null()).then(pl.lit(POINTS[0][1]))
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


CHILD = r"""
import re, sys, time
from pathlib import Path
from evaluator.scoring import load_model, score_files
model, source, target = load_model(sys.argv[1]), sys.argv[2], sys.argv[3]
start = time.perf_counter()
score_files(model, source, target)
# not ru_maxrss, which counts what the parent held when it started this process
most = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(time.perf_counter() - start, int(most[1]) / 2**20)
"""


def apart(model: Path, source: Path, target: Path) -> tuple[float, float]:
    """Return the seconds of scoring files, and the most memory (GB) of a process that does nothing else."""
    command = [sys.executable, "-c", CHILD, str(model), str(source), str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    taken, memory = done.stdout.split()
    return float(taken), float(memory)


def writing(outputs: Path, target: Path) -> float:
    """Return the seconds of writing the same outputs from memory, a million rows at a time."""
    rows, taken = pl.scan_parquet(outputs), 0.0
    for start in range(0, rows.select(pl.len()).collect().item(), 1_000_000):
        part = rows.slice(start, 1_000_000).collect()
        taken += seconds(partial(part.write_parquet, target))
    return taken


def measured(model: Model, source: Path, folder: Path, turns: int, by_hand_too: bool) -> dict[str, float]:
    """Return the least seconds of each way, by turns, and the most memory of ours."""
    frame, taken, most = pl.scan_parquet(source / "*.parquet"), {}, 0.0
    model.save(folder / "model.json")
    for _ in range(turns):
        engine, memory = apart(folder / "model.json", source, folder / "scores.parquet")
        decode = seconds(lambda: frame.select(pl.all().hash().sum()).collect(engine="streaming"))
        times = {
            "engine": engine,
            "decode and write": decode + writing(folder / "scores.parquet", folder / "w"),
        }
        if model.fuzzy is None and by_hand_too:
            times["by hand"] = seconds(lambda: by_hand(model, frame).sink_parquet(folder / "b.parquet"))
        taken = {what: min(once, taken.get(what, once)) for what, once in times.items()}
        most = max(most, memory)
    return {**taken, "memory": most}


def main(rows: int = 1_000_000, missing: float = 0.0, only: str = "") -> None:
    made = tree()
    names = [leaf.measure for leaf in made.indicators]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "measures"
        write_customers(source, names, rows, missing)
        frame = pl.scan_parquet(source / "*.parquet")
        kinds = {"plain": None, "fuzzy": ScoringOptions(fuzzy=FuzzyOptions())}
        for title in [only] if only else kinds:
            options = kinds[title]
            model = fit(made, weigh(made), frame.head(100_000), options=options)
            mine = score(model, frame.head(1000).collect())
            theirs = by_hand(model, frame.head(1000)).collect()
            worst = float((mine["score"] - theirs["score"]).abs().max() or 0.0)
            assert worst < 1e-9, f"the two ways differ by {worst}"
            assert mine["class_plane"].equals(theirs["class_plane"], null_equal=True)
            found = measured(model, source, folder, 3 if rows < 5_000_000 else 1, rows < 50_000_000)
            print(f"{title}: {rows / found['engine']:,.0f} customers/s, at most {found['memory']:.2f} GB")
            for what in ("by hand", "decode and write"):
                if what in found:
                    print(f"  engine ÷ {what}: {found['engine']:.1f} / {found[what]:.1f} s", end="")
                    print(f" = {found['engine'] / found[what]:.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *map(float, sys.argv[2:3]), *sys.argv[3:4])
