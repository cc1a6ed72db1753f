"""What every section is built from: an evaluation, a language, and how much may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TypeVar, cast

import polars as pl

from evaluator import messages
from evaluator.actions.decided import said_in
from evaluator.customers import MEASURES, MODEL_MEASURES, CustomerOptions
from evaluator.customers.measure_kinds import MEASURE_KINDS, kind_of_unit, monthly, read_as
from evaluator.evaluation import Evaluation
from evaluator.present.kinds import Kind, money_unit
from evaluator.present.reader import Reader
from evaluator.reports.coded import codes_of_files, codes_of_people
from evaluator.reports.options import ReportOptions
from evaluator.tree import Indicator, Tree, bundled, load_tree

Data = TypeVar("Data")


def titles_of_measures(tree: Tree, language: str) -> dict[str, str]:
    """Return what measures are called: those of the tree by their indicators, the others as registered."""
    titles = {leaf.measure: leaf.name[language] for leaf in tree.indicators if leaf.measure}
    for registry in (MODEL_MEASURES, MEASURES):
        titles |= {method.name: method.title[language] for method in registry.methods()}
    return titles


@cache
def titles_in_shipped_trees(language: str) -> dict[str, str]:
    """Return what measures are called that only other trees read, by these."""
    trees = (load_tree(name) for name in reversed(bundled()))
    return {leaf.measure: leaf.name[language] for tree in trees for leaf in tree.indicators if leaf.measure}


def reader_of(tree: Tree, language: str, *, currency: str = "") -> Reader:
    """Return a reader who knows what a tree names and measures, and nobody's name."""
    measured = (leaf for leaf in tree.indicators if leaf.measure)
    kinds: dict[str, Kind] = {leaf.measure: kind_of_unit(leaf.unit) for leaf in measured}
    return Reader(
        language,
        measures=titles_of_measures(tree, language),
        names={key: node.name[language] for key, node in tree.nodes.items()},
        currency=currency,
        kinds={**kinds, **MEASURE_KINDS},
    )


