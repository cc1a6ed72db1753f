"""What stands on the page of one customer: where the score comes from, what is done and how sure it is.

The page's script writes it from columns, one value a customer, in the order of the finder's rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import polars as pl

from evaluator.actions.decided import Decisions
from evaluator.actions.flags import names_in
from evaluator.analysis import with_reasons
from evaluator.analysis.explanation import Contribution, Explanation, explanations
from evaluator.customers.measure_kinds import monthly, read_as
from evaluator.present.kinds import Kind
from evaluator.reports.anchors import anchors, shown
from evaluator.reports.context import Context
from evaluator.reports.page.columns import ListColumn, Value, coded, figures, rounded
from evaluator.reports.reasons import reasons
from evaluator.reports.sections.profiles import profile_names
from evaluator.reports.sections.rules import in_words
from evaluator.tree import Group, Indicator
from evaluator.tree.types import GRADE

TEXTS = tuple(f"customer.{word}" for word in (
    "close", "before", "next", "print", "rank", "unrated", "action", "due", "why", "turn", "flags", "money",
    "certainty", "ranks", "rank_firm", "change", "of_draws", "against", "against_says", "mean", "adjusted",
    "rest", "measures", "measures_says", "effects_says", "scale", "missing", "missing_says", "otherwise",
    "beyond", "attributes", "lift", "lift_step", "lift_none", "lift_says",
))  # fmt: skip
"""What the script says: keys of the report's texts."""
Json = dict[str, Any]
Explained = Sequence[Explanation]


@dataclass(frozen=True)
class Leaf:
    """An indicator: what it is called and scored by, then a value of each customer, None where there is none.

    `kind` is what its measures are read as, where that is not a quantity of its unit: a share, or growth a
    year, which of growth by the month (`monthly`) the script works out. `means` are the mean
    points of the classes that decide, by place; `clamped` are rows whose measure lies outside the scale.
    """

    id: str
    name: str
    unit: str
    branch: str
    scale: str
    handling: str
    kind: Kind
    monthly: str
    measures: tuple[float | int | str | None, ...]
    scores: tuple[Value, ...]
    weights: tuple[Value, ...]
    points: tuple[Value, ...]
    clamped: tuple[int, ...]
    means: tuple[Value, ...]


@dataclass(frozen=True)
class CustomerPages:
    """The pages of the first customers of the ranking.

    Parameters
    ----------
    held : how many there are. deciding : the key of the list's column whose class decides.
    counted : by the place of such a class, how many of the customers here have it; the means are theirs.
    effects : where the score is no sum, the reference and the remainder of each customer.
    rules : name and effect. hits : by row, the rules that hit with the points of a bonus. before : the score
        before them.
    fuzzy : what the fuzzy evaluation says of each customer, and the memberships by grade.
    actions, flags : by id, what is said of them. reasons : by row and action, why it is given.
    groups : the columns under their titles.
    """

    held: int
    additive: bool
    deciding: str
    leaves: tuple[Leaf, ...]
    branches: Mapping[str, str]
    counted: tuple[int, ...]
    effects: tuple[tuple[Value, ...], ...]
    rules: tuple[tuple[str, str], ...]
    hits: Mapping[int, tuple[tuple[int, Value], ...]]
    before: Mapping[int, Value]
    fuzzy: tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]] | None
    actions: Mapping[str, Json]
    flags: Mapping[str, Json]
    groups: tuple[tuple[str, tuple[ListColumn, ...]], ...]
    notes: Mapping[str, str]
    reasons: Mapping[int, Mapping[str, str]]

    def compact(self) -> Json:
        """Return the pages as the script reads them."""
        told = {name: value for name, value in self.__dict__.items() if name not in ("leaves", "groups")}
        return told | {
            "leaves": [leaf.__dict__ for leaf in self.leaves],
            "groups": {name: [column.compact() for column in columns] for name, columns in self.groups},
        }


