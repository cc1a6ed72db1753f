"""What an id is called: one rule for every way in, so that the same customer has the same id everywhere.

Ids are text. Digits, letters and signs of full width become half-width; signs nobody sees and control
characters go; every kind of space is a space, none at the ends. A whole number is written without decimals
(``17850.0`` is ``17850``), leading zeros stay. What says nothing (``nan``, ``null``, ``none`` …) is no id.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from evaluator.errors import EvaluationError, Issue

_FULL = "０１２３４５６７８９－＿．／＃"
_CAPITALS, _SMALL = range(ord("Ａ"), ord("Ｚ") + 1), range(ord("ａ"), ord("ｚ") + 1)
_WIDTH = ord("Ａ") - ord("A")
_NARROWED = {
    **{sign: chr(ord(sign) - _WIDTH) for sign in _FULL},
    **{chr(code): chr(code - _WIDTH) for code in (*_CAPITALS, *_SMALL)},
}
_SPACES = r"[\t\n\r\x0b\f\u{85}\p{Z}]"
_UNSEEN = r"[\p{Cc}\p{Cf}]"
_QUOTED = r'^="([^"]*)"$'
_NO_ID = ("", "nan", "null", "none", "<na>", "nat")
_PLAIN = r"^[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]*$"
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
    name = name.str.replace(r"^(\d+)\.0+$", "${1}")
    return pl.when(~name.str.to_lowercase().is_in(_NO_ID)).then(name)


def is_plain_id(text: pl.Expr) -> pl.Expr:
    """Return whether a text is an id that needs no rule, as most are."""
    return text.str.contains(_PLAIN)


def with_id_texts(frame: pl.DataFrame, name: str = "id") -> pl.DataFrame:
    """Return a frame whose ids are called by the rule; whole numbers stay as they are.

    Raises
    ------
    EvaluationError
        DATA-471 where ids are floats too large to tell neighbours apart.
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


def of_numbers(frame: nw.LazyFrame, name: str = "id") -> nw.LazyFrame:  # type: ignore[type-arg]
    """Return a lazy frame whose float ids are text without decimals where they are whole."""
    kind = frame.collect_schema().get(name)
    if kind is None or not kind.is_float():
        return frame
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
