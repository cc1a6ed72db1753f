"""Plans under a budget: seconds and the gap to the bound, beside the bare relaxation where it can be had.

    python benchmarks/plans.py [customers …]

Five actions, a budget, five capacities and nine regional floors. Seconds are of the clock and of
the processors.
"""

import sys
import time

import numpy as np
import polars as pl

from evaluator.actions import Floor, Limits, plan
from evaluator.actions.problem import problem_of
from evaluator.actions.solving import relaxation

ACTIONS = (
    ("visit", 800.0, 0.3), ("call", 300.0, 0.15), ("project", 2000.0, 0.5), ("mail", 100.0, 0.06),
    ("training", 1200.0, 0.4),
)  # fmt: skip
RELAXED = 20_000  # customers up to which the relaxation is solved as a whole beside the plan


def offers(customers: int) -> pl.DataFrame:
    """Return customers × actions with gains in proportion to a skewed profit."""
    rng = np.random.default_rng(1)
    profit, risk = np.round(rng.lognormal(9, 1, customers), 2), rng.beta(2, 5, customers)
    ids = pl.Series([f"C{n:07d}" for n in range(customers)])
    region = pl.Series([f"R{n}" for n in rng.integers(0, 9, customers)])
    return pl.concat(
        pl.DataFrame({"id": ids, "region": region, "cost": np.round(cost + 0.01 * profit, 2),
                      "gain": effect * risk * profit * 2 * rng.uniform(0.5, 1.5, customers)})
        .with_columns(action=pl.lit(name))
        for name, cost, effect in ACTIONS
    )  # fmt: skip


def limits(customers: int) -> Limits:
    capacities = {name: customers // 20 for name, _, _ in ACTIONS}
    floors = (Floor("region", customers // 60),)
    return Limits(budget=100.0 * customers, capacities=capacities, at_least=floors)


for customers in [int(word) for word in sys.argv[1:]] or [300, 3_000, 20_000, 1_000_000]:
    frame, within = offers(customers), limits(customers)
    clock, processors = time.perf_counter(), time.process_time()
    found = plan(frame, within)
    seconds, used = time.perf_counter() - clock, time.process_time() - processors
    line = f"{customers:>9,} customers: {seconds:6.1f} s, processors {used:6.1f} s, gap {found.gap:.1e}"
    if customers <= RELAXED:
        problem = problem_of(frame, within)
        processors = time.process_time()
        relaxation(problem)
        line += f", {used / (time.process_time() - processors):.2f}× the relaxation alone"
    print(line, flush=True)
