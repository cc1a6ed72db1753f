"""Priorities and CR of 10,000 judgment matrices for each n = 5–9, beside other ways to get them.

`python benchmarks/priorities.py`: prints seconds and ratios of one run. numpy.linalg.eig gets the
same batches and the same arithmetic for CR; AHPy, when installed, is run on a few matrices and
scaled up.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import combinations
from time import perf_counter

import numpy as np

from evaluator.ahp import consistency, priorities, random_index

COUNT = 10_000
SAMPLE = 50  # of AHPy, which takes milliseconds for each
SCALE = np.array([1 / k for k in range(9, 1, -1)] + list(range(1, 10)))


def judgments(n: int, noise: float = 0.4) -> np.ndarray:
    """Return matrices as people fill them: true weights, noisy ratios, answers on the 1–9 grid."""
    rng = np.random.default_rng(n)
    w = rng.dirichlet(np.ones(n) * 3, COUNT)
    i, j = np.triu_indices(n, 1)
    ratios = w[:, i] / w[:, j] * np.exp(rng.normal(0, noise, (COUNT, len(i))))
    answers = np.abs(np.log(ratios)[..., None] - np.log(SCALE)).argmin(-1)
    A = np.ones((COUNT, n, n))
    A[:, i, j], A[:, j, i] = SCALE[answers], SCALE[16 - answers]
    return A


def ours(A: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    result = consistency(A)
    return result.priorities, result.cr


def eig(A: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n = A.shape[-1]
    values, vectors = np.linalg.eig(A)
    first = values.real.argmax(-1)
    w = np.abs(np.take_along_axis(vectors.real, first[:, None, None], 2)[..., 0])
    largest = np.take_along_axis(values.real, first[:, None], 1)[:, 0]
    return w / w.sum(-1, keepdims=True), (largest - n) / (n - 1) / random_index(n)


def ahpy(A: np.ndarray) -> None:
    from ahpy import Compare

    for matrix in A[:SAMPLE]:
        pairs = {(i, j): float(matrix[i, j]) for i, j in combinations(range(len(matrix)), 2)}
        comparison = Compare("m", pairs, precision=8)
        assert comparison.consistency_ratio is not None


def seconds(function: Callable[[np.ndarray], object], A: np.ndarray, repeats: int) -> float:
    best = np.inf
    for _ in range(repeats):
        start = perf_counter()
        function(A)
        best = min(best, perf_counter() - start)
    return float(best)


def main() -> None:
    rival = importlib.util.find_spec("ahpy") is not None
    if rival:
        ahpy(judgments(3)[:1])  # its own start-up is not counted
    else:
        print("AHPy is not installed: its column stays empty")
    print("n   priorities  with CR    eig+CR   ratio     AHPy   ratio   largest difference from eig")
    for n in range(5, 10):
        A = judgments(n)
        alone, mine, theirs = seconds(priorities, A, 3), seconds(ours, A, 3), seconds(eig, A, 2)
        (w, cr), (w_eig, cr_eig) = ours(A), eig(A)
        apart = max(np.abs(w - w_eig).max(), np.abs(cr - cr_eig).max())
        line = f"{n}  {alone:9.3f} s {mine:8.3f} {theirs:9.3f} {theirs / mine:6.1f}×"
        if rival:
            slow = seconds(ahpy, A, 1) * COUNT / SAMPLE
            line += f" {slow:8.1f} {slow / mine:6.0f}×"
        else:
            line += " " * 17
        print(f"{line}   {apart:.1e}", flush=True)


if __name__ == "__main__":
    main()
