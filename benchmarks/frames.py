"""A pandas frame of customers × 24 indicators, and a thousand customers from a cold start.

    python benchmarks/frames.py [customers]

The same scores, grades and classes are computed column by column in pandas, as one would by hand, and
by `score`, which takes the frame in and gives one back; both in one run, by turns.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from scoring import GRADES, POINTS, seconds, tree, write_customers

from evaluator.scoring import Model, fit, score
from evaluator.weighing import weigh

COLD = """
import time; started = time.perf_counter()
import sys, pandas as pd
from evaluator.scoring import load_model, score
score(load_model(sys.argv[1]), pd.read_parquet(sys.argv[2]))
print(time.perf_counter() - started)
"""


def column_by_column(model: Model, frame: pd.DataFrame) -> pd.DataFrame:
    """Return scores, coverages, grades and classes, one column after the other."""
    made = model.tree
    out = pd.DataFrame({"id": frame["id"]})
    observed: dict[str, pd.Series] = {}
    xs, ys = zip(*POINTS, strict=True)
    clamped = pd.Series(0, index=frame.index)
    for leaf in made.indicators:
        values = frame[leaf.measure].replace([np.inf, -np.inf], np.nan)
        out[f"score_{leaf.id}"] = pd.Series(np.interp(values, xs, ys), index=frame.index).where(
            values.notna()
        )
        clamped += ((values < xs[0]) | (values > xs[-1])).astype(int)
        observed[leaf.id] = values.notna().astype(float)
    for group in reversed(made.groups):
        total, there, seen = 0.0, 0.0, 0.0
        for child in group.children:
            weight, column = model.local[child.id], out[f"score_{child.id}"]
            total = total + column.fillna(0.0) * weight
            there = there + column.notna() * weight
            seen = seen + observed[child.id] * weight
        out[f"score_{group.id}"] = total / there.where(there > 0)
        observed[group.id] = seen
    out["score"], out["clamped"] = out[f"score_{made.root.id}"], clamped
    rated = pd.Series(True, index=frame.index)
    for name, group in {"coverage": made.root, **{f"coverage_{k}": g for k, g in made.axes.items()}}.items():
        out[name] = observed[group.id]
        rated &= out[name] >= 0.6 - 1e-9
    out["status"] = np.where(rated, "rated", "insufficient")
    out["grade"] = np.select([out["score"] >= cut - 1e-9 for _, cut in GRADES], [g for g, _ in GRADES], None)
    sides = [np.where(out[f"score_{axis}"] >= 50 - 1e-9, "high", "low") for axis in ("now", "later")]
    out["class_plane"] = pd.Series(sides[0], index=frame.index) + "_" + sides[1]
    out.loc[~rated, ["grade", "class_plane"]] = None
    return out


def main(rows: int = 2_000_000) -> None:
    made = tree()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_customers(folder / "measures", [leaf.measure for leaf in made.indicators], rows, 0.1)
        polars = pl.read_parquet(folder / "measures" / "*.parquet")
        model = fit(made, weigh(made), polars.head(100_000))
        frame = pd.DataFrame({column.name: column.to_numpy() for column in polars})
        del polars
        mine, theirs = score(model, frame.head(1000)), column_by_column(model, frame.head(1000))
        assert float((mine["score"] - theirs["score"]).abs().max()) < 1e-9, "the two ways differ"
        assert (mine["class_plane"].fillna("") == theirs["class_plane"].fillna("")).all()
        ours, by_hand = [], []
        for _ in range(3):
            ours.append(seconds(lambda: score(model, frame)))
            by_hand.append(seconds(lambda: column_by_column(model, frame)))
        print(f"{rows:,} customers in pandas: score {min(ours):.2f} s, column by column {min(by_hand):.2f} s")
        print(f"column by column ÷ score: {min(by_hand) / min(ours):.2f}")
        model.save(folder / "model.json")
        frame.head(1000).to_parquet(folder / "thousand.parquet")
        cold = []
        for _ in range(5):
            started = time.perf_counter()
            files = [str(folder / "model.json"), str(folder / "thousand.parquet")]
            subprocess.run([sys.executable, "-c", COLD, *files], check=True, capture_output=True)
            cold.append(time.perf_counter() - started)
        print(f"1,000 customers from a cold start, the interpreter's own among it: {min(cold):.2f} s")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:2]))
