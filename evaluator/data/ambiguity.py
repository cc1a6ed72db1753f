"""Columns that can be read in more than one way: questions, with their readings and the line that answers.

What was decided from the cells, and is not the usual way to write, is said as well.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.data.cell_values import Body
from evaluator.data.conversion import Notation, Written, converted
from evaluator.data.date_formats import fitting_formats
from evaluator.data.dates import Order, OrderEvidence, first_of_month, may_be_ordered, separated_otherwise
from evaluator.data.notation import DecimalEvidence
from evaluator.data.numbers import (
    CURRENCIES,
    DecimalSign,
    currency_sign,
    has_percent,
    has_side,
    has_triangle,
    is_zero_dash,
)
from evaluator.data.signs import tidy
from evaluator.data.tables import Column
from evaluator.errors import Issue, Severity
from evaluator.messages import Term

_ASKED = 3  # cells shown with a question
_DAY_OR_MONTH: tuple[Order, ...] = ("dmy", "mdy")
_SIGNS = {".": Term("data.sign.point"), ",": Term("data.sign.comma")}
_OTHER: dict[DecimalSign, DecimalSign] = {".": ",", ",": "."}


def reading_questions(table: Body, column: Column, cells: pl.DataFrame) -> Iterator[Issue]:
    """Yield what the cells of a column leave open, and what was decided from them.

    Errors ask for a decimal sign or thousands, percent beside plain numbers, several currencies, the order of
    day and month; cells that contradict the others and credits of a ledger are warnings; what was decided is
    noted.
    """
    if column.kind == "number":
        yield from _decimals(table, column, cells)
        if cells["plain"].all():
            return
        marked = cells.filter(~pl.col("plain") & pl.col("value").is_not_null())
        if marked.height:
            yield from _percent(table, column.name, cells, marked)
            yield from _currencies(table, column.name, marked)
            yield from _accounting(table, column.name, marked)
    if column.kind == "date":
        yield from _orders(table, column, cells)
        marked = cells.filter(~pl.col("plain") & (pl.col("value").dt.day() == 1))
        months = marked.filter(first_of_month(tidy(pl.col("text"))).is_not_null())
        yield from table.issue("DATA-562", column.name, months, Severity.NOTE)


def _decimals(table: Body, column: Column, cells: pl.DataFrame) -> Iterator[Issue]:
    name, notation = column.name, table.notations[column.name]
    if cells["problem"].null_count() < cells.height:
        yield from _unsettled(table, column, cells)
    evidence, decimal = notation.evidence, notation.decimal
    if not isinstance(evidence, DecimalEvidence) or not decimal:
        return
    if decimal == "," or (evidence.either and not evidence.clear):
        read = cells.filter(pl.col("value").is_not_null() & pl.col("text").str.contains(r"[.,]"))
        read = read.filter(~pl.col("typed"))
        detail = {**_signs(table, name, decimal), "examples": _became(read)}
        yield from table.issue("DATA-552", name, read, Severity.NOTE, detail)


def _unsettled(table: Body, column: Column, cells: pl.DataFrame) -> Iterator[Issue]:
    """Yield the cells that may be read in two ways, and those that contradict the others."""
    name = column.name
    undecided = cells.filter(pl.col("problem") == "undecided")
    if undecided.height:
        point, comma = (_reread(table, column, undecided, Notation(decimal=sign)) for sign in _OTHER)
        yield from table.issue("DATA-550", name, undecided, Severity.ERROR, {
            "examples": _with_readings(table, name, undecided, point, comma),
            "text": undecided["text"][0].strip(), "first": _shown(point[0]), "second": _shown(comma[0]),
            "point": table.line(name, decimal="."), "comma": table.line(name, decimal=","),
        })  # fmt: skip
    contrary = cells.filter(pl.col("problem") == "contradicts")
    signs = _signs(table, name, table.notations[name].decimal or ".")
    yield from table.issue("DATA-551", name, contrary, detail=signs)


def _signs(table: Body, name: str, decimal: DecimalSign) -> dict[str, object]:
    other = _OTHER[decimal]
    return {"sign": _SIGNS[decimal], "other": _SIGNS[other], "line": table.line(name, decimal=other)}


def _reread(table: Body, column: Column, cases: pl.DataFrame, notation: Notation) -> pl.Series:
    """Return the values the first cells would have if the column were written in another way."""
    written = Written(cases["text"].head(_ASKED))
    return converted(written, column, table.readings[column.name], notation)["value"]


def _with_readings(table: Body, name: str, cases: pl.DataFrame, *readings: pl.Series) -> str:
    """Return the first cells with their places and what each may mean."""
    rows = cases.head(_ASKED).select("row", "text").rows()
    return ", ".join(
        f"{table.place(row, name)} «{text.strip()}» ({' / '.join(map(_shown, dict.fromkeys(values)))})"
        for (row, text), values in zip(rows, zip(*readings, strict=True), strict=True)
    )


def _became(cases: pl.DataFrame) -> str:
    """Return the first cells with the values they were given."""
    rows = cases.head(_ASKED).select("text", "value").rows()
    return ", ".join(f"{text.strip()} → {_shown(value)}" for text, value in rows)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _percent(table: Body, name: str, cells: pl.DataFrame, marked: pl.DataFrame) -> Iterator[Issue]:
    """Yield an issue where some cells are in percent and others are plain numbers."""
    reading, percent = table.readings[name], has_percent(pl.col("text"))
    with_sign = marked.filter(percent)
    if "%" in reading.units or not with_sign.height:
        return
    without = cells.filter(pl.col("value").is_not_null() & (pl.col("value") != 0) & ~percent)
    units = dict(reading.units)
    shares = table.line(name, units=units | {"%": 0.01})
    hundredths = table.line(name, units=units | {"%": 1}, factor=reading.factor * 0.01)
    yield from table.issue("DATA-554", name, without, Severity.ERROR, {
        "examples": table.shown(name, pl.concat([with_sign.head(1), without.head(_ASKED - 1)])),
        "of": with_sign.height, "shares": table.path(shares), "percent": table.path(hundredths),
    })  # fmt: skip


def _currencies(table: Body, name: str, marked: pl.DataFrame) -> Iterator[Issue]:
    """Yield an issue where amounts of one column carry the signs of several currencies.

    The sign counts in rows whose currency no column names.
    """
    if "currency" in table.found:
        unnamed = table.rows["row"].filter(table.value("currency").is_null())
        marked = marked.filter(pl.col("row").is_in(unnamed.implode()))
    units = table.readings[name].units
    found = marked.with_columns(currency_sign(pl.col("text")).alias("sign")).drop_nulls("sign")
    found = found.filter(~pl.col("sign").is_in([word.lower() for word in units]))
    found = found.with_columns(pl.col("sign").replace_strict(CURRENCIES).alias("currency"))
    if found["currency"].n_unique() > 1:
        rates = dict(units) | dict.fromkeys(found["sign"].unique(maintain_order=True), 1)
        first = found.unique("currency", keep="first", maintain_order=True)
        detail = {"examples": table.shown(name, first), "line": table.line(name, units=rates)}
        yield from table.issue("DATA-555", name, found, Severity.ERROR, detail)


def _accounting(table: Body, name: str, marked: pl.DataFrame) -> Iterator[Issue]:
    text, units = pl.col("text"), table.readings[name].units
    if not {word.lower() for word in units} & {"cr", "dr"}:
        line = table.line(name, units=dict(units) | {"CR": 1, "DR": -1})
        yield from table.issue("DATA-556", name, marked.filter(has_side(text)), detail={"line": line})
    if not set(units) & {"▲", "△"}:
        line = table.line(name, units=dict(units) | {"▲": 1, "△": 1})
        yield from table.issue("DATA-536", name, marked.filter(has_triangle(text)), detail={"line": line})
    yield from table.issue("DATA-557", name, marked.filter(is_zero_dash(text)), Severity.NOTE)


def _orders(table: Body, column: Column, cells: pl.DataFrame) -> Iterator[Issue]:
    name, notation = column.name, table.notations[column.name]
    evidence = notation.evidence
    if not isinstance(evidence, OrderEvidence):
        return
    undecided = cells.filter(pl.col("problem") == "undecided")
    if undecided.height:
        possible = evidence.possible if len(evidence.possible) > 1 else _DAY_OR_MONTH
        readings = [_reread(table, column, undecided, Notation(order=order)) for order in possible]
        lines = [table.line(name, format=layout) for layout in _formats(undecided, possible)]
        if table.name not in ("", "orders"):  # told as options they would hold for all tables
            lines = list(map(table.path, lines))
        shown = _with_readings(table, name, undecided, *readings)
        detail = {"examples": shown, "lines": " / ".join(f"`{line}`" for line in lines)}
        yield from table.issue("DATA-560", name, undecided, Severity.ERROR, detail)
    elif notation.order:
        ordered = cells.filter(~pl.col("plain") & pl.col("value").is_not_null())
        ordered = ordered.filter(may_be_ordered(tidy(pl.col("text"))))
        yield from table.issue("DATA-561", name, ordered, Severity.NOTE, {"examples": _became(ordered)})
        strange = ordered.filter(separated_otherwise(ordered.select(tidy(pl.col("text")))["text"]))
        shown = ", ".join(
            f"{table.place(row, name)} «{text}» → {_shown(value)}"
            for row, text, value in strange.head(_ASKED).select("row", "text", "value").rows()
        )
        line = table.line(name, format=notation.order)
        yield from table.issue("DATA-541", name, strange, detail={"examples": shown, "line": line})


def _formats(undecided: pl.DataFrame, possible: tuple[Order, ...]) -> tuple[str, ...]:
    """Return a format per order: one that fits every cell, else the name of the order."""
    fitting = fitting_formats(undecided.select(tidy(pl.col("text")))["text"])
    return fitting if len(fitting) == len(possible) else possible
