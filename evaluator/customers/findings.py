"""Customer models run on the tables of a study: each once, for measures of a tree and for the report."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from evaluator.columns import enter, to_polars
from evaluator.customers.declared import FINDINGS, MODEL_MEASURES, ColumnOf, CustomerColumn
from evaluator.customers.ledgers import AHEAD
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.options import CustomerOptions
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.registry import Method

OWN_TABLES = ("measures", "customers", "relations")  # whose columns may be named like measures


class Sources(Mapping[str, pl.DataFrame]):
    """The tables of a study by name, and what models have found in them: each model runs once.

    Parameters
    ----------
    tables : any kind of frame by name; ids are read as text.
    as_of : the day looked back from. Default: the day after the last order; without orders, today. No
        row of any table is there that is dated on or after it, but of events that are expected.
    """

    def __init__(
        self,
        tables: Mapping[str, Any],
        *,
        as_of: date | None = None,
        options: CustomerOptions | None = None,
        folder: str | Path = ".",
    ) -> None:
        frames = {name: _entered(table) for name, table in tables.items()}
        self.options = options or CustomerOptions()
        self.folder = Path(folder)
        self.as_of = as_of or _day_after(frames.get("orders"))
        self._frames = {
            name: frame if name in AHEAD else _until(frame, self.as_of) for name, frame in frames.items()
        }
        self._found: dict[str, Any] = {}
        self._counted: dict[str, pl.DataFrame] = {}
        self._refused: dict[str, EvaluationError] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def results(self) -> Mapping[str, Any]:
        """What the models have found that have run."""
        return dict(self._found)

    def lacking(self, model: str, subject: str | None = None) -> list[Issue]:
        """Return what a model needs and does not have: CUST-927 (tables), CUST-928 (its option)."""
        declared, said = FINDINGS[model].function, subject or model
        issues = [
            Issue("CUST-927", said, {"needs": table}) for table in declared.needs if table not in self._frames
        ]
        if declared.any_of and not any(self._has(wanted) for wanted in declared.any_of):
            issues.append(Issue("CUST-927", said, {"needs": " / ".join(declared.any_of)}))
        if declared.option and not getattr(self.options, declared.option):
            issues.append(Issue("CUST-928", said, {"option": declared.option}))
        return issues

    def _has(self, wanted: str) -> bool:
        table, _, column = wanted.partition(".")
        return table in self._frames and (not column or column in self._frames[table].columns)

    def result(self, model: str) -> Any:
        """Return what a model finds; raises `EvaluationError` where it cannot run on these tables."""
        if model in self._refused:
            raise self._refused[model]
        if model not in self._found:
            try:
                raise_errors(self.lacking(model))
                self._found[model] = FINDINGS[model].function(self, self.as_of, self.options)
            except EvaluationError as error:
                self._refused[model] = error
                raise
        return self._found[model]

    def measures(self, names: Collection[str]) -> pl.DataFrame:
        """Return `id` and a column per name, one of `MODEL_MEASURES`, sorted by id."""
        declared = {name: MODEL_MEASURES[name].function for name in names}
        raise_errors(
            [issue for name, column in declared.items() for issue in self.lacking(column.model, name)]
        )
        parts = [
            column(self.result(column.model)).rename({"value": name}) for name, column in declared.items()
        ]
        return _side_by_side(parts, declared)

    def columns(self, names: Collection[str]) -> pl.DataFrame:
        """Return `id` and a column per name: of one of `OWN_TABLES`, of the orders, of a model.

        Raises
        ------
        EvaluationError
            CUST-930 (nothing gives it), CUST-927 and CUST-928, and those of the models.
        """
        own = {name: self._frames[name] for name in OWN_TABLES if name in self._frames}
        stated = {name: next((t for t in own.values() if name in t.columns), None) for name in names}
        from_orders = [n for n, t in stated.items() if t is None and n in MEASURES and "orders" in self]
        from_models = [n for n, t in stated.items() if t is None and n in MODEL_MEASURES]
        known = {c for t in own.values() for c in t.columns} | {*MEASURES.names(), *MODEL_MEASURES.names()}
        raise_errors(
            [
                Issue("CUST-930", name, hint=nearest(name, known - {"id", "name"}))
                for name, table in stated.items()
                if table is None and name not in (*from_orders, *from_models)
            ]
        )
        parts = [table.select("id", name) for name, table in stated.items() if table is not None]
        parts += [self._of_orders(from_orders)] if from_orders else []
        if from_models:
            parts.append(self.measures(from_models))
        return _side_by_side(parts, names)

    def _of_orders(self, names: Collection[str]) -> pl.DataFrame:
        """Return measures of the orders; each is computed once, whatever models ask for it."""
        if wanted := [name for name in names if name not in self._counted]:
            window = self.options.window_months
            found = order_measures(self["orders"], as_of=self.as_of, window_months=window, names=wanted)
            self._counted |= {name: found.select("id", name) for name in wanted}
        return _side_by_side([self._counted[name] for name in names], names)

    def frozen(self) -> CustomerOptions:
        """Return the options with the references of the models that have run in place."""
        options = self.options
        for name, found in self._found.items():
            freeze = FINDINGS[name].function.freeze
            options = freeze(found, options) if freeze else options
        return options


@dataclass(frozen=True)
class Findings:
    """What the customer models of a study found.

    Parameters
    ----------
    results : by model, frozen.
    issues : by model, why there is no result.
    options : the choices the results rest on.
    """

    results: Mapping[str, Any]
    issues: Mapping[str, tuple[Issue, ...]]
    options: CustomerOptions
    as_of: date
    columns: tuple[CustomerColumn, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.results or self.issues)


def customer_findings(
    tables: Mapping[str, Any],
    *,
    as_of: date | None = None,
    options: CustomerOptions | None = None,
) -> Findings:
    """Run every customer model whose tables are there and whose option is stated.

    Where the options name the models to show, those alone run, and what they lack is an issue. `Sources`
    come with their day and options, and what has been found in them is not computed again.

    >>> lines = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 1, 5)] * 2, "amount": [90.0, 10.0]})
    >>> customer_findings({"orders": lines}).results["abc"].frame["class"].to_list()
    ['A', 'B']
    """
    sources = tables if isinstance(tables, Sources) else Sources(tables, as_of=as_of, options=options)
    shown = sources.options.show
    results: dict[str, Any] = {}
    issues: dict[str, tuple[Issue, ...]] = {}
    for name in FINDINGS.names() if shown is None else shown:
        if shown is None and sources.lacking(name):
            continue
        try:
            results[name] = sources.result(name)
        except EvaluationError as error:
            issues[name] = error.issues
    return Findings(results, issues, sources.options, sources.as_of, customer_columns(results))


def customer_columns(results: Mapping[str, Any]) -> tuple[CustomerColumn, ...]:
    """Return the columns of the list of customers that models' results give, in the order declared."""
    columns: list[CustomerColumn] = []
    for name, found in results.items():
        own = FINDINGS[name].function.columns
        measures = [measure for measure in MODEL_MEASURES.methods() if measure.function.model == name]
        columns += own(found) if own else [_column(measure, found) for measure in measures]
    return tuple(columns)


