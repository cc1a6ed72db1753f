"""The audit of a tree by the eight principles of selecting indicators: what its structure alone shows.

Each check yields findings with the figure that gave it away. A tree may acknowledge a finding with a
reason; it is then still shown, with the reason. What takes data is found in `analysis.audit`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations

from evaluator.labels import Text
from evaluator.tree.principles import PRINCIPLES, Finding, at
from evaluator.tree.types import RELATIVE, FixedCut, Graded, Indicator, Lookup, Tree, leaves_of

__all__ = ["Finding", "acknowledge", "audit_tree"]

MOST_LEAVES, MOST_PAIRS, MOST_CHILDREN, MOST_LEVELS = 30, 60, 9, 4
LEAST_WEIGHT = 0.01  # of the total: less than this moves no decision
MOST_GRADED = 0.6  # of the weight resting on the opinion of raters

Check = Callable[[Tree], Iterable[Finding]]


def audit_tree(
    tree: Tree, *, weights: Mapping[str, float] | None = None, today: date | None = None
) -> tuple[Finding, ...]:
    """Return what the structure of a tree shows against the eight principles, in their order.

    Parameters
    ----------
    weights : global weights by node. Default: the tree's given ones.
    today : the day a review may be due on; without it dates are not looked at.

    >>> from evaluator.tree import load_tree
    >>> audit_tree(load_tree("customer_value"), today=date(2030, 1, 1))[0].check
    'review_due'
    """
    found = [finding for check in STRUCTURAL for finding in check(tree)]
    given = weights or _given_shares(tree)
    shares = {leaf.id: given[leaf.id] for leaf in tree.indicators}
    found.extend((*_weightless(tree, shares), *_opinion(tree, shares)))
    if today:
        found.extend(_review_due(tree, today))
    ordered = sorted(found, key=lambda finding: PRINCIPLES.index(finding.principle))
    return acknowledge(tree, ordered)


def acknowledge(tree: Tree, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings with the reasons the tree gives for those it acknowledges."""
    if not tree.acknowledged:
        return tuple(findings)
    return tuple(replace(finding, accepted=_reason(tree, finding)) for finding in findings)


def _reason(tree: Tree, finding: Finding) -> Text | None:
    for entry in tree.acknowledged:
        if entry.finding in (finding.check, finding.principle) and entry.at in (None, finding.node):
            return entry.reason
    return None


# --- wholeness: benefit and cost, money and more, current and potential ---------------------------

_MONEY = re.compile(r"元|货币|CNY|RMB|currency|USD|EUR|[¥$€]", re.IGNORECASE)


def balance(tree: Tree) -> Iterator[Finding]:
    """no_benefit, no_cost: only what speaks for a customer, or only what speaks against."""
    counts = Counter(leaf.direction for leaf in tree.indicators)
    for direction in ("benefit", "cost"):
        if not counts[direction]:
            yield at(f"no_{direction}", tree.root, leaves=len(tree.indicators))


def money(tree: Tree) -> Iterator[Finding]:
    """no_money, only_money: customers are worth money, and more than money."""
    if tree.subject == "firm":
        return
    shown = sum(bool(leaf.unit and _MONEY.search(leaf.unit.en + leaf.unit.zh)) for leaf in tree.indicators)
    if not shown:
        yield at("no_money", tree.root, leaves=len(tree.indicators))
    elif shown == len(tree.indicators):
        yield at("only_money", tree.root, leaves=shown)


def horizon(tree: Tree) -> Iterator[Finding]:
    """no_horizon: today and tomorrow are told apart by two axes at least."""
    if tree.subject == "customer" and len(tree.axes) < 2:
        yield at("no_horizon", tree.root, axes=len(tree.axes))


# --- dynamics: a version, a date, a review --------------------------------------------------------


