"""The columns of a table that stays in an engine, and what in them cannot be meant: counted where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import at_most, finite, flag, reaches, to_polars
from evaluator.columns.ids import PLAIN, lazily_with_id_texts
from evaluator.data.codes import CODES, codes_among
from evaluator.data.headers import Header
from evaluator.data.limits import BUSINESS_YEARS
from evaluator.data.mapping import TableMapping
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.messages import Term

Frame = nw.LazyFrame[Any]
UNDECODED = "\ufffd"  # stands for bytes that are no text in the encoding
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?$"
_PROBLEMS = {"infinite": "DATA-592", "negative": "DATA-592", "years": "DATA-596"}


@dataclass(frozen=True)
class EngineColumns:
    """The columns of a table as the study's mapping finds them in an engine.

    `found` gives the position of each; `further` are kept as text beside those the schema knows. Where the
    cells are `written`, as in a text file, numbers and dates are read from them.
    """

    table: str
    frame: Frame
    mapping: TableMapping
    schema: TableSchema
    header: Header
    found: Mapping[str, int]
    further: tuple[str, ...]
    written: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are there, in the order of the schema, then the further ones."""
        known = tuple(column for column in self.schema.columns if column.name in self.found)
        return (*known, *(Column(name, "text") for name in self.further))

    def source(self, name: str) -> str | None:
        """Return the column of the engine that a column is read from; None for a constant."""
        there = self.frame.collect_schema().names()
        return there[self.found[name]] if self.found[name] < len(there) else None

    def mistyped(self, engine: str) -> Iterator[Issue]:
        """Yield an issue for every column whose type is not that of its kind."""
        schema = self.frame.collect_schema()
        for column in () if self.written else self.columns:
            source = self.source(column.name)
            if source and not _fits(column, schema[source]):
                wanted = Term(f"type.{'text' if column.kind == 'id' else column.kind}")
                detail = {
                    "table": self.table,
                    "found": str(schema[source]),
                    "engine": engine,
                    "wanted": wanted,
                }
                yield Issue("DATA-591", source, detail, where=Location(self.mapping.source))

    def raw(self, column: Column) -> nw.Expr:
        """Return a column as the engine has it: a number, a date, or a text without spaces at its ends."""
        source = self.source(column.name)
        if source is None:
            stated = self.mapping.constants[column.name]
            number = column.kind == "number"
            return nw.lit(float(stated), nw.Float64) if number else nw.lit(str(stated), nw.String)
        value = nw.col(source)
        if self._read(column):
            return number_in(self.text(column)) if column.kind == "number" else day_in(self.text(column))
        if column.kind in ("number", "date"):
            return value.cast(nw.Float64) if column.kind == "number" else value
        return _stripped(value)

    def text(self, column: Column) -> nw.Expr:
        """Return what is written in a column, null where nothing is, or what stands for a missing value."""
        text = _stripped(nw.col(self.source(column.name) or ""))
        if words := self._words(column):
            return nw.when(~text.str.to_lowercase().is_in(words)).then(text)
        return text

    def value(self, column: Column) -> nw.Expr:
        """Return what counts of a column: without codes for what is missing, numbers times their factor."""
        raw, reading = self.raw(column), self.mapping.reading(column.name)
        codes = reading.missing or ()
        if column.kind == "number":
            number = finite(raw)
            number = nw.when(number >= 0).then(number) if column.non_negative else number
            if numbers := [float(code) for code in codes if not isinstance(code, str)]:
                number = nw.when(~number.is_in(numbers)).then(number)
            return number * reading.factor if reading.factor != 1 else number
        if codes and column.kind != "date":
            return nw.when(~raw.str.to_lowercase().is_in(self._words(column))).then(raw)
        return raw

    def texts(self) -> Mapping[str, nw.Expr]:
        """Return what is written where numbers and dates are read from text, by the names of the columns."""
        return {column.name: self.text(column) for column in self.columns if self._read(column)}

    def unreadable(self) -> Mapping[str, nw.Expr]:
        """Return whether cells cannot be read, of frames that hold `raw` and `texts` beside the values."""
        found = {
            name: ~nw.col(f"_text_{name}").is_null() & nw.col(f"_raw_{name}").is_null()
            for name in self.texts()
        }
        for column in self.columns if self.written else ():
            if column.name not in found:
                found[column.name] = nw.col(column.name).str.contains(UNDECODED, literal=True)
        return found

    def _read(self, column: Column) -> bool:
        return self.written and column.kind in ("number", "date") and self.source(column.name) is not None

    def _words(self, column: Column) -> list[str]:
        codes = self.mapping.reading(column.name).missing or ()
        return [str(code).strip().lower() for code in codes]

    def seen(self, name: str) -> nw.Expr:
        """Return what a filter looks at: a column of the table, or one of the engine by its header."""
        for column in self.columns:
            if column.name == name:
                return self.value(column)
        place, there = self.header.position(name), self.frame.collect_schema().names()
        if place is None or place >= len(there):
            raise EvaluationError([Issue("DATA-426", name, where=Location(self.mapping.source))])
        return nw.col(there[place])

    def counts(self) -> Iterator[nw.Expr]:
        """Yield counts of what is not as it should be, of frames that hold `raw` beside the values."""
        counted: dict[str, nw.Expr] = {}
        for column in self.columns:
            name, value, raw = column.name, nw.col(column.name), nw.col(f"_raw_{column.name}")
            if column.kind == "id":
                counted[f"_odd_{name}"] = ~value.str.contains(PLAIN)
            elif column.kind == "date":
                year = value.dt.year()
                counted[f"_years_{name}"] = (year < BUSINESS_YEARS[0]) | (year > BUSINESS_YEARS[1])
            elif column.kind == "number":
                counted[f"_infinite_{name}"] = ~raw.is_nan() & finite(raw).is_null()
                if column.non_negative:
                    counted[f"_negative_{name}"] = finite(raw) < 0
                if self._may_be_coded(column):
                    counted[f"_beyond_{name}"] = _beyond(column)
        for name, condition in counted.items():
            yield flag(condition).cast(nw.Int64).sum().alias(name)

    def issues(self, counts: Mapping[str, int]) -> Iterator[Issue]:
        """Yield what the counts mean: values that count as missing, and dates that no business has."""
        for column in self.columns:
            for problem, code in _PROBLEMS.items():
                if count := counts.get(f"_{problem}_{column.name}"):
                    said = Term(f"data.problem.{problem}")
                    detail = {"count": count, "table": self.table, "problem": said}
                    severity = Severity.ERROR if problem == "years" else Severity.WARNING
                    yield Issue(code, column.name, detail, severity=severity)

    def with_ids(self, frame: Frame, counts: Mapping[str, int]) -> Frame:
        """Return the rows with ids called by the rule, where any of them is not yet."""
        for column in self.columns:
            if counts.get(f"_odd_{column.name}"):
                frame = lazily_with_id_texts(frame, column.name)
        return frame

    def without_codes(self, frame: Frame, counts: Mapping[str, int]) -> tuple[Frame, list[Issue]]:
        """Return the rows without the codes for what is not known that stand beyond the ends of scales."""
        issues = []
        for column in self.columns:
            name = column.name
            if not counts.get(f"_beyond_{name}") or not (codes := self._codes(frame, column)):
                continue
            source, value = self.source(name) or name, nw.col(name)
            lines = {key: self.mapping.line(name, source, missing=stated)
                     for key, stated in (("line", codes), ("meant", []))}  # fmt: skip
            detail = {"codes": ", ".join(f"{code:g}" for code in codes), "table": self.table, **lines}
            issues.append(Issue("DATA-597", name, detail, severity=Severity.WARNING))
            factor = self.mapping.reading(name).factor
            coded = value.is_in([code * factor for code in codes])
            frame = frame.with_columns(nw.when(~coded).then(value).alias(name))
        return frame, issues

    def _may_be_coded(self, column: Column) -> bool:
        return bool(column.ends) and self.mapping.reading(column.name).missing is None

    def _codes(self, frame: Frame, column: Column) -> list[float]:
        """Return the codes beyond a scale, from how often each is there and the largest of other numbers."""
        factor, (low, high) = self.mapping.reading(column.name).factor, column.ends or (0.0, 0.0)
        value = nw.col(column.name)
        beyond = frame.filter(_beyond(column)).group_by(column.name).agg(nw.len().alias("count"))
        codes = value.is_in([code * factor for code in CODES])
        there = to_polars(beyond.filter(codes).select((value / factor).alias("code"), "count"))
        if there.is_empty():
            return []
        rest = beyond.filter(~codes).with_columns((value > high).alias("above"))
        sides = rest.group_by("above").agg(value.abs().max().alias("largest"), nw.col("count").max())
        others = {
            above: (largest / factor, most)
            for above, largest, most in to_polars(sides.select("above", "largest", "count")).iter_rows()
        }
        return codes_among(dict(there.iter_rows()), others, (low / factor, high / factor))


