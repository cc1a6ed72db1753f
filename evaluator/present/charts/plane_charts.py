"""Two axes: customers in a matrix of scores or of measures, named points, and grids of counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from evaluator.present.charts.axes import (
    INK,
    IS_NARROW,
    QUIET,
    Chart,
    PlaneSide,
    Range,
    Spec,
    Texts,
    chart,
    coloured,
    cut_rules,
    in_units,
    legend,
    number_axis,
    palette,
    score_axis,
    tip,
)
from evaluator.present.charts.native import NativeGroup, NativePlane, lines_at

Sides = tuple[PlaneSide, PlaneSide]
"""What the two axes plot: x, y."""


@dataclass(frozen=True, slots=True)
class Area:
    """The rectangle of a class in a matrix."""

    name: str
    x: Range
    y: Range


@dataclass(frozen=True, slots=True)
class Dot:
    """A customer in a matrix."""

    id: str
    name: str
    x: float
    y: float
    class_: str

    def value(self) -> Spec:
        """Return the row of data it is drawn from."""
        return {"id": self.id, "name": self.name, "x": self.x, "y": self.y, "class": self.class_}


@dataclass(frozen=True, slots=True)
class Named:
    """A point with its name, coloured by its class."""

    name: str
    x: float
    y: float
    class_: str


@dataclass(frozen=True, slots=True)
class Value:
    """A cell of a grid: its row and column, its value, and the text in it."""

    row: str
    column: str
    value: float | None
    label: str


def matrix(
    id_: str, title: str, sides: Sides, areas: Iterable[Area], score_range: Range, text: Texts,
    *, dots: Iterable[Dot] = (), cells: Iterable[tuple[float, float, int]] = (), cell: float = 0.0,
    height: int = 420, views: tuple[Range, Range] | None = None,
) -> Chart:  # fmt: skip
    """Return customers on two axes with the cuts: as dots, or as counts in square cells of a side `cell`.

    `views` are the scores of each axis that are in view; without them all are.
    """
    views = views or (score_range, score_range)
    fields = [
        {"class": area.name, "x": x[0], "x2": x[1], "y": y[0], "y2": y[1]}
        for area in areas
        for x, y in ((_within(area.x, score_range, views[0]), _within(area.y, score_range, views[1])),)
    ]
    names = [str(entry["class"]) for entry in fields]
    colours = {"domain": names, "range": palette(len(names))}
    x, y = (score_axis(key, side.name, of) for key, side, of in zip("xy", sides, views, strict=True))
    box = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    tint = {"field": "class", "type": "nominal", "scale": colours, "legend": None}
    many, shown = tuple(cells), tuple(dots)
    layers = [
        {"data": {"values": fields}, "mark": {"type": "rect", "opacity": 0.07},
         "encoding": {**box, "color": tint}},
        _counts(many, cell, box, text) if many else _dots(shown, x, y, tint, sides, text),
        *cut_rules(sides, x, y),
        *_names(fields, x, y, tint, views),
    ]  # fmt: skip
    says = text("chart.matrix_counts" if many else "chart.matrix", x=sides[0].name, y=sides[1].name)
    resolve = {"scale": {"color": "independent"}}
    native = None if many else _native(shown, sides, names, (score_range, score_range), ("d", "d"))
    return chart(id_, title, says, native, height=height, layer=layers, resolve=resolve)


def _native(
    dots: Sequence[Dot | Named], sides: Sides, names: Sequence[str], spans: tuple[Range, Range] | None,
    formats: tuple[str, str],
) -> NativePlane:  # fmt: skip
    """Return points by class with the lines of the cuts; without `spans` the cuts go as far as the points."""
    groups = [
        NativeGroup(name, tuple((dot.x, dot.y) for dot in dots if dot.class_ == name), tone)
        for name, tone in zip(names, palette(len(names)), strict=True)
    ]
    cuts = (sides[0].cuts, sides[1].cuts)
    ends = spans or _ends(dots, cuts)
    lines = lines_at(cuts, ends, QUIET, [side.name for side in sides])
    return NativePlane((*groups, *lines), (sides[0].name, sides[1].name), formats, spans or (None, None))


def _ends(dots: Sequence[Dot | Named], cuts: tuple[Sequence[float], Sequence[float]]) -> tuple[Range, Range]:
    x, y = [*(dot.x for dot in dots), *cuts[0]], [*(dot.y for dot in dots), *cuts[1]]
    return (min(x, default=0.0), max(x, default=1.0)), (min(y, default=0.0), max(y, default=1.0))


LETTER, WIDE_LETTER = 6.8, 12.0
"""Pixels of a letter of a class's name, on average, and of a Chinese one."""
BEYOND = 1.3
"""Of the width of its field, that a name on two lines may take; a longer one is left out."""
BESIDE = 5
"""Columns of a grid whose names lie side by side on a phone."""
LEAST = 0.06
"""Of the height in view, for the name of a field to stand in it."""


