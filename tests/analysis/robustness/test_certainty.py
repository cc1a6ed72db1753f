"""How sure results are: closed forms, simulation, and both ways of judging customers against each other."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from evaluator import documents, scoring, weighing
from evaluator.analysis.robustness import certainty, matrices, sums
from evaluator.analysis.robustness.customers import customers_of
from evaluator.analysis.robustness.matrices import ByMatrices, is_linear
from evaluator.analysis.robustness.outcomes import Judge, Outcome
from evaluator.analysis.robustness.scores import Draws, Source
from evaluator.analysis.robustness.steps import BySteps
from evaluator.analysis.robustness.tallies import NearRanks, ranks
from evaluator.analysis.robustness.weights import local_draws
from evaluator.analysis.robustness.words import sentence
from evaluator.evaluation import Certainty
from evaluator.measuring.grades import Ratings
from evaluator.scoring import Model
from evaluator.scoring.options import ScoringOptions
from evaluator.tree import Tree
from evaluator.weighing.weight_sampling import WeightDraws, weight_draws

TREE = """
schema: 1
id: whole
name: Whole
status: custom
source: A test
weights_source: A test
grades:
  - {id: good, name: Good, score: 90, from: 60}
  - {id: fair, name: Fair, score: 60, from: 40}
  - {id: poor, name: Poor, score: 40, from: 0}
attributes: [{id: late, name: Late}]
root:
  id: whole
  name: Whole
  children:
    - {id: a, name: A, axis: now, weight: 60, children: [
       {id: x, name: X, measure: x, direction: benefit, weight: 3,
        scale: SCALE},
       {id: y, name: Y, measure: y, direction: benefit, weight: 1, missing: neutral,
        scale: {kind: linear, worst: 0, best: 100}}]}
    - {id: b, name: B, axis: then, weight: 40, children: [
       {id: z, name: Z, measure: z, direction: benefit, weight: 1, missing: worst,
        scale: {kind: linear, worst: 0, best: 100}},
       {id: g, name: G, measure: g, direction: benefit, weight: 2, scale: {kind: graded}},
       {id: e, name: E, measure: e, direction: benefit, weight: 1, missing: exclude, WINSOR
        scale: {kind: piecewise, points: [[0, 0], [30, 60], [100, 100]]}}]}
rules: [RULES]
matrices:
  - id: m
    name: M
    x: {axis: now, cut: CUT}
    y: {axis: then, cut: {kind: fixed, at: [40, 60]}, levels: [low, middle, high]}
    classes:
      - {id: ll, name: LL, x: low, y: low}
      - {id: lm, name: LM, x: low, y: middle}
      - {id: lh, name: LH, x: low, y: high}
      - {id: hl, name: HL, x: high, y: low}
      - {id: hm, name: HM, x: high, y: middle}
      - {id: hh, name: HH, x: high, y: high}
profiles:
  by: stage
  source: A test
  of: [{id: young, name: Young, values: [new], weights: {x: 1, y: 3}}]
"""
LINEAR = "{kind: linear, worst: 0, best: 100}"
PLAIN = {"SCALE": LINEAR, "CUT": "{kind: fixed, at: [50]}", "RULES": "", "WINSOR": ""}
STATIC = """
  {id: stop, kind: gate, name: Stop, when: late > 9, reason: test},
  {id: plus, kind: bonus, name: Plus, when: late < 2, points: 4, per: late, at_most: 6, reason: test},
  {id: lid, kind: veto, name: Lid, when: late > 8, at_most: 45, reason: test},
  {id: cap, kind: grade_cap, name: Cap, when: late > 7, grade: fair, reason: test},
  {id: put, kind: override, name: Put, when: late > 6.5, matrix: m, class: ll, reason: test}
