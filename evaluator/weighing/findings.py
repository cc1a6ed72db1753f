"""What an expert's answers to a group show beside their ratio of consistency, by name."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp
from evaluator.weighing.weights import WorstJudgment

_EQUAL = 1e-9  # logarithms closer than this are the same answer


class Finding(TypedDict):
    """The fields of an expert's evidence that name children."""

    parts: tuple[tuple[str, ...], ...]
    worst: WorstJudgment | None
    cycles: int
    reversed: tuple[tuple[str, str], ...]


def findings(
    A: NDArray[np.float64], figures: ahp.Consistency, strict: NDArray[np.str_], children: tuple[str, ...]
) -> list[Finding]:
    """Return what each expert's ratios (k, n, n) show: parts, worst judgment, cycles, reversed orders.

    `strict` are the verdicts under the strict limits.
    """
    contradictory = (figures.verdict == "inconsistent") | (strict == "inconsistent")
    worst = dict(zip(np.flatnonzero(contradictory).tolist(), _worst(A[contradictory], children), strict=True))
    ordinal = ahp.contradictions(A, figures.method)
    against = _named(ordinal.reversed, children)
    return [
        Finding(
            parts=_parts(labels, children),
            worst=worst.get(k),
            cycles=cycles,
            reversed=against.get(k, ()),
        )
        for k, (labels, cycles) in enumerate(
            zip(ahp.components(A).tolist(), ordinal.cycles.tolist(), strict=True)
        )
    ]


def reversed_pairs(
    A: NDArray[np.float64], w: NDArray[np.float64], children: tuple[str, ...]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Return, by expert, the pairs judged in favour of the first where the second weighs more."""
    with np.errstate(invalid="ignore", divide="ignore"):
        against = (np.log(A) > _EQUAL) & (np.log(w[..., :, None] / w[..., None, :]) < -_EQUAL)
    return _named(against, children)


def _named(against: NDArray[np.bool_], children: tuple[str, ...]) -> dict[int, tuple[tuple[str, str], ...]]:
    pairs: dict[int, list[tuple[str, str]]] = {}
    for k, i, j in np.argwhere(against).tolist():
        pairs.setdefault(k, []).append((children[i], children[j]))
    return {k: tuple(found) for k, found in pairs.items()}


def _parts(labels: list[int], children: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    count = max(labels) + 1
    if count == 1:
        return ()
    return tuple(
        tuple(child for child, label in zip(children, labels, strict=True) if label == part)
        for part in range(count)
    )


def _worst(A: NDArray[np.float64], children: tuple[str, ...]) -> list[WorstJudgment]:
    found = ahp.worst_judgment(A)
    return [
        WorstJudgment(children[i], children[j], value, error, suggested)
        for (i, j), value, error, suggested in zip(
            found.pair.tolist(), found.value.tolist(), found.error.tolist(), found.suggested.tolist(),
            strict=True,
        )
    ]  # fmt: skip
