"""Tables that stay in an engine: the study's mapping as expressions, every row accounted for in one pass.

Columns there have types, so that nothing is read from text: what the mapping says of how cells are written
is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.columns import flag, to_polars
from evaluator.data.engine_columns import EngineColumns, Frame, counts_of
from evaluator.data.further_columns import further_columns
from evaluator.data.headers import find_header
from evaluator.data.mapping import Filter, TableMapping
from evaluator.data.matching import match, required
from evaluator.data.returned import engine_returned_issues
from evaluator.data.rows import NO_RECORDS
from evaluator.data.shapes import shaped
from evaluator.data.spreadsheet import cells_of_frame
from evaluator.data.stores import Lying
from evaluator.data.tables import Column, Dropped, Source, TableNote, TableSchema
from evaluator.data.totals import TOTALS, beginnings, endings, spelt
from evaluator.documents import Key
from evaluator.errors import EvaluationError, Issue, Location, Severity, raise_errors
from evaluator.messages import Term

Where = Callable[[Key], Location]
_NAMED = 3  # cells that cannot be read
_LACKING = "data.dropped.missing"
_LOOKED_AT = 1_000  # rows that headers are matched with
_OF_CELLS = ("decimal", "unpivot", "fill_down", "sheet", "header", "encoding", "delimiter", "rates")
_OF_TEXT = ("encoding", "delimiter")
_OF_COLUMNS = (
    "row_number",
    "units",
    "format",
    "zone",
    "recorded",
    "decimal",
    "width",
    "alike",
    "years",
    "range",
)


@dataclass(frozen=True)
class EngineTable(Brief):
    """A table in an engine: the columns of its schema and further ones, and what happened to its rows."""

    frame: Frame
    note: TableNote
    issues: tuple[Issue, ...]


def engine_table(
    name: str, lying: Lying, mapping: TableMapping, schema: TableSchema, engine: str, where: Where
) -> EngineTable:
    """Return a table of the study as a lazy frame: text, Float64 and dates under the names of its schema.

    Numbers that are infinite, or below 0 where that cannot be, count as missing; rows without a value that
    the table cannot do without are dropped. Both are counted, in the one pass that is made here.

    Raises
    ------
    EvaluationError
        what the mapping says and an engine cannot do, headers that do not match, columns of the wrong type,
        cells that cannot be read, dates that no business has, no row left.
    """
    frame = lying.frame
    raise_errors(tuple(_refused(name, mapping, engine, where, written=lying.written)))
    cells = cells_of_frame(to_polars(frame.head(_LOOKED_AT)), mapping.source)
    cells, header = shaped(cells, find_header(cells, mapping, schema), mapping, schema, where)
    found, issues = match(header, cells, mapping, schema, where)
    raise_errors(issues)
    kept = further_columns(header, mapping, schema, found)
    columns = EngineColumns(
        name, frame, mapping, schema, header, {**found, **kept}, tuple(kept), lying.written
    )
    raise_errors(tuple(columns.mistyped(engine)))
    raise_errors(tuple(engine_returned_issues(columns, where(("returned",)))))
    return _accounted(columns, issues)


def _refused(
    name: str, mapping: TableMapping, engine: str, where: Where, *, written: bool
) -> Iterator[Issue]:
    """Yield what a mapping says of how cells are written, which no column with a type needs."""
    refused = (key for key in _OF_CELLS if not (written and key in _OF_TEXT))
    stated: list[Key] = [(key,) for key in refused if getattr(mapping, key) not in (None, False, (), {})]
    stated += [("duplicates",)] if not isinstance(mapping.duplicates, str) else []
    stated += [("totals",)] if mapping.totals != TOTALS else []
    for column in mapping.columns:
        own = mapping.column(column)
        stated += [("columns", column, key) for key in _OF_COLUMNS if own and key in own.model_fields_set]
    for key in stated:
        detail = {"table": name, "engine": engine}
        yield Issue("DATA-590", ".".join(map(str, key)), detail, where=where(key))


def _accounted(columns: EngineColumns, issues: tuple[Issue, ...]) -> EngineTable:
    """Return the rows that are used, and what happened to the others; this passes over all of them once."""
    mapping, source = columns.mapping, columns.mapping.source
    reasons = tuple(_reasons(columns))
    frame = columns.frame.unique() if mapping.duplicates == "drop" else columns.frame
    frame = frame.select(*(value.alias(name) for name, value in _read(columns).items()))
    told = frame.with_columns(_first([condition for condition, *_ in reasons]).alias("_reason"))
    unread = (flag(no).cast(nw.Int64).sum().alias(f"_no_{name}") for name, no in columns.unreadable().items())
    found = to_polars(told.group_by("_reason").agg(nw.len().alias("_rows"), *columns.counts(), *unread))
    lacking = [number for number, (_, reason, _) in enumerate(reasons) if reason == _LACKING]
    raise_errors(tuple(_unreadable(columns, told, found, lacking)))
    counts, rows = counts_of(found), dict(found.select("_reason", "_rows").iter_rows())
    for n, (condition, *_) in enumerate(reasons):
        if rows.get(n):  # what drops nothing need not be looked at again
            frame = frame.filter(flag(condition) == 0)
    frame = frame.select(*(column.name for column in columns.columns))
    frame = _with_ids(columns, frame, counts, rows, {reasons[n][2]: n for n in lacking})
    dropped = [
        Dropped(reason, rows[n], column) for n, (_, reason, column) in enumerate(reasons) if rows.get(n)
    ]
    total = int(found["_rows"].sum())
    if mapping.duplicates == "drop":
        every = int(to_polars(columns.frame.select(nw.len())).item())
        dropped += [Dropped("data.dropped.duplicate", every - total)] if every > total else []
        total = every
    frame, coded = columns.without_codes(frame, counts)
    issues = (*issues, *columns.issues(counts), *coded, *_lacking(columns.table, dropped))
    raise_errors(issues)
    if not rows.get(None) and not columns.schema.may_be_empty:
        raise EvaluationError([*issues, Issue("DATA-417", source, {"rows": total}, where=Location(source))])
    note = TableNote(
        columns.table, source, None, None, total, int(rows.get(None, 0)), tuple(dropped), header=0,
        sources=(Source(source, total),), further=columns.further,
    )  # fmt: skip
    return EngineTable(frame, note, issues)


def _with_ids(
    columns: EngineColumns,
    frame: Frame,
    counts: Mapping[str, int],
    rows: dict[int | None, int],
    lacking: Mapping[str, int],
) -> Frame:
    """Return the rows with ids called by the rule; those whose id has no letter count as lacking it."""
    frame = columns.with_ids(frame, counts)
    for name, reason in lacking.items():
        if not counts.get(f"_odd_{name}"):
            continue
        none = flag(nw.col(name).is_null())
        if bare := int(to_polars(frame.select(none.cast(nw.Int64).sum())).item() or 0):
            frame = frame.filter(none == 0)
            rows[reason] = rows.get(reason, 0) + bare
            rows[None] -= bare
    return frame


def _read(columns: EngineColumns) -> Mapping[str, nw.Expr]:
    """Return what is read of every row: values, the columns as they stand, and what filters look at."""
    values = {column.name: _signed(column, columns) for column in columns.columns}
    raw = {f"_raw_{column.name}": columns.raw(column) for column in columns.columns}
    seen = {f"_seen_{n}": columns.seen(rule.column) for n, rule in enumerate(columns.mapping.filters)}
    texts = {f"_text_{name}": value for name, value in columns.texts().items()}
    return values | raw | seen | texts


def _signed(column: Column, columns: EngineColumns) -> nw.Expr:
    """Return the values of a column, below zero on lines that the mapping calls returns."""
    value, stated = columns.value(column), columns.mapping.returned
    if stated is None or not stated.in_ or column.name not in columns.schema.returned:
        return value
    words = [str(word).strip() for word in stated.in_]
    back = flag(columns.seen(stated.column).cast(nw.String).str.strip_chars().is_in(words)) == 1
    return nw.when(back).then(-value.abs()).otherwise(value)


def _reasons(columns: EngineColumns) -> Iterator[tuple[nw.Expr, str, str]]:
    """Yield what rows are dropped for, in the order of a file's: totals, filters, what is lacking."""
    kinds = {column.name: column.kind for column in columns.columns}
    whose = next((name for name, kind in kinds.items() if kind == "id" and columns.source(name)), None)
    if whose:
        plain = nw.col(f"_raw_{whose}").str.to_lowercase()
        for sign in (" ", "\u3000", ":", "：", "-"):  # a regular expression takes twenty times as long
            plain = plain.str.replace_all(sign, "", literal=True)
        word = plain.is_in(spelt(TOTALS))
        around = [plain.str.ends_with(word) for word in endings(TOTALS)]
        around += [plain.str.starts_with(word) for word in beginnings(TOTALS)]
        yield reduce(lambda a, b: a | b, around, word), NO_RECORDS[2], ""
    for n, rule in enumerate(columns.mapping.filters):
        passed = flag(_passes(rule, nw.col(f"_seen_{n}"), kinds.get(rule.column)))
        yield (passed == 1) if rule.drop else (passed == 0), rule.reason, rule.column
    for name in required(columns.schema, columns.found):
        yield nw.col(name).is_null(), _LACKING, name


