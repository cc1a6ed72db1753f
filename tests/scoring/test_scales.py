"""Each scale on hand-computed measures, and the laws its entry names."""

from types import SimpleNamespace
from typing import Any, get_args

import narwhals as nw
import polars as pl
import pytest

from evaluator.columns import enter, to_polars
from evaluator.scoring import SCALES
from evaluator.scoring.fitting import distribution
from evaluator.scoring.scales import scored
from evaluator.tree.shapes import Basis, Moments
from evaluator.tree.types import (
    Efficacy,
    Graded,
    Linear,
    Logarithmic,
    Logistic,
    Lookup,
    Percentile,
    Piecewise,
    Scale,
    Step,
    Trapezoid,
    ZScore,
)

POPULATION = distribution(pl.Series([1.0, 2.0, 2.0, 5.0]).to_numpy())
MOMENTS = Moments(mean=2.5, deviation=1.5, count=4)
BASIS = Basis(0.0, 100.0, POPULATION, MOMENTS)


def apply(scale: Any, values: list[Any], basis: Basis = BASIS) -> tuple[list[float | None], list[int]]:
    result = scored(scale, nw.col("x"), basis)
    frame = enter(pl.DataFrame({"x": values})).frame
    done = to_polars(frame.select("x").with_columns(result.score.alias("s"), result.beyond.alias("b")))
    return done["s"].to_list(), done["b"].to_list()


def test_every_scale_of_the_tree_has_one_implementation() -> None:
    members = get_args(get_args(Scale)[0])
    kinds = {get_args(get_args(member)[0].model_fields["kind"].annotation)[0] for member in members}
    assert set(SCALES.names()) == kinds


