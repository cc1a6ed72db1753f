"""How customer models are declared: a study then runs them, and trees name what they find.

A model is declared where it meets a study's tables, by `model`; `measure_of` names a column of its result,
which an indicator may then name as its measure and which stands in the report's list of customers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NotRequired, TypedDict, TypeVar, Unpack, overload

from evaluator.customers.model_columns import ColumnOf, CustomerColumn
from evaluator.customers.sources import MODEL_MEASURES, MODELS, CustomerModel, Option, Sources

X = TypeVar("X")
R = TypeVar("R")


class Declaration(TypedDict):
    """What is declared of every customer model, see `CustomerModel` and `Registry.register`."""

    zh: str
    en: str
    reference: str
    needs: NotRequired[tuple[str, ...]]
    any_of: NotRequired[tuple[str, ...]]
    columns: NotRequired[Callable[[Any], tuple[CustomerColumn, ...]]]
    laws: NotRequired[tuple[str, ...]]


@overload
def model(
    name: str,
    *,
    option: Option[X],
    freeze: Callable[[Any, X], X] | None = None,
    **declared: Unpack[Declaration],
) -> Callable[[Callable[[Sources, X], R]], Callable[[Sources, X], R]]: ...


@overload
def model(
    name: str, **declared: Unpack[Declaration]
) -> Callable[[Callable[[Sources], R]], Callable[[Sources], R]]: ...


def model(
    name: str,
    *,
    option: Option[Any] | None = None,
    freeze: Callable[[Any, Any], Any] | None = None,
    **declared: Unpack[Declaration],
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Declare a customer model; used as a decorator on ``f(sources, chosen)``, see `CustomerModel`.

    `chosen` is what the study chose for the model, of the type its `option` names; a model without an option
    of its own is ``f(sources)``.
    """

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        register = MODELS.register(
            name,
            zh=declared["zh"],
            en=declared["en"],
            reference=declared["reference"],
            laws=declared.get("laws", ()),
        )
        needs, any_of = declared.get("needs", ()), declared.get("any_of", ())
        register(CustomerModel(function, needs, any_of, option, freeze, declared.get("columns")))
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
    """Declare that a column of a model's result is a measure; reference and laws are the model's."""
    method = MODELS[model]
    declare = MODEL_MEASURES.register(
        name, zh=zh, en=en, reference=method.reference, laws=tuple(sorted(method.laws))
    )
    declare(ColumnOf(model, column, frame, classes))