def versioned(tree: Tree) -> Iterator[Finding]:
    """no_version, no_number, no_date, no_review: a tree says which state it is and when it is reviewed."""
    if not (tree.version or tree.valid_from):
        yield at("no_version", tree.root)
    elif not tree.version:
        yield at("no_number", tree.root)
    elif not tree.valid_from:
        yield at("no_date", tree.root)
    if not tree.review_months:
        yield at("no_review", tree.root)


def _review_due(tree: Tree, today: date) -> Iterator[Finding]:
    if not (tree.valid_from and tree.review_months):
        return
    months = (today.year - tree.valid_from.year) * 12 + today.month - tree.valid_from.month
    months -= today.day < tree.valid_from.day
    if months >= tree.review_months:
        yield at("review_due", tree.root, months=months, review=tree.review_months)


# --- focus: few indicators, each with weight ------------------------------------------------------


def size(tree: Tree) -> Iterator[Finding]:
    """many_leaves, many_pairs: what people can be asked has an end."""
    if len(tree.indicators) > MOST_LEAVES:
        yield at("many_leaves", tree.root, leaves=len(tree.indicators), most=MOST_LEAVES)
    if tree.pairs > MOST_PAIRS:
        yield at("many_pairs", tree.root, pairs=tree.pairs, most=MOST_PAIRS)


def _weightless(tree: Tree, shares: Mapping[str, float | None]) -> Iterator[Finding]:
    """small_weight: an indicator worth under a hundredth of the total."""
    for leaf in tree.indicators:
        share = shares[leaf.id]
        if share is not None and share < LEAST_WEIGHT:
            yield at("small_weight", leaf, weight=f"{share:.2%}", least=f"{LEAST_WEIGHT:.0%}")


def _given_shares(tree: Tree) -> dict[str, float | None]:
    """Return the global given weight of each node, None where some weight at or above it is not given."""
    shares: dict[str, float | None] = {tree.root.id: 1.0}
    for group in tree.groups:
        above, weights = shares[group.id], [child.weight for child in group.children]
        known = [weight for weight in weights if weight is not None]
        total = math.fsum(known)
        for child in group.children:
            if above is None or len(weights) == 1:
                shares[child.id] = above
            elif child.weight is None or len(known) < len(weights):
                shares[child.id] = None
            else:
                shares[child.id] = above * (child.weight / total)
    return shares


# --- clarity: what is meant, in which unit, by which anchors --------------------------------------


def defined(tree: Tree) -> Iterator[Finding]:
    """no_definition, no_unit, no_anchors: whoever supplies a figure or a grade knows what is meant."""
    for node in tree.nodes.values():
        if node.definition is None:
            yield at("no_definition", node)
    for leaf in tree.indicators:
        if isinstance(leaf.scale, Graded):
            if not leaf.scale.anchors:
                yield at("no_anchors", leaf)
        elif leaf.unit is None and not isinstance(leaf.scale, Lookup):
            yield at("no_unit", leaf)


# --- hierarchy: two to four levels, two to nine children -----------------------------------------


def layers(tree: Tree) -> Iterator[Finding]:
    """deep, single_child, wide: levels and children people can still judge."""
    levels = max(len(tree.path(leaf.id)) for leaf in tree.indicators) - 1
    if levels > MOST_LEVELS:
        yield at("deep", tree.root, levels=levels, most=MOST_LEVELS)
    for group in tree.groups:
        if len(group.children) == 1:
            yield at("single_child", group)
        elif len(group.children) > MOST_CHILDREN:
            yield at("wide", group, children=len(group.children), most=MOST_CHILDREN)


# --- independence: no fact twice ------------------------------------------------------------------

_NET = re.compile(r"net_profit|net_income|\bcontribution\b|\bclv\b|customer_profit|净利")
_COST = re.compile(r"cost|expense|成本|费用")
_LOYALTY = re.compile(r"loyal|忠诚")


def repeated(tree: Tree) -> Iterator[Finding]:
    """measure_twice: one measure behind two indicators."""
    first: dict[str, Indicator] = {}
    for leaf in tree.indicators:
        if leaf.measure in first:
            yield at("measure_twice", leaf, measure=leaf.measure, other=first[leaf.measure].name)
        first.setdefault(leaf.measure, leaf)


