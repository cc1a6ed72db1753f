"""What each customer of the live tables comes to: status with its reason, grade, classes, flags near a cut.

Every formula stands in the rows of the detail table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from evaluator.reports import listings
from evaluator.reports.context import Context
from evaluator.reports.listings import Column
from evaluator.reports.live_cells import axis_score
from evaluator.reports.live_rules import LiveRules
from evaluator.reports.live_scales import NEAR, near_of, reached_of
from evaluator.reports.unrated import reason_in_words
from evaluator.scoring.synthesis import excluding, observable
from evaluator.tree import Matrix
from evaluator.tree.types import GradeCap


@dataclass(frozen=True)
class LiveOutcomes:
    """The formulas of what scores come to, with the rules of the tree."""

    context: Context
    rules: LiveRules

    @property
    def _largest(self) -> float:
        """What no score, and so no cut of scores, exceeds in size."""
        return max(map(abs, self.context.tree.score_range))

    def _lacking(self) -> Iterator[tuple[str, str, str]]:
        """Yield why somebody is not rated, the first reason first: status, node, and its condition."""
        tree, model = self.context.tree, self.context.evaluation.model
        for rule, hit in self.rules.shut():
            yield "excluded", rule, hit
        for leaf in excluding(tree.root, model):
            yield "excluded", leaf.id, f"NOT(ISNUMBER({{@score_{leaf.id}}}))"
        seen = ((axis, group) for axis, group in tree.axes.items() if observable(group, model))
        for axis, group in seen:
            yield "insufficient", group.id, f"{{@coverage_{axis}}}<{{coverage.least}}-{NEAR}"
        thin = f"{{@coverage}}<{{coverage.least}}-{NEAR}"
        yield "insufficient", tree.root.id, f"OR({thin},NOT(ISNUMBER({{@score}})))"

    @cached_property
    def reasons(self) -> tuple[tuple[str, str, str], ...]:
        """Every reason for not being rated: status, node, and the sentence a reader sees."""
        found = ((status, node, reason_in_words(node, self.context)) for status, node, _ in self._lacking())
        return tuple(dict.fromkeys(found))

    def status(self) -> str:
        """Return whether somebody is rated, and if not, why in a word."""
        return self._lacking_first("{word.rated}", lambda status, _: f"{{word.{status}}}")

    def reason(self) -> str:
        """Return the sentence on why somebody is not rated."""
        return self._lacking_first('""', lambda status, node: f"{{why.{status}.{node}}}")

    def _lacking_first(self, formula: str, told: Callable[[str, str], str]) -> str:
        for status, node, condition in reversed(tuple(self._lacking())):
            formula = f"IF({condition},{told(status, node)},{formula})"
        return formula

    def grade(self) -> str:
        """Return the grade of the rated, with the caps of the rules."""
        count = len(self.context.tree.grades)
        cuts = f"{{grade.1.from:grade.{count}.from}}"
        reached = f"SUMPRODUCT({reached_of('{@score}', cuts, self._largest)}*1)"
        place = f"{count + 1}-{reached}"
        if any(isinstance(rule, GradeCap) for rule in self.context.tree.rules):
            place = f"MAX({place},{self.rules.best_place()})"
        named = f'IF({reached}=0,"",INDEX({{grade.1.name:grade.{count}.name}},{place}))'
        return f'IF({{@status}}={{word.rated}},{named},"")'

    def class_of(self, matrix: Matrix) -> str:
        """Return the class of the rated in a matrix, with what the rules make of it."""
        (x_score, x_cuts), (y_score, y_cuts) = self._plotted(matrix)
        x, y = (
            f"SUMPRODUCT({reached_of(score, cuts, self._largest)}*1)"
            for score, cuts in ((x_score, x_cuts), (y_score, y_cuts))
        )
        rows, columns = len(matrix.y.levels), len(matrix.x.levels)
        grid = f"{{cell.{matrix.id}.1.1:cell.{matrix.id}.{rows}.{columns}}}"
        known = f"AND(ISNUMBER({x_score}),ISNUMBER({y_score}))"
        placed = f'IF({known},INDEX({grid},{rows}-{y},1+{x}),"")'
        return f'IF({{@status}}={{word.rated}},{self.rules.class_of(matrix, placed)},"")'

    def near(self, where: str = "") -> Iterator[Column]:
        """Yield the flags of those close to a cut, where the study states a margin."""
        if self.context.evaluation.model.borderline is None:
            return
        context, count = self.context, len(self.context.tree.grades)
        cuts = [("grade", [("{@score}", f"{{grade.1.from:grade.{count - 1}.from}}")])]
        cuts += [(matrix.id, self._plotted(matrix)) for matrix in context.tree.matrices]
        for key, sides in cuts:
            each = (near_of(score, cells, "{margin}", self._largest) for score, cells in sides)
            close = "+".join(f"SUMPRODUCT({formula})" for formula in each)
            known = ",".join(f"ISNUMBER({score})" for score, _ in sides)
            formula = f'IF(AND({{@status}}={{word.rated}},{known}),(({close})>0)*1,"")'
            matrix = next((m for m in context.tree.matrices if m.id == key), None)
            of = listings.class_heading(matrix, context) if matrix else context.text("ranking.grade")
            name = f"borderline_{key}"
            heading = context.text("borderline.column", name=of)
            yield Column(name, heading, "integer center", "data", where % name if where else formula)

    def _plotted(self, matrix: Matrix) -> list[tuple[str, str]]:
        """Return the score and the cells of the cuts on each side of a matrix."""
        sides = []
        for side, axis in (("x", matrix.x), ("y", matrix.y)):
            score = f"{{@{axis_score(axis.axis, self.context.tree)}}}"
            sides.append(
                (score, f"{{cut.{matrix.id}.{side}.1:cut.{matrix.id}.{side}.{len(axis.levels) - 1}}}")
            )
        return sides
