"""Charts as Vega-Lite specifications: plain data, drawn in the reader's browser.

A chart is built from rows and from texts of the catalogues; it knows nothing of sections. Names
that people wrote stand in data values only, never in a field name or an expression.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from evaluator.reports.figures import stated
from evaluator.reports.population import Bin

Spec = dict[str, Any]
Texts = Callable[..., str]
Range = tuple[float, float]

INK, QUIET, LINE, ACCENT, ALERT = "#1d2733", "#5b6875", "#d5dbe1", "#17616b", "#b3403a"
PALETTE = ("#17616b", "#b06f12", "#3f6fb0", "#a64b6b", "#6b7f2a", "#6d5ba6", "#8a5a3c", "#5f6b76")
FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
)


@dataclass(frozen=True)
class Chart:
    """A drawing: where it goes, what it is called, what it shows in one sentence, and how it is drawn."""

    id: str
    title: str
    description: str
    spec: Spec


@dataclass(frozen=True, slots=True)
class Bar:
    """An indicator with its weight in the total; `branch` decides the colour."""

    name: str
    branch: str
    value: float


@dataclass(frozen=True, slots=True)
class Span:
    """An indicator's weight in the total with its interval."""

    name: str
    branch: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """The consistency ratio of one expert in one criterion, with the limit it is held against."""

    criterion: str
    expert: str
    value: float
    limit: float
    used: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a matrix: what it plots and where it is cut."""

    name: str
    cuts: tuple[float, ...]


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


@dataclass(frozen=True, slots=True)
class Point:
    """A value of one line at one place along it; None leaves a gap."""

    at: str
    line: str
    value: float | None


def distribution(
    id_: str, bins: Iterable[Bin], bounds: Iterable[tuple[str, float]], score_range: Range, text: Texts
) -> Chart:
    """Return how many customers have which score, with the bounds of the grades."""
    counts = [{"low": entry.low, "high": entry.high, "count": entry.count} for entry in bins]
    room = 1.3 * max((entry["count"] for entry in counts), default=1)  # for the names above the bars
    marks = [{"grade": name, "from": bound} for name, bound in bounds]
    x = _scale("low", text("chart.score"), score_range)
    bars = {
        "data": {"values": counts},
        "mark": {"type": "rect", "color": ACCENT, "stroke": "white", "strokeWidth": 1},
        "encoding": {
            "x": x,
            "x2": {"field": "high"},
            "y": {**number_axis("count", text("chart.customers"), tickMinStep=1),
                  "scale": {"domainMax": room}},
            "y2": {"datum": 0},
            "tooltip": [
                tip("low", text("chart.from")), tip("high", text("chart.to")),
                tip("count", text("chart.customers"), "d"),
            ],
        },
    }  # fmt: skip
    place = {"x": {**x, "field": "from"}}
    rules = {"data": {"values": marks}, "mark": {"type": "rule", "color": QUIET, "strokeDash": [3, 3]}}
    names = {
        "data": {"values": marks},
        "mark": {"type": "text", "angle": 270, "align": "right", "baseline": "bottom", "dy": -3, "dx": -2,
                 "color": QUIET, "fontSize": 11},
        "encoding": {**place, "y": {"value": 0}, "text": {"field": "grade"}},
    }  # fmt: skip
    layers = [bars, {**rules, "encoding": place}, names]
    return _chart(id_, text, "distribution", {"height": 200, "layer": layers})


def bars(id_: str, rows: Iterable[Bar], text: Texts) -> Chart:
    """Return the indicators as bars, the heaviest first, coloured by the criterion they belong to."""
    rows = sorted(rows, key=lambda row: -row.value)
    often = Counter(row.name for row in rows)
    values = [
        {"label": row.name if often[row.name] == 1 else f"{row.name} · {row.branch}",
         "branch": row.branch, "value": row.value}
        for row in rows
    ]  # fmt: skip
    room = 1.12 * max((row.value for row in rows), default=1.0)  # for the figure behind the longest bar
    branches = list(dict.fromkeys(row.branch for row in rows))  # the heaviest indicator's first
    encoding = {
        "y": {"field": "label", "type": "nominal", "sort": [value["label"] for value in values],
              "axis": {"title": None, "labelLimit": 150, "ticks": False, "domain": False}},
        "x": {**number_axis("value", text("chart.weight"), format=".0%"), "scale": {"domainMax": room}},
        "tooltip": [tip("label", text("chart.indicator"), None),
                    tip("branch", text("chart.criterion"), None),
                    tip("value", text("chart.weight"), ".2%")],
    }  # fmt: skip
    colour = {"field": "branch", "type": "nominal", "sort": None, "legend": _legend(len(branches)),
              "scale": {"domain": branches, "range": _colours(len(branches))}}  # fmt: skip
    label = {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11}
    layers = [
        {"mark": {"type": "bar", "height": {"band": 0.7}}, "encoding": {**encoding, "color": colour}},
        {"mark": label, "encoding": {**encoding, "text": {"field": "value", "format": ".1%"}}},
    ]
    spec = {"height": 22 * len(rows), "data": {"values": values}, "layer": layers}
    return _chart(id_, text, "weights", spec)


def intervals(id_: str, rows: Iterable[Span], level: float, text: Texts) -> Chart:
    """Return every indicator's weight as a point on its interval, the heaviest first."""
    rows = sorted(rows, key=lambda row: -row.value)
    often = Counter(row.name for row in rows)
    values = [
        {"label": row.name if often[row.name] == 1 else f"{row.name} · {row.branch}",
         "value": row.value, "low": row.low, "high": row.high}
        for row in rows
    ]  # fmt: skip
    y = {"field": "label", "type": "nominal", "sort": [value["label"] for value in values],
         "axis": {"title": None, "labelLimit": 150, "ticks": False, "domain": False}}  # fmt: skip
    x = number_axis("low", text("chart.weight"), format=".0%")
    tips = [tip("label", text("chart.indicator"), None), tip("value", text("chart.weight"), ".2%"),
            tip("low", text("chart.from"), ".2%"), tip("high", text("chart.to"), ".2%")]  # fmt: skip
    rule = {"type": "rule", "color": ACCENT, "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"}
    point = {"type": "point", "filled": True, "size": 55, "color": ACCENT, "opacity": 1}
    layers = [
        {"mark": rule, "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "tooltip": tips}},
        {"mark": point, "encoding": {"y": y, "x": {**x, "field": "value"}, "tooltip": tips}},
    ]
    description = text("chart.intervals_says", level=stated(level))
    spec = {"height": 20 * len(rows), "data": {"values": values}, "layer": layers}
    title = text("chart.intervals")
    return Chart(id_, title, description, {**BASE, "description": description, **spec})


def consistency(id_: str, ratios: Iterable[Ratio], text: Texts) -> Chart:
    """Return every tested consistency ratio by criterion, with the limit of each criterion."""
    values = [
        {"criterion": r.criterion, "expert": r.expert, "cr": r.value, "limit": r.limit,
         "state": text("chart.used" if r.used else "chart.left_out")}
        for r in ratios
    ]  # fmt: skip
    states = [text("chart.used"), text("chart.left_out")]
    y = {"field": "criterion", "type": "nominal", "sort": None,
         "axis": {"title": None, "labelLimit": 150, "labelPadding": 9, "grid": True, "ticks": False,
                  "domain": False},
    }  # fmt: skip
    x = number_axis("cr", text("chart.cr"), values=[0, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10], format="~g")
    x = {**x, "scale": {"type": "symlog", "constant": 0.1}}  # one wild matrix must not hide the others
    state = {"field": "state", "type": "nominal", "sort": None, "legend": _legend(2)}
    dots = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.75},
        "encoding": {
            "y": y, "x": x,
            "color": {**state, "scale": {"domain": states, "range": [ACCENT, ALERT]}},
            "shape": {**state, "scale": {"domain": states, "range": ["circle", "diamond"]}},
            "tooltip": [tip("expert", text("chart.expert"), None), tip("cr", text("chart.cr"), ".4f"),
                        tip("limit", text("chart.limit"), ".2f"), tip("state", text("chart.state"), None)],
        },
    }  # fmt: skip
    limits = {
        "mark": {"type": "tick", "color": INK, "thickness": 2, "height": 16, "orient": "vertical"},
        "encoding": {"y": y, "x": {**x, "field": "limit"},
                     "tooltip": [tip("limit", text("chart.limit"), ".2f")]},
    }  # fmt: skip
    spec = {
        "height": 28 * len({value["criterion"] for value in values}),
        "data": {"values": values},
        "layer": [dots, limits],
    }
    return _chart(id_, text, "consistency", spec)


