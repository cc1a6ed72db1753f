"""What customer models show: the views of their families, as the report has them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import cache
from typing import Any, cast, get_type_hints

from evaluator.customers import MEASURES, MODEL_MEASURES, MODELS, CustomerOptions
from evaluator.customers.measure_kinds import MEASURE_KINDS
from evaluator.customers.model_result import ModelResult
from evaluator.customers.results import ModelResults
from evaluator.notebook.plain import framed, plain
from evaluator.present.blocks import Block, Head, View, notes, table, words
from evaluator.present.reader import Reader
from evaluator.reports.model_sections import Shown
from evaluator.reports.sections import SECTIONS

Viewed = Callable[[Any, Any, Reader], View]


@cache
def reader_of(language: str) -> Reader:
    """Return a reader who knows what ships: measures and their kinds, no customer and no tree."""
    measures = {
        method.name: method.title[language]
        for registry in (MODEL_MEASURES, MEASURES)
        for method in registry.methods()
    }
    value = CustomerOptions().value
    return Reader(language, measures=measures, value=measures.get(value, value), kinds=MEASURE_KINDS)


def overview(found: ModelResults, reader: Reader) -> View:
    """Yield which models ran, and why others have no result."""
    yield words(reader, "notebook.models", "lead", count=len(found.results))
    rows = [
        (name, MODELS[name].title[reader.language], _rows_or_reason(found, name, reader))
        for name in MODELS.names()
        if name in found.results or name in found.issues
    ]
    heads = [Head(reader.text(f"notebook.{key}")) for key in ("model_name", "title", "result")]
    yield table("", heads, rows, most=100)


def _rows_or_reason(found: ModelResults, name: str, reader: Reader) -> str:
    """Return how many rows a result has, or why there is none."""
    if name not in found.results:
        return " ".join(reader.issues(found.issues[name]))
    frame = getattr(found.results[name], "frame", found.results[name])
    return reader.text("notebook.height", count=len(frame)) if hasattr(frame, "columns") else ""


def model_result(found: ModelResult, reader: Reader) -> View:
    """Yield what the report shows of a model, with the choices it rests on."""
    yield from notes(reader, found.issues, "note")
    if found.result is None:
        return
    drawn = [block for view in _views(found.model) for block in view(found.result, found.chosen, reader)]
    if drawn:
        yield from drawn
    elif hasattr(found.result, "columns"):
        yield framed("", found.result)
    else:
        yield from plain(found.result, reader)


def raw(thing: Any, reader: Reader) -> list[Block]:
    """Return what the report shows of a result by itself; nothing where that needs what a study chose."""
    drawn: list[Block] = []
    try:
        for view in _of_type(cast(Hashable, type(thing))):
            drawn += view(thing, _Unstated(), reader)
    except _UnstatedError:
        return []
    return drawn


class _UnstatedError(Exception):
    """A view asked for a study's choices where there is no study."""


class _Unstated:
    """Stands for the choices of a study that is not known: whoever reads them is stopped."""

    def __getattr__(self, name: str) -> Any:
        raise _UnstatedError

    def __iter__(self) -> Iterator[Any]:
        raise _UnstatedError


def _views(model: str) -> tuple[Viewed, ...]:
    return tuple(dict.fromkeys(one.view for one in _shown() if one.model == model))


@cache
def _shown() -> tuple[Shown, ...]:
    return tuple(one for section in SECTIONS for one in section.shown if isinstance(one, Shown))


@cache
def _of_type(kind: Hashable) -> tuple[Viewed, ...]:
    views = dict.fromkeys(one.view for one in _shown())
    return tuple(view for view in views if get_type_hints(view)["result"] is kind)
