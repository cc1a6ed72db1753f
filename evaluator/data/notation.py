"""How the numbers of a column are written: decided from all of its cells, never from one alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import polars as pl

from evaluator.data.numbers import DecimalSign

_POINT = r"^\d*\.\d*$|^\d{1,3}(?:,\d{3})+\.\d*$|^\d{1,3}(?:,\d{3}){2,}$"
_COMMA = r"^\d*,\d*$|^\d{1,3}(?:\.\d{3})+,\d*$|^\d{1,3}(?:\.\d{3}){2,}$"
# Signs of countries that mark thousands with a comma; nobody gives an amount to three decimals there.
_COMMA_COUNTRIES = r"(?i)[¥￥$£₩₹元圆万亿]|cny|rmb|usd|gbp|hkd|人民币"
_EITHER_COMMA, _EITHER_POINT = r"^[1-9]\d{0,2},\d{3}$", r"^[1-9]\d{0,2}\.\d{3}$"
_LOOKED_AT = 5_000
_FEW, _SCARCE = 5, 20
_TOGETHER = 1_000_000  # cells
T = TypeVar("T")


@dataclass(frozen=True)
class DecimalEvidence:
    """How many texts of a column say which sign stands before its decimals.

    `point` and `comma` can be read one way only (12.5, 1,234.50 and $1,234; 0,125 and 1.234,50). `points`
    (1.234) and `commas` (1,234) can be read both ways. `small` are whole numbers below 1,000, `large` those
    above that are written without any sign.
    """

    point: int = 0
    comma: int = 0
    points: int = 0
    commas: int = 0
    small: int = 0
    large: int = 0

    def __add__(self, other: DecimalEvidence) -> DecimalEvidence:
        return DecimalEvidence(
            *(getattr(self, part.name) + getattr(other, part.name) for part in fields(self))
        )

    def __sub__(self, other: DecimalEvidence) -> DecimalEvidence:
        return DecimalEvidence(
            *(getattr(self, part.name) - getattr(other, part.name) for part in fields(self))
        )

    @property
    def either(self) -> int:
        """The texts that can be read both ways."""
        return self.points + self.commas

    @property
    def clear(self) -> DecimalSign | None:
        """The sign that nearly all texts with only one reading have, None where they are few or differ."""
        more, less = max(self.point, self.comma), min(self.point, self.comma)
        if not more or less * _FEW > more:
            return None
        return "." if self.point > self.comma else ","


def decimal_evidences(columns: Sequence[pl.Series]) -> list[DecimalEvidence]:
    """Return what the texts of each column say of its decimal sign; short columns are counted together.

    A long column is looked at from the top, and whole where the top does not tell.

    >>> decimal_evidences([pl.Series(["1.234,50", "0,125", "1,234", "950"])])
    [DecimalEvidence(point=0, comma=2, points=0, commas=1, small=1, large=0)]
    """
    found: list[DecimalEvidence] = []
    for some in together(columns, min(max(map(len, columns), default=0), _LOOKED_AT)):
        for texts, top in zip(some, _counted([texts.head(_LOOKED_AT) for texts in some]), strict=True):
            told = top.clear and top.either * _FEW <= top.point + top.comma
            found.append(top if told or len(texts) <= _LOOKED_AT else _counted([texts])[0])
    return found


def together(columns: Sequence[T], height: int) -> Iterator[Sequence[T]]:
    """Yield columns of so many cells each in turn: as many as have a million together, at least one."""
    step = max(1, _TOGETHER // max(1, height))
    yield from (columns[first : first + step] for first in range(0, len(columns), step))


def _counted(columns: Sequence[pl.Series]) -> list[DecimalEvidence]:
    place = np.repeat(np.arange(len(columns)), [len(texts) for texts in columns])
    texts = pl.concat([texts.cast(pl.String).alias("written") for texts in columns])
    frame = pl.DataFrame({"place": place, "written": texts}).drop_nulls("written").unique()
    written, core = pl.col("written"), pl.col("core")
    frame = frame.with_columns(core=written.str.replace_all(r"[^0-9.,]", "").str.strip_chars_end(".,"))
    commas, points = core.str.contains(_EITHER_COMMA), core.str.contains(_EITHER_POINT)
    of_money = commas & written.str.contains(_COMMA_COUNTRIES)
    marked = core.str.contains("[.,]") & ~(commas | points)
    counted = frame.select(
        "place",
        point=core.str.contains(_POINT) & marked | of_money,
        comma=core.str.contains(_COMMA) & marked,
        points=points,
        commas=commas & ~of_money,
        small=core.str.contains(r"^[1-9]\d{0,2}$"),
        large=core.str.contains(r"^[1-9]\d{3,}$"),
    )
    sums = {row.pop("place"): row for row in counted.group_by("place").sum().rows(named=True)}
    return [DecimalEvidence(**sums.get(place, {})) for place in range(len(columns))]


def decided(own: DecimalEvidence, table: DecimalEvidence, delimiter: str | None) -> DecimalSign | None:
    """Return the decimal sign of a column, None where its numbers can be read in two ways.

    What the column itself says comes first, then the other columns of its `table`, then whether whole numbers
    below 1,000 stand beside commas (950 and 1,234: the comma marks thousands).

    >>> own = DecimalEvidence(commas=3)
    >>> decided(own, DecimalEvidence(), ","), decided(own, DecimalEvidence(comma=2), ";")
    (None, ',')
    """
    grouped = own.commas > 0 and not own.points and own.small > 0 and not own.large and delimiter != ";"
    if not own.either:
        return own.clear or ("." if own.point >= own.comma else ",")
    if own.clear:
        agreed = (
            table.clear == own.clear
            or (own.clear == "," and delimiter == ";")
            or (own.clear == "." and grouped)
        )
        few = (own.point + own.comma) * _SCARCE < own.either
        return own.clear if agreed or not few else None
    if own.point or own.comma:
        return None
    if table.clear:
        return table.clear
    return "." if grouped else None
