"""Two periods of many customers compared, beside scoring them once.

    python benchmarks/comparison.py [customers] [indicators]

Every measure changes and a tenth is known in one period only; the weights change as well: three switches, so
that every customer is scored eight times. Prints seconds and the ratio to one scoring of both periods.
"""

from __future__ import annotations

import sys
from time import perf_counter

import numpy as np
import polars as pl

from evaluator.analysis import Side, compare
from evaluator.scoring import Model, fit, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

GROUPS = 5


def tree(indicators: int) -> Tree:
    """Return a tree of five criteria with so many indicators below them."""
    leaves = [
        {"id": f"i{n}", "name": f"i{n}", "measure": f"i{n}", "direction": "benefit", "weight": 1.0 + n % 3,
         "scale": {"kind": "piecewise", "points": ((0.0, 0.0), (40.0, 60.0), (100.0, 100.0))}}
        for n in range(indicators)
    ]  # fmt: skip
    groups = tuple(
        {"id": f"g{g}", "name": f"g{g}", "weight": 1.0 + g, "children": tuple(leaves[g::GROUPS])}
        for g in range(GROUPS)
    )
    grades = tuple({"id": name, "name": name, "score": at + 10, "from": at}
                   for name, at in (("a", 80.0), ("b", 60.0), ("c", 0.0)))  # fmt: skip
    head = {"schema": 1, "id": "value", "name": "value", "status": "custom", "source": "benchmark"}
    root = {"id": "value", "name": "value", "children": groups}
    return Tree.model_validate({**head, "weights_source": "benchmark", "grades": grades, "root": root})


def period(system: Tree, customers: int, seed: int) -> pl.DataFrame:
    """Return measures of one period, a tenth of them unknown."""
    random = np.random.default_rng(seed)
    values = random.uniform(0, 100, (customers, len(system.indicators)))
    values[random.random(values.shape) < 0.1] = np.nan
    names = [leaf.measure for leaf in system.indicators]
    frame = pl.DataFrame(values, schema=names, orient="row").with_columns(pl.all().fill_nan(None))
    return frame.insert_column(0, pl.Series("id", [f"k{n}" for n in range(customers)]))


def other(model: Model) -> Model:
    """Return the model with the weights of its criteria the other way round."""
    groups = [group.id for group in model.tree.root.children]
    turned = dict(zip(groups, [model.local[group] for group in reversed(groups)], strict=True))
    return model.reweighted({**model.local, **turned})


def main(customers: int = 100_000, indicators: int = 30) -> None:
    """Print the seconds of a comparison and of scoring both periods."""
    system = tree(indicators)
    periods = [period(system, customers, seed) for seed in (1, 2)]
    model = fit(system, weigh(system), periods[0])
    sides = Side(model, periods[0]), Side(other(model), periods[1])
    begun = perf_counter()
    for side in sides:
        score(side.model, side.measures)
    scored = perf_counter() - begun
    begun = perf_counter()
    found = compare(*sides)
    compared = perf_counter() - begun
    print(f"{customers:,} customers × {indicators} indicators, {', '.join(found.switches)}")
    print(f"scored twice {scored:.2f} s, compared {compared:.2f} s: ratio {compared / scored:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
