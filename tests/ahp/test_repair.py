"""Repairs: the fewest changes on the grid, with their effect; and how far an answer may move."""

from itertools import combinations

import numpy as np
import pytest

from evaluator.ahp import apply_scale, consistency, ranks, repairs, stability
from evaluator.ahp.repair import GRID


def answered(n: int, noise: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    w = rng.dirichlet(np.full(n, 2.0))
    i, j = np.triu_indices(n, 1)
    ratios = w[i] / w[j] * np.exp(rng.normal(0, noise, len(i)))
    values = GRID[np.abs(np.log(ratios)[:, None] - np.log(GRID)).argmin(-1)]
    A = np.eye(n)
    A[i, j], A[j, i] = values, 1 / values
    return A


def single_changes(A: np.ndarray) -> list[np.ndarray]:
    changed = []
    for i, j in combinations(range(len(A)), 2):
        for value in GRID:
            B = A.copy()
            B[i, j], B[j, i] = value, 1 / value
            changed.append(B)
    return changed


@pytest.mark.parametrize("seed", range(6))
def test_the_fewest_changes_are_found(seed: int) -> None:
    """Every single change is tried by hand: one suffices exactly when the repairs say so."""
    A = answered(5, 0.8, seed)
    found = repairs(A)
    if consistency(A).verdict == "consistent":
        assert found == []
        return
    reached = (consistency(np.array(single_changes(A))).verdict == "consistent").any()
    assert found
    assert reached == (len(found[0].changes) == 1)
    assert len({len(repair.changes) for repair in found}) == 1


def test_repairs_come_with_their_effect_and_leave_the_answers_alone() -> None:
    A = answered(5, 1.0, 3)
    before = A.copy()
    found = repairs(A, convention="cn")
    np.testing.assert_array_equal(A, before)
    efforts = [sum(change.steps for change in repair.changes) for repair in found]
    assert found
    assert efforts == sorted(efforts)
    for repair in found:
        judged = consistency(repair.matrix, convention="cn")
        assert judged.verdict == "consistent"
        assert repair.cr == judged.cr < repair.limit == 0.10 <= repair.cr_before
        np.testing.assert_array_equal(repair.weights, judged.priorities)
        np.testing.assert_array_equal(repair.ranks, ranks(judged.priorities))
        assert repair.keeps_ranking == (repair.ranks.tolist() == ranks(consistency(A).priorities).tolist())
        assert repair.fewest
        changed = [(c.i, c.j) for c in repair.changes]
        i, j = np.nonzero(np.triu(repair.matrix != A, 1))
        assert changed == list(zip(i.tolist(), j.tolist(), strict=True))
        for change in repair.changes:
            assert change.before == A[change.i, change.j]
            assert np.isclose(GRID, change.after).any()


def test_a_slip_is_repaired_by_the_mildest_answer_that_suffices() -> None:
    w = np.array([8.0, 4, 2, 1])
    A = w[:, None] / w
    A[0, 3], A[3, 0] = 1 / 8, 8
    best = repairs(A)[0]
    (change,) = best.changes
    assert (change.i, change.j, change.before) == (0, 3, 1 / 8)
    milder = A.copy()
    milder[0, 3], milder[3, 0] = change.after - 1, 1 / (change.after - 1)
    assert consistency(milder).verdict == "inconsistent"


def test_blanks_stay_blanks() -> None:
    A = answered(6, 1.1, 1)
    A[0, 1] = A[1, 0] = A[2, 3] = A[3, 2] = np.nan
    assert consistency(A).verdict == "inconsistent"
    for repair in repairs(A):
        np.testing.assert_array_equal(np.isnan(repair.matrix), np.isnan(A))
        assert consistency(repair.matrix).verdict == "consistent"


def test_hopeless_answers_are_mended_step_by_step_and_said_not_to_be_the_fewest() -> None:
    A = answered(8, 3.0, 2)
    (repair,) = repairs(A)
    assert not repair.fewest
    assert len(repair.changes) > 3
    assert consistency(repair.matrix).verdict == "consistent"


@pytest.mark.parametrize("method", ["geometric_mean", "normalized_columns"])
def test_repairs_hold_under_the_method_they_were_asked_for(method: str) -> None:
    A = answered(4, 1.0, 8)
    assert consistency(A, method).verdict == "inconsistent"
    for repair in repairs(A, method):
        assert consistency(repair.matrix, method).verdict == "consistent"


def test_what_is_consistent_or_cannot_be_tested_needs_no_repair() -> None:
    assert repairs(np.ones((4, 4))) == []
    assert repairs([[1, 9], [1 / 9, 1]]) == []
    tree = np.array([[1, 9, np.nan], [1 / 9, 1, 9], [np.nan, 1 / 9, 1]])
    assert repairs(tree) == []


def test_only_one_matrix_is_repaired_at_a_time() -> None:
    with pytest.raises(ValueError, match="one matrix"):
        repairs(np.ones((2, 3, 3)))


def test_intervals_of_many_matrices_are_those_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Computed a few at a time too; blanks and a spanning tree among them."""
    several = np.stack([answered(4, 0.6, seed) for seed in range(6)]).reshape(2, 3, 4, 4)
    several[0, 1, 0, 2] = several[0, 1, 2, 0] = np.nan
    for i, j in ((0, 2), (0, 3), (1, 3)):
        several[1, 2, i, j] = several[1, 2, j, i] = np.nan
    monkeypatch.setattr("evaluator.ahp.stability_limits._CHUNK", 7)
    found = stability(several)
    for place in np.ndindex(2, 3):
        alone = stability(several[place])
        np.testing.assert_allclose(found.lower[place], alone.lower, rtol=1e-12)
        np.testing.assert_allclose(found.upper[place], alone.upper, rtol=1e-12)
    assert np.isnan(found.lower[1, 2]).all()
    assert np.isfinite(found.lower).any()


def test_the_stability_interval_ends_where_the_limit_is_reached() -> None:
    A = answered(5, 0.3, 4)
    found = stability(A, convention="cn")
    for i, j in combinations(range(5), 2):
        assert found.lower[i, j] <= A[i, j] <= found.upper[i, j]
        assert found.lower[j, i] == pytest.approx(1 / found.upper[i, j])
        for end, outward in ((found.lower[i, j], 0.99), (found.upper[i, j], 1.01)):
            if 1 / 9 < end < 9:
                for factor, verdict in ((1 / outward, "consistent"), (outward, "inconsistent")):
                    B = A.copy()
                    B[i, j], B[j, i] = end * factor, 1 / (end * factor)
                    assert consistency(B, convention="cn").verdict == verdict


def test_only_the_answers_that_alone_can_mend_a_contradiction_have_an_interval() -> None:
    w = np.array([8.0, 4, 2, 1])
    A = w[:, None] / w
    A[0, 3], A[3, 0] = 1 / 8, 8
    found = stability(A)
    assert found.lower[0, 3] > A[0, 3]
    single = {change.changes[0].i * 4 + change.changes[0].j for change in repairs(A)}
    intervals = {4 * i + j for i, j in combinations(range(4), 2) if np.isfinite(found.lower[i, j])}
    assert single <= intervals


def test_nothing_can_be_said_of_a_spanning_tree() -> None:
    A = np.array([[1, 2, np.nan], [1 / 2, 1, 3], [np.nan, 1 / 3, 1]])
    assert np.isnan(stability(A).lower).all()


@pytest.mark.parametrize("scale", ["balanced", "geometric"])
def test_answers_are_repaired_on_the_scale_they_are_put_on(scale: str) -> None:
    A = answered(4, 2.0, 5)
    for repair in repairs(A, scale=scale):
        assert consistency(apply_scale(repair.matrix, scale), scale=scale).verdict == "consistent"
