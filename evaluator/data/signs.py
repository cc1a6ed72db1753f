"""Signs that people and programs vary in a cell, and what a cell says that is no value."""

from __future__ import annotations

import polars as pl

FULL_DIGITS, HALF_DIGITS = "０１２３４５６７８９", "0123456789"
_MEANT = {
    **dict(zip(FULL_DIGITS + "．，％（）＋：／￥", HALF_DIGITS + ".,%()+:/¥", strict=True)),
    **dict.fromkeys("－\u2212\u2013\u2010\u2011\ufe63", "-"),
    **dict.fromkeys("\u2019\u2018\u2032\u02bc\uff07\u00b4`", "'"),
    **dict.fromkeys("\u3000\u00a0\u202f\u2009\u2007", " "),
    **dict.fromkeys("\ufeff\u200b\u200e\u200f\u2060", ""),
}

DASHES = ("", "-", "--", "—", "——", "/", ".")  # where nothing is to be written
EMPTY = (
    *DASHES, "n/a", "na", "nan", "null", "none",
    "无", "暂无", "空", "不详", "未知",
)  # fmt: skip
# #BEZUG!, #¡DIV/0!, #N/A, #NV, ######, Err:502
_ERROR = r"(?i)^(?:#¡?\p{L}[\p{L}0-9/_. ]*[!?]|#n/[adb]|#nv|#nd|#getting_data|#{2,}|err:\d{3})$"
_FORMULA = r"^=\s*[^\s=]"
_QUOTED = r'^="([^"]*)"$'


def tidy(text: pl.Expr) -> pl.Expr:
    """Return text with half-width signs, one kind of space, minus and apostrophe, none at the ends."""
    return text.str.replace_many(list(_MEANT), list(_MEANT.values())).str.strip_chars()


def unquoted(text: pl.Expr) -> pl.Expr:
    """Return what stands within ``="00123"``, as systems write text that Excel is to leave alone."""
    return pl.coalesce(text.str.extract(_QUOTED), text)


def says_nothing(text: pl.Expr) -> pl.Expr:
    """Return whether tidy text is empty or one of the usual words for a value that is not there."""
    return text.str.to_lowercase().is_in(EMPTY)


def is_error(text: pl.Expr) -> pl.Expr:
    """Return whether tidy text is what a spreadsheet shows in place of a result it does not have.

    >>> texts = pl.DataFrame({"text": ["#DIV/0!", "#N/A", "#BEZUG!", "####", "#12", "n/a"]})
    >>> texts.select(is_error(pl.col("text"))).to_series().to_list()
    [True, True, True, True, False, False]
    """
    return text.str.contains(_ERROR)


def is_formula(text: pl.Expr) -> pl.Expr:
    """Return whether tidy text is a formula and not its result."""
    return text.str.contains(_FORMULA)
