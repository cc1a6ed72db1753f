"""Models of every kind, the customers they are hard on, and the engine's own scores of these."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from evaluator.scoring import Model, ScoringOptions, fit, score
from evaluator.warehouse import DIALECTS
from evaluator.warehouse.exported import ModelParts
from evaluator.warehouse.parts import Type
from evaluator.weighing import profile_weights, weigh

HOSTILE = ("O'Neil\\", '"; DROP TABLE measures; --', "{{ env }} {% raw %}", "客户 /* */", "$$a$$ :b ?")
FURTHER: dict[str, Type] = {"overdue": "number", "stage": "text"}
ATTRIBUTES = (
    {"id": "stage", "name": "stage", "kind": "text"},
    {"id": "overdue", "name": "overdue", "unit": "d"},
)
FLAGS = {
    "add": (
        {"id": "late", "name": "late", "level": "risk", "when": "overdue > 30", "says": "late",
         "source": "t"},
        {"id": "both", "name": "both", "level": "risk", "when": "flag_late and not flag_close",
         "says": "both", "source": "t"},
    )
}  # fmt: skip
ACTIONS = (
    {"id": "call", "name": "call", "when": "flag_both or grade == 'poor'", "do": "call"},
    {"id": "visit", "name": "visit", "do": "visit",
     "when": "class_plane in ['high_high', 'low_high'] and now >= 40"},
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A model, the measures of its customers, and what the engine makes of them."""

    model: Model
    frame: pl.DataFrame
    wanted: pl.DataFrame
    parts: ModelParts

    def text(self, dialect: str, language: str = "en") -> str:
        return self.parts.written(DIALECTS[dialect], "measures", language).text


def rule(kind: str, when: str, name: str, **stated: Any) -> dict[str, Any]:
    return {"kind": kind, "id": name, "name": name, "when": when, "reason": "test", **stated}


RULES = (
    rule("bonus", "overdue > 10", "often", points=-2.0, per="overdue / 7", at_most=6.0),
    rule("veto", f"stage == {HOSTILE[0]!r} or m_a * 1.5 > 170", "stopped", at_most=40.0),
    rule("gate", "overdue / m_a > 5 and m_a > 0", "shut"),
    rule("grade_cap", "not (score >= 50) or coverage < 0.8", "capped", grade="fair"),
    rule("override", "m_f == 'y' and overdue <= 12", "placed", matrix="plane", **{"class": "low_low"}),
)


def customers(build: SimpleNamespace) -> pl.DataFrame:
    """Return 300 customers: values missing, NaN, infinite, on every cut and just beside it."""
    random = np.random.default_rng(8)
    cuts = [-30.0, 0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 90.0, 100.0, 60 - 5e-10, 60 - 2e-9, 1e-300]
    columns: dict[str, list[Any]] = {}
    for name in "abcdegh":
        free = random.uniform(-30, 120, 300).round(2)
        values = np.where(random.random(300) < 0.3, random.choice(cuts, 300), free)
        odd = {0: float("nan"), 1: float("inf"), 2: float("-inf"), 3: None, 4: None, 5: None, 6: None}
        columns[name] = [
            odd.get(lot, float(x)) for x, lot in zip(values, random.integers(0, 40, 300), strict=True)
        ]
    columns["f"] = [random.choice(["x", "y", "X", *HOSTILE, None]) for _ in range(300)]
    found: pl.DataFrame = build.customers(**columns)
    stages = [random.choice(["new", "新", "old", HOSTILE[0], None]) for _ in range(300)]
    overdue = [
        None if x < 0.1 else float(y)
        for x, y in zip(random.random(300), random.integers(0, 60, 300), strict=True)
    ]
    return found.with_columns(
        pl.Series("stage", stages),
        pl.Series("overdue", overdue),
        id=pl.format("0{}", pl.col("id").str.slice(1)),
    )


