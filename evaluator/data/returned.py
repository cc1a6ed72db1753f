"""Goods that came back, where a kind of document says so (credit note, 退货) and the amounts do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from operator import or_

import narwhals as nw
import polars as pl

from evaluator.columns import flag, to_polars
from evaluator.data.cell_values import Body
from evaluator.data.engine_columns import EngineColumns
from evaluator.data.questions import line
from evaluator.errors import Issue, Location

_CAME_BACK = (
    r"(?i)gutschrift|storn|retoure|rücksend|rückgabe|credit[ _-]?(?:note|memo|invoice)|\bcredited\b|refund"
    r"|\breturn(?:s|ed)?\b|reversal|chargeback|\bavoir\b|\bretour|devoluci|\babono\b|nota di credito"
    r"|退货|退貨|退款|退回|销退|红字|红冲|冲红|冲销"
)
_KINDS = 30  # more different texts are remarks or names, no kinds of documents
_MOSTLY = 0.9  # of the lines that are said to be returns
_SHOWN = 3
_TEXTS = (nw.String, nw.Categorical, nw.Enum)


def returns_below_zero(table: Body) -> Body:
    """Return a table in which the amounts of lines that the mapping calls returns are below zero."""
    stated = table.mapping.returned
    if stated is None or not stated.in_ or (back := _under(stated.column, stated.in_, table)) is None:
        return table
    results = dict(table.results)
    for name in _turned(table):
        value = table.value(name)
        results[name] = results[name].with_columns(
            pl.when(back).then(-value.abs()).otherwise(value).alias("value")
        )
    return replace(table, results=results)


def returned_issues(table: Body, kept: pl.Series, where: Location) -> Iterator[Issue]:
    """Yield a question where a column tells of returns and no amount of theirs is below zero."""
    if table.mapping.returned is not None:
        if not table.schema.returned:
            yield Issue("DATA-569", "returned", where=where)
        return
    names = _turned(table)
    if not names:
        return
    below = pl.any_horizontal([(table.value(name) < 0).fill_null(False) for name in names])
    for header in _kinds_of_documents(table):
        texts = _tidy(table.text(header) if header not in table.results else table.value(header))
        lines = pl.DataFrame({"word": texts}).with_columns(below=below).filter(kept)
        counts = lines.group_by("word", maintain_order=True).agg(rows=pl.len(), below=pl.col("below").sum())
        yield from _question(table.name, header, counts, where)


def engine_returned_issues(columns: EngineColumns, where: Location) -> Iterator[Issue]:
    """Yield the same question of a table in an engine, which counts the lines of every kind of document.

    Of a column with many texts no more is looked at than shows that it holds no kinds.
    """
    mapping, schema, frame = columns.mapping, columns.schema, columns.frame
    if mapping.returned is not None:
        if not schema.returned:
            yield Issue("DATA-569", "returned", where=where)
        return
    amounts = [one for one in columns.columns if one.name in schema.returned and columns.source(one.name)]
    if not amounts:
        return
    below = reduce(or_, (flag(columns.value(one) < 0) == 1 for one in amounts))
    for header in _kinds_in_engine(columns):
        word = nw.col(header).cast(nw.String).str.strip_chars()
        lines = frame.select(word=word, below=flag(below).cast(nw.Int64))
        few = to_polars(lines.select("word").unique().head(_KINDS + 2))["word"]
        if len(few) <= _KINDS + 1 and few.str.contains(_CAME_BACK).any():
            counts = to_polars(lines.group_by("word").agg(nw.len().alias("rows"), nw.col("below").sum()))
            yield from _question(
                columns.table, header, counts.sort("rows", "word", descending=[True, False]), where
            )


def _kinds_in_engine(columns: EngineColumns) -> Iterator[str]:
    """Yield the texts of an engine's table that no column was read from and no filter looks at."""
    read = {columns.source(one.name) for one in columns.columns if one.name != "status"}
    looked_at = {rule.column for rule in columns.mapping.filters}
    for header, kind in columns.frame.collect_schema().items():
        if kind in _TEXTS and header not in read and not looked_at & {header, "status"}:
            yield header


def _question(table: str, header: str, counts: pl.DataFrame, where: Location) -> Iterator[Issue]:
    """Yield the question of a column, by the lines of each word in it and those that are below zero."""
    words = counts.drop_nulls("word")
    if words.height > _KINDS or words.height * 2 > counts["rows"].sum():
        return
    back = words.filter(pl.col("word").str.contains(_CAME_BACK))
    rows, below = int(back["rows"].sum()), int(back["below"].sum())
    if not rows or back.height == words.height or below > (1 - _MOSTLY) * rows:
        return
    said = back["word"].to_list()
    stated = [{"returned": {"column": header, "in": words}} for words in (said, [])]
    lines = [line(tables={table: entry}) for entry in stated]
    detail = {"words": ", ".join(f"«{word}»" for word in said[:_SHOWN]), "rows": rows,
              "returns": lines[0], "sales": lines[1]}  # fmt: skip
    yield Issue("DATA-568", header, detail, where=where)


def _turned(table: Body) -> list[str]:
    """Return the columns that are below zero on a line of what came back."""
    return [name for name in table.schema.returned if name in table.results]


def _kinds_of_documents(table: Body) -> Iterator[str]:
    """Yield headers of text that no column was read from and no filter looks at, and the status."""
    looked_at = {rule.column for rule in table.mapping.filters}
    read = {place for name, place in table.found.items() if name != "status"}
    for place, header in enumerate(table.header.names):
        if header and place not in read and not looked_at & {header, "status"}:
            yield header


def _under(header: str, words: tuple[str | float, ...], table: Body) -> pl.Series | None:
    """Return which rows say one of the words under a header."""
    texts = table.value(header) if header in table.results else table.text(header)
    if texts is None:
        return None  # `_unknown_columns` has named it
    return _tidy(texts).is_in([str(word).strip() for word in words]).fill_null(False)


def _tidy(texts: pl.Series | None) -> pl.Series:
    assert texts is not None  # a header of the file has its text
    return texts.cast(pl.String).str.strip_chars()
