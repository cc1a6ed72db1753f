"""Evaluations to be evaluated anew with other weights, cuts and bounds: by the page, and by the engine."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import polars as pl
from small_trees import group, leaf, made, matrix

from evaluator.actions.choosing import first_that_applies
from evaluator.evaluation import Evaluation, Provenance
from evaluator.labels import Text
from evaluator.measuring.measures import Measured
from evaluator.scoring import Model, ScoringOptions, fit, ranked, score
from evaluator.study.decisions import study_decisions
from evaluator.tree import Tree, load_tree
from evaluator.tree.names import attributes
from evaluator.tree.passes import Changes, changed
from evaluator.tree.shapes import Basis, shape_of
from evaluator.tree.types import RELATIVE, Graded, Lookup
from evaluator.weighing import profile_weights, weigh

SETUP = SimpleNamespace(file=SimpleNamespace(plan=None), language="en", branch=None)
TEXTS = ("CN", "XX", "new", "old", "unheard of", None)


@dataclass(frozen=True)
class State:
    """Weights of everybody and by profile, the cuts of matrices by side, and the bounds of grades."""

    local: dict[str, float]
    profiles: tuple[dict[str, float], ...]
    cuts: dict[str, dict[str, list[float]]]
    bounds: list[float]

    @property
    def stated(self) -> dict[str, Any]:
        return {"local": self.local, "profiles": self.profiles, "cuts": self.cuts, "bounds": self.bounds}


def population(tree: Tree, count: int, seed: int, missing: float = 0.15) -> pl.DataFrame:
    """Return customers with measures on and beyond every scale, some of them missing."""
    draw = random.Random(seed)
    columns: dict[str, list[Any]] = {"id": [f"k{number:05d}" for number in range(count)]}
    for entry in tree.indicators:
        columns[entry.measure] = [
            None if draw.random() < missing else _measure(entry, tree, draw) for _ in range(count)
        ]
    for known in attributes(tree):
        text = known.kind == "text"
        stated = [
            value for profile in (tree.profiles.of if tree.profiles else ()) for value in profile.values
        ]
        columns[known.id] = [
            draw.choice((*TEXTS, *stated))
            if text
            else draw.choice((None, draw.uniform(0, 5), draw.uniform(0, 400)))
            for _ in range(count)
        ]
    return pl.DataFrame(columns, strict=False)


def _measure(entry: Any, tree: Tree, draw: random.Random) -> Any:
    if isinstance(entry.scale, Lookup):
        return draw.choice(list(entry.scale.scores))
    if isinstance(entry.scale, Graded):
        return draw.uniform(*tree.score_range)
    if isinstance(entry.scale, RELATIVE):
        return draw.lognormvariate(2, 1)
    ends = [x for x in shape_of(entry.scale, Basis(*tree.score_range)).measures if abs(x) < float("inf")]
    low, high = min(ends), max(ends)
    return draw.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low))


def evaluated(model: Model, frame: pl.DataFrame) -> Evaluation:
    """Return the evaluation of customers, decisions included."""
    raters = {"id": pl.String, "indicator": pl.String, "raters": pl.Int64, "score": pl.Float64}
    measured = Measured(frame, date(2026, 1, 1), None, pl.DataFrame(schema={**raters, "spread": pl.Float64}))
    results = ranked(score(model, frame))
    return Evaluation(
        title=Text(zh="另一种看法", en="Seen otherwise"), language="en", tree=model.tree, panel=None,
        weights=weigh(model.tree), model=model, measured=measured, results=results, notes=(), unrated=(),
        issues=(), provenance=Provenance("0", datetime(2026, 1, 5, tzinfo=UTC), date(2026, 1, 1), (), {}),
        decisions=study_decisions(SETUP, model.tree, model, measured, results),
    )  # fmt: skip


def fitted(tree: Tree, frame: pl.DataFrame, **options: Any) -> Model:
    weights = weigh(tree)
    return fit(
        tree, weights, frame, options=ScoringOptions(**options), profiles=profile_weights(tree, weights)
    )


def drawn_state(model: Model, draw: random.Random) -> State:
    """Return random weights of all criteria, some of them 0, and other cuts and bounds."""

    def weights(local: dict[str, float]) -> dict[str, float]:
        found = dict(local)
        for parent in model.tree.groups:
            children = [child.id for child in parent.children if local.get(child.id)]
            shares = [draw.expovariate(1) if draw.random() > 0.1 else 0.0 for _ in children]
            if sum(shares) > 0:
                found |= {child: share / sum(shares) for child, share in zip(children, shares, strict=True)}
        return found

    def moved(cuts: Any) -> list[float]:
        return sorted(cut + draw.uniform(-8, 8) for cut in cuts)

    bounds = [grade.bound for grade in model.tree.grades]
    return State(
        weights(model.local),
        tuple(weights(dict(entry.local)) for entry in model.profiles),
        {name: {"x": moved(cuts.x), "y": moved(cuts.y)} for name, cuts in model.cuts.items()},
        [*reversed(moved(bounds[:-1])), bounds[-1]],
    )


def model_of(model: Model, state: State) -> Model:
    """Return the model with the weights, cuts and bounds of a state."""
    profiles = tuple(
        entry.model_copy(update={"local": own})
        for entry, own in zip(model.profiles, state.profiles, strict=True)
    )
    other = model.reweighted(state.local, profiles)
    fields = {name: getattr(other, name) for name in type(other).model_fields}
    cuts = {
        name: model.cuts[name].model_copy(update={"x": tuple(at["x"]), "y": tuple(at["y"])})
        for name, at in state.cuts.items()
    }
    return Model.model_construct(
        **{**fields, "cuts": cuts, "tree": changed(model.tree, Changes(bounds=state.bounds))}
    )


def expected(evaluation: Evaluation, state: State) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return what the engine makes of the customers in that state, and how many carry each flag.

    The customers stand in the order of the evaluation's results.
    """
    anew = evaluated(model_of(evaluation.model, state), evaluation.measured.frame)
    frame, decided = anew.results.with_columns(action=pl.lit(None, pl.String)), anew.decisions
    if decided:
        rated = frame.filter(pl.col("status") == "rated")["id"].to_list()
        first = first_that_applies(decided.candidates, rated).select("id", "action")
        frame = frame.drop("action").join(first, on="id", how="left")
    rows = evaluation.results.select("id").join(frame, on="id", how="left", maintain_order="left")
    return rows, {name: count for name, (count, _) in decided.counts.items()} if decided else {}