def finite(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a frame with null for what is no finite number, as the engine reads it before it fits."""
    numbers = [name for name, kind in frame.schema.items() if kind.is_float()]
    return frame.with_columns(pl.when(pl.col(name).is_finite()).then(name) for name in numbers)


def tree_of(build: SimpleNamespace, **stated: Any) -> Any:
    """Return a tree with every kind of scale and synthesis, memberships, filled and winsorised leaves."""
    leaf, owa = build.leaf, {"kind": "owa", "orness": 0.4}
    gaussian = {"kind": "gaussian", "grades": {"good": (90.0, 9.0), "fair": (50.0, 9.0), "poor": (10.0, 9.0)}}
    ladder = {"kind": "ladder", "centres": {"good": 10.0, "fair": 40.0, "poor": 80.0}}
    if stated.pop("small", False):
        return build.made(leaf("a", membership=gaussian), leaf("b"), **stated)
    lookup = {"kind": "lookup", "scores": {"x": 20.0, "y": 80.0, **dict.fromkeys(HOSTILE, 50.0)}}
    now = (
        leaf("a", {"kind": "percentile", "best": "high"}),
        leaf("b", {"kind": "z", "best": "high"}, winsorise=(0.05, 0.95)),
        leaf("c", {"kind": "logistic", "half": 40.0, "nine_tenths": 80.0}, missing="neutral"),
    )
    later = (
        leaf("d", {"kind": "logarithmic", "worst": 2.0, "best": 90.0}),
        leaf("e", {"kind": "step", "below": 0.0, "steps": ((10.0, 35.0), (60.0, 90.0))}),
        leaf("f", lookup, missing="exclude" if stated.pop("exclude", False) else "redistribute"),
    )
    third = (
        leaf("g", {"kind": "trapezoid", "points": (0.0, 30.0, 50.0, 90.0)}, direction="interval"),
        leaf("h", {"kind": "linear", "worst": 90.0, "best": 5.0}, direction="cost", membership=ladder),
    )
    kinds = stated.pop("kinds", (owa, {"kind": "weighted_product"}, {"kind": "minimum"}))
    words = [{"synthesis": kind} if kind else {} for kind in kinds]
    return build.made(
        build.group("now", *now, axis="now", **words[0]),
        build.group("later", *later, axis="later", **words[1]),
        build.group("third", *third, **words[2]),
        matrices=(build.matrix({"kind": "mean"}, {"kind": "quantile", "at": (0.5,)}),),
        **stated,
    )


PROFILES = {
    "by": "stage",
    "source": "test",
    "of": (
        {"id": "young", "name": "young", "values": ("new", "新"),
         "weights": {"now": 1.0, "later": 3.0, "third": 1.0}},
        {"id": "old", "name": "old", "values": ("old", HOSTILE[0]),
         "weights": {"a": 1.0, "b": 2.0, "c": 1.0}},
    ),
}  # fmt: skip
DECIDED = {"flags": FLAGS, "actions": ACTIONS}
TOPSIS = {"synthesis": {"kind": "topsis"}}
SUMS = (None, None, None)
CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "syntheses": ({}, {"borderline": 2.0}),
    "ruled": ({"kinds": SUMS, "attributes": ATTRIBUTES, "rules": RULES, **DECIDED}, {}),
    "profiles": ({"kinds": SUMS, "attributes": ATTRIBUTES, "profiles": PROFILES, "exclude": True}, {}),
    "fuzzy": ({"small": True}, {"fuzzy": {"operator": "weighted_average"}, "leading": "fuzzy"}),
    "bounded": ({}, {"fuzzy": {"operator": "min_bounded_sum"}, "leading": "fuzzy", **TOPSIS}),
}  # fmt: skip


def made_cases(words: SimpleNamespace) -> dict[str, Case]:
    """Return every kind of model by its name; `words` are those of `small_trees`."""
    frame = customers(words)
    known = finite(frame)
    found = {}
    for name, (stated, options) in CASES.items():
        tree = tree_of(words, **stated)
        weights = weigh(tree)
        profiles = profile_weights(tree, weights) if tree.profiles else {}
        chosen = ScoringOptions(min_coverage=0.4, **options)
        model = fit(tree, weights, known.head(60), options=chosen, profiles=profiles)
        found[name] = Case(model, frame, score(model, known), ModelParts(model, FURTHER))
    return found
