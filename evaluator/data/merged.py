"""Cells that stand for those below them: filled down where the study says so, asked about where not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from evaluator.data.cells import Cells
from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.matching import Found, Where
from evaluator.data.no_records import no_records
from evaluator.data.questions import line
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Issue, Severity, nearest, raise_errors
from evaluator.workbook.reader import address

_FEW = 0.2  # so many rows without an id are somebody unknown; more of them, each below another id, are merged
_SHOWN = 3


def filled_down(cells: Cells, header: Header, mapping: TableMapping, found: Found, where: Where) -> Cells:
    """Return the cells with the columns filled that the study names; empty and total rows stay as they are.

    Where a workbook says which cells are merged, only those are filled.

    Raises
    ------
    EvaluationError
        where a name is neither a column nor a header of the table.
    """
    wanted: dict[int, str] = {}
    issues = []
    for index, name in enumerate(mapping.fill_down or ()):
        position = found.get(name, header.position(name))
        if position is None:
            hint = nearest(name, [*found, *header.names])
            issues.append(Issue("DATA-426", name, hint=hint, where=where(("fill_down", index))))
        else:
            wanted[position] = name
    raise_errors(issues)
    if not wanted:
        return cells
    below = cells.frame.slice(header.index + 1)
    record = ~no_records(below, header, mapping)
    columns = [_filled(below, position, record, _blocks(cells, header, position)) for position in wanted]
    return replace(cells, frame=pl.concat([cells.frame.head(header.index + 1), below.with_columns(columns)]))


def merged_issues(
    cells: Cells, header: Header, mapping: TableMapping, schema: TableSchema, found: Found
) -> Iterator[Issue]:
    """Yield what merged cells leave open, where the study does not say what they mean.

    An error for ids, texts and dates: their other rows would be without one. A warning for numbers, which
    count once.
    """
    if mapping.fill_down is not None:
        return
    columns = schema.columns if cells.merged else ()
    places = {column: _merged(column, cells, header, found) for column in columns}
    merged = {column: there for column, there in places.items() if there}
    words = [column for column in merged if column.kind != "number"]
    if not words and (blanks := _below_others(cells, header, mapping, schema, found)):
        merged, words = blanks, list(blanks)
    if words:
        first = merged[words[0]]
        detail = {
            "columns": ", ".join(column.name for column in words),
            "count": len(first),
            "examples": ", ".join(place for _, place in first[:_SHOWN]),
            "filled": line(fill_down=[column.name for column in words]),
            "empty": line(fill_down=[]),
        }
        yield Issue("DATA-524", words[0].name, detail, where=cells.place(first[0][0], found[words[0].name]))
    for column, there in merged.items():
        if column.kind == "number":
            detail = {"count": len(there), "examples": ", ".join(place for _, place in there[:_SHOWN])}
            yield Issue("DATA-527", column.name, detail, severity=Severity.WARNING,
                        where=cells.place(there[0][0], found[column.name]))  # fmt: skip


def _blocks(cells: Cells, header: Header, position: int) -> list[tuple[int, int]]:
    """Return the first and last row of every merged block of a column that lies below the header."""
    last = int(cells.frame["row"][header.index])
    blocks = [(top, low) for top, left, low, right in cells.merged if left <= position <= right]
    return sorted((top, low) for top, low in blocks if low > top > last)


def _merged(column: Column, cells: Cells, header: Header, found: Found) -> list[tuple[int, str]]:
    """Return the first row and the address of every merged block of a column."""
    position = found.get(column.name)
    if position is None:
        return []
    blocks = _blocks(cells, header, position)
    return [(top, f"{address(top - 1, position)}:{address(low - 1, position)}") for top, low in blocks]


def _below_others(
    cells: Cells, header: Header, mapping: TableMapping, schema: TableSchema, found: Found
) -> dict[Column, list[tuple[int, str]]]:
    """Return the columns that are empty in many rows below an id of their own, as unmerged cells are.

    Rows of somebody unknown look different: the ids around them come again.
    """
    known = [one for one in schema.columns if one.name in found]
    ids = next((one for one in known if one.kind == "id" and one.required), None)
    below = cells.frame.slice(header.index + 1)
    if ids is None or cells.merged or not _gaps(_text(below, found[ids.name])):
        return {}
    below = below.filter(~no_records(below, header, mapping))
    texts = {one: _text(below, found[one.name]) for one in known}
    empty = texts[ids].is_null()
    if not below.height or empty[0] or not _gaps(texts[ids]):
        return {}
    words = [one for one, text in texts.items() if one.kind != "number" and (text.is_null() == empty).all()]
    rows = below["row"].filter(empty).to_list()
    return {one: [(row, str(cells.place(row, found[one.name]))) for row in rows] for one in words}


def _gaps(ids: pl.Series) -> bool:
    """True if many rows have no id, and every id there is stands once."""
    there = ids.drop_nulls()
    gaps = len(ids) - len(there)
    return gaps >= max(2, _FEW * len(ids)) and len(there) > 1 and there.n_unique() == len(there)


def _text(rows: pl.DataFrame, position: int) -> pl.Series:
    text = rows[f"c{position}"].str.strip_chars()
    return rows.select(pl.when(text != "").then(text)).to_series()


def _filled(rows: pl.DataFrame, position: int, record: pl.Series, blocks: list[tuple[int, int]]) -> pl.Series:
    text = _text(rows, position)
    above = rows.select(pl.when(record).then(text).forward_fill()).to_series()
    fill = record & text.is_null()
    if blocks:
        inside = pl.any_horizontal(pl.col("row").is_between(top, low) for top, low in blocks)
        fill = fill & rows.select(inside).to_series()
    return rows[f"c{position}"].zip_with(~fill, above)
