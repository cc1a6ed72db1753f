"""Of which type customers are: they buy for themselves, to produce, to sell on, or for the public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl

from evaluator import messages
from evaluator.customers.records import as_given, records
from evaluator.customers.transition_tables import states_on
from evaluator.documents import Format
from evaluator.errors import not_among, raise_errors

CustomerType = Literal["consumer", "industrial", "intermediary", "public"]

CUSTOMER_TYPES: tuple[CustomerType, ...] = ("consumer", "industrial", "intermediary", "public")
"""消费、产业、中间、公利客户; names: ``customers.type.<id>``. A tree's ``applies_to`` names them."""


class TypeOptions(Format):
    """The words of the study's own tables for the four types, where they differ from the types' names."""

    words: dict[str, CustomerType] = {}


def customer_types(
    frame: Any, *, column: str = "type", words: Mapping[str, CustomerType] | None = None
) -> Any:
    """Return each customer's type (B9), read from its id, its name in either language, or a word for it.

    Consumers buy for themselves, industrial customers for their own production, intermediaries to sell on,
    public customers (government, associations) for the public. The type selects the indicator tree.

    Parameters
    ----------
    words : what else may stand in the column, and the type it means.

    Returns
    -------
    frame of the kind that came in
        `id`, `type`: one of `CUSTOMER_TYPES`, null where the cell is empty.

    Raises
    ------
    EvaluationError
        as `records`; a type that is not known.

    Limits: the type is read, never inferred.

    References
    ----------
    Division of Chinese textbooks of CRM.

    >>> customer_types(pl.DataFrame({"id": ["a", "b"], "type": ["产业客户", "public"]}))["type"].to_list()
    ['industrial', 'public']
    """
    return as_given(frame, _read(records(frame, texts=[column]), column, words or {}).select("id", "type"))


def types_on(log: Any, day: date, *, words: Mapping[str, CustomerType] | None = None) -> Any:
    """Return the type each customer was of before a day, from a log of changes.

    Parameters
    ----------
    log : one row per change: `id`, `date` from which the type holds, `type`.

    Returns
    -------
    frame of the kind that came in, sorted by id
        `id`, `type`; customers whose first row is not before the day have no row.

    Raises
    ------
    EvaluationError
        as `records`; a type that is not known.

    >>> log = pl.DataFrame({"id": ["a", "a"], "date": [date(2024, 1, 5), date(2024, 3, 1)],
    ...                     "type": ["consumer", "intermediary"]})
    >>> [types_on(log, date(2024, month, 1))["type"].to_list() for month in (1, 3, 4)]
    [[], ['consumer'], ['intermediary']]
    """
    changes = _read(records(log, texts=["type"], dates=["date"], repeated=True), "type", words or {})
    return as_given(log, states_on(changes, day - timedelta(days=1), column="type"))


def _read(table: pl.DataFrame, column: str, words: Mapping[str, CustomerType]) -> pl.DataFrame:
    names: dict[str, str] = {name: name for name in CUSTOMER_TYPES}
    for language in messages.LANGUAGES:
        names |= {messages.text(f"customers.type.{name}", language): name for name in CUSTOMER_TYPES}
    names |= {word.strip(): name for word, name in words.items()}
    cell = pl.col(column).str.strip_chars()
    said = table.select(cell)[column].drop_nulls().unique().sort()
    raise_errors(not_among("CUST-908", said, names, {"column": column}))
    return table.with_columns(cell.replace_strict(names, default=None, return_dtype=pl.String).alias("type"))
