"""Where the column names stand: in one row, or in several that are read together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from evaluator.brief import Brief
from evaluator.columns.apostrophes import unmarked
from evaluator.data.cells import Cells
from evaluator.data.header_names import other_names, plain
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.data.units import is_unit

_LOOKED_AT = 40
_DATA = re.compile(r"[\d.,:/\-\s]*\d[\d.,:/\-\s]*%?")  # a number or a date, which no header is
_ORDINAL = re.compile(r"(.+)\.([1-9]\d?)", re.DOTALL)
_QUALTRICS = '{"ImportId"'
ROW_NUMBER = "#"  # what stands for the header of a column of row numbers
Row = Sequence[str | None]
Top = Sequence[Row]


@dataclass(frozen=True)
class Header(Brief):
    """The column names: their last row among the cells, their first row in the file, and the names.

    `rows` counts the rows they stand in; `called` holds for each column what else it may be called, as
    `plain` has it; `given` says where columns of the table stand that the study made of something else,
    `fixed` which of these say the same in every row or count it.
    """

    index: int
    row: int
    names: tuple[str, ...]
    called: tuple[frozenset[str], ...] = ()
    rows: int = 1
    given: Mapping[str, int] = field(default_factory=dict)
    fixed: frozenset[int] = frozenset()

    def position(self, name: str) -> int | None:
        """Return the column a header stands over.

        It is written the same, or but for case and spaces; it is the n-th of that name for ``name.2``; or
        it is the only one that may be called so, as the half of a header in two languages.
        """
        if name in self.names:
            return self.names.index(name)
        if alike := self.alike(name):
            return alike[0]
        ordinal = _ORDINAL.fullmatch(name)
        if ordinal and int(ordinal[2]) <= len(same := self.alike(ordinal[1])):
            return same[int(ordinal[2]) - 1]
        also = self.also_called(plain(name))
        return also[0] if len(also) == 1 else None

    def column(self, stated: ColumnMapping) -> int | None:
        """Return the column a mapping names, by its header or by its place."""
        if stated.position is not None:
            named = [index for index, name in enumerate(self.names, 1) if name]
            return stated.position - 1 if stated.position <= max(named, default=0) else None
        return self.position(stated.from_ or "")

    def alike(self, name: str) -> list[int]:
        """Return the columns whose header is written so, but for case, width and spaces."""
        return self._written.get(plain(name), [])

    def also_called(self, name: str) -> list[int]:
        """Return the columns that may be called so besides their header; `name` is plain."""
        return self._also.get(name, [])

    @cached_property
    def _written(self) -> dict[str, list[int]]:
        """The columns by their header, as `plain` has it."""
        return _positions([plain(name)] if name else [] for name in self.names)

    @cached_property
    def _also(self) -> dict[str, list[int]]:
        """The columns by what they may be called besides."""
        return _positions(self.called)


def _positions(names_of_each: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, names in enumerate(names_of_each):
        for name in names:
            found.setdefault(name, []).append(position)
    return found


def headers_of(mapping: TableMapping, schema: TableSchema) -> frozenset[str]:
    """Return every header a table's columns are known by, as `plain` has them."""
    return frozenset(plain(name) for column in schema.columns for name in column_headers(column, mapping))


def column_headers(column: Column, mapping: TableMapping) -> tuple[str, ...]:
    """Return the headers a column is known by: the one stated, else its name and the usual ones."""
    if mapping.places(column.name):
        stated = mapping.column(column.name)
        return (stated.from_,) if stated and stated.from_ else ()
    return () if column.name in mapping.made else (column.name, *column.headers)


def find_header(cells: Cells, mapping: TableMapping, schema: TableSchema) -> Header:
    """Return the column names: of the rows stated, else of those most known headers stand in."""
    top = _top(cells)
    if mapping.header is None:
        _, first, last = _best(top, cells, headers_of(mapping, schema))
    else:
        stated = (mapping.header,) if isinstance(mapping.header, int) else mapping.header
        rows = cells.frame["row"]
        places = [int(place[0]) for row in stated if (place := (rows == row).arg_true()).len()]
        first, last = (min(places), max(places)) if places else (0, 0)
        top = cells.frame.select(cells.columns).head(last + 1).rows()
    return _header(top, first, last, cells)


def _top(cells: Cells) -> Top:
    return list(cells.frame.head(_LOOKED_AT).select(cells.columns).rows())


