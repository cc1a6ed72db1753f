"""Rules after the scores are joined: what each does, whom it hit, and what happened to their scores."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from evaluator.reports.conditions import amount_in_words, condition_in_words
from evaluator.reports.context import Context
from evaluator.scoring.rules import RULES
from evaluator.tree.names import read_amount, read_condition
from evaluator.tree.types import Bonus, ClassOverride, GradeCap, Rule, Veto

SHOWN = 40


@dataclass(frozen=True)
class RuleRow:
    """A rule in words and as `written`: when it holds, what it does and why, and for how many.

    `value` is the limit of a veto or the points of a bonus, `most` what the latter may come to.
    """

    id: str
    name: str
    kind: str
    condition: str
    written: str
    effect: str
    reason: str
    hits: int
    unknown: int
    value: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Touched:
    """A customer at least one rule hit: which, and the score before and after; None where not rated."""

    id: str
    name: str
    rules: tuple[str, ...]
    before: float | None
    after: float | None
    grade: str
    status: str
    rated: bool


@dataclass(frozen=True)
class Rules:
    """The rules of the tree and the first of the customers they hit, `total` in all."""

    subject: str
    rules: tuple[RuleRow, ...]
    touched: tuple[Touched, ...]
    total: int
    customers: int


def build(context: Context) -> Rules | None:
    """Return the rules with whom they hit; None where the tree has none."""
    tree, results = context.tree, context.results
    if not tree.rules:
        return None
    touched = touched_rows(context)
    return Rules(
        subject=context.subject,
        rules=tuple(_row(rule, results, context) for rule in tree.rules),
        touched=touched[:SHOWN],
        total=len(touched),
        customers=results.height,
    )


def touched_rows(context: Context) -> tuple[Touched, ...]:
    """Return everyone whom a rule hit, in the order of the ranking."""
    rules = context.tree.rules
    if not rules:
        return ()
    hit = context.results.filter(pl.any_horizontal(pl.col(f"rule_{rule.id}") == "hit" for rule in rules))
    ordered = hit.sort("rank", "id", nulls_last=True)
    return tuple(_touched(row, context) for row in ordered.iter_rows(named=True))


def in_words(rule: Rule, context: Context) -> str:
    """Return what a rule does, as a reader is told."""
    if isinstance(rule, Veto):
        return context.text("rules.does.veto", at_most=rule.at_most)
    if isinstance(rule, Bonus):
        word = "bonus" if rule.per is None else "bonus_per"
        counted = read_amount(rule, context.tree)
        per = amount_in_words(counted, context) if counted else ""
        return context.text(f"rules.does.{word}", points=rule.points, per=per, at_most=rule.at_most)
    if isinstance(rule, ClassOverride):
        matrix = next(matrix for matrix in context.tree.matrices if matrix.id == rule.matrix)
        names = {"matrix": matrix.name[context.language], "name": context.classes[rule.matrix][rule.class_]}
        return context.text("rules.does.override", **names)
    if isinstance(rule, GradeCap):
        return context.text("rules.does.grade_cap", grade=context.grades[rule.grade])
    return context.text("rules.does.gate", subject=context.subject)


def _row(rule: Rule, results: pl.DataFrame, context: Context) -> RuleRow:
    outcomes: dict[str, int] = dict(results.group_by(f"rule_{rule.id}").len().iter_rows())
    return RuleRow(
        id=rule.id,
        name=rule.name[context.language],
        kind=RULES[rule.kind].title[context.language],
        condition=condition_in_words(read_condition(rule, context.tree), context),
        written=" ".join(rule.when.split()),
        effect=in_words(rule, context),
        reason=rule.reason[context.language],
        hits=outcomes.get("hit", 0),
        unknown=outcomes.get("unknown", 0),
        value=rule.at_most if isinstance(rule, Veto) else rule.points if isinstance(rule, Bonus) else None,
        most=rule.at_most if isinstance(rule, Bonus) else None,
    )


def _touched(row: dict[str, object], context: Context) -> Touched:
    names = (rule.name[context.language] for rule in context.tree.rules if row[f"rule_{rule.id}"] == "hit")
    before, after = row["unadjusted_score"], row["score"]
    return Touched(
        id=str(row["id"]),
        name=str(row["name"]),
        rules=tuple(names),
        before=before if isinstance(before, float) else None,
        after=after if isinstance(after, float) else None,
        grade=context.grades.get(str(row["grade"]), ""),
        status=context.text(f"customer_status.{row['status']}"),
        rated=row["status"] == "rated",
    )
