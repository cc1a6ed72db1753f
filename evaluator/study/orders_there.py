"""Orders in a warehouse as a study measures them: its months, its RFM, and what it says of its own table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evaluator.customers.known_since import START
from evaluator.data.mapping import ColumnMapping, TableMapping
from evaluator.errors import Issue, Severity
from evaluator.study.study import Study
from evaluator.warehouse import OrdersThere

_WORDS = ("missing", "duplicates", "filters", "rates", "returned", "constants", "unpivot")
_OF_COLUMNS = ("factor", "units", "zone", "recorded", "missing", "width")


def with_study(there: OrdersThere, study: Study, *, rfm: bool) -> tuple[OrdersThere, tuple[Issue, ...]]:
    """Return the orders there, taken as a study takes its own; with what it says that a query cannot.

    Parameters
    ----------
    rfm : whether RFM is asked for, by the references that a run of the study finds.
    """
    file = study.setup.file
    found = study.measured.models.result("rfm").frozen() if rfm and study.measured.models else None
    taken = replace(
        there, options=study.setup.measuring, attribute_months=file.customers.window_months, rfm=found
    )
    names = [*_unsupported(file.tables["orders"])] if "orders" in file.tables else []
    if "customers" in file.tables and START in file.tables["customers"].columns:
        names.append(f"customers.{START}")  # from which the study counts where it is before the first order
    said = ", ".join(names)
    detail = {"names": said, "table": there.orders}
    issues = (Issue("SQL-111", "orders", detail, severity=Severity.WARNING),) if said else ()
    return taken, issues


def _unsupported(mapping: TableMapping) -> Iterator[str]:
    """Yield what a mapping says of the rows and cells of orders, which a table there must have already."""
    usual, plain = TableMapping(file="orders.csv"), ColumnMapping()
    yield from (name for name in _WORDS if getattr(mapping, name) != getattr(usual, name))
    for name in mapping.columns:
        column = mapping.column(name) or plain
        differs = (word for word in _OF_COLUMNS if getattr(column, word) != getattr(plain, word))
        yield from (f"columns.{name}.{word}" for word in differs)
