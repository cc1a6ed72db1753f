"""Which of the trees that ship the data at hand can feed, and from which columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluator.brief import Brief
from evaluator.customers import MEASURES, MODEL_MEASURES, MODELS
from evaluator.customers.orders import Span
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.measuring import MeasureOptions
from evaluator.study.facts import facts
from evaluator.study.gathering import Gathered
from evaluator.study.measure_columns import cumulative, flag_columns, measure_columns, stated_measure
from evaluator.study.placed import Placed
from evaluator.study.table_parts import placed_in
from evaluator.tree import Tree, load_tree
from evaluator.tree.loader import bundled
from evaluator.tree.types import Graded
from evaluator.weighing import weigh

ENOUGH = 0.6  # share of the weight from which a tree rates anybody, as `min_coverage` has it
_RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "gross_profit": ("orders.cost",),
    "margin": ("orders.cost",),
    "breadth": ("orders.product",),
    "satisfaction_ratio": ("survey.expected",),
    "satisfaction_state": ("survey.expected",),
    "dso_days": ("receivables.date",),
    "credit_use": ("receivables.credit_limit", "ageing.credit_limit"),
}
"""Columns by measure of which it needs one, though the tables it comes from may do without."""
_ALONE = 0.2  # by which the best tree must lead where nobody is asked


@dataclass(frozen=True)
class Feeding(Brief):
    """A tree and what feeds it.

    Parameters
    ----------
    share : the share of the weight, as the tree gives it, that the data feed.
    columns : by measure the column of the table of measures it is read from; also those of measures that the
        tree does not score and flags speak of.
    computed : measures that come from the other tables.
    cumulative : columns that count since the first purchase what the tree measures over a period; not used.
    short : measures that have no values yet: how many months of orders they need, and how many there are.
    """

    tree: Tree
    share: float
    columns: tuple[Placed, ...]
    computed: tuple[str, ...]
    short: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    cumulative: tuple[Placed, ...] = ()

    @property
    def fed(self) -> int:
        """How many indicators have data."""
        known = {entry.name for entry in self.columns} | set(self.computed) - set(self.short)
        return sum(leaf.measure in known for leaf in self.tree.indicators)

    @property
    def open(self) -> tuple[str, ...]:
        """The measures that nothing feeds."""
        known = {entry.name for entry in self.columns} | set(self.computed)
        measures = dict.fromkeys(leaf.measure for leaf in self.tree.indicators)
        return tuple(name for name in measures if name not in known)

    @property
    def enough(self) -> bool:
        """Whether customers could be rated by it at all."""
        return self.share >= ENOUGH


def feedings(data: Gathered, trees: Iterable[Tree] | None = None) -> tuple[Feeding, ...]:
    """Return every tree of customers that the data feed at all, the best fed first.

    Raises
    ------
    EvaluationError
        where what was stated is a measure of none of them.
    """
    trees = [load_tree(name) for name in bundled()] if trees is None else list(trees)
    trees = [tree for tree in trees if tree.subject == "customer"]
    check_measures(data, trees)
    found = [feeding(data, tree) for tree in trees]
    return tuple(sorted((fed for fed in found if fed.share > 0), key=lambda fed: -fed.share))


def check_measures(data: Gathered, trees: Sequence[Tree]) -> None:
    """Refuse stated columns that are measures of none of some trees."""
    names = dict.fromkeys(leaf.measure for tree in trees for leaf in tree.indicators)
    issues = [
        Issue("STUDY-352", f"{name}={header}", {"wrong": name}, nearest(name, names) or tuple(names)[:8])
        for name, header in data.measures.items()
        if not any(stated_measure(tree, name) for tree in trees)
    ]
    if issues:
        raise EvaluationError(issues)


def feeding(data: Gathered, tree: Tree) -> Feeding:
    """Return what feeds one tree."""
    computed = tuple(_computed(tree, data))
    short = _short(data) if "growth" in computed else {}
    parts = data.measured
    columns = measure_columns(tree, parts[0], data.measures) if parts else ()
    columns += flag_columns(tree, parts[0], columns) if parts else ()
    columns = tuple(entry for entry in columns if entry.how == "stated" or entry.name not in computed)
    known = {entry.name for entry in columns} | set(computed) - set(short)
    weights = weigh(tree).global_
    share = sum(weights[leaf.id] for leaf in tree.indicators if leaf.measure in known)
    counted = cumulative(tree, parts[0], columns) if parts else ()
    counted = tuple(entry for entry in counted if entry.name not in known)
    return Feeding(tree, share, columns, computed, short, counted)


def settled(found: tuple[Feeding, ...]) -> Feeding | None:
    """Return the tree that needs no question: fed enough, and by far the best.

    A tree of which a single indicator is fed stands back where others are.
    """
    found = tuple(fed for fed in found if fed.fed > 1) or found
    best = found[0] if found and found[0].enough else None
    if best and (len(found) == 1 or best.share - found[1].share >= _ALONE):
        return best
    return None


def _computed(tree: Tree, data: Gathered) -> Iterator[str]:
    """Yield the measures that orders and customer models give."""
    tables = data.tables.keys()
    columns = {f"{table}.{entry.name}" for table, parts in data.tables.items() for entry in placed_in(parts)}
    for name in dict.fromkeys(leaf.measure for leaf in tree.indicators if not isinstance(leaf.scale, Graded)):
        if name in MEASURES:
            given = "orders" in tables
        else:
            given = name in MODEL_MEASURES and _runs(MODEL_MEASURES[name].function.model, tables)
        if given and (name not in _RESTS_ON or columns & set(_RESTS_ON[name])):
            yield name


def _short(data: Gathered) -> dict[str, tuple[int, int]]:
    """Return the measures that look back further than the orders go, with the months needed and there."""
    known = facts(data)
    if known.first is None or known.as_of is None:
        return {}
    span = Span(known.as_of, growth=MeasureOptions().growth_months)
    there = span.months_since(known.first)
    return {"growth": (span.growth, there)} if there < span.growth else {}


def _runs(name: str, tables: Collection[str]) -> bool:
    """Return whether a customer model runs on the tables without a word of the study."""
    model = MODELS[name].function
    others = not model.any_of or any(entry.partition(".")[0] in tables for entry in model.any_of)
    return set(model.needs) <= set(tables) and others and model.must_state is None
