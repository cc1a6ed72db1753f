"""What orders and the list of customers tell of each other, on Spark as in memory."""

from datetime import date
from typing import Any

import narwhals as nw
import polars as pl
import pytest

from evaluator.columns import to_polars
from evaluator.customers.known_since import with_known_start
from evaluator.customers.told_by_orders import several_told, told_by_orders

ORDERS = pl.DataFrame(
    {
        "id": ["a", "a", "b", "c", None],
        "date": [date(2024, 1, 1), date(2024, 3, 1), date(2024, 2, 1), date(2024, 2, 1), date(2024, 2, 1)],
        "owner": ["Li", "Wu", " ", "Li", "Li"],
    }
)
CUSTOMERS = pl.DataFrame(
    {"id": ["a", "b"], "owner": [None, "Zhou"], "start_date": [date(2020, 1, 1), None]},
    schema={"id": pl.String, "owner": pl.String, "start_date": pl.Date},
)
MEASURED = pl.DataFrame({"id": ["a", "b"], "tenure_months": [3.0, 2.0]})


@pytest.fixture(params=["polars", "spark"])
def of(request: pytest.FixtureRequest) -> Any:
    if request.param == "polars":
        return lambda frame: nw.from_native(frame.lazy())
    spark = request.getfixturevalue("spark")

    def made(frame: pl.DataFrame) -> Any:
        kinds = {pl.String: "string", pl.Date: "date", pl.Float64: "double"}
        schema = ", ".join(f"{name} {kinds[kind.base_type()]}" for name, kind in frame.schema.items())
        return nw.from_native(spark.createDataFrame(frame.rows(), schema))

    return made


def test_who_looks_after_customers_is_told_alike(of: Any) -> None:
    told = told_by_orders(of(CUSTOMERS), of(ORDERS))
    assert told is not None
    found = to_polars(told.select("id", "owner"))
    assert dict(found.iter_rows()) == {"a": "Wu", "b": "Zhou", "c": "Li"}
    [note] = several_told(of(ORDERS))
    assert (note.code, note.detail["count"], note.detail["examples"]) == ("DATA-603", 1, "a")


def test_tenure_is_counted_alike(of: Any) -> None:
    found = to_polars(with_known_start(of(MEASURED), of(CUSTOMERS), date(2024, 1, 1)))
    assert dict(found.iter_rows()) == {"a": pytest.approx(48.0), "b": 2.0}
