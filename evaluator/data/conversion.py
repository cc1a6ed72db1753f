"""From the text of a cell to a number, a date or an id; whatever does not convert is named.

How a column is written is decided from all of its cells (`notation`, `dates`); then each distinct text is
looked at once where texts repeat, so a column of few values costs little, and each cell where finding the
distinct ones would cost more than it spares. Most texts need no rule, and read fast. An empty cell and a
problem both have no value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import polars as pl

from evaluator.columns.apostrophes import unmarked_text
from evaluator.columns.ids import alike, id_text, is_plain_id
from evaluator.data.dates import (
    DAY_0,
    ORDERS,
    Order,
    OrderEvidence,
    decided_order,
    first_of_month,
    iso_day,
    laid_out,
    may_be_ordered,
    numbered_day,
    order_evidence,
    written_day,
    year_first,
)
from evaluator.data.mapping import EXCEL, ColumnMapping
from evaluator.data.notation import DecimalEvidence, decided, decimal_evidences, together
from evaluator.data.numbers import DecimalSign, is_infinite, is_zero_dash, plain_number, written_number
from evaluator.data.signs import (
    is_error,
    is_formula,
    says_nothing,
    tidy,
    unquoted,
)
from evaluator.data.tables import Column

LONGEST_ID = 250
"""Letters of an id: spreadsheets look up no more than 255."""

_PLAIN_TEXT = r"^[\p{L}\p{N}](?:.*\S)?$"
_LOOKED_AT = 10_000  # cells that show whether texts repeat
_OTHER: dict[DecimalSign, DecimalSign] = {".": ",", ",": "."}


@dataclass(frozen=True)
class Written:
    """The cells of a column as text, null where the file has none.

    `typed` says which of them the file holds as numbers, dates or truth values themselves, as workbooks and
    databases do; their text can be read in one way only. `day_0` is what bare day numbers count from, None
    where such numbers are no dates; `delimiter` is that of a text file.
    """

    texts: pl.Series
    typed: pl.Series | bool = False
    day_0: date | None = None
    delimiter: str | None = None

    @property
    def untyped(self) -> pl.Series:
        """The cells that are text in the file as well."""
        if isinstance(self.typed, bool):
            return self.texts.clear() if self.typed else self.texts
        return self.texts.filter(~self.typed)

    @cached_property
    def distinct(self) -> pl.DataFrame:
        """Each `text` once, with whether it is `typed`."""
        if isinstance(self.typed, bool):
            texts = self.texts.rename("text").unique().drop_nulls().to_frame()
            return texts.with_columns(pl.lit(self.typed).alias("typed"))
        both = pl.DataFrame({"text": self.texts, "typed": self.typed})
        return both.unique().drop_nulls("text")

    @property
    def cells(self) -> pl.DataFrame:
        """The `text` of every cell, with whether it is `typed`."""
        return pl.DataFrame({"text": self.texts}).with_columns(typed=self.typed)

    @property
    def repeats(self) -> bool:
        """Whether most texts stand in several cells, as far as a sample shows."""
        sample = self.texts.gather_every(max(1, len(self.texts) // _LOOKED_AT))
        return 2 * sample.n_unique() < len(sample)

    def joined(self, cells: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
        """Return cells with what happened to each distinct text."""
        if isinstance(self.typed, bool):
            return cells.join(results.drop("typed"), on="text", how="left", maintain_order="left")
        return cells.join(results, on=["text", "typed"], how="left", maintain_order="left")


@dataclass(frozen=True)
class Notation:
    """How the cells of a column are written; None where all of them together can be read in two ways.

    `decimal` is the sign before decimals, `order` that of day, month and year in dates that need one.
    `evidence` is what the cells say of it, None where the study states it.
    """

    decimal: DecimalSign | None = "."
    order: Order | None = None
    evidence: DecimalEvidence | OrderEvidence | None = None


Described = tuple[Column, ColumnMapping, Written]


def notations(columns: Sequence[Described]) -> list[Notation]:
    """Return how each column of a table is written; what one leaves open the others may tell."""
    evidence = _evidence(columns)
    signs = sum((one for one in evidence if isinstance(one, DecimalEvidence)), DecimalEvidence())
    orders = sum((one for one in evidence if isinstance(one, OrderEvidence)), OrderEvidence())
    found = []
    for (_, mapping, written), own in zip(columns, evidence, strict=True):
        if isinstance(own, DecimalEvidence):
            found.append(Notation(decided(own, signs - own, written.delimiter), evidence=own))
        elif isinstance(own, OrderEvidence):
            found.append(Notation(order=decided_order(own, orders - own), evidence=own))
        else:
            found.append(Notation(mapping.decimal or ".", ORDERS.get(mapping.format or "")))
    return found


def _evidence(columns: Sequence[Described]) -> list[DecimalEvidence | OrderEvidence | None]:
    """Return what the cells of each column say of how they are written."""
    found: list[DecimalEvidence | OrderEvidence | None] = [None] * len(columns)
    numbers: dict[int, pl.Series] = {}
    for place, (column, mapping, written) in enumerate(columns):
        if column.kind == "number" and not mapping.decimal:
            numbers[place] = written.untyped
        elif column.kind == "date" and not mapping.format:
            texts = written.distinct.filter(~pl.col("typed") & ~pl.col("text").str.contains(r"^\d{4}"))
            found[place] = order_evidence(texts.select(tidy(pl.col("text")))["text"])
    for place, evidence in zip(numbers, decimal_evidences(_unmarked(tuple(numbers.values()))), strict=True):
        found[place] = evidence
    return found


def _unmarked(columns: Sequence[pl.Series]) -> Sequence[pl.Series]:
    """Return texts without the mark of our own CSV files, as before -10.2%."""
    if not columns or not pl.concat(columns).str.starts_with("'").any():
        return columns
    return [pl.DataFrame({"text": texts}).select(unmarked_text(pl.col("text")))["text"] for texts in columns]


def all_converted(columns: Sequence[Described], found: Sequence[Notation]) -> list[pl.DataFrame]:
    """Return what `converted` does of each column of a table; those that are read alike are read together."""
    alike: dict[object, list[int]] = defaultdict(list)
    for place, ((column, mapping, written), notation) in enumerate(zip(columns, found, strict=True)):
        how = mapping.model_dump_json(exclude={"from_", "position"})
        typed = written.typed if isinstance(written.typed, bool) else f"cells of {place}"  # 0 would be False
        kind = (column.kind, column.non_negative, column.words)
        alike[kind, how, notation.decimal, notation.order, typed].append(place)
    results: dict[int, pl.DataFrame] = {}
    for places in alike.values():
        (column, mapping, first), notation = columns[places[0]], found[places[0]]
        height = len(first.texts)
        for some in together(places, height):
            texts = pl.concat([columns[place][2].texts for place in some])
            read = converted(replace(first, texts=texts), column, mapping, notation)
            results |= {place: read.slice(at * height, height) for at, place in enumerate(some)}
    return [results[place] for place in range(len(columns))]


def converted(
    written: Written, column: Column, mapping: ColumnMapping | None = None, notation: Notation | None = None
) -> pl.DataFrame:
    """Return `value`, `problem` and `plain` for every cell of a column.

    `problem` is null where the cell is empty or says what it should; `plain` cells needed no rule.

    Parameters
    ----------
    written : the cells.
    column : says the kind; a number below 0 is a problem where it is `non_negative`.
    mapping : factor, units, format, decimal sign and codes for what is missing, where the study states them.
    notation : how the column is written; told from its cells alone where it is not given.

    >>> cells = Written(pl.Series(["1,234.50", "85%", "12.5万", "(￥80)", "many"]))
    >>> converted(cells, Column("amount", "number"))["value"].to_list()
    [1234.5, 0.85, 125000.0, -80.0, None]
    >>> rated = Column("trust", "number", words=(("良好", 75.0), ("Good", 75.0)))
    >>> converted(Written(pl.Series(["良好", " good", "82"])), rated)["value"].to_list()
    [75.0, 75.0, 82.0]
    """
    mapping = mapping or ColumnMapping.model_validate({"from": column.name})
    notation = notation or notations([(column, mapping, written)])[0]
    repeats = written.repeats
    frame = written.distinct if repeats else written.cells
    frame = frame.with_columns(_as_it_stands(column, mapping, notation).alias("value"))
    if mapping.missing:
        frame = frame.with_columns(pl.when(~_is_code(mapping.missing, notation)).then("value"))
    filled, read = pl.col("text").is_not_null(), pl.col("value").is_not_null()
    frame = frame.with_columns(
        pl.lit(None, dtype=pl.String).alias("problem"), plain=pl.when(filled).then(read)
    )
    if not frame["plain"].all():
        hard = frame.filter(~pl.col("plain")).unique(["text", "typed"])
        rule = {"number": _numbers, "date": _dates, "id": _ids}.get(column.kind, _texts)
        ruled = rule(hard, column, mapping, notation, written.day_0).select(
            "text", "typed", "problem", ruled="value"
        )
        frame = written.joined(frame.drop("problem"), ruled).with_columns(pl.coalesce("value", "ruled"))
    whole = written.joined(written.cells, frame) if repeats else frame
    return whole.select("value", "problem", "plain")


def _is_code(codes: Iterable[str | float], notation: Notation) -> pl.Expr:
    """Return whether a text is one of the codes for a value that is missing."""
    words = [str(code).strip().lower() for code in codes]
    numbers = [float(code) for code in codes if not isinstance(code, str)]
    text = tidy(pl.col("text"))
    number = pl.coalesce(plain_number(text, "."), plain_number(text, notation.decimal or "."))
    return text.str.to_lowercase().is_in(words) | number.is_in(numbers).fill_null(False)


def _as_it_stands(column: Column, mapping: ColumnMapping, notation: Notation) -> pl.Expr:
    """Return the value of cells that need no rule, null for the others: most are like that, and read fast."""
    text = pl.col("text")
    if column.kind == "number" and notation.decimal:
        typed = plain_number(text, ".")
        number = pl.when("typed").then(typed).otherwise(plain_number(text, notation.decimal))
        value = (typed if notation.decimal == "." else number) * mapping.factor
        return pl.when(value >= 0).then(value) if column.non_negative else value
    if column.kind == "date" and not (mapping.format or mapping.zone):
        return iso_day(text)
    if column.kind == "id" and not (mapping.width or mapping.alike):
        usual = is_plain_id(text) & (text.str.len_bytes() <= LONGEST_ID)
        return pl.when(usual).then(text)
    if column.kind == "text":
        return pl.when(text.str.contains(_PLAIN_TEXT) & ~is_error(text)).then(text)
    kinds = {"number": pl.Float64, "date": pl.Date}
    return pl.lit(None, dtype=kinds.get(column.kind, pl.String))


def _problem(*cases: tuple[pl.Expr, str | None]) -> pl.Expr:
    """Return the name of the first case that holds, null where none does."""
    problem = pl.lit(None, dtype=pl.String)
    for condition, name in reversed(cases):
        problem = pl.when(condition).then(pl.lit(name, dtype=pl.String)).otherwise(problem)
    return problem.alias("problem")


def _numbers(
    frame: pl.DataFrame, column: Column, mapping: ColumnMapping, notation: Notation, day_0: date | None
) -> pl.DataFrame:
    text, factor = pl.col("tidy"), mapping.factor
    decimal: DecimalSign = notation.decimal or "."
    said = unquoted(unmarked_text(pl.col("text")))
    frame = frame.with_columns(tidy(said).alias("tidy"), _coded(mapping, notation))
    frame = frame.with_columns(
        pl.when("typed").then(text.cast(pl.Float64, strict=False).fill_nan(None))
        .when(is_zero_dash(pl.col("text"))).then(0.0)
        .otherwise(written_number(text, decimal, mapping.units)).alias("value")
    )  # fmt: skip
    frame = frame.with_columns(_worded(text, column).alias("worded"))
    settled = pl.col("value").is_not_null() if notation.decimal else pl.lit(False)
    unread = frame.filter(~settled).with_columns(
        pl.when(~pl.col("typed")).then(written_number(text, _OTHER[decimal], mapping.units)).alias("other")
    )
    frame = pl.concat([frame.filter(settled), unread], how="diagonal")
    value, other = pl.col("value"), pl.col("other")
    return frame.with_columns(
        _problem(
            (pl.col("coded") | says_nothing(text) | pl.col("worded").is_not_null(), None),
            (is_error(text), "error"),
            (is_formula(tidy(unquoted(pl.col("text")))), "uncalculated"),
            (is_infinite(text) | value.is_infinite().fill_null(False), "infinite"),
            (value.is_not_null() & other.is_not_null() & (value != other), "undecided"),
            (value.is_null() & other.is_not_null(), "contradicts"),
            (value.is_null(), "not_a_number"),
            ((value < 0).fill_null(False) & column.non_negative, "negative"),
        )
    ).with_columns(
        pl.when(pl.col("problem").is_null() & ~pl.col("coded"))
        .then(pl.coalesce("worded", value * factor))
        .alias("value")
    )


def _worded(text: pl.Expr, column: Column) -> pl.Expr:
    """Return the number that a word of the column stands for, null for all others."""
    numbers = {word.strip().lower(): number for word, number in column.words}
    if not numbers:
        return pl.lit(None, dtype=pl.Float64)
    return text.str.to_lowercase().replace_strict(numbers, default=None, return_dtype=pl.Float64)


def _dates(
    frame: pl.DataFrame, column: Column, mapping: ColumnMapping, notation: Notation, day_0: date | None
) -> pl.DataFrame:
    text, layout = pl.col("tidy"), mapping.format
    said = unquoted(unmarked_text(pl.col("text")))
    frame = frame.with_columns(tidy(said).alias("tidy"), _coded(mapping, notation))
    usual = [
        written_day(text, mapping),
        first_of_month(text),
        written_day(year_first(text, notation.order), mapping),
    ]
    if day_0 or layout == EXCEL:
        usual.insert(0, numbered_day(text, day_0 or DAY_0))
    if layout and layout not in (EXCEL, *ORDERS):
        usual = [pl.when("typed").then(day) for day in usual]
        usual.insert(0, pl.when(~pl.col("typed")).then(laid_out(text, layout, mapping)))
    done = []
    for day in usual:
        frame = frame.with_columns(day.alias("value"))
        done.append(frame.filter(pl.col("value").is_not_null()))
        frame = frame.filter(pl.col("value").is_null())
    left = pl.concat([*done, frame])
    undecided = may_be_ordered(text) if notation.order is None and not layout else pl.lit(False)
    return left.with_columns(
        _problem(
            (pl.col("coded") | says_nothing(text) | pl.col("value").is_not_null(), None),
            (is_error(text), "error"),
            (is_formula(tidy(unquoted(pl.col("text")))), "uncalculated"),
            (undecided, "undecided"),
            (pl.lit(True), "not_a_date"),
        )
    ).with_columns(pl.when(~pl.col("coded")).then("value"))


def _ids(
    frame: pl.DataFrame, column: Column, mapping: ColumnMapping, notation: Notation, day_0: date | None
) -> pl.DataFrame:
    text = id_text(pl.col("text"))
    name = unmarked_text(text).str.strip_chars(" ")  # what is marked as text is no formula
    if mapping.width:
        name = pl.when(name.str.contains(r"^\d+$")).then(name.str.zfill(mapping.width)).otherwise(name)
    name = alike(name) if mapping.alike else name
    frame = frame.with_columns(_coded(mapping, notation)).with_columns(
        _problem(
            (pl.col("coded") | text.is_null(), "empty"),
            (is_error(text), "error"),
            (is_formula(text), "uncalculated"),
            (text.str.contains(r"^\d(?:\.\d+)?[eE]\+\d+$"), "damaged_id"),  # as Excel shortens long numbers
            (name.str.len_chars() > LONGEST_ID, "long_id"),
        ),
        name.alias("value"),
    )
    return _without_empty(frame)


def _texts(
    frame: pl.DataFrame, column: Column, mapping: ColumnMapping, notation: Notation, day_0: date | None
) -> pl.DataFrame:
    text = pl.col("text").str.strip_chars()
    frame = frame.with_columns(_coded(mapping, notation)).with_columns(
        _problem(
            (pl.col("coded") | (text == ""), "empty"),
            (is_error(text), "error"),
            (pl.col("typed") & is_formula(text), "uncalculated"),
        ),
        unmarked_text(text).str.strip_chars().alias("value"),
    )
    return _without_empty(frame)


def _without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    value = pl.when(pl.col("problem").is_null()).then("value")
    return frame.with_columns(value, pl.when(pl.col("problem") != "empty").then("problem"))


def _coded(mapping: ColumnMapping, notation: Notation) -> pl.Expr:
    codes = mapping.missing or ()
    return (_is_code(codes, notation) if codes else pl.lit(False)).alias("coded")
