"""Rows that are no records of a table: empty ones, the header once more, totals."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.totals import say_total

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


def total(
    text: pl.DataFrame, words: tuple[str, ...], *, whose: Sequence[str] = (), when: Sequence[str] = ()
) -> pl.Series:
    """Say of each row whether it is one of totals: its first filled cell says so, its id or its date.

    Parameters
    ----------
    whose : the columns of id and name; a name tells where the id is empty, for a firm may be called Total.
    when : the columns of dates.
    """
    cells = [pl.coalesce(pl.all()), *map(pl.col, when), *([pl.coalesce(whose)] if whose else [])]
    return say_total(text.select(cell.alias(f"{place}") for place, cell in enumerate(cells)), words)


def no_records(rows: pl.DataFrame, header: Header, mapping: TableMapping) -> pl.Series:
    """Say of each row whether it is no record, for any of these reasons."""
    text = texts(rows, header)
    return empty(text) | repeated_header(text, header) | total(text, mapping.totals)
