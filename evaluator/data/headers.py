"""Where the column names stand, and which of them is which column of the table."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from evaluator.columns.apostrophes import unmarked
from evaluator.data.cells import Cells
from evaluator.data.mapping import TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.documents import Key
from evaluator.errors import Issue, Location, Severity, nearest

_LOOKED_AT = 40
_UNIT = re.compile(r"[（(][^（(]*(百|千|万|亿|%|thousand|million|000)[^（(]*[）)]\s*$", re.IGNORECASE)
Where = Callable[[Key], Location]


@dataclass(frozen=True)
class Header:
    """The row of column names: its index among the cells, its row in the file, and the names."""

    index: int
    row: int
    names: tuple[str, ...]

    def position(self, name: str) -> int | None:
        """Return the column a header stands over: written the same, or but for case and spaces."""
        if name in self.names:
            return self.names.index(name)
        alike = [index for index, found in enumerate(self.names) if found and plain(found) == plain(name)]
        return alike[0] if alike else None


def plain(header: str) -> str:
    """Return a header without what people vary: width, case, spaces, underscores, hyphens, colons.

    >>> plain("Customer_ID") == plain("customerid") == plain("ＣustomerＩＤ：")
    True
    """
    return re.sub(r"[\s_\-:*]+", "", unicodedata.normalize("NFKC", header).casefold())


def recognised(cells: Cells, mapping: TableMapping, schema: TableSchema) -> tuple[int, int]:
    """Return how many known headers the best row near the top has, and the index of that row."""
    known = headers_of(mapping, schema)
    head = cells.frame.select(cells.columns).head(_LOOKED_AT).rows()
    counts = [len({plain(cell) for cell in row if cell is not None} & known) for row in head]
    best = max(counts, default=0)
    if best == 0:  # nothing is known: the first row with more than a title in it
        filled = [sum(cell is not None for cell in row) for row in head]
        return 0, next((index for index, count in enumerate(filled) if count > 1), 0)
    return best, counts.index(best)


def headers_of(mapping: TableMapping, schema: TableSchema) -> frozenset[str]:
    """Return every header a table's columns are known by, as `plain` has them."""
    return frozenset(plain(name) for column in schema.columns for name in _headers(column, mapping))


def find_header(cells: Cells, mapping: TableMapping, schema: TableSchema) -> Header:
    """Return the row of column names: the one stated, else the one most known headers stand in."""
    rows = cells.frame["row"]
    if mapping.header is not None and (stated := (rows == mapping.header).arg_true()).len():
        index = int(stated[0])
    else:
        index = recognised(cells, mapping, schema)[1]
    names = cells.frame.select(cells.columns).row(index)
    return Header(index, int(rows[index]), tuple(unmarked(name or "").strip() for name in names))


def match(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, where: Where
) -> tuple[dict[str, int], tuple[Issue, ...]]:
    """Return the position of every column that is there, and what is wrong with the headers.

    The issues are DATA-405 (a required column is missing), DATA-406 (a header the study names is
    missing), DATA-407 (the study names a column the table does not have), DATA-422 (a header stands
    twice), and the warning DATA-425 (a header counts in 万 or the like, and no factor is stated).
    """
    stated = {name: mapping.column(name) for name in mapping.columns}
    found: dict[str, int] = {}
    for name, column in stated.items():
        if column and (position := header.position(column.from_)) is not None:
            found[name] = position
    for wanted in schema.columns:
        if wanted.name not in stated:
            free = (header.position(name) for name in _headers(wanted, mapping))
            position = next(
                (place for place in free if place is not None and place not in found.values()), None
            )
            if position is not None:
                found[wanted.name] = position
    found = {name: found[name] for name in schema.names if name in found}
    return found, (
        *_misnamed(header, mapping, schema, where),
        *_missing(header, cells, mapping, schema, found),
        *_twice(header, cells, found),
        *_units(header, cells, mapping, schema, found),
    )


def required(schema: TableSchema, found: Mapping[str, int]) -> tuple[str, ...]:
    """Return the columns without which a row is no use, in the order of the schema."""
    names = {column.name for column in schema.columns if column.required}
    names |= set(next((names for names in schema.one_of if set(names) <= found.keys()), ()))
    return tuple(name for name in schema.names if name in names)


def _headers(column: Column, mapping: TableMapping) -> tuple[str, ...]:
    if column.name in mapping.columns:
        stated = mapping.column(column.name)
        return (stated.from_,) if stated else ()
    return (column.name, *column.headers)


def _misnamed(header: Header, mapping: TableMapping, schema: TableSchema, where: Where) -> Iterator[Issue]:
    for name in mapping.columns:
        stated = mapping.column(name)
        if name not in schema.names:
            yield Issue("DATA-407", name, hint=nearest(name, schema.names), where=where(("columns", name)))
        elif stated and header.position(stated.from_) is None:
            yield Issue("DATA-406", stated.from_, {"column": name, "file": mapping.source},
                        _near((stated.from_,), header), where(("columns", name)))  # fmt: skip


def _missing(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    wanted: list[tuple[str, ...]] = [(column.name,) for column in schema.columns if column.required]
    if schema.one_of and not any(set(names) <= found.keys() for names in schema.one_of):
        wanted.append(min(schema.one_of, key=lambda names: len(set(names) - found.keys())))
    for names in wanted:
        for name in names:
            if name not in found and not mapping.columns.get(name):
                column = next(column for column in schema.columns if column.name == name)
                hint = _near((name, *column.headers), header)
                detail = {"headers": ", ".join(filter(None, header.names))}
                yield Issue("DATA-405", name, detail, hint, cells.place(header.row, 0))


def _near(names: tuple[str, ...], header: Header) -> tuple[str, ...]:
    """Return the headers that resemble any of the names, or hold one of them."""
    known = {plain(found): found for found in header.names if found}
    close = [known[hit] for name in names for hit in nearest(plain(name), known)]
    held = [found for key, found in known.items() if any(plain(name) in key for name in names)]
    return tuple(dict.fromkeys([*held, *close]))[:3]


def _twice(header: Header, cells: Cells, found: Mapping[str, int]) -> Iterator[Issue]:
    counts = Counter(header.names)
    for name, position in found.items():
        if counts[header.names[position]] > 1:
            last = len(header.names) - 1 - header.names[::-1].index(header.names[position])
            where = cells.place(header.row, last)
            yield Issue("DATA-422", header.names[position], {"column": name}, where=where)


def _units(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    numbers = {column.name for column in schema.columns if column.kind == "number"}
    for name, position in found.items():
        stated = mapping.column(name)
        silent = stated is None or "factor" not in stated.model_fields_set
        if name in numbers and silent and _UNIT.search(header.names[position]):
            yield Issue("DATA-425", header.names[position], {"column": name},
                        where=cells.place(header.row, position), severity=Severity.WARNING)  # fmt: skip
