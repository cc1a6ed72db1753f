"""Reproduce the simulated random index: `python benchmarks/random_index.py [matrices] [sizes…]`.

Every reciprocal matrix on the 17-point scale counts once for n = 3 and 4; beyond, matrices are
drawn (seed = n). Prints n, mean consistency index, its standard error, and what the package holds.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np

from evaluator.ahp import consistency, random_index

SCALE = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))
CHUNK = 20_000


def matrices(n: int, answers: np.ndarray) -> np.ndarray:
    """Return reciprocal matrices from answers (m, pairs), each a place on the scale."""
    A = np.ones((len(answers), n, n))
    i, j = np.triu_indices(n, 1)
    A[:, i, j] = SCALE[answers]
    A[:, j, i] = SCALE[16 - answers]
    return A


def answers(n: int, count: int) -> Iterator[np.ndarray]:
    """Yield all answers in turn where they can be counted through, else random ones."""
    pairs = n * (n - 1) // 2
    everything = 17**pairs
    if n <= 4:
        for start in range(0, everything, CHUNK):
            numbers = np.arange(start, min(start + CHUNK, everything))
            yield numbers[:, None] // 17 ** np.arange(pairs) % 17
    else:
        rng = np.random.default_rng(n)
        for start in range(0, count, CHUNK):
            yield rng.integers(0, 17, (min(CHUNK, count - start), pairs))


def main(count: int = 1_000_000, *sizes: int) -> None:
    print(" n       mean     s.e.  package")
    for n in sizes or range(3, 16):
        ci = np.concatenate([consistency(matrices(n, chunk)).ci for chunk in answers(n, count)])
        error = 0.0 if n <= 4 else ci.std() / np.sqrt(len(ci))
        print(f"{n:2d} {ci.mean():10.5f} {error:8.5f} {random_index(n):8.4f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
