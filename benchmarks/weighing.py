"""A large panel weighed, and weights drawn: `python benchmarks/weighing.py`.

1,000 experts judge 15 groups; 10,000 draws of judgments and experts go through a tree of 30
indicators. Prints seconds of one run, stage by stage, and per expert and group beside the same
arithmetic in a Python loop over the experts.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from time import perf_counter

import numpy as np

from evaluator import ahp
from evaluator.tree import Tree
from evaluator.weighing import Expert, Judgment, Panel, agreement, weigh, weight_uncertainty

SCALE = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
LOOPED = 200  # experts taken through the loop, scaled up


def tree(*sizes: int) -> Tree:
    """Return a tree whose levels have these numbers of children below each node."""

    def node(name: str, left: tuple[int, ...]) -> dict[str, object]:
        if left:
            children = tuple(node(f"{name}x{i}", left[1:]) for i in range(left[0]))
            return {"id": name, "name": name, "children": children}
        return {"id": name, "name": name, "measure": name, "direction": "benefit", "scale": scale}

    scale = {"kind": "linear", "worst": 0.0, "best": 1.0}
    grades = [
        {"id": "good", "name": "good", "score": 80.0, "from": 60.0},
        {"id": "poor", "name": "poor", "score": 30.0, "from": 0.0},
    ]
    head = {"schema": 1, "id": "bench", "name": "bench", "status": "custom", "source": "benchmark"}
    return Tree.model_validate({**head, "grades": tuple(grades), "root": node("root", sizes)})


def panel(of: Tree, experts: int, noise: float = 0.25) -> Panel:
    """Return a panel that answers every pair on the 1–9 scale around weights of its own."""
    rng = np.random.default_rng(experts)
    judgments = []
    for group in of.groups:
        names = [child.id for child in group.children]
        if len(names) < 2:
            continue
        w = rng.dirichlet(np.full(len(names), 4.0), experts)
        for (i, a), (j, b) in combinations(enumerate(names), 2):
            logs = np.log(w[:, i] / w[:, j]) + rng.normal(0, noise, experts)
            answers = SCALE[np.abs(logs[:, None] - np.log(SCALE)).argmin(-1)]
            judgments += [
                Judgment(f"e{k}", group.id, a, b, value) for k, value in enumerate(answers.tolist())
            ]
    return Panel(tuple(Expert(f"e{k}") for k in range(experts)), tuple(judgments))


def seconds(title: str, function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    took = perf_counter() - start
    print(f"{title:60} {took:8.3f} s", flush=True)
    return took


def looped(matrices: list[np.ndarray]) -> None:
    for A in matrices:
        for one in A[:LOOPED]:
            ahp.consistency(one)


def main() -> None:
    large = tree(2, 6, 5)
    people = panel(large, 1000)
    print(f"{len(people.experts)} experts, {len(large.groups)} groups, {len(people.judgments)} judgments")
    asked = [group for group in large.groups if len(group.children) > 1]
    matrices = [people.matrices(group) for group in asked]
    core = seconds("priorities and CR, array core", lambda: [ahp.consistency(A) for A in matrices])
    loop = seconds(f"the same in a loop, {LOOPED} experts", lambda: looped(matrices)) * 1000 / LOOPED
    print(f"{'loop over all experts / array core':60} {loop / core:7.0f}×")
    seconds("weigh, panel to weights with all evidence", lambda: weigh(large, people, inconsistent="keep"))
    weights = weigh(large, people, inconsistent="keep")
    seconds("agreement: consensus, clusters, W, leave one out", lambda: agreement(weights))
    small = tree(6, 5)
    for experts in (7, 50):
        weights = weigh(small, panel(small, experts), inconsistent="keep")
        for aggregation in ("aij", "aip"):
            chosen = weigh(small, panel(small, experts), inconsistent="keep", aggregation=aggregation)
            seconds(
                f"10,000 draws, 30 indicators, {experts} experts, {aggregation}",
                lambda chosen=chosen: weight_uncertainty(chosen),
            )


if __name__ == "__main__":
    main()
