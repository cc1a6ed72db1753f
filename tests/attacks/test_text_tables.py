"""Text tables that are larger than they look: counted while they are unpacked, and no line is endless."""

import bz2
import gzip
import lzma
import subprocess
import sys
from collections.abc import Callable
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


COMPRESSED = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
Compress = Callable[[bytes], bytes]


@pytest.mark.parametrize(("ending", "compress"), COMPRESSED.items())
def test_a_small_file_that_unpacks_to_much_is_stopped_on_the_way(
    tmp_path: Path, ending: str, compress: Compress
) -> None:
    """70 MB of zeros take 70 kB or less, as one stream or as seventy."""
    path = tmp_path / f"orders.csv{ending}"
    path.write_bytes(compress(HEAD) + compress(b"0" * 1_000_000) * 70)
    assert path.stat().st_size < 200_000
    assert codes(path) == ["DATA-482"]


@pytest.mark.parametrize(("ending", "compress"), COMPRESSED.items())
def test_the_absolute_bound_holds_whatever_the_ratio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, compress: Compress
) -> None:
    monkeypatch.setenv("EVALUATOR_UNPACKED_BYTES", "1000")
    path = tmp_path / f"orders.csv{ending}"
    path.write_bytes(compress(HEAD + ROW * 100))
    assert codes(path) == ["DATA-482"]
    monkeypatch.setenv("EVALUATOR_UNPACKED_BYTES", "100000")
    assert read(path).frame.height == 100


@pytest.mark.parametrize(("ending", "compress"), COMPRESSED.items())
def test_a_damaged_compressed_file_is_an_issue(tmp_path: Path, ending: str, compress: Compress) -> None:
    """Cut off, and changed in the middle."""
    path = tmp_path / f"orders.csv{ending}"
    whole = compress(HEAD + b"".join(b"C%d,2024-01-05,%d\n" % (n, n * n) for n in range(1, 9000)))
    middle = len(whole) // 2
    for content in (whole[:middle], whole[:middle] + b"\0" * 40 + whole[middle + 40 :]):
        path.write_bytes(content)
        assert codes(path) == ["DATA-401"]


@pytest.mark.parametrize(
    ("start", "kind"),
    [(b"\x28\xb5\x2f\xfd", ".zst"), (b"\x04\x22\x4d\x18", ".lz4"), (b"7z\xbc\xaf\x27\x1c", ".7z"), (b"Rar!\x1a\x07\x01", ".rar")],
)  # fmt: skip
def test_what_is_not_unpacked_is_refused_by_name(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(start + bytes(range(256)) * 10)
    with pytest.raises(EvaluationError) as raised:
        read(path)
    (issue,) = raised.value.issues
    assert (issue.code, kind in str(issue.detail["kind"])) == ("DATA-534", True)


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


PAGES = {
    "wide cells": "<table>" + "<tr><td colspan=16384>a</tr>" * 100_000,
    "high and wide cells": "<table>" + "<tr>" + "<td colspan=1000 rowspan=60000>a" * 100_000,
    "a row far below": "<Worksheet><Table><Row><Cell>a</Cell></Row><Row ss:Index='1048576'><Cell ss:Index='16384'>b</Cell></Row>",
    "rows below one wide cell": "<table><tr><td colspan=16000 rowspan=65000>a</tr>" + "<tr><td>b" * 300_000,
    "a million columns": "<table>" + ("<tr>" + "<td>a" * 1_000_000) * 2,
    "fifty thousand tables": "<table><tr><td>customer<td>date<tr><td>1<td>2</table>" * 50_000,
    "blocks in a staircase": "<table>" + "<tr><td rowspan=60000>a<td>b" * 3_000,
    "an encoding that is none": '<meta charset="undefined"><table>' + "<tr><td>a<td>b" * 9,
    "an encoding that fails in its own way": '<meta charset="punycode"><table>' + "<tr><td>a<td>b" * 9,
    "entities of entities": "<!DOCTYPE x ["
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(30))
    + "]><table><tr><td>a<td>b<tr><td>1<td>&a29;",
    "tables in tables": "<table><tr><td>" * 200_000,
    "comments that do not end": "<!--<table><tr><td>" * 200_000,
    "tags that do not end": "<table><tr><td>a<td>b<tr><td>" + "<td " * 1_000_000,
    "references": "<table><tr><td>a<td>b<tr><td>c<td>" + "&amp" * 1_000_000,
    "digits": f"<table><tr><td colspan={'9' * 1_000_000}>a<td>b<tr><td>c",
}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell memory so")
@pytest.mark.parametrize("body", PAGES.values(), ids=PAGES)
def test_a_page_that_spans_more_than_it_holds_is_an_issue(tmp_path: Path, body: str) -> None:
    """Read in a process of its own that may have a gigabyte and a minute of a busy processor."""
    (tmp_path / "orders.xls").write_text(f"<html>{body}", "utf-8")
    program = (
        "import sys; from pathlib import Path; "
        "from evaluator.customers.orders import ORDERS; "
        "from evaluator.data import TableMapping, read_table; from evaluator.errors import EvaluationError\n"
        "try: read_table('orders', TableMapping(file='orders.xls'), ORDERS, Path(sys.argv[1]))\n"
        "except EvaluationError as error: print('codes', *{issue.code for issue in error.issues})\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
    )
    codes, memory = done.stdout.splitlines()
    assert codes.startswith("codes ")
    assert int(memory) < 1_000_000


@pytest.mark.parametrize("sign", [",", "\t", " "], ids=["commas", "tabs", "blanks"])
def test_a_text_of_more_columns_than_a_sheet_has_is_no_table(tmp_path: Path, sign: str) -> None:
    """Each column is looked at for what it holds: a hundred thousand took minutes."""
    path = tmp_path / "orders.csv"
    path.write_text((sign.join(["x"] * 20_000) + "\n") * 4, "utf-8")
    with pytest.raises(EvaluationError) as raised:
        read(path)
    assert [(issue.code, issue.detail["found"]) for issue in raised.value.issues] == [("FILE-716", "20,000")]
