"""The types of every word a tree file may say.

One pydantic model per word is the only description of the format; rooms above register one
implementation for each member of the closed unions (`Scale`, `Cut`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.displayed import Displayed
from evaluator.documents import Day, Format
from evaluator.labels import Id, Label, Level, Name, NonNegative, Positive, ProperShare, Share, Weight
from evaluator.messages import Named
from evaluator.tree.cuts import Cut, FixedCut, MeanCut, MedianCut, NaturalCut, QuantileCut, ZeroCut, cuts_of
from evaluator.tree.decisions import Action, FlagWords
from evaluator.tree.grading import Gaussian, Ladder, Membership, Trapezoidal, Triangular
from evaluator.tree.profiles import Profile, Profiles
from evaluator.tree.rules import Attribute, Bonus, ClassOverride, Gate, GradeCap, Rule, Veto
from evaluator.tree.scales import (
    RELATIVE,
    Efficacy,
    Graded,
    Linear,
    Logarithmic,
    Logistic,
    Lookup,
    Percentile,
    Piecewise,
    Scale,
    Step,
    Trapezoid,
    ZScore,
)
from evaluator.tree.syntheses import (
    Minimum,
    Owa,
    Synthesis,
    Topsis,
    WeightedProduct,
    WeightedSum,
    WholeSynthesis,
)
from evaluator.tree.titled import Titled

__all__ = [
    "GRADE",
    "RELATIVE",
    "Acknowledged",
    "Actionable",
    "AppliesTo",
    "Attribute",
    "Bonus",
    "ClassOverride",
    "Cut",
    "Direction",
    "DroppedIndicator",
    "Efficacy",
    "Example",
    "Expectation",
    "FixedCut",
    "Gate",
    "Gaussian",
    "Grade",
    "GradeCap",
    "Graded",
    "Group",
    "Indicator",
    "Ladder",
    "Linear",
    "Logarithmic",
    "Logistic",
    "Lookup",
    "Matrix",
    "MatrixAxis",
    "MatrixClass",
    "MeanCut",
    "MedianCut",
    "Membership",
    "Minimum",
    "Missing",
    "NaturalCut",
    "Node",
    "Owa",
    "Percentile",
    "Piecewise",
    "Profile",
    "Profiles",
    "QuantileCut",
    "Rule",
    "Scale",
    "Status",
    "Step",
    "Strategy",
    "Subject",
    "Synthesis",
    "Topsis",
    "Trapezoid",
    "Trapezoidal",
    "Tree",
    "Triangular",
    "Veto",
    "WeightedProduct",
    "WeightedSum",
    "WholeSynthesis",
    "ZScore",
    "ZeroCut",
    "cuts_of",
]

GRADE = "grade"
"""What decides where no matrix does."""
Direction = Literal["benefit", "cost", "interval", "target"]
Missing = Literal["redistribute", "neutral", "worst", "exclude", "error"]
Subject = Literal["customer", "prospect", "firm"]
Status = Literal["published", "reconstructed", "custom"]


# --- nodes --------------------------------------------------------------------------------------


class Actionable(Format):
    """What can be done about a measure: what a unit of change takes, and how far it can be changed.

    `effort` is in a unit of the tree's own, the same for all its indicators: days, money, points.
    """

    effort: Positive | None = None
    up_to: float | None = None


class Indicator(Titled):
    """A leaf: one measure, the scale that scores it, and what happens when it is missing.

    `actionable` says that the measure can be changed, and what that takes; it moves no score.
    """

    measure: Id
    unit: Label | None = None
    definition: Label | None = None
    direction: Direction
    scale: Scale
    missing: Missing = "redistribute"
    winsorise: tuple[Share, Share] | None = None
    membership: Membership | None = None
    actionable: Actionable | None = None
    weight: Weight | None = None
    source: Label | None = None

    @property
    def measured(self) -> Named:
        """The measure as a sentence names it: by its indicator's name."""
        return Named(self.measure, self.name)


class Group(Titled):
    """A criterion with the criteria or indicators below it; experts compare its children in pairs."""

    definition: Label | None = None
    axis: Id | None = None
    weight: Weight | None = None
    weights_source: Label | None = None
    synthesis: Synthesis | None = None
    children: Annotated[tuple[Node, ...], Field(min_length=1)]

    @property
    def pairs(self) -> int:
        """How many comparisons the group asks of an expert."""
        return len(self.children) * (len(self.children) - 1) // 2


def _node_kind(value: Any) -> str:
    group = "children" in value if isinstance(value, dict) else isinstance(value, Group)
    return "<group>" if group else "<indicator>"


Node = Annotated[
    Annotated[Group, Tag("<group>")] | Annotated[Indicator, Tag("<indicator>")], Discriminator(_node_kind)
]


# --- grades, classes, examples ------------------------------------------------------------------


class Strategy(Format):
    """How customers of a class, or with a grade, are treated."""

    goal: Label
    treatment: Label
    service: Label | None = None
    contact: Label | None = None
    terms: Label | None = None
    cost_ceiling: Label | None = None
    kpi: Label | None = None


class Grade(Titled):
    """A grade (评语): the score it stands for, and how a customer earns it.

    Either from a score on, or as one of the best, `share` of all being theirs; then the model's scores
    are frozen as the bounds the share came to. Where grades decide they carry the strategy.
    """

    score: float
    from_: Annotated[float | None, Field(alias="from")] = None
    share: ProperShare | None = None
    strategy: Strategy | None = None

    @property
    def bound(self) -> float:
        """The score from which the grade is earned; by share, there is none before a model is fitted."""
        if self.from_ is None:
            raise ValueError(f"the share of {self.id} has not been fitted")
        return self.from_


