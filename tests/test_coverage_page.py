"""The page on coverage: every path it names exists, and every row of the inventory is there."""

import re
from pathlib import Path

import pytest

from evaluator.tree import bundled

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "coverage.md").read_text("utf-8")
FOLDERS = ("evaluator/", "indicator_trees/", "tests/", "docs/", "examples/", "templates/")
PATHS = sorted({path for path in re.findall(r"`([^`\s]+)`", PAGE) if path.startswith(FOLDERS)})
ROWS = {row.split("|")[1].split()[0] for row in PAGE.splitlines() if row.startswith("| ")}


@pytest.mark.parametrize("path", [path for path in PATHS if not path.endswith("/")])
def test_every_path_named_exists(path: str) -> None:
    assert (ROOT / path).is_file()


LAST = {"S": 4, "A": 10, "B": 13, "C": 13, "D": 14, "E": 5, "F": 6, "G": 10, "H": 2, "T": 19}


@pytest.mark.parametrize(("letter", "last"), LAST.items())
def test_no_row_of_the_inventory_is_missing(letter: str, last: int) -> None:
    first = 0 if letter == "S" else 1
    assert {f"{letter}{number}" for number in range(first, last + 1)} <= ROWS


def test_every_tree_that_ships_has_its_place() -> None:
    named = {Path(path).stem for path in PATHS if path.startswith("indicator_trees/")}
    assert set(bundled()) - named <= {"orders_value"}
