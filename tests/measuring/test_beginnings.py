"""Orders that begin where the file does say how long customers have bought only from then on."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from evaluator.measuring import measured
from evaluator.tree import load_tree

AS_OF = date(2025, 1, 1)


def orders(early: int, late: int) -> pl.DataFrame:
    """Return customers of whom some bought in the first month on file, and some half a year later."""
    days = [date(2023, 1, 1 + number % 28) for number in range(early)]
    days += [date(2023, 7, 1 + number % 28) for number in range(late)]
    ids = [f"C{number:03}" for number in range(early + late)]
    return pl.DataFrame({"id": ids, "date": days, "amount": [10.0] * len(ids)})


@pytest.mark.parametrize(("early", "late", "told"), [(6, 6, [6]), (1, 3, []), (2, 30, [])])
def test_many_who_begin_with_the_file_are_counted(early: int, late: int, told: list[int]) -> None:
    tables, tree = {"orders": orders(early, late)}, load_tree("orders_value")
    found = measured(tables, tree, as_of=AS_OF)
    assert [one.detail["count"] for one in found.issues if one.code == "DATA-600"] == told


def test_stated_months_are_known() -> None:
    tables = {"orders": orders(6, 6)}
    stated = pl.DataFrame({"id": tables["orders"]["id"], "tenure_months": [100.0] * 12})
    found = measured(tables | {"measures": stated}, load_tree("orders_value"), as_of=AS_OF)
    assert not [one for one in found.issues if one.code == "DATA-600"]
