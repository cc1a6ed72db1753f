"""What would lift a customer: the least change of one measure that brings a better class, rules included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.brief import Brief
from evaluator.columns import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Name,
    Negation,
    enter,
    leeway,
    to_polars,
)
from evaluator.displayed import Displayed
from evaluator.errors import not_among, raise_errors
from evaluator.scoring import score
from evaluator.scoring.model import Model
from evaluator.scoring.rules import RULES
from evaluator.tree import Indicator, Tree
from evaluator.tree.names import condition_names, read_condition
from evaluator.tree.shapes import shape_of
from evaluator.tree.types import GRADE, Lookup

Array = NDArray[np.float64]

HOLDING = {"limit", "rating", "grade", "class"}  # what a rule does that can keep a customer down
_PARTS, _ROUNDS = 16, 20
_DOUBLINGS = 20  # of the span of a scale that has no end
_ENDLESS = ("curve", "extended")


@dataclass(frozen=True)
class LiftStep(Brief):
    """The change of one measure after which a customer has a better class.

    Attributes
    ----------
    measure, needed : what it is, and the nearest value at which the class is better; `needed` is None where
        no value does. `class_` : the class or grade then.
    share : the change as a share of the scale's span; effort : the stated effort per unit times the change,
        None where none is stated.
    held_by : the rules that keep the class where it is, at a value that would do without them.
    """

    indicator: str
    measure: float
    needed: float | None
    class_: str | None
    share: float | None
    effort: float | None
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lift(Displayed):
    """What would lift a customer, the least change first.

    Attributes
    ----------
    deciding : ``grade``, or the matrix whose class decides. now : what the customer has. better : what
        counts as better. missing : indicators without a measure, which are not asked to change.
    why : why there is nothing to tell: ``best`` (nothing is better, or it has what was asked for),
        ``not_rated``. None: there is.
    held_by : rules without which the customer had a better class as it stands.
    """

    customer: str
    deciding: str
    now: str | None
    better: tuple[str, ...]
    steps: tuple[LiftStep, ...] = ()
    missing: tuple[str, ...] = ()
    why: str | None = None
    held_by: tuple[str, ...] = ()


def what_would_lift(model: Model, measures: Any, customer: str, *, target: Sequence[str] = ()) -> Lift:
    """Return the least change of each measure by itself that brings a customer a better class.

    The pieces of the indicator's scale are tried outwards from the measure in both directions, or towards
    `up_to` where the tree states it, and the first in which the class is reached is divided until the value
    is exact. Every value is scored with all rules. Only indicators that are `actionable` are looked at,
    all with a number where the tree says of none. Cuts and scales stay frozen.

    Parameters
    ----------
    measures : the dataframe that was scored.
    target : classes or grades to reach; by default those the tree calls better: ``better`` of the class, else
        classes that no axis places lower and one places higher; of grades, those above.

    Raises
    ------
    EvaluationError
        where there is no such customer; as `scoring.score`.

    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("quick_value")
    >>> frame = pl.DataFrame({"id": ["a", "b"]} | {leaf.measure: [1.0, 2.0] for leaf in tree.indicators})
    >>> what_would_lift(fit(tree, weigh(tree), frame), frame, "a").customer
    'a'
    """
    frame = to_polars(enter(measures).frame).with_columns(pl.col("id").cast(pl.String))
    raise_errors(not_among("SCORE-651", [customer], frame["id"].to_list()))
    row = frame.filter(pl.col("id") == customer)
    trial = _Trial(model, row[0])
    now, status = trial.standing
    better = tuple(target) or better_than(model.tree, now)
    if status != "rated":
        return Lift(customer, model.tree.deciding, now, better, why="not_rated")
    if not better or now in better:
        return Lift(customer, model.tree.deciding, now, better, why="best")
    known = {leaf.id: trial.measure(leaf) for leaf in actionable(model)}
    steps = _steps(trial, better, {leaf: value for leaf, value in known.items() if value is not None})
    held = trial.holding({}) if trial.free.reached([{}], better)[0] else ()
    missing = tuple(leaf for leaf, value in known.items() if value is None)
    return Lift(customer, model.tree.deciding, now, better, _ordered(steps), missing, None, held)


def better_than(tree: Tree, now: str | None) -> tuple[str, ...]:
    """Return the classes or grades that are better than one: what the tree states, else those above it."""
    if tree.deciding == GRADE:
        grades = [grade.id for grade in tree.grades]
        return tuple(grades[: grades.index(now)] if now in grades else grades)
    matrix = next(one for one in tree.matrices if one.id == tree.deciding)
    own = [entry for entry in matrix.classes if entry.id == now]
    stated = [name for entry in own for name in entry.better]
    if stated:
        return tuple(dict.fromkeys(stated))
    place = {
        entry: (matrix.x.levels.index(entry.x), matrix.y.levels.index(entry.y)) for entry in matrix.classes
    }
    above = [
        entry.id
        for entry in matrix.classes
        if entry.id != now
        and all(place[entry] != place[one] and place[entry][0] >= place[one][0]
                and place[entry][1] >= place[one][1] for one in own)
    ]  # fmt: skip
    return tuple(dict.fromkeys(above))


class _Trial:
    """One customer, scored with other measures; `free` is the same without the rules that hold down."""

    def __init__(self, model: Model, row: pl.DataFrame, *, held: bool = True) -> None:
        self.model, self._row = model, row
        self._column = GRADE if model.tree.deciding == GRADE else f"class_{model.tree.deciding}"
        if held:
            rules = tuple(r for r in model.tree.rules if not RULES[r.kind].laws & HOLDING)
            self.free = _Trial(_with_rules(model, rules), row, held=False)

    @property
    def standing(self) -> tuple[str | None, str]:
        """The class and status the customer has."""
        found = self._scored([{}])
        return found[self._column][0], found["status"][0]

    def measure(self, leaf: Indicator) -> float | None:
        """Return what the customer has, None where it has nothing."""
        value = self._row[leaf.measure].cast(pl.Float64)[0] if leaf.measure in self._row.columns else None
        return value if value is not None and np.isfinite(value) else None

    def reached(self, changes: Sequence[Mapping[str, float]], better: Sequence[str]) -> NDArray[np.bool_]:
        """Return whether each change of measures, by column, brings one of some classes."""
        return np.asarray([name in better for name in self.classes(changes)])

    def classes(self, changes: Sequence[Mapping[str, float]]) -> list[str | None]:
        """Return the class each change brings; None for who is not rated."""
        found = self._scored(changes)
        return [name if status == "rated" else None
                for name, status in found.select(self._column, "status").iter_rows()]  # fmt: skip

    def holding(self, change: Mapping[str, float]) -> tuple[str, ...]:
        """Return the rules that hold the customer down with other measures."""
        found = self._scored([change])
        rules = [rule.id for rule in self.model.tree.rules if RULES[rule.kind].laws & HOLDING]
        return tuple(rule for rule in rules if found[f"rule_{rule}"][0] == "hit")

    def _scored(self, changes: Sequence[Mapping[str, float]]) -> pl.DataFrame:
        rows = pl.concat([self._row] * len(changes))
        columns = {name for change in changes for name in change}
        moved = {
            name: pl.Series([change.get(name, self._row[name][0]) for change in changes], dtype=pl.Float64)
            for name in columns
        }
        ids = pl.Series([str(number) for number in range(len(changes))])
        return to_polars(enter(score(self.model, rows.with_columns(id=ids, **moved))).frame)


def actionable(model: Model) -> list[Indicator]:
    """Return the indicators that may be changed: those a tree says so of, else all with a number."""
    leaves = [leaf for leaf in model.tree.indicators if leaf.id not in model.unobserved]
    stated = [leaf for leaf in leaves if leaf.actionable is not None]
    return [leaf for leaf in stated or leaves if not isinstance(leaf.scale, Lookup)]


def _steps(trial: _Trial, better: Sequence[str], known: Mapping[str, float]) -> list[LiftStep]:
    model = trial.model
    leaves = {leaf.id: leaf for leaf in model.tree.indicators}
    ways = [(leaves[name], value, side) for name, value in known.items() for side in (-1, 1)]
    stops = [list(_stops(model, leaf, value, side)) for leaf, value, side in ways]
    tried = [{leaf.measure: at} for (leaf, _, _), own in zip(ways, stops, strict=True) for at in own]
    reached = iter(trial.reached(tried, better).tolist() if tried else [])
    spans: list[tuple[float, float] | None] = []
    for (_, value, _), own in zip(ways, stops, strict=True):
        hits = [next(reached) for _ in own]
        first = hits.index(True) if True in hits else None
        spans.append(None if first is None else ((own[first - 1] if first else value), own[first]))
    exact = _halved(trial, better, ways, spans)
    found = []
    for name, value in known.items():
        sides = [(abs(at - value), at) for (leaf, _, _), at in zip(ways, exact, strict=True)
                 if leaf.id == name and at is not None]  # fmt: skip
        points = [at for (leaf, _, _), own in zip(ways, stops, strict=True) if leaf.id == name for at in own]
        found.append(_step(trial, better, leaves[name], value, min(sides)[1] if sides else None, points))
    return found


def _halved(
    trial: _Trial, better: Sequence[str], ways: Sequence[tuple[Indicator, float, int]],
    spans: Sequence[tuple[float, float] | None],
) -> list[float | None]:  # fmt: skip
    """Return where between a value that does not reach and one that does the class is reached first."""
    open_ = {place: span for place, span in enumerate(spans) if span is not None}
    for _ in range(_ROUNDS):  # many values at once cost little more than one
        tried = {place: _between(*span) for place, span in open_.items()}
        tried = {place: values for place, values in tried.items() if values}
        if not tried:
            break
        changes = [{ways[place][0].measure: at} for place, values in tried.items() for at in values]
        hits = iter(trial.reached(changes, better).tolist())
        for place, values in tried.items():
            low, high = open_[place]
            own = [next(hits) for _ in values]
            first = own.index(True) if True in own else len(own)
            whole = (low, *values, high)
            open_[place] = whole[first], whole[first + 1]
    return [open_[place][1] if place in open_ else None for place in range(len(spans))]


def _between(low: float, high: float) -> list[float]:
    """Return values between two, none where these are neighbours among floating-point numbers."""
    inner = np.linspace(low, high, _PARTS + 1)[1:-1].tolist()
    return [at for at in dict.fromkeys(inner) if at not in (low, high)]


def _step(
    trial: _Trial, better: Sequence[str], leaf: Indicator, value: float, needed: float | None,
    points: Sequence[float],
) -> LiftStep:  # fmt: skip
    if needed is None:
        free = trial.free.reached([{leaf.measure: at} for at in points], better) if points else np.zeros(0)
        held = trial.holding({leaf.measure: points[int(free.argmax())]}) if free.any() else ()
        return LiftStep(leaf.id, value, None, None, None, None, held)
    # a scale's own points are reached within the leeway of cuts: the point itself is what people know
    for point in points:
        if abs(point - needed) <= 2 * leeway(point) and trial.reached([{leaf.measure: point}], better)[0]:
            needed = point
            break
    ends = _measures(trial.model, leaf)
    span = max(ends) - min(ends) if ends else 0.0
    change = abs(needed - value)
    effort = leaf.actionable.effort if leaf.actionable else None
    (class_,) = trial.classes([{leaf.measure: needed}])
    return LiftStep(
        leaf.id, value, needed, class_, change / span if span else None,
        None if effort is None else change * effort,
    )  # fmt: skip


def _ordered(steps: Sequence[LiftStep]) -> tuple[LiftStep, ...]:
    """Return the steps that reach first, by effort where it is stated of all, else by share of the scale."""
    stated = all(step.effort is not None for step in steps if step.needed is not None)

    def size(step: LiftStep) -> tuple[bool, float]:
        own = step.effort if stated else step.share
        return step.needed is None, np.inf if own is None else own

    return tuple(sorted(steps, key=size))


def _stops(model: Model, leaf: Indicator, value: float, side: int) -> Iterator[float]:
    """Yield the ends of the pieces of a scale on one side of a measure, the nearest first.

    Just before each end is a stop as well: a rule may hit at the end itself.
    """
    up_to = leaf.actionable.up_to if leaf.actionable else None
    if up_to is not None and (up_to - value) * side <= 0:
        return
    ends = {float(end) for end in (*_measures(model, leaf), *_constants(model.tree, leaf))}
    ends |= {*model.limits.get(leaf.id, ())} | ({up_to} if up_to is not None else set())
    for end in sorted((end for end in ends if (end - value) * side > 0), key=lambda end: abs(end - value)):
        if up_to is not None and (end - up_to) * side > 0:
            return
        before = float(np.nextafter(end, value))
        if (before - value) * side > 0:
            yield before
        yield end
        after = float(np.nextafter(end, side * np.inf))  # of a strict comparison the other side counts
        if up_to is None or (after - up_to) * side <= 0:
            yield after


def _measures(model: Model, leaf: Indicator) -> tuple[float, ...]:
    """Return the measures at which a scale bends, and for one without end far ones."""
    shape = shape_of(leaf.scale, model.basis(leaf))
    if shape.join == "grades":
        return shape.range
    stated = tuple(float(at) for at in shape.measures if np.isfinite(at))
    if shape.join not in _ENDLESS or len(stated) < 2:
        return stated
    low, high = min(stated), max(stated)
    far = [(high - low) * 2.0**power for power in range(_DOUBLINGS)]
    return (*(low - step for step in far), *stated, *(high + step for step in far))


def _constants(tree: Tree, leaf: Indicator) -> Iterator[float]:
    """Yield the numbers that rules hold a measure against."""
    meanings = condition_names(tree)
    own = {name for name, said in meanings.items() if (said.what, said.of) == ("measure", leaf.id)}
    for rule in tree.rules:
        for part in _comparisons(read_condition(rule, tree)):
            for name, number in ((part.left, part.right), (part.right, part.left)):
                if isinstance(name, Name) and name.name in own and isinstance(number, Constant):
                    yield float(number.value)


def _comparisons(said: Condition) -> Iterator[Comparison]:
    if isinstance(said, Comparison):
        yield said
    elif isinstance(said, Negation):
        yield from _comparisons(said.of)
    elif isinstance(said, Junction):
        for part in said.parts:
            yield from _comparisons(part)


def _with_rules(model: Model, rules: tuple[Any, ...]) -> Model:
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    tree = {name: getattr(model.tree, name) for name in type(model.tree).model_fields}
    return Model.model_construct(**{**fields, "tree": Tree.model_construct(**{**tree, "rules": rules})})
