"""The random-index tables in circulation, as other tools carry them, beside ours.

Not here: `ahpos_saaty_variant` (0.57 for n = 3, found nowhere else), `saaty2008_as_in_JMcDM` (1.53 for
n = 12, and 1.59 for every n above 15) and the tables `ahpy_tables_raw`, which are Saaty 2005 and
Donegan–Dodd as printed, the latter with 1.6213 for n = 90 between larger neighbours.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from evaluator.ahp import random_index


@pytest.fixture(scope="module")
def tables(shared: Path) -> dict[str, Any]:
    tables = json.loads((shared / "golden" / "ri_tables.json").read_text("utf-8"))["tables"]
    assert isinstance(tables, dict)
    return tables


@pytest.mark.parametrize(
    ("table", "ours", "sizes", "within"),
    [
        ("saaty1980_as_in_pyDecision", "saaty1980_printed", 13, 0),
        ("saaty1980_as_in_pyDecision", "saaty1980", 8, 0),
        ("saaty2007_as_in_FuzzyAHP_R", "saaty2005", 8, 0),
        ("saaty2005_as_in_pyanp", "saaty2005", 8, 0.0101),  # 1.12 for n = 5, where the book has 1.11
        ("alonso_lamata2006_as_in_gluc_ahp", "alonso_lamata", 8, 0.00021),  # another of their simulations
        ("ahpsurvey_500000_simulations", "simulated", 13, 0.0012),
    ],
)
def test_our_table_is_the_one_in_circulation(
    tables: dict[str, Any], table: str, ours: str, sizes: int, within: float
) -> None:
    for n, value in enumerate(tables[table]["n3..15"][:sizes], 3):
        assert random_index(n, ours) == pytest.approx(value, abs=within + 1e-12)


def test_goepels_fit_gives_the_denominator_of_ahp_os(tables: dict[str, Any]) -> None:
    assert tables["alonso_lamata_linear_as_in_AHPOS"]["formula"] == "CR=(lambda-n)/(2.7699 n-4.3513-n)"
    for n in range(3, 30):
        assert random_index(n, "goepel") * (n - 1) == pytest.approx(2.7699 * n - 4.3513 - n)
    assert random_index(3, "goepel") == pytest.approx(0.479, abs=5e-4)
