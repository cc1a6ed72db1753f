"""Charts as PowerPoint's own, with the colours of the page and their data behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Pt

from evaluator.present import figures
from evaluator.present.charts.native import Native, NativeBars, NativeGroup, NativePlane, NativeSeries
from evaluator.reports.brief.look import Look
from evaluator.reports.packing import printable

_KINDS = {
    ("lying", False): XL_CHART_TYPE.BAR_CLUSTERED, ("lying", True): XL_CHART_TYPE.BAR_STACKED,
    ("upright", False): XL_CHART_TYPE.COLUMN_CLUSTERED, ("upright", True): XL_CHART_TYPE.COLUMN_STACKED,
    ("line", False): XL_CHART_TYPE.LINE_MARKERS,
}  # fmt: skip
_FORMATS = {".0%": "0%", "~%": "0%", ".1%": "0.0%", "d": "0", "~g": "General"}
_PLAIN = "[>=1000]#,##0;[<=-1000]-#,##0;General"  # no point after whole numbers, thousands separated
_SMALL = 0.06  # share of a bar below which a part has no room for its figure
TEXT = 11  # points


def add_chart(slide: Any, native: Native, box: Sequence[int], look: Look) -> Any:
    """Return a chart put on a slide, in its box (left, top, width, height)."""
    if isinstance(native, NativeBars):
        return _bars(slide, native, box, look)
    return _plane(slide, native, box, look)


def _bars(slide: Any, native: NativeBars, box: Sequence[int], look: Look) -> Any:
    data = CategoryChartData()
    data.categories = [printable(place) for place in native.places]
    for series in native.series:
        data.add_series(printable(series.name), series.values)
    frame = slide.shapes.add_chart(_KINDS[native.kind, native.stacked], *box, data)
    chart = frame.chart
    _common(chart, look, legend=len(native.series) > 1)
    _axis(chart.category_axis, "", look, lines=False)
    _axis(chart.value_axis, native.axis, look)
    chart.value_axis.tick_labels.number_format = _FORMATS.get(native.format, _PLAIN)
    chart.value_axis.tick_labels.number_format_is_linked = False
    if not native.format:  # the labels say it
        chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    if native.span:
        chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = native.span
    elif native.stacked and native.format.endswith("%"):
        chart.value_axis.maximum_scale = 1.0
    if native.kind == "lying":
        chart.category_axis.reverse_order = True  # the first on top
        chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if any((value or 0.0) < 0 for series in native.series for value in series.values):
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _coloured(chart, native, look)
    return frame


def _coloured(chart: Any, native: NativeBars, look: Look) -> None:
    if native.kind == "line":
        for series, told in zip(chart.plots[0].series, native.series, strict=True):
            _line(series, told.colours[0])
        return
    chart.plots[0].gap_width = 45 if len(native.places) > 1 else 160
    for series, told in zip(chart.plots[0].series, native.series, strict=True):
        series.invert_if_negative = False
        _fill(series.format, told.colours[0])
        for place, tone in enumerate(told.colours):
            if tone != told.colours[0]:
                _fill(series.points[place].format, tone)
        _labelled(series, told, native, look)


def _labelled(series: Any, told: NativeSeries, native: NativeBars, look: Look) -> None:
    """Write the labels of a series at its bars; on parts of a whole their shares, where there is room."""
    for place, label in enumerate(told.labels):
        _label(series.points[place], label, look.colours["ink"], XL_LABEL_POSITION.OUTSIDE_END)
    if native.stacked and native.format.endswith("%"):
        for place, value in enumerate(told.values):
            if value is not None and value >= _SMALL:
                share = figures.percent(value, 0)
                _label(series.points[place], share, "FFFFFF", XL_LABEL_POSITION.CENTER)


def _plane(slide: Any, native: NativePlane, box: Sequence[int], look: Look) -> Any:
    data = XyChartData()
    groups = [group for group in native.groups if group.points]
    for group in groups:
        series = data.add_series(printable(group.name))
        for x, y in group.points:
            series.add_data_point(x, y)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    chart = frame.chart
    _common(chart, look, legend=True)
    for axis, name, format_, span in zip(
        (chart.category_axis, chart.value_axis), native.axes, native.formats, native.spans, strict=True
    ):
        _axis(axis, name, look)
        axis.tick_labels.number_format = _FORMATS.get(format_, _PLAIN)
        axis.tick_labels.number_format_is_linked = False
        if span:
            axis.minimum_scale, axis.maximum_scale = span
    for series, group in zip(chart.plots[0].series, groups, strict=True):
        _points(series, group)
    _longest_first(chart)
    return frame


def _points(series: Any, group: NativeGroup) -> None:
    if group.line:
        series.marker.style = XL_MARKER_STYLE.NONE
        series.format.line.color.rgb = _rgb(group.colour)
        series.format.line.width = Pt(1.25 if group.dashed else 2.25)
        if group.dashed:
            series.format.line.dash_style = MSO_LINE.DASH
        series.smooth = False
        return
    series.format.line.fill.background()
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 6 if len(group.points) <= 300 else 4
    _fill(series.marker.format, group.colour)
    series.marker.format.line.color.rgb = RGBColor(255, 255, 255)
    series.marker.format.line.width = Pt(0.25)


def _line(series: Any, tone: str) -> None:
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = _rgb(tone), Pt(2.25)
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 7
    _fill(series.marker.format, tone)


def _longest_first(chart: Any) -> None:
    """Put the longest series first: LibreOffice forgets those before a longer one. Their order is stated."""
    series = sorted(chart._chartSpace.iter(qn("c:ser")), key=lambda one: -len(list(one.iter(qn("c:pt")))))
    place = series[0].getparent()
    start = min(place.index(one) for one in series)
    for number, one in enumerate(series):
        place.insert(start + number, one)


def _common(chart: Any, look: Look, *, legend: bool) -> None:
    chart.font.size, chart.font.color.rgb = Pt(TEXT), RGBColor.from_string(look.colours["ink"])
    chart.has_title, chart.has_legend = False, legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False


def _axis(axis: Any, name: str, look: Look, *, lines: bool = True) -> None:
    axis.has_title = bool(name)
    if name:
        axis.axis_title.text_frame.text = printable(name)
        run = axis.axis_title.text_frame.paragraphs[0].runs[0]
        run.font.size, run.font.bold = Pt(TEXT), False
        run.font.color.rgb = RGBColor.from_string(look.colours["muted"])
    axis.has_major_gridlines = lines
    if lines:
        axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E6EAEE")
        axis.major_gridlines.format.line.width = Pt(0.5)
    axis.format.line.color.rgb = RGBColor.from_string(look.colours["line"])
    axis.tick_labels.font.size = Pt(TEXT)


def _label(point: Any, text: str, tone: str, where: Any) -> None:
    label = point.data_label
    label.text_frame.text = printable(text)
    run = label.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.color.rgb = Pt(TEXT), RGBColor.from_string(tone)
    label.position = where


def _fill(format_: Any, tone: str) -> None:
    format_.fill.solid()
    format_.fill.fore_color.rgb = _rgb(tone)


def _rgb(tone: str) -> Any:
    return RGBColor.from_string(tone.removeprefix("#").upper())
