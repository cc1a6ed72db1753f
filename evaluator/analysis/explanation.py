"""Explanation: what every leaf adds to one customer's score, read from the steps that scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Any, Literal

import narwhals as nw
import polars as pl

from evaluator.analysis.effects import unadjusted_score, with_effects
from evaluator.brief import Brief
from evaluator.columns import Entered, enter, reaches, to_polars
from evaluator.columns.ids import id_texts
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.labels import Text
from evaluator.scoring.checks import column_issues, needed
from evaluator.scoring.model import Model
from evaluator.scoring.score_steps import scoring_plan
from evaluator.scoring.synthesis import FILLED, excluding, observable
from evaluator.tree import Group, Indicator
from evaluator.tree.types import Gate

Handling = Literal["observed", "redistribute", "neutral", "worst", "exclude", "error"]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contribution(Brief):
    """What one leaf adds to a customer's score.

    Where the score is additive, `points` are effective weight × score; else they are the leaf's effect:
    the score less what it would be with this leaf at the model's reference.

    Parameters
    ----------
    measure : the raw value; None where it is missing.
    score : on the tree's range; None where the leaf has none.
    weight : the leaf's share of the total in the tree.
    effective_weight : its share for this customer, after missing leaves handed theirs on.
    points : None, as `effective_weight`, where the customer has no score.
    clamped : the measure lay beyond the ends of its scale.
    handling : ``observed``, else the missing policy that was applied.
    memberships : in each grade, where the model has a fuzzy evaluation; with a leading fuzzy score the
        points rest on their grade-weighted score.
    """

    indicator: str
    measure: float | str | None
    score: float | None
    weight: float
    effective_weight: float | None
    points: float | None
    clamped: bool
    handling: Handling
    memberships: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What happened to a rule with one customer: ``hit``, ``no``, or ``unknown`` for want of data.

    `points` are what a bonus added or took off; 0 for other rules, and where it did not hit.
    """

    rule: str
    kind: str
    outcome: str
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class FuzzyEvaluation(Brief):
    """The fuzzy evaluation of one customer, beside the score or in its place.

    Parameters
    ----------
    memberships : of the whole in each grade; None where the customer has no score.
    groups : those of every group, the root among them, by its id.
    score, crisp_score : by memberships and by scores; `leading` says which of them is the score.
    grade, alpha, validity : the grade of the largest membership and how far it may be relied on.
    """

    operator: str
    leading: str
    memberships: Mapping[str, float | None]
    groups: Mapping[str, Mapping[str, float | None]]
    score: float | None
    crisp_score: float | None
    grade: str | None
    alpha: float | None
    validity: str | None


@dataclass(frozen=True)
class Explanation(Displayed):
    """One customer's result and where it comes from.

    `reference`, the points of all contributions, `remainder` and `adjustment` add up to `score`; the
    adjustment is what `rules` have made of the score of the tree, `unadjusted`. Where the latter is
    additive, reference and remainder are 0. Where it is not, the reference is the score of a customer
    whose leaves all stand at the mean of the population, and the remainder is what leaves do together
    and none of them alone.

    `reasons` names everything that keeps the customer from being rated: the gates that hit, the leaves
    without which nobody is, or the axes (and the root) of which too little was observed. `groups` holds
    the score of every group, `coverages` the observed share of weight on every axis. `profile` is the
    weight profile, None where there are none. `names` are those of the indicators.
    """

    id: str
    name: str | None
    status: str
    reasons: tuple[str, ...]
    score: float | None
    coverage: float
    coverages: Mapping[str, float]
    grade: str | None
    classes: Mapping[str, str | None]
    groups: Mapping[str, float | None]
    contributions: tuple[Contribution, ...]
    reference: float = 0.0
    remainder: float = 0.0
    fuzzy: FuzzyEvaluation | None = None
    unadjusted: float | None = None
    adjustment: float = 0.0
    rules: tuple[RuleOutcome, ...] = ()
    profile: str | None = None
    names: Mapping[str, Text] = field(default_factory=dict, repr=False)

    def called(self, indicator: str, language: str) -> str:
        """Return the name of an indicator."""
        return self.names[indicator][language] if indicator in self.names else indicator

    def to_frame(self) -> pl.DataFrame:
        """Return a row per indicator: what it measures, scores, weighs and adds."""
        kinds = dict.fromkeys(("score", "weight", "effective_weight", "points"), pl.Float64)
        rows = [
            {"indicator": one.indicator, "measure": None if one.measure is None else str(one.measure)}
            | {name: getattr(one, name) for name in kinds}
            | {"clamped": one.clamped, "handling": one.handling}
            for one in self.contributions
        ]
        schema = {"indicator": pl.String, "measure": pl.String, **kinds, "clamped": pl.Boolean,
                  "handling": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=schema)