CASES = {
    "piecewise": (
        Piecewise(kind="piecewise", points=((0, 0), (50, 60), (200, 80))),
        [-1.0, 0.0, 25.0, 125.0, 200.0, 201.0, None],
        [0, 0, 30, 70, 80, 80, None],
        [1, 0, 0, 0, 0, 1, 0],
    ),
    "linear": (
        Linear(kind="linear", worst=10, best=30),
        [5.0, 10.0, 15.0, 30.0, 35.0, None],
        [0, 0, 25, 100, 100, None],
        [1, 0, 0, 0, 1, 0],
    ),
    "linear_cost": (
        Linear(kind="linear", worst=30, best=10),
        [5.0, 10.0, 15.0, 30.0, 35.0],
        [100, 100, 75, 0, 0],
        [1, 0, 0, 0, 1],
    ),
    "step": (
        Step(kind="step", below=10, steps=((0, 40), (5, 90))),
        [-1.0, 0.0, 4.9, 5 - 1e-10, 99.0, None],
        [10, 40, 40, 90, 90, None],
        [0, 0, 0, 0, 0, 0],
    ),
    "trapezoid": (
        Trapezoid(kind="trapezoid", points=(0, 10, 20, 40)),
        [-1.0, 0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 41.0, None],
        [0, 0, 50, 100, 100, 100, 50, 0, 0, None],
        [1, 0, 0, 0, 0, 0, 0, 0, 1, 0],
    ),
    "trapezoid_target": (
        Trapezoid(kind="trapezoid", points=(10, 10, 10, 10)),
        [9.9, 10 - 1e-10, 10.0, 10.1],
        [0, 100, 100, 0],
        [1, 1, 0, 1],
    ),
    "percentile": (
        Percentile(kind="percentile", best="high"),
        [0.0, 1.0, 1.5, 2.0, 5.0, 6.0, None],
        [12.5, 12.5, 31.25, 50, 87.5, 87.5, None],
        [1, 0, 0, 0, 0, 1, 0],
    ),
    "percentile_low": (
        Percentile(kind="percentile", best="low"),
        [0.0, 1.0, 2.0, 5.0, 6.0],
        [87.5, 87.5, 50, 12.5, 12.5],
        [1, 0, 0, 0, 1],
    ),
    "z": (
        ZScore(kind="z", best="high", reach=2.0),
        [-2.0, 2.5, 4.0, 5.5, 8.0, None],
        [0, 50, 75, 100, 100, None],
        [1, 0, 0, 0, 1, 0],
    ),
    "z_low": (ZScore(kind="z", best="low", reach=2.0), [2.5, 4.0, 8.0], [50, 25, 0], [0, 0, 1]),
    "efficacy": (
        Efficacy(kind="efficacy", unacceptable=10, satisfactory=50),
        [-60.0, -50.0, 0.0, 10.0, 30.0, 50.0, 51.0, None],
        [0, 0, 50, 60, 80, 100, 100, None],
        [1, 0, 0, 0, 0, 0, 1, 0],
    ),
    "efficacy_cost": (
        Efficacy(kind="efficacy", unacceptable=90, satisfactory=30, base=50, top=90),
        [200.0, 165.0, 90.0, 60.0, 30.0, 15.0, 0.0],
        [0, 0, 50, 70, 90, 100, 100],
        [1, 0, 0, 0, 0, 0, 1],
    ),
    "logarithmic": (
        Logarithmic(kind="logarithmic", worst=10, best=1000),
        [-5.0, 0.0, 10.0, 100.0, 1000.0, 1e6, None],
        [0, 0, 0, 50, 100, 100, None],
        [1, 1, 0, 0, 0, 1, 0],
    ),
    "logarithmic_cost": (
        Logarithmic(kind="logarithmic", worst=100, best=1),
        [0.5, 1.0, 10.0, 100.0, 101.0],
        [100, 100, 50, 0, 0],
        [1, 0, 0, 0, 1],
    ),
    "logistic": (
        Logistic(kind="logistic", half=20, nine_tenths=30),
        [-1e9, 10.0, 20.0, 30.0, 40.0, 1e9, None],
        [0, 10, 50, 90, 100 / (1 + 1 / 81), 100, None],
        [0, 0, 0, 0, 0, 0, 0],
    ),
    "lookup": (
        Lookup(kind="lookup", scores={"框架": 90, "订单": 60}),
        ["框架", "订单", "其他", None],
        [90, 60, None, None],
        [0, 0, 0, 0],
    ),
    "graded": (Graded(kind="graded"), [85.0, 101.0, -1.0, None], [85, 100, 0, None], [0, 1, 1, 0]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_scale_gives_the_scores_computed_by_hand(case: str) -> None:
    scale, values, scores, flags = CASES[case]
    found, beyond = apply(scale, values)
    assert found == pytest.approx(scores, abs=1e-9)
    assert beyond == flags


@pytest.mark.parametrize("case", [c for c in CASES if "monotone" in SCALES[CASES[c][0].kind].laws])
def test_a_monotone_scale_never_turns(case: str) -> None:
    scale = CASES[case][0]
    scores, _ = apply(scale, [x / 7 for x in range(-70, 800)])
    rising = scores[::-1] if case.endswith(("_cost", "_low")) else scores
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]


@pytest.mark.parametrize("case", [c for c in CASES if "ends" in SCALES[CASES[c][0].kind].laws])
def test_beyond_its_ends_a_scale_holds_the_end_score_and_says_so(case: str) -> None:
    scale = CASES[case][0]
    (far, farther, low, lower), beyond = apply(scale, [1e6, 1e9, -1e6, -1e9])
    assert far == farther
    assert low == lower
    assert beyond == [1, 1, 1, 1]


def test_trapezoid_keeps_to_the_range_of_the_tree() -> None:
    found, _ = apply(CASES["trapezoid"][0], [-5.0, 5.0, 15.0, 30.0], Basis(20.0, 60.0))
    assert found == pytest.approx([20, 40, 60, 40])


def test_a_population_of_one_value_scores_everybody_in_the_middle() -> None:
    basis = Basis(0, 100, distribution(pl.Series([3.0, 3.0]).to_numpy()))
    assert apply(Percentile(kind="percentile", best="high"), [2.0, 3.0, 4.0], basis) == ([50] * 3, [1, 0, 1])


def test_a_percentile_without_population_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="fitted"):
        apply(Percentile(kind="percentile", best="high"), [1.0], Basis(0, 100))


@pytest.mark.parametrize("best", ["high", "low"])
def test_a_population_without_deviation_scores_everybody_in_the_middle(best: Any) -> None:
    scale = ZScore(kind="z", best=best)
    constant = Basis(0, 100, None, Moments(mean=3.0, deviation=0.0, count=5))
    assert apply(scale, [2.0, 3.0, None], constant) == ([50, 50, None], [0, 0, 0])
    nobody = Basis(0, 100, None, Moments(mean=0.0, deviation=0.0, count=0))
    assert apply(scale, [2.0], nobody) == ([None], [0])
    with pytest.raises(ValueError, match="fitted"):
        apply(scale, [1.0], Basis(0, 100))


def test_categories_may_be_integers_in_the_table(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("a", {"kind": "lookup", "scores": {"1": 20.0, "2": 80.0}}))
    frame = build.customers(a=[1, 2])
    from evaluator.scoring import score

    assert score(build.fitted(tree, frame), frame)["score"].to_list() == [20, 80]
