"""What an id is called: one rule for every way in, so that the same customer has the same id everywhere.

Ids are text. Digits, letters and signs of full width become half-width; signs nobody sees and control
characters go; every kind of space is a space, none at the ends. A whole number is written without decimals
(``17850.0`` is ``17850``), leading zeros stay. What says nothing (``nan``, ``null``, ``none`` …) is no id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns.spark import is_spark
from evaluator.errors import EvaluationError, Issue

_FULL = "０１２３４５６７８９－＿．／＃（）＆"
_CAPITALS, _SMALL = range(ord("Ａ"), ord("Ｚ") + 1), range(ord("ａ"), ord("ｚ") + 1)
_WIDTH = ord("Ａ") - ord("A")
_NARROWED = {
    **{sign: chr(ord(sign) - _WIDTH) for sign in _FULL},
    **{chr(code): chr(code - _WIDTH) for code in (*_CAPITALS, *_SMALL)},
}
_SPACES = "[\t\n\r\x0b\f\x85\\p{Z}]"
_UNSEEN = r"[\p{Cc}\p{Cf}]"
_OTHERWISE = rf"{_UNSEEN}|[{''.join(_NARROWED)}]"
_QUOTED = r'^="([^"]*)"$'
_DECIMALS = r"^(\d+)\.0+$"
_NO_ID = ("", "nan", "null", "none", "<na>", "nat")
PLAIN = r"^[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*$"
"""What an id that needs no rule looks like."""
_EXACT = 2.0**53
"""Whole numbers up to here are exact as floats; beyond it, several ids become one."""


def id_text(text: pl.Expr) -> pl.Expr:
    """Return the id that a text says, null where it says none.

    >>> texts = pl.DataFrame({"id": ["ＡＢ１２", "\u200b007 ", "17850.0", '="0012"', "NaN", "a\tb"]})
    >>> texts.select(id_text(pl.col("id")))["id"].to_list()
    ['AB12', '007', '17850', '0012', None, 'a b']
    """
    name = text.str.replace_all(_SPACES, " ").str.replace_all(_UNSEEN, "").str.strip_chars(" ")
    name = pl.coalesce(name.str.extract(_QUOTED), name)
    name = name.str.replace_many(list(_NARROWED), list(_NARROWED.values())).str.strip_chars(" ")
    name = name.str.replace(_DECIMALS, "${1}")
    return pl.when(~name.str.to_lowercase().is_in(_NO_ID)).then(name)


def is_respelt(text: pl.Expr) -> pl.Expr:
    """Return whether the id a text says is written with other signs than it, spaces at the ends apart."""
    return text.str.replace_all(rf"^{_SPACES}+|{_SPACES}+$", "").str.contains(_OTHERWISE)


def alike(name: pl.Expr) -> pl.Expr:
    """Return ids in capitals and without spaces and brackets: what people vary who write a name by hand.

    >>> names = pl.DataFrame({"id": ["kh0115", "上海 宏成(集团)", "上海宏成集团", "Acme  Ltd"]})
    >>> names.select(alike(pl.col("id")))["id"].to_list()
    ['KH0115', '上海宏成集团', '上海宏成集团', 'ACMELTD']
    """
    return name.str.to_uppercase().str.replace_all(r"[\s()（）\[\]【】]", "")


def id_texts(names: Iterable[object]) -> list[str]:
    """Return what these ids are called; one that says nothing stays as it is written, to be named.

    >>> id_texts([17850.0, "００7", ""])
    ['17850', '007', '']
    """
    texts = pl.DataFrame({"text": [str(name) for name in names]}, schema={"text": pl.String})
    return texts.select(pl.coalesce(id_text(pl.col("text")), "text"))["text"].to_list()


def is_plain_id(text: pl.Expr) -> pl.Expr:
    """Return whether a text is an id that needs no rule, as most are."""
    return text.str.contains(PLAIN)


def with_id_texts(frame: pl.DataFrame, name: str = "id") -> pl.DataFrame:
    """Return a frame whose ids are called by the rule; whole numbers stay as they are.

    Raises
    ------
    EvaluationError
        where ids are floats too large to tell neighbours apart.
    """
    kind = frame.schema.get(name)
    if kind is not None and kind.is_float():
        _exact(frame[name])
        return frame.with_columns(_of_floats(pl.col(name)).alias(name))
    if kind in (pl.Categorical, pl.Enum, pl.Decimal):
        frame = frame.with_columns(pl.col(name).cast(pl.String))
    elif kind != pl.String:
        return frame
    if frame.select(is_plain_id(pl.col(name)).all()).item():
        return frame
    return frame.with_columns(id_text(pl.col(name)).alias(name))


def lazily_with_id_texts(frame: nw.LazyFrame[Any], name: str = "id") -> nw.LazyFrame[Any]:
    """Return a lazy frame of any engine whose ids are called by the rule once it is computed."""
    kind = frame.collect_schema().get(name)
    if kind is None or kind.is_integer():
        return frame
    if kind.is_float():
        return _lazily_of_floats(frame, name)
    frame = frame if kind == nw.String else frame.with_columns(nw.col(name).cast(nw.String))
    if frame.implementation.is_polars():
        rule = pl.col(name).map_batches(_ruled, is_elementwise=True, return_dtype=pl.String)
        native: pl.LazyFrame = frame.to_native()
        return nw.from_native(native.with_columns(rule))
    return frame if is_spark(frame) else _by_sql(frame, name)  # Spark computes batches, which Polars rules


def _ruled(texts: pl.Series) -> pl.Series:
    return with_id_texts(texts.to_frame(), texts.name)[texts.name]


def _by_sql(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    """Apply the rule as `id_text` states it by what every engine understands, to ids that need it alone."""
    there, narrowed, given = frame.collect_schema().names(), name, nw.col(name)
    if frame.implementation.is_duckdb():
        old, new, narrowed = "".join(_NARROWED), "".join(_NARROWED.values()), f"_narrowed_{name}"
        plain = f"""regexp_matches("{name}", '{PLAIN}')"""
        whole = f"""CASE WHEN {plain} THEN "{name}" ELSE translate("{name}", '{old}', '{new}') END"""
        frame = nw.from_native(frame.to_native().project(f'*, {whole} AS "{narrowed}"'))
    text = nw.col(narrowed).str.replace_all(_SPACES, " ").str.replace_all(_UNSEEN, "").str.strip_chars(" ")
    quoted = nw.when(text.str.contains(_QUOTED)).then(text.str.replace_all('^="|"$', "").str.strip_chars(" "))
    text = quoted.otherwise(text)
    text = nw.when(text.str.contains(_DECIMALS)).then(text.str.replace_all(r"\.0+$", "")).otherwise(text)
    ruled = nw.when(~text.str.to_lowercase().is_in(_NO_ID)).then(text)
    plainly = nw.when(given.str.contains(PLAIN)).then(given)
    return frame.with_columns(plainly.otherwise(ruled).alias(name)).select(*there)


def _lazily_of_floats(frame: nw.LazyFrame[Any], name: str) -> nw.LazyFrame[Any]:
    number = nw.col(name)
    whole = (number == number.round(0)) & (number.abs() <= _EXACT)
    text = nw.when(whole).then(nw.when(whole).then(number).cast(nw.Int64).cast(nw.String))
    return frame.with_columns(text.otherwise(number.cast(nw.String)).alias(name))


def _of_floats(number: pl.Expr) -> pl.Expr:
    whole = number.cast(pl.Int64, strict=False)
    text = pl.when(whole.cast(pl.Float64) == number).then(whole.cast(pl.String))
    return text.when(number.is_not_nan()).then(number.cast(pl.String))


def _exact(numbers: pl.Series) -> None:
    large = numbers.filter((numbers.abs() > _EXACT).fill_null(False) & numbers.is_not_nan().fill_null(False))
    if len(large):
        examples = ", ".join(f"{number:.0f}" for number in large.unique(maintain_order=True).head(3))
        raise EvaluationError([Issue("DATA-471", "id", {"count": len(large), "examples": examples})])
