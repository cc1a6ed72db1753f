"""All customer models that a study's tables carry, run at once, and what they give per customer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from evaluator.customers.model_columns import ColumnOf, CustomerColumn
from evaluator.customers.model_result import ModelResult
from evaluator.customers.options import CustomerOptions
from evaluator.customers.sources import MODEL_MEASURES, MODELS, Sources
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.registry import Method


@dataclass(frozen=True)
class ModelResults(Displayed):
    """The results of a study's customer models.

    Parameters
    ----------
    results : by model, frozen.
    issues : by model, why there is no result.
    options : the choices the results rest on.
    unused : warnings for tables that no model has looked at.
    """

    results: Mapping[str, Any]
    issues: Mapping[str, tuple[Issue, ...]]
    options: CustomerOptions
    as_of: date
    columns: tuple[CustomerColumn, ...] = field(default=(), repr=False)
    unused: tuple[Issue, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.results or self.issues)

    def __getitem__(self, model: str) -> ModelResult:
        """Return what one model found, with the study's choices: as a notebook shows it.

        Raises
        ------
        EvaluationError
            where there is no such model.
        """
        option = MODELS[model].function.option
        chosen = option.of(self.options) if option else None
        return ModelResult(model, self.results.get(model), chosen, self.issues.get(model, ()))

    @property
    def unanswered(self) -> tuple[Issue, ...]:
        """Why models that the study asks for, by name or by their option, have no result: warnings."""
        told: list[Issue] = []
        for model, issues in self.issues.items():
            key = MODELS[model].function.must_state
            if model in (self.options.show or ()) or (key and getattr(self.options, key)):
                told += [issue for issue in issues if issue not in told]
        return tuple(replace(issue, severity=Severity.WARNING) for issue in told)


def run_models(
    tables: Mapping[str, Any],
    *,
    as_of: date | None = None,
    options: CustomerOptions | None = None,
) -> ModelResults:
    """Run every customer model whose tables are there and whose option is stated.

    Where the options name the models to show, those alone run, and what they lack is an issue. `Sources`
    come with their day and options, and a model that has run on them does not run again.

    >>> lines = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 1, 5)] * 2, "amount": [90.0, 10.0]})
    >>> run_models({"orders": lines}).results["abc"].frame["class"].to_list()
    ['A', 'B']
    """
    sources = tables if isinstance(tables, Sources) else Sources(tables, as_of=as_of, options=options)
    shown = sources.options.show
    results: dict[str, Any] = {}
    issues: dict[str, tuple[Issue, ...]] = {}
    for name in MODELS.names() if shown is None else shown:
        if shown is None and sources.lacking(name):
            continue
        try:
            results[name] = sources.result(name)
        except EvaluationError as error:
            issues[name] = error.issues
    columns = customer_columns(results)
    return ModelResults(results, issues, sources.options, sources.as_of, columns, sources.unused)


def customer_columns(results: Mapping[str, Any]) -> tuple[CustomerColumn, ...]:
    """Return the columns of the list of customers that models' results give, in the order declared."""
    columns: list[CustomerColumn] = []
    for name, result in results.items():
        own = MODELS[name].function.columns
        measures = [measure for measure in MODEL_MEASURES.methods() if measure.function.model == name]
        columns += own(result) if own else [_column(measure, result) for measure in measures]
    return tuple(columns)


def _column(measure: Method[ColumnOf], result: Any) -> CustomerColumn:
    read = measure.function
    return CustomerColumn(measure.name, measure.title, read(result), read.say if read.classes else None)


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
        no such measure, a table is missing, an option is missing, and those of the models.

    >>> lines = pl.DataFrame({"id": ["a", "b"], "date": [date(2024, 1, 5)] * 2, "amount": [90.0, 10.0]})
    >>> model_measures({"orders": lines}, ["abc_class"]).rows()
    [('a', 'A'), ('b', 'B')]
    """
    return Sources(tables, as_of=as_of, options=options).measures(names)