def lines(
    id_: str, title: str, description: str, points: Iterable[Point], order: list[str], score_range: Range,
    text: Texts,
) -> Chart:  # fmt: skip
    """Return scores as lines over places in a stated order, such as periods."""
    values = [{"at": point.at, "line": point.line, "value": point.value} for point in points]
    names = list(dict.fromkeys(str(value["line"]) for value in values))
    x = {"field": "at", "type": "ordinal", "sort": order, "axis": {"title": None, "labelAngle": 0}}
    scale = {"domain": names, "range": _colours(len(names))}
    spec = {
        "height": 240,
        "data": {"values": values},
        "mark": {"type": "line", "point": {"size": 50}, "strokeWidth": 2},
        "encoding": {
            "x": x,
            "y": _scale("value", text("chart.score"), score_range),
            "color": {"field": "line", "type": "nominal", "sort": None, "scale": scale,
                      "legend": _legend(len(names))},
            "tooltip": [tip("line", " ", None), tip("at", text("chart.period"), None),
                        tip("value", text("chart.score"))],
        },
    }  # fmt: skip
    return Chart(id_, title, description, {**BASE, "description": description, **spec})


def matrix(
    id_: str, title: str, sides: tuple[Side, Side], areas: Iterable[Area], score_range: Range, text: Texts,
    *, dots: Iterable[Dot] = (), cells: Iterable[tuple[float, float, int]] = (), cell: float = 0.0,
) -> Chart:  # fmt: skip
    """Return customers on two axes with the cuts: as dots, or as counts in square cells of a side `cell`."""
    fields = [
        {"class": area.name, "x": area.x[0], "x2": area.x[1], "y": area.y[0], "y2": area.y[1]}
        for area in areas
    ]
    names = [str(entry["class"]) for entry in fields]
    colours = {"domain": names, "range": _colours(len(names))}
    x, y = (_scale(key, side.name, score_range) for key, side in zip("xy", sides, strict=True))
    box = {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    tint = {"field": "class", "type": "nominal", "scale": colours, "legend": None}
    many = tuple(cells)
    layers = [
        {
            "data": {"values": fields},
            "mark": {"type": "rect", "opacity": 0.07},
            "encoding": {**box, "color": tint},
        },
        _counts(many, cell, box, text) if many else _dots(dots, x, y, tint, sides, text),
        *_cuts(sides, x, y),
        *_names(fields, x, y, tint),
    ]
    spec = {"height": 420, "layer": layers, "resolve": {"scale": {"color": "independent"}}}
    description = text("chart.matrix_counts" if many else "chart.matrix", x=sides[0].name, y=sides[1].name)
    return Chart(id_, title, description, {**BASE, "description": description, **spec})


def _names(fields: list[Spec], x: Spec, y: Spec, tint: Spec) -> list[Spec]:
    """Return the names of the classes, on a white edge that keeps them legible over dots."""
    mark = {"type": "text", "align": "left", "baseline": "top", "dx": 7, "dy": 7, "fontSize": 12,
            "fontWeight": 600}  # fmt: skip
    place = {"x": x, "y": {**y, "field": "y2"}, "text": {"field": "class"}}
    return [
        {
            "data": {"values": fields},
            "mark": {**mark, "stroke": "white", "strokeWidth": 4, "strokeJoin": "round"},
            "encoding": place,
        },
        {"data": {"values": fields}, "mark": mark, "encoding": {**place, "color": tint}},
    ]


def _dots(dots: Iterable[Dot], x: Spec, y: Spec, tint: Spec, sides: tuple[Side, Side], text: Texts) -> Spec:
    values = [{"id": d.id, "name": d.name, "x": d.x, "y": d.y, "class": d.class_} for d in dots]
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


def _cuts(sides: tuple[Side, Side], x: Spec, y: Spec) -> list[Spec]:
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.7}
    return [
        {"data": {"values": [{"at": cut} for cut in side.cuts]}, "mark": rule,
         "encoding": {key: {**scale, "field": "at"}}}
        for key, side, scale in (("x", sides[0], x), ("y", sides[1], y))
        if side.cuts
    ]  # fmt: skip