def _within(span: Range, ends: Range, view: Range) -> Range:
    """Return the part of a span that is in view; what reaches an end of the scale fills the view there."""
    low = view[0] if span[0] <= ends[0] else span[0]
    high = view[1] if span[1] >= ends[1] else span[1]
    return min(max(low, view[0]), view[1]), max(min(high, view[1]), view[0])


def _names(fields: list[Spec], x: Spec, y: Spec, tint: Spec, views: tuple[Range, Range]) -> list[Spec]:
    """Return the names of the classes, on a white edge that keeps them legible over dots.

    A name that its field has no room for stands on two lines; one in a strip that is too low or too
    narrow is left out. In the lowest fields it stands at the foot, where there is room below the dots.
    """
    span, tall = (high - low for low, high in views)
    shown = [
        {**one, "two": "\n".join(halves), "room": _pixels(name), "least": max(map(_pixels, halves))}
        for one in fields
        if one["y2"] - one["y"] >= LEAST * tall
        for name in (str(one["class"]),)
        for halves in (_halves(name),)
    ]
    wide = f"(datum.x2 - datum.x) / {span} * width"
    told = f"datum.room <= {wide} ? datum.class : datum.least <= {BEYOND} * {wide} ? datum.two : ''"
    return [
        layer
        for foot in (False, True)
        for layer in _named_fields(
            [one for one in shown if (one["y"] == views[1][0]) is foot], told, x, y, tint, foot=foot
        )
    ]


