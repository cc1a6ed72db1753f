"""What flags and actions cannot be told on an engine, and could be in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import narwhals as nw
import polars as pl

from evaluator.actions.checks import known_names
from evaluator.actions.decided import Decisions
from evaluator.actions.flags import kind_of, names_in
from evaluator.actions.impossible import impossible, listed
from evaluator.columns import Kind
from evaluator.customers import MEASURES, MODEL_MEASURES, Sources
from evaluator.customers.sources import OWN_TABLES
from evaluator.data.engine_tables import EngineTable
from evaluator.errors import Issue, Severity
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.tree.decisions import Action, Flag


def gap_issues(
    setup: Setup, tree: Tree, tables: Mapping[str, EngineTable], found: Decisions
) -> Iterator[Issue]:
    """Yield, in one sentence, the flags and actions that a run in memory could tell and the engine cannot."""
    schema = nw.from_native(found.frame).schema
    here: dict[str, Kind] = {name: kind for name, dtype in schema.items() if (kind := kind_of(dtype))}
    further = _in_memory(setup, tree, tables, found, here)
    cannot, could_not = (
        impossible(found.flags, found.actions, kinds) for kinds in (here, {**further, **here})
    )
    flags = [flag for flag in cannot.flags if flag not in could_not.flags]
    partly = [f for f in found.flags if f not in cannot.flags and further.keys() & names_in(f.when)]
    actions = [action for action in cannot.actions if action not in could_not.actions]
    if flags or partly or actions:
        named: dict[str, Sequence[Flag | Action]] = {"flags": flags, "partly": partly, "actions": actions}
        detail = {key: listed(key, some, setup.language) for key, some in named.items()}
        yield Issue("STUDY-378", setup.engine.name, detail, severity=Severity.WARNING)


def _in_memory(
    setup: Setup, tree: Tree, tables: Mapping[str, EngineTable], found: Decisions, here: Mapping[str, Kind]
) -> dict[str, Kind]:
    """Return what conditions speak of, the engine does not have, and the study's tables tell in memory."""
    frames = {
        name: pl.DataFrame(schema=one.frame.collect_schema().to_polars()) for name, one in tables.items()
    }
    sources = Sources(frames, as_of=setup.file.as_of, options=setup.file.customers)
    own = {column for name in OWN_TABLES if name in frames for column in frames[name].columns}
    conditions = [flag.when for flag in found.flags] + [action.when or "" for action in found.actions]
    named = {name for text in conditions for name in names_in(text)} - here.keys()
    kinds = known_names(tree)
    there = (name for name in sorted(named) if name in own or _computed(name, sources))
    return {name: kinds.get(name, "number") for name in there}


def _computed(name: str, sources: Sources) -> bool:
    """Whether orders or a customer model that the study wants tell a measure."""
    if name not in MODEL_MEASURES:
        return name in MEASURES and "orders" in sources
    model, shown = MODEL_MEASURES[name].function.model, sources.options.show
    return (shown is None or model in shown) and not sources.lacking(model)
