"""What rules, attributes, shares and profiles of a tree must mean: rules for rules, all of them asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import fsum

from evaluator.documents import Document, Key
from evaluator.errors import EvaluationError, Issue, not_among
from evaluator.tree.names import condition_names, read_amount, read_condition
from evaluator.tree.profiles import DEFAULT, Profile
from evaluator.tree.rules import Bonus, ClassOverride, GradeCap, Rule, Veto
from evaluator.tree.titled import listing
from evaluator.tree.types import Tree

WHOLE = 1e-6  # shares written as decimals, such as thirty of them, sum to 1 within this


def attribute_ids(tree: Tree, document: Document) -> Iterator[Issue]:
    """An attribute has a name that means nothing else."""
    taken = {"id", "name", "score", "coverage", *tree.nodes, *(leaf.measure for leaf in tree.indicators)}
    for index, attribute in enumerate(tree.attributes):
        if attribute.id in taken:
            yield Issue("TREE-140", attribute.id, where=document.where(("attributes", index, "id")))
        taken.add(attribute.id)


def rule_ids(tree: Tree, document: Document) -> Iterator[Issue]:
    """A rule has a name that no other rule, node or matrix has."""
    taken = {*tree.nodes, *tree.axes, *(matrix.id for matrix in tree.matrices)}
    for index, rule in enumerate(tree.rules):
        if rule.id in taken:
            yield Issue("TREE-141", rule.id, where=document.where(("rules", index, "id")))
        taken.add(rule.id)


def rule_conditions(tree: Tree, document: Document) -> Iterator[Issue]:
    """A condition is in the language and speaks of what the tree knows."""
    for index, rule in enumerate(tree.rules):
        try:
            read_condition(rule, tree, document.where(("rules", index, "when")))
        except EvaluationError as error:
            yield from error.issues
        if isinstance(rule, Bonus) and rule.per is not None:
            try:
                read_amount(rule, tree, document.where(("rules", index, "per")))
            except EvaluationError as error:
                yield from error.issues


def rule_effects(tree: Tree, document: Document) -> Iterator[Issue]:
    """What a rule does is something that can be done in this tree."""
    for index, rule in enumerate(tree.rules):
        yield from _effect(rule, tree, document, ("rules", index))


def _effect(rule: Rule, tree: Tree, document: Document, key: Key) -> Iterator[Issue]:
    low, high = tree.score_range
    if isinstance(rule, ClassOverride):
        classes = {matrix.id: [entry.id for entry in matrix.classes] for matrix in tree.matrices}
        word, found, known = ("matrix", rule.matrix, list(classes))
        if rule.matrix in classes:
            word, found, known = ("class", rule.class_, classes[rule.matrix])
        where = document.where((*key, word))
        yield from not_among("TREE-142", [found], known, {"rule": rule.called}, where=where)
    elif isinstance(rule, GradeCap):
        grades = [grade.id for grade in tree.grades]
        where = document.where((*key, "grade"))
        yield from not_among("TREE-143", [rule.grade], grades, {"rule": rule.called}, where=where)
    elif isinstance(rule, Veto) and not low <= rule.at_most < high:
        detail = {"found": rule.at_most, "low": low, "high": high}
        yield Issue("TREE-144", rule.called, detail, where=document.where((*key, "at_most")))
    elif isinstance(rule, Bonus) and (not rule.points or (rule.per is None) != (rule.at_most is None)):
        yield Issue("TREE-145", rule.called, where=document.where(key))


def grade_shares(tree: Tree, document: Document) -> Iterator[Issue]:
    """Grades are earned from a score on or by share, all alike; shares sum to 1."""
    for index, grade in enumerate(tree.grades):
        if (grade.from_ is None) == (grade.share is None) or (
            (grade.share is None) != (tree.grades[0].share is None)
        ):
            yield Issue("TREE-148", grade.called, where=document.where(("grades", index)))
    shares = [grade.share for grade in tree.grades if grade.share is not None]
    if len(shares) == len(tree.grades) and abs(fsum(shares) - 1) > WHOLE:
        yield Issue("TREE-147", tree.id, {"sum": fsum(shares)}, where=document.where(("grades",)))


def profile_values(tree: Tree, document: Document) -> Iterator[Issue]:
    """A value has one profile, which has a name of its own; they go by a text."""
    if tree.profiles is None:
        return
    by = condition_names(tree).get(tree.profiles.by)
    if by is None or by.kind != "text":
        yield Issue("TREE-153", tree.profiles.by, where=document.where(("profiles", "by")))
    profiles = tree.profiles.of
    for name, count in Counter([DEFAULT, *(profile.id for profile in profiles)]).items():
        if count > 1:
            yield Issue("TREE-150", name, where=document.where(("profiles", "of")))
    for name, count in Counter(value for profile in profiles for value in profile.values).items():
        if count > 1:
            yield Issue("TREE-150", name, where=document.where(("profiles", "of")))


def profile_weights(tree: Tree, document: Document) -> Iterator[Issue]:
    """A profile weighs nodes of the tree, and all the children of a criterion or none."""
    for index, profile in enumerate(tree.profiles.of if tree.profiles else ()):
        yield from _weighed(profile, tree, document, ("profiles", "of", index, "weights"))


def _weighed(profile: Profile, tree: Tree, document: Document, key: Key) -> Iterator[Issue]:
    below = [node for node in tree.nodes if node != tree.root.id]
    for node in profile.weights:
        where = document.where((*key, node))
        yield from not_among("TREE-151", [node], below, {"profile": profile.called}, where=where)
    for group in tree.groups:
        lacking = [child for child in group.children if child.id not in profile.weights]
        if lacking and len(lacking) < len(group.children):
            detail = {"profile": profile.called, "lacking": listing(lacking)}
            yield Issue("TREE-152", group.called, detail, where=document.where(key))


RULE_CHECKS = (attribute_ids, rule_ids, rule_conditions, rule_effects)
PROFILE_CHECKS = (profile_values, profile_weights)
