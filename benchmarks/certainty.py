"""Draws of a result against one bare matrix product of the same size, in processor time.

Run `python benchmarks/certainty.py [--full]`: a tenth of the draws by default; the full size is 10,000 draws
× 100,000 customers × 30 indicators. Ratios stand in one run on one machine, the bare product on one
processor: on two, its threads wait for one another in processor time, which would make ours look better.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np
import polars as pl

from evaluator import documents, scoring, weighing
from evaluator.analysis.robustness.customers import customers_of
from evaluator.analysis.robustness.drawing import CELLS, judge
from evaluator.analysis.robustness.scores import Source
from evaluator.analysis.robustness.weights import local_draws
from evaluator.scoring import Model
from evaluator.tree import Tree
from evaluator.weighing import weight_draws

CUSTOMERS, SIDES, LEAVES = 100_000, ("current", "potential"), 15


def tree() -> Tree:
    """Return a tree of two axes with fifteen indicators each, and a matrix of both."""

    def side(axis: str) -> dict[str, object]:
        leaves = [
            {"id": f"{axis}_{n}", "name": "I", "measure": f"{axis}_{n}", "direction": "benefit",
             "weight": 1 + n % 4, "scale": {"kind": "linear", "worst": 0, "best": 100}}
            for n in range(LEAVES)
        ]  # fmt: skip
        return {"id": axis, "name": "A", "axis": axis, "weight": 1, "children": leaves}

    cells = [
        {"id": x[0] + y[0], "name": "C", "x": x, "y": y} for x in ("low", "high") for y in ("low", "high")
    ]
    sides = {
        key: {"axis": axis, "cut": {"kind": "fixed", "at": [50]}}
        for key, axis in zip("xy", SIDES, strict=True)
    }
    data = {
        "schema": 1, "id": "t", "name": "T", "status": "custom", "source": "-", "weights_source": "-",
        "grades": [{"id": "good", "name": "G", "score": 90, "from": 50},
                   {"id": "poor", "name": "P", "score": 40, "from": 0}],
        "root": {"id": "t", "name": "T", "children": [side(axis) for axis in SIDES]},
        "matrices": [{"id": "m", "name": "M", **sides, "classes": cells}],
    }  # fmt: skip
    import yaml

    return documents.validate(documents.parse(yaml.safe_dump(data), "t.yaml"), Tree)


def frame(of: Tree, count: int) -> pl.DataFrame:
    """Return customers with normal scores around the middle."""
    random = np.random.default_rng(1)
    columns = {leaf.measure: random.normal(50, 15, count).clip(0, 100) for leaf in of.indicators}
    return pl.DataFrame({"id": [f"c{n}" for n in range(count)], **columns})


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of a piece of work."""
    before = time.process_time()
    work()
    return time.process_time() - before


def product(draws: int) -> None:
    """Multiply draws × indicators by indicators × customers, in the chunks that draws are judged in."""
    random = np.random.default_rng(0)
    weights, scores = random.random((draws, 2 * LEAVES)), random.random((2 * LEAVES, CUSTOMERS))
    size = max(1, CELLS // CUSTOMERS)
    for start in range(0, draws, size):
        weights[start : start + size] @ scores


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    draws = 10_000 if parser.parse_args().full else 1_000
    of = tree()
    weights, measures = weighing.weigh(of), frame(of, CUSTOMERS)
    model: Model = scoring.fit(of, weights, measures)
    customers = customers_of(model, measures, draw_missing=False)
    local = local_draws(model, draws, weight_draws(weights, draws=draws, seed=1, spread=0.3), {})
    source = Source(customers, local, ("given",), seed=1, ratings=None)
    bare = seconds(lambda: product(draws))
    print(f"{draws:,} draws × {CUSTOMERS:,} customers × {2 * LEAVES} indicators")
    print(f"bare product      {bare:6.1f} s")
    for name, ranked in (("classes", False), ("classes and ranks", True)):
        spent = seconds(lambda ranked=ranked: judge(customers, source.draws, draws, ranked=ranked))
        print(f"{name:<17} {spent:6.1f} s, {spent / bare:.1f} times the product")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.1f} GB")


if __name__ == "__main__":
    main()