def number_axis(field: str, title: str, **axis: object) -> Spec:
    """Return a field of numbers with its axis."""
    return {"field": field, "type": "quantitative", "axis": {"title": title, "tickCount": 5, **axis}}


def _scale(field: str, title: str, score_range: Range) -> Spec:
    scale = {"domain": list(score_range), "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": title, "tickCount": 5}}


def tip(field: str, title: str, format_: str | None = ".1f") -> Spec:
    """Return a line of a tooltip: a number, or text where there is no format."""
    if format_ is None:
        return {"field": field, "type": "nominal", "title": title}
    return {"field": field, "type": "quantitative", "title": title, "format": format_}


def _legend(entries: int) -> Spec | None:
    return {"title": None, "orient": "top", "columns": 3, "labelLimit": 160} if entries > 1 else None


def _colours(count: int) -> list[str]:
    return [PALETTE[index % len(PALETTE)] for index in range(count)]


def _chart(id_: str, text: Texts, key: str, spec: Spec) -> Chart:
    description = text(f"chart.{key}_says")
    return Chart(id_, text(f"chart.{key}"), description, {**BASE, "description": description, **spec})


BASE: Spec = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",  # names the language; nothing is fetched
    "width": "container",
    "autosize": {"type": "fit-x", "contains": "padding"},
    "background": "transparent",
    "config": {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {"labelColor": QUIET, "titleColor": QUIET, "gridColor": "#eceff2", "domainColor": LINE,
                 "tickColor": LINE, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"},
        "legend": {"labelColor": INK, "labelFontSize": 11, "symbolSize": 70},
        "axisY": {"titleAngle": 270},
    },
}  # fmt: skip
