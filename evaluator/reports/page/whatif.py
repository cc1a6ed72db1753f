"""What the what-if of the page works with: everything that scores, grades, classes and actions come from.

The page evaluates anew for other weights and cuts (`templates/page/js/engine.js`) and must come to what the
engine comes to, so nothing here is rounded: scores of leaves are doubles in base64, NaN where there is none.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.actions.choosing import first_that_applies
from evaluator.actions.decided import Decisions
from evaluator.actions.flags import kind_of, read
from evaluator.columns import Kind, StepPlan, enter, names_of, to_polars
from evaluator.reports.context import Context
from evaluator.reports.page.condition_trees import condition_tree, value_tree
from evaluator.reports.page.lifts import lifts
from evaluator.scoring.fuzzy_steps import fuzzy_columns
from evaluator.scoring.model import Model
from evaluator.scoring.profiles import profile_steps
from evaluator.scoring.score_steps import leaf_steps
from evaluator.scoring.synthesis import FILLED, always_scored, excluding, observable, synthesis_of
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.names import condition_names, read_amount, read_condition
from evaluator.tree.rules import Bonus, Rule

MOST = 10_000
"""Customers up to which the page evaluates anew."""

Json = dict[str, Any]


@dataclass(frozen=True)
class NotOffered:
    """Why the page does not evaluate anew: a key of the report's texts, and what it speaks of."""

    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class WhatIf:
    """Everything that the page evaluates anew.

    Attributes
    ----------
    ids, names : of all customers, rated or not, in the order of the results.
    nodes : criteria and indicators, the root first, each before those below it.
    leaves : the score of every indicator, NaN where there is none; a filled one is there.
    seen : for indicators that are filled when missing, whether they were observed.
    local : the weight of every node among its siblings; `profiles` differ from it in some nodes.
    of : the place of each customer's profile among `profiles`, from 1; 0 for none of them. None without any.
    columns : what conditions read besides, by the name that they use here.
    evaluated : how many customers have which grade, class and action, so that the page can tell that it comes
        to the same; `planned` counts what the plan gives, None without one.
    lifts : which classes are better than each, and the scales that can be read backwards; None where the page
        cannot tell what would lift a customer.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    score_range: tuple[float, float]
    min_coverage: float
    closeness: bool
    borderline: float | None
    decides: str
    nodes: tuple[Json, ...]
    axes: tuple[Json, ...]
    local: Mapping[str, float]
    profiles: tuple[Json, ...]
    of: NDArray[np.uint8] | None = field(repr=False)
    leaves: Mapping[str, NDArray[np.float64]] = field(repr=False)
    seen: Mapping[str, NDArray[np.float64]] = field(repr=False)
    columns: Mapping[str, pl.Series] = field(repr=False)
    grades: tuple[Json, ...]
    matrices: tuple[Json, ...]
    rules: tuple[Json, ...]
    flags: tuple[Json, ...]
    actions: tuple[Json, ...]
    evaluated: Json
    planned: Mapping[str, int] | None
    lifts: Json | None

    def compact(self) -> Json:
        """Return all of it as JSON, columns of numbers in base64."""
        packed = {
            "of": None if self.of is None else _base64(self.of, "<u1"),
            "leaves": {name: _base64(values, "<f8") for name, values in self.leaves.items()},
            "seen": {name: _base64(values, "<u1") for name, values in self.seen.items()},
            "columns": {name: _packed(values) for name, values in self.columns.items()},
            "range": self.score_range,
        }
        stated = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in packed}
        return {**stated, **packed}


def what_if(context: Context) -> WhatIf | NotOffered:
    """Return what the page needs to evaluate anew, or why it does not."""
    model, found = context.evaluation.model, context.evaluation.decisions
    if refused := _refused(context):
        return refused
    steps = _steps(context)
    words = _ConditionReader(model, found)
    rules = tuple(_rule(rule, model.tree) for rule in model.tree.rules)
    flags, actions = words.flags(context.language), words.actions(context.language)
    if words.beyond:
        return NotOffered("whatif.refused.condition", {"name": sorted(words.beyond)[0]})
    spoken = {name for rule in rules for name in _names([rule["when"], rule.get("per")])}
    own = {name: steps[name] for name in sorted(spoken & set(steps.columns)) if not name.startswith("score_")}
    return WhatIf(
        ids=tuple(context.results["id"].cast(pl.String)),
        names=tuple(context.results["name"]),
        score_range=model.tree.score_range,
        min_coverage=model.conventions.min_coverage,
        closeness=model.by_closeness,
        borderline=model.borderline,
        decides=found.decides if found else model.tree.deciding,
        nodes=tuple(_node(node, context) for node in model.tree.nodes.values()),
        axes=tuple(
            {"id": axis, "group": group.id, "observable": observable(group, model)}
            for axis, group in model.tree.axes.items()
        ),
        local=model.local,
        profiles=tuple(_profiles(context)),
        of=_profile_places(model, steps),
        leaves={leaf.id: _doubles(steps[f"score_{leaf.id}"]) for leaf in model.tree.indicators},
        seen={
            leaf.id: _doubles(steps[f"observed_{leaf.id}"])
            for leaf in model.tree.indicators
            if model.missing(leaf) in FILLED
        },
        columns={**own, **words.columns(context.results["id"])},
        grades=tuple(
            {"id": grade.id, "name": grade.name[context.language], "bound": grade.bound}
            for grade in model.tree.grades
        ),
        matrices=tuple(_matrices(context)),
        rules=rules,
        flags=flags,
        actions=actions,
        evaluated=_evaluated(context),
        planned=found.given() if found and found.plan else None,
        lifts=lifts(model, found.decides if found else model.tree.deciding, spoken),
    )


def _refused(context: Context) -> NotOffered | None:
    results, evaluation = context.results, context.evaluation
    if results.height > MOST:
        return NotOffered("whatif.refused.many", {"count": results.height, "most": MOST})
    if not context.rated.height:
        return NotOffered("whatif.refused.rated")
    if evaluation.model.leading == "fuzzy":
        return NotOffered("whatif.refused.fuzzy")
    if results.join(evaluation.measured.frame, on="id", how="anti").height:
        return NotOffered("whatif.refused.measures")
    return None


def _steps(context: Context) -> pl.DataFrame:
    """Return the scores of the leaves, and what they were read from, a row for each of the results."""
    model = context.evaluation.model
    plan = StepPlan(("id",), (*leaf_steps(model), *profile_steps(model)))
    found = to_polars(plan.apply(enter(context.evaluation.measured.frame).frame))
    return context.results.select("id").join(found, on="id", how="left", maintain_order="left")


def _node(node: Group | Indicator, context: Context) -> Json:
    model = context.evaluation.model
    found: Json = {"id": node.id, "name": node.name[context.language]}
    if isinstance(node, Indicator):
        return found | {"unobserved": node.id in model.unobserved}
    synthesis = synthesis_of(node, model)
    return found | {
        "unobserved": not observable(node, model),
        "children": [child.id for child in node.children],
        "synthesis": synthesis.model_dump(mode="json"),
        "complete": all(always_scored(child, model) for child in node.children),
        "excluding": [leaf.id for leaf in excluding(node, model)],
    }


def _profiles(context: Context) -> Iterator[Json]:
    stated = context.tree.profiles
    names = {profile.id: profile.name[context.language] for profile in stated.of} if stated else {}
    for entry in context.evaluation.model.profiles:
        yield {"id": entry.id, "name": names.get(entry.id, entry.id), "local": entry.local}


def _profile_places(model: Model, steps: pl.DataFrame) -> NDArray[np.uint8] | None:
    if not model.profiles:
        return None
    places = {entry.id: place for place, entry in enumerate(model.profiles, start=1)}
    return steps["profile"].replace_strict(places, default=0, return_dtype=pl.UInt8).to_numpy()


def _matrices(context: Context) -> Iterator[Json]:
    tree, language = context.tree, context.language
    for matrix in tree.matrices:
        cuts, cells = context.evaluation.model.cuts[matrix.id], {(c.x, c.y): c.id for c in matrix.classes}
        sides = {
            key: {"group": tree.axes[side.axis].id, "name": tree.axes[side.axis].name[language],
                  "cuts": at, "levels": [context.level(level) for level in side.levels]}
            for key, side, at in (("x", matrix.x, cuts.x), ("y", matrix.y, cuts.y))
        }  # fmt: skip
        yield {
            "id": matrix.id,
            "name": matrix.name[language],
            "classes": [{"id": entry.id, "name": entry.name[language]} for entry in matrix.classes],
            "cells": [[cells[x, y] for y in matrix.y.levels] for x in matrix.x.levels],
            **sides,
        }


def _rule(rule: Rule, tree: Tree) -> Json:
    meanings = condition_names(tree)

    def key(name: str) -> str:
        meaning = meanings[name]
        whole = meaning.what == "coverage" and meaning.of == tree.root.id
        return "coverage" if whole else f"{meaning.what}_{meaning.of}"

    stated = rule.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"name", "reason", "per"})
    counted = read_amount(rule, tree) if isinstance(rule, Bonus) else None
    per = {} if counted is None else {"per": value_tree(counted, key)}
    return {**stated, "when": condition_tree(read_condition(rule, tree), key), **per}


class _ConditionReader:
    """Reads the conditions of flags and actions as the engine does, and notes which columns they need."""

    def __init__(self, model: Model, found: Decisions | None) -> None:
        self.found = found
        self.moving = moving_names(model)
        self.fuzzy = frozenset(fuzzy_columns(model))
        self.beyond: set[str] = set()
        self.needed: dict[str, Kind] = {}
        schema = enter(found.everybody).frame.collect_schema() if found else {}
        self.kinds: dict[str, Kind] = {
            name: kind for name, dtype in schema.items() if (kind := kind_of(dtype))
        }

    def flags(self, language: str) -> tuple[Json, ...]:
        """Return the flags with their conditions; one may read those before it."""
        listed = []
        for flag in self.found.flags if self.found else ():
            when = self.read(flag.when)
            listed.append({"id": flag.id, "name": flag.name[language], "level": flag.level, "when": when})
            self.kinds[f"flag_{flag.id}"] = "truth"
            self.moving[f"flag_{flag.id}"] = f"flag_{flag.id}"
        return tuple(listed)

    def actions(self, language: str) -> tuple[Json, ...]:
        """Return the actions in their order, each with its condition."""
        return tuple(
            {"id": action.id, "name": action.name[language], "days": action.within_days,
             "when": None if action.when is None else self.read(action.when)}
            for action in (self.found.actions if self.found else ())
        )  # fmt: skip

    def read(self, text: str) -> list[object]:
        """Return a condition as a tree; what nobody has is no column, and so unknown."""
        said, absent = read(text, self.kinds)
        for name in {name.name for name in names_of(said)} - absent - self.moving.keys():
            self.needed[name] = self.kinds[name]
            if name in self.fuzzy:
                self.beyond.add(name)
        return condition_tree(said, lambda name: self.moving.get(name, f"known_{name}"))

    def columns(self, ids: pl.Series) -> dict[str, pl.Series]:
        """Return the columns that conditions need and weights do not move, for these customers."""
        if not self.found or not self.needed:
            return {}
        typed = [
            pl.col(name).cast(pl.String if kind == "text" else pl.Float64)
            for name, kind in sorted(self.needed.items())
        ]
        known = self.found.everybody.select(pl.col("id").cast(pl.String), *typed)
        rows = pl.DataFrame({"id": ids.cast(pl.String)}).join(
            known, on="id", how="left", maintain_order="left"
        )
        return {f"known_{name}": rows[name] for name in rows.columns if name != "id"}


def moving_names(model: Model) -> dict[str, str]:
    """Return the names of flags and actions whose column depends on weights and cuts, and that column."""
    tree = model.tree
    found = {
        name: "score" if meaning.of == tree.root.id else f"score_{meaning.of}"
        for name, meaning in condition_names(tree).items()
        if meaning.what == "score"
    }
    plain = ["score", "coverage", "rank", "grade", "cut_distance", "borderline_grade"]
    plain += [f"score_{node}" for node in tree.nodes if node != tree.root.id]
    plain += [f"coverage_{axis}" for axis in tree.axes]
    plain += [f"{word}_{matrix.id}" for word in ("class", "borderline") for matrix in tree.matrices]
    plain += [f"rule_{rule.id}" for rule in tree.rules]
    return {**found, "unadjusted_score": f"score_{tree.root.id}", **{name: name for name in plain}}


def _evaluated(context: Context) -> Json:
    rated, found = context.rated, context.evaluation.decisions
    counts: Json = {"rated": rated.height, "grades": _tally(rated["grade"])}
    counts["classes"] = {matrix.id: _tally(rated[f"class_{matrix.id}"]) for matrix in context.tree.matrices}
    first = first_that_applies(found.candidates, rated["id"].cast(pl.String).to_list()) if found else None
    return counts | {"actions": {} if first is None else _tally(first["action"])}


def _tally(values: pl.Series) -> dict[str, int]:
    return dict(values.drop_nulls().value_counts(sort=True).iter_rows())


def _names(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for part in said:
            yield from _names(part)


def _doubles(values: pl.Series) -> NDArray[np.float64]:
    return values.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _packed(values: pl.Series) -> Json:
    if values.dtype != pl.String:
        return {"numbers": _base64(_doubles(values), "<f8")}
    texts = values.drop_nulls().unique(maintain_order=True).to_list()
    places = {text: place for place, text in enumerate(texts)}
    codes = values.replace_strict(places, default=-1, return_dtype=pl.Int32)
    return {"texts": texts, "codes": _base64(codes.to_numpy(), "<i4")}


def _base64(values: NDArray[Any], type_: str) -> str:
    return base64.b64encode(np.ascontiguousarray(values, dtype=type_).tobytes()).decode("ascii")
