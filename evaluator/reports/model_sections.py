"""Sections of customer models: which results each shows, and what a model warns of or why it has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from evaluator.customers import MODELS, ModelResults
from evaluator.present.blocks import Blocks, Heading, Part, View, notes, words
from evaluator.present.reader import Reader
from evaluator.reports.context import Context

LONG = 4
"""Parts with a title that make a section a long one."""


@dataclass(frozen=True)
class Shown:
    """A model whose result a section shows: `view` draws it from the result and what the study chose for it.

    `heading` is the key of what stands above; without one it stands at the top of the section.
    """

    model: str
    view: Callable[[Any, Any, Reader], View]
    heading: str = ""


@dataclass(frozen=True)
class ShownWithScores:
    """What a section shows of models and scores together."""

    view: Callable[[Context], View]
    heading: str = ""


def shows(*shown: Shown | ShownWithScores, lead: str = "") -> Callable[[Context], Blocks | None]:
    """Return what builds a section: None where nothing has a result or says why not.

    `lead` is the key of a sentence for the top, where any of the models has a result.
    """

    def build(context: Context) -> Blocks | None:
        results = context.evaluation.customers
        if not results:
            return None
        parts: dict[str, list[Any]] = {"": []}
        if lead and any(isinstance(one, Shown) and one.model in results.results for one in shown):
            parts[""].append(words(context.reader, lead))
        told: set[str] = set()
        for one in shown:
            title = context.text(one.heading) if one.heading else ""
            for block in _blocks(one, results, told, context):
                if isinstance(block, Heading):
                    # What a study states itself stands in place of what is shown anyway under its name.
                    title, parts[block.text] = block.text, []
                else:
                    parts.setdefault(title, []).append(block)
        there = tuple(Part(title, tuple(blocks)) for title, blocks in parts.items() if blocks)
        return Blocks(_folded(there)) if there else None

    return build


def _folded(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Fold the parts of a long section behind their titles, but for the first: it would fill many screens."""
    titled = [part for part in parts if part.title]
    if len(titled) < LONG:
        return parts
    return tuple(replace(part, folded=part in titled[1:]) for part in parts)


def _blocks(one: Shown | ShownWithScores, results: ModelResults, told: set[str], context: Context) -> View:
    if isinstance(one, ShownWithScores):
        return one.view(context)
    return _of_model(one, results, told, context.reader)


def _of_model(one: Shown, results: ModelResults, told: set[str], reader: Reader) -> Iterator[Any]:
    """Yield a model's issues, once in a section, and what its view draws where there is a result."""
    first = one.model not in told
    told.add(one.model)
    if one.model not in results.results:
        yield from notes(reader, results.issues.get(one.model, ()) if first else (), "note")
        return
    result, option = results.results[one.model], MODELS[one.model].function.option
    drawn = tuple(one.view(result, option.of(results.options) if option else None, reader))
    if drawn and first:
        yield from notes(reader, getattr(result, "issues", ()))
    yield from drawn
