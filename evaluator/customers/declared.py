"""How customer models are declared: a study then runs them, and trees name what they find.

A model is declared where it is written, by `finder`; `measure_of` names a column of what it finds, which
an indicator may then name as its measure and which stands in the report's list of customers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from evaluator import messages
from evaluator.customers.options import CustomerOptions
from evaluator.errors import EvaluationError, Issue, nearest
from evaluator.registry import Registry

if TYPE_CHECKING:
    from evaluator.customers.findings import Sources

Compute = Callable[["Sources", date, CustomerOptions], Any]


@dataclass(frozen=True)
class CustomerColumn:
    """A figure or class per customer, as reports list it.

    Parameters
    ----------
    title : by language.
    values : `id`, `value` (number or text; null is not known).
    say : the name of a class in a language; None where the value speaks for itself.
    """

    name: str
    title: Mapping[str, str]
    values: pl.DataFrame
    say: Callable[[str, str], str] | None = None


@dataclass(frozen=True)
class Finder:
    """A customer model as a study runs it.

    Parameters
    ----------
    function : from the tables, the day looked back from and the options to a frozen result; raises
        `EvaluationError` where the data do not carry it.
    needs : the tables it cannot do without; others it may look for in the tables itself.
    any_of : tables, or columns as ``table.column``, of which one is enough.
    option : the key of `CustomerOptions` without a default that must be stated.
    freeze : the options with the references of a result in place of what is relative to the customers
        at hand, so that a later period is judged alike; None where nothing is relative.
    columns : columns of the list of customers in place of the measures that are read from the result.
    """

    function: Compute
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    option: str | None = None
    freeze: Callable[[Any, CustomerOptions], CustomerOptions] | None = None
    columns: Callable[[Any], tuple[CustomerColumn, ...]] | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables it needs; of those joined by a stroke one is enough."""
        return (*self.needs, *([" / ".join(self.any_of)] if self.any_of else []))

    def __call__(self, tables: Sources, as_of: date, options: CustomerOptions) -> Any:
        """Return what the model finds."""
        return self.function(tables, as_of, options)


@dataclass(frozen=True)
class ColumnOf:
    """A measure read from what a model found: a column of one of its frames, which have `id`.

    `classes` is the prefix of the names of classes in the catalogues, where it holds classes.
    """

    model: str
    column: str
    frame: str = "frame"
    classes: str | None = None

    def __call__(self, found: Any) -> pl.DataFrame:
        """Return `id` and `value`: Float64, or text for a class, stage or state.

        Raises `EvaluationError` CUST-930 where the model was not asked for it, as for another matrix.
        """
        source = found if isinstance(found, pl.DataFrame) else getattr(found, self.frame)
        if self.column not in source.columns:
            raise EvaluationError([Issue("CUST-930", self.column, hint=nearest(self.column, source.columns))])
        value = pl.col(self.column)
        text = source.schema[self.column] == pl.String
        frame: pl.DataFrame = source.select("id", (value if text else value.cast(pl.Float64)).alias("value"))
        return frame

    def say(self, value: str, language: str) -> str:
        """Return the name of a class."""
        key = f"{self.classes}.{value}"
        return messages.text(key, language) if messages.known(key, language) else value


FINDINGS: Registry[Finder] = Registry("customer_model")
"""Every customer model a study can run. Law ``relative``: the result depends on who else is in the tables."""

MODEL_MEASURES: Registry[ColumnOf] = Registry("measure")
"""What models give per customer, by the name an indicator may use as its measure. Unit and definition
stand in the catalogues under ``measure.<name>.…``."""


def finder(
    name: str,
    *,
    zh: str,
    en: str,
    reference: str,
    needs: tuple[str, ...] = (),
    any_of: tuple[str, ...] = (),
    option: str | None = None,
    freeze: Callable[[Any, CustomerOptions], CustomerOptions] | None = None,
    columns: Callable[[Any], tuple[CustomerColumn, ...]] | None = None,
    laws: tuple[str, ...] = (),
) -> Callable[[Compute], Compute]:
    """Declare a customer model; used as a decorator, see `Finder`."""

    def declare(function: Compute) -> Compute:
        found = Finder(function, needs, any_of, option, freeze, columns)
        FINDINGS.register(name, zh=zh, en=en, reference=reference, laws=laws)(found)
        return function

    return declare


def measure_of(
    model: str,
    column: str,
    name: str,
    *,
    zh: str,
    en: str,
    frame: str = "frame",
    classes: str | None = None,
) -> None:
    """Declare that a column of what a model finds is a measure; reference and laws are the model's."""
    method = FINDINGS[model]
    declare = MODEL_MEASURES.register(
        name, zh=zh, en=en, reference=method.reference, laws=tuple(sorted(method.laws))
    )
    declare(ColumnOf(model, column, frame, classes))
