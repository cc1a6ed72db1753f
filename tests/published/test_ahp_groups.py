"""Published group examples: 200 respondents, consensus of small groups, a tree of six users, rankings."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from evaluator.ahp import (
    aggregate_judgments,
    aggregate_priorities,
    concordance,
    consensus,
    consistency,
    eigenvector_error,
    priorities,
)

TESTED = {
    "AHP-G-CITY200-AIP-GEO",
    "AHP-G-CITY200-INDIV",
    "AHP-CONSENSUS-COMPROMISE_SALES",
    "AHP-CONSENSUS-COMPROMISE_ENG",
    "AHP-CONSENSUS-IDENTICAL3",
    "AHP-G-PYANP-GLOBAL",
    "AHP-G-GEOAVG",
    "GROUP-BORDA-6X4",
    "AHP-G-VACATION",
}
ELEMENTS = ("cult", "fam", "house", "jobs", "trans")


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "ahp_group.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


@pytest.fixture(scope="session")
def respondents(shared: Path) -> np.ndarray:
    """The 200 matrices; a negative answer −k means that the first of the pair is k times as important."""
    with (shared / "golden" / "files" / "city200.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    A = np.ones((len(rows), 5, 5))
    for i in range(5):
        for j in range(i + 1, 5):
            answers = np.array([float(row[f"{ELEMENTS[i]}_{ELEMENTS[j]}"]) for row in rows])
            A[:, i, j] = np.where(answers < 0, -answers, 1 / answers)
            A[:, j, i] = 1 / A[:, i, j]
    return A


def upper(values: list[float], n: int) -> np.ndarray:
    A = np.ones((n, n))
    i, j = np.triu_indices(n, 1)
    A[i, j], A[j, i] = values, 1 / np.array(values)
    return A


def test_every_case_of_the_file_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == TESTED


def test_each_of_200_respondents(cases: dict[str, dict[str, Any]], respondents: np.ndarray) -> None:
    """R package ahpsurvey: weights and CR of the first six, and how many pass."""
    case = cases["AHP-G-CITY200-INDIV"]
    expected, tolerance = case["expected"], case["tolerance"]
    result = consistency(respondents, ri=expected["RI"])
    np.testing.assert_allclose(
        result.priorities[:6], expected["weights"], rtol=0, atol=tolerance["weights_abs"]
    )
    np.testing.assert_allclose(result.cr[:6], expected["CR"], rtol=0, atol=tolerance["CR_abs"])
    assert int((result.cr <= 0.1).sum()) == expected["n_CR_le_0.1"]


def test_the_geometric_mean_of_200_priorities(
    cases: dict[str, dict[str, Any]], respondents: np.ndarray
) -> None:
    """The package prints it as it comes, summing to 0.98685; ours is brought back to 1."""
    case = cases["AHP-G-CITY200-AIP-GEO"]
    printed = np.array([case["expected"]["AggPref"][name] for name in ELEMENTS])
    within = case["tolerance"]["abs"]
    assert printed.sum() == pytest.approx(case["expected"]["sum"], abs=within)
    joint = aggregate_priorities(priorities(respondents), mean="geometric")
    np.testing.assert_allclose(joint, printed / printed.sum(), rtol=0, atol=1.1 * within)
    assert joint.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("name", [name for name in sorted(TESTED) if name.startswith("AHP-CONSENSUS")])
def test_consensus_and_joint_weights(cases: dict[str, dict[str, Any]], name: str) -> None:
    """Goepel 2018: S* of exact eigenvectors; its own program stops its power method early."""
    inputs, expected, tolerance = (cases[name][key] for key in ("inputs", "expected", "tolerance"))
    A = np.stack([upper(values, inputs["n"]) for values in inputs["participants_upper"]])
    exact = tolerance["exact_abs"]
    S = consensus(priorities(A), inputs["M"])
    assert pytest.approx(expected["consensus_Sstar"], abs=exact) == S
    assert pytest.approx(expected["ahpos_php_values"]["consensus_Sstar"], abs=tolerance["ahpos_abs"]) == S
    joint = consistency(aggregate_judgments(A), ri="goepel")
    np.testing.assert_allclose(joint.priorities, expected["group_weights_AIJ"], rtol=0, atol=exact)
    assert joint.cr == pytest.approx(expected["CR_alonso_group"], abs=exact)


def test_geometric_mean_of_judgments(cases: dict[str, dict[str, Any]]) -> None:
    """The pairs of two matrices, and one comparison of two voters; the mean is taken cell by cell."""
    case = cases["AHP-G-GEOAVG"]
    first, second = np.array(case["inputs"]["m1"]), np.array(case["inputs"]["m2"])
    found = [
        [aggregate_judgments([upper([a], 2), upper([b], 2)])[0, 1] for a, b in zip(*rows, strict=True)]
        for rows in zip(first, second, strict=True)
    ]
    np.testing.assert_allclose(found, case["expected"]["avg"], rtol=0, atol=case["tolerance"]["abs"])
    votes = [upper([vote["a1/a2"]], 2) for vote in case["inputs"]["votes"].values()]
    assert aggregate_judgments(votes)[0, 1] == pytest.approx(case["expected"]["group_a1_a2"], abs=1e-9)


def test_borda_sums_of_ranks_are_those_concordance_rests_on(cases: dict[str, dict[str, Any]]) -> None:
    """Four voters, six alternatives: W from the printed rank sums."""
    case = cases["GROUP-BORDA-6X4"]
    rankings = np.array(case["inputs"]["rankings_rows_alternatives_cols_voters"]).T
    sums = np.array(case["expected"]["rank_sums"])
    np.testing.assert_array_equal(rankings.sum(0), sums)
    expected = 12 * ((sums - sums.mean()) ** 2).sum() / (16 * (6**3 - 6))
    assert concordance(rankings).w == pytest.approx(expected)


def test_three_decision_makers_with_voting_power(cases: dict[str, dict[str, Any]]) -> None:
    """The matrices' file is not at hand: the published individual criteria give the published total."""
    case = cases["AHP-G-VACATION"]
    expected, say = case["expected"], case["inputs"]["weights"]
    P = [expected[name]["criteria"] for name in say]
    total = aggregate_priorities(P, list(say.values()))
    np.testing.assert_allclose(total, expected["Total"]["criteria"], rtol=0, atol=case["tolerance"]["abs"])


