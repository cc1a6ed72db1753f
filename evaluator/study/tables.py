"""The tables of a study: read once for all its trees, and what each tree takes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

import narwhals as nw
import polars as pl

from evaluator.actions.checks import measures_named
from evaluator.columns import to_polars
from evaluator.customers import TABLES
from evaluator.customers.survey_tables import survey_within
from evaluator.customers.told_by_orders import several_told, told_by_orders
from evaluator.data import Tables, TableSchema, read_tables
from evaluator.data.called_by_name import with_codes
from evaluator.data.reconciliation import disagreements
from evaluator.data.tables import Column
from evaluator.measuring.grades import GRADES
from evaluator.measuring.tables import CUSTOMERS, customers_schema, measures_schema
from evaluator.scoring import own_scales
from evaluator.study.returned_forms import tables_of_forms, with_forms
from evaluator.study.setup import Setup
from evaluator.tree import Tree

_ROW = "_row"
_NOT_OF_CUSTOMERS = {name for name, schema in TABLES.items() if not schema.of_customers} - {
    "relations",
    "idic",
}


def read_all_tables(setup: Setup, trees: Mapping[str, Tree]) -> Tables:
    """Return the tables as they are read, for all trees of a study.

    `trees` has the tree of each branch by its id. Raises `EvaluationError` as `data.read_tables`.
    """
    schemas = schemas_of(setup, trees)
    read = read_mapped(setup, list(setup.file.tables), schemas)
    frames, named = with_codes(read.frames, schemas)
    telling = {note.table: note.telling for note in read.notes}
    apart = disagreements(frames, schemas, as_of=setup.file.as_of, telling=telling)
    read = replace(read, frames=frames, issues=(*read.issues, *named, *apart))
    return _told_by_orders(read, setup.file.as_of)


def _told_by_orders(read: Tables, as_of: date | None) -> Tables:
    """Return the tables with what the orders say of who customers are in the table of customers."""
    if "orders" not in read:
        return read
    orders = nw.from_native(read["orders"].lazy())
    rows = read.whole("customers").with_row_index(_ROW).lazy() if "customers" in read else None
    told = told_by_orders(nw.from_native(rows) if rows is not None else None, orders, as_of=as_of)
    if told is None:
        return read
    whole = to_polars(told)
    whole = whole.sort([name for name in (_ROW, "id") if name in whole.columns], nulls_last=True).drop(
        _ROW, strict=False
    )
    further = {
        name: whole.select(frame.columns) for name, frame in read.further.items() if name == "customers"
    }
    known = whole.drop(further["customers"].columns) if further else whole
    issues = (*read.issues, *several_told(orders, as_of=as_of))
    frames = {**read.frames, "customers": known}
    return replace(read, frames=frames, further={**read.further, **further}, issues=issues)


def schemas_of(setup: Setup, trees: Mapping[str, Tree]) -> dict[str, TableSchema]:
    """Return the tables a study may have, with the columns of each of its trees."""
    scaled = [own_scales(trees[one.branch], one.file.scoring.scales)[0] for one in setup.branches]
    asked = setup.file.customers.satisfaction
    stated = {"low", "high"} & asked.model_fields_set
    schemas: dict[str, TableSchema] = {
        **TABLES,
        **({"survey": survey_within(asked.low, asked.high)} if stated else {}),
        "customers": _joint_schema(scaled, customers_schema),
        "grades": GRADES,
        "measures": _with_stated(_joint_schema(scaled, measures_schema), setup, scaled),
    }
    for name in tables_of_forms(setup):
        schemas[name] = replace(schemas[name], may_be_empty=True)
    return schemas


def read_customers(setup: Setup) -> Tables:
    """Return the table of customers alone, which is all that routing looks at."""
    return read_mapped(setup, ["customers"], {"customers": CUSTOMERS})


def read_mapped(setup: Setup, names: Sequence[str], schemas: Mapping[str, TableSchema]) -> Tables:
    """Return those of some tables that the study maps."""
    mapped = {name: table for name, table in setup.file.tables.items() if name in names}
    databases = setup.file.databases
    return read_tables(mapped, schemas, setup.folder, databases=databases, document=setup.document)


def tables_of_tree(setup: Setup, tree: Tree, read: Tables, ids: frozenset[str] | None) -> Tables:
    """Return the tables of those a tree evaluates, with what forms brought back.

    `ids` are those of one of several trees, None where the study has one.
    """
    return with_forms(setup, tree, read if ids is None else _of_ids(read, ids))


def _joint_schema(trees: Sequence[Tree], schema: Callable[[Tree], TableSchema]) -> TableSchema:
    """Return a table of several trees, with the columns of each."""
    schemas = [schema(tree) for tree in trees]
    columns = {column.name: column for schema in schemas for column in schema.columns}
    return replace(schemas[0], columns=tuple(columns.values()))


def _with_stated(schema: TableSchema, setup: Setup, trees: Sequence[Tree]) -> TableSchema:
    """Return the table of measures with the columns a study states that only flags and actions speak of."""
    mapped = setup.file.tables.get("measures")
    stated = [name for name in mapped.columns if name not in schema.names] if mapped else []
    known = {name: kind for tree in trees for name, kind in measures_named(tree).items()} if stated else {}
    columns = (
        Column(name, "text" if known[name] == "text" else "number") for name in stated if name in known
    )
    return replace(schema, columns=(*schema.columns, *columns))


def _of_ids(tables: Tables, ids: frozenset[str]) -> Tables:
    """Return the tables with only the rows of some customers; what is not about customers stays."""
    kept = {
        name: frame["id"].is_in(ids)
        for name, frame in tables.frames.items()
        if "id" in frame.columns and name not in _NOT_OF_CUSTOMERS
    }

    def only(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        return {name: frame.filter(kept[name]) if name in kept else frame for name, frame in frames.items()}

    return replace(tables, frames=only(tables.frames), further=only(tables.further))
