"""In which currency the amounts of a study are."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.study.file import StudyFile


def currency_of(file: StudyFile) -> str:
    """Return the code of the currency of a study's amounts: the one it states, else the one all else names.

    Tables that are converted name one, and so do the terms of lifetime values. Empty where nothing does, or
    where they differ: reports then write amounts without a currency.
    """
    if file.currency:
        return file.currency
    named = set(_named(file))
    return named.pop() if len(named) == 1 else ""


def _named(file: StudyFile) -> Iterator[str]:
    yield from (table.rates.to for table in file.tables.values() if table.rates)
    options = file.customers
    stated = (getattr(getattr(options, name), "currency", None) for name in type(options).model_fields)
    yield from (currency for currency in stated if currency)
