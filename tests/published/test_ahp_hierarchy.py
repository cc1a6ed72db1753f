"""Published hierarchies: local weights of every group, and what they give together."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evaluator.ahp import consistency, priorities


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "golden" / "ahp_hierarchy.json").read_text("utf-8")
    return {case["id"]: case for case in json.loads(text)["cases"]}


def from_pairs(elements: list[str], pairs: list[Any]) -> np.ndarray:
    A = np.eye(len(elements))
    for a, b, value in pairs:
        i, j = elements.index(a), elements.index(b)
        A[i, j], A[j, i] = value, 1 / value
    return A


def from_upper(elements: list[str], upper: list[float]) -> np.ndarray:
    i, j = np.triu_indices(len(elements), 1)
    A = np.eye(len(elements))
    A[i, j], A[j, i] = upper, 1 / np.array(upper)
    return A


def test_every_case_of_the_file_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    assert set(cases) == {"AHP-H-LEADER", "AHP-H-CITIES", "AHP-H-NORMALISE-HAAS", "AHP-H-GLUC-LEADER"}


def test_choosing_a_leader(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["AHP-H-LEADER"]
    inputs, expected, within = case["inputs"], case["expected"], case["tolerance"]["abs"]
    criteria, names = inputs["criteria"], inputs["alternatives"]
    w = priorities(from_upper(criteria, inputs["criteria_upper"]))
    local = priorities([from_upper(names, inputs["alternatives_upper"][name]) for name in criteria])
    total = w @ local
    assert dict(zip(names, total, strict=True)) == pytest.approx(expected["target"], abs=within)
    education = w[criteria.index("Education")] * local[criteria.index("Education")]
    assert dict(zip(names, education, strict=True)) == pytest.approx(expected["education_global"], abs=within)
    assert w[0] == pytest.approx(expected["experience_global_weight"], abs=within)
    assert total.sum() == pytest.approx(1, abs=1e-15), "nothing is rounded on the way"


def test_the_best_city(cases: dict[str, dict[str, Any]]) -> None:
    """Saaty 2005, Theory and Applications of the ANP."""
    case = cases["AHP-H-CITIES"]
    inputs, expected, tolerance = case["inputs"], case["expected"], case["tolerance"]
    criteria, names = inputs["criteria"], inputs["alternatives"]
    w = priorities(from_pairs(criteria, inputs["criteria_pairs"]))
    local = priorities([from_pairs(names, inputs["alternatives_pairs"][name]) for name in criteria])
    total = dict(zip(names, w @ local, strict=True))
    assert total == pytest.approx(expected["target_3dp"], abs=tolerance["abs_3dp"])
    assert total == pytest.approx(expected["target_4dp"], abs=tolerance["abs_4dp"])


def test_measured_values_are_their_own_weights(cases: dict[str, dict[str, Any]]) -> None:
    """Haas & Meixner: the ratios of measured values are a consistent matrix."""
    case = cases["AHP-H-NORMALISE-HAAS"]
    values = np.array(list(case["inputs"]["values"].values()), float)
    w = dict(zip(case["inputs"]["values"], priorities(values[:, None] / values), strict=True))
    assert w == pytest.approx(case["expected"]["weights"], abs=case["tolerance"]["abs"])


def preference(a: float, b: float) -> float:
    """Return the intensity the source's preference function gives to a ratio of years."""
    ratio = max(a, b) / min(a, b)
    intensity = next((k for k, top in enumerate((1.05, 1.2, 1.5, 1.8, 2.1), 1) if ratio < top), 6)
    return float(intensity) if a >= b else 1 / intensity


def test_judgments_functions_and_scores_in_one_hierarchy(cases: dict[str, dict[str, Any]]) -> None:
    case = cases["AHP-H-GLUC-LEADER"]
    inputs, expected, within = case["inputs"], case["expected"], case["tolerance"]["abs"]
    criteria, people = list(expected["criteria"]), list(inputs["attributes"])
    top = consistency(from_pairs(criteria, inputs["criteria_pairs"]), ri=inputs["RI_alonso_lamata"]["4"])
    assert dict(zip(criteria, top.priorities, strict=True)) == pytest.approx(expected["criteria"], abs=within)
    assert top.cr == pytest.approx(expected["criteria_CR"], abs=within)
    years = [inputs["attributes"][name]["experience"] for name in people]
    scores = np.array([inputs["attributes"][name]["education"] for name in people], float)
    matrices = {
        "Experience": np.array([[preference(a, b) for b in years] for a in years]),
        "Education": scores[:, None] / scores,
        "Age": from_pairs(people, inputs["Age_pairs"]),
        "Charisma": from_pairs(people, inputs["Charisma_pairs"]),
    }
    below = consistency([matrices[name] for name in criteria], ri=inputs["RI_alonso_lamata"]["3"])
    for name in ("Experience", "Charisma", "Age"):
        cr = below.cr[criteria.index(name)]
        assert cr == pytest.approx(expected[f"{name}_CR"], abs=within)
    experience = below.priorities[criteria.index("Experience")]
    assert dict(zip(people, experience, strict=True)) == pytest.approx(expected["Experience"], abs=within)
    total = dict(zip(people, top.priorities @ below.priorities, strict=True))
    assert total == pytest.approx(expected["target"], abs=within)
