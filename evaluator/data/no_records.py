"""Rows that are no records of a table: empty ones, the header once more, totals."""

from __future__ import annotations

import re

import polars as pl

from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping

_CELLS = re.compile(r"c\d+")  # the columns of a frame that hold cells


def texts(rows: pl.DataFrame, header: Header) -> pl.DataFrame:
    """Return what the cells of a file say, null where nothing, without what stands in every row."""
    names = [name for name in rows.columns if _CELLS.fullmatch(name) and int(name[1:]) not in header.fixed]
    text = rows.select(pl.col(names).str.strip_chars())
    return text.with_columns(pl.when(pl.all() != "").then(pl.all()))


def empty(text: pl.DataFrame) -> pl.Series:
    """Say of each row whether it has no cell that says something."""
    return text.select(pl.all_horizontal(pl.all().is_null())).to_series()


def repeated_header(text: pl.DataFrame, header: Header) -> pl.Series:
    """Say of each row whether it is the header once more."""
    same = [
        (pl.col(f"c{index}") == name).fill_null(False)
        for index, name in enumerate(header.names)
        if name and index not in header.fixed
    ]
    if not same:
        return pl.repeat(False, text.height, eager=True)
    return text.select(pl.all_horizontal(same)).to_series()


def total(text: pl.DataFrame, words: tuple[str, ...]) -> pl.Series:
    """Say of each row whether its first filled cell is a total word, or ends with one (华东小计)."""
    plain = pl.coalesce(pl.all()).str.to_lowercase().str.replace_all(r"[\s:：]+", "")
    found = plain.is_in([word.lower().replace(" ", "") for word in words])
    for word in words:
        if not word.isascii():
            found = found | plain.str.ends_with(word)
    return text.select(found.fill_null(False)).to_series()


def no_records(rows: pl.DataFrame, header: Header, mapping: TableMapping) -> pl.Series:
    """Say of each row whether it is no record, for any of these reasons."""
    text = texts(rows, header)
    return empty(text) | repeated_header(text, header) | total(text, mapping.totals)