class MatrixAxis(Format):
    """One side of a matrix: the axis it plots, where it is cut, and the levels between, lowest first."""

    axis: Id
    cut: Cut
    levels: Annotated[tuple[Level, ...], Field(min_length=2)] = ("low", "high")


class MatrixClass(Titled):
    """A cell of a matrix: the class of customers at these levels of x and y, and their strategy.

    `better` are the classes a customer of this one should come to; unstated, those that no axis places lower.
    """

    x: Level
    y: Level
    better: tuple[Id, ...] = ()
    strategy: Strategy | None = None


class Matrix(Titled):
    """A classification by two axes."""

    source: Label | None = None
    x: MatrixAxis
    y: MatrixAxis
    classes: Annotated[tuple[MatrixClass, ...], Field(min_length=1)]


class Expectation(Format):
    """What an example must come to; only what is stated is checked."""

    score: float | None = None
    grade: Id | None = None
    groups: dict[Id, float] = {}
    classes: dict[Id, Id] = {}


class Example(Format):
    """A customer with known measures and the result the tree must give with its own weights.

    `population` stands for the customers a model is fitted on, where scales or cuts are relative.
    """

    name: Name
    measures: dict[Id, float | str | None]
    population: dict[Id, tuple[float, ...]] = {}
    expect: Expectation


class AppliesTo(Format):
    """Which customers the tree is meant for; rated ones with less `min_tenure_months` are told."""

    customer_type: tuple[Id, ...] = ()
    industry: tuple[Id, ...] = ()
    min_tenure_months: NonNegative | None = None


class Acknowledged(Format):
    """A finding of the audit its author accepts: a check or a whole principle, at one node or anywhere."""

    finding: Id
    at: Id | None = None
    reason: Label


class DroppedIndicator(Format):
    """A candidate that did not become an indicator, and why."""

    id: Id
    name: Name
    reason: Label


class Tree(Displayed, Format):
    """An indicator system, with every included tree already in its place.

    `short_form` names the tree to use where this one asks too much of people; `dropped` are the
    candidates that were screened out. `decides` names the matrix whose class decides what is done with a
    customer, or ``grade``; `flags` and `actions` are what is said and done then.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    id: Id
    name: Name
    description: Label | None = None
    subject: Subject = "customer"
    status: Status
    source: Label
    weights_source: Label | None = None
    version: str | None = None
    valid_from: Day | None = None
    review_months: Annotated[int, Field(gt=0)] | None = None
    short_form: Id | None = None
    acknowledged: tuple[Acknowledged, ...] = ()
    dropped: tuple[DroppedIndicator, ...] = ()
    applies_to: AppliesTo = AppliesTo()
    score_range: tuple[float, float] = (0.0, 100.0)
    grades: Annotated[tuple[Grade, ...], Field(min_length=2)]
    root: Group
    attributes: tuple[Attribute, ...] = ()
    rules: tuple[Rule, ...] = ()
    matrices: tuple[Matrix, ...] = ()
    profiles: Profiles | None = None
    decides: Id | None = None
    flags: FlagWords | None = None
    actions: tuple[Action, ...] = ()
    tests: tuple[Example, ...] = ()

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every criterion, the root first, each before those below it."""
        return tuple(node for node in _walk(self.root) if isinstance(node, Group))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every leaf, in the order of the file."""
        return tuple(leaves_of(self.root))

    @cached_property
    def nodes(self) -> dict[str, Group | Indicator]:
        """Every node by id, the root first."""
        return {node.id: node for node in _walk(self.root)}

    @cached_property
    def parents(self) -> dict[str, Group]:
        """The criterion above each node; the root has none."""
        return {child.id: group for group in self.groups for child in group.children}

    @cached_property
    def axes(self) -> dict[str, Group]:
        """The criterion each axis plots."""
        return {group.axis: group for group in self.groups if group.axis}

    @property
    def deciding(self) -> str:
        """The matrix whose class decides, by default the first; ``grade`` where the tree has none."""
        return self.decides or (self.matrices[0].id if self.matrices else GRADE)

    @property
    def pairs(self) -> int:
        """How many comparisons one expert answers for the whole tree."""
        return sum(group.pairs for group in self.groups)

    def to_frame(self) -> Any:
        """Return a row per node, as Polars: id, parent, level, both names, measure, direction, weight."""
        import polars as pl  # here, because trees are read without a frame

        return pl.DataFrame(
            [
                {"id": node, "parent": self.parents[node].id if node in self.parents else None,
                 "level": len(self.path(node)) - 1, "name_zh": entry.name.zh, "name_en": entry.name.en,
                 "measure": getattr(entry, "measure", None), "direction": getattr(entry, "direction", None),
                 "weight": entry.weight}
                for node, entry in self.nodes.items()
            ],
            schema_overrides={"weight": pl.Float64},
        )  # fmt: skip

    def __repr__(self) -> str:
        return (
            f"<Tree {self.id}: {len(self.indicators)} indicators, {len(self.groups)} criteria, {self.status}>"
        )

    def path(self, node_id: str) -> tuple[str, ...]:
        """Return the ids from the root down to a node."""
        above = self.parents.get(node_id)
        return (*self.path(above.id), node_id) if above else (node_id,)


def _walk(node: Group | Indicator) -> Iterator[Group | Indicator]:
    yield node
    if isinstance(node, Group):
        for child in node.children:
            yield from _walk(child)


def leaves_of(node: Group | Indicator) -> Iterator[Indicator]:
    """Yield the indicators below a node, or itself where it is one."""
    return (one for one in _walk(node) if isinstance(one, Indicator))
