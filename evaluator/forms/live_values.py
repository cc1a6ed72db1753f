"""What the formulas of a questionnaire give for the answers it comes with.

A program that does not compute on opening shows these values, and takes them for what cells nobody
touches hold; so each must be what its formula in `live` gives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.forms.choices import LEVELS

RATIOS = (*(float(level) for level in LEVELS), 1.0, *(1 / level for level in reversed(LEVELS)))
"""What the sentences of a pair stand for, in the order of their list."""

HALF = {"　": "", " ": "", "．": ".", "／": "/", "：": "/", ":": "/", "⁄": "/"} | {
    chr(0xFF10 + digit): str(digit) for digit in range(10)
}
OFF = math.log(3)  # with blanks, an answer this far from what the others imply is pointed out
A_STEP = 0.2  # in logarithms: less is no other answer on the scale
SHOWN = 3  # contradictions that are named
_LEAST, _MOST = 0.11, 9.0
_BEATS = 1e-9
_UNREADABLE = "?"

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """One answer as the formulas read it."""

    text: str
    found: float
    slash: int
    typed: float

    @property
    def ratio(self) -> float | str:
        """The ratio, blank for a comparison not made, ``?`` for what cannot be read."""
        if not self.text:
            return ""
        if self.found > 0:
            return self.found
        return self.typed if _LEAST <= self.typed <= _MOST else _UNREADABLE

    @property
    def log(self) -> float:
        """The logarithm of the ratio, 0 where there is none."""
        return math.log(self.ratio) if isinstance(self.ratio, float) else 0.0


@dataclass(frozen=True)
class Values(Brief):
    """The figures of one group: `answers` are what the cells of its `pairs` hold, blank for nothing.

    `offered` are the sentences of each pair, `squarings` how often Harker's matrix is squared, `ri` its
    random index and `limit` the one of CR; `tested` says whether CR is shown at all.
    """

    n: int
    pairs: tuple[tuple[int, int], ...]
    answers: tuple[str, ...]
    offered: tuple[tuple[str, ...], ...]
    squarings: int
    ri: float
    limit: float
    tested: bool

    @cached_property
    def read(self) -> tuple[Read, ...]:
        """Each answer as the formulas read it."""
        return tuple(map(_read, self.answers, self.offered))

    @property
    def answered(self) -> int:
        """How many comparisons are made."""
        return sum(isinstance(one.ratio, float) for one in self.read)

    @property
    def left(self) -> int:
        """How many are not."""
        return len(self.pairs) - self.answered

    @cached_property
    def made(self) -> Matrix:
        """1 where a comparison is made."""
        made = np.zeros((self.n, self.n))
        for (i, j), one in zip(self.pairs, self.read, strict=True):
            made[i, j] = made[j, i] = isinstance(one.ratio, float)
        return made

    @cached_property
    def logs(self) -> Matrix:
        """The logarithms of the comparisons made, 0 elsewhere."""
        logs = np.zeros((self.n, self.n))
        for (i, j), one in zip(self.pairs, self.read, strict=True):
            logs[i, j], logs[j, i] = one.log, -one.log
        return logs

    @cached_property
    def powers(self) -> tuple[Matrix, ...]:
        """Harker's matrix, and its squares, each divided by the sum of the one before."""
        block = np.where(self.made > 0, np.exp(self.logs), 0.0)
        np.fill_diagonal(block, self.n - self.made.sum(1))
        found = [block]
        for _ in range(self.squarings):
            found.append(found[-1] @ found[-1] / found[-1].sum())
        return tuple(found)

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The weights; none while the comparisons do not tie everything together."""
        last = self.powers[-1]
        return tuple((last.sum(1) / last.sum()).tolist()) if last.min() > 0 else ()

    @cached_property
    def cr(self) -> float | None:
        """The consistency ratio, None while something is left or where it is not shown."""
        if not self.tested or self.left or not self.weights:
            return None
        root = float((self.powers[0] @ np.array(self.weights)).sum())
        return max(0.0, (root - self.n) / (self.n - 1)) / self.ri

    @property
    def consistent(self) -> bool:
        """Whether CR is there and below its limit."""
        return self.cr is not None and self.cr < self.limit

    @cached_property
    def paths(self) -> tuple[int, ...]:
        """How many third children tie each pair together."""
        return tuple(round(float(self.made[i] @ self.made[j])) for i, j in self.pairs)

    @cached_property
    def implied(self) -> tuple[float | None, ...]:
        """The logarithm of what the other answers imply of each pair, None where nothing does."""
        most = math.log(_MOST)
        return tuple(
            max(-most, min(most, float(self.logs[i] @ self.made[j] - self.made[i] @ self.logs[j]) / paths))
            if paths
            else None
            for (i, j), paths in zip(self.pairs, self.paths, strict=True)
        )

    @cached_property
    def gaps(self) -> tuple[float, ...]:
        """How far each answer lies from what the others imply, in logarithms."""
        return tuple(
            abs(one.log - implied) if isinstance(one.ratio, float) and implied is not None else 0.0
            for one, implied in zip(self.read, self.implied, strict=True)
        )

    @property
    def alarm(self) -> bool:
        """Whether the answer that fits least is pointed out."""
        if self.left == 0 and len(self.pairs) == self.n * (self.n - 1) // 2:
            return self.tested and not self.consistent
        return max(self.gaps) >= OFF

    def hint(self, place: int, unreadable: str) -> str:
        """Return what stands beside a pair: that it cannot be read, or the sentence that would fit."""
        gap, implied = self.gaps[place], self.implied[place]
        if self.read[place].ratio == _UNREADABLE:
            return unreadable
        worst = self.alarm and gap > A_STEP and gap >= max(self.gaps) - _BEATS
        return self.offered[place][_fitting(implied)] if worst and implied is not None else ""

    @cached_property
    def turns(self) -> tuple[tuple[tuple[int, int, int], int], ...]:
        """Every three children that are all compared: 1 where they beat each other in turn, −1 backwards."""
        asked = set(self.pairs)
        return tuple(
            (three, self._turn(three))
            for three in combinations(range(self.n), 3)
            if asked.issuperset(combinations(three, 2))
        )

    def _turn(self, three: tuple[int, int, int]) -> int:
        i, j, k = three
        sides = self.logs[i, j], self.logs[j, k], self.logs[k, i]
        return int(all(side > _BEATS for side in sides)) - int(all(side < -_BEATS for side in sides))


def _read(answer: str, offered: Sequence[str]) -> Read:
    text = answer
    for wide, half in HALF.items():
        text = text.replace(wide, half)
    said = [ratio for ratio, sentence in zip(RATIOS, offered, strict=True) if answer and sentence == answer]
    slash = text.find("/") + 1
    parts = (text[: slash - 1], text[slash:]) if slash else (text, "1")
    try:
        typed = float(parts[0]) / float(parts[1])
    except (ValueError, ZeroDivisionError):
        typed = 0.0
    return Read(text, sum(said), slash, typed)


def _fitting(implied: float) -> int:
    """Return the place of the sentence nearest to a ratio, from its logarithm; halves round up."""
    near = min(9, math.floor(math.exp(abs(implied)) + 0.5))
    return 9 - near if implied >= 0 else 7 + near
