"""Sheets of workbooks and Parquet files as cells of text."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from evaluator import limits, trial
from evaluator.columns.apostrophes import marked_text
from evaluator.data.cells import Cells, cell_text, typed_column
from evaluator.data.mapping import TableMapping
from evaluator.errors import EvaluationError, Issue, Location, is_panic
from evaluator.workbook.reader import SheetValues

_READ = "import polars; polars.read_parquet(sys.argv[1])"
_CALENDAR = (-719_162, 2_932_897)  # the years 1 to 9999, in days from 1970 on
_UNITS_A_DAY = {None: 1, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
_LARGEST = (1 << 63) - 1
_OF_TEXT = (pl.String, pl.Categorical, pl.Enum)


def read_parquet(path: Path, mapping: TableMapping) -> Cells:
    """Return the columns of a Parquet file as cells of text, the column names as record 0.

    Raises `EvaluationError` where it cannot be read, or takes too much memory.
    """
    try:
        return cells_of_frame(parquet_frame(path, mapping.source), mapping.source)
    except pl.exceptions.PolarsError as error:
        detail = {"reason": next(iter(str(error).splitlines()), type(error).__name__)}
        raise EvaluationError(
            [Issue("DATA-401", mapping.source, detail, where=Location(mapping.source))]
        ) from error


def parquet_frame(path: Path, source: str) -> pl.DataFrame:
    """Return what a Parquet file of a study holds; `source` is how messages call it.

    Another process reads it first: a small file may hold more than memory does, and over damage the library
    may give up so that the process ends.

    Raises
    ------
    PolarsError
        where it cannot be read.
    EvaluationError
        where it takes too much memory.
    """
    if found := trial.failure(_READ, str(path), memory=limits.READING_BYTES.value):
        if not found.memory:
            raise pl.exceptions.ComputeError(found.reason)
        detail = {"most": limits.READING_BYTES.value >> 20, "variable": limits.READING_BYTES.variable}
        raise EvaluationError([Issue("DATA-484", source, detail, where=Location(source))])
    try:
        return pl.read_parquet(path)
    except BaseException as error:
        if not (isinstance(error, OSError) or is_panic(error)):
            raise
        raise pl.exceptions.ComputeError(str(error)) from error


def cells_of_frame(frame: pl.DataFrame, source: str) -> Cells:
    """Return the columns of a frame as cells of text, the column names as record 0."""
    texts = [_texts(column).alias(f"c{index}") for index, column in enumerate(frame)]
    typed = [
        pl.lit(True).alias(typed_column(f"c{index}"))
        for index, column in enumerate(frame)
        if column.dtype not in _OF_TEXT
    ]
    header = pl.DataFrame({f"c{index}": [name] for index, name in enumerate(frame.columns)})
    cells = pl.concat([header, pl.DataFrame(texts)]).with_columns(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"), *typed
    )
    return Cells(source, cells)


def _texts(column: pl.Series) -> pl.Series:
    if column.dtype.is_nested() or column.dtype == pl.Binary:
        return pl.Series(column.name, [None] * len(column), dtype=pl.String)
    if isinstance(column.dtype, pl.Date | pl.Datetime):
        return _days(column)
    text = column.cast(pl.String)
    if column.dtype in _OF_TEXT:
        return text.alias("text").to_frame().select(marked_text(pl.col("text"))).to_series()
    return text


def _days(column: pl.Series) -> pl.Series:
    """Return dates as text; one that no calendar has, over which the library panics, as its number."""
    number = column.to_physical()
    unit = getattr(column.dtype, "time_unit", None)
    first, last = (day * _UNITS_A_DAY[unit] for day in _CALENDAR)
    known = number.is_between(max(first, -_LARGEST), min(last, _LARGEST))
    return (
        pl.select(pl.when(known).then(column)).to_series().cast(pl.String).fill_null(number.cast(pl.String))
    )


def sheet_cells(sheet: SheetValues) -> Cells:
    """Return the cells of a sheet as text."""
    columns: dict[str, pl.Series] = {}
    for index in range(max(len(row) for row in sheet.rows)):
        name = f"c{index}"
        values = [row[index] if index < len(row) else "" for row in sheet.rows]
        columns[name] = pl.Series([cell_text(value) for value in values], dtype=pl.String)
        kinds = list(map(type, values))
        if set(kinds) != {str}:
            columns[typed_column(name)] = pl.Series([kind is not str for kind in kinds])
    row = pl.int_range(1, len(sheet.rows) + 1, dtype=pl.Int64, eager=True)
    merged = tuple((top + 1, left, low + 1, right) for top, left, low, right in sheet.merged)
    frame = pl.DataFrame({**columns, "row": row})
    return Cells(sheet.file, frame, sheet=sheet.name, day_0=sheet.day_0, merged=merged)
