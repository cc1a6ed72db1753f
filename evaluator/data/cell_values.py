"""The rows below the header, with the value of every cell of a known column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evaluator.brief import Brief
from evaluator.columns.apostrophes import unmarked_text
from evaluator.data.cells import Cells, typed_column
from evaluator.data.codes import unobserved, within
from evaluator.data.conversion import Notation, Written, all_converted, notations
from evaluator.data.headers import Header
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Issue, Location, Severity

SHOWN = 5


@dataclass(frozen=True)
class Body(Brief):
    """A table between file and study: where each column stands in the file, and what was made of it.

    `found` gives the position of each column that is there; `results` its `value` and `problem`, in
    the rows of `rows` (see `conversion.converted`); `readings` what the study states of it, `notations` how
    it is written; `name` what the study calls the table.
    """

    cells: Cells
    header: Header
    mapping: TableMapping
    schema: TableSchema
    found: Mapping[str, int]
    rows: pl.DataFrame
    results: Mapping[str, pl.DataFrame]
    readings: Mapping[str, ColumnMapping]
    notations: Mapping[str, Notation]
    name: str = ""

    @cached_property
    def _series(self) -> Mapping[str, pl.Series]:
        return {series.name: series for series in self.rows.get_columns()}

    @cached_property
    def _untyped(self) -> pl.Series:
        return pl.repeat(False, self.rows.height, eager=True)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are there, in the order of the schema."""
        return tuple(column for column in self.schema.columns if column.name in self.found)

    @property
    def ids(self) -> str | None:
        """The column that says whose row it is."""
        return next((column.name for column in self.columns if column.kind == "id"), None)

    def value(self, name: str) -> pl.Series:
        """Return the values of a column."""
        return self.results[name]["value"]

    def problem(self, name: str) -> pl.Series:
        """Return what is wrong with the cells of a column, null where nothing is."""
        return self.results[name]["problem"]

    def text(self, name: str) -> pl.Series | None:
        """Return what the cells under a header of the file say, None where there is no such header."""
        position = self.header.position(name)
        if position is None:
            return None
        text = self.rows.select(unmarked_text(pl.col(f"c{position}"))).to_series()
        return text.str.strip_chars()

    def cells_of(self, name: str, records: pl.Series) -> pl.DataFrame:
        """Return `value`, `problem`, `plain`, `row`, `text` and `typed` of the cells of a column.

        `records` are the rows that are looked at.
        """
        position = f"c{self.found[name]}"
        typed = self._series.get(typed_column(position), self._untyped)
        written = [self._series["row"], self._series[position].alias("text"), typed.alias("typed")]
        cells = self.results[name].hstack(written)
        return cells if records.all() else cells.filter(records)

    def issue(
        self,
        code: str,
        name: str,
        cases: pl.DataFrame,
        severity: Severity = Severity.WARNING,
        detail: Mapping[str, object] | None = None,
        hint: tuple[str, ...] = (),
    ) -> Iterator[Issue]:
        """Yield the issue that names some cells of a column: how many, and the first ones."""
        if cases.height:
            where = self.place(cases["row"][0], name)
            said = {"count": cases.height, "examples": self.shown(name, cases.head(SHOWN)), **(detail or {})}
            yield Issue(code, name, said, hint, where, severity)

    def shown(self, name: str, cases: pl.DataFrame) -> str:
        """Return cells with their places, as messages show them."""
        return ", ".join(
            f"{self.place(row, name)} «{text}»" for row, text in cases.select("row", "text").rows()
        )

    def line(self, name: str, **stated: object) -> str:
        """Return the line of the mapping that states something of a column, besides what it states today."""
        return self.mapping.line(name, self.header.names[self.found[name]], **stated)

    def path(self, line: str) -> str:
        """Return a line that states something of a column with its place in the study."""
        return f"tables: {{{self.name}: {{columns: {{{line}}}}}}}"

    def place(self, row: int, name: str) -> Location:
        """Return where the cell of a column stands in the file."""
        return self.cells.place(row, self.found[name])


def body(
    cells: Cells, header: Header, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Body:
    """Return the rows below the header, converted; empty rows after the last filled one are no rows."""
    below = cells.frame.slice(header.index + 1)
    said = [f"c{index}" for index in range(len(cells.columns)) if index not in header.fixed]
    filled = below.select(pl.any_horizontal(pl.col(said).is_not_null())).to_series().arg_true()
    rows = below.head(int(filled[-1]) + 1 if len(filled) else 0)
    there = {series.name: series for series in rows.get_columns()}
    columns = [
        (column, mapping.reading(column.name), _written(cells, there, found[column.name]))
        for column in schema.columns
        if column.name in found
    ]
    notation = notations(columns)
    results = {
        column.name: read
        for (column, *_), read in zip(columns, all_converted(columns, notation), strict=True)
    }
    for column, reading, _ in columns:
        if column.ends and reading.missing is None:
            results[column.name] = _without_codes(results[column.name], column.ends, reading.factor)
    return Body(
        cells, header, mapping, schema, found, rows, results,
        {column.name: reading for column, reading, _ in columns},
        dict(zip(results, notation, strict=True)),
    )  # fmt: skip


def _without_codes(results: pl.DataFrame, ends: tuple[float, float], factor: float) -> pl.DataFrame:
    """Return what happened to the cells of a column, with the codes beyond the ends of its scale named."""
    if within(results["value"], *ends):
        return results
    value = pl.col("value")
    beyond = results.filter((value < ends[0]) | (value > ends[1]))["value"]
    codes = [code * factor for code in unobserved(beyond / factor, (ends[0] / factor, ends[1] / factor))]
    coded = value.is_in(codes).fill_null(False)
    named = pl.when(coded).then(pl.lit("code")).otherwise("problem").alias("problem")
    return results.with_columns(pl.when(~coded).then(value), named)


def written(cells: Cells, rows: pl.DataFrame, position: int) -> Written:
    """Return the cells of a column of a file, with what the file itself holds as values."""
    return _written(cells, {series.name: series for series in rows.get_columns()}, position)


def _written(cells: Cells, there: Mapping[str, pl.Series], position: int) -> Written:
    texts, held = there[f"c{position}"], there.get(typed_column(f"c{position}"))
    typed: pl.Series | bool = False
    if held is not None:
        every = (held | texts.is_null()).all()
        typed = held if not every and held.any() else every
    return Written(texts, typed, cells.day_0, cells.delimiter)
