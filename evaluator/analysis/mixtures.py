"""Mixtures of two evaluations: some parts as they were last time, the others as they are now.

Six switches make an evaluation: each stands at last or at now, and any choice of them scores every customer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

from evaluator.brief import Brief
from evaluator.scoring.model import Model
from evaluator.scoring.rules import RULES
from evaluator.scoring.synthesis import Node
from evaluator.tree import Group, Indicator, Tree
from evaluator.tree.types import Lookup, Rule

SWITCHES = ("values", "missing", "weights", "scales", "rules", "conventions")
_SCORING_RULES = {"points", "limit"}
F = TypeVar("F", Tree, Group, Indicator, Model)


@dataclass(frozen=True)
class Side(Brief):
    """One of the two evaluations: its model, and the measures of its customers."""

    model: Model
    measures: pl.DataFrame


def differences(last: Tree, now: Tree) -> dict[str, tuple[str, ...]]:
    """Return what keeps two trees from being mixed, by kind, with the names; empty where nothing does.

    ``moved`` are nodes below another criterion or of another kind, ``measured`` indicators that read
    another measure or another kind of it; besides these ``root``, ``axes``, ``score_range``,
    ``attributes`` and ``profiles`` may differ.
    """
    shared = [node for node in now.nodes if node in last.nodes]
    found = {
        "root": () if last.root.id == now.root.id else (last.root.id, now.root.id),
        "moved": tuple(node for node in shared if _place(last, node) != _place(now, node)),
        "measured": tuple(node for node in shared if _source(last.nodes[node]) != _source(now.nodes[node])),
        "axes": _unlike({a: g.id for a, g in last.axes.items()}, {a: g.id for a, g in now.axes.items()}),
        "score_range": () if last.score_range == now.score_range else (str(last.score_range),),
        "attributes": _unlike(*({a.id: a.kind for a in t.attributes} for t in (last, now)), shared=True),
        "profiles": (last.profiles.by,)
        if last.profiles and now.profiles and last.profiles.by != now.profiles.by
        else (),
    }
    return {kind: names for kind, names in found.items() if names}


def _unlike(last: Mapping[str, str], now: Mapping[str, str], *, shared: bool = False) -> tuple[str, ...]:
    names = [name for name in {**last, **now} if not shared or (name in last and name in now)]
    return tuple(name for name in names if last.get(name) != now.get(name))


def _place(tree: Tree, node: str) -> tuple[bool, str | None]:
    above = tree.parents.get(node)
    return isinstance(tree.nodes[node], Group), above.id if above else None


def _source(node: Node) -> tuple[str, bool] | None:
    return (node.measure, isinstance(node.scale, Lookup)) if isinstance(node, Indicator) else None


@dataclass(frozen=True)
class Mixture(Brief):
    """Two models whose trees can be mixed; `model` returns any mixture of them.

    Indicators that stand in one tree only have no weight and no score by the weights of the other.
    Gates and indicators nobody may lack do not enter: the score mixed is that before anybody is kept out.
    """

    last: Model
    now: Model

    @cached_property
    def tree(self) -> Tree:
        """The nodes of both trees, as they are now where both have them."""
        attributes = {entry.id: entry for entry in (*self.last.tree.attributes, *self.now.tree.attributes)}
        root = _joined(self.last.tree.root, self.now.tree.root, self.last.tree)
        return _copy(self.now.tree, root=root, attributes=tuple(attributes.values()), matrices=(), tests=())

    @cached_property
    def votes(self) -> tuple[str, ...]:
        """The indicators whose votes either model reads."""
        return tuple(
            leaf.id for leaf in self.tree.indicators if leaf.id in {*self.last.votes, *self.now.votes}
        )

    @cached_property
    def switched(self) -> tuple[str, ...]:
        """The switches at which the two models differ; values and missing are those of the data."""
        parts = {
            "weights": _weighted(self, self.last) != _weighted(self, self.now),
            "scales": self._scaled(self.last) != self._scaled(self.now),
            "rules": _ruled(self.last.tree) != _ruled(self.now.tree),
            "conventions": self._convened(self.last) != self._convened(self.now),
        }
        return tuple(switch for switch, unlike in parts.items() if unlike)

    @property
    def unlike_unobserved(self) -> bool:
        """Whether the weights of one model leave out indicators that those of the other count."""
        return _without(self, self.last) != _without(self, self.now)

    def model(self, chosen: Collection[str]) -> Model:
        """Return the mixture in which these switches stand at now, the others at last."""
        of = {switch: self.now if switch in chosen else self.last for switch in SWITCHES}
        other = {switch: self.last if switch in chosen else self.now for switch in SWITCHES}
        weights, scales, conventions = of["weights"], of["scales"], of["conventions"]
        tree = _copy(
            self.tree,
            root=self._mixed(self.tree.root, of, other),
            grades=scales.tree.grades,
            rules=tuple(_scoring(of["rules"].tree)),
            profiles=weights.tree.profiles,
        )
        return _copy(
            self.now,
            tree=tree,
            local={node: weights.local.get(node, 0.0) for node in tree.nodes},
            unobserved=_without(self, weights),
            profiles=weights.profiles,
            synthesis=weights.synthesis,
            distributions={**other["scales"].distributions, **scales.distributions},
            moments={**other["scales"].moments, **scales.moments},
            limits={**_only(other["scales"].limits, scales.tree), **scales.limits},
            leading=conventions.leading,
            fuzzy=conventions.fuzzy if conventions.leading == "fuzzy" else None,
            votes=self.votes,
            cuts={},
            reference={},
        )

    def _mixed(self, node: Group, of: Mapping[str, Model], other: Mapping[str, Model]) -> Group:
        stated: Any = _of(node.id, of["weights"], other["weights"])
        children = tuple(
            self._mixed(child, of, other) if isinstance(child, Group) else _leaf(child, of, other)
            for child in node.children
        )
        return _copy(node, synthesis=stated.synthesis, children=children)

    def _scaled(self, model: Model) -> object:
        """Return what a model says of the scales of the indicators that both have."""
        leaves = [leaf for leaf in model.tree.indicators if leaf.id in _both(self)]
        stated = {
            leaf.id: (
                leaf.scale,
                leaf.membership,
                *(part.get(leaf.id) for part in (model.distributions, model.moments, model.limits)),
            )
            for leaf in leaves
        }
        return stated, [(grade.id, grade.score) for grade in model.tree.grades]

    def _convened(self, model: Model) -> object:
        policies = {leaf.id: _policy(leaf) for leaf in model.tree.indicators if leaf.id in _both(self)}
        return model.leading, model.fuzzy if model.leading == "fuzzy" else None, policies


def _both(mixture: Mixture) -> set[str]:
    return mixture.last.tree.nodes.keys() & mixture.now.tree.nodes.keys()


def _without(mixture: Mixture, model: Model) -> tuple[str, ...]:
    """Return the indicators that a model leaves out: it does not have them, or nobody had."""
    nodes, unobserved = model.tree.nodes, set(model.unobserved)
    return tuple(leaf.id for leaf in mixture.tree.indicators if leaf.id not in nodes or leaf.id in unobserved)


def _weighted(mixture: Mixture, model: Model) -> object:
    syntheses = {group.id: group.synthesis for group in model.tree.groups if group.id in _both(mixture)}
    local = {node: model.local.get(node, 0.0) for node in mixture.tree.nodes}
    return local, _without(mixture, model), model.profiles, model.synthesis, syntheses


def _ruled(tree: Tree) -> object:
    return [rule.model_dump(exclude={"name", "reason"}) for rule in _scoring(tree)]


def _scoring(tree: Tree) -> Iterator[Rule]:
    """Yield the rules that change a score: those that gate, cap or settle stand apart."""
    yield from (rule for rule in tree.rules if RULES[rule.kind].laws & _SCORING_RULES)


def _only(limits: Mapping[str, Any], tree: Tree) -> dict[str, Any]:
    return {leaf: limit for leaf, limit in limits.items() if leaf not in tree.nodes}


def _of(node: str, model: Model, other: Model) -> Node:
    return (model if node in model.tree.nodes else other).tree.nodes[node]


def _leaf(leaf: Indicator, of: Mapping[str, Model], other: Mapping[str, Model]) -> Indicator:
    scaled: Any = _of(leaf.id, of["scales"], other["scales"])
    convened: Any = _of(leaf.id, of["conventions"], other["conventions"])
    return _copy(
        leaf,
        scale=scaled.scale,
        winsorise=scaled.winsorise,
        membership=scaled.membership,
        missing=_policy(convened),
    )


def _policy(leaf: Indicator) -> str:
    """Return what a missing measure does to a score; that it may keep a customer out is no score."""
    return "redistribute" if leaf.missing in ("exclude", "error") else leaf.missing


def _joined(last: Group, now: Group, tree: Tree) -> Group:
    """Return a criterion with the children of both trees."""
    kept = tuple(
        _joined(last_child, child, tree)
        if isinstance(child, Group) and isinstance(last_child := tree.nodes.get(child.id), Group)
        else child
        for child in now.children
    )
    there = {child.id for child in now.children}
    return _copy(now, children=(*kept, *(child for child in last.children if child.id not in there)))


def _copy(stated: F, **fields: Any) -> F:
    """Return a format with other fields, and nothing of what the old one has computed of itself."""
    kept = {name: getattr(stated, name) for name in type(stated).model_fields}
    return type(stated).model_construct(**{**kept, **fields})
