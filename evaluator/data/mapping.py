"""How one table of the client's is read: the part of ``study.yaml`` under ``tables``."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from evaluator.data.inline_yaml import flow
from evaluator.data.layout import Layout
from evaluator.data.totals import TOTALS
from evaluator.documents import Format, UnfitError
from evaluator.labels import Positive, PositiveCount

Number = float | int
Words = tuple[str, ...]


def _time_zone(name: str) -> str:
    try:
        pl.Series([datetime(2000, 1, 1)]).dt.replace_time_zone(name)
    except pl.exceptions.PolarsError as error:
        raise UnfitError("zone") from error
    return name


EXCEL = "excel"


def _not_zero(factor: float) -> float:
    if not factor:
        raise ValueError("not 0")
    return factor


TimeZone = Annotated[str, AfterValidator(_time_zone)]


class ColumnMapping(Format):
    """A column of the file and how its cells turn into values.

    Parameters
    ----------
    from_ : the header in the file (``from`` in YAML), one of the usual ones when not stated; ``amount.2``
        is the second of two of that name.
    position : the place of the column in the file, counted from 1, instead of its header.
    row_number : instead of a column, the number of the row: each row is somebody or something of its own.
    factor : every number is multiplied by it (10000 where the file counts in 万元).
    units : words and signs before or behind a number, and what they multiply it by: ``{箱: 12, "$": 7.1}``.
    format : how dates are written, as ``%d/%m/%Y``; ``dmy``, ``mdy`` or ``ymd`` for their order alone;
        ``excel`` for day numbers outside a workbook.
    zone : time zone, as ``Asia/Shanghai``, whose calendar day a time falls on.
    recorded : time zone of times that are written without an offset of their own; default: `zone`.
    decimal : the sign before decimals; the other one then separates thousands. Default: that of the table,
        else what the cells of the column show.
    missing : what stands for a value that is not known, as ``[-99, "不知道"]``; an empty list says that
        every number is meant as it stands. Default: that of the table.
    range : least and greatest number that may stand in the column; anything beyond is an error.
    years : first and last year of its dates, where they lie outside 1950 to 2099.
    width : digits of an id whose leading zeros were lost.
    alike : whether ids that differ only in capitals, spaces and brackets are one, as `columns.ids.alike`
        writes it.
    """

    from_: Annotated[str | None, Field(alias="from", min_length=1)] = None
    position: PositiveCount | None = None
    row_number: bool = False
    factor: Positive = 1.0
    units: dict[str, Annotated[float, AfterValidator(_not_zero)]] = {}
    format: str | None = None
    zone: TimeZone | None = None
    recorded: TimeZone | None = None
    decimal: Literal[".", ","] | None = None
    missing: tuple[str | Number, ...] | None = None
    range: tuple[float, float] | None = None
    years: tuple[int, int] | None = None
    width: Annotated[int, Field(gt=0, le=40)] | None = None
    alike: bool = False

    @model_validator(mode="after")
    def _one_column(self) -> ColumnMapping:
        if sum((self.from_ is not None, self.position is not None, self.row_number)) > 1:
            raise UnfitError("one_of", names="from, position, row_number")
        return self

    @property
    def placed(self) -> bool:
        """Whether it says where the column stands, besides how its cells are written."""
        return self.from_ is not None or self.position is not None or self.row_number

    @model_validator(mode="after")
    def _zone_beside_recorded(self) -> ColumnMapping:
        if self.recorded and not self.zone:
            raise UnfitError("needs", name="recorded", other="zone")
        return self


def _kind(value: Any) -> str:
    return "<column>" if isinstance(value, dict | ColumnMapping) else "<header>"


ColumnSource = Annotated[
    Annotated[str | None, Tag("<header>")] | Annotated[ColumnMapping, Tag("<column>")], Discriminator(_kind)
]


class Filter(Format):
    """Rows to drop, or the only ones to keep, by one test of one column, for a stated reason.

    `drop` or `keep` names a column of the table or a header of the file. Exactly one test follows;
    an empty cell passes no test but `empty`.
    """

    drop: str | None = None
    keep: str | None = None
    equals: str | Number | None = None
    starts_with: str | None = None
    below: float | None = None
    above: float | None = None
    in_: Annotated[tuple[str | Number, ...] | None, Field(alias="in")] = None
    empty: bool | None = None
    reason: Annotated[str, Field(min_length=1)]

    @property
    def column(self) -> str:
        """The column the test looks at."""
        return self.drop or self.keep or ""

    @property
    def test(self) -> str:
        """The name of the one test that is stated."""
        return next(name for name in _TESTS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_action_and_one_test(self) -> Filter:
        if (self.drop is None) == (self.keep is None):
            raise UnfitError("one_of", names="drop, keep")
        if sum(getattr(self, name) is not None for name in _TESTS) != 1:
            raise UnfitError("one_of", names="equals, starts_with, below, above, in, empty")
        return self


_TESTS = ("equals", "starts_with", "below", "above", "in_", "empty")


class Duplicates(Format):
    """Which row counts where several are the same in some columns, as corrections or repeated exports are.

    `by` names columns of the table or headers of the file; rows without a value in one of them are no
    duplicates. `keep` is the row that counts, in the order of the file.
    """

    by: Annotated[tuple[str, ...], Field(min_length=1)]
    keep: Literal["first", "last"] = "first"


class Returned(Format):
    """Which lines are goods that came back, where the file has their amounts without a minus.

    Parameters
    ----------
    column : header of the file, or column of the table, that says what a line is (Belegart, 单据类型).
    in_ : what stands there on lines of what came back (``in`` in YAML); none: all amounts are as they stand.
    """

    column: Annotated[str, Field(min_length=1)]
    in_: Annotated[tuple[str | Number, ...], Field(alias="in")]


class Rates(Format):
    """What amounts in other currencies are worth in one.

    Parameters
    ----------
    to : the currency all amounts become.
    per_unit : what one unit of another currency is worth, as ``{USD: 7.12}``.
    table : whether the study's table ``rates`` says it, by day; what `per_unit` states comes before it.
    default : the currency of rows that name none.
    """

    to: Annotated[str, Field(min_length=1)]
    per_unit: dict[str, Positive] = {}
    table: bool = False
    default: Annotated[str, Field(min_length=1)] | None = None


def _rule_kind(value: Any) -> str:
    return "<rule>" if isinstance(value, dict | Duplicates) else "<word>"


DuplicateRule = Annotated[
    Annotated[Literal["keep", "drop"], Tag("<word>")] | Annotated[Duplicates, Tag("<rule>")],
    Discriminator(_rule_kind),
]

_OF_FILES = ("sheet", "header", "encoding", "delimiter", "fill_down")
_OF_DATABASES = ("table", "query", "credentials")
_PASSWORD = re.compile(r"(://[^:/@\s]*):\S*@")
_SECRET_OPTION = re.compile(
    r"([?&;][^=&;]*(?:password|passwd|pwd|token|secret)[^=&;]*=)[^&;\s]+", re.IGNORECASE
)


def without_password(url: str) -> str:
    """Return a URL as it may be shown.

    >>> without_password("mysql://ann:a@b@host/crm")
    'mysql://ann:…@host/crm'
    """
    return _SECRET_OPTION.sub(r"\1…", _PASSWORD.sub(r"\1:…@", url))


class TableMapping(Layout):
    """Where a table stands and how it becomes the study's: in files, or in a database.

    Besides what is said here it has the keys of `Layout`.

    Parameters
    ----------
    file : path, relative to the study; with ``*``, ``?`` or ``[…]`` every file that fits, one after another.
    database : name among the study's ``databases``, path of an SQLite or DuckDB file, or a URL without
        password; with `table` (``schema.name``) or a `query` that reads.
    credentials : file outside the study with `user` and `password`, where the database needs them.
    columns : for each column of the table its header in the file, or a `ColumnMapping`; null leaves
        it out. Columns not named here are matched by their usual Chinese and English headers.
    decimal, missing : for every column that states none of its own, see `ColumnMapping`.
    totals : words that make a row a total row, which is dropped; default: those of many languages.
    duplicates : whether a row equal to an earlier one in every cell is kept, or a rule that says in which
        columns rows must be equal and which of them counts.
    filters : rows to drop or to keep, in this order.
    rates : where the rows are in several currencies, what each is worth.
    returned : which lines are goods that came back, where amounts do not say so.
    """

    file: Annotated[str, Field(min_length=1)] | None = None
    database: Annotated[str, Field(min_length=1)] | None = None
    table: Annotated[str, Field(min_length=1)] | None = None
    query: Annotated[str, Field(min_length=1)] | None = None
    credentials: Annotated[str, Field(min_length=1)] | None = None
    columns: dict[str, ColumnSource] = {}
    decimal: Literal[".", ","] | None = None
    missing: tuple[str | Number, ...] | None = None
    totals: Words = TOTALS
    duplicates: DuplicateRule = "keep"
    filters: tuple[Filter, ...] = ()
    rates: Rates | None = None
    returned: Returned | None = None

    @model_validator(mode="after")
    def _columns_once(self) -> TableMapping:
        if twice := [name for name in self.made if self.columns.get(name) and self.places(name)]:
            raise UnfitError("beside", names=", ".join(twice), other="constants, unpivot")
        return self

    @model_validator(mode="after")
    def _one_source(self) -> TableMapping:
        if (self.file is None) == (self.database is None):
            raise UnfitError("one_of", names="file, database")
        if self.database is not None and (self.table is None) == (self.query is None):
            raise UnfitError("one_of", names="table, query")
        beside = _OF_DATABASES if self.database is None else _OF_FILES
        if stated := [name for name in beside if getattr(self, name) is not None]:
            raise UnfitError("beside", names=", ".join(stated), other="file" if self.file else "database")
        return self

    @property
    def source(self) -> str:
        """What the table is called in notes and messages: its file, or its database without a password.

        >>> TableMapping(database="postgresql://ann:secret@host/crm", table="sales.orders").source
        'postgresql://ann:…@host/crm#sales.orders'
        """
        if self.file is not None:
            return self.file
        return f"{without_password(self.database or '')}#{self.table or 'query'}"

    @property
    def made(self) -> tuple[str, ...]:
        """The columns of the table that stand in no column of the file."""
        return (*self.constants, *(self.unpivot.made if self.unpivot else ()))

    def places(self, name: str) -> bool:
        """Whether the study says where a column of the table stands, or that it is left out."""
        stated = self.column(name)
        return name in self.columns and (stated is None or stated.placed)

    def column(self, name: str) -> ColumnMapping | None:
        """Return the mapping of a column, None where nothing is stated."""
        stated: Any = self.columns.get(name)
        return ColumnMapping.model_validate({"from": stated}) if isinstance(stated, str) else stated

    def reading(self, name: str) -> ColumnMapping:
        """Return how the cells of a column are read: what is stated for it, else for the whole table."""
        own = self.column(name) or ColumnMapping.model_validate({"from": name})
        stated = {key: getattr(self, key) for key in ("decimal", "missing") if getattr(own, key) is None}
        return own.model_copy(update=stated)

    def line(self, name: str, header: str, **stated: Any) -> str:
        """Return the line under `columns` that states something of a column besides what it states already.

        >>> TableMapping(file="a.csv").line("amount", "Betrag", decimal=",", units={"%": 0.01})
        'amount: {from: Betrag, decimal: ",", units: {"%": 0.01}}'
        """
        own = self.column(name)
        known: dict[str, Any] = {} if name in self.made else {"from": header}
        if own:
            known = own.model_dump(by_alias=True, exclude_unset=True)
        return f"{name}: {flow(known | stated)}"
