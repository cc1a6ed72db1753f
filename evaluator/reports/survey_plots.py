"""Charts of surveys, causes and abilities: named points with cuts, pairs of values, Pareto, targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.reports.charts import (
    ACCENT,
    ALERT,
    BASE,
    INK,
    PALETTE,
    QUIET,
    Chart,
    Side,
    Spec,
    number_axis,
    tip,
)

_LABEL = {"title": None, "labelLimit": 190, "ticks": False, "domain": False}


@dataclass(frozen=True, slots=True)
class Named:
    """A point with its name, coloured by its class."""

    name: str
    x: float
    y: float
    class_: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values of one thing, such as expected and perceived; either may be missing."""

    name: str
    first: float | None
    second: float | None


def points(
    id_: str, title: str, says: str, marks: Sequence[Named], sides: tuple[Side, Side], classes: Sequence[str]
) -> Chart:
    """Return named points on two axes with the cuts; the name stands beside each point."""
    values = [{"name": m.name, "x": m.x, "y": m.y, "class": m.class_} for m in marks]
    x, y = (
        {**number_axis(key, side.name, format=".3~g"), "scale": _room([getattr(m, key) for m in marks], side)}
        for key, side in zip("xy", sides, strict=True)
    )
    colour = {
        "field": "class", "type": "nominal", "sort": None,
        "legend": {"title": None, "orient": "top", "columns": 4, "labelLimit": 180},
        "scale": {"domain": list(classes), "range": [PALETTE[n % len(PALETTE)] for n in range(len(classes))]},
    }  # fmt: skip
    tips = [tip("name", "", None), tip("x", sides[0].name, ".3~g"), tip("y", sides[1].name, ".3~g"),
            tip("class", "", None)]  # fmt: skip
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": 0.6}
    label = {"type": "text", "align": "left", "dx": 8, "fontSize": 11, "color": INK}
    layers: list[Spec] = [
        {"data": {"values": [{"at": cut} for cut in side.cuts]}, "mark": rule,
         "encoding": {key: {**axis, "field": "at"}}}
        for key, side, axis in (("x", sides[0], x), ("y", sides[1], y))
        if side.cuts
    ]  # fmt: skip
    layers += [
        {"data": {"values": values}, "mark": {"type": "circle", "size": 110, "opacity": 0.85},
         "encoding": {"x": x, "y": y, "color": colour, "tooltip": tips}},
        {"data": {"values": values}, "mark": label, "encoding": {"x": x, "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    return _chart(id_, title, says, {"height": 380, "layer": layers})


def pairs(id_: str, title: str, says: str, rows: Sequence[Pair], names: tuple[str, str], axis: str) -> Chart:
    """Return two values per row joined by a line, the first hollow and the second filled."""
    order = [row.name for row in rows]
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
    y = {"field": "name", "type": "nominal", "sort": order, "axis": _LABEL}
    x = {**number_axis("value", axis, format=".3~g"), "scale": {"zero": False}}
    which = {"field": "which", "type": "nominal", "sort": None}
    layers: list[Spec] = [
        {"data": {"values": spans},
         "mark": {"type": "rule", "color": QUIET, "strokeWidth": 2, "opacity": 0.5},
         "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}}},
        {"data": {"values": values}, "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
         "encoding": {
             "y": y, "x": x,
             "color": {**which, "legend": {"title": None, "orient": "top"},
                       "scale": {"domain": list(names), "range": [QUIET, ACCENT]}},
             "shape": {**which, "legend": None,
                       "scale": {"domain": list(names), "range": ["diamond", "circle"]}},
             "tooltip": [tip("name", "", None), tip("which", "", None), tip("value", axis, ".3~g")],
         }},
    ]  # fmt: skip
    return _chart(id_, title, says, {"height": 26 * len(rows), "layer": layers})


def pareto(
    id_: str,
    title: str,
    says: str,
    rows: Sequence[tuple[str, float, float, str]],
    names: tuple[str, str],
    groups: Sequence[str],
) -> Chart:
    """Return counts falling from left to right with their cumulative share, coloured by group.

    `rows` are (name, count, cumulative share, group); `names` are those of the two axes.
    """
    order = [row[0] for row in rows]
    values = [{"name": n, "count": c, "share": s, "group": g} for n, c, s, g in rows]
    x = {"field": "name", "type": "nominal", "sort": order,
         "axis": {"title": None, "labelAngle": -30, "labelLimit": 140, "ticks": False}}  # fmt: skip
    colour = {"field": "group", "type": "nominal", "sort": None, "legend": {"title": None, "orient": "top"},
              "scale": {"domain": list(groups), "range": [ACCENT, PALETTE[1], QUIET]}}  # fmt: skip
    tips = [tip("name", "", None), tip("count", names[0], "d"), tip("share", names[1], ".0%")]
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]},
             "axis": {"title": names[1], "format": ".0%", "orient": "right", "grid": False}}  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "bar", "width": {"band": 0.75}},
         "encoding": {"x": x, "y": number_axis("count", names[0], format="d", tickMinStep=1), "color": colour,
                      "tooltip": tips}},
        {"mark": {"type": "line", "color": INK, "strokeWidth": 1.5, "point": {"color": INK, "size": 30}},
         "encoding": {"x": x, "y": share, "tooltip": tips}},
    ]  # fmt: skip
    spec = {
        "height": 260,
        "data": {"values": values},
        "layer": layers,
        "resolve": {"scale": {"y": "independent"}},
    }
    return _chart(id_, title, says, spec)


def targets(
    id_: str,
    title: str,
    says: str,
    rows: Sequence[tuple[str, float, float | None]],
    names: tuple[str, str],
    *,
    most: float = 100.0,
) -> Chart:
    """Return bars from 0 to `most` with a tick where the target lies; `rows` are (name, value, target)."""
    order = [row[0] for row in rows]
    values = [{"name": n, "value": v, "label": f"{v:.0f}"} for n, v, _ in rows]
    aims = [{"name": n, "target": t} for n, _, t in rows if t is not None]
    y = {"field": "name", "type": "nominal", "sort": order, "axis": _LABEL}
    x = {**number_axis("value", names[0], format="d"), "scale": {"domain": [0, most * 1.08], "nice": False}}
    layers: list[Spec] = [
        {"data": {"values": values}, "mark": {"type": "bar", "height": {"band": 0.62}, "color": ACCENT},
         "encoding": {"y": y, "x": x, "tooltip": [tip("name", "", None), tip("value", names[0], ".1f")]}},
        {"data": {"values": values},
         "mark": {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11},
         "encoding": {"y": y, "x": x, "text": {"field": "label"}}},
        {"data": {"values": aims},
         "mark": {"type": "tick", "color": ALERT, "thickness": 3, "height": {"band": 0.8},
                  "orient": "vertical"},
         "encoding": {"y": y, "x": {**x, "field": "target"},
                      "tooltip": [tip("name", "", None), tip("target", names[1], ".1f")]}},
    ]  # fmt: skip
    return _chart(id_, title, says, {"height": max(26 * len(rows), 60), "layer": layers})


def _room(values: Sequence[float], side: Side) -> Spec:
    """Return a scale with room for the names beside the points, and for the cuts."""
    low, high = min([*values, *side.cuts]), max([*values, *side.cuts])
    span = (high - low) or 1.0
    return {"domain": [low - 0.08 * span, high + 0.22 * span], "nice": False, "zero": False}


def _chart(id_: str, title: str, says: str, spec: Spec) -> Chart:
    return Chart(id_, title, says, {**BASE, "description": says, **spec})