def test_six_users_of_a_tree_of_two_levels(cases: dict[str, dict[str, Any]], shared: Path) -> None:
    """pyanp's tests: joint judgments by the geometric mean, global weights down the tree, and one user's."""
    rows = read_sheet(shared / "golden" / "files" / "pyanp_AHPTreeData.xlsx", "Sheet1")
    head, users = rows[0], [row for row in rows[1:] if row[0] != "all"]
    case = cases["AHP-G-PYANP-GLOBAL"]

    def judgments(*children: str, above: str = "") -> np.ndarray:
        names = [f"{a} vs {b}{above}" for k, a in enumerate(children) for b in children[k + 1 :]]
        return np.stack([upper([user[head.index(name)] for name in names], len(children)) for user in users])

    def weights(choose: Any) -> dict[str, float]:
        found = dict(zip("ABC", choose(judgments("A", "B", "C")), strict=True))
        for group, size in (("A", 3), ("B", 2), ("C", 2)):
            children = [f"{group}{number}" for number in range(1, size + 1)]
            local = choose(judgments(*children, above=f" wrt {group}"))
            found |= {child: found[group] * w for child, w in zip(children, local, strict=True)}
        return found

    within = case["tolerance"]["abs"]
    together = weights(lambda A: priorities(aggregate_judgments(A)))
    assert together == pytest.approx(case["expected"]["group_global"], abs=within)
    bill = [user[0] for user in users].index("Bill")
    assert weights(lambda A: priorities(A[bill])) == pytest.approx(
        case["expected"]["Bill_global"], abs=within
    )
    cr = consistency(judgments("A", "B", "C")[bill], ri=0.52).cr
    assert cr == pytest.approx(case["expected"]["Bill_CR_goal_RI0.52"], abs=within)


def read_sheet(path: Path, name: str) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return list(book[name].iter_rows(values_only=True))


def test_weight_errors_of_the_excel_template(shared: Path) -> None:
    """Goepel's template prints Tomashevskii's error beside each eigenvector weight."""
    text = (shared / "golden" / "ahp_bpmsg_excel.json").read_text("utf-8")
    found = 0
    for case in json.loads(text)["cases"]:
        expected = case["expected"]
        if "weight_error_EVM_pm" in expected:
            errors = eigenvector_error(case["inputs"]["matrix"])
            np.testing.assert_allclose(errors, expected["weight_error_EVM_pm"], rtol=0, atol=1e-7)
            found += 1
    assert found == 8
