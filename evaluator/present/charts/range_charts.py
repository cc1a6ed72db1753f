"""A row per name with points on one axis: weights in their intervals, consistency, pairs of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.present.charts.axes import (
    ACCENT,
    ALERT,
    INK,
    IS_NARROW,
    QUIET,
    Chart,
    Range,
    Spec,
    Texts,
    chart,
    coloured,
    legend,
    name_axis,
    number_axis,
    score_axis,
    short_legend,
    tip,
    told_apart,
)
from evaluator.present.charts.native import NativeBars, NativeSeries
from evaluator.present.figures import stated


@dataclass(frozen=True, slots=True)
class WeightSpan:
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
class Level:
    """The score of an indicator, now and before; it had none before where that is None."""

    name: str
    branch: str
    value: float
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of one thing, such as expected and perceived; either may be missing."""

    name: str
    first: float | None
    second: float | None


def intervals(id_: str, rows: Iterable[WeightSpan], level: float, text: Texts) -> Chart:
    """Return every indicator's weight as a point on its interval, the heaviest first."""
    rows = sorted(rows, key=lambda row: -row.value)
    labels = told_apart((row.name, row.branch) for row in rows)
    values = [
        {"label": label, "value": row.value, "low": row.low, "high": row.high}
        for label, row in zip(labels, rows, strict=True)
    ]
    y = name_axis("label", labels, limit=220)
    x = number_axis("low", text("chart.weight"), format=".0%")
    tips = [tip("label", text("chart.indicator"), None), tip("value", text("chart.weight"), ".2%"),
            tip("low", text("chart.from"), ".2%"), tip("high", text("chart.to"), ".2%")]  # fmt: skip
    rule = {"type": "rule", "color": ACCENT, "strokeWidth": 3, "opacity": 0.45, "strokeCap": "round"}
    point = {"type": "point", "filled": True, "size": 55, "color": ACCENT, "opacity": 1}
    layers = [
        {"mark": rule, "encoding": {"y": y, "x": x, "x2": {"field": "high"}, "tooltip": tips}},
        {"mark": point, "encoding": {"y": y, "x": {**x, "field": "value"}, "tooltip": tips}},
    ]
    title, says = (text(f"chart.intervals{part}", level=stated(level)) for part in ("", "_says"))
    return chart(id_, title, says, height=20 * len(rows), data={"values": values}, layer=layers)


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
    dots = {
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.75},
        "encoding": {
            "y": y, "x": x,
            "color": coloured("state", states, short_legend(2), [ACCENT, ALERT]),
            "shape": coloured("state", states, short_legend(2), ["circle", "diamond"]),
            "tooltip": [tip("expert", text("chart.expert"), None), tip("cr", text("chart.cr"), ".4f"),
                        tip("limit", text("chart.limit"), ".2f"), tip("state", text("chart.state"), None)],
        },
    }  # fmt: skip
    limits = {
        "mark": {"type": "tick", "color": INK, "thickness": 2, "height": 16, "orient": "vertical"},
        "encoding": {"y": y, "x": {**x, "field": "limit"},
                     "tooltip": [tip("limit", text("chart.limit"), ".2f")]},
    }  # fmt: skip
    height = 28 * len({value["criterion"] for value in values})
    title, says = text("chart.consistency"), text("chart.consistency_says")
    return chart(id_, title, says, height=height, data={"values": values}, layer=[dots, limits])


def levels(
    id_: str, title: str, says: str, rows: Sequence[Level], bounds: Iterable[tuple[str, float]],
    score_range: Range, text: Texts,
) -> Chart:  # fmt: skip
    """Return every score as a point with the way from the one before, among the bounds of grades."""
    labels = told_apart((row.name, row.branch) for row in rows)
    values = [
        {"label": label, "branch": row.branch, "value": row.value, "before": row.before}
        for label, row in zip(labels, rows, strict=True)
    ]
    marks = [{"grade": name, "from": bound} for name, bound in bounds]
    branches = list(dict.fromkeys(row.branch for row in rows))
    y = name_axis("label", labels, limit=220)
    x = score_axis("value", text("chart.score"), score_range)
    tips = [tip("label", text("chart.indicator"), None), tip("value", text("chart.score")),
            tip("before", text("chart.before"))]  # fmt: skip
    shown = short_legend(len(branches))
    room = {"expr": f"{IS_NARROW} ? 44 : 18"}  # for the names of the grades, which stand upright on a phone
    colour = coloured("branch", branches, shown and {**shown, "symbolOpacity": 1, "offset": room})
    way = {"type": "rule", "strokeWidth": 3, "opacity": 0.4}
    point = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    place = {"x": {**x, "field": "from"}}
    layers: list[Spec] = [
        {"data": {"values": marks}, "mark": {"type": "rule", "color": QUIET, "strokeDash": [3, 3]},
         "encoding": place},
        {"data": {"values": marks},
         "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 3, "dy": -3, "color": QUIET,
                  "fontSize": 11, "angle": {"expr": f"{IS_NARROW} ? 270 : 0"}},
         "encoding": {**place, "y": {"value": 0}, "text": {"field": "grade"}}},
        {"data": {"values": [one for one in values if one["before"] is not None]}, "mark": way,
         "encoding": {"y": y, "x": {**x, "field": "before"}, "x2": {"field": "value"},
                      "color": colour}},
        {"data": {"values": values}, "mark": point,
         "encoding": {"y": y, "x": x, "color": colour, "tooltip": tips}},
    ]  # fmt: skip
    native = NativeBars(
        tuple(labels), (NativeSeries(title, tuple(row.value for row in rows), (ACCENT,)),),
        text("chart.score"), "0.0", span=score_range,
    )  # fmt: skip
    return chart(id_, title, says, native, height=20 * len(rows), layer=layers)


def pairs(id_: str, title: str, says: str, rows: Sequence[Pair], names: tuple[str, str], axis: str) -> Chart:
    """Return two values per row joined by a line, the first hollow and the second filled."""
    values = [
        {"name": row.name, "which": which, "value": value}
        for row in rows
        for which, value in zip(names, (row.first, row.second), strict=True)
        if value is not None
    ]
    spans = [
        {"name": row.name, "from": row.first, "to": row.second}
        for row in rows
        if row.first is not None and row.second is not None
    ]
    y = name_axis("name", [row.name for row in rows], limit=190)
    x = {**number_axis("value", axis, format=".3~g"), "scale": {"zero": False}}
    layers: list[Spec] = [
        {"data": {"values": spans},
         "mark": {"type": "rule", "color": QUIET, "strokeWidth": 2, "opacity": 0.5},
         "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {
             "y": y, "x": x,
             "color": coloured("which", names, legend(), [QUIET, ACCENT]),
             "shape": coloured("which", names, legend(), ["diamond", "circle"]),
             "tooltip": [tip("name", "", None), tip("which", "", None), tip("value", axis, ".3~g")],
         }},
    ]  # fmt: skip
    return chart(id_, title, says, height=26 * len(rows), layer=layers)
