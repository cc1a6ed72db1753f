"""What charts are made of: a Vega-Lite specification, its colours, axes, legends and tooltips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.present.charts.native import Native
from evaluator.workbook.theme import SERIES

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Spec = dict[str, Any]
Texts = Callable[..., str]
Range = tuple[float, float]

INK, QUIET, LINE, ACCENT, ALERT = "#1d2733", "#5b6875", "#d5dbe1", "#17616b", "#b3403a"
PALETTE = SERIES
FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'Hiragino Sans GB', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
)
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
VALUE_LABEL: Spec = {"type": "text", "align": "left", "dx": 4, "color": INK, "fontSize": 11}
"""The mark of a figure behind a bar."""


MIME = "application/vnd.vegalite.v6+json"
IS_NARROW = "containerSize()[0] < 480"
"""True of a chart on a phone, where names have less room."""
_ON_PHONE = 120  # pixels for a name
WIDTH = 640  # of a picture by itself, in pixels; on the page it is as wide as its place


@dataclass(frozen=True)
class Chart(Displayed):
    """A drawing: where it goes, what it is called, what it shows in one sentence, and how it is drawn.

    By itself, as `plot` of an object returns it, a notebook draws it. `native` is its data for
    programs that draw charts of their own; None where they have no such chart.
    """

    shape: ClassVar[str] = "picture"
    id: str
    title: str
    description: str
    spec: Spec = field(repr=False)
    native: Native | None = field(default=None, repr=False)

    @property
    def sized(self) -> Spec:
        """The specification with a width of its own, for where there is no page to fill."""
        return {**self.spec, "width": WIDTH} if self.spec.get("width") == "container" else self.spec

    def in_colours(self, colours: Mapping[str, str]) -> Chart:
        """Return the chart with other colours in place of some of its own.

        >>> drawn = chart("c", "", "", mark={"type": "bar", "color": ACCENT})
        >>> drawn.in_colours({ACCENT: "#7a1f3d"}).spec["mark"]
        {'type': 'bar', 'color': '#7a1f3d'}
        """
        if not colours:
            return self
        return replace(self, spec=recoloured(self.spec, colours), native=recoloured(self.native, colours))

    def in_units(self, text: Texts) -> Chart:
        """Return the chart with figures of any size in the units of a language: 万 and 亿 instead of k and M.

        >>> drawn = chart("c", "", "", encoding={"x": number_axis("value", "", format="~s")})
        >>> drawn.in_units(lambda key: "万 亿").spec["encoding"]["x"]["axis"]["labelExpr"].count("万")
        1
        """
        units = in_units(text)
        return replace(self, spec=_with_units(self.spec, units)) if units else self

    def to_svg(self) -> str:
        """Return the picture as SVG; nothing is fetched for it."""
        import vl_convert  # here, because it takes as long to load as everything else

        svg: str = vl_convert.vegalite_to_svg(_drawable(self.sized), allowed_base_urls=[])
        return svg

    def to_altair(self) -> Any:
        """Return the picture as a chart of Altair, to work on; an error where Altair is not installed."""
        try:
            import altair  # here, because it is no part of the installation
        except ImportError as error:
            raise EvaluationError([Issue("REPORT-883", self.id)]) from error
        return altair.Chart.from_dict(self.sized)


def _drawable(value: Any) -> Any:
    """Return a specification without signs that no XML may hold, over which the program that draws ends."""
    if isinstance(value, str):
        return _NO_XML.sub("", value)
    if isinstance(value, Mapping):
        return {_drawable(key): _drawable(part) for key, part in value.items()}
    return [_drawable(part) for part in value] if isinstance(value, list | tuple) else value


def recoloured(value: Any, colours: Mapping[str, str]) -> Any:
    """Return a value with other colours in place of some, wherever in it they stand."""
    if isinstance(value, str):
        return colours.get(value, value)
    if isinstance(value, Mapping):
        return {key: recoloured(part, colours) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(recoloured(part, colours) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {own.name: recoloured(getattr(value, own.name), colours) for own in fields(value)}
        return replace(value, **held)
    return value


def _with_units(part: Any, units: Spec) -> Any:
    """Return a part of a specification whose axes of any size are labelled in the units of a language."""
    if isinstance(part, Mapping):
        told = {key: _with_units(value, units) for key, value in part.items()}
        return {**told, **units} if "labelExpr" in told and told.get("format") == "~s" else told
    return [_with_units(value, units) for value in part] if isinstance(part, list) else part


@dataclass(frozen=True, slots=True)
class PlaneSide:
    """One side of a plane: what it plots and where it is cut."""

    name: str
    cuts: tuple[float, ...]


def chart(id_: str, title: str, says: str, native: Native | None = None, **spec: object) -> Chart:
    """Return a chart with what all have in common."""
    return Chart(id_, title, says, {**BASE, "description": says, **spec}, native)


def number_axis(field: str, title: str, **axis: object) -> Spec:
    """Return a field of numbers with its axis; 0 has no unit of size."""
    plain = {"labelExpr": "datum.value ? datum.label : '0'"} if axis.get("format") == "~s" else {}
    return {"field": field, "type": "quantitative", "axis": {"title": title, "tickCount": 5, **plain, **axis}}


def in_units(text: Texts) -> Spec:
    """Return how an axis writes figures of any size: with the units of the language, else with k and M."""
    units = text("chart.units").split()
    if not units:
        return {}
    said = "format(datum.value, ',~g')"
    for unit, size in zip(units, ("1e4", "1e8"), strict=True):
        said = f"abs(datum.value) >= {size} ? format(datum.value / {size}, ',~g') + '{unit}' : {said}"
    return {"labelExpr": said}


def score_axis(field: str, title: str, score_range: Range) -> Spec:
    """Return a field of scores with an axis over their whole range."""
    scale = {"domain": list(score_range), "nice": False}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": {"title": title, "tickCount": 5}}


def name_axis(field: str, order: Sequence[str], *, limit: int) -> Spec:
    """Return a field of names one below the other, in their order; longer ones are cut at `limit` pixels."""
    room = {"expr": f"{IS_NARROW} ? {min(limit, _ON_PHONE)} : {limit}"}
    axis = {"title": None, "labelLimit": room, "ticks": False, "domain": False}
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis}


def coloured(
    field: str, names: Sequence[str], legend_: Spec | None, colours: Sequence[str] | None = None
) -> Spec:
    """Return a field of names, each in its colour."""
    scale = {"domain": list(names), "range": list(colours or palette(len(names)))}
    return {"field": field, "type": "nominal", "sort": None, "legend": legend_, "scale": scale}


def palette(count: int) -> list[str]:
    """Return so many colours, from the first again where there are more than the palette has."""
    return [PALETTE[index % len(PALETTE)] for index in range(count)]


def legend(**entries: object) -> Spec:
    """Return a legend above the chart."""
    return {"title": None, "orient": "top", **entries}


def short_legend(entries: int) -> Spec | None:
    """Return a legend in three columns, on a phone in one, of many entries in two; none for a single one."""
    on_phone = (1, 200) if entries <= 4 else (2, 80)
    columns, limit = (
        {"expr": f"{IS_NARROW} ? {few} : {many}"} for few, many in zip(on_phone, (3, 160), strict=True)
    )
    return legend(columns=columns, labelLimit=limit) if entries > 1 else None


def tip(field: str, title: str, format_: str | None = ".1f") -> Spec:
    """Return a line of a tooltip: a number, or text where there is no format."""
    if format_ is None:
        return {"field": field, "type": "nominal", "title": title}
    return {"field": field, "type": "quantitative", "title": title, "format": format_}


def cut_rules(sides: tuple[PlaneSide, PlaneSide], x: Spec, y: Spec, *, opacity: float = 0.7) -> list[Spec]:
    """Return a dashed rule at every cut of two axes."""
    rule = {"type": "rule", "color": INK, "strokeDash": [4, 3], "opacity": opacity}
    return [
        {"data": {"values": [{"at": cut} for cut in side.cuts]}, "mark": rule,
         "encoding": {key: {**axis, "field": "at"}}}
        for key, side, axis in (("x", sides[0], x), ("y", sides[1], y))
        if side.cuts
    ]  # fmt: skip


def told_apart(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return the names of (name, branch), with the branch where a name stands more than once.

    >>> told_apart([("Growth", "A"), ("Growth", "B"), ("Cost", "A")])
    ['Growth · A', 'Growth · B', 'Cost']
    """
    pairs = list(rows)
    names = [name for name, _ in pairs]
    return [name if names.count(name) == 1 else f"{name} · {branch}" for name, branch in pairs]
