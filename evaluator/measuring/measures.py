"""Measures: one row per customer with the raw value of every leaf of a tree.

A measure is looked for under its name: first a column of the measures table, then the grades of
raters, then what can be computed from orders, then what a customer model finds. A customer is whoever
stands in any of the tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import narwhals as nw
import polars as pl
import polars.selectors as cs
from pydantic import Field

from evaluator.brief import Brief
from evaluator.columns import enter, to_polars
from evaluator.customers import TABLES, CustomerOptions, Sources, Span, order_measures
from evaluator.customers.known_since import known_since
from evaluator.customers.orders import Extent, OrderLines
from evaluator.data.frame_dates import with_days
from evaluator.data.questions import line
from evaluator.data.tables import Tables
from evaluator.displayed import Displayed
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.labels import Id, PositiveCount
from evaluator.measuring.attributes import numbers, with_attributes
from evaluator.measuring.beginnings import begun_with_the_file
from evaluator.measuring.far_values import far_values
from evaluator.measuring.grades import RATERS, RaterOptions, Ratings, combine_grades
from evaluator.measuring.narrow_scales import narrow_answers
from evaluator.measuring.origins import Origin, origins_of, without_origin
from evaluator.measuring.periods import of_period, periods
from evaluator.messages import Term
from evaluator.tree import Tree
from evaluator.tree.names import attributes
from evaluator.tree.types import Lookup

_WITH_CUSTOMERS = ("customers", "measures", "orders", "grades", "models")  # who stands here is evaluated


class MeasureOptions(Format):
    """The study's choices about measures: months the orders are looked at, and how raters combine.

    `absent` are measures that nothing gives: nobody has them, and their indicators count for nobody. What
    is given all the same is used.
    """

    window_months: PositiveCount = 12
    growth_months: Annotated[int, Field(ge=3)] = 24
    absent: tuple[Id, ...] = ()
    raters: RaterOptions = RaterOptions()


@dataclass(frozen=True, slots=True)
class MeasureNote(Brief):
    """Where a measure came from: the table it was read or computed from, and how many lack it."""

    measure: str
    origin: Origin
    observed: int
    missing: int


@dataclass(frozen=True)
class Measured(Displayed):
    """One row per customer: `id`, `name` where known, and one column per measure of the tree.

    Parameters
    ----------
    frame : Float64 per measure, text only where a scale looks categories up; null is not observed.
        Where raters' votes are kept, a column ``votes_<grade>@<measure>`` per grade follows, then the
        attributes that rules and profiles speak of.
    as_of : the day the evaluation looks back from; nothing on or after it is used.
    window : first and last day of the orders that windowed measures rest on, both included; None
        without orders, since nothing then tells which time the data are of.
    raters : long, one row per customer and graded indicator: `id`, `indicator`, `raters` (how many
        grades), `score` (combined), `spread` (highest less lowest).
    notes : where each measure came from.
    period : the period of grades and measures, where they have one.
    models : the tables, and what those customer models found that the tree's measures come from.
    ratings : what each rater gave, where somebody did.
    customers : the options of those models with their references in place, as a model freezes them.
    issues : warnings and notes; errors were raised.
    """

    frame: pl.DataFrame
    as_of: date
    window: tuple[date, date] | None
    raters: pl.DataFrame
    notes: tuple[MeasureNote, ...] = ()
    issues: tuple[Issue, ...] = ()
    period: str | None = None
    models: Sources | None = None
    customers: CustomerOptions | None = None
    ratings: Ratings | None = None


def measure(
    tables: Tables | Mapping[str, Any],
    tree: Tree,
    *,
    as_of: date | None = None,
    period: str | None = None,
    options: MeasureOptions | None = None,
    customers: CustomerOptions | None = None,
    ahead: bool = False,
) -> pl.DataFrame:
    """Return one row per customer with every measure of the tree; see `measured`."""
    return measured(
        tables, tree, as_of=as_of, period=period, options=options, customers=customers, ahead=ahead
    ).frame


def measured(
    tables: Tables | Mapping[str, Any],
    tree: Tree,
    *,
    as_of: date | None = None,
    period: str | None = None,
    options: MeasureOptions | None = None,
    customers: CustomerOptions | None = None,
    folder: str | Path = ".",
    ahead: bool = False,
) -> Measured:
    """Return the measures of every customer, with where they came from.

    Parameters
    ----------
    tables : `customers` (id, name), `orders`, `grades` (rater, id, indicator, grade) and `measures`
        (id and a column per measure), and those that customer models read, as read, or pandas or Polars
        frames by name; any may be absent.
    as_of : the day looked back from. Default: the day after the last order; without orders, today.
    period : where grades or measures have a row per period, which of them. Default: the latest.
    customers : how customer models are computed; those of a fitted model place customers as they stood
        when it was fitted.
    folder : where the files are that these options name.
    ahead : whether a day looked back from that lies after tomorrow is meant.

    Raises
    ------
    EvaluationError
        an id stands twice; nothing gives a measure, or what gives it lacks a table or an option; no order
        before `as_of`, or `as_of` lies ahead; no customer; grades or orders that cannot be read; rows without
        period beside others with one.
    """
    options = options or MeasureOptions()
    frames = _frames(tables)
    known = periods(frames)
    period = period or (known[-1] if known else None)
    frames = of_period(frames, period)
    span = _span(frames.get("orders"), as_of, options)
    raise_errors([] if ahead else list(lying_ahead(span.as_of)))
    models = Sources(frames, as_of=span.as_of, options=customers, folder=folder)
    columns = {name: dict.fromkeys(frame.columns) for name, frame in frames.items()}
    origins = origins_of(tree, columns, models.lacking, options.absent)
    read = tables.notes if isinstance(tables, Tables) else ()
    without = without_origin(origins, columns, tree, models.lacking, read)
    issues: list[Issue] = [*_repeated_ids(frames), *without]
    raise_errors(issues)
    parts: list[pl.DataFrame] = []
    extent: Extent | None = None
    raters, ratings = RATERS.to_frame(), None
    if "grades" in frames:
        combined = combine_grades(frames["grades"], tree, options=options.raters)
        raters, ratings = combined.raters, combined.ratings
        issues.extend(combined.issues)
        parts.append(graded_columns(raters, tree, origins))
        parts.extend([combined.votes] if combined.votes is not None else [])
    if "orders" in frames:
        names = [name for name, origin in origins.items() if origin == "orders"]
        lines = OrderLines.read(frames["orders"])
        extent = lines.extent()
        issues.extend((*_order_issues(extent, frames["orders"], span), *_renamed(frames)))
        parts.append(_of_orders(lines, span, names, frames.get("customers")))
    if "measures" in frames:
        own, found = _own(frames["measures"], tree, origins)
        issues.extend(found)
        parts.append(own)
    modelled = [name for name, origin in origins.items() if origin == "models"]
    if modelled:
        parts.append(models.measures(modelled))
        frames |= {"models": parts[-1]}
    parts.append(_absent(tree, origins))
    frame, lacking = with_attributes(_joined(_customers(frames), parts, tree), tree, models)
    issues.extend(lacking)
    notes = tuple(_note(name, origin, frame) for name, origin in origins.items() if origin)
    issues.extend(unobserved_measures(notes, tree, span, extent))
    issues.extend(begun_with_the_file(nw.from_native(frame.lazy()), origins, span, extent))
    issues.extend((*far_values(frame, tree, origins), *narrow_answers(frame, tree, origins)))
    raise_errors(issues)
    window = (span.first, span.last) if "orders" in frames else None
    frozen = models.frozen() if modelled else None
    return Measured(frame, span.as_of, window, raters, notes, tuple(issues), period, models, frozen, ratings)


def of_nobody(tree: Tree, as_of: date) -> Measured:
    """Return the measures of a tree whose customers are not known yet: a column of each, and no row."""
    measures = {
        leaf.measure: pl.String if isinstance(leaf.scale, Lookup) else pl.Float64 for leaf in tree.indicators
    }
    besides = {entry.id: pl.String if entry.kind == "text" else pl.Float64 for entry in attributes(tree)}
    frame = pl.DataFrame(schema={"id": pl.String, **measures, **besides})
    return Measured(frame, as_of, None, RATERS.to_frame())


def _frames(tables: Tables | Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """Return the tables as Polars, ids as text; a table that needs its ids is refused without them."""
    given = tables.frames if isinstance(tables, Tables) else tables
    frames = {name: to_polars(with_days(enter(native).frame, _dates(name))) for name, native in given.items()}
    missing = [
        Issue("DATA-405", "id", {"headers": ", ".join(frame.columns)}, nearest("id", frame.columns))
        for name, frame in frames.items()
        if "id" not in frame.columns and _needs_ids(name)
    ]
    raise_errors(missing)
    return {
        name: frame.with_columns(pl.col("id").cast(pl.String)) if "id" in frame.columns else frame
        for name, frame in frames.items()
    }


def _needs_ids(name: str) -> bool:
    return name not in TABLES or any(c.name == "id" and c.required for c in TABLES[name].columns)


def _dates(name: str) -> list[str]:
    return [column.name for column in TABLES[name].columns if column.kind == "date"] if name in TABLES else []


def _repeated_ids(frames: Mapping[str, pl.DataFrame]) -> Iterator[Issue]:
    for name in ("customers", "measures"):
        if name in frames:
            ids = frames[name]["id"]
            repeated = ids.filter(ids.is_duplicated())
            if distinct := repeated.unique(maintain_order=True).to_list():
                detail = {"count": len(distinct), "rows": len(repeated), "examples": ", ".join(distinct[:5])}
                detail["line"] = line(tables={name: {"duplicates": {"by": ["id"], "keep": "last"}}})
                yield Issue("DATA-416", distinct[0], detail)


def _span(orders: pl.DataFrame | None, as_of: date | None, options: MeasureOptions) -> Span:
    if as_of is None:
        last = orders["date"].cast(pl.Date).max() if orders is not None and "date" in orders.columns else None
        as_of = last + timedelta(days=1) if isinstance(last, date) else date.today()
    return Span(as_of, options.window_months, options.growth_months)


def lying_ahead(as_of: date) -> Iterator[Issue]:
    """Yield an issue for a day whose customers nobody has seen: all would seem to have stopped buying."""
    today = date.today()
    if as_of > today + timedelta(days=1):
        yield Issue("DATA-473", str(as_of), {"today": today})


def _of_orders(
    lines: OrderLines, span: Span, names: list[str], customers: pl.DataFrame | None
) -> pl.DataFrame:
    frame: pl.DataFrame = order_measures(
        lines, as_of=span.as_of, window_months=span.window, growth_months=span.growth, names=names
    )
    return known_since(frame, customers, span.as_of)


def _order_issues(found: Extent | None, orders: pl.DataFrame, span: Span) -> Iterator[Issue]:
    """Yield what the time of the orders means for the measures, as notes."""
    if found and found.first > span.first:
        detail = {"first": found.first, "window": span.first}
        yield Issue("DATA-436", "orders", detail, severity=Severity.NOTE)
    late = orders.filter(pl.col("date").cast(pl.Date) >= span.as_of).height
    if late:
        lines: dict[str, object] = {"count": late, "as_of": span.as_of, "share": late / orders.height}
        yield Issue("DATA-437", "orders", lines, severity=Severity.NOTE)


def graded_columns(raters: pl.DataFrame, tree: Tree, origins: Mapping[str, Origin | None]) -> pl.DataFrame:
    """Return the combined grades wide: one column per measure that takes its values from grades."""
    wanted = {leaf.id: leaf.measure for leaf in tree.indicators if origins[leaf.measure] == "grades"}
    frame = raters.select("id").unique(maintain_order=True)
    for leaf, name in wanted.items():
        scores = raters.filter(pl.col("indicator") == leaf).select("id", pl.col("score").alias(name))
        if name not in frame.columns:
            frame = frame.join(scores, on="id", how="left", maintain_order="left")
    return frame


def _own(
    measures: pl.DataFrame, tree: Tree, origins: Mapping[str, Origin | None]
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the measures the study's own table gives; text that should be a number is read as one."""
    columns: list[pl.Series] = [measures["id"]]
    issues: list[Issue] = []
    lookups = {leaf.measure for leaf in tree.indicators if isinstance(leaf.scale, Lookup)}
    for name in [name for name, origin in origins.items() if origin == "measures"]:
        looked_up = name in lookups
        series, unread = (measures[name].cast(pl.String), ()) if looked_up else numbers(measures, name)
        issues.extend(unread)
        columns.append(series.alias(name))
    return pl.DataFrame(columns), issues


