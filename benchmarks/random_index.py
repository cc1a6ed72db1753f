"""Reproduce the simulated random indices: `python benchmarks/random_index.py [matrices] [scales…]`.

Every reciprocal matrix of the 17 answers counts once for n = 3 (and for n = 4 on the linear scale);
beyond, answers are drawn (seed = n, so all scales see the same ones). Prints n, mean consistency
index, its standard error, and what the package holds, for each judgment scale.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from evaluator.ahp import SCALES, apply_scale, consistency, random_index

SCALE = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
CHUNK = 20_000


def matrices(n: int, answers: np.ndarray) -> np.ndarray:
    """Return reciprocal matrices from answers (m, pairs), each a place on the scale."""
    A = np.ones((len(answers), n, n))
    i, j = np.triu_indices(n, 1)
    A[:, i, j] = SCALE[answers]
    A[:, j, i] = SCALE[16 - answers]
    return A


def answers(n: int, count: int, whole: int) -> Iterator[np.ndarray]:
    """Yield all answers in turn up to n = `whole`, else random ones."""
    pairs = n * (n - 1) // 2
    everything = 17**pairs
    if n <= whole:
        for start in range(0, everything, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, everything))
            yield numbers[:, None] // 17 ** np.arange(pairs) % 17
    else:
        rng = np.random.default_rng(n)
        for start in range(0, count, CHUNK):
            yield rng.integers(0, 17, (min(CHUNK, count - start), pairs))


def main(count: int = 1_000_000, *scales: str) -> None:
    print(f"{'scale':20s}  n       mean     s.e.  package")
    for scale in scales or SCALES.names():
        whole = 4 if scale == "linear" else 3
        for n in range(3, 16):
            ci = np.concatenate(
                [
                    consistency(apply_scale(matrices(n, chunk), scale), ri=1.0).ci
                    for chunk in answers(n, count, whole)
                ]
            )
            error = 0.0 if n <= whole else ci.std() / np.sqrt(len(ci))
            package = random_index(n, "simulated", scale=scale)
            print(f"{scale:20s} {n:2d} {ci.mean():10.5f} {error:8.5f} {package:8.4f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
