"""Which column of a file is which column of the table, and what is asked where several could be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from evaluator.data.cells import Cells
from evaluator.data.currencies import CURRENCY, names_currencies
from evaluator.data.further_columns import misnamed_further
from evaluator.data.header_names import plain
from evaluator.data.headers import Header, column_headers
from evaluator.data.inline_yaml import flow
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import cells_below, line
from evaluator.data.tables import Column, TableSchema
from evaluator.data.wide import wide_issues
from evaluator.documents import Key
from evaluator.errors import Issue, Location, Severity, nearest

Where = Callable[[Key], Location]
Found = Mapping[str, int]
_SHOWN = 3
_ASKED = ("number", "date")  # kinds of columns that results are computed from


def match(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, where: Where
) -> tuple[dict[str, int], tuple[Issue, ...]]:
    """Return the position of every column that is there, and what is wrong with the headers.

    A header in full comes before half of one in two languages. A column under any header that names several
    currencies is that of currencies, so that their amounts are never added unasked. What is wrong: a required
    column is missing, the study names a header or a column that is not there, a header stands twice, several
    headers could be one column, or one header several columns.
    """
    found: dict[str, int] = dict(header.given)
    for name in mapping.columns:
        stated = mapping.column(name)
        if stated and stated.placed and name not in found and (place := header.column(stated)) is not None:
            found[name] = place
    free = [column for column in schema.columns if not _settled(column.name, mapping, found)]
    taken = set(found.values())
    for wanted in free:
        named = [place for name in column_headers(wanted, mapping) for place in header.alike(name)]
        if left := [place for place in dict.fromkeys(named) if place not in taken]:
            found[wanted.name] = left[0]
            taken.add(left[0])
    found |= _called(header, mapping, [column for column in free if column.name not in found], found)
    if CURRENCY in schema.columns and not _settled(CURRENCY.name, mapping, found):
        found |= _currencies(header, cells, found)
    found = {name: found[name] for name in schema.names if name in found}
    return found, (
        *_misnamed(header, mapping, schema, found, where),
        *_missing(header, cells, mapping, schema, found),
        *_twice(header, cells, mapping, found),
        *_rivals(header, cells, mapping, schema, found),
        *_undecided(header, cells, mapping, schema, found),
    )


def required(schema: TableSchema, found: Mapping[str, int]) -> tuple[str, ...]:
    """Return the columns without which a row is no use, in the order of the schema."""
    names = {column.name for column in schema.columns if column.required}
    names |= set(next((names for names in schema.one_of if set(names) <= found.keys()), ()))
    return tuple(name for name in schema.names if name in names)


def _settled(name: str, mapping: TableMapping, found: Mapping[str, int]) -> bool:
    """Whether nothing is to be looked for: it is found, or the study says where it stands or is left out."""
    return name in found or mapping.places(name) or name in mapping.made


def complete(names: Collection[str], schema: TableSchema) -> bool:
    """True if columns are enough for a table."""
    needed = {column.name for column in schema.columns if column.required}
    one = not schema.one_of or any(set(group) <= set(names) for group in schema.one_of)
    return one and needed <= set(names)


def _called(
    header: Header, mapping: TableMapping, wanted: list[Column], found: Mapping[str, int]
) -> dict[str, int]:
    """Return the columns that one free header alone may be called after, and that alone."""
    claims = _claims(header, mapping, wanted, found)
    several = [position for position, names in claims.items() if len(names) > 1]
    places: dict[str, list[int]] = {}
    for position, names in claims.items():
        for name in names:
            places.setdefault(name, []).append(position)
    return {name: own[0] for name, own in places.items() if len(own) == 1 and own[0] not in several}


def _claims(
    header: Header, mapping: TableMapping, wanted: list[Column], found: Mapping[str, int]
) -> dict[int, list[str]]:
    """Return the columns that each free header may stand for by another of its names."""
    claims: dict[int, list[str]] = {}
    taken = set(found.values())
    for column in wanted:
        names = {plain(name) for name in column_headers(column, mapping)}
        for position in sorted({place for name in names for place in header.also_called(name)} - taken):
            claims.setdefault(position, []).append(column.name)
    return claims


def _currencies(header: Header, cells: Cells, found: Mapping[str, int]) -> dict[str, int]:
    """Return the one free column whose cells name several currencies, whatever its header."""
    below = cells.frame.slice(header.index + 1)
    free = [place for place, title in enumerate(header.names) if title and place not in found.values()]
    named = [place for place in free if names_currencies(below[f"c{place}"])]
    return {CURRENCY.name: named[0]} if named else {}


def _misnamed(
    header: Header, mapping: TableMapping, schema: TableSchema, found: Found, where: Where
) -> Iterator[Issue]:
    known = dict.fromkeys(schema.names)
    for name in mapping.columns:
        stated = mapping.column(name)
        if name not in known and schema.further:
            yield from misnamed_further(name, header, mapping, schema, found, where)
        elif name not in known:
            code = "DATA-460" if schema.attributes else "DATA-407"
            yield Issue(code, name, {"line": flow({"attributes": [{"id": name, "name": name}]})[1:-1]},
                        nearest(name, known), where(("columns", name)))  # fmt: skip
        elif stated and stated.placed and name not in header.given and header.column(stated) is None:
            said = stated.from_ or str(stated.position)
            yield Issue("DATA-406", said, {"column": name, "file": mapping.source},
                        _near((said,), header), where(("columns", name)))  # fmt: skip


def _missing(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    """Yield what is missing, and how it may be given all the same."""
    wanted: list[tuple[str, ...]] = [(column.name,) for column in schema.columns if column.required]
    if schema.one_of and not any(set(names) <= found.keys() for names in schema.one_of):
        wanted.append(min(schema.one_of, key=lambda names: len(set(names) - found.keys())))
    lacking = [
        name
        for name in dict.fromkeys(name for names in wanted for name in names)
        if name not in found and not (mapping.columns.get(name) and mapping.places(name))
    ]
    grid = tuple(wide_issues(header, cells, mapping, schema, found)) if lacking else ()
    yield from grid
    for name in lacking:
        if not grid or name not in schema.wide:
            column = next(column for column in schema.columns if column.name == name)
            hint = _near((name, *column.headers), header)
            detail = {"headers": ", ".join(filter(None, header.names))}
            yield Issue("DATA-405", name, detail, hint, cells.place(header.row, 0))
            yield from otherwise(column, cells.place(header.row, 0))


def otherwise(column: Column, where: Location) -> Iterator[Issue]:
    """Yield how a column that no file has may be given all the same."""
    if column.kind == "id":
        answer = line(columns={column.name: {"row_number": True}})
        yield Issue("DATA-532", column.name, {"line": answer}, where=where, severity=Severity.NOTE)
    elif column.money:
        answer = line(constants={column.name: 1})
        yield Issue("DATA-533", column.name, {"line": answer}, where=where, severity=Severity.NOTE)


def _near(names: tuple[str, ...], header: Header) -> tuple[str, ...]:
    """Return the headers that resemble any of the names, or hold one of them."""
    known = {plain(found): found for found in header.names if found}
    close = [known[hit] for name in names for hit in nearest(plain(name), known)]
    held = [found for key, found in known.items() if any(plain(name) in key for name in names)]
    return tuple(dict.fromkeys([*held, *close]))[:_SHOWN]


def _twice(header: Header, cells: Cells, mapping: TableMapping, found: Mapping[str, int]) -> Iterator[Issue]:
    """Yield an issue for a header that stands over several columns, unless the study says which is meant."""
    for name, position in found.items():
        stated, title = mapping.column(name), header.names[position]
        same = header.alike(title)
        told = stated and stated.placed and plain(stated.from_ or "") != plain(title)
        if len(same) < 2 or name in header.given or told:
            continue
        lines = [
            _reading(header, cells, place, line(columns={name: f"{title}.{number}"}))
            for number, place in enumerate(same, 1)
        ]
        detail = {"column": name, "count": len(same), "readings": "; ".join(lines)}
        yield Issue("DATA-422", title, detail, where=cells.place(header.row, same[-1]))


def _reading(header: Header, cells: Cells, position: int, answer: str) -> str:
    return f"`{answer}` ({cells_below(cells, header, position)})"


def _rivals(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    """Yield an issue where another header is as usual for a number or date as the one it was read from.

    A header that is the column's own name is no guess. Of ids and texts, the code comes before the name.
    """
    taken = set(found.values())
    for column in schema.columns:
        position = found.get(column.name)
        if position is None or mapping.places(column.name) or column.kind not in _ASKED:
            continue
        named = [place for name in column_headers(column, mapping) for place in header.alike(name)]
        others = [place for place in dict.fromkeys(named) if place not in taken]
        others = [place for place in others if place not in header.alike(header.names[position])]
        if others and plain(header.names[position]) != plain(column.name):
            yield _which(column.name, [position, *others], header, cells)


def _undecided(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    """Yield an issue where halves of headers leave open which column is which."""
    free = [column for column in schema.columns if not _settled(column.name, mapping, found)]
    kinds = {column.name: column for column in free}
    claims = _claims(header, mapping, free, found)
    for position, names in claims.items():
        if len(names) > 1:
            lines = [line(columns={name: header.names[position]}) for name in names]
            detail = {"columns": ", ".join(names), "lines": " / ".join(f"`{text}`" for text in lines),
                      "cells": cells_below(cells, header, position)}  # fmt: skip
            needed = any(kinds[name].required or kinds[name].kind in _ASKED for name in names)
            severity = Severity.ERROR if needed else Severity.NOTE
            yield Issue("DATA-523", header.names[position], detail, where=cells.place(header.row, position),
                        severity=severity)  # fmt: skip
    for name, column in kinds.items():
        places = [position for position, names in claims.items() if names == [name]]
        if len(places) > 1:
            yield _which(
                name, places, header, cells, asked=column.required or column.kind in ("number", "date")
            )


def _which(name: str, places: list[int], header: Header, cells: Cells, *, asked: bool = True) -> Issue:
    """Return the question which of several headers a column is."""
    readings = [_reading(header, cells, place, line(columns={name: header.names[place]})) for place in places]
    detail = {"headers": ", ".join(header.names[place] for place in places), "readings": "; ".join(readings)}
    severity = Severity.ERROR if asked else Severity.NOTE
    return Issue("DATA-522", name, detail, where=cells.place(header.row, places[1]), severity=severity)