def _absent(tree: Tree, origins: Mapping[str, Origin | None]) -> pl.DataFrame:
    """Return the columns of measures that nobody has, without a row."""
    absent = [leaf for leaf in tree.indicators if origins[leaf.measure] == "absent"]
    kinds = {leaf.measure: pl.String if isinstance(leaf.scale, Lookup) else pl.Float64 for leaf in absent}
    return pl.DataFrame(schema={"id": pl.String, **kinds})


def _customers(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return everyone who stands in any table, once, with the first name known, of orders the latest."""
    everyone = [frames[name] for name in _WITH_CUSTOMERS if name in frames]
    named = [frame for frame in everyone if "name" in frame.columns]
    ids = [frame.select("id").drop_nulls() for frame in everyone]
    customers = pl.concat(ids).unique(maintain_order=True) if ids else pl.DataFrame({"id": []})
    if not customers.height:
        raise EvaluationError([Issue("DATA-439")])
    if named:
        names = pl.concat([_names(frame).select("id", "name") for frame in named])
        first = names.drop_nulls().unique("id", keep="first", maintain_order=True)
        customers = customers.join(first, on="id", how="left", maintain_order="left")
    return customers


def _names(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the names each customer has in a table, those of the latest day first."""
    names = frame.select("id", pl.col("name").cast(pl.String), *(["date"] if "date" in frame.columns else []))
    names = names.drop_nulls(["id", "name"])
    if "date" not in names.columns:
        return names.unique(maintain_order=True)
    last = names.group_by("id", "name", maintain_order=True).agg(pl.col("date").max())
    return last.sort("date", descending=True, nulls_last=True, maintain_order=True)


def _renamed(frames: Mapping[str, pl.DataFrame]) -> Iterator[Issue]:
    """Yield a note of the customers with several names in their orders, where no other table names them."""
    if "orders" not in frames or "name" not in frames["orders"].columns:
        return
    several = _names(frames["orders"]).filter(pl.col("id").is_duplicated())
    for name in _WITH_CUSTOMERS[: _WITH_CUSTOMERS.index("orders")]:
        if name in frames and "name" in frames[name].columns:
            several = several.join(_names(frames[name]), on="id", how="anti", maintain_order="left")
    if ids := several["id"].unique(maintain_order=True).cast(pl.String).to_list():
        detail = {"count": len(ids), "examples": ", ".join(ids[:5])}
        yield Issue("DATA-589", "orders", detail, severity=Severity.NOTE)


def _joined(customers: pl.DataFrame, parts: list[pl.DataFrame], tree: Tree) -> pl.DataFrame:
    for part in parts:
        customers = customers.join(part, on="id", how="left", maintain_order="left")
    measures = dict.fromkeys(leaf.measure for leaf in tree.indicators)
    lead = [name for name in ("id", "name") if name in customers.columns]
    return customers.select(*lead, *measures, cs.starts_with("votes_") - cs.by_name(*measures))


def _note(name: str, origin: Origin, frame: pl.DataFrame) -> MeasureNote:
    missing = frame[name].null_count()
    return MeasureNote(name, origin, frame.height - missing, missing)


def unobserved_measures(
    notes: tuple[MeasureNote, ...], tree: Tree, span: Span, orders: Extent | None
) -> Iterator[Issue]:
    """Yield a warning for every measure that no customer has, with the months of orders it lacks."""
    names = {leaf.measure: leaf.measured for leaf in tree.indicators}
    for note in notes:
        if note.observed == 0:
            measure, origin = names[note.measure], Term(f"data.origin.{note.origin}")
            short = orders and note.origin == "orders" and orders.first >= span.growth_second
            if orders and short and note.measure == "growth":
                detail = {"needed": span.growth, "months": span.months_since(orders.first)}
                yield Issue("DATA-535", measure, detail, severity=Severity.WARNING)
            else:
                yield Issue("DATA-433", measure, {"origin": origin}, severity=Severity.WARNING)
