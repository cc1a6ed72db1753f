"""What if: the page comes to what the engine comes to, for any weights and cuts, in a real browser."""

import json
import math
import random
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from small_trees import customers, two_axes
from whatif_cases import CASES, State, case, drawn_state, evaluated, expected, fitted, population

import evaluator
from evaluator.analysis import with_weights
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.page.whatif import NotOffered, WhatIf, what_if
from evaluator.scoring import ranked, score
from evaluator.tree import bundled
from evaluator.tree.passes import Changes, changed

SCRIPTS = Path(evaluator.__file__).parents[1] / "templates/page/js"
MODULES = ("conditions", "engine", "breakevens")
STANDINGS = ("rated", "insufficient", "excluded")
RUN = """
({ contract, states }) => {
  const engine = window.page.engine;
  const model = engine.decoded(contract);
  const plain = (values) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Array.from(value)]));
  return [model.evaluated, ...states].map((state) => {
    const found = engine.evaluate(model, state);
    return { score: Array.from(found.score), scores: plain(found.scores), observed: plain(found.observed),
      status: Array.from(found.status), reason: found.reason, grade: found.grade, classes: found.classes,
      rank: Array.from(found.rank), action: found.action, counts: engine.counted(model, found) };
  });
}
"""


@pytest.fixture(scope="module")
def engine(browser):
    """A window with the engine of the page and nothing else."""
    window = browser.new_page()
    modules = "\n".join((SCRIPTS / f"{name}.js").read_text("utf-8") for name in MODULES)
    window.add_script_tag(content=f"var page = {{}};\n{modules}")
    yield window
    window.close()


def anew(window, evaluation: Evaluation, states: list[State]) -> list[dict]:
    """Return what the page makes of its customers as evaluated, and in each of the states."""
    offered = what_if(Context(evaluation, "en"))
    assert isinstance(offered, WhatIf), offered
    contract = json.loads(json.dumps(offered.compact(), allow_nan=False))
    return window.evaluate(RUN, {"contract": contract, "states": [state.stated for state in states]})


def close(found: list[float], wanted: pl.Series) -> None:
    """Assert that numbers are equal to 1e-9, and missing alike."""
    for here, there in zip(found, wanted.to_list(), strict=True):
        missing = here is None or math.isnan(here)
        assert missing == (there is None)
        assert missing or here == pytest.approx(there, abs=1e-9)


def alike(found: dict, evaluation: Evaluation, state: State) -> None:
    """Assert that page and engine come to the same: numbers to 1e-9, all else exactly."""
    (wanted, flags), tree = expected(evaluation, state), evaluation.model.tree
    close(found["score"], wanted["score"])
    for group in tree.groups[1:]:
        close(found["scores"][group.id], wanted[f"score_{group.id}"])
    close(found["observed"][tree.root.id], wanted["coverage"])
    for axis, group in tree.axes.items():
        close(found["observed"][group.id], wanted[f"coverage_{axis}"])
    assert [STANDINGS[place] for place in found["status"]] == wanted["status"].to_list()
    assert found["reason"] == wanted["reason"].to_list()
    assert found["grade"] == wanted["grade"].to_list()
    for matrix in tree.matrices:
        assert found["classes"][matrix.id] == wanted[f"class_{matrix.id}"].to_list()
    assert [None if math.isnan(rank) else int(rank) for rank in found["rank"]] == wanted["rank"].to_list()
    if evaluation.decisions:
        assert found["action"] == wanted["action"].to_list()
    assert found["counts"]["flags"] == flags


@pytest.mark.parametrize("name", CASES)
def test_the_page_comes_to_what_the_engine_comes_to_at_twenty_random_weights(engine, name: str) -> None:
    """With missing data, fillings, exclusions, rules, profiles, flags, actions and every synthesis."""
    evaluation = case(name)
    draw = random.Random(20)
    states = [drawn_state(evaluation.model, draw) for _ in range(20)]
    before, *found = anew(engine, evaluation, states)
    assert before["counts"] == counted(evaluation)
    for state, one in zip(states, found, strict=True):
        alike(one, evaluation, state)
    assert len({tuple(one["grade"]) for one in (before, *found)}) == 21  # the weights do something


@pytest.mark.parametrize("name", bundled())
def test_every_tree_that_ships_is_evaluated_anew(engine, name: str) -> None:
    evaluation = case(name, count=40, seed=3)
    state = drawn_state(evaluation.model, random.Random(7))
    before, found = anew(engine, evaluation, [state])
    assert before["score"] != found["score"]
    alike(found, evaluation, state)


def counted(evaluation: Evaluation) -> dict:
    """Return how many of the rated have each grade, class, action and flag, as the engine has it."""
    rated = evaluation.results.filter(pl.col("status") == "rated")
    tally = lambda values: dict(values.drop_nulls().value_counts().iter_rows())  # noqa: E731
    flags = {name: count for name, (count, _) in evaluation.decisions.counts.items()}
    return {
        "rated": rated.height,
        "grades": tally(rated["grade"]),
        "classes": {matrix.id: tally(rated[f"class_{matrix.id}"]) for matrix in evaluation.tree.matrices},
        "actions": evaluation.decisions.given(),
        "flags": flags,
    }


