"""An export that tells the profit of each line tells its cost too."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import order_measures
from evaluator.errors import EvaluationError
from evaluator.study.feeding import feedings, settled
from evaluator.study.from_files import make_study
from evaluator.study.gathering import gather

DAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("columns", "profit"),
    [
        ({"amount": [99.99, 200.0, -50.0], "profit": [33.3, 50.0, -10.0]}, 73.3),
        ({"amount": [99.99, 200.0, 50.0], "profit": [33.3, 50.0, 10.0], "quantity": [1, 1, -1]}, 73.3),
        ({"amount": [99.99, 200.0, -50.0], "profit": [1.0, 1.0, 1.0], "cost": [66.69, 150.0, 40.0]}, 73.3),
        ({"amount": [99.99, 200.0, -50.0], "profit": [33.3, None, -10.0]}, None),
    ],
)
def test_gross_profit_is_that_of_the_lines(columns: dict[str, list[float]], profit: float | None) -> None:
    lines = pl.DataFrame({"id": ["a"] * 3, "date": [DAY] * 3, **columns}, strict=False)
    found = order_measures(lines, names=["gross_profit", "net_amount"])
    assert found["gross_profit"][0] == (None if profit is None else pytest.approx(profit))
    assert found["net_amount"][0] == 249.99


def test_a_measure_that_nothing_takes_is_refused(tmp_path: Path) -> None:
    lines = [f"K{n % 9},2024-{n % 12 + 1:02}-{n % 28 + 1:02},{n + 5},{n}" for n in range(200)]
    (tmp_path / "orders.csv").write_text("\n".join(["customer,date,amount,whatever", *lines]), "utf-8")
    customers = "\n".join(["customer,name,region", *(f"K{n},Firm {n},East" for n in range(9))])
    (tmp_path / "customers.csv").write_text(customers, "utf-8")
    data = gather([str(tmp_path)], {"gross_profit": "whatever"})
    best = settled(feedings(data))
    assert best is not None
    with pytest.raises(EvaluationError) as raised:
        make_study(data, best, tmp_path / "s")
    [issue] = raised.value.issues
    assert (issue.code, issue.subject) == ("STUDY-345", "gross_profit=whatever")
    assert "profit" in str(issue.detail["columns"])
