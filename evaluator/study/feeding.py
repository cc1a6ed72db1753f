"""Which of the trees that ship the data at hand can feed, and from which columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from evaluator.customers import FINDINGS, MEASURES, MODEL_MEASURES
from evaluator.data.header_names import plain
from evaluator.data.looking import Seen
from evaluator.study.gathering import Gathered
from evaluator.study.recognising import Placed, Recognised
from evaluator.tree import Indicator, Tree, load_tree
from evaluator.tree.loader import bundled
from evaluator.tree.types import Graded, Lookup
from evaluator.weighing import weigh

ENOUGH = 0.6  # share of the weight from which a tree rates anybody, as `min_coverage` has it
_RESTS_ON = {"gross_profit": "cost", "margin": "cost", "breadth": "product"}  # columns of orders by measure
_ALONE = 0.2  # by which the best tree must lead where nobody is asked


@dataclass(frozen=True)
class Feeding:
    """A tree and what feeds it.

    Parameters
    ----------
    share : the share of the weight, as the tree gives it, that the data feed.
    columns : by measure the column of the table of measures it is read from.
    computed : measures that come from the other tables.
    """

    tree: Tree
    share: float
    columns: tuple[Placed, ...]
    computed: tuple[str, ...]

    @property
    def fed(self) -> int:
        """How many indicators are fed."""
        known = {entry.name for entry in self.columns} | set(self.computed)
        return sum(leaf.measure in known for leaf in self.tree.indicators)

    @property
    def enough(self) -> bool:
        """Whether customers could be rated by it at all."""
        return self.share >= ENOUGH


def feedings(data: Gathered, trees: Iterable[Tree] | None = None) -> tuple[Feeding, ...]:
    """Return every tree of customers that the data feed at all, the best fed first."""
    trees = [load_tree(name) for name in bundled()] if trees is None else trees
    found = [feeding(data, tree) for tree in trees if tree.subject == "customer"]
    return tuple(sorted((fed for fed in found if fed.share > 0), key=lambda fed: -fed.share))


def feeding(data: Gathered, tree: Tree) -> Feeding:
    """Return what feeds one tree."""
    computed = tuple(_computed(tree, data))
    parts = data.tables.get("customers", ())
    columns = tuple(_columns(tree, parts[0], computed)) if parts else ()
    known = {entry.name for entry in columns} | set(computed)
    weights = weigh(tree).global_
    share = sum(weights[leaf.id] for leaf in tree.indicators if leaf.measure in known)
    return Feeding(tree, share, columns, computed)


def settled(found: tuple[Feeding, ...]) -> Feeding | None:
    """Return the tree that needs no question: fed enough, and by far the best."""
    best = found[0] if found and found[0].enough else None
    if best and (len(found) == 1 or best.share - found[1].share >= _ALONE):
        return best
    return None


def _computed(tree: Tree, data: Gathered) -> Iterator[str]:
    """Yield the measures that orders and customer models give."""
    tables = data.tables.keys()
    orders = data.tables.get("orders", ())
    columns = {entry.name for part in orders for entry in part.placed}
    for name in dict.fromkeys(leaf.measure for leaf in tree.indicators if not isinstance(leaf.scale, Graded)):
        if name in MEASURES:
            if orders and _RESTS_ON.get(name, "id") in columns:
                yield name
        elif name in MODEL_MEASURES and _runs(MODEL_MEASURES[name].function.model, tables):
            yield name


def _runs(name: str, tables: Collection[str]) -> bool:
    """Return whether a customer model runs on the tables without a word of the study."""
    model = FINDINGS[name].function
    others = not model.any_of or any(entry.partition(".")[0] in tables for entry in model.any_of)
    return set(model.needs) <= set(tables) and others and model.option is None


def _columns(tree: Tree, part: Recognised, computed: Collection[str]) -> Iterator[Placed]:
    """Yield the columns of a table of one row per customer that are measures of a tree."""
    free = {plain(seen.header): seen for seen in reversed(part.rest)}
    for leaf in tree.indicators:
        for name in (leaf.measure, leaf.id, leaf.name.zh, leaf.name.en):
            seen = free.get(plain(name))
            if seen and leaf.measure not in computed and _may_be(seen, leaf):
                del free[plain(name)]
                yield Placed(leaf.measure, seen, "header")
                break


def _may_be(seen: Seen, leaf: Indicator) -> bool:
    return seen.numbers or isinstance(leaf.scale, Lookup)
