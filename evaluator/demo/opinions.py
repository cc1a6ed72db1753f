"""How the experts of the demo judge, and their answers entered as they would enter them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import numpy as np
import openpyxl
from numpy.typing import NDArray

from evaluator import ahp, files
from evaluator.forms.choices import labels, sentences
from evaluator.forms.record import KEY, pair_key, read_record
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert, Judgment
from evaluator.workbook.reader import FORM, read_workbook

_CARE = (0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40)  # how far an expert's own weights lie from the tree's
_SLIPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7)  # chance of an answer one step off
_TRIES = 200
_BROKEN = 0.2  # CR a flawed matrix of the demo has at least


def judgments(
    rng: np.random.Generator, tree: Tree, experts: Sequence[Expert], *, convention: str
) -> tuple[Judgment, ...]:
    """Return the answers of all experts to all pairs.

    Each judges around the tree's given weights with a care of their own, consistently by the
    convention, except that the last two contradict themselves, each in one of the two
    largest groups.
    """
    chosen = ahp.CONVENTIONS[convention].function
    groups = [group for group in tree.groups if group.pairs]
    largest = sorted(groups, key=lambda group: -group.pairs)[:2]
    flaws = dict(zip([expert.id for expert in experts[-2:]], [group.id for group in largest], strict=False))
    found: list[Judgment] = []
    for index, expert in enumerate(experts):
        for group in groups:
            matrix = _consistent(rng, group, index % len(_CARE), chosen)
            if flaws.get(expert.id) == group.id:
                matrix = _contradicted(matrix, chosen)
            found += _answers(expert, group, matrix)
    return tuple(found)


def answer(path: Path, tree: Tree, given: Sequence[Judgment], *, language: str) -> None:
    """Choose, in an empty questionnaire, the sentence of each answer, as its expert would in Excel."""
    record = read_record(read_workbook(path, limits=FORM))
    if record is None:
        raise ValueError(f"{path} is not a questionnaire")
    filled = openpyxl.load_workbook(path)
    for group in record.groups:
        sheet = filled[group.sheet]
        rows = {row[KEY].value: row[record.answers] for row in sheet.iter_rows()}
        for key, sentence in _chosen(tree, group.id, given, language):
            rows[key].value = sentence
    with files.replacing(path) as new:
        filled.save(new)


def _chosen(tree: Tree, group_id: str, given: Sequence[Judgment], language: str) -> Iterator[tuple[str, str]]:
    group = tree.nodes[group_id]
    names = labels(group, language) if isinstance(group, Group) else {}
    for judgment in given:
        if judgment.group == group_id:
            offered = dict(sentences(names[judgment.a], names[judgment.b], language))
            yield pair_key(judgment.a, judgment.b), offered[judgment.answer]


def _answers(expert: Expert, group: Group, matrix: NDArray[np.float64]) -> Iterator[Judgment]:
    for (i, a), (j, b) in combinations(enumerate(group.children), 2):
        ratio = Fraction(float(matrix[i, j])).limit_denominator(9)
        yield Judgment(expert.id, group.id, a.id, b.id, float(ratio), str(ratio))


def _consistent(
    rng: np.random.Generator, group: Group, care: int, convention: ahp.Convention
) -> NDArray[np.float64]:
    """Return a matrix of answers 1–9 around the group's weights that the convention accepts."""
    given = np.array([child.weight or 1.0 for child in group.children])
    for _ in range(_TRIES):
        own = given * np.exp(rng.normal(0, _CARE[care], len(given)))
        steps = _steps(own[:, None] / own[None, :])
        slips = np.triu(rng.choice([-1, 0, 1], p=_chances(_SLIPS[care]), size=steps.shape), 1)
        matrix = _ratios(np.clip(steps + slips - slips.T, -8, 8))
        if len(given) < 3 or _ratio_of_consistency(matrix, convention) < convention(len(given)):
            return matrix
    return _ratios(_steps(given[:, None] / given[None, :]))


def _contradicted(matrix: NDArray[np.float64], convention: ahp.Convention) -> NDArray[np.float64]:
    """Return the answers with one of them turned round, the mildest that contradicts the rest clearly."""
    pairs = sorted(combinations(range(len(matrix)), 2), key=lambda pair: abs(np.log(matrix[pair])))
    turned = matrix
    for strength, (i, j) in product((1, 3, 5, 7, 9), pairs):
        turned = matrix.copy()
        winner, loser = (i, j) if matrix[i, j] < 1 else (j, i)
        turned[winner, loser] = max(matrix[loser, winner], strength)
        turned[loser, winner] = 1 / turned[winner, loser]
        if _ratio_of_consistency(turned, convention) > _BROKEN:
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


def _ratio_of_consistency(matrix: NDArray[np.float64], convention: ahp.Convention) -> float:
    return float(ahp.consistency(matrix, ri=convention.ri).cr)
