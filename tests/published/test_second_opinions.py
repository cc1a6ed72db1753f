"""Published rankings by TOPSIS, VIKOR and fuzzy TOPSIS at the precision they were printed with."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.scoring import fuzzy_group, fuzzy_topsis, topsis, vikor


@pytest.fixture(scope="session")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for name in ("mcdm_weights_ranking.json", "fuzzy_mcdm.json"):
        text = (shared / "golden" / name).read_text("utf-8")
        found |= {case["id"]: case for case in json.loads(text)["cases"]}
    return found


def named(types: list[int]) -> list[str]:
    return ["benefit" if sign == 1 else "cost" for sign in types]


def places(values: Any) -> list[int]:
    return (np.argsort(np.argsort(-np.asarray(values))) + 1).tolist()


def test_every_ranking_by_these_methods_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    mine = {name for name in cases if any(word in name for word in ("TOPSIS", "VIKOR", "GREY"))}
    assert mine == {
        "MCDM-R-TOPSIS-TZENG", "MCDM-R-VIKOR_yang", "MCDM-R-VIKOR_opricovic",
        "FMCDM-FTOPSIS-ECER2007", "FMCDM-FTOPSIS-NIHAN2011",
    }  # fmt: skip


def test_topsis_of_tzeng_and_huang(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["MCDM-R-TOPSIS-TZENG"]
    inputs, expected = case["inputs"], case["expected"]
    found = topsis(inputs["matrix"], inputs["weights"], named(inputs["types"]))
    np.testing.assert_allclose(found, expected["similarity"], rtol=0, atol=case["tolerance"]["abs"])
    assert places(found) == expected["rank"]


@pytest.mark.parametrize("name", ["MCDM-R-VIKOR_yang", "MCDM-R-VIKOR_opricovic"])
def test_vikor(cases: dict[str, dict[str, Any]], name: str) -> None:
    case = cases[name]
    inputs = case["inputs"]
    found = vikor(inputs["matrix"], inputs["weights"], named(inputs["types"])).compromise
    np.testing.assert_allclose(found, case["expected"]["preference"], rtol=0, atol=case["tolerance"]["abs"])


def test_fuzzy_topsis_with_trapezoids(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["FMCDM-FTOPSIS-ECER2007"]
    inputs = case["inputs"]
    found = fuzzy_topsis(inputs["matrix"], inputs["weights"], named(inputs["types"]))
    np.testing.assert_allclose(found, case["expected"]["CC"], rtol=0, atol=1e-9)


def test_fuzzy_topsis_of_two_groups_of_judges(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["FMCDM-FTOPSIS-NIHAN2011"]
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    matrix = fuzzy_group([inputs["dm1"], inputs["dm2"]])
    weights = fuzzy_group([inputs["weights_dm1"], inputs["weights_dm2"]])
    found = fuzzy_topsis(matrix, weights, named(inputs["types"]))
    np.testing.assert_allclose(found, expected["CC"], rtol=0, atol=tolerance["abs"])
    np.testing.assert_allclose(found, expected["derived_exact"], rtol=0, atol=tolerance["derived_abs"])
    assert places(found) == expected["rank"]
