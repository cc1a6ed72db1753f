"""What a chart shows as bare data, for programs that draw charts of their own, such as PowerPoint."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.present import figures

Range = tuple[float, float]


@dataclass(frozen=True)
class NativeSeries:
    """A series over named places; `labels` stand at its values, `colours` are one for all or one for each."""

    name: str
    values: tuple[float | None, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class NativeBars:
    """Bars, or with `kind` line their tops alone.

    `format` is that of the axis, as Vega writes it; without one there is none, because the labels say enough.
    """

    places: tuple[str, ...]
    series: tuple[NativeSeries, ...]
    axis: str
    format: str
    kind: Literal["lying", "upright", "line"] = "lying"
    stacked: bool = False
    span: Range | None = None


@dataclass(frozen=True)
class NativeGroup:
    """Points of one colour; with `line` they are joined, `dashed` for what others are held against."""

    name: str
    points: tuple[tuple[float, float], ...]
    colour: str
    line: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class NativePlane:
    """Points on two axes; `spans` are the ends of the axes where they are stated."""

    groups: tuple[NativeGroup, ...]
    axes: tuple[str, str]
    formats: tuple[str, str] = (",~g", ",~g")
    spans: tuple[Range | None, Range | None] = (None, None)


Native = NativeBars | NativePlane


def lines_at(
    cuts: tuple[Sequence[float], Sequence[float]],
    spans: tuple[Range, Range],
    colour: str,
    names: Sequence[str],
) -> Iterable[NativeGroup]:
    """Yield a dashed line across a plane for every cut of its two axes, which `names` are those of."""
    (left, right), (bottom, top) = spans
    lines = [(names[0], at, ((at, bottom), (at, top))) for at in cuts[0]]
    lines += [(names[1], at, ((left, at), (right, at))) for at in cuts[1]]
    for name, at, ends in lines:
        yield NativeGroup(f"{name}: {figures.number(at)}", ends, colour, line=True, dashed=True)
