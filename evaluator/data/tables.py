"""Tables as the study reads them, and what happened to every row on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue

Kind = Literal["id", "text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Column(Brief):
    """A column a table may have.

    Parameters
    ----------
    name : what the rooms above call it.
    kind : how its cells are read; an ``id`` is text that Excel may have damaged.
    required : the table is no use without it, and a row without its value is dropped.
    non_negative : a negative number cannot be meant.
    headers : what people write above such a column, in Chinese and English.
    money : the number is an amount in the currency of its row.
    range : least and greatest number that can be meant.
    ends : of the scale that scores the number; codes for what is not known are looked for beyond them.
    unit : what the number counts in, where that is fixed.
    words : what may stand in place of a number, and the number each stands for: the grades of a rating.
    """

    name: str
    kind: Kind
    required: bool = False
    non_negative: bool = False
    headers: tuple[str, ...] = ()
    money: bool = False
    range: tuple[float, float] | None = None
    ends: tuple[float, float] | None = None
    unit: str = ""
    words: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class TableSchema(Brief):
    """The columns of a table, owned by the room that consumes it.

    Parameters
    ----------
    columns : every column the table may have; others in the file are left alone and noted.
    key : columns whose values together may stand in one row only; all but the first count where the
        file has them.
    one_of : sets of columns of which at least one must be there in full; that one is then required.
    wide : two columns, where a file may have a column for each value of the first, with those of the second
        below: months with amounts, questions with answers.
    returned : columns that are below zero on a line of what came back.
    may_be_empty : whether a file with a header alone will do, because rows come from elsewhere too.
    further : whether columns of the file that are none of these are kept as text, beside the table.
    of_customers : whether its ids are those of customers of the study; items and prospects are none.
    ahead : whether its dates may lie ahead of the day looked back from.
    attributes : whether a study may add columns by its `attributes`.
    """

    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    may_be_empty: bool = False
    wide: tuple[str, str] | tuple[()] = ()
    returned: tuple[str, ...] = ()
    further: bool = False
    of_customers: bool = True
    ahead: bool = False
    attributes: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows left out for one reason: a key of the catalogues (``data.dropped.…``) or the study's own words.

    `column` is the column at fault, where there is one.
    """

    reason: str
    rows: int
    column: str = ""

    def text(self, language: str) -> str:
        """Return the reason in words.

        >>> Dropped("data.dropped.missing", 3, "date").text("en")
        'no value for date'
        """
        if messages.known(self.reason, language):
            return messages.text(self.reason, language, column=self.column)
        return self.reason


@dataclass(frozen=True, slots=True)
class ColumnNote(Brief):
    """What a column became: its header in the file, how it was read, and what was not there to read.

    `filled` counts the values of the rows kept, `empty` cells without one, `unreadable` cells that say
    something that is not of the column's kind; `source` is empty for a column the file does not have.
    `examples` are values, `written` the cells they came from.
    """

    name: str
    source: str
    kind: Kind
    empty: int
    examples: tuple[str, ...] = ()
    unreadable: int = 0
    filled: int = 0
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file or query rows came from, and how many; `fingerprint` is that of the rows of a database."""

    name: str
    rows: int
    sheet: str | None = None
    encoding: str | None = None
    header: int = 1
    query: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class TableNote(Brief):
    """A table reconciled to the row: ``rows_read == rows_kept + sum of the rows dropped``.

    `header` is the row (from 1) the column names stand in, 0 where the columns have names of their own;
    `unused` are headers no column was read from; `lost` are the ids all of whose rows were dropped, each
    with the reason of its last row. `sources` are the files the rows came from, or the query.
    `further` are columns kept as text beside those the table knows; `telling` are the headers among
    `unused` under which rows differ that are equal in all that is read, the most telling first.
    """

    table: str
    file: str
    sheet: str | None
    encoding: str | None
    rows_read: int
    rows_kept: int
    dropped: tuple[Dropped, ...] = ()
    columns: tuple[ColumnNote, ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    header: int = 1
    delimiter: str | None = None
    unused: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    further: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()

    def title(self, language: str, *, coded: bool = True) -> str:
        """Return what the table is called in words, and if `coded` also in `study.yaml`.

        >>> TableNote("orders", "orders.csv", None, "utf-8", 3, 3).title("zh")
        '订单（orders）'
        """
        key = f"table.{self.table}"
        if not messages.known(key, language):
            return self.table
        if not coded:
            return messages.text(key, language)
        return messages.text("data.titled", language, title=messages.text(key, language), table=self.table)

    def why(self, dropped: Dropped, language: str) -> str:
        """Return why rows were left out; a column is called as in the file.

        >>> header = ColumnNote("id", "客户编号", "text", 1)
        >>> note = TableNote("orders", "orders.csv", None, "utf-8", 3, 2, columns=(header,))
        >>> note.why(Dropped("data.dropped.missing", 1, "id"), "zh")
        '客户编号 为空'
        """
        headers = {column.name: column.source for column in self.columns if column.source}
        named = ", ".join(headers.get(name, name) for name in dropped.column.split(", "))
        return replace(dropped, column=named).text(language)


@dataclass(frozen=True)
class Tables(Brief):
    """The tables of a study by name, with their notes and the issues that did not stop the reading.

    `further` has what a file holds besides the columns its table knows, as text in the rows of the table.
    It stands apart, because a header may be that of a measure, which is something else than its number.
    """

    frames: Mapping[str, pl.DataFrame]
    notes: tuple[TableNote, ...] = ()
    issues: tuple[Issue, ...] = ()
    further: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    def whole(self, name: str) -> pl.DataFrame:
        """Return a table with its further columns."""
        return self.frames[name].hstack(self.further[name]) if name in self.further else self.frames[name]

    def __contains__(self, name: object) -> bool:
        return name in self.frames

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self.frames[name]
