"""What a customer model gives per customer: columns of the list of customers, and measures for trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import not_among, raise_errors


@dataclass(frozen=True)
class CustomerColumn(Brief):
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
class ColumnOf:
    """A measure read from a model's result: a column of one of its frames, which have `id`.

    `classes` is the prefix of the names of classes in the catalogues, where it holds classes.
    """

    model: str
    column: str
    frame: str = "frame"
    classes: str | None = None

    def __call__(self, result: Any) -> pl.DataFrame:
        """Return `id` and `value`: Float64, or text for a class, stage or state.

        Raises `EvaluationError` where the model was not asked for it, as for another matrix.
        """
        source = result if isinstance(result, pl.DataFrame) else getattr(result, self.frame)
        raise_errors(not_among("CUST-930", [self.column], source.columns))
        value = pl.col(self.column)
        text = source.schema[self.column] == pl.String
        frame: pl.DataFrame = source.select("id", (value if text else value.cast(pl.Float64)).alias("value"))
        return frame

    def say(self, value: str, language: str) -> str:
        """Return the name of a class."""
        key = f"{self.classes}.{value}"
        return messages.text(key, language) if messages.known(key, language) else value
