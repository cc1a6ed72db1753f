"""Measures where the tables lie: one row per customer in an engine, by the rules of `measures`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.columns import flag, to_polars
from evaluator.customers import MEASURES, MODEL_MEASURES, Span
from evaluator.customers.known_since import with_known_start
from evaluator.customers.measures import measures_of_lines, usable
from evaluator.customers.orders import Extent, OrderLines, order_lines
from evaluator.customers.sources import OWN_TABLES
from evaluator.data.questions import line
from evaluator.data.stores import Store
from evaluator.errors import EvaluationError, Issue, Severity, raise_errors
from evaluator.measuring.beginnings import begun_with_the_file
from evaluator.measuring.grades import CombinedGrades, combine_grades
from evaluator.measuring.measures import (
    MeasureNote,
    MeasureOptions,
    graded_columns,
    lying_ahead,
    unobserved_measures,
)
from evaluator.measuring.origins import Origin, origins_of, without_origin
from evaluator.tree import Tree
from evaluator.tree.names import attributes, attributes_named, text_columns

Frame = nw.LazyFrame[Any]
_WITH_CUSTOMERS = ("customers", "measures", "orders", "grades")  # who stands here is evaluated
_NAMED = 5


@dataclass(frozen=True)
class EngineMeasured(Brief):
    """Measured customers in an engine; the columns of `frame` are those of `Measured.frame`.

    `customers` is how many there are.
    """

    frame: Frame
    customers: int
    as_of: date
    window: tuple[date, date] | None
    notes: tuple[MeasureNote, ...]
    issues: tuple[Issue, ...]
    grades: CombinedGrades | None = None


def engine_measures(
    tables: Mapping[str, Frame],
    tree: Tree,
    store: Store,
    *,
    grades: pl.DataFrame | None = None,
    as_of: date | None = None,
    options: MeasureOptions | None = None,
    attribute_window: int = 12,
    ahead: bool = False,
) -> EngineMeasured:
    """Return the measures of every customer, computed in an engine and kept there.

    Parameters
    ----------
    tables : `customers`, `orders` and `measures`, as `data.engine_table` returns them; any may be absent.
    store : the engine they are in.
    grades : what raters gave; they are read into memory.
    attribute_window : months that attributes taken from the orders look back.

    Raises
    ------
    EvaluationError
        as `measures.measured`; also a measure that a customer model gives, and rows by period.
    """
    options = options or MeasureOptions()
    if "period" in columns_of(tables).get("measures", ()):
        raise EvaluationError([Issue("DATA-598", "measures")])
    combined = combine_grades(grades, tree, options=options.raters) if grades is not None else None
    columns = columns_of(tables) | ({"grades": grades.columns} if grades is not None else {})
    origins = origins_of(tree, columns, _by_models, options.absent)
    raise_errors([*_repeated_ids(tables), *without_origin(origins, columns, tree, _by_models)])
    orders = OrdersFound.of(tables.get("orders"), store, as_of, options)
    span = (
        orders.span if orders else Span(as_of or date.today(), options.window_months, options.growth_months)
    )
    raise_errors([] if ahead else list(lying_ahead(span.as_of)))
    issues = [*(orders.issues() if orders else ()), *(combined.issues if combined else ())]
    parts: list[Frame] = []
    further = dict(tables)
    if combined:
        further["grades"] = store.put("grades", graded_columns(combined.raters, tree, origins))
        parts.append(further["grades"])
        parts += [store.put("votes", combined.votes)] if combined.votes is not None else []
    spoken = attribute_tables(tree, tables, orders)
    lacking = [name for name, table in spoken.items() if table is None]
    issues += [Issue("DATA-470", name, severity=Severity.WARNING) for name in lacking]
    frame = measures_frame(further, tree, origins, spoken, parts, orders, attribute_window)
    frame = store.keep("measures", frame)
    customers, notes = _notes(frame, origins)
    if not customers:
        raise EvaluationError([Issue("DATA-439")])
    issues += unobserved_measures(notes, tree, span, orders.found if orders else None)
    issues += begun_with_the_file(frame, origins, span, orders.found if orders else None)
    raise_errors(issues)
    window = (span.first, span.last) if orders else None
    return EngineMeasured(frame, customers, span.as_of, window, notes, tuple(issues), combined)


def measures_frame(
    tables: Mapping[str, Frame],
    tree: Tree,
    origins: Mapping[str, Origin | None],
    spoken: Mapping[str, str | None],
    parts: Sequence[Frame],
    orders: OrdersFound | None,
    attribute_window: int,
) -> Frame:
    """Return a row per customer with measures, votes and attributes, nothing being computed yet.

    Parameters
    ----------
    origins, spoken : where each measure and each attribute comes from.
    parts : what comes from elsewhere than orders and the tables of its own columns, by `id`.
    """
    parts = list(parts)
    if orders:
        own = [name for name, origin in origins.items() if origin == "orders"]
        known = [name for name, table in spoken.items() if table == "orders" and name not in own]
        lines, wanted = OrderLines(orders.lines), {orders.span.window: own}
        wanted[attribute_window] = [*wanted.get(attribute_window, ()), *known]
        for months, names in wanted.items():
            if names:
                looked = replace(orders.span, window=months)
                counted = measures_of_lines(lines, looked, orders.found, names)
                parts.append(with_known_start(counted, tables.get("customers"), orders.span.as_of))
    parts += _own(tables, origins, spoken, tree)
    frame = reduce(lambda a, b: a.join(b, on="id", how="left"), parts, _customers(tables))
    return frame.select(*_selected(frame, tree, origins, spoken))


@dataclass(frozen=True)
class OrdersFound:
    """The lines of orders, what they span, and the time that measures look at."""

    lines: Frame
    found: Extent
    span: Span

    @classmethod
    def of(
        cls, orders: Frame | None, store: Store, as_of: date | None, options: MeasureOptions
    ) -> OrdersFound | None:
        """Return the lines of orders with what they span, None where there is no such table."""
        if orders is None:
            return None
        lines = OrderLines(store.hold(order_lines(orders)))
        found = usable(lines.extent(months=options.growth_months), as_of)
        day = as_of or found.last + timedelta(days=1)
        return cls(lines.frame, found, Span(day, options.window_months, options.growth_months))

    def issues(self) -> Iterator[Issue]:
        """Yield what the time of the orders means for the measures, as notes."""
        if self.found.first > self.span.first:
            begun = {"first": self.found.first, "window": self.span.first}
            yield Issue("DATA-436", "orders", begun, severity=Severity.NOTE)
        if self.found.last >= self.span.as_of:
            ahead = flag(nw.col("day") >= self.span.as_of.toordinal()).cast(nw.Int64).sum().alias("ahead")
            count, of = to_polars(self.lines.select(ahead, nw.len().alias("of"))).row(0)
            detail = {"count": int(count), "as_of": self.span.as_of, "share": count / of}
            yield Issue("DATA-437", "orders", detail, severity=Severity.NOTE)


def _by_models(model: str, subject: str | None) -> list[Issue]:
    """Return why a measure of a customer model is lacking: no model is run where the tables lie."""
    return [Issue("DATA-599", subject or model, {"model": model})]


def columns_of(tables: Mapping[str, Frame]) -> dict[str, list[str]]:
    """Return the names of the columns of every table."""
    return {name: frame.collect_schema().names() for name, frame in tables.items()}


def _repeated_ids(tables: Mapping[str, Frame]) -> Iterator[Issue]:
    for name in ("customers", "measures"):
        if name in tables:
            times = tables[name].group_by("id").agg(nw.len().alias("times")).filter(nw.col("times") > 1)
            count, rows = to_polars(times.select(nw.len().alias("count"), nw.col("times").sum())).row(0)
            if count:
                first = to_polars(times.sort("id").head(_NAMED).select("id"))["id"].to_list()
                detail = {"count": count, "rows": rows, "examples": ", ".join(first)}
                detail["line"] = line(tables={name: {"duplicates": {"by": ["id"], "keep": "last"}}})
                yield Issue("DATA-416", first[0], detail)


def _customers(tables: Mapping[str, Frame]) -> Frame:
    """Return everyone who stands in any table, once, with a name where one is known.

    Of several names in one table that of the latest day counts, and of those the first by the alphabet, since
    rows have no order.
    """
    everyone = [tables[name] for name in _WITH_CUSTOMERS if name in tables]
    if not everyone:
        raise EvaluationError([Issue("DATA-439")])
    ids = nw.concat([frame.select("id") for frame in everyone])
    customers = ids.filter(~nw.col("id").is_null()).unique()
    names = []
    for number, frame in enumerate(frame for frame in everyone if "name" in frame.collect_schema()):
        names.append(f"_name_{number}")
        known = _latest(frame).group_by("id").agg(nw.col("name").cast(nw.String).min().alias(names[-1]))
        customers = customers.join(known, on="id", how="left")
    if names:
        customers = customers.with_columns(nw.coalesce(*map(nw.col, names)).alias("name")).drop(*names)
    return customers


def _latest(frame: Frame) -> Frame:
    """Return the rows with a name of each customer's latest day, all where there are no days."""
    named = frame.filter(~nw.col("name").is_null())
    if "date" not in frame.collect_schema():
        return named
    last = named.group_by("id").agg(nw.col("date").max().alias("_last"))
    return named.select("id", "name", "date").join(last, on="id").filter(nw.col("date") == nw.col("_last"))


