"""The example study of real orders: every line and every customer of the UCI file is accounted for."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from evaluator.data import Dropped
from evaluator.errors import Severity
from evaluator.evaluation import Evaluation
from evaluator.study import Study

DATA = "uci_online_retail.csv.gz"


@pytest.fixture(scope="module")
def evaluation(online_retail: Study) -> Evaluation:
    return online_retail.run()


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[dict[str, str]]:
    """The raw file, read by nothing but the standard library."""

    def read() -> Iterator[dict[str, str]]:
        with gzip.open(shared / "data" / DATA, "rt", encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)

    return list(read())


def test_the_notes_reconcile_with_the_raw_file_to_the_line(evaluation: Evaluation, lines) -> None:
    """Each rule is applied here once more, line by line, in plain Python."""
    counts = dict.fromkeys(("duplicate", "debt", "free", "nobody"), 0)
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        key = tuple(line.values())
        if key in seen:
            counts["duplicate"] += 1
        elif line["InvoiceNo"].startswith("A"):
            counts["debt"] += 1
        elif float(line["UnitPrice"]) == 0:
            counts["free"] += 1
        elif not line["CustomerID"]:
            counts["nobody"] += 1
        seen.add(key)
    (note,) = evaluation.notes
    assert note.rows_read == len(lines) == 541_909
    assert [dropped.rows for dropped in note.dropped] == list(counts.values())
    assert note.rows_kept == len(lines) - sum(counts.values()) == 401_564
    assert note.dropped[0] == Dropped("data.dropped.duplicate", 5_268)
    assert note.dropped[3] == Dropped("data.dropped.missing", counts["nobody"], "id")


def test_every_customer_is_scored_or_named_with_the_reason(evaluation: Evaluation, lines) -> None:
    ids = {line["CustomerID"] for line in lines} - {""}
    assert len(ids) == 4_372
    scored = evaluation.results.filter(pl.col("status") == "rated")
    named = evaluation.results.filter(pl.col("status") != "rated")
    assert set(scored["id"]) | set(named["id"]) | {entry.id for entry in evaluation.unrated} == ids
    assert scored.height + named.height + len(evaluation.unrated) == len(ids)
    assert scored["score"].null_count() == scored["grade"].null_count() == 0
    assert named["reason"].null_count() == 0
    assert [entry.id for entry in evaluation.unrated] == ["13256"]
    assert evaluation.unrated[0].reason == evaluation.notes[0].dropped[2].reason


def test_a_customer_known_by_returns_alone_is_not_rated(evaluation: Evaluation, lines) -> None:
    bought = {line["CustomerID"] for line in lines if int(line["Quantity"]) > 0}
    only_returns = {line["CustomerID"] for line in lines} - bought - {""}
    assert len(only_returns) == 33
    named = evaluation.results.filter(pl.col("status") != "rated")
    assert set(named["id"]) == only_returns


def test_growth_is_missing_for_everyone_in_thirteen_months_and_that_is_said(evaluation: Evaluation) -> None:
    assert evaluation.measured.frame["growth"].null_count() == evaluation.measured.frame.height
    warnings = {(i.code, i.subject) for i in evaluation.issues if i.severity is Severity.WARNING}
    assert ("DATA-535", "growth") in warnings


def test_one_customers_measures_agree_with_the_raw_lines(evaluation: Evaluation, lines) -> None:
    """Customer 15311, one of the most frequent, who also sends goods back."""
    own = {tuple(line.values()): line for line in lines if line["CustomerID"] == "15311"}.values()
    window = [line for line in own if line["InvoiceDate"] >= "2010-12-10" and float(line["UnitPrice"]) != 0]
    amounts = [(int(line["Quantity"]) * float(line["UnitPrice"]), line) for line in window]
    bought = [(amount, line) for amount, line in amounts if amount > 0]
    returned = -sum(amount for amount, _ in amounts if amount < 0)
    row = evaluation.measured.frame.filter(pl.col("id") == "15311").row(0, named=True)
    assert row["net_amount"] == pytest.approx(sum(amount for amount, _ in amounts))
    assert row["return_ratio"] == pytest.approx(returned / sum(amount for amount, _ in bought))
    assert row["frequency"] == len({line["InvoiceDate"][:10] for _, line in bought})
    assert row["breadth"] == len({line["StockCode"] for _, line in bought})
    assert returned > 0


@pytest.fixture(scope="module")
def warehouse(online_retail: Study, shared: Path, postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same study, its orders in a table of PostgreSQL with types of their own."""
    with postgres.connect() as connection:
        connection.execute("drop schema if exists shop cascade")
        connection.execute("create schema shop")
        connection.execute(
            'create table shop.invoices ("InvoiceNo" text, "StockCode" text, "Description" text,'
            ' "Quantity" integer, "InvoiceDate" timestamp, "UnitPrice" double precision,'
            ' "CustomerID" integer, "Country" text)'
        )
        with (
            gzip.open(shared / "data" / DATA, "rb") as stream,
            connection.cursor().copy("copy shop.invoices from stdin (format csv, header)") as copy,
        ):
            while chunk := stream.read(1 << 20):
                copy.write(chunk)
    folder = tmp_path_factory.mktemp("warehouse")
    text = (online_retail.folder / "study.yaml").read_text("utf-8")
    file = next(line for line in text.splitlines() if line.strip().startswith("file:"))
    text = text.replace(file, "    database: shop\n    table: shop.invoices")
    database = f"databases:\n  shop: {{url: '{postgres.url}', password: '${{SHOP_PASSWORD}}'}}\n"
    (folder / "study.yaml").write_text(text + database, "utf-8")
    return folder


def test_orders_in_postgresql_give_the_scores_of_the_file(
    evaluation: Evaluation, warehouse: Path, postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row by row the same, whatever order the server hands them out in."""
    monkeypatch.setenv("SHOP_PASSWORD", postgres.password)
    monkeypatch.setenv("EVALUATOR_ALLOW", "SHOP_PASSWORD")
    study = Study(warehouse)
    (note,), (expected,) = study.tables.notes, evaluation.notes
    assert (note.rows_read, note.rows_kept, note.dropped) == (
        expected.rows_read, expected.rows_kept, expected.dropped)  # fmt: skip
    columns = [name for name, kind in evaluation.results.schema.items() if kind == pl.Float64]
    both = study.results.sort("id"), evaluation.results.sort("id")
    assert (
        both[0]
        .select("id", "status", "grade", "rank")
        .equals(both[1].select("id", "status", "grade", "rank"))
    )
    for name in columns:
        gap = (both[0][name] - both[1][name]).abs().max()
        assert gap is None or gap <= 1e-12
        assert (both[0][name].is_null() == both[1][name].is_null()).all()
