"""Text tables (CSV and its relatives): encoding, delimiter and records, every cell still text."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from pathlib import Path

import polars as pl

from evaluator.data.cells import Cells
from evaluator.data.mapping import TableMapping
from evaluator.errors import EvaluationError, Issue, Location

DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_LINES = 60
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_delimited(path: Path, mapping: TableMapping) -> Cells:
    """Return the cells of a text table.

    Raises `EvaluationError` DATA-401 (cannot be read), DATA-402 (encoding cannot be told),
    DATA-403 (empty), DATA-420 (quotation marks do not pair).
    """
    name = mapping.source
    text, encoding = _decoded(_bytes(path, name), mapping.encoding, name)
    if not text.strip():
        raise EvaluationError([Issue("DATA-403", name, where=Location(name))])
    sample = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    delimiter = mapping.delimiter or sniffed(sample)
    return Cells(name, _records(text, delimiter, name), encoding=encoding, delimiter=delimiter)


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


def _bytes(path: Path, name: str) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvaluationError([Issue("DATA-401", name, {"reason": reason}, where=Location(name))]) from error


def _decoded(content: bytes, stated: str | None, name: str) -> tuple[str, str]:
    for encoding in [stated] if stated else _candidates(content):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\x00" not in text and (stated or encoding != "gb18030" or _plausible(text)):
            return text.removeprefix("\ufeff"), encoding.removesuffix("-sig")
    tried = ", ".join([stated] if stated else _candidates(content))
    raise EvaluationError([Issue("DATA-402", name, {"tried": tried}, where=Location(name))])


def _candidates(content: bytes) -> list[str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    odd, even = content[1:2000:2].count(0), content[0:2000:2].count(0)
    if max(odd, even) > len(content[:2000]) // 8:
        return ["utf-16-le" if odd > even else "utf-16-be"]
    return ["utf-8", "gb18030"]


def _plausible(text: str) -> bool:
    """Say whether text read as GB18030 is made of everyday Chinese: other encodings give rare signs."""
    foreign = [sign for sign in text[:500_000] if sign > "\x7f"][:20_000]
    common = len("".join(foreign).encode("gb2312", "ignore")) / 2
    return common >= 0.9 * len(foreign)


def _records(text: str, delimiter: str, name: str) -> pl.DataFrame:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    sample = text[:200_000].splitlines()[:_SAMPLE_LINES]
    width = max(line.count(delimiter) for line in sample) + 1
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
    return frame.with_columns(row.alias("row"))


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
