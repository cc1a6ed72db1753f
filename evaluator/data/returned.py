"""Goods that came back, where a kind of document says so (credit note, 退货) and the amounts do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from evaluator.data.cell_values import Body
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
    below = pl.select(
        pl.any_horizontal([(table.value(name) < 0).fill_null(False) for name in names])
    ).to_series()
    for header in _kinds_of_documents(table):
        texts = _tidy(table.text(header) if header not in table.results else table.value(header))
        words = texts.filter(kept).unique(maintain_order=True).drop_nulls()
        if len(words) > _KINDS or len(words) * 2 > int(kept.sum()):
            continue
        said = words.filter(words.str.contains(_CAME_BACK)).to_list()
        back = texts.is_in(said).fill_null(False) & kept
        if not said or len(said) == len(words) or int((below & back).sum()) > (1 - _MOSTLY) * int(back.sum()):
            continue
        lines = [line(returned={"column": header, "in": words}) for words in (said, [])]
        cells = ", ".join(f"«{word}»" for word in said[:_SHOWN])
        detail = {"words": cells, "rows": int(back.sum()), "returns": lines[0], "sales": lines[1]}
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
