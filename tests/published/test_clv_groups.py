"""Published lifetime values of groups, at the precision they were printed with.

Berger and Nasr's cases 2 to 5 are not in the shared folder (their printed numbers could not be
had); the formulas are held against each other in tests/customers/models.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.customers import clv


def case(shared: Path, file: str, name: str) -> dict[str, Any]:
    cases = json.loads((shared / "golden" / file).read_text("utf-8"))["cases"]
    return next(case for case in cases if case["id"] == name)


def test_berger_nasr_case_1(shared: Path) -> None:
    """Berger & Nasr (1998), case 1: yearly sales, ten years."""
    found = case(shared, "clv_simple.json", "CLV-BERGERNASR-CASE1")
    i = found["inputs"]
    result = clv.berger_nasr(i["GC"], i["M"], retention=i["retention"], discount_rate=i["d"], horizon=i["n"],
                             currency="USD")  # fmt: skip
    assert result.value == pytest.approx(found["expected"]["CLV"], abs=found["tolerance"]["abs"])
    assert result.value == pytest.approx(568.7831, abs=5e-5)


def test_markov_katsov(shared: Path) -> None:
    """Katsov: four recency states; he counts the reward of the state a customer moves to."""
    found = case(shared, "clv_simple.json", "CLV-MARKOV-KATSOV")
    i = found["inputs"]
    for horizon, expected in enumerate(found["expected"]["LTV_by_horizon_1..9"]):
        values = clv.markov(i["P"], i["G"], discount_rate=i["monthly_rate"], horizon=horizon,
                            currency="USD").values  # fmt: skip
        np.testing.assert_allclose(np.array(i["P"]) @ values, expected, rtol=0, atol=1e-9)


def test_segment_migration_essec(shared: Path) -> None:
    """De Bruyn's course: eight segments, ten years, database value of the future alone."""
    found = case(shared, "clv_migration.json", "CLV-MIG-ESSEC-ARITH")
    i, expected, tolerance = found["inputs"], found["expected"], found["tolerance"]
    base = clv.segment_migration(clv.transition_matrix(i["transition_counts_2014_to_2015"]),
                                 i["customers_2015"], i["revenue_per_customer_2015"],
                                 discount_rate=i["discount_rate"], horizon=i["years"],
                                 currency="USD")  # fmt: skip
    counts = np.array(expected["segments_2015_2025_rounded"]).T
    np.testing.assert_allclose(base.customers, counts, rtol=0, atol=tolerance["counts_abs"])
    for computed, key in (
        (base.amount, "yearly_revenue"),
        (base.discounted, "discounted_revenue"),
        (np.cumsum(base.discounted), "discounted_cumulative"),
    ):
        atol = tolerance["value_abs" if key == "discounted_cumulative" else "revenue_abs"]
        np.testing.assert_allclose(computed, expected[key], rtol=0, atol=atol)
    assert base.future == pytest.approx(expected["database_value_future_only"], abs=tolerance["value_abs"])


def test_profit_curve_case_3() -> None:
    """The curve of growth and saturation with h 2.5, v 10, g 4, N 20 over eight years."""
    result = clv.curve_value(clv.BergerNasr(2.5, 10, 4, 20), retention=0.9, discount_rate=0.2, horizon=8,
                             currency="CNY")  # fmt: skip
    assert result.value == pytest.approx(103.1805, abs=5e-5)


def test_markov_pfeifer_carraway() -> None:
    """Pfeifer & Carraway (2000): margin 40, mailing 4, 20 %; the fourth period without purchase ends it."""
    P, R = clv.recency_chain([0.3, 0.2, 0.15, 0.05], 40, 4)
    money = {"discount_rate": 0.2, "currency": "USD"}
    four = clv.markov(P, R, horizon=4, **money).values
    endless = clv.markov(P, R, horizon=None, **money).values
    rule = clv.markov_with_stopping(P, R, horizon=None, **money)
    np.testing.assert_allclose(four, [50.115, 4.220, 0.592, -1.980, 0], atol=5e-4)
    np.testing.assert_allclose(endless, [52.320, 5.554, 1.251, -1.820, 0], atol=5e-4)
    np.testing.assert_allclose(rule.values, [53.149, 6.621, 2.644, 0, 0], atol=5e-4)
    assert rule.stopped == (3,)


def test_migration_by_recency() -> None:
    """The shares who buy with p = .3, .2, .15, .05."""
    table = clv.dwyer_migration([0.3, 0.2, 0.15, 0.05], 40, 4, discount_rate=0.2, horizon=4,
                                currency="USD").table  # fmt: skip
    np.testing.assert_allclose(table["buying"].to_numpy(), [1, 0.3, 0.23, 0.195, 0.1397], atol=5e-5)


def test_history_and_future() -> None:
    """Past profits 10 and 12, 15 a year to come, at 10 %."""
    value = clv.history_and_future([10, 12], [15, 15], discount_rate=0.1, currency="CNY")
    assert float(value.history) == pytest.approx(23.0, abs=1e-12)
    assert float(value.future) == pytest.approx(26.033, abs=5e-4)
