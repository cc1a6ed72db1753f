"""What a questionnaire computes while it is answered: weights, consistency, answers that do not fit.

Plain formulas on a hidden sheet, the same in Excel, WPS and LibreOffice. The judgments of a group make
Harker's matrix: a blank is 0 and adds 1 to the diagonal. Squared again and again it gives its principal
eigenvector, which is that of the engine as soon as every comparison is made. CR is shown then, and
not before: the random index for missing comparisons needs more than a sheet computes. Comparisons that
are not asked stay blank for good: such a group shows weights, and its CR when the answers are read.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evaluator import ahp, messages
from evaluator.forms.live_block import PHRASES, Figures, GroupFormulas, cell
from evaluator.forms.live_values import RATIOS, Values
from evaluator.workbook.book import Sheet

_CLOSE = 1e-7  # of the weights, when no comparison is missing or only just enough are there


class Live:
    """The hidden sheet of formulas; `add` writes those of one group below the others."""

    def __init__(self, sheet: Sheet, convention: str) -> None:
        self._sheet = sheet
        self._convention = ahp.CONVENTIONS[convention].function
        self._row = len(PHRASES) + 1
        language = sheet.book.language
        for row, key in enumerate(PHRASES):
            sheet.put(row, 0, messages.text(f"pairwise.live.{key}", language))
        self._said = {key: cell(row, 0, fixed=True) for row, key in enumerate(PHRASES)}
        for row, ratio in enumerate(RATIOS):
            sheet.put(row, 1, ratio)
        self._row = max(len(PHRASES), len(RATIOS)) + 1
        sheet.book.name("levels", sheet, (0, 1), (len(RATIOS) - 1, 1))

    def add(
        self,
        names: Sequence[str],
        pairs: Sequence[tuple[int, int]],
        answers: Sequence[str],
        offered: Sequence[str],
        *,
        sentences: Sequence[tuple[str, ...]],
        given: Sequence[str],
    ) -> Figures:
        """Write the formulas of a group, and return where its figures stand.

        Parameters
        ----------
        names : the names of its children. pairs : those that are asked, by the places of both children.
        answers : the addresses of the answers to these pairs.
        offered : the names of the ranges that hold the sentences of each pair.
        sentences, given : what these ranges hold, and the answers that stand there already.
        """
        n = len(names)
        values = Values(
            n,
            tuple(pairs),
            tuple(given),
            tuple(sentences),
            squarings=_squarings(n),
            ri=ahp.random_index(n, self._convention.table("linear")),
            limit=self._convention(n),
            tested=n > 2 and len(pairs) == n * (n - 1) // 2,
        )
        block = GroupFormulas(self._sheet, self._row, names, values, self._said)
        block.read(answers, offered)
        block.matrices()
        figures = block.judge()
        self._row = block.row + 1
        return figures


def _squarings(n: int) -> int:
    """Return how many squares leave nothing of the slowest part, also where blanks leave a mere chain."""
    slowest = 1 - 2 * (1 - math.cos(math.pi / n)) / n
    return 7 if n == 2 else max(7, math.ceil(math.log2(math.log(_CLOSE) / math.log(slowest))))