def cost_twice(tree: Tree) -> Iterator[Finding]:
    """cost_twice: a figure that costs are taken from already, beside the costs themselves."""
    net = [leaf for leaf in tree.indicators if leaf.direction == "benefit" and _NET.search(_words(leaf))]
    costs = [leaf for leaf in tree.indicators if leaf.direction == "cost" and _COST.search(_words(leaf))]
    for leaf in net:
        for cost in costs:
            yield at("cost_twice", leaf, cost=cost.name)


def both_axes(tree: Tree) -> Iterator[Finding]:
    """both_axes: the axes of a matrix share a measure, or loyalty stands on both."""
    pairs = {(matrix.x.axis, matrix.y.axis) for matrix in tree.matrices}
    for x, y in sorted(pairs):
        if x not in tree.axes or y not in tree.axes:
            continue
        others = list(leaves_of(tree.axes[y]))
        loyal = {leaf.id for leaf in others if _LOYALTY.search(_words(leaf))}
        same = _by_measure(others)
        for a in leaves_of(tree.axes[x]):
            for b in others if _LOYALTY.search(_words(a)) else same.get(a.measure, []):
                if a is not b and (b.id in loyal or a.measure == b.measure):
                    yield at("both_axes", a, other=b.name, x=tree.axes[x].name, y=tree.axes[y].name)


def _by_measure(leaves: Iterable[Indicator]) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for leaf in leaves:
        found.setdefault(leaf.measure, []).append(leaf)
    return found


def _words(leaf: Indicator) -> str:
    """Return what an indicator is called: ids are in English or, from people's tables, in Chinese."""
    return f"{leaf.measure} {leaf.id} {leaf.name.zh}"


# --- comparability: fixed scales, fixed cuts, one unit --------------------------------------------


def fixed(tree: Tree) -> Iterator[Finding]:
    """relative_scale, relative_cut: scores and classes that depend on who else was in the model."""
    relative = [leaf for leaf in tree.indicators if isinstance(leaf.scale, RELATIVE)]
    if relative:
        listed = Text(
            zh="、".join(leaf.name.zh for leaf in relative), en=", ".join(leaf.name.en for leaf in relative)
        )
        yield at("relative_scale", tree.root, count=len(relative), leaves=len(tree.indicators), listed=listed)
    for matrix in tree.matrices:
        for side in (matrix.x, matrix.y):
            if not isinstance(side.cut, FixedCut) and side.axis in tree.axes:
                yield at("relative_cut", tree.axes[side.axis], matrix=matrix.name, cut=side.cut.kind)


def units(tree: Tree) -> Iterator[Finding]:
    """two_units: one measure read in two units."""
    for measure, leaves in _by_measure(leaf for leaf in tree.indicators if leaf.unit).items():
        for a, b in combinations(leaves, 2):
            if a.unit != b.unit:
                yield at("two_units", b, measure=measure, one=a.unit, other=b.unit)


# --- measurability: what rests on opinion ---------------------------------------------------------


def _opinion(tree: Tree, shares: Mapping[str, float | None]) -> Iterator[Finding]:
    """mostly_graded: most of the weight rests on what raters think."""
    known = {name: 1 / len(shares) if share is None else share for name, share in shares.items()}
    graded = [leaf.id for leaf in tree.indicators if isinstance(leaf.scale, Graded)]
    judged = math.fsum(known[name] for name in graded) / math.fsum(known.values())
    if judged > MOST_GRADED:
        yield at("mostly_graded", tree.root, share=f"{judged:.0%}", most=f"{MOST_GRADED:.0%}")


STRUCTURAL: tuple[Check, ...] = (
    balance,
    money,
    horizon,
    versioned,
    size,
    defined,
    layers,
    repeated,
    cost_twice,
    both_axes,
    fixed,
    units,
)
