"""Charts of customer models: curves, grids, bars and scatters, as data for the reader's browser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evaluator.reports.charts import ACCENT, BASE, INK, PALETTE, QUIET, Chart, Side, Spec, number_axis, tip

Points = Iterable[tuple[float, float]]
CURVE_POINTS = 200  # a curve of more points looks the same and weighs more


@dataclass(frozen=True)
class Curve:
    """A line: its name, its points from left to right, whether it is a mere reference."""

    name: str
    points: Sequence[tuple[float, float]]
    reference: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of a grid: its row and column, its value, and the text in it."""

    row: str
    column: str
    value: float | None
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A customer in a scatter."""

    id: str
    name: str
    x: float
    y: float
    class_: str


def curves(
    id_: str,
    title: str,
    says: str,
    lines: Sequence[Curve],
    axes: tuple[str, str],
    *,
    format_: tuple[str, str] = (".0%", ".0%"),
    height: int = 300,
) -> Chart:
    """Return lines over one axis, references dashed; more than `CURVE_POINTS` points are thinned."""
    values = [
        {"line": line.name, "x": x, "y": y, "order": place}
        for line in lines
        for place, (x, y) in enumerate(_thinned(line.points))
    ]
    names = [line.name for line in lines]
    colours = [QUIET if line.reference else PALETTE[place % len(PALETTE)] for place, line in enumerate(lines)]
    dashes = [[4, 3] if line.reference else [1, 0] for line in lines]
    series = {
        "field": "line",
        "type": "nominal",
        "sort": None,
        "legend": {"title": None, "orient": "top", "labelLimit": 220} if len(lines) > 1 else None,
    }
    encoding = {
        "x": number_axis("x", axes[0], format=format_[0]),
        "y": {**number_axis("y", axes[1], format=format_[1]), "stack": None},
        "color": {**series, "scale": {"domain": names, "range": colours}},
        "strokeDash": {**series, "scale": {"domain": names, "range": dashes}},
        "order": {"field": "order", "type": "quantitative"},
        "tooltip": [
            tip("line", "", None),
            tip("x", axes[0], _exact(format_[0])),
            tip("y", axes[1], _exact(format_[1])),
        ],
    }
    mark = {"type": "line", "strokeWidth": 2, "interpolate": "linear"}
    return _chart(
        id_, title, says, {"height": height, "data": {"values": values}, "mark": mark, "encoding": encoding}
    )


def grid(
    id_: str,
    title: str,
    says: str,
    cells: Sequence[Value],
    rows: Sequence[str],
    columns: Sequence[str],
    axes: tuple[str, str],
    value: tuple[str, str],
) -> Chart:
    """Return a grid of shaded cells with a text in each; `value` is the name and format of the shade."""
    values = [{"row": c.row, "column": c.column, "value": c.value, "label": c.label} for c in cells]
    most = max((cell.value or 0.0 for cell in cells), default=0.0)
    place = {
        "x": {
            "field": "column",
            "type": "nominal",
            "sort": list(columns),
            "scale": {"domain": list(columns)},
            "axis": {
                "title": axes[0],
                "labelAngle": 0,
                "orient": "top",
                "labelLimit": 110,
                "ticks": False,
                "domain": False,
            },
        },
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": list(rows),
            "scale": {"domain": list(rows)},
            "axis": {"title": axes[1], "labelLimit": 150, "ticks": False, "domain": False},
        },
    }
    shade = {
        "field": "value",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, most or 1], "range": ["#f2f6f6", "#17616b"], "type": "sqrt"},
    }
    tips = [tip("row", axes[1], None), tip("column", axes[0], None), tip("value", *value)]
    two = any("\n" in cell.label for cell in cells)  # lines hang below the place of the first
    dark = {"test": f"datum.value > {0.35 * most}", "value": "white"}
    layers = [
        {
            "mark": {"type": "rect", "stroke": "white", "strokeWidth": 2},
            "encoding": {**place, "color": shade, "tooltip": tips},
        },
        {
            "mark": {"type": "text", "fontSize": 11, "lineBreak": "\n", "dy": -6 if two else 0},
            "encoding": {**place, "text": {"field": "label"}, "color": {"condition": dark, "value": INK}},
        },
    ]
    height = max(120, 42 * len(rows))
    return _chart(id_, title, says, {"height": height, "data": {"values": values}, "layer": layers})


def bars(
    id_: str,
    title: str,
    says: str,
    rows: Sequence[tuple[str, float]],
    axis: str,
    *,
    labels: Sequence[str] = (),
    format_: str = "~s",
    colours: Mapping[str, str] | None = None,
) -> Chart:
    """Return values as bars in the order given, a label behind each."""
    values = [
        {"name": name, "value": value, "label": labels[place] if labels else None}
        for place, (name, value) in enumerate(rows)
    ]
    high = max((value for _, value in rows), default=0.0)
    low = min((value for _, value in rows), default=0.0)
    scale = {"domainMax": high * 1.18 or 1} | ({"domainMin": low * 1.05} if low < 0 else {})
    order = [name for name, _ in rows]
    colour: Spec = {"value": ACCENT}
    if colours:
        colour = {
            "field": "name",
            "type": "nominal",
            "legend": None,
            "scale": {"domain": order, "range": [colours.get(name, ACCENT) for name in order]},
        }
    encoding = {
        "y": {
            "field": "name",
            "type": "nominal",
            "sort": order,
            "axis": {"title": None, "labelLimit": 170, "ticks": False, "domain": False},
        },
        "x": {**number_axis("value", axis, format=format_), "scale": scale},
    }
    tips = [tip("name", "", None), tip("value", axis, ",.4~g")]
    layers = [
        {
            "mark": {"type": "bar", "height": {"band": 0.7}},
            "encoding": {**encoding, "color": colour, "tooltip": tips},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11},
            "encoding": {**encoding, "text": {"field": "label"}},
        },
    ]
    return _chart(id_, title, says, {"height": 26 * len(rows), "data": {"values": values}, "layer": layers})


def stacked(
    id_: str,
    title: str,
    says: str,
    cells: Sequence[tuple[str, str, float]],
    axes: tuple[str, str],
    *,
    format_: str = "~s",
) -> Chart:
    """Return bars of parts on each other, (place, part, value); parts below 0 hang below the line."""
    values = [
        {"at": at, "part": part, "value": value, "order": place}
        for place, (at, part, value) in enumerate(cells)
    ]
    parts = list(dict.fromkeys(part for _, part, _ in cells))
    colours = [PALETTE[place % len(PALETTE)] for place in range(len(parts))]
    encoding = {
        "x": {
            "field": "at",
            "type": "ordinal",
            "sort": list(dict.fromkeys(at for at, _, _ in cells)),
            "axis": {"title": axes[0], "labelAngle": 0},
        },
        "y": number_axis("value", axes[1], format=format_),
        "color": {
            "field": "part",
            "type": "nominal",
            "sort": None,
            "legend": {"title": None, "orient": "top", "columns": 3, "labelLimit": 200},
            "scale": {"domain": parts, "range": colours},
        },
        "order": {"field": "order", "type": "quantitative"},
        "tooltip": [tip("at", axes[0], None), tip("part", "", None), tip("value", axes[1], ",.4~g")],
    }
    spec = {"height": 300, "data": {"values": values}, "mark": {"type": "bar"}, "encoding": encoding}
    return _chart(id_, title, says, spec)


def scatter(
    id_: str,
    title: str,
    says: str,
    marks: Sequence[Mark],
    sides: tuple[Side, Side],
    classes: Sequence[str],
    words: Mapping[str, str],
    *,
    equal: Sequence[float] = (),
) -> Chart:
    """Return customers on two axes of their own units, coloured by class, with the cuts.

    An axis is logarithmic around 0 where the largest value would crowd all others in a corner. `words`
    has the headings of ``name``, ``id`` and ``class``. `equal` holds the values of a line on which
    both sides are equal, close enough together for a bent axis.
    """
    values = [{"id": m.id, "name": m.name, "x": m.x, "y": m.y, "class": m.class_} for m in marks]
    x, y = (
        _spread(key, side.name, [getattr(m, key) for m in marks])
        for key, side in zip("xy", sides, strict=True)
    )
    colour = {
        "field": "class",
        "type": "nominal",
        "sort": None,
        "legend": {"title": None, "orient": "top", "columns": 4, "labelLimit": 180},
        "scale": {
            "domain": list(classes),
            "range": [PALETTE[place % len(PALETTE)] for place in range(len(classes))],
        },
    }
    tips = [
        tip("name", words["name"], None),
        tip("id", words["id"], None),
        tip("x", sides[0].name, ",.4~g"),
        tip("y", sides[1].name, ",.4~g"),
        tip("class", words["class"], None),
    ]
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.7}
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "circle", "size": 60 if len(values) <= 300 else 26, "opacity": 0.65},
            "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips},
        },
    ]
    layers += [
        {
            "data": {"values": [{"at": cut} for cut in side.cuts]},
            "mark": rule,
            "encoding": {key: {**axis, "field": "at"}},
        }
        for key, side, axis in (("x", sides[0], x), ("y", sides[1], y))
        if side.cuts
    ]
    if equal:
        points = [{"at": at} for at in equal]
        mark = {"type": "line", "color": INK, "strokeDash": [1, 3], "strokeWidth": 2}
        encoding = {"x": {**x, "field": "at"}, "y": {**y, "field": "at"}}
        layers.append({"data": {"values": points}, "mark": mark, "encoding": encoding})
    return _chart(id_, title, says, {"height": 400, "layer": layers})


def _spread(field: str, title: str, values: Sequence[float]) -> Spec:
    """Return an axis for values of any size; see `scatter`."""
    sizes = sorted(abs(value) for value in values if value)
    middle = sizes[len(sizes) // 2] if sizes else 1.0
    axis = number_axis(field, title, format="~s")
    if sizes and sizes[-1] > 20 * middle:
        return {**axis, "scale": {"type": "symlog", "constant": middle}}
    return {**axis, "scale": {"zero": False}}


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Return at most `CURVE_POINTS` of the points, both ends among them."""
    n = len(points)
    if n <= CURVE_POINTS:
        return points
    places = sorted({round(step * (n - 1) / (CURVE_POINTS - 1)) for step in range(CURVE_POINTS)})
    return [points[place] for place in places]


def _exact(format_: str) -> str:
    return ".1%" if format_.endswith("%") else ",.4~g"


def _chart(id_: str, title: str, says: str, spec: Spec) -> Chart:
    return Chart(id_, title, says, {**BASE, "description": says, **spec})
