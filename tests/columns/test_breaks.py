"""Natural breaks: the best division there is, on few values and on many."""

from itertools import combinations

import numpy as np
import pytest

from evaluator.columns.breaks import DISTINCT, bins_of, natural_breaks


def within(x: np.ndarray, cuts: tuple[float, ...]) -> float:
    parts = np.split(np.sort(x), np.searchsorted(np.sort(x), cuts))
    return sum(float(((part - part.mean()) ** 2).sum()) for part in parts if len(part))


@pytest.mark.parametrize("groups", [2, 3, 4])
def test_no_other_division_lies_closer_to_its_means(groups: int) -> None:
    x = np.round(np.random.default_rng(groups).lognormal(size=18), 2)
    x = np.concatenate([x, x[:4]])  # values that stand twice count twice
    middles = (np.unique(x)[1:] + np.unique(x)[:-1]) / 2
    best = min(within(x, cuts) for cuts in combinations(middles.tolist(), groups - 1))
    assert within(x, natural_breaks(x, groups)) == pytest.approx(best)


def test_many_values_are_counted_by_bins_and_the_bins_are_told() -> None:
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(20, 3, 4000), rng.normal(50, 3, 4000), rng.normal(80, 3, 4000)])
    found = natural_breaks(x, 3)
    assert bins_of(x) == DISTINCT
    assert bins_of(x[:100]) is None
    assert found == pytest.approx((35, 65), abs=2)
    shares = np.diff([0, *np.searchsorted(np.sort(x), found), len(x)]) / len(x)
    assert shares == pytest.approx([1 / 3] * 3, abs=0.01)


def test_fewer_values_than_groups_leave_groups_empty() -> None:
    assert natural_breaks(np.array([5.0, 5.0])) == (5.0,)
    assert natural_breaks(np.array([1.0, 3.0, 3.0]), 4) == (2.0, 3.0, 3.0)


def test_a_shift_and_a_stretch_of_the_values_move_the_cuts_alike() -> None:
    x = np.random.default_rng(5).gamma(2, size=200)
    cuts = np.array(natural_breaks(x, 3))
    assert natural_breaks(1e9 + 10 * x, 3) == pytest.approx(1e9 + 10 * cuts)
