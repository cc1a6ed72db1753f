"""BG/BB: opportunities that customers use or pass over."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evaluator.customers import CustomerOptions, run_models
from evaluator.customers.clv import BgBb, fit_opportunities
from evaluator.customers.ledgers import OPPORTUNITIES
from evaluator.data import TableMapping, read_table
from evaluator.errors import EvaluationError

NAMES = ("frequency", "recency", "opportunities")
MODEL = BgBb(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8)


def sample(customers: int, n: int, seed: int) -> pl.DataFrame:
    """Return histories drawn from the model, one opportunity after the other."""
    rng = np.random.default_rng(seed)
    p, theta = rng.beta(MODEL.alpha, MODEL.beta, customers), rng.beta(MODEL.gamma, MODEL.delta, customers)
    x, t_x, alive = np.zeros(customers, int), np.zeros(customers, int), np.ones(customers, bool)
    for number in range(1, n + 1):
        alive &= rng.random(customers) >= theta
        used = alive & (rng.random(customers) < p)
        x, t_x = x + used, np.where(used, number, t_x)
    return pl.DataFrame({"id": [f"c{i}" for i in range(customers)], "frequency": x, "recency": t_x,
                         "opportunities": n, "alive": alive})  # fmt: skip


def test_likelihoods_of_all_histories_sum_to_1() -> None:
    """Σ over x and t_x, each with the number of ways to use x − 1 of t_x − 1 opportunities."""
    from math import comb

    total = np.exp(MODEL.log_likelihood(0, 0, 6))
    for t_x in range(1, 7):
        for x in range(1, t_x + 1):
            total += comb(t_x - 1, x - 1) * np.exp(MODEL.log_likelihood(x, t_x, 6))
    assert float(total) == pytest.approx(1, abs=1e-12)


def test_what_a_history_says_of_the_next_opportunity_is_the_quotient_of_likelihoods() -> None:
    """E of one opportunity = L(x + 1, n + 1, n + 1) / L(x, t_x, n)."""
    x, t_x, n = 2, 4, 5
    quotient = np.exp(MODEL.log_likelihood(x + 1, n + 1, n + 1) - MODEL.log_likelihood(x, t_x, n))
    assert float(MODEL.uses_ahead(1, x, t_x, n)) == pytest.approx(float(quotient), rel=1e-12)
    assert float(MODEL.uses_ahead(1, x, t_x, n, discount=0.25)) == pytest.approx(float(quotient) / 1.25)
    assert float(MODEL.uses_ahead(0, x, t_x, n)) == 0


def test_drawn_histories_give_their_parameters_back_and_who_is_alive() -> None:
    drawn = sample(40_000, 8, seed=3)
    fitted = fit_opportunities(drawn)
    off = (
        fitted.estimate.values - [MODEL.alpha, MODEL.beta, MODEL.gamma, MODEL.delta]
    ) / fitted.estimate.errors
    assert (np.abs(off) < 4).all()
    silent = drawn.filter((pl.col("frequency") == 2) & (pl.col("recency") == 5))
    # alive at the next opportunity: who is there after the last one stays with 1 − θ
    believed = float(MODEL.p_alive(2, 5, 8))
    assert believed < silent["alive"].mean() < believed * 1.3


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((3, 2, 6), "late"),
        ((1, 7, 6), "late"),
        ((0, 2, 6), "never"),
        ((1.5, 2, 6), "parts"),
        ((1, None, 6), "missing"),
    ],
)
def test_histories_that_cannot_be_are_refused(row: tuple[float | None, ...], reason: str) -> None:
    frame = pl.DataFrame({"id": ["a"], **dict(zip(NAMES, ([value] for value in row), strict=True))})
    with pytest.raises(EvaluationError) as caught:
        fit_opportunities(frame)
    assert {issue.code for issue in caught.value.issues} == {"CLV-913"}
    assert f"opportunities.{reason}" in str(caught.value.issues[0].detail["reason"])


def test_nobody_who_used_one_shows_nothing() -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "frequency": 0, "recency": 0, "opportunities": 5})
    with pytest.raises(EvaluationError) as caught:
        fit_opportunities(frame)
    assert [issue.code for issue in caught.value.issues] == ["CLV-912"]


def test_a_study_reads_the_table_and_lists_who_still_responds(tmp_path: Path) -> None:
    drawn = sample(3_000, 6, seed=5).drop("alive")
    drawn.rename(
        {"id": "客户编号", "opportunities": "机会次数", "frequency": "响应次数", "recency": "末次响应"}
    ).write_csv(tmp_path / "appeals.csv")
    table = read_table("opportunities", TableMapping(file="appeals.csv"), OPPORTUNITIES, tmp_path).frame
    options = CustomerOptions.model_validate({"opportunities": {"ahead": 5, "discount_rate": 0.1}})
    found = run_models({"opportunities": table}, options=options)
    result = found.results["opportunities"].frame
    assert result.height == 3_000
    assert result["ahead"].is_between(0, 5).all()
    often = result.filter(pl.col("frequency") == 6)["ahead"]
    assert often.min() > result.filter(pl.col("frequency") == 0)["ahead"].max()
