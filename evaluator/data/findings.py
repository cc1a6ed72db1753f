"""What reading a table brings to light: counted exactly, with the first places as examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

import polars as pl

from evaluator.columns.ids import is_respelt
from evaluator.data.ambiguity import reading_questions
from evaluator.data.cell_values import SHOWN, Body
from evaluator.data.cells import Cells
from evaluator.data.date_formats import fitting_formats
from evaluator.data.dates import OFFSET
from evaluator.data.headers import Header
from evaluator.data.limits import limit_issues
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import line
from evaluator.data.rows import Reasons
from evaluator.data.signs import tidy
from evaluator.data.tables import Column
from evaluator.errors import Issue, Location, Severity, nearest

_LETTERS = 40  # of a cell that is shown
_JUDGED = 10  # so many filled cells show what a column holds
_PROBLEMS = {
    "damaged_id": "DATA-410", "long_id": "DATA-480", "infinite": "DATA-414", "negative": "DATA-415",
    "error": "DATA-558",
}  # fmt: skip


def reading_issues(cells: Cells, header: Header, mapping: TableMapping) -> Iterator[Issue]:
    """Yield what was found out rather than stated, and rows that do not fit the header.

    First what the reader of the file has to say.

    Encoding and header are noted; rows of a text file with more cells than the header has are an error.
    """
    yield from cells.issues
    if cells.encoding not in (None, "utf-8") and not mapping.encoding:
        yield Issue("DATA-418", cells.file, {"encoding": (cells.encoding or "").upper()},
                    where=Location(cells.file), severity=Severity.NOTE)  # fmt: skip
    if header.index >= header.rows and mapping.header is None:
        above = header.index + 1 - header.rows
        yield Issue("DATA-419", cells.file, {"row": header.row, "above": above},
                    where=cells.place(header.row, 0), severity=Severity.NOTE)  # fmt: skip
    if header.rows > 1 and mapping.header is None:
        last = int(cells.frame["row"][header.index])
        detail = {"first": header.row, "last": last, "names": ", ".join(filter(None, header.names[:SHOWN]))}
        yield Issue("DATA-526", cells.label_of_source, detail, where=cells.place(header.row, 0),
                    severity=Severity.NOTE)  # fmt: skip
    yield from _unnamed(cells, header)
    if cells.delimiter is None:
        return
    last = max((index for index, name in enumerate(header.names) if name), default=0)
    beyond = [f"c{index}" for index in range(last + 1, len(header.names))]
    if beyond:
        filled = pl.any_horizontal((pl.col(beyond) != "").fill_null(False))
        long = cells.frame.slice(header.index + 1).filter(filled)["row"]
        if len(long):
            detail = {"count": len(long), "width": last + 1, "rows": _rows(long, cells)}
            yield Issue("DATA-421", cells.file, detail, where=cells.place(int(long[0]), last + 1))


def _unnamed(cells: Cells, header: Header) -> Iterator[Issue]:
    """Note the columns that hold cells below no header: nothing reads them.

    Of a text file those between its headers; cells behind the last are an error of their own.
    """
    named = [index for index, name in enumerate(header.names) if name]
    known = {*named, *header.given.values(), *header.fixed}
    end = len(cells.columns) if cells.delimiter is None else max(named, default=0)
    places = [index for index in range(end) if index not in known]
    below = cells.frame.slice(header.index + 1)
    filled = {index: below.filter((pl.col(f"c{index}") != "").fill_null(False)) for index in places}
    found = {index: rows for index, rows in filled.items() if rows.height}
    if found:
        first = next(iter(found))
        row = int(found[first]["row"][0])
        detail = {"count": len(found), "cells": sum(rows.height for rows in found.values()),
                  "example": found[first][f"c{first}"][0][:_LETTERS]}  # fmt: skip
        yield Issue("DATA-542", cells.label_of_source, detail, where=cells.place(row, first),
                    severity=Severity.NOTE)  # fmt: skip


def column_issues(table: Body, records: pl.Series) -> Iterator[Issue]:
    """Yield one issue per column and kind of problem, among the rows that are records of the table.

    Cells that are not read, or not as they stand, are warnings, what was repaired is noted; errors are a
    column most of whose cells cannot be read, formulas that were never calculated, and those of
    `reading_questions`.
    """
    for column in table.columns:
        name, cells = column.name, table.cells_of(column.name, records)
        if cells["problem"].null_count() < cells.height:
            bad = cells.filter(pl.col("problem").is_not_null())
            yield from _problems(column, cells, bad, table)
        yield from reading_questions(table, column, cells)
        yield from limit_issues(table, column, cells)
        if column.kind == "id":
            yield from _id_issues(name, cells, table)
        stated = table.mapping.column(name)
        if column.kind == "date" and not (stated and stated.zone):
            moved = cells.filter(~pl.col("plain"))
            moved = moved.filter(pl.col("text").str.strip_chars().str.contains(OFFSET))
            yield from table.issue("DATA-445", name, moved)


def _problems(column: Column, cells: pl.DataFrame, bad: pl.DataFrame, table: Body) -> Iterator[Issue]:
    """Yield what is wrong with the cells of a column that are `bad`."""
    name = column.name
    yield from _something_else(name, cells, bad, table)
    for problem, code in _PROBLEMS.items():
        yield from table.issue(code, name, bad.filter(pl.col("problem") == problem))
    yield from _no_numbers(column, bad.filter(pl.col("problem") == "not_a_number"), table)
    yield from _no_dates(name, bad.filter(pl.col("problem") == "not_a_date"), cells, table)
    uncalculated = bad.filter(pl.col("problem") == "uncalculated")
    yield from table.issue("DATA-559", name, uncalculated, Severity.ERROR)


def _something_else(name: str, cells: pl.DataFrame, bad: pl.DataFrame, table: Body) -> Iterator[Issue]:
    """Yield an issue where most of a column that is no small sample says nothing of its kind."""
    bad = bad.filter(pl.col("problem").is_in(["not_a_number", "not_a_date", "contradicts"]))
    filled = int(cells["value"].is_not_null().sum()) + int(cells["problem"].is_not_null().sum())
    if filled >= _JUDGED and 2 * bad.height > filled:
        examples = ", ".join(f"«{text}»" for text in bad["text"].head(SHOWN))
        detail = {"count": bad.height, "of": filled, "examples": examples}
        yield Issue("DATA-427", name, detail, where=table.place(int(bad["row"][0]), name))


def _no_numbers(column: Column, bad: pl.DataFrame, table: Body) -> Iterator[Issue]:
    """Yield an issue with the line that says these texts mean unknown, and the grades there are."""
    if bad.height:
        name = column.name
        words = bad["text"].head(SHOWN).str.strip_chars().unique(maintain_order=True)
        codes = [*(table.readings[name].missing or ()), *words]
        alike = {word.lower(): word for word, _ in column.words if word.isascii() == words[0].isascii()}
        hint = nearest(words[0], alike.values()) or tuple(alike.values())
        yield from table.issue(
            "DATA-408", name, bad, detail={"line": table.line(name, missing=codes)}, hint=hint
        )


def _no_dates(name: str, bad: pl.DataFrame, cells: pl.DataFrame, table: Body) -> Iterator[Issue]:
    """Yield an issue with the formats that would read the cells shown and whatever is read today."""
    if bad.height:
        read = cells.filter(pl.col("value").is_not_null() & ~pl.col("typed"))
        texts = pl.concat([bad.head(SHOWN), read]).select(tidy(pl.col("text")))["text"]
        formats = fitting_formats(texts)
        hint = tuple(table.line(name, format=layout) for layout in formats)
        yield from table.issue("DATA-409", name, bad, hint=hint)


def _id_issues(name: str, cells: pl.DataFrame, table: Body) -> Iterator[Issue]:
    ruled = cells.filter(~pl.col("plain"))
    repaired = ruled.filter(pl.col("text").str.strip_chars().str.contains(r"^\d+\.0+$"))
    yield from table.issue("DATA-412", name, repaired, Severity.NOTE)
    respelt = ruled.filter(pl.col("value").is_not_null() & is_respelt(pl.col("text")))
    yield from table.issue("DATA-472", name, respelt, Severity.NOTE)
    digits = cells.filter(pl.col("value").str.contains(r"^\d+$"))
    long = digits.filter(pl.col("value").str.len_chars() >= 16)
    if long.height and long["value"].str.contains(r"^\d{15}0+$").all():
        yield from table.issue("DATA-411", name, long)
    stated = table.mapping.column(name)
    leading = digits.filter(pl.col("value").str.starts_with("0"))
    if leading.height and not (stated and stated.width):
        width = leading["value"].str.len_chars().max()
        short = digits.filter(pl.col("value").str.len_chars() < width)
        yield from table.issue("DATA-413", name, short, detail={"width": width})


def row_issues(table: Body, reasons: Reasons) -> Iterator[Issue]:
    """Yield what is wrong with rows.

    Rows dropped for an empty cell are a warning; no row left and a key in several rows are errors.
    """
    for code, reason in enumerate(reasons.reasons):
        if reason.reason == "data.dropped.missing":
            rows = table.rows["row"].filter(reasons.codes == code)
            detail = {"count": reason.rows, "rows": _rows(rows, table.cells)}
            where = table.place(int(rows[0]), reason.column)
            yield Issue("DATA-423", reason.column, detail, where=where, severity=Severity.WARNING)
    if not reasons.kept.any() and not (table.schema.may_be_empty and table.rows.is_empty()):
        file = table.cells.file
        yield Issue("DATA-417", file, {"rows": table.rows.height}, where=Location(file))
    if table.schema.key and table.found.keys() >= set(table.schema.key[:1]):
        yield from _repeated_keys(table, reasons)


def _repeated_keys(table: Body, reasons: Reasons) -> Iterator[Issue]:
    key = [name for name in table.schema.key if name in table.found]
    keys = pl.DataFrame({name: table.value(name) for name in key} | {"row": table.rows["row"]})
    repeated = keys.filter(reasons.kept).filter(pl.struct(key).is_duplicated())
    groups = repeated.group_by(key, maintain_order=True).agg("row").rows()
    if groups:
        shown = [
            f"{' · '.join(map(str, group[:-1]))} ({_rows(group[-1], table.cells)})"
            for group in groups[:SHOWN]
        ]
        detail = {
            "count": len(groups), "rows": repeated.height, "examples": ", ".join(shown),
            "line": line(tables={table.name: {"duplicates": {"by": key, "keep": "last"}}}),
        }  # fmt: skip
        where = table.place(groups[0][-1][1], key[0])
        yield Issue("DATA-416", str(groups[0][0]), detail, where=where)


def _rows(rows: Iterable[int], cells: Cells) -> str:
    """Return the first rows as people find them, with a sign that there are more."""
    labels = (label for label, _ in groupby(rows, cells.label))  # cells of one row may be rows of the table
    first = list(islice(labels, SHOWN + 1))
    return ", ".join(first[:SHOWN]) + (" …" if len(first) > SHOWN else "")
