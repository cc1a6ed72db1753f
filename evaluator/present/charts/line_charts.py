"""Lines: curves over numbers, and scores over places in a stated order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.present.charts.axes import (
    IS_NARROW,
    QUIET,
    Chart,
    Range,
    Texts,
    chart,
    coloured,
    legend,
    number_axis,
    palette,
    score_axis,
    short_legend,
    tip,
)
from evaluator.present.charts.native import NativeBars, NativeGroup, NativePlane, NativeSeries

CURVE_POINTS = 200  # a curve of more points looks the same and weighs more


@dataclass(frozen=True)
class Curve:
    """A line: its name, its points from left to right, whether it is a mere reference."""

    name: str
    points: Sequence[tuple[float, float]]
    reference: bool = False


def curve(name: str, x: Iterable[float], y: Iterable[float], *, reference: bool = False) -> Curve:
    """Return a line through the points of two columns."""
    return Curve(name, list(zip(x, y, strict=True)), reference)


@dataclass(frozen=True, slots=True)
class Point:
    """A value of one line at one place along it; None leaves a gap."""

    at: str
    line: str
    value: float | None


def curves(
    id_: str,
    title: str,
    says: str,
    drawn: Sequence[Curve],
    axes: tuple[str, str],
    *,
    format_: tuple[str, str] = (".0%", ".0%"),
    height: int = 300,
) -> Chart:
    """Return lines over one axis, references dashed; more than `CURVE_POINTS` points are thinned."""
    values = [
        {"line": line.name, "x": x, "y": y, "order": place}
        for line in drawn
        for place, (x, y) in enumerate(_thinned(line.points))
    ]
    names = [line.name for line in drawn]
    colours = [
        QUIET if line.reference else colour for line, colour in zip(drawn, palette(len(drawn)), strict=True)
    ]
    dashes = [[4, 3] if line.reference else [1, 0] for line in drawn]
    above = legend(labelLimit=220, columns={"expr": f"{IS_NARROW} ? 1 : 0"}) if len(drawn) > 1 else None
    colour = coloured("line", names, above, colours)
    encoding = {
        "x": number_axis("x", axes[0], format=format_[0]),
        "y": {**number_axis("y", axes[1], format=format_[1]), "stack": None},
        "color": colour,
        "strokeDash": {**colour, "scale": {"domain": names, "range": dashes}},
        "order": {"field": "order", "type": "quantitative"},
        "tooltip": [
            tip("line", "", None),
            tip("x", axes[0], _exact(format_[0])),
            tip("y", axes[1], _exact(format_[1])),
        ],
    }
    mark = {"type": "line", "strokeWidth": 2, "interpolate": "linear"}
    groups = tuple(
        NativeGroup(line.name, tuple(_thinned(line.points)), tone, line=True, dashed=line.reference)
        for line, tone in zip(drawn, colours, strict=True)
    )
    native = NativePlane(groups, axes, format_)
    return chart(
        id_, title, says, native, height=height, data={"values": values}, mark=mark, encoding=encoding
    )


def lines(
    id_: str, title: str, says: str, points: Iterable[Point], order: list[str], score_range: Range,
    text: Texts,
) -> Chart:  # fmt: skip
    """Return scores as lines over places in a stated order, such as periods."""
    values = [{"at": point.at, "line": point.line, "value": point.value} for point in points]
    names = list(dict.fromkeys(str(value["line"]) for value in values))
    encoding = {
        "x": {"field": "at", "type": "ordinal", "sort": order, "axis": {"title": None, "labelAngle": 0}},
        "y": score_axis("value", text("chart.score"), score_range),
        "color": {"field": "line", "type": "nominal", "sort": None,
                  "scale": {"domain": names, "range": palette(len(names))},
                  "legend": short_legend(len(names))},
        "tooltip": [tip("line", " ", None), tip("at", text("chart.period"), None),
                    tip("value", text("chart.score"))],
    }  # fmt: skip
    mark = {"type": "line", "point": {"size": 50}, "strokeWidth": 2}
    known = {(value["line"], value["at"]): value["value"] for value in values}
    series = tuple(
        NativeSeries(name, tuple(known.get((name, at)) for at in order), (tone,))  # type: ignore[misc]
        for name, tone in zip(names, palette(len(names)), strict=True)
    )
    native = NativeBars(tuple(order), series, text("chart.score"), "d", "line", span=score_range)
    drawn = {"values": values[::-1]}  # the first line lies on top
    return chart(id_, title, says, native, height=240, data=drawn, mark=mark, encoding=encoding)


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return at most `CURVE_POINTS` of the points, both ends among them."""
    n = len(points)
    if n <= CURVE_POINTS:
        return points
    places = sorted({round(step * (n - 1) / (CURVE_POINTS - 1)) for step in range(CURVE_POINTS)})
    return [points[place] for place in places]


def _exact(format_: str) -> str:
    return ".1%" if format_.endswith("%") else ",.4~g"