@dataclass(frozen=True)
class Context:
    """An evaluation as one reader sees it; names are in the reader's language."""

    evaluation: Evaluation
    language: str
    options: ReportOptions = field(default_factory=ReportOptions)
    _built: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = self.evaluation.decisions
        if found is not None and found.language != self.language:
            said = said_in(found, self.evaluation.model.tree, self.language)
            object.__setattr__(self, "evaluation", replace(self.evaluation, decisions=said))

    def built(self, build: Callable[[Context], Data]) -> Data:
        """Return the data of a section, built when they are first asked for."""
        if build not in self._built:
            self._built[build] = build(self)
        return cast(Data, self._built[build])

    def text(self, key: str, **values: object) -> str:
        """Return a text of the report catalogue."""
        return messages.text(f"report.{key}", self.language, **values)

    def said(self, reason: str | None) -> str:
        """Return a reason: the catalogue's words for a key, or the study's own words as they stand."""
        if not reason or not messages.known(reason, self.language):
            return reason or ""
        dropped = (entry for note in self.evaluation.notes for entry in note.dropped)
        columns = dict.fromkeys(entry.column for entry in dropped if entry.reason == reason and entry.column)
        return messages.text(reason, self.language, column=self.reader.listed(columns))

    def pair(self, a: str, b: str) -> str:
        """Return one element over another, by name."""
        return self.text("pair", a=self.name(a), b=self.name(b))

    @property
    def tree(self) -> Tree:
        """The tree that scored, with the study's own scales in place."""
        return self.evaluation.model.tree

    def name(self, node_id: str) -> str:
        """Return the name of a node."""
        return self.tree.nodes[node_id].name[self.language]

    def attribute(self, name: str) -> str:
        """Return what a reader calls an attribute: its own name, its indicator's, or a column's."""
        known = {entry.id: entry.name for entry in self.tree.attributes}
        known |= {leaf.measure: leaf.name for leaf in self.tree.indicators}
        if name in known:
            return known[name][self.language]
        key = f"profiles.column.{name}"
        return self.text(key) if messages.known(f"report.{key}", self.language) else name

    def say_measure(self, leaf: str, value: float | str | None, *, exact: bool = False) -> str:
        """Return a value of an indicator as it is written in a sentence, with its unit.

        `exact` writes it with the digits of a quantity, whatever it is.
        """
        unit = getattr(self.tree.nodes.get(leaf), "unit", None)
        kind = kind_of_unit(unit)
        if monthly(unit) and not exact and isinstance(value, int | float):
            return self.reader.say(*read_as(value, unit))
        said = self.reader.say(value, "quantity" if exact else kind)
        if unit is None or isinstance(value, str) or value is None or kind not in ("quantity", "days"):
            return said
        named = unit[self.language]
        plain = named[:1].isdigit() or (kind == "days" and not exact)  # 1–5 is a scale
        return said if plain else f"{said} {named}"

    def level(self, level: str) -> str:
        """Return low and high in the reader's language; other levels are the tree's own words."""
        return self.text(f"level.{level}") if level in ("low", "medium", "high") else level

    @cached_property
    def subject(self) -> messages.Noun:
        """What is evaluated: customers, prospects, or the firm."""
        return messages.subject(self.tree.subject, self.language)

    @property
    def counted(self) -> str:
        """What heads a column of how many there are."""
        title = self.text("decide.counted", subject=self.subject)
        return title[:1].upper() + title[1:]

    @cached_property
    def alone(self) -> bool:
        """Whether the firm is evaluated by itself: there is no ranking then, and nothing to count."""
        everybody = self.results.height + len(self.evaluation.unrated)
        return self.tree.subject == "firm" and everybody == self.rated.height == 1

    @cached_property
    def grades(self) -> Mapping[str, str]:
        """The name of each grade by id, best first."""
        return {grade.id: grade.name[self.language] for grade in self.tree.grades}

    @cached_property
    def classes(self) -> Mapping[str, Mapping[str, str]]:
        """The names of the classes of each matrix, by id."""
        return {
            matrix.id: {entry.id: entry.name[self.language] for entry in matrix.classes}
            for matrix in self.tree.matrices
        }

    def unit(self, leaf: Indicator) -> str:
        """Return the unit of an indicator; of amounts of orders it is the study's currency, if stated."""
        unit = leaf.unit[self.language] if leaf.unit else ""
        currency = money_unit(self.evaluation.currency, self.language)
        return (
            unit.replace(messages.catalogue(self.language)["measure.net_amount.unit"], currency)
            if currency
            else unit
        )

    @cached_property
    def reader(self) -> Reader:
        """All that views know of this report."""
        whole = reader_of(self.tree, self.language, currency=self.evaluation.currency)
        models = self.evaluation.customers
        options = models.options if models else CustomerOptions()
        items = options.satisfaction.items.items()
        stated = {key: item.name[self.language] for key, item in items if item.name}
        elsewhere = titles_in_shipped_trees(self.language) if self.evaluation.decisions else {}
        return replace(
            whole,
            measures={**elsewhere, **whole.measures},  # conditions speak of what the tree does not score
            customers=self.results.select("id", "name"),
            experts=self._experts,
            codes=self._codes,
            names={**whole.names, **stated},
            value=whole.measure(options.value),
            value_kind=whole.kind(options.value),
            working=self.options.edition == "working",
        )

    @cached_property
    def _experts(self) -> Mapping[str, str]:
        """What each expert is called here: a code, or the name where the study shows names."""
        panel = self.evaluation.panel
        members = panel.experts if panel else ()
        if self.options.show_experts:
            return {expert.id: expert.name or expert.id for expert in members}
        return {expert.id: self.text("experts.code", number=i) for i, expert in enumerate(members, start=1)}

    @cached_property
    def _codes(self) -> Mapping[str, str]:
        """What stands for each person who filled in a form, and each such file; empty where all may be named.

        Surveys are filed under the names of customers, who have codes where they are anonymous.
        """
        evaluation, language, shown = self.evaluation, self.language, self.options.show_experts
        people = {} if shown else codes_of_people(evaluation, self._experts, language)
        named = shown and not self.options.anonymous
        return people | ({} if named else codes_of_files(evaluation, people, language))

    @cached_property
    def results(self) -> pl.DataFrame:
        """One row per customer, `name` falling back to the id."""
        results = self.evaluation.results
        if "name" not in results.columns:
            return results.with_columns(name=pl.col("id"))
        return results.with_columns(name=pl.coalesce(pl.col("name"), pl.col("id")))

    @cached_property
    def rated(self) -> pl.DataFrame:
        """The customers with a score that counts, in the order of their ranks."""
        return self.results.filter(pl.col("status") == "rated").sort("rank", "id")