"""
DRAWN = "{id: cap, kind: grade_cap, name: Cap, when: z > 50 and now < 60, grade: poor, reason: test}"
RELATIVE = {"SCALE": "{kind: percentile, best: high}", "CUT": "{kind: median}",
            "WINSOR": "winsorise: [0.05, 0.95],"}  # fmt: skip


def tree_of(changes: Mapping[str, str]) -> Tree:
    text = TREE
    for word, value in {**PLAIN, **changes}.items():
        text = text.replace(word, value)
    return documents.validate(documents.parse(text, "whole.yaml"), Tree)


def customers(count: int = 60, seed: int = 3) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    columns = {name: random.uniform(0, 100, count) for name in "xyzge"}
    for name in "xyz":
        columns[name][random.random(count) < 0.15] = np.nan
    columns["e"][:2] = np.nan
    stages = random.choice(["new", "old"], count).tolist()
    frame = pl.DataFrame({"id": [f"k{n:03}" for n in range(count)], **columns, "stage": stages})
    return frame.with_columns(
        pl.col("x", "y", "z", "g", "e").fill_nan(None), late=random.uniform(0, 10, count)
    )


def model_of(tree: Tree, frame: pl.DataFrame, **options: object) -> tuple[Model, dict[str, WeightDraws]]:
    weights = weighing.weigh(tree)
    profiles = weighing.profile_weights(tree, weights)
    model = scoring.fit(tree, weights, frame, profiles=profiles, options=ScoringOptions(**options))
    drawn = {name: weight_draws(own, draws=40, seed=1, spread=0.4)
             for name, own in {"": weights, **profiles}.items()}  # fmt: skip
    return model, drawn


def together(way: Judge, draws: Draws) -> Outcome:
    """Return what all customers come to, put together."""
    parts = list(way.outcomes(draws))
    assert [part.columns.start for part in parts[1:]] == [part.columns.stop for part in parts[:-1]]
    return Outcome(
        slice(0, parts[-1].columns.stop),
        np.concatenate([part.scores for part in parts], axis=1),
        {w: np.concatenate([part.places[w] for part in parts], axis=1) for w in parts[0].places},
    )


def sure(model: Model, frame: pl.DataFrame, drawn: dict[str, WeightDraws], **more: object) -> Certainty:
    own = {name: one for name, one in drawn.items() if name}
    return certainty(model, frame, drawn[""], profiles=own, draws=40, seed=1, **more)


RATED = pl.DataFrame(
    {"rater": ["p", "q", "r"] * 20, "id": [f"k{n // 3:03}" for n in range(60)], "indicator": ["g"] * 60,
     "score": np.random.default_rng(8).uniform(20, 95, 60)}
)  # fmt: skip
EVERY = ("given", "missing", "raters", "population")


@pytest.mark.parametrize("varied", [(), ("given",), ("missing",), ("raters",), ("population",), EVERY])
@pytest.mark.parametrize(
    "changes",
    [{}, {"RULES": STATIC}, RELATIVE, {**RELATIVE, "RULES": STATIC}],
    ids=["plain", "rules", "relative", "both"],
)
def test_matrices_and_steps_come_to_the_same(changes: Mapping[str, str], varied: tuple[str, ...]) -> None:
    frame = customers()
    heard = RATED.group_by("id").agg(mean=pl.col("score").mean())
    frame = frame.join(heard, on="id", how="left", maintain_order="left").with_columns(
        g=pl.coalesce("mean", "g")
    ).drop("mean")  # fmt: skip
    model, drawn = model_of(tree_of(changes), frame)
    assert is_linear(model)
    found = customers_of(model, frame, draw_missing="missing" in varied)
    local = local_draws(model, 40, drawn[""] if "given" in varied else None, {"young": drawn["young"]})
    source = Source(found, local, varied, seed=5, ratings=Ratings(RATED))
    draws = source.draws(range(3, 15))
    assert set(draws.scores) >= ({"x", "y"} if "missing" in varied else set())
    assert set(draws.scores) >= ({"g"} if "raters" in varied else set())
    assert (draws.population is not None) == ("population" in varied)
    one, other = together(ByMatrices(found), draws), together(BySteps(found), draws)
    with pytest.MonkeyPatch.context() as patch:  # few customers at once, and few draws of a product
        for name, value in {"TILE": 1, "LEAST": 7}.items():
            patch.setattr(matrices, name, value)
        for name, value in {"PIECE": 40, "ROWS": 5}.items():
            patch.setattr(sums, name, value)
        parts = together(ByMatrices(found), draws)
    np.testing.assert_allclose(parts.scores, one.scores, rtol=0, atol=1e-12)
    assert all((parts.places[what] == one.places[what]).all() for what in found.options)
    np.testing.assert_allclose(one.scores, other.scores, rtol=0, atol=1e-9)
    for what in found.options:
        assert (one.places[what] == other.places[what]).all(), what
        assert len(np.unique(one.places[what])) > 2
    if not varied:
        results = scoring.score(model, frame).sort("id")
        mine = dict(zip(found.leaves["id"], one.scores[0].tolist(), strict=True))
        for row in results.iter_rows(named=True):
            if row["status"] == "rated":
                assert mine[row["id"]] == pytest.approx(row["score"], abs=1e-9)
            else:
                assert np.isnan(mine[row["id"]])
        grades = [(*found.options["grade"], None)[place] for place in one.places["grade"][0]]
        known = dict(results.select("id", "grade").iter_rows())
        assert grades == [known[name] for name in found.leaves["id"]]


def test_rules_that_look_at_what_is_drawn_go_by_the_steps() -> None:
    frame = customers()
    model, drawn = model_of(tree_of({"RULES": DRAWN}), frame)
    assert not is_linear(model)
    found = sure(model, frame, drawn)
    assert found.sources == ("given", "missing")
    assert found.customers["kept_grade"].min() < 1


# --- closed forms ---------------------------------------------------------------------------------

FLAT = """
schema: 1
id: flat
name: Flat
status: custom
source: A test
weights_source: A test
grades:
  - {id: good, name: Good, score: 90, from: 60}
  - {id: poor, name: Poor, score: 40, from: 0}
