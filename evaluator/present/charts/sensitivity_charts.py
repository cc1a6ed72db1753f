"""What a decision maker turns over in the hand: performance, dynamic, gradient and head-to-head.

The pictures of weights and alternatives that users of Expert Choice know (Forman & Gass 2001,
doi:10.1287/opre.49.4.469.11231). Their data have names, so that a page can put others in their place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluator.present.charts.axes import (
    ALERT,
    INK,
    IS_NARROW,
    LINE,
    PALETTE,
    QUIET,
    Chart,
    Range,
    Spec,
    chart,
    coloured,
    legend,
    number_axis,
    score_axis,
    tip,
)

Rows = Sequence[dict[str, Any]]


def performance(
    id_: str, title: str, says: str, names: tuple[str, str], score_range: Range,
    *, scores: Rows = (), weights: Rows = (),
) -> Chart:  # fmt: skip
    """Return the scores of customers as lines over criteria, and the criteria's weights as bars behind them.

    Parameters
    ----------
    names : of the axes: score and weight.
    scores : ``at`` (a criterion or the whole), ``line`` (a customer), ``value``.
    weights : ``at`` and ``weight``, a share.
    """
    x = {"field": "at", "type": "nominal", "sort": None,
         "axis": {"title": None, "labelAngle": {"expr": f"{IS_NARROW} ? -60 : 0"}, "labelLimit": 110,
                  "labelAlign": {"expr": f"{IS_NARROW} ? 'right' : 'center'"}, "ticks": False}}  # fmt: skip
    share = {"field": "weight", "type": "quantitative", "scale": {"domain": [0, 1]},
             "axis": {"title": names[1], "format": ".0%", "orient": "right", "grid": False}}  # fmt: skip
    layers: list[Spec] = [
        {"data": {"name": "weights", "values": list(weights)},
         "mark": {"type": "bar", "width": {"band": 0.5}, "color": LINE},
         "encoding": {"x": x, "y": share, "tooltip": [tip("at", "", None), tip("weight", names[1], ".1%")]}},
        {"data": {"name": "scores", "values": list(scores)},
         "mark": {"type": "line", "point": {"size": 45}, "strokeWidth": 2},
         "encoding": {"x": x, "y": score_axis("value", names[0], score_range), "color": _lines(),
                      "tooltip": [tip("line", "", None), tip("at", "", None), tip("value", names[0])]}},
    ]  # fmt: skip
    return chart(id_, title, says, height=280, layer=layers, resolve={"scale": {"y": "independent"}})


def dynamic(
    id_: str, title: str, says: str, name: str, score_range: Range,
    *, parts: Rows = (), totals: Rows = (),
) -> Chart:  # fmt: skip
    """Return the first customers as bars, made up of what each criterion gives them.

    Parameters
    ----------
    name : of the score.
    parts : ``line`` (a customer), ``part`` (a criterion), ``points``, ``order``.
    totals : ``line``, ``total`` and ``label``.
    """
    y = {"field": "line", "type": "nominal", "sort": None,
         "axis": {"title": None, "labelLimit": 150, "ticks": False, "domain": False}}  # fmt: skip
    span = {"scale": {"domain": [0, score_range[1] * 1.08], "nice": False}}
    layers: list[Spec] = [
        {"data": {"name": "parts", "values": list(parts)},
         "mark": {"type": "bar", "height": {"band": 0.66}},
         "encoding": {"y": y, "x": {**number_axis("points", name), **span},
                      "color": {"field": "part", "type": "nominal", "sort": None,
                                "scale": {"range": list(PALETTE)},
                                "legend": legend(columns=3, labelLimit=180)},
                      "order": {"field": "order", "type": "quantitative"},
                      "tooltip": [tip("line", "", None), tip("part", "", None), tip("points", name)]}},
        {"data": {"name": "totals", "values": list(totals)},
         "mark": {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11},
         "encoding": {"y": y, "x": {**number_axis("total", name), **span},
                      "text": {"field": "label", "type": "nominal"}}},
    ]  # fmt: skip
    return chart(id_, title, says, height=300, layer=layers)


def gradient(
    id_: str, title: str, says: str, names: tuple[str, str],
    *, lines: Rows = (), now: Rows = (), crossings: Rows = (),
) -> Chart:  # fmt: skip
    """Return the scores of customers over the weight of one criterion, which stands upright where it is.

    Parameters
    ----------
    names : of the axes: weight and score.
    lines : ``line`` (a customer), ``weight`` (0–1) and ``score``.
    now : ``weight``, where the criterion is; `crossings` : ``weight``, where another customer comes first.
    """
    x = {"field": "weight", "type": "quantitative", "scale": {"domain": [0, 1], "nice": False},
         "axis": {"title": names[0], "format": ".0%", "tickCount": 6}}  # fmt: skip
    rule = {"type": "rule", "strokeWidth": 1.5}
    layers: list[Spec] = [
        {"data": {"name": "crossings", "values": list(crossings)},
         "mark": {**rule, "color": QUIET, "strokeDash": [3, 3]}, "encoding": {"x": x}},
        {"data": {"name": "now", "values": list(now)},
         "mark": {**rule, "color": ALERT}, "encoding": {"x": x}},
        {"data": {"name": "lines", "values": list(lines)}, "mark": {"type": "line", "strokeWidth": 2},
         "encoding": {"x": x, "y": {**number_axis("score", names[1]), "scale": {"zero": False}},
                      "color": _lines(),
                      "tooltip": [tip("line", "", None), tip("weight", names[0], ".0%"),
                                  tip("score", names[1])]}},
    ]  # fmt: skip
    return chart(id_, title, says, height=280, layer=layers)


def head_to_head(
    id_: str, title: str, says: str, name: str, *, differences: Rows = (), height: int = 260
) -> Chart:
    """Return by how many points one customer is ahead of another in each criterion, the other to the left.

    Parameters
    ----------
    name : of the axis.
    differences : ``at`` (a criterion or the whole), ``value`` (points, below 0 for the other), ``side``
        (one, other), ``label`` and ``ahead`` (who is).
    """
    y = {"field": "at", "type": "nominal", "sort": None,
         "axis": {"title": None, "labelLimit": 150, "ticks": False, "domain": False}}  # fmt: skip
    x = number_axis("value", name)
    colour = coloured("side", ["one", "other"], None, PALETTE[:2])
    data = {"name": "differences", "values": list(differences)}
    sides = [("datum.value >= 0", "left", 4), ("datum.value < 0", "right", -4)]
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": {"band": 0.6}},
         "encoding": {"y": y, "x": x, "color": colour,
                      "tooltip": [tip("at", "", None), tip("ahead", "", None), tip("label", name, None)]}},
        *({"transform": [{"filter": test}],
           "mark": {"type": "text", "align": align, "dx": dx, "color": INK, "fontSize": 11},
           "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}}}
          for test, align, dx in sides),
    ]  # fmt: skip
    return chart(id_, title, says, height=height, data=data, layer=layers)


def _lines() -> Spec:
    return {"field": "line", "type": "nominal", "sort": None, "scale": {"range": list(PALETTE)},
            "legend": legend(columns=3, labelLimit=180)}  # fmt: skip
