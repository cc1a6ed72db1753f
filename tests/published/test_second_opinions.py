"""Published rankings by TOPSIS, VIKOR and fuzzy TOPSIS at the precision they were printed with."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.scoring import Preference, fuzzy_group, fuzzy_topsis, promethee, topsis, vikor


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


def test_promethee_of_six_power_stations() -> None:
    """Brans & Mareschal 2005, doi:10.1007/0-387-23081-5_5 (first in Brans, Vincke & Mareschal 1986).

    The net flows were printed as sums, of preferences rounded to three decimals.
    """
    X = [
        [80, 90, 600, 54, 8, 5],
        [65, 58, 200, 97, 1, 1],
        [83, 60, 400, 72, 4, 7],
        [40, 80, 1000, 75, 7, 10],
        [52, 72, 600, 20, 3, 8],
        [94, 96, 700, 36, 5, 6],
    ]
    found = promethee(
        X,
        np.ones(6),
        named([-1, 1, -1, -1, -1, 1]),
        [
            Preference("u_shape", indifference=10),
            Preference("v_shape", preference=30),
            Preference("linear", indifference=50, preference=500),
            Preference("level", indifference=10, preference=60),
            Preference("usual"),
            Preference("gaussian", inflection=5),
        ],
    )
    np.testing.assert_allclose(
        found.net * 5, [-0.728, 0.085, -0.447, -0.102, 1.466, -0.274], rtol=0, atol=0.0025
    )
    assert places(found.net) == [6, 2, 5, 3, 1, 4]
    both = found.positive[0] - found.positive[1], found.negative[0] - found.negative[1]
    assert both[0] < 0 > both[1], "the first two are incomparable: less for, and less against"
