"""Straight lines through many points: all lines computed (every engine), or the segment searched (Polars).

    python benchmarks/scales.py [customers]

The ratio is why a second numeric path exists for percentile scales, and from how many points on.
"""

import sys
import time
from collections.abc import Callable

import narwhals as nw
import numpy as np
import polars as pl

from evaluator.columns import polyline, polyline_on_polars


def seconds(run: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def main(rows: int = 1_000_000) -> None:
    random = np.random.default_rng(1)
    frame = pl.DataFrame({"x": random.lognormal(3, 1, rows)}).lazy()
    for count in (4, 8, 12, 24, 101):
        points = [
            (float(x), float(y))
            for x, y in zip(np.geomspace(1, 400, count), np.linspace(0, 100, count), strict=True)
        ]
        plain = nw.from_native(frame).select(polyline(nw.col("x"), points).alias("y")).to_native()
        searched = frame.select(polyline_on_polars(pl.col("x"), points).alias("y"))
        worst = (plain.collect()["y"] - searched.collect()["y"]).abs().max()
        assert isinstance(worst, float)
        assert worst < 1e-9, f"the two ways differ by {worst}"
        slow, fast = seconds(plain.collect), seconds(searched.collect)
        print(f"{count:4d} points: all lines {slow:.3f} s, searched {fast:.3f} s, ratio {slow / fast:.1f}")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:2]))