def _named_fields(shown: list[Spec], told: str, x: Spec, y: Spec, tint: Spec, *, foot: bool) -> list[Spec]:
    """Return names at the head or at the foot of their fields, first their white edge."""
    two = "datum.told == datum.two && datum.two != datum.class"
    down = {"expr": f"{two} ? -34 : -20"} if foot else 7
    mark = {"type": "text", "align": "left", "baseline": "top", "dx": 7, "dy": down, "fontSize": 12,
            "fontWeight": 600, "lineBreak": "\n"}  # fmt: skip
    edge = {**mark, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"}
    of = {"data": {"values": shown}, "transform": [{"calculate": told, "as": "told"}]}
    place = {"x": x, "y": {**y, "field": "y" if foot else "y2"}, "text": {"field": "told", "type": "nominal"}}
    return [
        {**of, "mark": edge, "encoding": place},
        {**of, "mark": mark, "encoding": {**place, "color": tint}},
    ] if shown else []  # fmt: skip


def _pixels(name: str) -> float:
    return 7 + sum(WIDE_LETTER if east_asian_width(letter) in "WF" else LETTER for letter in name)


def _halves(name: str) -> tuple[str, ...]:
    """Return a name parted at the space that leaves the shortest lines; in one where it has none.

    >>> _halves("III Mature customers"), _halves("成熟客户")
    (('III Mature', 'customers'), ('成熟客户',))
    """
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    ways = [(name[:place], name[place + 1 :]) for place in spaces]
    return min(ways, key=lambda way: max(map(_pixels, way)), default=(name,))


def _dots(dots: Iterable[Dot], x: Spec, y: Spec, tint: Spec, sides: Sides, text: Texts) -> Spec:
    values = [dot.value() for dot in dots]
    size = 60 if len(values) <= 300 else 28
    tips = [
        tip("name", text("chart.name"), None), tip("id", text("chart.id"), None),
        tip("x", sides[0].name), tip("y", sides[1].name), tip("class", text("chart.class"), None),
    ]  # fmt: skip
    return {
        "data": {"values": values},
        "mark": {"type": "circle", "size": size, "opacity": 0.7},
        "encoding": {"x": x, "y": y, "color": tint, "tooltip": tips},
    }


def _counts(cells: tuple[tuple[float, float, int], ...], side: float, box: Spec, text: Texts) -> Spec:
    values = [{"x": x, "x2": x + side, "y": y, "y2": y + side, "count": count} for x, y, count in cells]
    shade = {"field": "count", "type": "quantitative",
             "scale": {"type": "sqrt", "range": ["#d9e8e8", "#0d3f47"]},
             "legend": {"title": text("chart.customers"), "orient": "bottom", "gradientLength": 160},
    }  # fmt: skip
    tips = [tip("count", text("chart.customers"), "d")]
    return {"data": {"values": values}, "mark": "rect", "encoding": {**box, "color": shade, "tooltip": tips}}


def scatter(
    id_: str,
    title: str,
    says: str,
    dots: Sequence[Dot],
    sides: Sides,
    classes: Sequence[str],
    text: Texts,
    *,
    class_key: str = "chart.class",
    equal: Sequence[float] = (),
) -> Chart:
    """Return customers on two axes of their own units, coloured by class, with the cuts.

    An axis is logarithmic around 0 where the largest value would crowd all others in a corner. `class_key`
    is the key of what a class is called. `equal` holds the values of a line on which both sides are equal,
    close enough together for a bent axis.
    """
    x, y = (
        _measure_axis(key, side.name, [getattr(dot, key) for dot in dots], text)
        for key, side in zip("xy", sides, strict=True)
    )
    tips = [
        tip("name", text("chart.name"), None), tip("id", text("chart.id"), None),
        tip("x", sides[0].name, ",.4~g"), tip("y", sides[1].name, ",.4~g"),
        tip("class", text(class_key), None),
    ]  # fmt: skip
    colour = coloured("class", classes, class_legend())
    layers: list[Spec] = [
        {"data": {"values": [dot.value() for dot in dots]},
         "mark": {"type": "circle", "size": 60 if len(dots) <= 300 else 26, "opacity": 0.65},
         "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}},
        *cut_rules(sides, x, y),
    ]  # fmt: skip
    if equal:
        points = [{"at": at} for at in equal]
        mark = {"type": "line", "color": INK, "strokeDash": [1, 3], "strokeWidth": 2}
        encoding = {"x": {**x, "field": "at"}, "y": {**y, "field": "at"}}
        layers.append({"data": {"values": points}, "mark": mark, "encoding": encoding})
    native = _native(dots, sides, classes, None, ("~s", "~s"))
    return chart(id_, title, says, native, height=400, layer=layers)


def _measure_axis(field: str, title: str, values: Sequence[float], text: Texts) -> Spec:
    """Return an axis for values of any size; see `scatter`."""
    sizes = sorted(abs(value) for value in values if value)
    middle = sizes[len(sizes) // 2] if sizes else 1.0
    axis = number_axis(field, title, format="~s", **in_units(text))
    if sizes and sizes[-1] > 20 * middle:
        return {**axis, "scale": {"type": "symlog", "constant": middle}}
    return {**axis, "scale": {"zero": False}}


def class_legend() -> Spec:
    """Return a legend of classes: four in a row, on a phone two."""
    columns, limit = ({"expr": f"{IS_NARROW} ? {few} : {many}"} for few, many in ((2, 4), (115, 180)))
    return legend(columns=columns, labelLimit=limit)


def points(
    id_: str,
    title: str,
    says: str,
    marks: Sequence[Named],
    sides: Sides,
    classes: Sequence[str],
) -> Chart:
    """Return named points on two axes with the cuts; the name stands beside each point."""
    values = [{"name": m.name, "x": m.x, "y": m.y, "class": m.class_} for m in marks]
    x, y = (
        {**number_axis(key, side.name, format=".3~g"), "scale": _room([getattr(m, key) for m in marks], side)}
        for key, side in zip("xy", sides, strict=True)
    )
    colour = coloured("class", classes, class_legend())
    tips = [tip("name", "", None), tip("x", sides[0].name, ".3~g"), tip("y", sides[1].name, ".3~g"),
            tip("class", "", None)]  # fmt: skip
    label = {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": INK}
    layers: list[Spec] = [
        *cut_rules(sides, x, y, opacity=0.6),
        {"data": {"values": values}, "mark": {"type": "circle", "size": 110, "opacity": 0.85},
         "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}},
        {"data": {"values": values}, "mark": label, "encoding": {"x": x, "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    native = _native(marks, sides, classes, None, (".3~g", ".3~g"))
    return chart(id_, title, says, native, height=380, layer=layers)


def _room(values: Sequence[float], side: PlaneSide) -> Spec:
    """Return a scale with room for the names beside the points, and for the cuts."""
    low, high = min([*values, *side.cuts]), max([*values, *side.cuts])
    span = (high - low) or 1.0
    return {"domain": [low - 0.08 * span, high + 0.22 * span], "nice": False, "zero": False}


def _upright(columns: int) -> Spec:
    """Return how the names of columns stand: of many on a phone upright, or each lies on the next."""
    if columns <= BESIDE:
        return {"labelAngle": 0}
    angle, align = (
        {"expr": f"{IS_NARROW} ? {narrow} : {wide}"} for narrow, wide in ((-90, 0), ("'left'", "'center'"))
    )
    return {"labelAngle": angle, "labelAlign": align}


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
        "x": {"field": "column", "type": "nominal", "sort": list(columns), "scale": {"domain": list(columns)},
              "axis": {"title": axes[0], **_upright(len(columns)), "orient": "top", "labelLimit": 110,
                       "ticks": False, "domain": False}},
        "y": {"field": "row", "type": "nominal", "sort": list(rows), "scale": {"domain": list(rows)},
              "axis": {"title": axes[1], "labelLimit": 150, "ticks": False, "domain": False}},
    }  # fmt: skip
    scale = {"domain": [0, most or 1], "range": ["#f2f6f6", "#17616b"], "type": "sqrt"}
    shade = {"field": "value", "type": "quantitative", "legend": None, "scale": scale}
    tips = [tip("row", axes[1], None), tip("column", axes[0], None), tip("value", *value)]
    two = any("\n" in cell.label for cell in cells)  # lines hang below the place of the first
    dark = {"test": f"datum.value > {0.35 * most}", "value": "white"}
    layers = [
        {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2},
         "encoding": {**place, "color": shade, "tooltip": tips}},
        {"mark": {"type": "text", "fontSize": 11, "lineBreak": "\n", "dy": -6 if two else 0},
         "encoding": {**place, "text": {"field": "label"}, "color": {"condition": dark, "value": INK}}},
    ]  # fmt: skip
    return chart(id_, title, says, height=max(120, 42 * len(rows)), data={"values": values}, layer=layers)
