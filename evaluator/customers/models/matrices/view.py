"""Matrices of customers by two measures: scatter with cuts, class profiles and strategies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaluator.customers.models.matrices.options import MatrixChoice
from evaluator.customers.models.matrices.placed_view import placed_cards, placed_chart, placed_dots
from evaluator.customers.models.matrices.placing import ColumnAxis, MatrixOptions, Placed
from evaluator.customers.models.matrices.study import Placements
from evaluator.errors import Issue
from evaluator.present import charts, figures
from evaluator.present.blocks import Cards, Head, Heading, View, head, notes, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader
from evaluator.tree.types import QuantileCut

POINTS = 2000  # beyond this many customers dots hide each other
STEPS = 60  # of a line: an axis may be logarithmic, and what is straight in value is bent there


def view(result: Placements, chosen: MatrixOptions | tuple[MatrixChoice, ...], reader: Reader) -> View:
    """Yield the matrices of customers a study's data carry."""
    for name, placed in result.placed.items():
        yield Heading(placed.matrix.name[reader.language])
        kinds = dict(zip(("x", "y"), map(reader.kind, result.plotted[name]), strict=True))
        yield from _matrix(name, placed, kinds, reader)


def _matrix(name: str, placed: Placed, kinds: Mapping[str, Kind], reader: Reader) -> View:
    matrix, language = placed.matrix, reader.language
    shown = placed.frame.drop_nulls("class")
    if shown.height:
        dots = placed_dots(placed, shown, (matrix.x.column, matrix.y.column), reader, most=POINTS)
        yield _chart(name, placed, dots, reader)
        if shown.height > POINTS:
            yield words(reader, "customers.matrices.sampled", total=shown.height)
    cuts = {
        side: reader.listed(reader.say(cut, kinds[side]) for cut in at) for side, at in placed.cuts.items()
    }
    yield words(
        reader, "customers.matrices.cuts",
        x=matrix.x.name[language], y=matrix.y.name[language], x_cuts=cuts["x"], y_cuts=cuts["y"],
        x_kind=_kind("x", matrix.x, placed, reader), y_kind=_kind("y", matrix.y, placed, reader),
    )  # fmt: skip
    if border := int(placed.frame["borderline"].sum()):
        yield words(reader, "customers.matrices.borderline", count=border)
    if over := int(placed.frame["overridden"].sum()):
        assert matrix.override is not None
        yield words(
            reader, "customers.matrices.overridden",
            count=over,
            name=matrix.override.name[language],
            below=reader.say(matrix.override.below, "quantity"),
            to=next(entry for entry in matrix.classes if entry.id == matrix.override.to).name[language],
        )  # fmt: skip
    yield _cards(placed, kinds, reader)
    yield from notes(reader, (_by_axes(issue, placed, language) for issue in placed.issues))


def _kind(side: str, axis: ColumnAxis, placed: Placed, reader: Reader) -> str:
    """Return by what rule a side is cut: of quantiles which, the half being the median."""
    cut = getattr(placed.options, f"{side}_cut") or axis.cut
    if not isinstance(cut, QuantileCut):
        return reader.text(f"customers.cut.{cut.kind}")
    if cut.at == (0.5,):
        return reader.text("customers.cut.median")
    return reader.text("customers.cut.quantile", at=reader.listed(figures.percent(at, 0) for at in cut.at))


def _by_axes(issue: Issue, placed: Placed, language: str) -> Issue:
    """Return an issue that names the sides of the matrix as their axes do."""
    names = {axis.column: axis.name[language] for axis in (placed.matrix.x, placed.matrix.y)}
    return replace(issue, subject=" / ".join(names.get(part, part) for part in issue.subject.split(" / ")))


def _chart(name: str, placed: Placed, dots: Sequence[charts.Dot], reader: Reader) -> charts.Chart:
    title, says = reader.caption("customers.matrices.chart")
    equal = placed.matrix.equal
    line = _equal_sides(dots) if equal else []
    if equal and line:
        says += reader.text("customers.matrices.equal", line=equal[reader.language])
    return placed_chart(f"customer-matrix-{name}", (title, says), placed, dots, reader, equal=line)


def _equal_sides(dots: Sequence[charts.Dot]) -> list[float]:
    """Return values from the lowest to the highest that both sides reach; none where they do not overlap.

    They lie closest at the lower end, as customers do.
    """
    low = max(min(dot.x for dot in dots), min(dot.y for dot in dots))
    high = min(max(dot.x for dot in dots), max(dot.y for dot in dots))
    if not low < high:
        return []
    return [*(low + (high - low) * (step / STEPS) ** 3 for step in range(STEPS)), high]


def _cards(placed: Placed, kinds: Mapping[str, Kind], reader: Reader) -> Cards:
    axes = (placed.matrix.x, placed.matrix.y)
    means = (reader.text("customers.mean_of", name=axis.name[reader.language]) for axis in axes)
    heads = (
        *(head(reader, mean, kinds[side]) for mean, side in zip(means, ("x", "y"), strict=True)),
        Head(reader.text("customers.matrices.near"), "count"),
    )
    return placed_cards(placed, reader, heads=heads, columns=(*(axis.column for axis in axes), "borderline"))