def build(context: Context) -> CustomerPages:
    """Return the pages of as many customers as the report shows, explained by the steps that scored them."""
    held = context.rated.head(context.options.cards)
    ids = held["id"].to_list()
    explained = explanations(context.evaluation.model, context.evaluation.measured.frame, ids) if ids else ()
    deciding = _deciding(explained, context)
    additive = context.evaluation.model.additive
    rules = list(context.tree.rules)
    branches = [node for node in context.tree.root.children if isinstance(node, Group)]
    return CustomerPages(
        held=len(ids),
        additive=additive,
        deciding="grade" if context.tree.deciding == GRADE else "class",
        leaves=tuple(_leaf(place, leaf, explained, deciding, context)
                     for place, leaf in enumerate(context.tree.indicators)),
        branches={branch.id: branch.name[context.language] for branch in branches},
        counted=tuple(deciding.count(place) for place in range(len(_classes(context)))),
        effects=() if additive else (
            tuple(_short(one.reference) for one in explained),
            tuple(_short(one.remainder) for one in explained),
        ),
        rules=tuple((rule.name[context.language], in_words(rule, context)) for rule in rules),
        hits=_hits(explained, [rule.id for rule in rules]),
        before={row: _short(one.unadjusted) for row, one in enumerate(explained) if one.adjustment},
        fuzzy=_fuzzy(explained, context),
        actions=_actions(context.evaluation.decisions, context),
        flags=_flags(context.evaluation.decisions, context),
        groups=tuple((name, columns) for name, columns in _groups(held, explained, context) if columns),
        notes=dict(_notes(context)),
        reasons=_reasons(ids, context),
    )  # fmt: skip


def _classes(context: Context) -> Mapping[str, str]:
    """Return the classes that decide, by id."""
    deciding = context.tree.deciding
    return context.grades if deciding == GRADE else context.classes[deciding]


def _deciding(explained: Explained, context: Context) -> list[int | None]:
    """Return the place of the class that decides for each customer."""
    places = {name: place for place, name in enumerate(_classes(context))}
    of = context.tree.deciding
    found = (one.grade if of == GRADE else one.classes[of] for one in explained)
    return [places.get(name or "") for name in found]


def _leaf(
    place: int, leaf: Indicator, explained: Explained, deciding: Sequence[int | None], context: Context
) -> Leaf:
    parts = [one.contributions[place] for one in explained]
    told, kind = monthly(leaf.unit), read_as(0.0, leaf.unit)[1]
    if kind not in ("share", "growth"):
        kind = "quantity"
    return Leaf(
        id=leaf.id,
        name=leaf.name[context.language],
        unit=context.unit(leaf) if kind == "quantity" else "",
        branch=context.tree.path(leaf.id)[1],
        scale=context.reader.listed(shown(anchor) for anchor in anchors(leaf, context)),
        handling=context.text(f"missing.{context.evaluation.model.missing(leaf)}"),
        kind=kind,
        monthly=told or "",
        measures=tuple(_measure(part, "quantity" if told else kind) for part in parts),
        scores=tuple(_figure(part.score, "points") for part in parts),
        weights=tuple(_figure(part.effective_weight, "share") for part in parts),
        points=tuple(_points(part.points) for part in parts),
        clamped=tuple(row for row, part in enumerate(parts) if part.clamped),
        means=tuple(
            _mean([part.points for part, of in zip(parts, deciding, strict=True) if of == class_])
            for class_ in range(len(_classes(context)))
        ),
    )


def _mean(points: Sequence[float | None]) -> Value:
    there = [one for one in points if one is not None]
    return _points(fsum(there) / len(there)) if there else None


def _measure(part: Contribution, kind: Kind) -> float | int | str | None:
    value = part.measure
    if value is None or isinstance(value, str):
        return value
    return rounded(float(value), kind)


def _figure(value: float | None, kind: Any) -> Value:
    return None if value is None else rounded(value, kind)


def _points(value: float | None) -> Value:
    """Return points with the two decimals that are shown."""
    return None if value is None else rounded(value, "shift")


def _short(value: float | None) -> Value:
    return None if value is None else float(f"{value:.4f}")


def _hits(explained: Explained, rules: Sequence[str]) -> dict[int, tuple[tuple[int, Value], ...]]:
    """Return by row the rules that hit, with the points of a bonus."""
    places = {name: place for place, name in enumerate(rules)}
    found = {}
    for row, one in enumerate(explained):
        hits = [outcome for outcome in one.rules if outcome.outcome == "hit"]
        if hits:
            found[row] = tuple(
                (places[hit.rule], _points(hit.points) if hit.kind == "bonus" else None) for hit in hits
            )
    return found