def model_measures(
    tables: Mapping[str, Any],
    names: Collection[str],
    *,
    as_of: date | None = None,
    options: CustomerOptions | None = None,
) -> pl.DataFrame:
    """Return one row per customer with the named model measures, sorted by id.

    Parameters
    ----------
    tables : by name, as the models need them; any kind of frame.
    names : which of `MODEL_MEASURES`.
    as_of : the day looked back from. Default: the day after the last order.

    Returns
    -------
    Polars frame
        `id` and a column per name: Float64, or text for a class, stage or state; null is not observed.

    Raises
    ------
    EvaluationError
        METHOD-001 (no such measure), CUST-927 (a table is missing), CUST-928 (an option is missing), and
        those of the models.

    >>> lines = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 1, 5)] * 2, "amount": [90.0, 10.0]})
    >>> model_measures({"orders": lines}, ["abc_class"]).rows()
    [('a', 'A'), ('b', 'B')]
    """
    return Sources(tables, as_of=as_of, options=options).measures(names)


def with_segments(frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return a frame of customers with the `segment` that the list of customers gives them.

    It is taken from the column `segment`, else `customer_type`; a frame that has one keeps its own.

    >>> known = {"customers": pl.DataFrame({"id": ["a"], "customer_type": ["industrial"]})}
    >>> with_segments(pl.DataFrame({"id": ["a", "b"]}), known)["segment"].to_list()
    ['industrial', None]
    """
    known = tables.get("customers")
    column = next((c for c in ("segment", "customer_type") if known is not None and c in known.columns), None)
    if known is None or column is None or "segment" in frame.columns:
        return frame
    segments = known.select("id", pl.col(column).cast(pl.String).alias("segment")).unique("id")
    return frame.join(segments, on="id", how="left", maintain_order="left")


def _column(measure: Method[ColumnOf], found: Any) -> CustomerColumn:
    read = measure.function
    return CustomerColumn(measure.name, measure.title, read(found), read.say if read.classes else None)


def _side_by_side(parts: list[pl.DataFrame], names: Collection[str]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={"id": pl.String})
    joined = reduce(lambda a, b: a.join(b, on="id", how="full", coalesce=True), parts, empty)
    return joined.select("id", *names).sort("id")


def _until(frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the rows that had come by a day; those without a date stay."""
    if "date" not in frame.columns or not frame.schema["date"].is_temporal():
        return frame
    return frame.filter((pl.col("date").cast(pl.Date) < as_of) | pl.col("date").is_null())


def _entered(table: Any) -> pl.DataFrame:
    frame = to_polars(enter(table).frame)
    return frame.with_columns(pl.col("id").cast(pl.String)) if "id" in frame.columns else frame


def _day_after(orders: pl.DataFrame | None) -> date:
    last = orders["date"].cast(pl.Date).max() if orders is not None and "date" in orders.columns else None
    return last + timedelta(days=1) if isinstance(last, date) else date.today()