# --- trees that have everything ------------------------------------------------------------------

ATTRIBUTES = (
    {"id": "country", "name": "country", "kind": "text"},
    {"id": "overdue", "name": "overdue"},
    {"id": "referrals", "name": "referrals"},
)


def rule(kind: str, when: str, name: str, **stated: Any) -> dict[str, Any]:
    return {"kind": kind, "id": name, "name": name, "when": when, "reason": "test", **stated}


RULES = (
    rule("bonus", "country == 'CN'", "near", points=4.0),
    rule("bonus", "referrals > 0", "referring", points=1.5, per="referrals - 1", at_most=5.0),
    rule("veto", "overdue > 90 and not country in ['CN', 'old']", "late", at_most=55.0),
    rule("veto", "score_now < 20 or coverage_later < 0.3", "weak", at_most=30.0),
    rule("gate", "country == 'XX' and overdue / referrals > 60", "barred"),
    rule("grade_cap", "later < 30", "capped", grade="fair"),
    rule("grade_cap", "score > 70 and overdue > 200", "held", grade="poor"),
    rule("override", "m_a > 80 and now >= 50", "placed", matrix="plane", **{"class": "high_low"}),
)


def profiles(**old: float) -> dict[str, Any]:
    """Return a profile with other weights at the top, and one with these."""
    young = {"id": "young", "name": "young", "values": ("new",), "weights": {"now": 1.0, "later": 3.0}}
    others = {"id": "old", "name": "old", "values": ("old",), "weights": old}
    return {"by": "stage", "source": "test", "of": (young, others)}