def _fuzzy(
    explained: Explained, context: Context
) -> tuple[tuple[str, ...], tuple[tuple[Value, ...], ...]] | None:
    if not explained or explained[0].fuzzy is None:
        return None
    told, members = [], []
    for one in explained:
        found = one.fuzzy
        assert found is not None  # a model has a fuzzy evaluation of all customers or of none
        values = {"fuzzy": found.score, "crisp": found.crisp_score}
        grade = context.grades.get(found.grade or "", "")
        validity = context.text(f"workbook.fuzzy.validity.{found.validity}")
        told.append(context.text("cards.fuzzy", validity=validity, grade=grade, **values))
        members.append([_figure(found.memberships[name], "share") for name in context.grades])
    return tuple(told), tuple(zip(*members, strict=True))


def _actions(found: Decisions | None, context: Context) -> dict[str, Json]:
    """Return what is said of each action that is given: what to do, by when, and the flags it rests on."""
    if found is None:
        return {}
    given, language = found.given(), context.language
    due = dict(found.customers.group_by("action").agg(pl.col("due").min()).iter_rows())
    return {
        action.id: {
            "do": action.do[language],
            "count": given[action.id],
            "due": context.reader.day(due[action.id]) if due[action.id] else "",
            "flags": [name[5:] for name in sorted(names_in(action.when or "")) if name.startswith("flag_")],
            "assumption": action.assumption[language] if action.assumption else "",
        }
        for action in found.actions
        if action.id in given
    }


def _reasons(ids: Sequence[str], context: Context) -> dict[int, dict[str, str]]:
    rows = {name: row for row, name in enumerate(ids)}
    told: dict[int, dict[str, str]] = {}
    for id_, action, because in context.built(reasons).iter_rows():
        if id_ in rows and because:
            told.setdefault(rows[id_], {})[action] = because
    return told


def _flags(found: Decisions | None, context: Context) -> dict[str, Json]:
    if found is None:
        return {}
    return {flag.id: {"says": flag.says[context.language], "level": flag.level} for flag in found.flags}


def _groups(
    held: pl.DataFrame, explained: Explained, context: Context
) -> Iterator[tuple[str, tuple[ListColumn, ...]]]:
    yield "money", tuple(_money(held, context))
    yield "certainty", tuple(_certainty(held, context))
    yield "change", tuple(_change(held, context))
    if names := profile_names(context):
        profiles = pl.Series([one.profile for one in explained], dtype=pl.String)
        yield "profile", (coded("profile", context.text("profiles.name"), profiles, names),)


def _joined(held: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    return held.select("id").join(told.unique("id", keep="first"), on="id", how="left", maintain_order="left")


def _money(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield what an action costs and brings, where that is known; the list has value and stake."""
    found = context.evaluation.decisions
    if found is None:
        return
    told = _joined(held, found.customers)
    for name in ("gain", "cost", "net"):
        if name in told.columns and told[name].is_not_null().any() and (name != "cost" or found.plan):
            yield figures(name, context.text(f"customer.{name}"), "money", told[name])


def _certainty(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield in which share of the draws action and class are kept, and between which ranks."""
    found = context.evaluation.certainty
    if found is None or not found.known:
        return
    told = _joined(held, found.customers)
    for name in ("kept_action", found.kept):
        if name in told.columns and told[name].is_not_null().any():
            title = context.text("customer.kept_action" if name == "kept_action" else "customer.kept_class")
            yield figures(name, title, "share", told[name])
    for name in ("rank_low", "rank_high"):
        yield figures(name, context.text(f"customer.{name}"), "count", told[name])


def _change(held: pl.DataFrame, context: Context) -> Iterator[ListColumn]:
    """Yield the score before, its change, and the main reason in words, where there is a comparison."""
    found = context.evaluation.comparison
    if found is None:
        return
    told = _joined(held, with_reasons(found, context.reader.names, context.language, say=context.say_measure))
    yield figures("score_last", context.text("customer.score_last"), "points", told["score_last"])
    yield figures("change", context.text("customer.change"), "shift", told["change"])
    column = f"class_{context.tree.deciding}_last"
    if column in told.columns:
        yield coded("class_last", context.text("customer.class_last"), told[column], _classes(context))
    reasons = {one: one for one in told["because"].drop_nulls().unique(maintain_order=True) if one}
    yield coded("because", context.text("customer.because"), told["because"], reasons)


def _notes(context: Context) -> Iterator[tuple[str, str]]:
    """Yield by group what must be said where it has no columns."""
    sure = context.evaluation.certainty
    if sure is not None and not sure.known:
        yield "certainty", context.reader.sentences(context.reader.issue(issue) for issue in sure.issues)
    if found := context.evaluation.comparison:
        yield "change", context.text("customer.since", day=context.reader.day(found.as_of))