def number_in(text: nw.Expr) -> nw.Expr:
    """Return the number that a text is; null where it is none, which no engine is then asked to cast.

    >>> frame = nw.from_native(pl.LazyFrame({"x": ["1.5", "-2e3", "1,5", "n/a"]}))
    >>> to_polars(frame.select(number_in(nw.col("x"))))["x"].to_list()
    [1.5, -2000.0, None, None]
    """
    return nw.when(text.str.contains(_NUMBER)).then(text).cast(nw.Float64)


def day_in(text: nw.Expr) -> nw.Expr:
    """Return the day of a text that begins with one, as ``2024-12-31``; null where it does not."""
    return nw.when(text.str.contains(_DAY)).then(text.str.slice(0, 10)).str.to_date("%Y-%m-%d")


def _stripped(value: nw.Expr) -> nw.Expr:
    """Return a text without spaces at its ends, null where nothing is left."""
    text = value.cast(nw.String).str.strip_chars()
    return nw.when(text != "").then(text)


def counts_of(found: pl.DataFrame) -> dict[str, int]:
    """Return the counts of the rows that are used, none where there are none."""
    used = found.filter(pl.col("_reason").is_null())
    return used.row(0, named=True) if used.height else {}


def _beyond(column: Column) -> nw.Expr:
    value, (low, high) = nw.col(column.name), column.ends or (0.0, 0.0)
    return ~(reaches(value, low) & at_most(value, high))


def _fits(column: Column, kind: nw.dtypes.DType) -> bool:
    if column.kind == "number":
        return kind.is_numeric()
    if column.kind == "date":
        return kind == nw.Date or (isinstance(kind, nw.Datetime) and kind.time_zone is None)
    return not kind.is_nested()
