"""Priorities and CR of 10,000 judgment matrices for each n = 5–9, beside other ways to get them.

`python benchmarks/priorities.py`: prints seconds and ratios of one run. numpy.linalg.eig gets the
same batches and the same arithmetic for CR. AHPy, pyDecision and pymcdm, where installed, take one
matrix at a time: they are run on a part of the batch and scaled up. The seconds are those of the
processor, so that other work on the machine counts less.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import combinations
from time import process_time

import numpy as np

from evaluator.ahp import consistency, priorities, random_index

COUNT = 10_000
SAMPLES = {"ahpy": 50, "pyDecision": 1000, "pymcdm": 1000}  # how many each is given, by how slow it is
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


def ahpy(A: np.ndarray) -> np.ndarray:
    from ahpy import Compare

    names = [str(i) for i in range(A.shape[-1])]
    found = []
    for matrix in A:
        pairs = {(names[i], names[j]): float(matrix[i, j]) for i, j in combinations(range(len(names)), 2)}
        comparison = Compare("m", pairs, precision=8)
        assert comparison.consistency_ratio is not None
        found.append([comparison.local_weights[name] for name in names])
    return np.array(found)


def py_decision(A: np.ndarray) -> np.ndarray:
    from pyDecision.algorithm import ahp_method

    return np.array([ahp_method(matrix, wd="max_eigen")[0] for matrix in A])


def pymcdm(A: np.ndarray) -> np.ndarray:
    from pymcdm.weights.subjective import AHP

    found = []
    for matrix in A:
        model = AHP(matrix=matrix)
        found.append(model())
        model.get_cr()
    return np.array(found)


PEERS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "ahpy": ahpy,
    "pyDecision": py_decision,
    "pymcdm": pymcdm,
}


def seconds(function: Callable[[np.ndarray], object], A: np.ndarray, repeats: int) -> float:
    best = np.inf
    for _ in range(repeats):
        start = process_time()
        function(A)
        best = min(best, process_time() - start)
    return float(best)


def here() -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Return the peers that are installed, started once; say which are not."""
    found = {}
    for name, peer in PEERS.items():
        if importlib.util.find_spec(name) is None:
            print(f"{name} is not installed and left out")
        else:
            peer(judgments(3)[:1])  # its own start-up is not counted
            found[name] = peer
    return found


def main() -> None:
    peers = here()
    print("processor seconds for 10,000 matrices, and how many times ours with CR; in brackets the largest")
    print("difference of a weight from ours")
    print(f"n   ours alone   with CR         eig + CR{''.join(f'{name:>26}' for name in peers)}")
    for n in range(3, 10):
        A = judgments(n)
        alone, mine, theirs = seconds(priorities, A, 5), seconds(ours, A, 5), seconds(eig, A, 3)
        (w, _), (w_eig, _) = ours(A), eig(A)
        line = f"{n}  {alone:8.3f} s {mine:8.3f} s {theirs:7.2f} s {theirs / mine:5.1f}×"
        for name, peer in peers.items():
            part = A[: SAMPLES[name]]
            slow = seconds(peer, part, 2) * COUNT / len(part)
            apart = np.abs(peer(part) - w[: len(part)]).max()
            line += f" {slow:7.2f} s {slow / mine:5.0f}× ({apart:.0e})"
        print(f"{line}   eig differs by {np.abs(w - w_eig).max():.0e}", flush=True)


if __name__ == "__main__":
    main()