def test_what_the_page_holds_is_not_rounded_and_says_what_is_missing() -> None:
    """A double in base64 is the double; an indicator that nobody has is NaN, and its slider is locked."""
    evaluation = case("everything")
    offered = what_if(Context(evaluation, "en"))
    frame = evaluation.results
    for leaf in ("a", "c", "d"):
        held = pl.Series(offered.leaves[leaf])
        assert held.is_nan().to_list() == frame[f"score_{leaf}"].is_null().to_list()
        assert held.fill_nan(None).to_list() == frame[f"score_{leaf}"].to_list()
    assert 0 < offered.seen["b"].sum() < frame.height
    assert offered.evaluated["actions"] == evaluation.decisions.given()


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"leading": "fuzzy", "fuzzy": {"operator": "weighted_average"}}, "whatif.refused.fuzzy")],
)
def test_what_the_page_cannot_evaluate_is_refused_and_said(options, reason) -> None:
    tree = two_axes()
    frame = customers(a=[10.0, 60.0], b=[20.0, 70.0], c=[50.0, 5.0], d=[50.0, 50.0])
    refused = what_if(Context(evaluated(fitted(tree, frame, **options), frame), "en"))
    assert isinstance(refused, NotOffered)
    assert refused.reason == reason


def test_more_than_ten_thousand_customers_are_not_offered(monkeypatch) -> None:
    monkeypatch.setattr("evaluator.reports.page.whatif.MOST", 100)
    refused = what_if(Context(case("everything"), "en"))
    assert refused == NotOffered("whatif.refused.many", {"count": 120, "most": 100})


def test_a_condition_on_the_fuzzy_evaluation_is_refused_by_name() -> None:
    label = {"zh": "测试", "en": "test"}
    flag = {"id": "vague", "name": label, "level": "care", "says": label, "source": label,
            "when": "alpha < 0.4 or fuzzy_score < 30"}  # fmt: skip
    tree = two_axes(flags={"add": (flag,)})
    frame = customers(a=[10.0, 60.0], b=[20.0, 70.0], c=[50.0, 5.0], d=[50.0, 50.0])
    model = fitted(tree, frame, fuzzy={"operator": "weighted_average"})
    refused = what_if(Context(evaluated(model, frame), "en"))
    assert refused == NotOffered("whatif.refused.condition", {"name": "alpha"})


BREAKS = """
({ contract, nodes }) => {
  const model = window.page.engine.decoded(contract);
  const of = (node) => window.page.breakEvens.of(model, model.evaluated, 0, node);
  return Object.fromEntries(nodes.map((node) => [node, of(node)]));
}
"""


def leaders(evaluation: Evaluation, node: str, weight: float) -> set[int]:
    """Return the places of the customers that the engine ranks first at a weight."""
    model = with_weights(evaluation.model, {node: weight})
    found = ranked(score(model, evaluation.measured.frame)).filter(pl.col("rank") == 1)
    return {evaluation.results["id"].to_list().index(one) for one in found["id"]}


def test_break_even_weights_are_where_the_engine_ranks_somebody_else_first(engine) -> None:
    """On straight lines none is missed: between two of them one customer leads all along."""
    tree = two_axes()
    draw = random.Random(5)
    angles = [draw.uniform(0.1, 1.4) for _ in range(60)]  # who is strong in one is weak in the other
    sides = {"a": math.cos, "b": math.cos, "c": math.sin, "d": math.sin}
    frame = customers(
        **{name: [75 * side(angle) + draw.uniform(0, 25) for angle in angles] for name, side in sides.items()}
    )
    evaluation = evaluated(fitted(tree, frame), frame)
    contract = what_if(Context(evaluation, "en")).compact()
    found = engine.evaluate(BREAKS, {"contract": contract, "nodes": ["now", "a", "c"]})
    assert sum(len(one["marks"]) for one in found.values()) > 4
    for node, one in found.items():
        assert one["lines"]
        stops = [0.0, *(mark["weight"] for mark in one["marks"]), 1.0]
        order = [one["least"], *(mark["first"] for mark in one["marks"])]
        for (low, high), first in zip(pairwise(stops), order, strict=True):
            for share in (0.001, 0.3, 0.6, 0.999):
                assert leaders(evaluation, node, low + share * (high - low)) == {first}
        for mark in one["marks"]:
            scores = score(with_weights(evaluation.model, {node: mark["weight"]}), evaluation.measured.frame)[
                "score"
            ].sort(descending=True)
            assert scores[0] == pytest.approx(scores[1], abs=1e-9)


def test_break_evens_with_missing_data_and_rules_are_looked_for_in_steps(engine) -> None:
    tree, options = CASES["everything"]()
    frame = population(tree, 120, 11)
    evaluation = evaluated(fitted(changed(tree, Changes(profiles="off")), frame, **options), frame)
    contract = what_if(Context(evaluation, "en")).compact()
    found = engine.evaluate(BREAKS, {"contract": contract, "nodes": ["now", "a", "c"]})
    assert sum(len(one["marks"]) for one in found.values()) > 2
    for node, one in found.items():
        assert not one["lines"]
        last = one["least"]
        for mark in one["marks"]:
            before, after = (leaders(evaluation, node, mark["weight"] + step) for step in (-1e-5, 1e-5))
            assert last in before
            assert last not in after
            assert mark["first"] in after
            last = mark["first"]
