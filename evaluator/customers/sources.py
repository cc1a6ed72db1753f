"""The tables of a study as customer models read them, and the models: each runs once on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from pathlib import Path
from typing import Any, Generic, TypeVar

import polars as pl

from evaluator.brief import Brief
from evaluator.columns import enter, to_polars
from evaluator.customers.known_since import known_since
from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.model_columns import ColumnOf, CustomerColumn
from evaluator.customers.options import CustomerOptions
from evaluator.customers.orders import OrderLines
from evaluator.customers.tables import TABLES
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.messages import Phrase
from evaluator.registry import Registry

OWN_TABLES = ("measures", "customers", "relations")  # whose columns may be named like measures

X = TypeVar("X")


@dataclass(frozen=True)
class Option(Generic[X]):
    """A study's choices for one model.

    Parameters
    ----------
    type : what the model is given; a dataclass takes several keys of `CustomerOptions`, its fields.
    key : where they stand in `CustomerOptions`; of several keys the one that may have to be stated.
    required : whether the model runs only where the key is stated.
    """

    type: type[X]
    key: str
    required: bool = False

    def of(self, options: CustomerOptions) -> X:
        """Return the choices as the model is given them."""
        if not is_dataclass(self.type):
            chosen: X = getattr(options, self.key)
            return chosen
        return self.type(**{field.name: getattr(options, field.name) for field in fields(self.type)})

    def put(self, chosen: X, options: CustomerOptions) -> CustomerOptions:
        """Return the options with other choices for this model."""
        values = vars(chosen) if is_dataclass(self.type) else {self.key: chosen}
        return options.model_copy(
            update={key: value for key, value in values.items() if value is not getattr(options, key)}
        )


@dataclass(frozen=True)
class CustomerModel(Brief):
    """A customer model as a study runs it.

    Parameters
    ----------
    function : from the sources and the study's choices for the model (where it has an option of its own) to
        a frozen result; raises `EvaluationError` where the data do not carry it.
    needs : the tables it cannot do without; others it may look for in the sources itself.
    any_of : tables, or columns as ``table.column``, of which one is enough.
    option : its own choices; None where it has none.
    freeze : the choices with the references of a result in place of what is relative to the customers
        at hand, so that a later period is judged alike; None where nothing is relative.
    columns : columns of the list of customers in place of the measures that are read from the result.
    """

    function: Callable[..., Any]
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    option: Option[Any] | None = None
    freeze: Callable[[Any, Any], Any] | None = None
    columns: Callable[[Any], tuple[CustomerColumn, ...]] | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it needs; of those joined by a stroke one is enough."""
        return (*self.needs, *([" / ".join(self.any_of)] if self.any_of else []))

    @property
    def reads(self) -> frozenset[str]:
        """The tables it is declared to read."""
        return frozenset((*self.needs, *(wanted.partition(".")[0] for wanted in self.any_of)))

    @property
    def must_state(self) -> str | None:
        """The key of `CustomerOptions` that must be stated for it to run."""
        return self.option.key if self.option and self.option.required else None

    def __call__(self, sources: Sources) -> Any:
        """Return the model's result on a study's tables."""
        return self.function(sources, *([self.option.of(sources.options)] if self.option else []))


MODELS: Registry[CustomerModel] = Registry("customer_model")
"""Every customer model a study can run. Law ``relative``: the result depends on who else is in the tables."""

MODEL_MEASURES: Registry[ColumnOf] = Registry("measure")
"""What models give per customer, by the name an indicator may use as its measure. Unit and definition
stand in the catalogues under ``measure.<name>.…``."""


