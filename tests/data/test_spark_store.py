"""Tables where Spark reads them: text files, the catalogue, and what is wrong with either, by name."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluator.columns import to_polars
from evaluator.columns.spark_session import _started
from evaluator.customers.orders import ORDERS
from evaluator.data.engine_tables import EngineTable, engine_table
from evaluator.data.mapping import TableMapping
from evaluator.data.spark_store import SparkStore, is_address
from evaluator.errors import EvaluationError, Location

LINES = 'id,date,amount,Nr.\n007,2024-12-31,12.5,a\n8,2025-01-01 10:30:00,-1e2,"b, ""c"""\n'


@pytest.fixture
def read(spark: Any, tmp_path: Path) -> Callable[..., EngineTable]:
    """Read a table of orders as a study on Spark does."""

    def table(**stated: Any) -> EngineTable:
        mapping = TableMapping.model_validate(stated)
        store = SparkStore({"orders": mapping}, tmp_path, tmp_path)
        with store.failing(mapping.source):
            lying = store.table("orders")
            assert lying is not None
            found = engine_table(
                "orders", lying, mapping, ORDERS, "spark", lambda key: Location("study.yaml")
            )
            to_polars(found.frame.head(1))
        store.close()
        return found

    return table


def refused(read: Callable[..., EngineTable], **stated: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(EvaluationError) as raised:
        read(**stated)
    reasons = [
        str(issue.detail.get("reason", issue.detail.get("examples", ""))) for issue in raised.value.issues
    ]
    assert not any(word in reason for reason in reasons for word in ("Py4J", "\n", "\tat "))
    return [
        (issue.code, str(issue.subject), reason)
        for issue, reason in zip(raised.value.issues, reasons, strict=True)
    ]


def test_text_files_are_read_where_they_lie(read: Callable[..., EngineTable], tmp_path: Path) -> None:
    """Ids keep their zeros, days their date, and a folder is all its files; headers may hold dots."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "1.csv").write_text(LINES, "utf-8")
    (tmp_path / "parts" / "2.csv").write_text("id,date,amount,Nr.\nTotal,,-87.5,\n9,,n/a,\n", "utf-8")
    found = read(file="parts", columns={"order": "Nr."}, missing=("N/A",))
    rows = to_polars(found.frame.select("id", "date", "amount", "order")).sort("id").rows()
    assert rows == [("007", date(2024, 12, 31), 12.5, "a"), ("8", date(2025, 1, 1), -100.0, 'b, "c"')]
    assert {(entry.reason, entry.rows, entry.column) for entry in found.note.dropped} == {
        ("data.dropped.total", 1, ""), ("data.dropped.missing", 1, "date"),
    }  # fmt: skip


def test_another_separator_and_encoding_hold(read: Callable[..., EngineTable], tmp_path: Path) -> None:
    text = LINES.replace(",", ";").replace("007", "Müller")
    (tmp_path / "lines.csv").write_bytes(text.encode("latin-1"))
    found = read(file="lines.csv", encoding="iso-8859-1")
    assert "Müller" in to_polars(found.frame)["id"].to_list()
    [(code, subject, examples)] = refused(read, file="lines.csv")
    assert (code, subject) == ("DATA-585", "id")
    assert "\ufffd" in examples


def test_cells_that_cannot_be_read_are_named(read: Callable[..., EngineTable], tmp_path: Path) -> None:
    """Those of rows that are left out for another reason do not matter."""
    rows = '1,31.12.2024,5\n2,2024-12-31,"1,5"\n3,2024-12-31,1.5\nTotal,x,y\n'
    (tmp_path / "lines.csv").write_text("id,date,amount\n" + rows, "utf-8")
    assert refused(read, file="lines.csv") == [
        ("DATA-585", "date", "“31.12.2024”"),
        ("DATA-585", "amount", "“1,5”"),
    ]
    (tmp_path / "lines.csv").write_text("id,date,amount\n1,2025-02-31,5\n", "utf-8")
    [(code, subject, reason)] = refused(read, file="lines.csv")
    assert (code, subject) == ("DATA-401", "lines.csv")
    assert "2025-02-31" in reason


def test_what_spark_cannot_read_ends_in_an_issue_of_the_file(
    read: Callable[..., EngineTable], tmp_path: Path
) -> None:
    (tmp_path / "short.csv").write_text(LINES + "9,2024-12-31\n", "utf-8")
    [(code, subject, reason)] = refused(read, file="short.csv")
    assert (code, subject) == ("DATA-401", "short.csv")
    assert "9,2024-12-31" in reason
    (tmp_path / "a.csv").write_text(LINES, "utf-8")
    (tmp_path / "b.csv").write_text("date,id,amount,Nr.\n2024-12-31,1,2,x\n", "utf-8")
    assert refused(read, file="[ab].csv")[0][:2] == ("DATA-401", "[ab].csv")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    assert refused(read, file="torn.parquet")[0][:2] == ("DATA-401", "torn.parquet")
    assert refused(read, file="s3a://nowhere/x")[0][:2] == ("DATA-401", "s3a://nowhere/x")
    [(code, subject, reason)] = refused(read, file="a.csv", encoding="gb18030")
    assert (code, subject) == ("DATA-401", "a.csv")
    assert "utf-8" in reason


def test_a_table_of_the_catalogue_stays_there(read: Callable[..., EngineTable], spark: Any) -> None:
    """Times with a zone are the clock of the session."""
    zone = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Shanghai")
    query = "select '007' id, timestamp '2024-12-31 23:30:00' date, cast(1.5 as decimal(9, 2)) amount"
    spark.sql(query).createOrReplaceTempView("sales_lines")
    try:
        found = read(database="spark", table="sales_lines")
        assert to_polars(found.frame.select(found.frame.collect_schema().names())).height == 1
        assert to_polars(found.frame)["date"].dt.date().item() == date(2024, 12, 31)
    finally:
        spark.conf.set("spark.sql.session.timeZone", zone)
        spark.catalog.dropTempView("sales_lines")
    for name in ("sales_lines", "nobody.knows", "parquet.`/etc`", "a b"):
        assert refused(read, database="spark", table=name) == [("DATA-401", f"spark#{name}", "No such table")]
    assert refused(read, database="spark", query="select 1")[0][0] == "DATA-586"


def test_what_spark_does_not_read_is_left_to_be_read_into_memory(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04")
    tables = {
        "customers": TableMapping(file="book.xlsx"),
        "orders": TableMapping(database="postgresql://host/crm", table="orders"),
    }
    store = SparkStore(tables, tmp_path, tmp_path)
    assert [store.table(name) for name in tables] == [None, None]
    sent = store.put("customers", pl.DataFrame({"id": ["a"], "kind": pl.Series(["x"], dtype=pl.Categorical)}))
    assert to_polars(sent).rows() == [("a", "x")]
    kept = store.keep("scores", sent)
    assert to_polars(store.keep("scores", kept.head(0))).is_empty()  # another takes its place
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["scores"]
    store.close()
    assert spark.range(1).count() == 1, "a session that was there before goes on"


@pytest.mark.parametrize(
    ("stated", "environment", "master", "settings"),
    [
        ({}, {}, "local[*]", {"spark.driver.host"}),
        ({"memory": "2GB"}, {}, "local[*]", {"spark.driver.host", "spark.driver.memory"}),
        (
            {"master": "spark://host:7077", "memory": "2GB"},
            {},
            "spark://host:7077",
            {"spark.executor.memory"},
        ),
        ({}, {"MASTER": "yarn"}, None, set()),
        ({}, {"PYSPARK_SUBMIT_ARGS": "--master yarn pyspark-shell"}, None, set()),
    ],
)
def test_where_a_session_of_our_own_starts(
    stated: dict[str, str], environment: dict[str, str], master: str | None, settings: set[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr("evaluator.columns.spark_session.quiet", nullcontext)
    builder = Builder()
    _started(builder, stated.get("master"), stated.get("memory"))
    assert builder.stated == master
    told = {name for name in builder.settings if name.endswith(("memory", "host"))}
    assert told == settings
    assert {value for name, value in builder.settings.items() if name.endswith("memory")} <= {"2048m"}


class Builder:
    """What a session is built with, and no session."""

    def __init__(self) -> None:
        self.stated: str | None = None
        self.settings: dict[str, str] = {}

    def master(self, place: str) -> "Builder":
        self.stated = place
        return self

    def config(self, **stated: dict[str, str]) -> "Builder":
        self.settings = stated["map"]
        return self

    def getOrCreate(self) -> Any:  # noqa: N802 - Spark's own word
        return self

    @property
    def sparkContext(self) -> Any:  # noqa: N802 - Spark's own word
        return self

    def setLogLevel(self, level: str) -> None:  # noqa: N802 - Spark's own word
        assert level == "FATAL"


def test_only_addresses_of_stores_of_files_are_spark_s() -> None:
    known = ("s3a://lake/orders", "hdfs:///lake", "abfss://a@b/c")
    strange = ("lake/orders", "file:///etc", "http://host/x", "ftp://host/x", "jar:file:///x", "s3a:/x")
    assert all(map(is_address, known))
    assert not any(map(is_address, strange))
