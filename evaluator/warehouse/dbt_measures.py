"""What dbt is told of the measures from orders: what every column is, and the tests of tables and columns."""

from __future__ import annotations

from typing import Any

from evaluator import messages
from evaluator.customers.models.rfm.scores import CLASSES
from evaluator.warehouse.dialects import Dialect
from evaluator.warehouse.exported import Exported
from evaluator.warehouse.from_orders import LINES, MeasureQueries
from evaluator.warehouse.meanings import meanings
from evaluator.warehouse.writing import type_words


def measures_properties(
    made: MeasureQueries, exported: Exported, dialect: Dialect, language: str
) -> dict[str, Any]:
    """Return the properties of the model of measures: its columns with what they mean, and their tests."""
    say = meanings(made.tree, language)
    columns = []
    for name, kind in exported.columns.items():
        entry = {"name": dialect.named(name), "quote": True, "description": plain_text(say(name) or name)}
        tests = _tests(name, made)
        columns.append(
            {**entry, "data_type": type_words(kind, dialect), **({"data_tests": tests} if tests else {})}
        )
    tree = made.tree.name[language]
    about = messages.text("warehouse.dbt.measures", language, tree=tree, digest=made.model.digest)
    return {"models": [{"name": "", "description": plain_text(about), "columns": columns}]}


def _tests(name: str, made: MeasureQueries) -> list[Any]:
    if name == "id":
        return ["unique", "not_null"]
    if name in LINES:
        return [{"accepted_values": {"values": [0], "quote": False, "config": {"severity": "warn"}}}]
    if name == "rfm_class":
        return [{"accepted_values": {"values": list(CLASSES.values())}}]
    if name in ("rfm_r", "rfm_f", "rfm_m") and made.rfm:
        return [{"accepted_values": {"values": list(range(1, made.rfm.bins + 1)), "quote": False}}]
    return []


def sources_of(made: MeasureQueries, dialect: Dialect) -> dict[str, Any]:
    """Return the tables that are sources, with the tests of what a file would be refused for."""
    there = made.there
    tests = {there.orders: {name: ["not_null"] for name in ("id", "date", "amount") if name in there.columns}}
    if there.customers:
        tests[there.customers] = {"id": ["unique", "not_null"]}
    schemas: dict[str, list[Any]] = {}
    for table, columns in tests.items():
        schema, _, name = table.rpartition(".")
        tested = [{"name": dialect.named(c), "quote": True, "data_tests": t} for c, t in columns.items()]
        if schema:
            schemas.setdefault(schema, []).append({"name": name, "columns": tested})
    sources = [{"name": schema, "tables": tables} for schema, tables in schemas.items()]
    return {"sources": sources} if sources else {}


def plain_text(text: str) -> str:
    """Return a text that dbt does not take for a template of its own."""
    return text.replace("{", "(").replace("}", ")")