def _first(conditions: list[nw.Expr]) -> nw.Expr:
    """Return the number of the first condition that holds, null where none does."""
    found = nw.lit(None, nw.Int64)
    for number in reversed(range(len(conditions))):
        found = nw.when(conditions[number]).then(nw.lit(number, nw.Int64)).otherwise(found)
    return found


def _passes(rule: Filter, column: nw.Expr, kind: str | None) -> nw.Expr:
    """Return whether a row passes a test; unknown where the cell is empty, but for the test of that."""
    if rule.empty is not None:
        return column.is_null() if rule.empty else ~column.is_null()
    if rule.starts_with is not None:
        return column.cast(nw.String).str.starts_with(rule.starts_with)
    if rule.below is not None:
        return column.cast(nw.Float64) < rule.below
    if rule.above is not None:
        return column.cast(nw.Float64) > rule.above
    wanted = [rule.equals] if rule.equals is not None else list(rule.in_ or ())
    if kind == "number":
        return column.is_in([float(entry) for entry in wanted if not isinstance(entry, str)])
    return column.cast(nw.String).is_in([str(entry) for entry in wanted])


def _unreadable(
    columns: EngineColumns, told: Frame, found: pl.DataFrame, lacking: list[int]
) -> Iterator[Issue]:
    """Yield what cannot be read in rows that are used, or that lack something only because of it."""
    mattering = found.filter(pl.col("_reason").is_null() | pl.col("_reason").is_in(lacking))
    for name, unread in columns.unreadable().items():
        if not (count := mattering[f"_no_{name}"].sum()):
            continue
        reason = nw.col("_reason")
        there = told.filter(unread & (reason.is_null() | reason.is_in(lacking or [-1])))
        shown = f"_text_{name}" if name in columns.texts() else name
        examples = to_polars(there.select(nw.col(shown).alias("text")).unique().sort("text").head(_NAMED))
        kind = next(column.kind for column in columns.columns if column.name == name)
        wanted = Term(f"type.{'text' if kind == 'id' else kind}")
        detail = {
            "count": int(count), "table": columns.table, "wanted": wanted,
            "examples": ", ".join(f"“{text}”" for text in examples["text"]),
        }  # fmt: skip
        yield Issue("DATA-585", columns.source(name) or name, detail, where=Location(columns.mapping.source))


def _lacking(table: str, dropped: list[Dropped]) -> Iterator[Issue]:
    for entry in dropped:
        if entry.reason == _LACKING:
            detail = {"count": entry.rows, "table": table}
            yield Issue("DATA-593", entry.column, detail, severity=Severity.WARNING)