def _best(top: Top, cells: Cells, known: frozenset[str]) -> tuple[int, int, int]:
    """Return how many known headers there are, and the first and last row (from 0) they stand in."""
    marked = next((index for index, row in enumerate(top) if _of_qualtrics(row)), None)
    if marked is not None and marked > 1:  # names, questions, and the marks of the survey site
        return _known(_header(top, marked - 2, marked, cells), known), marked - 2, marked
    counts: list[int] = []
    most = sum(map(any, zip(*top, strict=True)))  # columns that hold anything
    for row in top:
        counts.append(_known_in(row, known))
        if counts[-1] == most:
            break
    best = max(counts, default=0)
    for first, (upper, lower) in enumerate(pairwise(top)):
        if any(upper) and not _holds_data(lower):
            both = _known(_header(top, first, first + 1, cells), known)
            if both > best:
                return both, first, first + 1
    first = counts.index(best) if best else _first_with_cells(top)
    below = first + 1 < len(top) and (_only_units(top[first + 1]) or _goes_on(*top[first : first + 3]))
    return best, first, first + below


def _goes_on(upper: Row, lower: Row, after: Row = ()) -> bool:
    """Return whether the row below goes on with the names: it names columns without one, above cells of data.

    It holds no number or day itself, and one stands below a name of its, or nothing stands below at all.
    """
    named = any(below and not above for above, below in zip(upper, lower, strict=True))
    whole = all(below for above, below in zip(upper, lower, strict=True) if above)
    data = any(
        below and cell and _DATA.fullmatch(cell.strip()) for below, cell in zip(lower, after, strict=False)
    )
    return named and whole and (data or not any(after)) and not _holds_data(lower)


def _first_with_cells(top: Top) -> int:
    """Return the first row with more than a title in it, where no header is known."""
    return next((index for index, row in enumerate(top) if sum(cell is not None for cell in row) > 1), 0)


def _of_qualtrics(row: Row) -> bool:
    return any(cell is not None and cell.startswith(_QUALTRICS) for cell in row)


def _holds_data(row: Row) -> bool:
    return any(cell is not None and _DATA.fullmatch(cell.strip()) for cell in row)


def _only_units(row: Row) -> bool:
    filled = [cell for cell in row if cell is not None and cell.strip()]
    return bool(filled) and all(map(is_unit, filled))


def _known(header: Header, known: frozenset[str]) -> int:
    """Return how many different known headers the columns have; the same word twice is no evidence."""
    return _hits(zip(header.names, header.called, strict=True), known)


def _known_in(row: Row, known: frozenset[str]) -> int:
    """Return how many different known headers stand in a row; numbers are looked at where one is known."""
    names = {unmarked(cell).strip() for cell in set(row) if cell}
    if not any(map(_DATA.fullmatch, known)):
        names = {name for name in names if not _DATA.fullmatch(name)}
    return _hits(((name, _called(name, [name])) for name in names), known)


def _hits(named: Iterable[tuple[str, frozenset[str]]], known: frozenset[str]) -> int:
    hits = [({plain(name)} & known) or (called & known) for name, called in named if name]
    return len({min(hit) for hit in hits if hit})


def _header(top: Top, first: int, last: int, cells: Cells) -> Header:
    """Return the column names of some rows: what stands above a block of columns belongs to each of them."""
    if not top:
        return Header(0, 1, ())
    rows = [[unmarked(cell or "").strip() for cell in row] for row in top[first : last + 1]]
    if _of_qualtrics(top[last]):
        names, parts = rows[0], [list(column) for column in zip(*rows[:-1], strict=True)]
    else:
        spread = [*(_spread(upper, rows[-1]) for upper in rows[:-1]), rows[-1]]
        parts = [list(dict.fromkeys(filter(None, column))) for column in zip(*spread, strict=True)]
        names = [" ".join(column) for column in parts]
    called = [_called(name, column) for name, column in zip(names, parts, strict=True)]
    row = int(cells.frame["row"][first])
    return Header(last, row, tuple(names), tuple(called), last - first + 1)


def _called(name: str, parts: list[str]) -> frozenset[str]:
    """Return what a column may be called besides its name: by its lowest part, or what its unit is of."""
    if _DATA.fullmatch(name):  # millions of numbers in the first rows of a wide table are none
        return frozenset()
    lowest = parts[-1] if parts else ""
    if len(parts) > 1 and is_unit(lowest):
        lowest = parts[-2]
    return (frozenset({plain(lowest)}) | other_names(lowest) | other_names(name)) - {plain(name), ""}


def _spread(upper: list[str], lower: list[str]) -> list[str]:
    """Return a row whose labels stand over every column of theirs that has a name below."""
    spread, label = [], ""
    for above, below in zip(upper, lower, strict=True):
        spread.append(above or (label if below else ""))
        label = spread[-1] if below else ""
    return spread
