"""What must hold for every tree and every customer, by random trees and random data."""

from dataclasses import dataclass
from math import fsum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tree_strategies import POLICIES, trees

from evaluator.analysis import explanations
from evaluator.errors import EvaluationError
from evaluator.scoring import Model, fit, load_model, ranked, score
from evaluator.scoring.options import ScoringOptions
from evaluator.tree import Group, Tree
from evaluator.weighing import weigh

LAWFUL = settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.generate))


@dataclass(frozen=True)
class Case:
    """A tree with given weights, its customers, and the model fitted on them."""

    tree: Tree
    frame: pl.DataFrame
    model: Model


@st.composite
def cases(draw: st.DrawFn, policies: tuple[str, ...] = POLICIES) -> Case:
    tree = draw(trees(policies))
    rows = draw(st.integers(2, 8))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns: dict[str, pl.Series] = {"id": pl.Series([f"k{row}" for row in range(rows)])}
    for leaf in tree.indicators:
        values = random.uniform(-30, 120, rows).round(random.integers(0, 3))
        values[1:][random.random(rows - 1) < 0.25] = (
            np.nan
        )  # the first is complete: every scale has a population
        columns[leaf.measure] = pl.Series(values, nan_to_null=True)
    frame = pl.DataFrame(columns)
    least = draw(st.sampled_from((0.0, 0.3, 0.6)))
    return Case(tree, frame, fit(tree, weigh(tree), frame, options=ScoringOptions(min_coverage=least)))


@LAWFUL
@given(cases(), st.randoms(use_true_random=False))
def test_a_score_does_not_depend_on_who_else_is_scored(case: Case, random: Any) -> None:
    together = score(case.model, case.frame)
    order = list(range(len(case.frame)))
    random.shuffle(order)
    assert score(case.model, case.frame[order]).equals(together[order])
    assert score(case.model, case.frame[order[0] : order[0] + 1]).equals(together[order[0] : order[0] + 1])


@LAWFUL
@given(cases())
def test_pandas_and_lazy_frames_give_what_polars_gives(case: Case) -> None:
    wanted = score(case.model, case.frame)
    assert score(case.model, case.frame.lazy()).collect().equals(wanted)
    pandas = pd.DataFrame({c.name: c.to_list() for c in case.frame}, index=range(100, 100 + len(case.frame)))
    found = score(case.model, pandas)
    assert found.index.equals(pandas.index)
    for column in wanted:
        if column.dtype.is_float():
            np.testing.assert_allclose(found[column.name].to_numpy(), column.to_numpy(), rtol=0, atol=1e-12)


@LAWFUL
@given(cases())
def test_a_group_lies_between_the_least_and_the_most_of_its_children(case: Case) -> None:
    for row in score(case.model, case.frame).with_columns(score_value="score").to_dicts():
        for group in case.tree.groups:
            known = [row[f"score_{c.id}"] for c in group.children if row[f"score_{c.id}"] is not None]
            found = row[f"score_{group.id}"]
            if found is not None:
                assert min(known) - 1e-9 <= found <= max(known) + 1e-9
            else:
                assert not known or row["status"] == "excluded"


@LAWFUL
@given(cases())
def test_contributions_add_up_to_the_score(case: Case) -> None:
    result = score(case.model, case.frame).to_dicts()
    for row, found in zip(result, explanations(case.model, case.frame), strict=True):
        assert (found.score, found.status, found.grade) == (row["score"], row["status"], row["grade"])
        assert found.classes == {"plane": row["class_plane"]}
        assert sum(entry.clamped for entry in found.contributions) == row["clamped"]
        observed = fsum(entry.weight for entry in found.contributions if entry.handling == "observed")
        assert observed == pytest.approx(row["coverage"], abs=1e-9)
        if found.score is None:
            continue
        assert fsum(entry.points or 0.0 for entry in found.contributions) == pytest.approx(
            found.score, abs=1e-9
        )
        assert fsum(entry.effective_weight or 0.0 for entry in found.contributions) == pytest.approx(
            1, abs=1e-9
        )
        if found.status == "rated":
            assert found.reasons == ()
        else:
            assert found.reasons[0] == row["reason"]


