"""Bars: ranked values, weights, stacked parts, counts with their cumulative share, targets, distributions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.present.charts.axes import (
    ACCENT,
    ALERT,
    INK,
    IS_NARROW,
    PALETTE,
    QUIET,
    VALUE_LABEL,
    Chart,
    Range,
    Spec,
    Texts,
    chart,
    coloured,
    legend,
    name_axis,
    number_axis,
    palette,
    score_axis,
    short_legend,
    tip,
    told_apart,
)
from evaluator.present.charts.native import NativeBars, NativeSeries
from evaluator.present.figures import number

WHOLE = "datum.value % 1 ? '' : datum.label"
"""Labels of an axis of counts: one between two whole numbers would be written as the next."""
LONG = 8
"""Letters of a label behind a bar that needs more room, as on a phone."""


@dataclass(frozen=True, slots=True)
class Bar:
    """An indicator with its weight in the total; `branch` decides the colour."""

    name: str
    branch: str
    value: float


@dataclass(frozen=True, slots=True)
class Bin:
    """How many scores lie from `low` up to `high` (the last bin includes its end)."""

    low: float
    high: float
    count: int


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
    """Return values as bars in the order given, a label behind each; without a format there is no axis."""
    values = [
        {"name": name, "value": value, "label": labels[place] if labels else None}
        for place, (name, value) in enumerate(rows)
    ]
    high = max(0.0, *(value for _, value in rows)) if rows else 0.0
    low = min(0.0, *(value for _, value in rows)) if rows else 0.0
    room = 0.18 * (high - low) or 1.0  # for the labels behind the longest bars, on either side
    top: float | Spec = high + room
    if max(map(len, labels), default=0) > LONG:
        top = {"expr": f"{high:.6g} + {room:.6g} * ({IS_NARROW} ? 2.5 : 1)"}
    scale: Spec = {"domainMax": top} if high or not low else {"domainMax": 0}
    scale |= {"domainMin": low - room} if low < 0 else {}
    order = [name for name, _ in rows]
    colour: Spec = {"value": ACCENT}
    if colours:
        colour = coloured("name", order, None, [colours.get(name, ACCENT) for name in order])
    whole = {"labelExpr": WHOLE} if format_ == "d" else {}
    drawn = number_axis("value", axis, format=format_, **whole) if format_ else number_axis("value", axis)
    x = {**drawn, "scale": scale} if format_ else {**drawn, "scale": scale, "axis": None}
    encoding = {"y": name_axis("name", order, limit=220), "x": x}
    tips = [tip("name", "", None), tip("value", axis, ",.4~g")]
    label = {**encoding, "text": {"field": "label"}}
    layers = [
        {"mark": {"type": "bar", "height": {"band": 0.7}},
         "encoding": {**encoding, "color": colour, "tooltip": tips}},
        {"mark": VALUE_LABEL, "encoding": label},
    ]  # fmt: skip
    if low < 0:  # below 0 a label stands before its bar
        before = {**VALUE_LABEL, "align": "right", "dx": -4}
        layers[1:] = [
            {"transform": [{"filter": "datum.value >= 0"}], "mark": VALUE_LABEL, "encoding": label},
            {"transform": [{"filter": "datum.value < 0"}], "mark": before, "encoding": label},
        ]
    tones = [(colours or {}).get(name, ACCENT) for name in order]
    native = NativeBars(
        tuple(order),
        (NativeSeries(title, tuple(value for _, value in rows), tuple(tones), tuple(labels)),),
        axis, format_,
    )  # fmt: skip
    return chart(id_, title, says, native, height=26 * len(rows), data={"values": values}, layer=layers)


def weights(id_: str, rows: Iterable[Bar], text: Texts) -> Chart:
    """Return the indicators as bars, the heaviest first, coloured by the criterion they belong to."""
    rows = sorted(rows, key=lambda row: -row.value)
    labels = told_apart((row.name, row.branch) for row in rows)
    values = [
        {"label": label, "branch": row.branch, "value": row.value}
        for label, row in zip(labels, rows, strict=True)
    ]
    longest = max((row.value for row in rows), default=1.0)
    room = {"expr": f"{longest:.6g} * ({IS_NARROW} ? 1.3 : 1.12)"}  # for the figure behind the longest bar
    branches = list(dict.fromkeys(row.branch for row in rows))  # the heaviest indicator's first
    encoding = {
        "y": name_axis("label", labels, limit=220),
        "x": {**number_axis("value", text("chart.weight"), format=".0%"), "scale": {"domainMax": room}},
        "tooltip": [tip("label", text("chart.indicator"), None),
                    tip("branch", text("chart.criterion"), None),
                    tip("value", text("chart.weight"), ".2%")],
    }  # fmt: skip
    colour = coloured("branch", branches, short_legend(len(branches)))
    layers = [
        {"mark": {"type": "bar", "height": {"band": 0.7}}, "encoding": {**encoding, "color": colour}},
        {"mark": VALUE_LABEL, "encoding": {**encoding, "text": {"field": "value", "format": ".1%"}}},
    ]
    title, says = text("chart.weights"), text("chart.weights_says")
    tones = dict(zip(branches, palette(len(branches)), strict=True))
    series = NativeSeries(
        text("chart.weight"), tuple(row.value for row in rows), tuple(tones[row.branch] for row in rows)
    )
    native = NativeBars(tuple(labels), (series,), text("chart.weight"), ".0%")
    return chart(id_, title, says, native, height=22 * len(rows), data={"values": values}, layer=layers)


def stacked(
    id_: str, title: str, says: str, cells: Sequence[tuple[str, str, float]], axes: tuple[str, str],
    *, format_: str = "~s", lying: bool = False,
) -> Chart:  # fmt: skip
    """Return bars of parts on each other, (place, part, value); parts below 0 hang below the line.

    `lying` bars have their parts side by side, which leaves room for long names of places.
    """
    values = [
        {"at": at, "part": part, "value": value, "order": place}
        for place, (at, part, value) in enumerate(cells)
    ]
    parts = list(dict.fromkeys(part for _, part, _ in cells))
    places = list(dict.fromkeys(at for at, _, _ in cells))
    names = {"field": "at", "type": "ordinal", "sort": places, "axis": {"title": axes[0], "labelAngle": 0}}
    sizes = number_axis("value", axes[1], format=format_)
    encoding = {
        "x": sizes if lying else names,
        "y": name_axis("at", places, limit=170) if lying else sizes,
        "color": coloured("part", parts, legend(columns=3, labelLimit=200)),
        "order": {"field": "order", "type": "quantitative"},
        "tooltip": [tip("at", axes[0], None), tip("part", "", None), tip("value", axes[1], ",.4~g")],
    }
    known = {(at, part): value for at, part, value in cells}
    series = tuple(
        NativeSeries(part, tuple(known.get((at, part)) for at in places), (tone,))
        for part, tone in zip(parts, palette(len(parts)), strict=True)
    )
    kind: Literal["lying", "upright"] = "lying" if lying else "upright"
    native = NativeBars(tuple(places), series, axes[1], format_, kind, stacked=True)
    height = 40 * len(places) if lying else 300
    data, mark = {"values": values}, {"type": "bar"}
    return chart(id_, title, says, native, height=height, data=data, mark=mark, encoding=encoding)


def pareto(
    id_: str, title: str, says: str, rows: Sequence[tuple[str, float, float, str]], names: tuple[str, str],
    groups: Sequence[str],
) -> Chart:  # fmt: skip
    """Return counts falling from left to right with their cumulative share, coloured by group.

    `rows` are (name, count, cumulative share, group); `names` are those of the two axes.
    """
    values = [{"name": n, "count": c, "share": s, "group": g} for n, c, s, g in rows]
    x = {"field": "name", "type": "nominal", "sort": [row[0] for row in rows],
         "axis": {"title": None, "labelAngle": -30, "labelLimit": 140, "ticks": False}}  # fmt: skip
    tips = [tip("name", "", None), tip("count", names[0], "d"), tip("share", names[1], ".0%")]
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]},
             "axis": {"title": names[1], "format": ".0%", "orient": "right", "grid": False}}  # fmt: skip
    layers: list[Spec] = [
        {"mark": {"type": "bar", "width": {"band": 0.75}},
         "encoding": {"x": x, "y": number_axis("count", names[0], format="d", tickMinStep=1),
                      "color": coloured("group", groups, legend(), [ACCENT, PALETTE[1], QUIET]),
                      "tooltip": tips}},
        {"mark": {"type": "line", "color": INK, "strokeWidth": 1.5, "point": {"color": INK, "size": 30}},
         "encoding": {"x": x, "y": share, "tooltip": tips}},
    ]  # fmt: skip
    resolve = {"scale": {"y": "independent"}}
    return chart(id_, title, says, height=260, data={"values": values}, layer=layers, resolve=resolve)


def targets(
    id_: str, title: str, says: str, rows: Sequence[tuple[str, float, float | None]], names: tuple[str, str],
    *, most: float = 100.0,
) -> Chart:  # fmt: skip
    """Return bars from 0 to `most` with a tick where the target lies; `rows` are (name, value, target)."""
    values = [{"name": n, "value": v, "label": number(v, 0)} for n, v, _ in rows]
    aims = [{"name": n, "target": t} for n, _, t in rows if t is not None]
    y = name_axis("name", [row[0] for row in rows], limit=190)
    end = {"expr": f"{most:.6g} * ({IS_NARROW} ? 1.2 : 1.08)"}  # for the figure behind the longest bar
    x = {**number_axis("value", names[0], format="d"), "scale": {"domain": [0, end], "nice": False}}
    layers: list[Spec] = [
        {"data": {"values": values}, "mark": {"type": "bar", "height": {"band": 0.62}, "color": ACCENT},
         "encoding": {"y": y, "x": x, "tooltip": [tip("name", "", None), tip("value", names[0], ".1f")]}},
        {"data": {"values": values}, "mark": VALUE_LABEL,
         "encoding": {"y": y, "x": x, "text": {"field": "label"}}},
        {"data": {"values": aims},
         "mark": {"type": "tick", "color": ALERT, "thickness": 3, "height": {"band": 0.8},
                  "orient": "vertical"},
         "encoding": {"y": y, "x": {**x, "field": "target"},
                      "tooltip": [tip("name", "", None), tip("target", names[1], ".1f")]}},
    ]  # fmt: skip
    series = [NativeSeries(names[0], tuple(v for _, v, _ in rows), (ACCENT,))]
    if aims:
        series.append(NativeSeries(names[1], tuple(t for _, _, t in rows), (ALERT,)))
    native = NativeBars(tuple(n for n, _, _ in rows), tuple(series), names[0], "d", span=(0.0, most))
    return chart(id_, title, says, native, height=max(26 * len(rows), 60), layer=layers)


def distribution(
    id_: str, bins: Iterable[Bin], bounds: Iterable[tuple[str, float]], score_range: Range, text: Texts
) -> Chart:
    """Return how many customers have which score, with the bounds of the grades."""
    counts = [{"low": entry.low, "high": entry.high, "count": entry.count} for entry in bins]
    room = 1.3 * max((entry["count"] for entry in counts), default=1)  # for the names above the bars
    marks = [{"grade": name, "from": bound} for name, bound in bounds]
    x = score_axis("low", text("chart.score"), score_range)
    filled = {
        "data": {"values": counts},
        "mark": {"type": "rect", "color": ACCENT, "stroke": "white", "strokeWidth": 1},
        "encoding": {
            "x": x,
            "x2": {"field": "high"},
            "y": {**number_axis("count", text("chart.customers"), format="d", labelExpr=WHOLE),
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
    layers = [filled, {**rules, "encoding": place}, names]
    title, says = text("chart.distribution"), text("chart.distribution_says")
    places = tuple(f"{entry['low']:g}–{entry['high']:g}" for entry in counts)
    series = NativeSeries(text("chart.customers"), tuple(entry["count"] for entry in counts), (ACCENT,))
    native = NativeBars(places, (series,), text("chart.customers"), "d", "upright")
    return chart(id_, title, says, native, height=200, layer=layers)
