"""Likelihoods, chances and expectations beside arithmetic of 25 digits, from corner to corner.

`reference.json` is the output of benchmarks/lifetime_reference.py, which uses nothing of the package.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from evaluator.customers import clv
from evaluator.customers.models.lifetime import spend
from evaluator.customers.models.retention import contracts

CASES = json.loads((Path(__file__).parent / "reference.json").read_text("utf-8"))
BUYING = {"pareto_nbd": clv.ParetoNbd, "bg_nbd": clv.BgNbd}
EXACT = {"rel": 1e-9, "abs": 0.0}


def test_the_corners_are_there() -> None:
    shapes = [(case["r"], case["s"]) for case in CASES["pareto_nbd"]]
    assert len(shapes) > 100
    assert {(0.01, 0.01), (10_000, 10_000), (0.01, 10_000), (10_000, 0.01)} <= set(shapes)
    quotients = [case["beta"] / case["alpha"] for case in CASES["pareto_nbd"]]
    assert min(quotients) <= 0.001
    assert max(quotients) >= 1000


@pytest.mark.parametrize("name", BUYING)
def test_buying_models(name) -> None:
    """Each customer's likelihood within 1e-9 of itself, P(alive) within 1e-9, expectations within 1e-9."""
    for case in CASES[name]:
        model = BUYING[name](*(case[parameter] for parameter in BUYING[name].names))
        x, t_x, T = (np.array([case[key]], dtype=np.float64) for key in ("x", "t_x", "T"))
        found = {
            "log_likelihood": model.likelihood(model.values, x, t_x, T, np.ones(1))[0],
            "purchases": float(model.purchases_if_alive(52, x, T)[0]),
            "endless": float(model.discounted_forever(0.002, x, T)[0]),
        }
        for key, value in found.items():
            if key in case:
                assert value == pytest.approx(case[key], **EXACT), (key, case)
        if "p_alive" in case:
            assert float(model.p_alive(x, t_x, T)[0]) == pytest.approx(case["p_alive"], rel=0, abs=1e-9), case


@pytest.mark.parametrize("kind", [clv.ParetoNbd, clv.BgNbd])
def test_a_likelihood_is_smooth_where_the_order_of_the_bases_turns(kind) -> None:
    """At α = β, and at t_x = T and T = 0, nothing breaks."""
    x, t_x, T = np.array([0.0, 3, 3, 0]), np.array([0.0, 30, 39, 0]), np.array([0.0, 39, 39, 39])
    theta = np.array([0.8, 7.0, 0.9, 7.0])
    value, slope = kind.likelihood(theta, x, t_x, T, np.ones(4))
    for k in (1, 3):
        near = [
            kind.likelihood(theta * (1 + sign * 1e-9 * (np.arange(4) == k)), x, t_x, T, np.ones(4))
            for sign in (1, -1)
        ]
        for other, other_slope in near:
            assert other == pytest.approx(value, rel=1e-8)
            np.testing.assert_allclose(other_slope, slope, rtol=1e-6)
    np.testing.assert_allclose(kind(*theta).p_alive(x, t_x, T)[[0]], 1.0)
    assert float(kind(*theta).purchases_if_alive(0, 2, 39)) == 0


def test_gamma_gamma() -> None:
    for case in CASES["gamma_gamma"]:
        theta = np.array([case[name] for name in clv.GammaGamma.names])
        found = spend._likelihood(theta, np.array([float(case["x"])]), np.array([case["m"]]))[0]
        assert found == pytest.approx(case["log_likelihood"], **EXACT), case


def test_contracts() -> None:
    for case in CASES["contracts"]:
        model = clv.ShiftedBetaGeometric(case["alpha"], case["beta"])
        t = case["renewals"]
        assert float(model.survival(t)) == pytest.approx(case["survival"], rel=1e-9, abs=1e-300), case
        lost = np.zeros(t + 2)
        lost[: t + 1] = 1.0  # one customer, who left at renewal t + 1
        found = contracts._likelihood(np.array([model.alpha, model.beta]), lost)[0]
        assert found == pytest.approx(case["log_left"], **EXACT), case
        terms = {"discount_rate": 1 / case["step"] - 1, "horizon": None, "currency": "CNY"}
        payments = clv.contract_value(model, 1.0, renewals=t, **terms).payments
        assert payments == pytest.approx(case["payments"], **EXACT), case
