"""A first look at files whose columns nobody has named yet: what stands in each, by header and by cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from evaluator.brief import Brief
from evaluator.data.cells import Cells
from evaluator.data.connections import Readers
from evaluator.data.conversion import Notation, Written, converted
from evaluator.data.currencies import names_currencies
from evaluator.data.headers import Header, find_header
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.data.shapes import shaped
from evaluator.data.signs import is_formula, tidy
from evaluator.data.sources import kind_of, read_sources
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Location
from evaluator.workbook.reader import read_workbook

_JUDGED = 2_000  # filled cells of a column that show what it holds, taken evenly from all of them
_MOSTLY = 0.9  # share of them that must read as one kind
_EXAMPLES = 3


@dataclass(frozen=True)
class Seen(Brief):
    """A column as a file shows it: its header, and what its cells say of themselves.

    Parameters
    ----------
    header, position : where it stands among the columns.
    filled, distinct : cells that are not empty, and how many different ones.
    numbers, dates : whether nearly all filled cells read as numbers, or as dates.
    whole : whether all the numbers are whole.
    formulas : whether all filled cells are formulas without their values.
    examples : the first different cells.
    """

    header: str
    position: int
    filled: int
    distinct: int
    numbers: bool
    dates: bool
    whole: bool
    formulas: bool
    examples: tuple[str, ...]

    @property
    def repeats(self) -> bool:
        """Whether some value stands in several rows, as the customer of several orders does."""
        return self.distinct < self.filled


@dataclass(frozen=True)
class Look(Brief):
    """A table of a file, or of one sheet of a workbook, before anything is known of its columns.

    Parameters
    ----------
    formats : how days may be written, besides the usual ways.
    """

    path: Path
    sheet: str | None
    header: Header
    cells: Cells
    formats: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows below the header that hold anything."""
        below = self.cells.frame.slice(self.header.index + 1)
        return below.filter(pl.any_horizontal(pl.col(self.cells.columns).is_not_null()))

    @cached_property
    def columns(self) -> tuple[Seen, ...]:
        """The columns with a header, in the order of the file."""
        return tuple(
            self._seen(position, header) for position, header in enumerate(self.header.names) if header
        )

    @property
    def name(self) -> str:
        """What messages call it: the file, with its sheet where it has several."""
        return f"{self.path.name}!{self.sheet}" if self.sheet else self.path.name

    def values(self, position: int) -> pl.Series:
        """Return the cells of a column as they stand, empty ones as null."""
        text = self.rows[f"c{position}"].str.strip_chars()
        return text.set(text == "", None)

    def reshaped(self, mapping: TableMapping, schema: TableSchema) -> Look:
        """Return the table as a mapping says it is meant: unpivoted, with constants and row numbers.

        Raises `EvaluationError` where no header fits, or a column is none of the schema.
        """
        where = Location(self.path.name)
        cells, header = shaped(self.cells, self.header, mapping, schema, lambda key: where)
        return replace(self, cells=cells, header=header)

    def names_currencies(self, seen: Seen) -> bool:
        """Return whether the cells of a column name several currencies."""
        return seen.distinct > 1 and not seen.numbers and names_currencies(self.values(seen.position))

    def same(self, one: Seen, other: Seen) -> bool:
        """Return whether two columns say the same in every row."""
        return self.values(one.position).equals(self.values(other.position), null_equal=True)

    def _seen(self, position: int, header: str) -> Seen:
        filled = self.values(position).drop_nulls()
        sample = filled.gather_every(max(1, len(filled) // _JUDGED))
        numbers, dates = self._read(sample, "number"), self._read(sample, "date")
        laid_out = [self._read(sample, "date", layout) for layout in self.formats]
        known = numbers.drop_nulls()
        bare = _mostly(numbers) and bool(self.cells.day_0) and _undated(sample)
        return Seen(
            header,
            position,
            len(filled),
            filled.n_unique(),
            numbers=_mostly(numbers),
            dates=any(map(_mostly, laid_out)) or (_mostly(dates) and not bare),
            whole=bool(len(known)) and bool((known == known.round()).all()),
            formulas=bool(len(filled))
            and bool(pl.select(is_formula(tidy(pl.lit(filled)))).to_series().all()),
            examples=tuple(filled.head(1000).unique(maintain_order=True).head(_EXAMPLES)),
        )

    def _read(self, sample: pl.Series, kind: str, layout: str | None = None) -> pl.Series:
        column = Column(kind, "number" if kind == "number" else "date")
        written = Written(sample, day_0=self.cells.day_0, delimiter=self.cells.delimiter)
        mapping = ColumnMapping.model_validate({"from": kind, "format": layout}) if layout else None
        found = converted(written, column, mapping)
        if (found["problem"] == "undecided").any():  # what it is is plain, though not yet how it is read
            found = converted(written, column, notation=Notation(".", "dmy"))
        return found["value"]


def looks(
    path: Path,
    schema: TableSchema,
    *,
    layout: Mapping[str, Any] | None = None,
    formats: tuple[str, ...] = (),
) -> Iterator[Look]:
    """Yield a look at a file, or at every visible sheet of a workbook that holds anything.

    Parameters
    ----------
    schema : columns whose usual headers show which row is the header.
    layout : what is stated of encoding, delimiter and the row of headers.
    formats : how days may be written, besides the usual ways.

    Raises `EvaluationError` with what the readers refuse.
    """
    if kind_of(path, path.name) != "workbook":
        yield replace(_look(path, None, schema, layout or {}), formats=formats)
        return
    book = read_workbook(path, name=path.name)
    sheets = [sheet.name for sheet in book.sheets if not sheet.hidden and any(sheet.rows)]
    for sheet in sheets:
        look = _look(path, sheet if len(book.names) > 1 else None, schema, layout or {})
        yield replace(look, formats=formats)


def _look(path: Path, sheet: str | None, schema: TableSchema, layout: Mapping[str, Any]) -> Look:
    mapping = TableMapping.model_validate({"file": path.name, "sheet": sheet, **layout})
    with Readers() as readers:
        (cells,) = read_sources(
            mapping, schema, path.parent, where=Location(path.name), databases={}, readers=readers
        )
    return Look(path, sheet, find_header(cells, mapping, schema), cells)


def joint(schemas: Mapping[str, TableSchema]) -> TableSchema:
    """Return a schema that knows the headers of several tables."""
    columns = {(name, column.name): column for name, schema in schemas.items() for column in schema.columns}
    return TableSchema(tuple(columns.values()))


def _mostly(values: pl.Series) -> bool:
    return len(values) > 0 and values.null_count() <= (1 - _MOSTLY) * len(values)


def _undated(sample: pl.Series) -> bool:
    """Return whether cells of a workbook are bare numbers, which need not be days; 20240105 is one."""
    return not bool(sample.str.contains(r"^(?:19|20)\d{6}$").all())
