"""Why customers are given their actions: conditions that hold, with the customers' own figures, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import expm1

import narwhals as nw
import polars as pl

from evaluator.actions.decided import Decisions, risks_besides
from evaluator.actions.flags import columns_of, kind_of, raise_flags, read
from evaluator.columns import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Kind,
    Membership,
    Name,
    holds,
    names_of,
)
from evaluator.customers.measure_kinds import LOGARITHM_A_MONTH
from evaluator.present.reader import Reader
from evaluator.reports.conditions import SIGNS
from evaluator.reports.context import Context
from evaluator.tree import Tree
from evaluator.tree.names import attributes
from evaluator.tree.rules import ClassOverride
from evaluator.tree.types import GRADE

Row = Mapping[str, object]
BETWEEN = " · "
MONTHS = 12
_REASONS = {"id": pl.String, "action": pl.String, "because": pl.String}


@dataclass(frozen=True)
class Ground:
    """A part of a condition that can hold by itself, and what is said of a customer for whom it does."""

    held: nw.Expr
    spoken: tuple[str, ...]
    say: Callable[[Row], str]
    of: tuple[Ground, ...] = ()


def reasons(context: Context) -> pl.DataFrame:
    """Return why each customer is given an action: `id`, `action`, `because`."""
    found = context.evaluation.decisions
    if found is None or found.customers.is_empty():
        return pl.DataFrame(schema=_REASONS)
    return reasons_of(found, found.customers, context.tree, context.reader)


def in_brief(context: Context) -> pl.DataFrame:
    """Return the reasons as `reasons` does, each by its name alone: class and flags without their figures."""
    found = context.evaluation.decisions
    if found is None or found.customers.is_empty():
        return pl.DataFrame(schema=_REASONS)
    return reasons_of(found, found.customers, context.tree, context.reader, brief=True)


def reasons_of(
    found: Decisions, given: pl.DataFrame, tree: Tree, reader: Reader, *, brief: bool = False
) -> pl.DataFrame:
    """Return why these customers (`id`, `action`) are given their actions: `id`, `action`, `because`.

    What an action's condition denies says nothing of a customer and is left out; of alternatives stand those
    that hold. Risks a customer carries besides stand after them. An action without a condition is for
    everybody, so that nothing stands here.
    """
    frame = raise_flags(found.frame, found.flags).frame
    frame = frame.with_columns(pl.col("id").cast(pl.String))
    words = _Grounds(found, tree, reader, frame, brief=brief)
    parts = []
    for action in found.actions:
        of = given.filter(pl.col("action") == action.id)
        if action.when is None or of.is_empty():
            continue
        risks = risks_besides(action, found.flags)
        grounds = (*words.of(action.when), *(one for flag in risks for one in words.of(f"flag_{flag.id}")))
        told = _reasons_of(frame.join(of.select("id"), on="id", how="semi"), grounds)
        parts.append(
            pl.DataFrame([(id_, action.id, said) for id_, said in told], schema=_REASONS, orient="row")
        )
    return pl.concat(parts) if parts else pl.DataFrame(schema=_REASONS)


def with_reasons(
    customers: pl.DataFrame, context: Context, build: Callable[[Context], pl.DataFrame] = reasons
) -> pl.DataFrame:
    """Return rows of customers and actions with these reasons, where there are any, in place of their own."""
    if "reason" not in customers.columns:
        return customers
    known = context.built(build)
    rows = customers.join(known, on=["id", "action"], how="left", maintain_order="left")
    return rows.with_columns(reason=pl.coalesce("because", "reason")).drop("because")


def _reasons_of(frame: pl.DataFrame, grounds: tuple[Ground, ...]) -> Iterator[tuple[str, str]]:
    """Yield of each customer what holds."""
    every = [ground for one in grounds for ground in (one, *one.of)]
    marks = {id(ground): f"held {place}" for place, ground in enumerate(every)}
    names = dict.fromkeys(name for ground in every for name in ground.spoken if name in frame.columns)
    table = nw.from_native(frame).select(
        "id",
        *(name for name in names if name != "id"),
        *(ground.held.alias(marks[id(ground)]) for ground in every),
    )
    for row in table.to_native().iter_rows(named=True):
        said = []
        for ground in grounds:
            if row[marks[id(ground)]]:
                below = [one.say(row) for one in ground.of if row[marks[id(one)]]]
                said.append(ground.say({**row, "below": below}))
        yield row["id"], BETWEEN.join(dict.fromkeys(filter(None, said)))


class _Grounds:
    """The grounds of conditions over a frame, in the words of a reader."""

    def __init__(
        self, found: Decisions, tree: Tree, reader: Reader, frame: pl.DataFrame, *, brief: bool
    ) -> None:
        self.tree, self.reader, self.brief = tree, reader, brief
        schema = nw.from_native(frame).collect_schema()
        self.kinds: dict[str, Kind] = {n: kind for n, dtype in schema.items() if (kind := kind_of(dtype))}
        self.flags = {f"flag_{flag.id}": flag for flag in found.flags}
        self.monthly = {
            leaf.measure for leaf in tree.indicators if leaf.unit and leaf.unit.zh == LOGARITHM_A_MONTH
        }
        self.attributes = {one.id: one.name[reader.language] for one in attributes(tree)}

    def of(self, when: str) -> Iterator[Ground]:
        said, absent = read(when, self.kinds)
        yield from self.parts(said, absent)

    def parts(self, said: Condition, absent: set[str]) -> Iterator[Ground]:
        if isinstance(said, Junction):
            for part in said.parts:
                yield from self.parts(part, absent)
        elif isinstance(said, Comparison | Membership):
            yield self.ground(said, absent)

    def ground(self, said: Comparison | Membership, absent: set[str]) -> Ground:
        spoken = names_of(said)
        held = holds(said, columns_of(spoken, absent))
        names = tuple(name.name for name in spoken)
        if len(names) == 1 and names[0] in self.flags:
            flag = self.flags[names[0]]
            raised = () if self.brief else tuple(self.of(flag.when))
            return Ground(held, names, self.flagged(flag.name[self.reader.language]), raised)
        read_too = tuple(column for name in names for column in self.behind(name))
        read_too += tuple(f"rule_{rule.id}" for name in names for rule in self.overriding(name))
        return Ground(held, (*names, *read_too), self.compared(said, names))

    def flagged(self, name: str) -> Callable[[Row], str]:
        """Return what is said of a flag: its name, and what raised it."""

        def say(row: Row) -> str:
            below = row["below"]
            assert isinstance(below, list)
            return (
                self.reader.text("reason.flag", name=name, grounds=self.reader.listed(below))
                if below
                else name
            )

        return say

    def compared(self, said: Comparison | Membership, names: tuple[str, ...]) -> Callable[[Row], str]:
        """Return what is said of a comparison: the customer's figure and its limit, else all its figures."""
        if (
            isinstance(said, Comparison)
            and isinstance(said.left, Name)
            and not isinstance(said.right, Constant | Name)
        ):
            return lambda row: self.reader.listed(self.figure(name, row) for name in names)
        if isinstance(said, Comparison) and isinstance(said.left, Name) and said.left.kind == "number":
            left, right, sign = said.left.name, said.right, SIGNS[said.comparator]
            if isinstance(right, Name):
                return lambda row: f"{self.figure(left, row)} {sign} {self.figure(right.name, row)}"
            if isinstance(right, Constant):
                if self.brief:
                    return lambda row: self.figure(left, row)
                limit = self.value(left, right.value)
                return lambda row: self.reader.text(
                    "reason.limit", figure=self.figure(left, row), sign=sign, limit=limit
                )
        return lambda row: self.reader.listed(self.figure(name, row) for name in names)

    def figure(self, name: str, row: Row) -> str:
        """Return a customer's own value of something, with its name; a class or a grade is its name."""
        value, known = row.get(name), self.classes(name)
        if known is not None:
            title = known.get(str(value), "")
            behind = "" if self.brief else self.reader.listed(self.come_from(name, row))
            return self.reader.text("reason.class", name=title, figures=behind) if behind else title
        return self.reader.text("reason.figure", name=self.title(name), value=self.value(name, value))

    def classes(self, name: str) -> Mapping[str, str] | None:
        """Return the names of classes or grades, where that is what a name stands for."""
        if name == GRADE:
            return {grade.id: grade.name[self.reader.language] for grade in self.tree.grades}
        matrix = next((one for one in self.tree.matrices if f"class_{one.id}" == name), None)
        return {one.id: one.name[self.reader.language] for one in matrix.classes} if matrix else None

    def come_from(self, name: str, row: Row) -> list[str]:
        """Return what made a class: the rule that settled it, else the customer's scores."""
        rules = (rule for rule in self.overriding(name) if row.get(f"rule_{rule.id}") == "hit")
        if rule := next(rules, None):
            return [self.reader.text("reason.rule", name=rule.name[self.reader.language])]
        return [self.figure(key, row) for key in self.behind(name) if row.get(key) is not None]

    def overriding(self, name: str) -> tuple[ClassOverride, ...]:
        """Return the rules that settle a class whatever the scores."""
        rules = (rule for rule in self.tree.rules if isinstance(rule, ClassOverride))
        return tuple(rule for rule in rules if f"class_{rule.matrix}" == name)

    def behind(self, name: str) -> tuple[str, ...]:
        """Return the scores that a class or a grade comes from."""
        tree = self.tree
        matrix = next((one for one in tree.matrices if f"class_{one.id}" == name), None)
        sides = () if matrix is None else (matrix.x.axis, matrix.y.axis)
        columns = ("score",) if name == GRADE else tuple(f"score_{tree.axes[axis].id}" for axis in sides)
        return tuple(column for column in columns if column in self.kinds)

    def title(self, name: str) -> str:
        reader, node = self.reader, name.removeprefix("score_")
        if name in self.attributes:
            return self.attributes[name]
        if name not in reader.measures and node in (*self.tree.nodes, "score"):
            named = self.tree.nodes[node].name[reader.language] if node != "score" else ""
            return reader.inside(named or reader.text("ranking.score"))
        return reader.inside(reader.measure(name))

    def value(self, name: str, value: object) -> str:
        if not isinstance(value, int | float):
            return "" if value is None else str(value)
        if name in self.monthly:  # a logarithm a month is read as growth a year
            return self.reader.say(expm1(MONTHS * float(value)), "growth")
        scored = name not in self.reader.measures and name.removeprefix("score_") in (
            *self.tree.nodes,
            "score",
        )
        return self.reader.say(float(value), "points" if scored else self.reader.kind(name))
