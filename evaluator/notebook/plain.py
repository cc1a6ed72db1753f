"""What a result shows that has no view of its own: figures with their names, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import polars as pl

from evaluator.brief import brief
from evaluator.columns import enter, to_polars
from evaluator.columns.legible import label, labels
from evaluator.errors import Issue
from evaluator.present.blocks import Block, Cell, Fact, Facts, Head, View, notes, table
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader


def plain(thing: Any, reader: Reader) -> View:
    """Yield the single figures of an object, its issues, and every table it holds."""
    values = dict(_values(thing))
    figures = {name: value for name, value in values.items() if _single(value)}
    if figures:
        yield Facts(tuple(Fact(name, _cell(value), _kind(value)) for name, value in figures.items()))
    yield from notes(reader, (one for one in values.get("issues") or () if isinstance(one, Issue)), "note")
    for name, value in values.items():
        if _is_frame(value):
            yield framed(name, to_polars(enter(value).frame))
        elif isinstance(value, Mapping) and value and all(_single(entry) for entry in value.values()):
            yield _mapped(name, value)


def framed(title: str, frame: pl.DataFrame) -> Block:
    """Return a frame under the names of its columns, texts as a report shows them."""
    heads = [Head(label(name), _kind_of(kind)) for name, kind in frame.schema.items()]
    shown = frame.head(200).with_columns(
        pl.col(name).map_elements(brief, return_dtype=pl.String)
        for name, kind in frame.schema.items()
        if kind.is_nested()
    )
    shown = shown.with_columns(labels(column) for column in shown if column.dtype == pl.String)
    return table(title, heads, shown.vstack(shown.clear()), most=200)


def _values(thing: Any) -> Iterator[tuple[str, Any]]:
    names = [one.name for one in fields(thing)] if is_dataclass(thing) else list(type(thing).model_fields)
    return ((name, getattr(thing, name)) for name in names)


def _single(value: Any) -> bool:
    return isinstance(value, (bool, int, float, str, date))


def _is_frame(value: Any) -> bool:
    return type(value).__name__ == "DataFrame" and type(value).__module__.startswith(("polars", "pandas"))


def _cell(value: Any) -> Cell:
    return str(value) if isinstance(value, bool) else label(value) if isinstance(value, str) else value


def _kind(value: Any) -> Kind:
    return "quantity" if isinstance(value, (int, float)) and not isinstance(value, bool) else "text"


def _kind_of(dtype: pl.DataType) -> Kind:
    return "quantity" if dtype.is_numeric() else "day" if dtype == pl.Date else "text"


def _mapped(name: str, values: Mapping[str, Any]) -> Block:
    kind: Kind = _kind(next(iter(values.values())))
    names, shown = [label(str(key)) for key in values], [_cell(value) for value in values.values()]
    frame = pl.DataFrame({"name": names, "value": shown}, strict=False)
    return table(name, [Head(""), Head("", kind)], frame)
