"""Rows that are no records of a table: empty ones, the header once more, totals, who signed below."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.totals import say_total

_CELLS = re.compile(r"c\d+")  # the columns of a frame that hold cells

_FOOTER = (
    r"(?i)^(审核|审批|复核|核对|制表|制单|填表|填报|编制|经办|主管|会计|财务|负责人|单位负责人|备注|说明|注|"
    r"打印日期|打印时间|報告者|作成者|備考|注記|prepared by|checked by|approved by|printed|notes?|remarks?|"
    r"erstellt|geprüft|hinweis|anmerkung|bemerkung)(人|者|日期)?\s*[:：]"
)

_TOTAL_WORD = r"(?i)\b(?:totale?|totaal|gesamt|summe)\b"
_OF_VALUE = (rf"^(.*\S)[\s:]+{_TOTAL_WORD}[\s:]*$", rf"^{_TOTAL_WORD}(?:\s+(?:for|of|de|von))?[\s:]+(\S.*)$")


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
    said = text.select(cell.alias(f"{place}") for place, cell in enumerate(cells))
    return say_total(said, words) | (_total_of_value(text) if words else False)


def _total_of_value(text: pl.DataFrame) -> pl.Series:
    """Say of each row whether its first filled cell is the total of what stands in other rows: East Total."""
    first = text.select(pl.coalesce(pl.all())).to_series()
    likely = first.str.contains(_TOTAL_WORD).fill_null(False)
    if not likely.any():
        return likely
    of = pl.DataFrame({"of": first.set(~likely, None)})
    value = of.select(pl.coalesce(pl.col("of").str.extract(rule) for rule in _OF_VALUE)).to_series()
    value = value.str.strip_chars().str.to_lowercase()
    asked = value.drop_nulls().unique()
    there = [column.str.strip_chars().str.to_lowercase().unique() for column in text.iter_columns()]
    known = pl.concat(there).filter(pl.concat(there).is_in(asked.implode()))
    return value.is_in(known.implode()).fill_null(False)


def footer(text: pl.DataFrame) -> pl.Series:
    """Say of each row whether it stands below the table: who checked it or a note, all behind colons."""
    said = pl.all_horizontal(pl.all().str.contains("[:：]").fill_null(True))
    return text.select(pl.coalesce(pl.all()).str.contains(_FOOTER).fill_null(False) & said).to_series()


def no_records(rows: pl.DataFrame, header: Header, mapping: TableMapping) -> pl.Series:
    """Say of each row whether it is no record, for any of these reasons."""
    text = texts(rows, header)
    return empty(text) | repeated_header(text, header) | total(text, mapping.totals) | footer(text)
