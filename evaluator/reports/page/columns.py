"""Columns of customers as the page's script reads them: figures as they are shown, words by their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evaluator.present import figures as written
from evaluator.present.kinds import Kind

Value = float | int | None


@dataclass(frozen=True)
class ListColumn:
    """A column of the list of customers, one value a row, None where there is none.

    Figures are rounded as the page shows them. Of the kind ``text`` values are places in `words` (id and
    name, in their order); with `sets`, places of sets of such places, for what a customer has several of.
    A column with `filters` offers its words to choose from; one that is not `shown` is only in the CSV.
    """

    key: str
    title: str
    kind: Kind
    values: tuple[Value, ...]
    words: tuple[tuple[str, str], ...] = ()
    sets: tuple[tuple[int, ...], ...] = ()
    filters: bool = False
    shown: bool = True

    def compact(self) -> dict[str, object]:
        """Return the column as the script reads it, less what is as usual and the nulls it begins with."""
        begins = next((row for row, value in enumerate(self.values) if value is not None), len(self.values))
        further = {"words": self.words, "sets": self.sets, "filters": self.filters, "begins": begins}
        return {
            "key": self.key, "title": self.title, "kind": self.kind,
            **{name: value for name, value in further.items() if value},
            **({} if self.shown else {"shown": False}),
            "values": self.values[begins:],
        }  # fmt: skip

    def text(self, row: int, separator: str) -> str:
        """Return the words of a row, empty where there are none."""
        value = self.values[row]
        if value is None:
            return ""
        places = self.sets[int(value)] if self.sets else (int(value),)
        return separator.join(self.words[place][1] for place in places)


def figures(key: str, title: str, kind: Kind, values: pl.Series, *, shown: bool = True) -> ListColumn:
    """Return a column of figures, rounded as they are shown.

    >>> figures("score", "Score", "points", pl.Series([81.26, None])).values
    (81.3, None)
    """
    found = values.cast(pl.Float64).fill_nan(None).to_list()
    return ListColumn(
        key, title, kind, tuple(None if v is None else rounded(v, kind) for v in found), shown=shown
    )


def rounded(value: float, kind: Kind) -> float | int:
    """Return a figure with the digits that are shown of its kind, which halves the size of the file.

    >>> rounded(0.98765, "share"), rounded(1234567.8, "quantity"), rounded(0.123456, "quantity")
    (0.988, 1234568, 0.1235)
    >>> rounded(0.25, "points"), rounded(-0.26, "points")
    (0.3, -0.3)
    """
    if kind in _WHOLE or (kind == "quantity" and abs(value) >= 1000):
        return round(value)
    if kind == "quantity":
        return float(f"{value:.4g}")
    if kind in ("share", "growth"):
        return float(f"{_to(value * 100, 1) / 100:.3f}")
    return _to(value, 2 if kind == "shift" else 1)


_WHOLE = ("count", "rank", "days", "money", "money/year", "money/month")
_DOUBTFUL = 1e-6


def _to(value: float, digits: int) -> float:
    """Return a value with so many decimals; a half, as it is written, is rounded as the report writes it."""
    left = abs(value) * 10**digits % 1
    if abs(left - 0.5) > _DOUBTFUL:
        return round(value, digits)
    return float(written.number(value, digits).replace(",", ""))


def coded(
    key: str, title: str, values: pl.Series, names: Mapping[str, str], *,
    filters: bool = True, shown: bool = True,
) -> ListColumn:  # fmt: skip
    """Return a column of ids by their places among the named ones; others are None.

    >>> coded("grade", "Grade", pl.Series(["fair", None]), {"good": "Good", "fair": "Fair"}).values
    (1, None)
    """
    places = {name: place for place, name in enumerate(names)}
    found = values.cast(pl.String).replace_strict(places, default=None, return_dtype=pl.Int64)
    return ListColumn(
        key, title, "text", tuple(found.to_list()), tuple(names.items()), filters=filters, shown=shown
    )


def several(
    key: str, title: str, values: Sequence[Sequence[str]], names: Mapping[str, str], *, filters: bool = True
) -> ListColumn:  # fmt: skip
    """Return a column of what each row has several of.

    >>> column = several("flag", "Flags", [["late", "new"], [], ["new"]], {"new": "New", "late": "Late"})
    >>> column.values, column.sets
    ((0, None, 1), ((1, 0), (0,)))
    """
    places = {name: place for place, name in enumerate(names)}
    sets: dict[tuple[int, ...], int] = {}
    found: list[int | None] = []
    for row in values:
        held = tuple(places[name] for name in row if name in places)
        found.append(sets.setdefault(held, len(sets)) if held else None)
    return ListColumn(key, title, "text", tuple(found), tuple(names.items()), tuple(sets), filters)
