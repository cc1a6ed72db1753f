"""Charts that go step by step: from one total to another, and from a whole down to its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.present.charts.axes import (
    ACCENT,
    ALERT,
    INK,
    LINE,
    QUIET,
    VALUE_LABEL,
    Chart,
    Spec,
    chart,
    name_axis,
    number_axis,
    tip,
)


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """A step of a waterfall: what it adds, or with `total` where it stands; `label` is its figure."""

    name: str
    value: float
    label: str
    total: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of a tree: its depth, the row of the node above (None at the root), what is said of it."""

    name: str
    depth: int
    above: int | None
    leaf: bool
    note: str = ""


def waterfall(id_: str, title: str, says: str, steps: Sequence[WaterfallStep], axis: str) -> Chart:
    """Return steps as bars that each begin where the one before ended; totals begin at 0."""
    values, at = [], 0.0
    for step in steps:
        start, end = (0.0, step.value) if step.total else (at, at + step.value)
        kind = "total" if step.total else "up" if step.value >= 0 else "down"
        values.append({"name": step.name, "start": start, "end": end, "kind": kind, "label": step.label,
                       "most": max(start, end)})  # fmt: skip
        at = end
    high = max((value["most"] for value in values), default=0.0)  # type: ignore[type-var]
    order = list(dict.fromkeys(step.name for step in steps))
    y = name_axis("name", order, limit=220)
    x = {**number_axis("start", axis, format="~s"), "scale": {"domainMax": 1.15 * float(high) or 1}}  # type: ignore[arg-type]
    colour = {"field": "kind", "type": "nominal", "legend": None,
              "scale": {"domain": ["total", "up", "down"], "range": [INK, ACCENT, ALERT]}}  # fmt: skip
    tips = [tip("name", "", None), tip("label", axis, None)]
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": {"band": 0.65}},
         "encoding": {"y": y, "x": x, "x2": {"field": "end"}, "color": colour, "tooltip": tips}},
        {"mark": VALUE_LABEL, "encoding": {"y": y, "x": {**x, "field": "most"}, "text": {"field": "label"}}},
    ]  # fmt: skip
    return chart(id_, title, says, height=24 * len(order), data={"values": values}, layer=layers)


def tree(id_: str, title: str, says: str, nodes: Sequence[Branch]) -> Chart:
    """Return a tree lying on its side: every node in its row, tied to the one above it."""
    names = [
        {"x": node.depth, "y": row, "name": f"{node.name}  {node.note}".rstrip(), "leaf": node.leaf}
        for row, node in enumerate(nodes)
    ]
    ties = [
        point
        for row, node in enumerate(nodes)
        if node.above is not None
        for point in _tie(row, node.depth, node.above)
    ]
    deepest = max((node.depth for node in nodes), default=0)
    x: Spec = {"field": "x", "type": "quantitative", "axis": None,
               "scale": {"domain": [-0.1, deepest + 2.2], "nice": False}}  # fmt: skip
    y: Spec = {"field": "y", "type": "quantitative", "axis": None,
               "scale": {"domain": [-0.5, len(nodes) - 0.5], "reverse": True, "nice": False}}  # fmt: skip
    leaf = {"test": "datum.leaf", "value": ACCENT}
    layers: list[Spec] = [
        {"data": {"values": ties}, "mark": {"type": "line", "color": LINE, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y, "detail": {"field": "of", "type": "nominal"},
                      "order": {"field": "place", "type": "quantitative"}}},
        {"data": {"values": names}, "mark": {"type": "point", "filled": True, "size": 36, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": {"condition": leaf, "value": QUIET}}},
        {"data": {"values": names},
         "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "color": INK, "limit": 420},
         "encoding": {"x": x, "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    return chart(id_, title, says, height=20 * len(nodes), layer=layers)


def _tie(row: int, depth: int, above: int) -> list[Spec]:
    """Return the corner from a node up to the one above it."""
    corners = ((depth - 1, above), (depth - 1, row), (depth - 0.1, row))
    return [{"of": row, "place": place, "x": x, "y": y} for place, (x, y) in enumerate(corners)]
