"""Text tables that are larger than they look: counted while they are unpacked, and no line is endless."""

import gzip
from pathlib import Path

import pytest

from evaluator.customers.orders import ORDERS
from evaluator.data import TableMapping, read_table
from evaluator.errors import EvaluationError

HEAD = b"id,date,amount\n"
ROW = b"C1,2024-01-05,10\n"


def read(path: Path):
    return read_table("orders", TableMapping(file=path.name), ORDERS, path.parent)


def codes(path: Path) -> list[str]:
    with pytest.raises(EvaluationError) as raised:
        read(path)
    return [issue.code for issue in raised.value.issues]


def test_a_small_file_that_unpacks_to_much_is_stopped_on_the_way(tmp_path: Path) -> None:
    """100 MB of zeros take 100 kB."""
    path = tmp_path / "orders.csv.gz"
    with gzip.open(path, "wb") as stream:
        stream.write(HEAD)
        for _ in range(100):
            stream.write(b"0" * 1_000_000)
    assert path.stat().st_size < 200_000
    assert codes(path) == ["DATA-482"]


def test_the_absolute_bound_holds_whatever_the_ratio(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("EVALUATOR_UNPACKED_BYTES", "1000")
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress(HEAD + ROW * 100))
    assert codes(path) == ["DATA-482"]
    monkeypatch.setenv("EVALUATOR_UNPACKED_BYTES", "100000")
    assert read(path).frame.height == 100


def test_an_endless_line_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(HEAD + ROW + b"x" * 17_000_000)
    with pytest.raises(EvaluationError) as raised:
        read(path)
    (issue,) = raised.value.issues
    assert (issue.code, issue.where and issue.where.line) == ("DATA-483", 3)


def test_many_lines_are_fine(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(
        gzip.compress(HEAD + b"".join(b"C%d,2024-01-05,%d\n" % (n, n) for n in range(1, 50_000)))
    )
    assert read(path).frame.height == 49_999
