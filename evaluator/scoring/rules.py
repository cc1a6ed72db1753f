"""Rules after the scores are joined: one implementation for each type, as named steps.

Column names: ``attribute_<id>``, ``holds_<rule>`` (true, false, null where unknown), ``rule_<rule>``
(hit, no, unknown) and ``points_<rule>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import narwhals as nw

from evaluator.columns import Step, finite, holds, sums, value_of
from evaluator.registry import Registry
from evaluator.scoring.model import Model
from evaluator.tree import Tree
from evaluator.tree.names import (
    attributes,
    attributes_named,
    condition_names,
    read_amount,
    read_condition,
)
from evaluator.tree.types import Bonus, ClassOverride, Gate, GradeCap, Rule, Veto

# A rule of its own type, whether it hit, and the tree → what its law says.
RuleFunction = Callable[..., nw.Expr]

RULES: Registry[RuleFunction] = Registry("rule")
"""Laws, what the function returns: ``points`` (added to the score), ``limit`` (of the score), ``rating``
(whether the customer is not rated), ``grade`` or ``class`` (the one that is settled, null where none)."""

OUTCOMES = ("hit", "unknown", "no")


@RULES.register("bonus", zh="加减分", en="bonus", reference="stated points", laws=("points",))
def bonus(rule: Bonus, hit: nw.Expr, tree: Tree) -> nw.Expr:
    """Return the points where the rule hit, else 0."""
    points = nw.lit(rule.points) if rule.per is None else nw.col(f"points_{rule.id}")
    return nw.when(hit).then(points).otherwise(nw.lit(0.0))


@RULES.register("veto", zh="一票否决", en="veto", reference="stated limit", laws=("limit",))
def veto(rule: Veto, hit: nw.Expr, tree: Tree) -> nw.Expr:
    """Return the limit where the rule hit, else the highest score there is."""
    return nw.when(hit).then(nw.lit(rule.at_most)).otherwise(nw.lit(tree.score_range[1]))


@RULES.register("gate", zh="准入条件", en="gate", reference="stated condition", laws=("rating",))
def gate(rule: Gate, hit: nw.Expr, tree: Tree) -> nw.Expr:
    """Return whether the rule hit."""
    return hit


@RULES.register("grade_cap", zh="等级封顶", en="grade cap", reference="stated grade", laws=("grade",))
def grade_cap(rule: GradeCap, hit: nw.Expr, tree: Tree) -> nw.Expr:
    """Return the grade of the rule where it hit someone with a better one."""
    return nw.when(hit & nw.col("grade").is_in(_better(rule, tree))).then(nw.lit(rule.grade, nw.String))


@RULES.register("override", zh="直接归类", en="class override", reference="stated class", laws=("class",))
def override(rule: ClassOverride, hit: nw.Expr, tree: Tree) -> nw.Expr:
    """Return the class of the rule where it hit someone rated."""
    return nw.when(hit & (nw.col("status") == "rated")).then(nw.lit(rule.class_, nw.String))


def attribute_values(tree: Tree) -> Step:
    """Return the step that reads the attributes that rules and profiles need."""
    needed = attributes_named(tree)
    return Step(
        "attributes",
        {
            f"attribute_{entry.id}": nw.col(entry.id).cast(nw.String)
            if entry.kind == "text"
            else finite(nw.col(entry.id))
            for entry in attributes(tree)
            if entry.id in needed
        },
    )


def rule_steps(model: Model) -> Iterator[Step]:
    """Yield the steps from the score of the tree to that after bonuses, vetoes and gates; none without rules.

    All conditions look at the customer as the tree scored it. A rule that is unknown does nothing.
    """
    tree = model.tree
    if not tree.rules:
        return
    columns = _columns(tree)
    counted = {rule.id: _counted(rule, tree, columns) for rule in tree.rules if _counts(rule)}
    if counted:
        yield Step("points", {f"points_{name}": points for name, points in counted.items()})
    yield Step("conditions", {f"holds_{rule.id}": _holds(rule, tree, columns) for rule in tree.rules})
    yield Step("rules", {f"rule_{rule.id}": _outcome(rule) for rule in tree.rules})
    yield Step("unadjusted", {"unadjusted_score": nw.col("score")})
    yield Step("adjusted", {"score": _adjusted(tree)})


def settled(model: Model) -> Iterator[Step]:
    """Yield the step in which rules settle grades and classes, where there are such rules."""
    tree = model.tree
    strictest_first = sorted(
        (rule for rule in tree.rules if isinstance(rule, GradeCap)),
        key=lambda rule: len(_better(rule, tree)),
        reverse=True,
    )
    outputs = {}
    if strictest_first:
        outputs["grade"] = nw.coalesce(*(_effect(rule, tree) for rule in strictest_first), nw.col("grade"))
    for matrix in tree.matrices:
        own = [r for r in tree.rules if isinstance(r, ClassOverride) and r.matrix == matrix.id]
        if own:
            column = f"class_{matrix.id}"
            outputs[column] = nw.coalesce(*(_effect(rule, tree) for rule in own), nw.col(column))
    if outputs:
        yield Step("settled", outputs)


def gates(tree: Tree) -> Iterator[tuple[str, nw.Expr]]:
    """Yield the rules that keep a customer from being rated, and whether they hit."""
    for rule in tree.rules:
        if "rating" in RULES[rule.kind].laws:
            yield rule.id, _effect(rule, tree)


def rule_columns(tree: Tree) -> tuple[str, ...]:
    """Return the columns that rules add to a score, in their order; none without rules."""
    if not tree.rules:
        return ()
    return ("unadjusted_score", *(f"rule_{rule.id}" for rule in tree.rules))


def _columns(tree: Tree) -> dict[str, nw.Expr]:
    """Return the column behind every name that a condition may use."""
    columns = {}
    for name, meaning in condition_names(tree).items():
        whole = meaning.of == tree.root.id and meaning.what == "coverage"
        columns[name] = nw.col("coverage" if whole else f"{meaning.what}_{meaning.of}")
    return columns


def _holds(rule: Rule, tree: Tree, columns: Mapping[str, nw.Expr]) -> nw.Expr:
    held = holds(read_condition(rule, tree), columns)
    if not _counts(rule):
        return held
    return nw.when(~nw.col(f"points_{rule.id}").is_null()).then(held)


def _counts(rule: Rule) -> bool:
    return isinstance(rule, Bonus) and rule.per is not None


def _counted(rule: Rule, tree: Tree, columns: Mapping[str, nw.Expr]) -> nw.Expr:
    """Return what a counting bonus comes to, within 0 and its limit on the side of its sign."""
    assert isinstance(rule, Bonus)
    value, most = read_amount(rule, tree), rule.at_most
    assert value is not None
    assert most is not None
    least, largest = (0.0, most) if rule.points > 0 else (-most, 0.0)
    return (value_of(value, columns) * rule.points).clip(least, largest)


def _outcome(rule: Rule) -> nw.Expr:
    held = nw.col(f"holds_{rule.id}")
    known = nw.when(held).then(nw.lit("hit", nw.String)).otherwise(nw.lit("no", nw.String))
    return nw.when(held.is_null()).then(nw.lit("unknown", nw.String)).otherwise(known)


def _effect(rule: Rule, tree: Tree) -> nw.Expr:
    return RULES[rule.kind].function(rule, nw.col(f"rule_{rule.id}") == "hit", tree)


def _adjusted(tree: Tree) -> nw.Expr:
    """Return the score after bonuses, then vetoes; null for those whom a gate keeps out."""
    low, high = tree.score_range
    by_law = {
        law: [_effect(rule, tree) for rule in tree.rules if law in RULES[rule.kind].laws]
        for law in ("points", "limit", "rating")
    }
    score = nw.col("score")
    if by_law["points"]:
        score = (score + sums(by_law["points"])).clip(low, high)
    if by_law["limit"]:
        # the minimum passes over nulls, and a limit is none: a missing score stays missing
        score = nw.when(~nw.col("score").is_null()).then(nw.min_horizontal(score, *by_law["limit"]))
    for shut in by_law["rating"]:
        score = nw.when(~shut).then(score)
    return score


def _better(rule: GradeCap, tree: Tree) -> list[str]:
    order = [grade.id for grade in tree.grades]
    return order[: order.index(rule.grade)]