@LAWFUL
@given(cases())
def test_only_the_rated_have_grade_class_and_rank(case: Case) -> None:
    """Nothing unknown falls into the lowest class."""
    for row in ranked(score(case.model, case.frame)).to_dicts():
        rated = row["status"] == "rated"
        assert (row["grade"] is not None) == rated
        assert (row["rank"] is not None) == rated
        axes = row["score_now"] is not None and row["score_later"] is not None
        assert (row["class_plane"] is not None) == (rated and axes)
        if rated:
            best = next(g.id for g in case.tree.grades if row["score"] >= g.from_ - 1e-9)
            assert row["grade"] == best


@LAWFUL
@given(trees(("redistribute",)), st.sampled_from((40.0, 70.0)))
def test_a_customer_whose_leaves_all_stand_at_a_cut_reaches_it(tree: Tree, cut: float) -> None:
    """However the weights divide one, their sum of equal scores must not fall below the cut."""
    data = tree.model_dump(by_alias=True)

    def graded(node: dict[str, Any]) -> dict[str, Any]:
        if "children" in node:
            return {**node, "children": tuple(graded(child) for child in node["children"])}
        return {**node, "direction": "benefit", "scale": {"kind": "graded", "anchors": {}}}

    tree = Tree.model_validate({**data, "root": graded(data["root"])})
    frame = pl.DataFrame({"id": ["k"]} | {leaf.measure: [cut] for leaf in tree.indicators})
    row = score(fit(tree, weigh(tree), frame), frame).row(0, named=True)
    assert row["grade"] == ("good" if cut == 70 else "fair")
    assert row["class_plane"] == ("high_high" if cut == 70 else "middle_middle")


@LAWFUL
@given(cases(("redistribute", "neutral", "worst")), st.floats(0.1, 50), st.integers(0, 10**6))
def test_a_better_measure_never_lowers_the_score(case: Case, more: float, pick: int) -> None:
    """Raising a benefit (lowering a cost) of a complete customer moves no score on its path down."""
    customer = case.frame.head(1)
    leaf = case.tree.indicators[pick % len(case.tree.indicators)]
    if leaf.direction == "interval":
        return
    step = more if leaf.direction == "benefit" else -more
    better = customer.with_columns((pl.col(leaf.measure) + step).alias(leaf.measure))
    before, after = (score(case.model, frame).row(0, named=True) for frame in (customer, better))
    for node in case.tree.path(leaf.id)[1:]:
        assert after[f"score_{node}"] >= before[f"score_{node}"] - 1e-9
    assert after[f"score_{leaf.id}"] >= before[f"score_{leaf.id}"], "a scale does not turn in its last bit"
    assert after["score"] >= before["score"] - 1e-9


@LAWFUL
@given(cases())
def test_a_saved_model_scores_bit_for_bit(case: Case) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        case.model.save(path)
        assert score(load_model(path), case.frame).equals(score(case.model, case.frame))


@LAWFUL
@given(cases())
def test_a_leaf_that_must_not_be_missing_stops_exactly_those_without_it(case: Case) -> None:
    leaf = case.tree.indicators[0]
    data = case.tree.model_dump(by_alias=True)

    def strict(node: dict[str, Any]) -> dict[str, Any]:
        if "children" in node:
            return {**node, "children": tuple(strict(child) for child in node["children"])}
        return {**node, "missing": "error"} if node["id"] == leaf.id else node

    tree = Tree.model_validate({**data, "root": strict(data["root"])})
    assert isinstance(tree.root, Group)
    model = fit(tree, weigh(tree), case.frame)
    lacking = case.frame.filter(pl.col(leaf.measure).is_null())
    if len(lacking):
        with pytest.raises(EvaluationError) as raised:
            score(model, case.frame)
        (issue,) = raised.value.issues
        assert (issue.code, issue.detail["count"]) == ("SCORE-617", len(lacking))
    else:
        assert len(score(model, case.frame)) == len(case.frame)
