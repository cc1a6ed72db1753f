"""What data files say of time and money: the days they cover and the currency they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import polars as pl

from evaluator.data.conversion import Written, converted
from evaluator.data.currencies import currency_code
from evaluator.data.mapping import TableMapping
from evaluator.data.no_records import no_records
from evaluator.data.reading import read_table
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import EvaluationError, Issue
from evaluator.study.gathering import Gathered
from evaluator.study.grids import HIGHEST
from evaluator.study.recognising import Recognised
from evaluator.study.settings import Settings

_SIGN = re.compile(r"¥|￥|US\$|HK\$|NT\$|\$|€|£|\b(?:CNY|RMB|USD|EUR|GBP|HKD|JPY)\b|人民币|美元|欧元|港币|元")
_LOOKED_AT = 1_000  # cells in which a sign of a currency is looked for
SCALE = "survey.perceived.range"  # what states the ends of a survey's scale
_SCALES = ((1, 5), (1, 7), (1, 10), (0, 5), (0, 10))  # that surveys usually ask on
_SLIPS = 0.05  # the share of answers beyond a scale up to which it may be the one that was asked on
_DAY = TableSchema((Column("date", "date", required=True),))


@dataclass(frozen=True)
class Facts:
    """First and last day of the orders, and the currency that their cells or headers name, with where.

    `monthly` says that every order stands on the first of a month, as totals of months do. `answers` are the
    least and the greatest answer of a survey, `stated` the ends of its scale as said. `beyond` counts the
    answers beyond those usual scales that hold nearly all: they may be slips.
    """

    first: date | None = None
    last: date | None = None
    monthly: bool = False
    currency: str | None = None
    seen_in: str = ""
    answers: tuple[float, float] | None = None
    stated: tuple[float, float] | None = None
    beyond: Mapping[tuple[float, float], int] = field(default_factory=dict)

    @property
    def scales(self) -> tuple[tuple[float, float], ...]:
        """The scale that was stated, else the usual ones that the answers of a survey, or nearly all, lie on.

        >>> Facts(answers=(2.0, 6.0)).scales, Facts(answers=(0.0, 9.0)).scales
        (((1, 7), (1, 10), (0, 10)), ((0, 10),))
        """
        if self.stated or self.answers is None:
            return (self.stated,) if self.stated else ()
        low, high = self.answers
        return tuple(ends for ends in _SCALES if (ends[0] <= low and high <= ends[1]) or ends in self.beyond)

    def unstated(self) -> Iterator[Issue]:
        """Yield the question which scale a survey asked on, where the answers fit several."""
        if self.answers and len(self.scales) > 1:
            low, high = (f"{end:g}" for end in self.answers)
            options = "  ".join(f'--set {SCALE}="[{first}, {last}]"' for first, last in self.scales)
            slips = ", ".join(f"[{first}, {last}]: {n:,}" for (first, last), n in self.beyond.items())
            detail = {"low": low, "high": high, "options": options, "slips": slips}
            yield Issue("STUDY-346" if slips else "STUDY-363", "survey", detail)

    @property
    def as_of(self) -> date | None:
        """The day after the last order or the last month, from which an evaluation looks back.

        >>> Facts(last=date(2024, 9, 1)).as_of, Facts(last=date(2024, 9, 1), monthly=True).as_of
        (datetime.date(2024, 9, 2), datetime.date(2024, 10, 1))
        """
        if self.last and self.monthly:
            return date(self.last.year + self.last.month // 12, self.last.month % 12 + 1, 1)
        return self.last + timedelta(days=1) if self.last else None


@lru_cache(maxsize=1)
def facts(data: Gathered) -> Facts:
    """Return what the orders say of time and money; nothing that is not seen."""
    parts = data.tables.get("orders", ())
    days = pl.concat([pl.Series("day", [], pl.Date), *(_days(part, data.settings) for part in parts)])
    first, last = _ends(days) or (None, None)
    monthly = first != last and bool((days.dt.day() == 1).all())
    money = {found for part in parts for found in [_currency(part)] if found}
    code, where = money.pop() if len({code for code, _ in money}) == 1 else (None, "")
    given = pl.concat([pl.Series([], dtype=pl.Float64), *map(_answers, data.tables.get("survey", ()))])
    answers = given.sort().gather([0, -1]).to_list() if len(given) else []
    ends = (answers[0], answers[1]) if answers else None
    said = data.settings.of_column("survey", "perceived").get("range")
    stated = (float(said[0]), float(said[1])) if said else None
    return Facts(first, last, monthly, code, where, ends, stated, _beyond(given))


def _beyond(given: pl.Series) -> dict[tuple[float, float], int]:
    """Return how many answers lie above each usual scale that holds all others, where they are few."""
    above = {(low, high): int((given > high).sum()) for low, high in _SCALES if not (given < low).any()}
    return {ends: count for ends, count in above.items() if 0 < count <= _SLIPS * len(given)}


def _days(part: Recognised, settings: Settings) -> pl.Series:
    """Return the days of the orders of a part, none where they cannot be read."""
    none = pl.Series("day", [], pl.Date)
    seen = part.column("date")
    if seen is None:
        return none
    if "date" in part.look.header.given:
        days = part.look.values(seen.position).filter(_bought(part))
        return converted(Written(days), _DAY.columns[0])["value"].drop_nulls().alias("day")
    path = part.look.path
    mapping = TableMapping.model_validate(
        {
            "file": path.name,
            "sheet": part.look.sheet,
            "header": part.look.header.row or None,  # Parquet has names of columns, and no row of them
            **_stated(settings.of_table("orders")),
            "columns": {"date": {"from": seen.header} | settings.of_column("orders", "date")},
        }
    )
    try:
        return read_table("orders", mapping, _DAY, path.parent).frame["date"].drop_nulls().alias("day")
    except EvaluationError:
        return none  # what is wrong with the days is said where the table is read


def _bought(part: Recognised) -> pl.Series:
    """Say of each row of months as columns whether somebody bought: an empty month is no last day."""
    look, kept = (
        part.look,
        ~no_records(part.look.rows, part.look.header, TableMapping(file=part.look.path.name)),
    )
    for name, said in (("id", r"\S"), ("amount", "[1-9]")):
        if seen := part.column(name):
            kept &= look.values(seen.position).str.contains(said).fill_null(False)
    return kept


def _ends(days: pl.Series) -> tuple[date, ...]:
    first, last = days.min(), days.max()
    return (first, last) if isinstance(first, date) and isinstance(last, date) else ()


def _answers(part: Recognised) -> pl.Series:
    """Return the answers of a survey that lie on a scale of answers."""
    columns = (part.column("perceived"), part.column("expected"))
    read = [part.look.values(seen.position).cast(pl.Float64, strict=False) for seen in columns if seen]
    given = pl.concat([pl.Series([], dtype=pl.Float64), *(column.alias("") for column in read)])
    return given.filter(given.is_between(0, HIGHEST))


def _stated(of_table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is stated of a table that its days depend on."""
    return {key: value for key, value in of_table.items() if key in ("encoding", "delimiter", "missing")}


def _currency(part: Recognised) -> tuple[str, str] | None:
    """Return the one currency a table names, by code, and the header it was seen under."""
    column = part.column("currency")
    if column:
        codes = _codes(part.look.values(column.position))
        return (codes.pop(), column.header) if len(codes) == 1 else None
    money = part.column("amount") or part.column("price")
    if money is None:
        return None
    cells = part.look.values(money.position).drop_nulls().head(_LOOKED_AT)
    signs = {sign for text in (money.header, *cells) for sign in _SIGN.findall(text)}
    codes = _codes(pl.Series(sorted(signs), dtype=pl.String))
    return (codes.pop(), money.header) if len(codes) == 1 else None


def _codes(names: pl.Series) -> set[str]:
    return set(names.to_frame("name").select(currency_code(pl.col("name"))).to_series().drop_nulls())