LABEL = {"zh": "测试", "en": "test"}
DECIDED = {
    "flags": {
        "add": (
            {"id": "best", "name": LABEL, "level": "chance", "says": LABEL, "source": LABEL,
             "when": "grade == 'good' and class_plane != 'low_low' or score_a > 90"},
            {"id": "edge", "name": LABEL, "level": "care", "says": LABEL, "source": LABEL,
             "when": "flag_close and not flag_best and rank > 5 and unheard_of > 3 or cut_distance < 1"},
            {"id": "rules", "name": LABEL, "level": "care", "says": LABEL, "source": LABEL,
             "when": "rule_late == 'unknown' or rule_near in ['hit'] and borderline_grade == 1"},
            {"id": "axis", "name": LABEL, "level": "care", "says": LABEL, "source": LABEL,
             "when": "now - later > 10 and coverage > 0.7 and unadjusted_score != score"},
        )
    },
    "actions": (
        {"id": "save", "name": LABEL, "do": LABEL, "when": "flag_edge or flag_axis", "within_days": 14},
        {"id": "grow", "name": LABEL, "do": LABEL, "when": "class_plane in ['high_high', 'high_low']"},
        {"id": "ask", "name": LABEL, "do": LABEL, "when": "overdue > 100 and score < 60"},
    ),
}  # fmt: skip


def with_everything() -> tuple[Tree, dict[str, Any]]:
    """Sums with rules, profiles, filled and excluding leaves, a matrix, and conditions on all of it."""
    tree = made(
        group(
            "now", leaf("a", weight=3.0), leaf("b", missing="neutral"),
            group("deep", leaf("e", missing="worst"), leaf("f"), weight=2.0), weight=6.0, axis="now",
        ),
        group("later", leaf("c"), leaf("d"), leaf("g", weight=0.5), weight=4.0, axis="later"),
        matrices=(matrix({"kind": "fixed", "at": (50.0,)}, {"kind": "mean"}),),
        attributes=ATTRIBUTES, rules=RULES, profiles=profiles(a=1.0, b=2.0, deep=1.0), **DECIDED,
    )  # fmt: skip
    return tree, {"borderline": 2.0, "min_coverage": 0.55}


def of_all_kinds() -> tuple[Tree, dict[str, Any]]:
    """Every way of joining scores, two of them above one another, and an indicator that excludes."""
    tree = made(
        group(
            "now", leaf("a", weight=3.0), leaf("b"), leaf("e", missing="worst"),
            weight=6.0, axis="now", synthesis={"kind": "weighted_product"},
        ),
        group(
            "later", leaf("c"), leaf("d"),
            group("least", leaf("f"), leaf("g"), synthesis={"kind": "minimum"}),
            weight=4.0, axis="later", synthesis={"kind": "owa", "orness": 0.3},
        ),
        group(
            "filled", leaf("h", missing="neutral"), leaf("i", missing="worst"),
            synthesis={"kind": "owa", "orness": 0.7},
        ),
        group("last", leaf("j", missing="exclude"), leaf("k"), synthesis={"kind": "weighted_product"}),
        matrices=(matrix({"kind": "median"}, {"kind": "mean"}),),
    )  # fmt: skip
    return tree, {"min_coverage": 0.4}


def by_closeness() -> tuple[Tree, dict[str, Any]]:
    """TOPSIS over all leaves, with profiles and one group that joins otherwise."""
    tree = made(
        group("now", leaf("a", weight=3.0), leaf("b", missing="neutral"), weight=6.0, axis="now"),
        group(
            "later", leaf("c"), leaf("d"), leaf("e"),
            weight=4.0, axis="later", synthesis={"kind": "minimum"},
        ),
        matrices=(matrix({"kind": "mean"}, {"kind": "mean"}),), profiles=profiles(a=1.0, b=2.0),
    )  # fmt: skip
    return tree, {"synthesis": {"kind": "topsis"}, "min_coverage": 0.5}


CASES = {"everything": with_everything, "all_kinds": of_all_kinds, "closeness": by_closeness}


def case(name: str, count: int = 120, seed: int = 11) -> Evaluation:
    """Return the evaluation of a case, or of a tree that ships."""
    tree, options = CASES[name]() if name in CASES else (load_tree(name), {})
    frame = population(tree, count, seed)
    model = fitted(tree, frame, **options)
    return evaluated(model, frame)
