"""The grading standards in cells: scales, grades and cuts, which the live part of the workbook reads."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.customers.measure_kinds import kind_of_unit
from evaluator.present.kinds import Kind
from evaluator.reports.context import Context
from evaluator.reports.live import Live
from evaluator.reports.live_scales import ScalePoint
from evaluator.reports.sections import matrices, method
from evaluator.tree import Indicator, Matrix
from evaluator.tree.types import Percentile

_THOUSAND = 1000
STATUSES = ("rated", "insufficient", "excluded")


@dataclass(frozen=True)
class ScaleLine:
    """A line of a scale with the number its cells carry."""

    number: int
    point: ScalePoint
    kind: Kind = "quantity"

    @property
    def style(self) -> str:
        """How the measure is shown: shares in percent, large whole numbers with their thousands apart."""
        measure = self.point.measure
        if self.kind == "share":
            return "percent"
        large = isinstance(measure, float | int) and measure.is_integer() and abs(measure) >= _THOUSAND
        return "integer" if large else "quantity"


@dataclass(frozen=True)
class Standard:
    """The scale of an indicator: in words where it is relative, its points then stand elsewhere."""

    id: str
    name: str
    unit: str
    kind: str
    lines: tuple[ScaleLine, ...]
    words: tuple[str, ...]
    replaced: tuple[str, ...]


@dataclass(frozen=True)
class Cuts:
    """A matrix in cells: its cuts, and the class of each pair of levels, the highest level of y on top."""

    id: str
    name: str
    x: matrices.Axis
    y: matrices.Axis
    x_levels: tuple[str, ...]
    grid: tuple[tuple[str, tuple[str, ...]], ...]  # level of y, classes from the lowest level of x up


@dataclass(frozen=True)
class Standards:
    """Everything that turns a measure into a score, and a score into a grade and a class."""

    scales: tuple[Standard, ...]
    relative: tuple[Standard, ...]
    grades: tuple[method.GradeRow, ...]
    matrices: tuple[Cuts, ...]
    statuses: tuple[tuple[str, str], ...]
    reasons: tuple[tuple[str, str, str], ...]

    @property
    def knots(self) -> tuple[tuple[ScalePoint | None, ...], ...]:
        """The points of the relative scales side by side, row by row; None below the last of a scale."""
        longest = max((len(standard.lines) for standard in self.relative), default=0)
        return tuple(
            tuple(s.lines[row].point if row < len(s.lines) else None for s in self.relative)
            for row in range(longest)
        )


def build(live: Live) -> Standards:
    """Return the standards of an evaluation."""
    context = live.context
    told = method.build(context)
    scales = tuple(
        _standard(leaf, words, live)
        for leaf, words in zip(context.tree.indicators, told.standards, strict=True)
    )
    relative = {leaf.id for leaf in context.tree.indicators if isinstance(leaf.scale, Percentile)}
    plots = matrices.build(context).plots
    return Standards(
        scales=scales,
        relative=tuple(standard for standard in scales if standard.id in relative),
        grades=told.grades,
        matrices=tuple(
            _cuts(matrix, plot, context) for matrix, plot in zip(context.tree.matrices, plots, strict=True)
        ),
        statuses=tuple((status, context.text(f"customer_status.{status}")) for status in STATUSES),
        reasons=live.outcomes.reasons,
    )


def _standard(leaf: Indicator, words: method.ScaleInWords, live: Live) -> Standard:
    points, kind = live.scales[leaf.id].points, kind_of_unit(leaf.unit)
    return Standard(
        id=leaf.id,
        name=words.name,
        unit=words.unit,
        kind=words.kind,
        lines=tuple(ScaleLine(number, point, kind) for number, point in enumerate(points, start=1)),
        words=words.anchors if isinstance(leaf.scale, Percentile) else (),
        replaced=words.stated,
    )


def _cuts(matrix: Matrix, plot: matrices.Plot, context: Context) -> Cuts:
    names = {(entry.x, entry.y): entry.name[context.language] for entry in matrix.classes}
    return Cuts(
        id=matrix.id,
        name=matrix.name[context.language],
        x=plot.x,
        y=plot.y,
        x_levels=tuple(context.level(level) for level in matrix.x.levels),
        grid=tuple(
            (context.level(y), tuple(names[x, y] for x in matrix.x.levels)) for y in reversed(matrix.y.levels)
        ),
    )
