"""Text tables (CSV and its relatives): delimiter and records, every cell still text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polars as pl

from evaluator import limits
from evaluator.data.cells import Cells
from evaluator.data.encodings import decoded
from evaluator.data.mapping import TableMapping
from evaluator.data.packed import BROKEN, unpacked
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import read_bytes

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 60
_STATED = re.compile(r'"?sep=(.)"?[,;\t|]*\r?(?:\n|$)', re.IGNORECASE)  # what Excel writes on the first line
WIDEST = 16_384
"""Columns that a table may have, those of a sheet."""
_TELLING = 3  # lines and fields in them that show that blanks stand between columns
_FIELDS = re.compile(r'[,;\t|"\r\n]+')


def read_delimited(
    path: Path, mapping: TableMapping, known: Callable[[str], bool] = lambda header: False
) -> Cells:
    """Return the cells of a text table; a first line ``sep=;`` states the delimiter and is no row.

    `known` says whether something is a header of the table. Raises `EvaluationError` where the file cannot be
    read or is empty, its encoding cannot be told, or quotation marks do not pair.
    """
    name = mapping.source
    content = content_of(path, name)
    _check_lines(content, name)
    text, encoding = decoded(content, mapping.encoding, name, lambda text: _has_headers(text, known))
    if not text or text.isspace():
        raise EvaluationError([Issue("DATA-403", name, where=Location(name))])
    stated = _STATED.match(text)
    sample = [line for line in text[stated.end() if stated else 0 : 200_000].splitlines() if line.strip()]
    delimiter = mapping.delimiter or (stated[1] if stated else sniffed(sample[:_SAMPLE_LINES]))
    if not mapping.delimiter and not stated and _in_columns(sample[:_SAMPLE_LINES]):
        text = "\n".join("\t".join(line.split()) for line in text.splitlines())
        return Cells(name, _records(text, "\t", name), encoding=encoding, delimiter=" ")
    frame = _records(text, delimiter, name)
    if stated:
        frame = frame.slice(1)
    return Cells(name, frame, encoding=encoding, delimiter=delimiter)


def _has_headers(text: str, known: Callable[[str], bool]) -> bool:
    """True if one of the first lines holds a known header that is not written in ASCII."""
    fields = _FIELDS.split("\n".join(text[:200_000].splitlines()[:_SAMPLE_LINES]))
    return any(not field.isascii() and known(field) for field in fields)


def _in_columns(lines: list[str]) -> bool:
    """True if nothing but blanks cuts the lines into fields, and cuts all of them into as many."""
    if len(lines) < _TELLING or any(sign in line for sign in (*DELIMITERS, '"') for line in lines):
        return False
    widths = {len(line.split()) for line in lines}
    return len(widths) == 1 and max(widths) >= _TELLING


def sniffed(lines: list[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of fields, more than one.

    >>> sniffed(["客户订单", "编号;金额", "001;1,5", "002;2,5"])
    ';'
    """

    def evenness(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(
                len(fields) for fields in csv.reader(lines, delimiter=delimiter) if len(fields) > 1
            )
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=evenness)


def content_of(path: Path, name: str) -> bytes:
    """Return what a file holds, unpacked; raises `EvaluationError` where that is too much or it is broken."""
    try:
        return unpacked(path, read_bytes(path), name)
    except BROKEN as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise EvaluationError([Issue("DATA-401", name, {"reason": reason}, where=Location(name))]) from error


def _check_lines(content: bytes, name: str) -> None:
    """Refuse a line that never ends: no table has one, and it would be read as one cell."""
    most = limits.LINE_BYTES.value
    begins = 0
    while len(content) - begins > most:
        last = content.rfind(b"\n", begins, begins + most)
        if last < 0:
            line = content.count(b"\n", 0, begins) + 1
            detail = {"most": most, "variable": limits.LINE_BYTES.variable}
            raise EvaluationError([Issue("DATA-483", name, detail, where=Location(name, line))])
        begins = last + 1


def _records(text: str, delimiter: str, name: str) -> pl.DataFrame:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sample = text[:200_000].splitlines()[:_SAMPLE_LINES]
    width = max(line.count(delimiter) for line in sample) + 1
    if width > WIDEST:
        detail = {"found": f"{width:,}", "most": f"{WIDEST:,}"}
        raise EvaluationError([Issue("FILE-716", name, detail, where=Location(name))])
    schema = {f"c{index}": pl.String for index in range(width + 1)}  # one more shows rows that are too long
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode()), has_header=False, schema=schema, separator=delimiter,
            truncate_ragged_lines=True, missing_columns="insert", raise_if_empty=False,
        )  # fmt: skip
    except (
        pl.exceptions.PolarsError
    ):  # an odd quotation mark; the slower reader knows better or names the line
        return _records_one_by_one(text, delimiter, schema, name)
    lines = text.count("\n") + (not text.endswith("\n"))
    row = pl.int_range(1, frame.height + 1, dtype=pl.Int64)
    if lines != frame.height:  # cells with line breaks inside
        breaks = pl.concat_str(pl.all(), ignore_nulls=True).str.count_matches("\n").cast(pl.Int64)
        row = row + breaks.cum_sum().shift(1, fill_value=0)
    return frame.with_columns(row.alias("row")).rechunk()  # else every later step joins the pieces again


def _records_one_by_one(
    text: str, delimiter: str, schema: dict[str, type[pl.String]], name: str
) -> pl.DataFrame:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[list[str | int | None]] = []
    line = 1
    try:
        for fields in reader:
            cells: list[str | int | None] = [field or None for field in fields[: len(schema)]]
            rows.append([*cells, *[None] * (len(schema) - len(cells)), line])
            line = reader.line_num + 1
    except csv.Error as error:
        raise EvaluationError([Issue("DATA-420", name, where=Location(name, line))]) from error
    return pl.DataFrame(rows, schema={**schema, "row": pl.Int64}, orient="row")
