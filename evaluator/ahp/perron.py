"""The Perron vector of positive matrices, by squaring whole batches."""

from __future__ import annotations

import numpy as np

from evaluator.ahp.matrices import Array

_FIRST_SQUARINGS = 5  # nothing has settled to the tolerance before the 64th power
_MOST_SQUARINGS = 48
_TOLERANCE = 1e-12


def perron(A: Array) -> Array:
    """Return the right eigenvectors of the largest eigenvalues, (m, n, n) → (m, n), each summing to 1.

    The matrices are squared until two squarings in a row agree: the error is squared each time, and
    every column becomes the eigenvector.
    Judgments on the 1–9 scale settle after six to eight squarings; those whose two largest
    eigenvalues lie close together go on alone, and are NaN if they do not settle at all.
    """
    B = A
    for k in range(_FIRST_SQUARINGS):
        B = _squared(B) if k % 2 else B @ B  # two squarings of judgments are far from overflowing
    w = normalised(B[..., 0])
    rest = np.arange(len(A))
    for _ in range(_MOST_SQUARINGS - _FIRST_SQUARINGS):
        B = _squared(B)
        before, after = w[rest], normalised(B[..., 0])
        w[rest] = after
        moving = ~((np.abs(after - before) <= _TOLERANCE * after).all(-1))
        if not moving.any():
            return w
        B, rest = B[moving], rest[moving]
    w[rest] = np.nan
    return w


def normalised(w: Array) -> Array:
    """Return vectors scaled to sum to 1, (..., n) → (..., n)."""
    return np.asarray(w / w.sum(-1, keepdims=True))


def _squared(B: Array) -> Array:
    """Return B², scaled so that powers neither overflow nor vanish."""
    m, n, _ = B.shape
    with np.errstate(all="ignore"):
        cells = (B @ B).reshape(m, n * n)  # one long row each: broadcasting over n × n is slower
        cells *= 1 / cells[:, :1]
    return cells.reshape(m, n, n)
