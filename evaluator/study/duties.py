"""Who answers for which customers: ids a study names, or everybody that a column of theirs picks out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from evaluator.brief import Brief
from evaluator.customers import ORDERS
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.forms import Duty, Subject
from evaluator.forms.options import PersonEntry
from evaluator.measuring.tables import customers_schema, measures_schema
from evaluator.study.setup import Setup
from evaluator.study.tables import read_mapped
from evaluator.tree import Tree


@dataclass(frozen=True)
class Subjects(Brief):
    """The customers of a study in the order of their table, with what is known of them."""

    frame: pl.DataFrame

    @property
    def all(self) -> tuple[Subject, ...]:
        """Every customer with its name."""
        names = self.frame["name"] if "name" in self.frame.columns else [None] * self.frame.height
        return tuple(Subject(id_, name or "") for id_, name in zip(self.frame["id"], names, strict=True))


def subjects(setup: Setup, tree: Tree, ids: frozenset[str] | None) -> Subjects:
    """Return the customers of a study, from the first of its tables that lists them.

    Of several trees each has its own, whose `ids` are given, and those it names besides.

    Raises
    ------
    EvaluationError
        when no table does, and what is wrong with the table.
    """
    schemas = {"customers": customers_schema(tree), "measures": measures_schema(tree), "orders": ORDERS}
    mapped = next((name for name in schemas if name in setup.file.tables), None)
    if mapped is None and ids:
        return Subjects(pl.DataFrame({"id": sorted(ids)}))
    if mapped is None:
        raise EvaluationError([Issue("STUDY-332", where=setup.where(("tables",)))])
    customers = (
        read_mapped(setup, [mapped], schemas).whole(mapped).unique("id", keep="first", maintain_order=True)
    )
    if ids is None:
        return Subjects(customers)
    named = pl.DataFrame({"id": sorted(ids - set(customers["id"]))}, schema={"id": pl.String})
    return Subjects(pl.concat([customers.filter(pl.col("id").is_in(ids)), named], how="diagonal"))


def customers_of(one: PersonEntry, known: Subjects) -> tuple[Subject, ...]:
    """Return the customers a person answers for.

    Raises
    ------
    EvaluationError
        for a customer, or a column of the customers table, that is not there.
    """
    raise_errors(tuple(_unknown(one, known)))
    frame = known.frame
    if one.customers is not None:
        frame = frame.filter(pl.col("id").is_in(one.customers))
    for column, values in one.where.items():
        frame = frame.filter(pl.col(column).cast(pl.String).is_in(values))
    return Subjects(frame).all


def duty_of(one: PersonEntry, known: Subjects) -> Duty:
    """Return what a rater answers for, as the grade sheets take it; see `customers_of`."""
    return Duty(tuple(customer.id for customer in customers_of(one, known)), one.indicators)


def _unknown(one: PersonEntry, known: Subjects) -> Iterator[Issue]:
    ids, columns = set(known.frame["id"]), known.frame.columns
    for customer in one.customers or ():
        if customer not in ids:
            yield Issue("STUDY-334", customer, {"person": one.id}, nearest(customer, ids))
    for column in one.where:
        if column not in columns:
            yield Issue("STUDY-334", column, {"person": one.id}, nearest(column, columns) or tuple(columns))
