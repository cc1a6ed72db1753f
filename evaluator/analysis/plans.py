"""The plan of an evaluation, and beside it what its limits are worth and what effects it rests on."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from evaluator.actions import Limits, Plan, break_even, dropped_below, frontier, last_money, prices_of_limits
from evaluator.actions import plan as best_plan
from evaluator.actions.decided import Decisions
from evaluator.actions.options import PlanOptions
from evaluator.actions.stopped import who_is_stopped
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue
from evaluator.evaluation import Evaluation
from evaluator.labels import Text
from evaluator.tree.decisions import Action

STEP = 10_000.0


@dataclass(frozen=True)
class PlanFindings(Displayed):
    """A plan and what is told beside it.

    Attributes
    ----------
    given : `id`, `action`, `gain`, `cost`, `net` of everybody who is given an action.
    stopped : `id` and the limit that stopped whom an action applies to and who is given none.
    frontier : what other budgets would bring at most, by the relaxation: `budget`, `value`.
    last : what the last 10,000 of the budget bring, solved again; None without so much of a budget.
    prices : what each must and floor costs: `limit`, `name`, `price`.
    effects : by action given its `effect`, the `break_even` at which its gains come to its costs (null where
        gain is not in proportion to the effect), how many are `given` it, `gain` and `cost`, and where it was
        asked for `dropped_below`, the share of its gains below which the best plan holds it no more.
    assumptions : what each action's figures rest on, by action.
    """

    plan: Plan
    stopped: pl.DataFrame
    frontier: pl.DataFrame
    last: float | None
    prices: pl.DataFrame
    effects: pl.DataFrame
    assumptions: dict[str, Text]
    options: PlanOptions

    def to_frame(self) -> pl.DataFrame:
        """Return who is given what."""
        return self.given

    @property
    def given(self) -> pl.DataFrame:
        """Who is given what."""
        return self.plan.rows


def plan(evaluation: Evaluation, *, budget: float | None = None, dropped: bool = False) -> PlanFindings:
    """Return the best plan of an evaluation under the limits its study states.

    Parameters
    ----------
    budget : in place of the study's; without either money has no limit.
    dropped : tell as well below which share of its gains the best plan drops each action, with what others
        would do instead; a few plans for each.

    Raises
    ------
    EvaluationError
        where no action states a gain; those of `actions.plan`.
    """
    return plan_of([evaluation.decisions] if evaluation.decisions else [], budget=budget, dropped=dropped)


def plan_of(
    decided: Sequence[Decisions], *, budget: float | None = None, dropped: bool = False
) -> PlanFindings:
    """Return one plan over the customers of several trees; actions of one name are one action."""
    actions = {action.id: action for decisions in decided for action in decisions.actions}
    if all(action.gain is None for action in actions.values()):
        raise EvaluationError([Issue("ACTION-125", "plan")])
    pairs = pl.concat([decisions.candidates.rows for decisions in decided], how="diagonal")
    offered = set(pairs["action"].unique())
    limits = _limits(decided, {name: one for name, one in actions.items() if name in offered}, budget)
    made = best_plan(pairs, limits)
    return PlanFindings(
        made,
        who_is_stopped(pairs, made),
        frontier(pairs, limits),
        last_money(pairs, limits, STEP),
        prices_of_limits(pairs, limits),
        _effects(made, actions, pairs if dropped else None),
        {name: action.assumption for name, action in actions.items() if action.assumption},
        decided[0].options or PlanOptions(budget=budget),
    )


def _limits(decided: Sequence[Decisions], actions: dict[str, Action], budget: float | None) -> Limits:
    capacities = {name: action.at_most for name, action in actions.items() if action.at_most is not None}
    stated = [decisions.limits for decisions in decided if decisions.limits]
    limits = replace(stated[0], capacities=capacities) if stated else Limits(capacities=capacities)
    barred = frozenset().union(*(one.must_not for one in stated))
    return replace(limits, must_not=barred, budget=limits.budget if budget is None else budget)


def _effects(made: Plan, actions: dict[str, Action], pairs: pl.DataFrame | None) -> pl.DataFrame:
    rows = []
    for name, action in actions.items():
        of = made.rows.filter(pl.col("action") == name)
        if not len(of):
            continue
        proportional = action.effect is not None and in_proportion(action.gain)
        at = break_even(of["gain"], of["cost"], action.effect or 0.0) if proportional else None
        below = None if pairs is None else dropped_below(pairs, made.limits, name)
        rows.append((name, action.effect, at, len(of), of["gain"].sum(), of["cost"].sum(), below))
    numbers = dict.fromkeys(("effect", "break_even"), pl.Float64)
    schema = {"action": pl.String, **numbers, "given": pl.Int64, "gain": pl.Float64, "cost": pl.Float64,
              "dropped_below": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def in_proportion(gain: float | str | None) -> bool:
    """True if a gain is in proportion to its effect, as a product is that names it once.

    >>> in_proportion("effect * risk * profit"), in_proportion("effect * profit - 5"), in_proportion("5")
    (True, False, False)
    """
    node: ast.expr = ast.parse(str(gain).strip(), mode="eval").body
    while isinstance(node, ast.BinOp):
        sides = [side for side in (node.left, node.right) if "effect" in _names(side)]
        if len(sides) != 1 or not isinstance(node.op, ast.Mult | ast.Div):
            return False
        if isinstance(node.op, ast.Div) and sides[0] is node.right:
            return False
        node = sides[0]
    return isinstance(node, ast.Name) and node.id == "effect"


def _names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
