"""Charts as pictures for carriers that cannot draw them: only where the letters in them can be drawn, too."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from evaluator.present import figures
from evaluator.present.blocks import Cell, Head, Table
from evaluator.present.charts import Chart

WIDTH = 700  # pixels of a drawing at its own size
SCALE = 2.5
ROWS = 20  # of the table that stands in for a drawing
_CHINESE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_LETTER = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30" \
font-size="28" font-family="Noto Sans CJK SC, WenQuanYi Micro Hei, Microsoft YaHei, PingFang SC, sans-serif"\
>{}</text></svg>'


def picture(chart: Chart, width: int = WIDTH) -> bytes | None:
    """Return a chart as a PNG of `SCALE` times its size; None where a face for its letters is missing."""
    import vl_convert  # here, because it takes long to load

    spec = json.dumps({**chart.spec, "width": width, "background": "white"}, ensure_ascii=False)
    if _CHINESE.search(spec) and not chinese_face():
        return None
    drawn: bytes = vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[])
    return drawn


@cache
def chinese_face() -> bool:
    """True if pictures can hold Chinese: two letters look different, so neither is a box for the unknown."""
    import vl_convert

    one, other = (vl_convert.svg_to_png(_LETTER.format(letter)) for letter in "中国")
    return bool(one != other)


def as_table(chart: Chart) -> Table:
    """Return the data of a chart as a table: what its tooltips tell, of the layer that holds most.

    >>> from evaluator.present import charts
    >>> drawn = charts.bars("b", "Weights", "", [("Profit", 0.25)], "Weight", format_=".0%")
    >>> as_table(drawn).rows
    (('Profit', '0.25'),)
    """
    values, tips = max(_layers(chart.spec), key=lambda layer: len(layer[0]), default=([], []))
    heads = tuple(
        Head(str(tip["title"]).strip(), "quantity" if tip.get("format") else "text") for tip in tips
    )
    rows = tuple(tuple(_cell(value.get(tip["field"]), tip) for tip in tips) for value in values[:ROWS])
    return Table(chart.title, heads, rows, chart.description, len(values))


def _layers(spec: Any) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """Yield the data of each layer with its tooltips; a layer without data has those of the whole."""
    whole = spec.get("data", {}).get("values", [])
    for layer in (spec, *spec.get("layer", ())):
        if tips := layer.get("encoding", {}).get("tooltip"):
            yield layer.get("data", {}).get("values", whole), tips


def _cell(value: Any, tip: dict[str, Any]) -> Cell:
    if value is None or isinstance(value, str):
        return value
    format_ = tip.get("format") or ""
    if format_.endswith("%"):
        return figures.percent(value, int(re.sub(r"\D", "", format_) or 0))
    if found := re.fullmatch(r",?\.(\d)f", format_):
        return figures.number(value, int(found[1]))
    return f"{value:,.4g}" if isinstance(value, float) else f"{value:,}"
