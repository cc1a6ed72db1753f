"""Since when customers are customers: by the orders, or by the list of customers where that knows better."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import Sources
from evaluator.measuring import measured
from evaluator.study import Study
from evaluator.tree import load_tree

AS_OF = date(2025, 1, 1)
STARTS = {"a": date(2020, 1, 1), "b": date(2024, 12, 1), "c": None, "never": date(2019, 1, 1)}


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    days = [date(2024, 2, 1) + timedelta(days=20 * n) for n in range(15)]
    lines = [(who, day, 10.0 + n, f"P{n % 3}") for who in "abc" for n, day in enumerate(days)]
    orders = pl.DataFrame(lines, schema=["id", "date", "amount", "product"], orient="row")
    customers = pl.DataFrame({"id": list(STARTS), "start_date": list(STARTS.values())})
    return {"orders": orders, "customers": customers}


def expected(who: str) -> float | None:
    first = {"a": STARTS["a"], "b": date(2024, 2, 1), "c": date(2024, 2, 1)}.get(who)
    return None if first is None else (AS_OF - first).days / (365.25 / 12)


def test_tenure_counts_from_the_stated_start_where_that_is_earlier(tables: dict[str, pl.DataFrame]) -> None:
    found = measured(tables, load_tree("orders_value"), as_of=AS_OF)
    assert dict(found.frame.select("id", "tenure_months").iter_rows()) == {
        who: pytest.approx(expected(who)) for who in STARTS
    }
    [note] = (issue for issue in found.issues if issue.code == "DATA-600")
    assert note.detail["count"] == 2  # of a it is known better


def test_models_and_decisions_are_told_the_same(tables: dict[str, pl.DataFrame]) -> None:
    found = Sources(tables, as_of=AS_OF).columns(["tenure_months"])
    assert dict(found.iter_rows()) == {who: pytest.approx(expected(who)) for who in "abc"}


def study(folder: Path, tables: dict[str, pl.DataFrame], known: int, further: str = "") -> Study:
    tables["orders"].write_csv(folder / "orders.csv")
    starts = [f"{who},{date(2015 + n, 1, 1) if n < known else ''}" for n, who in enumerate("abc")]
    (folder / "customers.csv").write_text("\n".join(["id,start_date", *starts]) + "\n", "utf-8")
    (folder / "study.yaml").write_text(
        "schema: 1\ntitle: x\nlanguage: en\ntree: orders_value\nas_of: 2025-01-01\n"
        "weighting: {source: given}\n"
        "tables:\n  orders: {file: orders.csv}\n  customers: {file: customers.csv}\n" + further,
        "utf-8",
    )
    return Study(folder)


@pytest.mark.parametrize("known", [0, 2, 3])
def test_who_is_new_is_told_of_those_whose_start_is_known(
    known: int, tmp_path: Path, tables: dict[str, pl.DataFrame]
) -> None:
    """Orders of eleven months make everybody look new."""
    decisions = study(tmp_path, tables, known).run().decisions
    assert decisions is not None
    told = any(issue.code == "ACTION-123" for issue in decisions.issues)
    assert told == (known < 3)
    frame = decisions.frame
    counted = frame["tenure_months"].is_not_null().sum() if "tenure_months" in frame.columns else 0
    assert counted == known


def test_an_engine_counts_alike(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    inside = study(tmp_path, tables, 2).run().measured.frame
    outside = study(tmp_path, tables, 2, "engine: duckdb\n").run().measured.frame
    columns = ["id", "tenure_months"]
    assert outside.select(columns).sort("id").equals(inside.select(columns).sort("id"))