def explain(model: Model, measures: Any, customer_id: str) -> Explanation:
    """Return where one customer's score comes from.

    Parameters
    ----------
    measures : the dataframe that was scored, with ``id`` and one column per measure.

    Raises
    ------
    EvaluationError
        when no customer has this id or several rows have it, and when the frame lacks what the model reads.

    >>> import polars as pl
    >>> from evaluator.scoring import fit
    >>> from evaluator.tree import load_tree
    >>> from evaluator.weighing import weigh
    >>> tree = load_tree("current_value")
    >>> customers = pl.DataFrame({"id": ["a"]} | {leaf.measure: [0.5] for leaf in tree.indicators})
    >>> explanation = explain(fit(tree, weigh(tree), customers), customers, "a")
    >>> abs(sum(row.points for row in explanation.contributions) - explanation.score) < 1e-9
    True
    """
    return explanations(model, measures, [customer_id])[0]


def explanations(model: Model, measures: Any, ids: Sequence[str] | None = None) -> tuple[Explanation, ...]:
    """Return the explanations of many customers, computed together, in the order of `ids`.

    Parameters
    ----------
    ids : the customers; None for all, in the order of the frame.

    Raises
    ------
    EvaluationError
        as `explain`, with every unknown id.
    """
    ids = ids if ids is None else id_texts(ids)
    entered = enter(measures, needed(model.tree, model.votes))
    raise_errors(column_issues(model.tree, entered, model.votes))
    rows = _scored_rows(model, entered, ids)
    if not model.additive:
        rows = with_effects(model, rows)
    if ids is None:
        return tuple(_explanation(model, row) for row in rows)
    by_id = _by_id(entered, rows, ids)
    return tuple(_explanation(model, by_id[str(name)]) for name in ids)


def _scored_rows(model: Model, entered: Entered, ids: Sequence[str] | None) -> Sequence[Row]:
    """Return the rows of these customers with the columns of every step."""
    frame = entered.frame
    if ids is not None:
        frame = frame.filter(nw.col("id").cast(nw.String).is_in([str(name) for name in ids]))
    keys = tuple(key for key in ("id", "name") if key in frame.collect_schema())
    return to_polars(scoring_plan(model, keys).apply(frame)).to_dicts()


def _by_id(entered: Entered, rows: Sequence[Row], ids: Sequence[str]) -> dict[str, Row]:
    by_id = {str(row["id"]): row for row in rows}
    if unknown := [str(name) for name in ids if str(name) not in by_id]:
        known = [str(name) for name in to_polars(entered.frame.select("id"))["id"]]
        raise EvaluationError(Issue("SCORE-651", name, hint=nearest(name, known)) for name in unknown)
    if len(by_id) < len(rows):
        seen = [str(row["id"]) for row in rows]
        repeated = sorted({name for name in seen if seen.count(name) > 1})
        detail = {"count": len(repeated), "ids": ", ".join(repeated)}
        raise EvaluationError([Issue("SCORE-615", "id", detail)])
    return by_id


def _explanation(model: Model, row: Row) -> Explanation:
    tree, unadjusted = model.tree, unadjusted_score(row)
    contributions = tuple(_contributions(model.of_profile(row.get("profile")), row))
    reference = row.get("reference") or 0.0
    explained = fsum([reference, *(entry.points or 0.0 for entry in contributions)])
    return Explanation(
        id=str(row["id"]),
        name=row.get("name"),
        status=row["status"],
        reasons=tuple(_reasons(model, row)),
        score=row["score"],
        coverage=row["coverage"],
        coverages={axis: row[f"coverage_{axis}"] for axis in tree.axes},
        grade=row["grade"],
        classes={matrix.id: row[f"class_{matrix.id}"] for matrix in tree.matrices},
        groups={group.id: row[f"score_{group.id}"] for group in tree.groups},
        contributions=contributions,
        reference=reference,
        remainder=0.0 if model.additive or unadjusted is None else unadjusted - explained,
        fuzzy=_fuzzy(model, row) if model.fuzzy else None,
        unadjusted=unadjusted,
        adjustment=0.0 if row["score"] is None or unadjusted is None else row["score"] - unadjusted,
        rules=tuple(_outcomes(model, row)),
        profile=row.get("profile"),
        names={leaf.id: leaf.name for leaf in tree.indicators},
    )


