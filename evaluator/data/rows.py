"""Which rows are kept: every other one is dropped for exactly one reason, the first that applies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from evaluator.data.cell_values import Body
from evaluator.data.conversion import Written, converted
from evaluator.data.mapping import Duplicates, Filter
from evaluator.data.matching import required
from evaluator.data.no_records import empty, footer, repeated_header, texts, total
from evaluator.data.signs import DASHES, tidy
from evaluator.data.tables import Column, Dropped

# Rows that are no records at all, so the ids that stand in them are not lost customers.
NO_RECORDS = tuple(f"data.dropped.{reason}" for reason in ("blank", "header", "total", "footer"))


@dataclass
class Reasons:
    """The reason each row is dropped for, as it is being found; -1 marks rows still kept."""

    height: int
    reasons: list[Dropped] = field(default_factory=list)
    codes: pl.Series = field(init=False)

    def __post_init__(self) -> None:
        self.codes = pl.Series("reason", [-1], dtype=pl.Int16).new_from_index(0, self.height)

    def drop(self, rows: pl.Series, reason: str, column: str = "") -> None:
        """Drop the rows that are true, except those dropped before."""
        hit = rows.fill_null(False) & (self.codes == -1)
        if count := int(hit.sum()):
            self.codes = self.codes.zip_with(~hit, pl.Series([len(self.reasons)], dtype=pl.Int16))
            self.reasons.append(Dropped(reason, count, column))

    @property
    def kept(self) -> pl.Series:
        """Which rows are still there."""
        return self.codes == -1

    def lost(self, ids: pl.Series) -> Iterator[tuple[str, str]]:
        """Yield the ids all of whose rows were dropped, each with the reason of its last row."""
        no_records = [code for code, dropped in enumerate(self.reasons) if dropped.reason in NO_RECORDS]
        left_out = pl.DataFrame({"id": ids, "code": self.codes}).filter(
            pl.col("id").is_not_null() & ~pl.col("code").is_in([-1, *no_records])
        )
        if left_out.is_empty():
            return
        last = left_out.group_by("id", maintain_order=True).agg(pl.col("code").last())
        for name, code in last.filter(~pl.col("id").is_in(ids.filter(self.kept).implode())).iter_rows():
            yield name, self.reasons[code].reason


def dropped(table: Body) -> tuple[Reasons, pl.Series]:
    """Return the reason of every row that is dropped, and which rows are records of the table at all.

    First go empty rows, repeated headers and total rows, then duplicates and what the study's filters
    say, then rows without a value the table cannot do without.
    """
    reasons = Reasons(table.rows.height)
    _drop_no_records(reasons, table)
    same = table.mapping.duplicates
    if isinstance(same, Duplicates):
        _drop_repeated(reasons, same, table)
    elif same == "drop":
        _drop_duplicates(reasons, table)
    for rule in table.mapping.filters:
        passed = _passes(rule, _seen(rule.column, table))
        reasons.drop(passed if rule.drop else ~passed, rule.reason, rule.column)
    records = reasons.kept
    for name in required(table.schema, table.found):
        lacking = table.value(name).is_null()
        reasons.drop(lacking & table.problem(name).is_not_null(), "data.dropped.unreadable", name)
        reasons.drop(lacking, "data.dropped.missing", name)
    return reasons, records


def _drop_no_records(reasons: Reasons, table: Body) -> None:
    text = texts(table.rows, table.header)
    reasons.drop(empty(text), "data.dropped.blank")
    reasons.drop(repeated_header(text, table.header), "data.dropped.header")
    places = {kind: [f"c{table.found[one.name]}" for one in table.columns if kind in (one.kind, one.name)]
              for kind in ("id", "name", "date")}  # fmt: skip
    places = {kind: [name for name in names if name in text.columns] for kind, names in places.items()}
    whose = [*places["id"][:1], *places["name"]]
    found = total(text, table.mapping.totals, whose=whose, when=places["date"])
    reasons.drop(found, "data.dropped.total")
    reasons.drop(footer(text), "data.dropped.footer")
    if table.mapping.unpivot:  # a cell of the grid that nobody filled is no record either
        values = [f"c{table.header.given[name]}" for name in table.mapping.unpivot.made[1:]]
        filled = text.select(pl.any_horizontal((~tidy(pl.col(values)).is_in(DASHES)).fill_null(False)))
        reasons.drop(~filled.to_series(), "data.dropped.unfilled")


def _drop_duplicates(reasons: Reasons, table: Body) -> None:
    """Drop rows equal to an earlier kept row in every cell."""
    rows, cells = table.rows, table.cells.columns
    kept = rows.with_row_index("index").filter(reasons.kept)
    first = kept.unique(subset=cells, keep="first", maintain_order=True)["index"]
    reasons.drop(~pl.int_range(rows.height, eager=True).is_in(first.implode()), "data.dropped.duplicate")


def _drop_repeated(reasons: Reasons, rule: Duplicates, table: Body) -> None:
    """Drop rows equal to another kept row in the columns of a rule, all but its first or last."""
    key = pl.DataFrame({str(number): _seen(name, table) for number, name in enumerate(rule.by)})
    rows = key.with_row_index("index").filter(reasons.kept).drop_nulls()
    one = rows.unique(subset=key.columns, keep=rule.keep, maintain_order=True)["index"]
    others = rows.filter(~pl.col("index").is_in(one.implode()))["index"]
    hit = pl.int_range(table.rows.height, eager=True).is_in(others.implode())
    reasons.drop(hit, "data.dropped.repeated", ", ".join(rule.by))


def _seen(name: str, table: Body) -> pl.Series:
    """Return what a rule looks at: the values of a column, or the text under a header of the file."""
    if name in table.results:
        return table.value(name)
    text = table.text(name)
    if text is None:
        raise KeyError(name)
    return text


def _passes(rule: Filter, column: pl.Series) -> pl.Series:
    texts = column.cast(pl.String)
    if rule.empty is not None:
        return (column.is_null() | (texts == "").fill_null(False)) == rule.empty
    if rule.starts_with is not None:
        return texts.str.starts_with(rule.starts_with).fill_null(False)
    if rule.below is not None:
        return (_numbers(column) < rule.below).fill_null(False)
    if rule.above is not None:
        return (_numbers(column) > rule.above).fill_null(False)
    wanted = [rule.equals] if rule.equals is not None else list(rule.in_ or ())
    if column.dtype.is_numeric():
        return column.is_in([float(entry) for entry in wanted if not isinstance(entry, str)]).fill_null(False)
    return texts.is_in([str(entry) for entry in wanted]).fill_null(False)


def _numbers(column: pl.Series) -> pl.Series:
    if column.dtype.is_numeric():
        return column
    return converted(Written(column.cast(pl.String)), Column("", "number"))["value"]
