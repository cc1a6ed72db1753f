"""How the experts of the demo judge, and their answers entered as they would enter them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import openpyxl
from numpy.typing import NDArray

from evaluator import ahp, files
from evaluator.sheets.record import keyed_rows, pair_key, read_record, stored_choices
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert, Judgment
from evaluator.workbook.reader import FORM, WorkbookValues, read_workbook

_CARE = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40)  # how far an expert's own weights lie from the tree's
_SLIPS = (0.0, 0.1, 0.1, 0.2, 0.3, 0.4, 0.5)  # chance of an answer one step off
_TRIES = 200
_BROKEN = 0.2  # CR a flawed matrix of the demo has at least


def judgments(rng: np.random.Generator, tree: Tree, experts: Sequence[Expert]) -> tuple[Judgment, ...]:
    """Return the answers of all experts to all pairs.

    Each judges around the tree's given weights with a care of his own, consistently except that the
    last two have contradicted themselves, each in one of the two largest groups.
    """
    groups = [group for group in tree.groups if group.pairs]
    largest = sorted(groups, key=lambda group: -group.pairs)[:2]
    flaws = dict(zip([expert.id for expert in experts[-2:]], [group.id for group in largest], strict=False))
    found: list[Judgment] = []
    for index, expert in enumerate(experts):
        for group in groups:
            matrix = _consistent(rng, group, index % len(_CARE))
            if flaws.get(expert.id) == group.id:
                matrix = _contradicted(matrix)
            found += _answers(expert, group, matrix)
    return tuple(found)


def answer(path: Path, given: Sequence[Judgment]) -> None:
    """Choose, in an empty questionnaire, the sentence of each answer, as its expert would in Excel."""
    book = read_workbook(path, limits=FORM)
    record, choices = read_record(book), stored_choices(book)
    if record is None:
        raise ValueError(f"{path} is not a questionnaire")
    sheets = {group.id: group.sheet for group in record.groups}
    filled = openpyxl.load_workbook(path)
    for judgment in given:
        name, key = sheets[judgment.group], pair_key(judgment.a, judgment.b)
        offered = {ratio: sentence for sentence, ratio in choices[key].items()}
        row = _rows(book, name)[key]
        filled[name].cell(row + 1, record.answers + 1).value = offered[judgment.answer]
    with files.replacing(path) as new:
        filled.save(new)


def _rows(book: WorkbookValues, name: str) -> dict[str, int]:
    sheet = book.sheet(name)
    return keyed_rows(sheet) if sheet else {}


def _answers(expert: Expert, group: Group, matrix: NDArray[np.float64]) -> Iterator[Judgment]:
    for (i, a), (j, b) in combinations(enumerate(group.children), 2):
        ratio = Fraction(float(matrix[i, j])).limit_denominator(9)
        yield Judgment(expert.id, group.id, a.id, b.id, float(ratio), str(ratio))


def _consistent(rng: np.random.Generator, group: Group, care: int) -> NDArray[np.float64]:
    """Return a matrix of answers 1–9 around the group's weights that a strict reader accepts."""
    given = np.array([child.weight or 1.0 for child in group.children])
    for _ in range(_TRIES):
        own = given * np.exp(rng.normal(0, _CARE[care], len(given)))
        steps = _steps(own[:, None] / own[None, :])
        slips = np.triu(rng.choice([-1, 0, 1], p=_chances(_SLIPS[care]), size=steps.shape), 1)
        matrix = _ratios(np.clip(steps + slips - slips.T, -8, 8))
        if _ratio_of_consistency(matrix) < _limit(len(given)) * 0.95:
            return matrix
    return _ratios(_steps(given[:, None] / given[None, :]))


def _contradicted(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the answers with the fewest strong ones turned round that contradict the rest clearly."""
    strongest = sorted(combinations(range(len(matrix)), 2), key=lambda pair: -abs(np.log(matrix[pair])))
    turned = matrix.copy()
    for i, j in strongest:
        turned[i, j], turned[j, i] = turned[j, i], turned[i, j]
        if _ratio_of_consistency(turned) > _BROKEN:
            break
    return turned


def _steps(ratios: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole steps of the scale from −8 (1/9) over 0 (equal) to 8 (9)."""
    sizes = np.clip(np.rint(np.maximum(ratios, 1 / ratios)), 1, 9) - 1
    return np.asarray(np.sign(np.log(ratios)) * sizes, dtype=np.int64)


def _ratios(steps: NDArray[np.int64]) -> NDArray[np.float64]:
    return (np.abs(steps) + 1.0) ** np.where(steps < 0, -1, 1)


def _chances(slip: float) -> list[float]:
    return [slip / 2, 1 - slip, slip / 2]


def _ratio_of_consistency(matrix: NDArray[np.float64]) -> float:
    return float(np.nan_to_num(ahp.consistency(matrix, ri="simulated").cr))


def _limit(n: int) -> float:
    return ahp.PROFILES["strict"].function(n) if n > 2 else 1.0