root:
  id: flat
  name: Flat
  children: [CHILDREN]
"""


def flat(*leaves: str) -> Tree:
    children = ", ".join(
        f"{{id: {leaf}, name: {leaf}, measure: {leaf}, direction: benefit, weight: 1, scale: {LINEAR}}}"
        for leaf in leaves
    )
    return documents.validate(documents.parse(FLAT.replace("CHILDREN", children), "flat.yaml"), Tree)


def uniform(tree: Tree, draws: int) -> WeightDraws:
    """Weights drawn evenly from the simplex, where SMAA knows nothing of preferences."""
    drawn = np.random.default_rng(2).dirichlet(np.ones(len(tree.indicators)), draws).T
    local = {leaf.id: row for leaf, row in zip(tree.indicators, drawn, strict=True)} | {
        tree.root.id: np.ones(draws)
    }
    return WeightDraws(draws, 2, local, local, {tree.root.id: "spread"})


def drawn_flat(frame: pl.DataFrame, draws: int = 20_000) -> Certainty:
    tree = flat(*(name for name in frame.columns if name != "id"))
    model = scoring.fit(tree, weighing.weigh(tree), frame)
    return certainty(model, frame, uniform(tree, draws), draws=draws)


def test_two_criteria_and_no_preference_have_a_closed_form() -> None:
    """a leads where 80 w + 40 (1 − w) > 50 w + 60 (1 − w), which is w > 0.4; a is good where w ≥ 0.5."""
    found = drawn_flat(pl.DataFrame({"id": ["a", "b", "c"], "x": [80.0, 50.0, 5.0], "y": [40.0, 60.0, 5.0]}))
    assert found.rank_shares("a") == pytest.approx({1: 0.6, 2: 0.4}, abs=0.01)
    assert found.rank_shares("c") == {3: 1.0}
    assert found.central_weights("a") == pytest.approx({"x": 0.7, "y": 0.3}, abs=0.01)
    assert found.central_weights("b") == pytest.approx({"x": 0.2, "y": 0.8}, abs=0.01)
    assert found.central_weights("c") is None
    good = found.shares.filter(pl.col("id") == "a", pl.col("value") == "good")["share"].item()
    assert good == pytest.approx(0.5, abs=0.01)
    a = found.customers.row(0, named=True)
    assert (a["id"], a["rank"], a["rank_low"], a["rank_high"]) == ("a", 1, 1, 2)
    total = found.totals.filter(pl.col("value") == "good").row(0, named=True)
    assert total["mean"] == pytest.approx(0.5 + 0.0, abs=0.01)  # b is good only where y weighs all


def test_three_criteria_have_the_volumes_of_the_simplex() -> None:
    """Who is 40 everywhere leads where no weight exceeds 0.4: 1 − 3·0.6² + 3·0.2² = 0.04 of the simplex."""
    figures = {"x": [100.0, 0, 0, 40], "y": [0.0, 100, 0, 40], "z": [0.0, 0, 100, 40]}
    found = drawn_flat(pl.DataFrame({"id": list("abcd"), **figures}))
    first = dict(found.customers.select("id", "first").iter_rows())
    assert first == pytest.approx({"a": 0.32, "b": 0.32, "c": 0.32, "d": 0.04}, abs=0.01)
    assert found.central_weights("d") == pytest.approx(dict.fromkeys("xyz", 1 / 3), abs=0.01)


def test_a_missing_value_is_one_of_those_observed() -> None:
    """Two observed scores, 20 and 100: half of the draws each, and coverage stays what it was."""
    frame = pl.DataFrame({"id": ["a", "b", "c"], "x": [20.0, 100.0, None], "y": [60.0, 60.0, 60.0],
                          "z": [60.0, 60.0, 60.0]})  # fmt: skip
    tree = flat("x", "y", "z")
    model = scoring.fit(tree, weighing.weigh(tree), frame)
    found = certainty(model, frame, draws=4_000, seed=4)
    assert found.sources == ("missing",)
    shares = dict(found.shares.filter(pl.col("id") == "c").select("value", "share").iter_rows())
    assert shares == pytest.approx({"good": 0.5, "poor": 0.5}, abs=0.03)
    strict = scoring.fit(tree, weighing.weigh(tree), frame, options=ScoringOptions(min_coverage=0.9))
    none = certainty(strict, frame, draws=100)
    assert none.shares.filter(pl.col("id") == "c").rows() == [("c", "grade", None, 1.0)]
    assert (none.rated, none.looked) == (2, 2)


def test_raters_are_drawn_for_all_customers_at_once() -> None:
    """Two raters who always differ by the same: both customers are good, or both are not, in every draw."""
    given = pl.DataFrame({"rater": ["p", "q"] * 2, "id": ["a", "a", "b", "b"], "indicator": ["g"] * 4,
                          "score": [50.0, 80.0, 50.0, 80.0]})  # fmt: skip
    text = FLAT.replace(
        "CHILDREN", "{id: g, name: G, measure: g, direction: benefit, weight: 1, scale: {kind: graded}}"
    )
    tree = documents.validate(documents.parse(text, "flat.yaml"), Tree)
    frame = pl.DataFrame({"id": ["a", "b"], "g": [65.0, 65.0]})
    model = scoring.fit(tree, weighing.weigh(tree), frame)
    found = certainty(model, frame, ratings=Ratings(given), draws=4_000)
    assert found.sources == ("raters",)
    total = found.totals.filter(pl.col("value") == "good").row(0, named=True)
    assert total["mean"] == pytest.approx(2 * 0.75, abs=0.05)  # 50 twice in a quarter of the draws
    assert (total["low"], total["high"]) == (0, 2)
    assert not certainty(
        model, frame, ratings=Ratings(given.filter(pl.col("rater") == "p")), draws=10
    ).sources


@pytest.mark.parametrize("combine", ["mean", "median", "trimmed_mean"])
def test_raters_combine_as_they_were_measured(combine: str) -> None:
    from evaluator.analysis.robustness.raters import combined

    random = np.random.default_rng(6)
    given = random.uniform(0, 100, (5, 30)).round(0)
    given[random.random((5, 30)) < 0.3] = np.nan
    times = random.multinomial(5, [0.2] * 5, size=12)
    found = combined(given, times.astype(float), combine)
    for draw, customer in np.ndindex(found.shape):
        heard = np.repeat(given[:, customer], times[draw])
        heard = np.sort(heard[np.isfinite(heard)])
        if not len(heard):
            assert np.isnan(found[draw, customer])
            continue
        middle = heard[1:-1] if combine == "trimmed_mean" and len(heard) >= 3 else heard
        expected = np.median(heard) if combine == "median" else middle.mean()
        assert found[draw, customer] == pytest.approx(expected, abs=1e-9)


def test_the_population_is_drawn_with_its_cuts() -> None:
    """The share above a median cut stays near a half, and only who is near it changes class."""
    frame = pl.DataFrame({"id": [f"k{n:03}" for n in range(99)], "late": [0.0] * 99, "stage": ["old"] * 99}
                         | {name: [float(n) for n in range(1, 100)] for name in "xyzge"})  # fmt: skip
    model, _ = model_of(tree_of({"CUT": "{kind: median}"}), frame)
    found = certainty(model, frame, draws=1_000, seed=3)
    assert found.sources == ("population",)
    kept = dict(found.customers.select("id", "kept_class_m").iter_rows())
    assert kept["k000"] == kept["k098"] == 1
    assert 0.3 < kept["k049"] < 0.7
    # the median of 99 numbers drawn anew from 1 … 99 lies above 54.5 with the chance that at most 49 do not
    from scipy.stats import binom

    assert kept["k054"] == pytest.approx(1 - binom.cdf(49, 99, 55 / 99), abs=0.04)


# --- what must hold ---------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_whatever_is_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from evaluator.analysis.robustness import drawing

    frame = customers()
    model, drawn = model_of(tree_of(RELATIVE), frame)
    one = sure(model, frame, drawn)
    monkeypatch.setattr(drawing, "CELLS", 60 * 7)
    monkeypatch.setattr(drawing, "MOVED", 60 * 3)
    other = sure(model, frame, drawn)
    for table in ("customers", "shares", "totals", "alone"):
        assert getattr(one, table).write_csv() == getattr(other, table).write_csv()
    assert certainty(model, frame, drawn[""], draws=40, seed=2).shares.write_csv() != one.shares.write_csv()


def test_too_few_customers_behind_references_give_no_shares() -> None:
    frame = customers(29)
    model, drawn = model_of(tree_of(RELATIVE), frame)
    found = sure(model, frame, drawn)
    assert [issue.code for issue in found.issues] == ["SURE-101"]
    assert not found.known
    assert (found.customers.height, found.shares.height, found.totals.height) == (0, 0, 0)
    with pytest.raises(ValueError, match="nothing sure"):
        found.rank_shares("k001")
    assert sure(*_with_fixed_cuts(frame)).known


def _with_fixed_cuts(frame: pl.DataFrame) -> tuple[Model, pl.DataFrame, dict[str, WeightDraws]]:
    model, drawn = model_of(tree_of({}), frame)
    return model, frame, drawn


def test_of_many_a_seeded_sample_is_drawn_and_said() -> None:
    frame = customers()
    model, drawn = model_of(tree_of({}), frame)
    found = sure(model, frame, drawn, most=20)
    assert found.customers.height == 20
    assert found.looked < found.rated
    assert "SURE-106" in {issue.code for issue in found.issues}
    said = sentence(found, "customer", "en")
    assert f"sample of {found.looked} of the {found.rated} rated" in said
    assert found.customers.equals(sure(model, frame, drawn, most=20).customers)
    assert sure(model, frame, drawn, most=None).customers.height == 60


def test_what_is_taken_as_certain_is_said() -> None:
    frame = customers().with_columns(pl.col("x", "y", "z", "e").fill_null(50.0))
    model, _ = model_of(tree_of({}), frame)
    weights = weighing.weigh(tree_of({}))
    found = certainty(model, frame, weight_draws(weights, draws=10), draws=10)
    assert [issue.code for issue in found.issues] == ["SURE-102", "SURE-105"]
    assert not found.known  # draws of nothing would all be alike
    assert not found.customers.height
    assert found.actions == {}
    later, _ = model_of(tree_of(RELATIVE), customers(seed=9))
    assert "SURE-107" in {issue.code for issue in certainty(later, frame, draws=10).issues}


def test_weights_drawn_another_number_of_times_are_refused() -> None:
    frame = customers()
    model, drawn = model_of(tree_of({}), frame)
    with pytest.raises(ValueError, match="drawn 50 times"):
        certainty(model, frame, drawn[""], draws=50)


def test_memory_does_not_grow_with_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    from evaluator.analysis.robustness import drawing

    monkeypatch.setattr(drawing, "CELLS", 60_000)
    monkeypatch.setattr(drawing, "MOVED", 60_000)
    frame = customers(300).fill_null(50.0)
    model, _ = model_of(tree_of({}), frame)
    weights = weighing.weigh(tree_of({}))

    def peak(draws: int) -> int:
        drawn = weight_draws(weights, draws=draws, seed=1, spread=0.3)
        tracemalloc.start()
        certainty(model, frame, drawn, draws=draws)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(2_000) < 1.5 * peak(500)


# --- actions ----------------------------------------------------------------------------------------


def test_an_action_stays_as_often_as_its_classes_give_it() -> None:
    """Each draw decided by itself, with the classes it comes to, gives the share that is told."""
    from datetime import date

    from evaluator.actions.decided import decide
    from evaluator.tree.decisions import Action

    frame = customers()
    name = {"zh": "一", "en": "One"}
    actions = (Action(id="keep", name=name, do=name, when="class_m in ['hh', 'hm'] and late < 8"),
               Action(id="lift", name=name, do=name, when="grade == 'fair' and class_m != 'll'"))  # fmt: skip
    tree = tree_of({"RULES": STATIC}).model_copy(update={"actions": actions})
    model, drawn = model_of(tree, frame)
    results = scoring.score(model, frame)
    rated = results.filter(pl.col("status") == "rated")
    know = rated.join(frame.select("id", *set(frame.columns) - set(rated.columns)), on="id", how="left")
    decided = decide(know, tree, day=date(2026, 1, 1))
    found = sure(model, frame, drawn, decisions=decided)
    held_ = customers_of(model, frame, draw_missing=True)
    local = local_draws(model, 40, drawn[""], {"young": drawn["young"]})
    draws = Source(held_, local, found.sources, seed=1, ratings=None).draws(range(40))
    outcome = together(BySteps(held_), draws)
    times = dict.fromkeys(know["id"], 0)
    given = dict(decided.customers.select("id", "action").iter_rows())
    for draw in range(40):
        classes = {column: [(*held_.options[what], None)[place] for place in outcome.places[what][draw]]
                   for what, column in (("grade", "grade"), ("m", "class_m"))}  # fmt: skip
        now = pl.DataFrame({"id": held_.leaves["id"], **classes}).filter(~np.isnan(outcome.scores[draw]))
        other = decide(know.drop("grade", "class_m").join(now, on="id"), tree, day=date(2026, 1, 1))
        for customer, action in other.customers.select("id", "action").iter_rows():
            times[customer] += given[customer] == action
    assert dict(found.given.select("id", "kept").iter_rows()) == pytest.approx(
        {customer: count / 40 for customer, count in times.items()}
    )
    assert set(found.actions) == set(given.values()) == {"keep", "lift", "none_stated"}
    keep = found.given.filter(pl.col("action") == "keep")["kept"]
    assert found.actions["keep"] == pytest.approx(keep.mean())
    assert 0.2 < found.actions["keep"] < 1
    assert "SURE-109" not in {issue.code for issue in found.issues}
    alone = found.alone.filter(pl.col("what") == "action")
    assert alone["source"].to_list() == ["given", "missing"]
    least = dict(found.customers.select("id", "kept_action").drop_nulls().iter_rows())
    assert least == dict(found.given.select("id", "kept").iter_rows())


def test_actions_that_read_scores_keep_them_and_say_so() -> None:
    from datetime import date

    from evaluator.actions.decided import decide
    from evaluator.tree.decisions import Action

    frame = customers().with_columns(pl.col("x", "y", "z", "e").fill_null(50.0))
    name = {"zh": "一", "en": "One"}
    tree = tree_of({}).model_copy(
        update={"actions": (Action(id="top", name=name, do=name, when="score >= 50"),)}
    )
    model, drawn = model_of(tree, frame)
    decided = decide(scoring.score(model, frame), tree, day=date(2026, 1, 1))
    found = sure(model, frame, drawn, decisions=decided)
    assert "SURE-109" in {issue.code for issue in found.issues}
    assert set(found.actions.values()) == {1.0}


@pytest.mark.parametrize(("count", "codes"), [(1, ["SURE-103"]), (2, ["SURE-104"]), (3, [])])
def test_weights_that_rest_on_few_are_named(count: int, codes: list[str]) -> None:
    """Two criteria compared once: nothing can contradict it, so only three experts show how sure it is."""
    from evaluator.analysis.robustness.remarks import thin_grounds
    from evaluator.weighing.panel import Expert, Judgment, Panel

    experts = tuple(Expert(id=f"e{n}") for n in range(count))
    asked = tuple(Judgment(expert=e.id, group="flat", a="x", b="y", value=n + 2.0)
                  for n, e in enumerate(experts))  # fmt: skip
    weights = weighing.weigh(flat("x", "y"), Panel(experts, asked))
    assert [issue.code for issue in thin_grounds(weights)] == codes


@pytest.mark.parametrize(
    "scores",
    [
        np.random.default_rng(1).normal(50, 3, 20_000),
        -np.random.default_rng(2).lognormal(0, 2, 20_000),
        np.random.default_rng(3).normal(50, 3, 20_000).round(1),
        np.full(20_000, 50.0),
    ],
    ids=["normal", "skewed", "tied", "equal"],
)
def test_ranks_of_many_are_near_and_the_first_are_exact(scores: np.ndarray) -> None:
    near, exact = NearRanks(scores), ranks(scores[None, :])[0]
    told = near.ranks[near.cells]
    crowded = np.flatnonzero(told == 0)
    told[crowded] = near.exact(crowded)
    np.testing.assert_allclose(told, exact, rtol=0.002)
    assert (told[exact <= 100] == exact[exact <= 100]).all()