def _outcomes(model: Model, row: Row) -> Iterator[RuleOutcome]:
    for rule in model.tree.rules:
        outcome = row[f"rule_{rule.id}"]
        points = row.get(f"points_{rule.id}", getattr(rule, "points", 0.0)) if outcome == "hit" else 0.0
        yield RuleOutcome(rule.id, rule.kind, outcome, points)


def _fuzzy(model: Model, row: Row) -> FuzzyEvaluation:
    assert model.fuzzy is not None
    return FuzzyEvaluation(
        operator=model.fuzzy.operator,
        leading=model.leading,
        memberships=_memberships(model, row, model.tree.root.id),
        groups={group.id: _memberships(model, row, group.id) for group in model.tree.groups},
        score=row["fuzzy_score"],
        crisp_score=row["crisp_score"],
        grade=row["largest_grade"],
        alpha=row["alpha"],
        validity=row["validity"],
    )


def _memberships(model: Model, row: Row, node: str) -> dict[str, float | None]:
    return {grade.id: row[f"membership_{grade.id}@{node}"] for grade in model.tree.grades}


def _reasons(model: Model, row: Row) -> Iterator[str]:
    if row["status"] == "excluded":
        shut = (rule.id for rule in model.tree.rules if isinstance(rule, Gate))
        yield from (name for name in shut if row[f"rule_{name}"] == "hit")
        yield from (leaf.id for leaf in excluding(model.tree.root, model) if row[f"score_{leaf.id}"] is None)
    elif row["status"] == "insufficient":
        least = model.conventions.min_coverage
        seen = [axis for axis, group in model.tree.axes.items() if observable(group, model)]
        yield from (axis for axis in seen if not reaches(row[f"coverage_{axis}"], least))
        if not reaches(row["coverage"], least) or row["score"] is None:
            yield model.tree.root.id


def _contributions(model: Model, row: Row) -> Iterator[Contribution]:
    scored = unadjusted_score(row) is not None
    weights = dict(_effective_weights(model, model.tree.root, row, 1.0)) if scored else {}
    for leaf in model.tree.indicators:
        score, effective = row[f"score_{leaf.id}"], weights.get(leaf.id)
        counted = row[f"fuzzy@{leaf.id}"] if model.leading == "fuzzy" else score
        points = row.get(f"effect_{leaf.id}", (effective or 0.0) * (counted or 0.0))
        yield Contribution(
            indicator=leaf.id,
            measure=row[f"measure_{leaf.id}"],
            score=score,
            weight=model.global_[leaf.id],
            effective_weight=effective,
            points=None if effective is None else points,
            clamped=bool(row[f"beyond_{leaf.id}"]),
            handling=_handling(leaf, model, row),
            memberships=_memberships(model, row, leaf.id) if model.fuzzy else None,
        )


def _effective_weights(
    model: Model, node: Group | Indicator, row: Row, share: float
) -> Iterator[tuple[str, float]]:
    """Yield each leaf's share: a child without a score has none, and its siblings divide it."""
    if isinstance(node, Indicator):
        yield node.id, share
        return
    scored = {child.id for child in node.children if row[f"score_{child.id}"] is not None}
    total = sum(model.local[child] for child in scored)
    for child in node.children:
        part = share * model.local[child.id] / total if child.id in scored else 0.0
        yield from _effective_weights(model, child, row, part)


def _handling(leaf: Indicator, model: Model, row: Row) -> Handling:
    policy = model.missing(leaf)
    missing = not row[f"observed_{leaf.id}"] if policy in FILLED else row[f"score_{leaf.id}"] is None
    return policy if missing else "observed"