def attribute_tables(
    tree: Tree, tables: Mapping[str, Frame], orders: OrdersFound | None
) -> dict[str, str | None]:
    """Return which table gives each attribute that rules or profiles speak of; None where none does."""
    spoken = attributes_named(tree)
    found: dict[str, str | None] = {}
    columns = columns_of(tables)
    for name in (entry.id for entry in attributes(tree) if entry.id in spoken):
        own = next((table for table in OWN_TABLES if name in columns.get(table, ())), None)
        found[name] = own or (
            "orders" if orders and name in MEASURES and name not in MODEL_MEASURES else None
        )
    return found


def _own(
    tables: Mapping[str, Frame],
    origins: Mapping[str, Origin | None],
    spoken: Mapping[str, str | None],
    tree: Tree,
) -> Iterator[Frame]:
    """Yield what the tables give that may have columns of their own."""
    texts = text_columns(tree)
    for table in OWN_TABLES:
        wanted = [name for name, origin in origins.items() if origin == table]
        wanted += [name for name, origin in spoken.items() if origin == table and name not in wanted]
        if wanted:
            kinds = {name: nw.String if name in texts else nw.Float64 for name in wanted}
            yield tables[table].select("id", *(nw.col(name).cast(kind) for name, kind in kinds.items()))


def _selected(
    frame: Frame, tree: Tree, origins: Mapping[str, Origin | None], spoken: Mapping[str, str | None]
) -> Iterator[nw.Expr]:
    """Yield the columns of the result: who it is, measures, votes, attributes; null where nobody has one."""
    there = frame.collect_schema().names()
    texts = text_columns(tree)
    lead = [name for name in ("id", "name") if name in there]
    votes = [name for name in there if name.startswith("votes_") and name not in origins]
    for name in dict.fromkeys([*lead, *origins, *votes, *spoken]):
        nothing = nw.lit(None, nw.String if name in texts else nw.Float64)
        yield nw.col(name) if name in there else nothing.alias(name)


def _notes(frame: Frame, origins: Mapping[str, Origin | None]) -> tuple[int, tuple[MeasureNote, ...]]:
    known = {name: origin for name, origin in origins.items() if origin}
    counts = to_polars(frame.select(nw.len().alias("_rows"), *(nw.col(name).count() for name in known)))
    found = counts.row(0, named=True)
    rows = int(found["_rows"])
    return rows, tuple(
        MeasureNote(name, origin, int(found[name]), rows - int(found[name])) for name, origin in known.items()
    )