class Sources(Mapping[str, pl.DataFrame]):
    """The tables of a study by name, and the results of models on them: each model runs once.

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
            name: frame if name in TABLES and TABLES[name].ahead else _until(frame, self.as_of)
            for name, frame in frames.items()
        }
        self._results: dict[str, Any] = {}
        self._counted: dict[str, pl.DataFrame] = {}
        self._refused: dict[str, EvaluationError] = {}
        self._looked_at: set[str] = set()

    def __getitem__(self, name: str) -> pl.DataFrame:
        frame = self._frames[name]
        self._looked_at.add(name)
        return frame

    def __contains__(self, name: object) -> bool:
        return name in self._frames

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def window_months(self) -> int:
        """How far back amounts are looked at."""
        return self.options.window_months

    @property
    def value(self) -> str:
        """The measure that models start from which take one."""
        return self.options.value

    @cached_property
    def lines(self) -> OrderLines:
        """The lines of the orders, read once for all models that start from them."""
        return OrderLines.read(self["orders"])

    def ordered_before(self, day: date) -> bool:
        """True if the orders begin before a day."""
        return self["orders"].filter(pl.col("date").cast(pl.Date) < day).height > 0

    def everybody(self, others: pl.Series) -> pl.DataFrame:
        """Return the `id` of all customers of the study and of some others, sorted."""
        there = [self._frames[name]["id"] for name in ("customers", "orders") if name in self._frames]
        return pl.concat([*there, others.cast(pl.String)]).drop_nulls().unique().sort().to_frame("id")

    def options_of(self, model: str) -> Any:
        """Return the study's choices for a model."""
        option = MODELS[model].function.option
        return option.of(self.options) if option else None

    @property
    def results(self) -> Mapping[str, Any]:
        """The results of the models that have run."""
        return dict(self._results)

    @property
    def unused(self) -> tuple[Issue, ...]:
        """Warnings for tables no model has looked at, with what the first that would lacks."""
        shown, found = self.options.show, []
        for table in sorted(self._frames.keys() & TABLES.keys() - {*OWN_TABLES, "rates"} - self._looked_at):
            readers = [name for name in MODELS.names() if table in MODELS[name].function.reads]
            lacking = [issue for name in readers for issue in self.lacking(name)]
            if shown is not None and not set(readers) <= set(shown):
                continue  # the study does not want them
            if lacking:
                why = Phrase(
                    f"{lacking[0].code}.message", {"subject": lacking[0].subject, **lacking[0].detail}
                )
                found.append(Issue("CUST-959", table, {"why": why}, severity=Severity.WARNING))
            elif not readers:
                found.append(Issue("CUST-960", table, severity=Severity.WARNING))
        return tuple(found)

    def lacking(self, model: str, subject: str | None = None) -> list[Issue]:
        """Return what a model needs and does not have: tables, its option."""
        declared, said = MODELS[model].function, subject or model
        issues = [
            Issue("CUST-927", said, {"needs": table}) for table in declared.needs if table not in self._frames
        ]
        if declared.any_of and not any(self._has(wanted) for wanted in declared.any_of):
            issues.append(Issue("CUST-927", said, {"needs": " / ".join(declared.any_of)}))
        if declared.must_state and not getattr(self.options, declared.must_state):
            issues.append(Issue("CUST-928", said, {"option": declared.must_state}))
        return issues

    def _has(self, wanted: str) -> bool:
        table, _, column = wanted.partition(".")
        return table in self._frames and (not column or column in self._frames[table].columns)

    def result(self, model: str) -> Any:
        """Return a model's result; raises `EvaluationError` where it cannot run on these tables."""
        if model in self._refused:
            raise self._refused[model]
        if model not in self._results:
            try:
                raise_errors(self.lacking(model))
                self._results[model] = MODELS[model].function(self)
            except EvaluationError as error:
                self._refused[model] = error
                raise
        return self._results[model]

    def measures(self, names: Collection[str]) -> pl.DataFrame:
        """Return `id` and a column per name, one of `MODEL_MEASURES`, sorted by id."""
        declared = {name: MODEL_MEASURES[name].function for name in names}
        raise_errors(issue for name, column in declared.items() for issue in self.lacking(column.model, name))
        parts = [
            column(self.result(column.model)).rename({"value": name}) for name, column in declared.items()
        ]
        return _side_by_side(parts, declared)

    def columns(self, names: Collection[str]) -> pl.DataFrame:
        """Return `id` and a column per name: of one of `OWN_TABLES`, of the orders, of a model.

        Raises
        ------
        EvaluationError
            nothing gives it, a table or an option is missing, and those of the models.
        """
        own = {name: self._frames[name] for name in OWN_TABLES if name in self._frames}
        stated = {name: next((t for t in own.values() if name in t.columns), None) for name in names}
        from_orders = [n for n, t in stated.items() if t is None and n in MEASURES and "orders" in self]
        from_models = [n for n, t in stated.items() if t is None and n in MODEL_MEASURES]
        known = {c for t in own.values() for c in t.columns} | {*MEASURES.names(), *MODEL_MEASURES.names()}
        raise_errors(
            Issue("CUST-930", name, hint=nearest(name, known - {"id", "name"}))
            for name, table in stated.items()
            if table is None and name not in (*from_orders, *from_models)
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
            found = order_measures(self.lines, as_of=self.as_of, window_months=window, names=wanted)
            found = known_since(found, self._frames.get("customers"), self.as_of)
            self._counted |= {name: found.select("id", name) for name in wanted}
        return _side_by_side([self._counted[name] for name in names], names)

    def frozen(self) -> CustomerOptions:
        """Return the options with the references of the models that have run in place."""
        options = self.options
        for name, result in self._results.items():
            model = MODELS[name].function
            if model.freeze and model.option:
                options = model.option.put(model.freeze(result, model.option.of(options)), options)
        return options


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
