"""Text stays text where a spreadsheet opens a CSV file: cells that it would compute get an apostrophe.

A spreadsheet takes ``=1+1`` from a CSV file for a formula, and a formula can fetch and send. So in every
CSV file for people a text that begins like one is written with an apostrophe in front, and so is a text
that begins with an apostrophe; numbers stay as they are. Reading takes exactly that apostrophe away, so
nothing is altered on the way; ``'t Hooft`` in somebody's own file is left alone.
"""

from __future__ import annotations

import re
from typing import Any

import narwhals as nw
import polars as pl

_FORMULA = r"[\x00-\x20]*[=+\-@＝＋－＠]"  # full-width signs too, which East Asian spreadsheets understand
_BEGINNING = rf"(?:{_FORMULA}|[\t\r\n'])"
_TO_MARK, _MARKED = rf"^{_BEGINNING}", rf"^'{_BEGINNING}"
_COMPUTED = rf"^[\s\p{{Cc}}\p{{Cf}}]*=|{_MARKED}"
_QUOTED = r'^="[^"]*"$'
_NUMBER = r"^[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?$"


def marked(text: str) -> str:
    """Return a text as a cell of a CSV file holds it.

    >>> [marked(text) for text in ("=1+1", "-12.5", "-1-1", "'t Hooft", "plain")]
    ["'=1+1", '-12.5', "'-1-1", "''t Hooft", 'plain']
    """
    return f"'{text}" if re.match(_TO_MARK, text) and not re.fullmatch(_NUMBER, text) else text


def unmarked(text: str) -> str:
    """Return what a cell of a CSV file says.

    >>> [unmarked(text) for text in ("'=1+1", "''t Hooft", "'t Hooft")]
    ['=1+1', "'t Hooft", "'t Hooft"]
    """
    return text[1:] if text.startswith("'") and re.match(_MARKED, text) else text


def mark(frame: Any) -> Any:
    """Return a dataframe of any engine as a CSV file holds it, its texts and headings marked."""
    entered = nw.from_native(frame)
    texts = _texts(entered)
    exprs = (_with_apostrophe(name, kind) for name, kind in texts.items())
    headings = {name: marked(name) for name in entered.collect_schema().names()}
    return entered.with_columns(*exprs).rename(headings).to_native()


def unmark(frame: Any) -> Any:
    """Return a dataframe of any engine as a CSV file means it."""
    entered = nw.from_native(frame)
    exprs = (_without_apostrophe(name) for name in _texts(entered))
    headings = {name: unmarked(name) for name in entered.collect_schema().names()}
    return entered.with_columns(*exprs).rename(headings).to_native()


def unmarked_text(text: pl.Expr) -> pl.Expr:
    """Return what cells of text say, for Polars alone."""
    return pl.when(text.str.contains(_MARKED)).then(text.str.slice(1)).otherwise(text)


def marked_text(text: pl.Expr) -> pl.Expr:
    """Return text of a file that knows no formulas (Parquet) as a cell of a CSV file would hold it.

    So that reading it, as every cell is read, alters nothing. A number in text has no need of it, and what
    stands in ``="00123"`` is meant as a text anyhow.

    >>> texts = pl.DataFrame({"id": ["=1+1", "'=1+1", "'t Hooft", '="007"', "-12.5"]})
    >>> texts.select(id=marked_text(pl.col("id")))["id"].to_list()
    ["'=1+1", "''=1+1", "'t Hooft", '="007"', '-12.5']
    """
    computed = text.str.contains(_COMPUTED) & ~text.str.contains(_QUOTED)
    return pl.when(computed).then(pl.lit("'") + text).otherwise(text)


def _texts(frame: Any) -> dict[str, Any]:
    kinds = (nw.String, nw.Categorical, nw.Enum)
    return {name: kind for name, kind in frame.collect_schema().items() if isinstance(kind, kinds)}


def _with_apostrophe(name: str, kind: Any) -> nw.Expr:
    text = nw.col(name) if kind == nw.String else nw.col(name).cast(nw.String)
    risky = text.str.contains(_TO_MARK) & ~text.str.contains(_NUMBER)
    return nw.when(risky).then(nw.concat_str(nw.lit("'"), text)).otherwise(text).alias(name)


def _without_apostrophe(name: str) -> nw.Expr:
    text = nw.col(name)
    return nw.when(text.str.contains(_MARKED)).then(text.str.slice(1)).otherwise(text).alias(name)
