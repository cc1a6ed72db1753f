"""Passages: each one message, what bears it out, and where its figures come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from evaluator.present.blocks import Blocks, Cards, Facts, Heading, Table, Words
from evaluator.present.charts import Chart
from evaluator.reports.brief import acting, changing, grounds, standing
from evaluator.reports.brief.acting import Told
from evaluator.reports.brief.sources import sources
from evaluator.reports.context import Context
from evaluator.reports.sections import Section, sections

Shown = Table | Words | Facts | Chart | Cards | Heading


@dataclass(frozen=True)
class Passage:
    """A message with what bears it out; `sources` say where its figures come from, a line each."""

    id: str
    message: str
    blocks: tuple[Shown, ...]
    sources: tuple[str, ...] = ()


PASSAGES: Mapping[str, Callable[[Context], Told | None]] = {
    "decision": acting.decision,
    "first": acting.first,
    "careful": acting.careful,
    "matrix": standing.matrix,
    "classes": standing.by_class,
    "ranking": standing.ranking,
    "certainty": grounds.certain,
    "changed": changing.changed,
    "trend": changing.trend,
    "weights": grounds.heaviest,
    "method": grounds.method,
}
"""What a brief may say, in the order of reading; this is the only place a passage is registered."""


def brief(context: Context) -> tuple[Passage, ...]:
    """Return what a board reads of an evaluation; the ranking only where no customer is acted on."""
    found = (passage(name, context) for name in PASSAGES)
    there = {entry.id: entry for entry in found if entry}
    if "first" in there:
        there.pop("ranking", None)
    return tuple(there.values())


def names() -> tuple[str, ...]:
    """Return every name that a place may have: those of passages, and of the sections made of blocks."""
    return (*PASSAGES, *(section.id for section in sections() if section.id not in PASSAGES))


def passage(name: str, context: Context) -> Passage | None:
    """Return a passage, or the section of that name as one; None where the evaluation has nothing."""
    if name in PASSAGES:
        told = PASSAGES[name](context)
        return Passage(name, told.message, told.blocks, sources(name, context)) if told else None
    section = next((section for section in sections() if section.id == name), None)
    return _of_section(section, context) if section else None


def _of_section(section: Section, context: Context) -> Passage | None:
    data = section.build(context)
    if not isinstance(data, Blocks):
        return None
    message = section.message(data, context) if section.message else ""
    shown: list[Shown] = []
    for part in data.parts:
        shown += [Heading(part.title)] if part.title else []
        shown += part.blocks
    title = message or section.title(context)
    return Passage(section.id, title, tuple(shown), sources(section.id, context))
