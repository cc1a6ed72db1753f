"""The frozen model as a model of dbt: the query, and a file with its documentation and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evaluator import messages
from evaluator.actions.choosing import NONE_STATED
from evaluator.errors import EvaluationError, Issue
from evaluator.files import write_text
from evaluator.scoring import Model
from evaluator.scoring.rules import OUTCOMES
from evaluator.tree.profiles import DEFAULT
from evaluator.warehouse.dbt_measures import measures_properties, plain_text, sources_of
from evaluator.warehouse.dialects import Dialect, dialect_named
from evaluator.warehouse.exported import TABLE, Exported, ModelParts
from evaluator.warehouse.from_orders import MeasureQueries, OrdersThere, columns_made
from evaluator.warehouse.meanings import meanings
from evaluator.warehouse.parts import Type
from evaluator.warehouse.writing import type_words

_PLAIN = re.compile(r"[a-zA-Z]\w*", re.ASCII)
_NAMED = re.compile(r"[\w-]+(\.[\w-]+)?")


@dataclass(frozen=True)
class DbtFiles:
    """What was written for dbt: the query, its properties, what must be said of them; the model before it."""

    query: Path
    properties: Path
    exported: Exported
    measures: tuple[Path, ...] = ()


def write_dbt(
    model: Model, dialect: str, folder: str | Path, *, table: str = TABLE,
    columns: dict[str, Type] | None = None, there: OrdersThere | None = None, language: str = "en",
) -> DbtFiles:  # fmt: skip
    """Write a model into a folder of dbt's models: ``<tree>_scores.sql`` and ``<tree>_scores.yml``.

    `table` is another model, or with its schema (``crm.measures``) a source, which the properties declare.
    Ids are tested to be unique and there, texts to be one of those that the model can give. With the orders
    that are `there`, a model ``<tree>_measures`` is written too, which takes the place of `table`.

    Raises
    ------
    EvaluationError
        as `model_sql`, also for a table that dbt could not name.
    """
    found, measures = dialect_named(dialect), None
    if there:
        measures, table = _measures(model, found, there, language), _title(model, "measures")
        columns = columns_made(measures.exported)
    made = ModelParts(model, columns or {})
    mark, reference = _marked("measures", table)
    exported = made.written(found, mark, language, quoted=False)
    said = _properties(model, made, exported, found, language)
    schema, _, name = table.rpartition(".")
    if schema:
        said = {"sources": [{"name": schema, "tables": [_source(name, model, found)]}], **said}
    scores = _Model(_title(model, "scores"), exported, {mark: reference}, said)
    home = Path(folder)
    before = measures.write(home) if measures else ()
    return DbtFiles(*scores.write(home), exported, before)


@dataclass(frozen=True)
class _Model:
    """A model of dbt to be written; `marks` stand in its query where references will."""

    title: str
    exported: Exported
    marks: Mapping[str, str]
    said: Mapping[str, Any]

    def write(self, home: Path) -> tuple[Path, Path]:
        text = self.exported.text.replace("{", "{{ '{' }}")
        for mark, reference in self.marks.items():
            text = text.replace(mark, reference)
        described = yaml.safe_dump(
            {"version": 2, **self.said}, allow_unicode=True, sort_keys=False, width=100
        )
        paths = home / f"{self.title}.sql", home / f"{self.title}.yml"
        for path, content in zip(paths, (text, described), strict=True):
            write_text(path, content)
        return paths


def _measures(model: Model, dialect: Dialect, there: OrdersThere, language: str) -> _Model:
    """Return the model of dbt that takes the measures from orders."""
    tables = {"orders": there.orders} | ({"customers": there.customers} if there.customers else {})
    marks = {name: _marked(name, table) for name, table in tables.items()}
    made = MeasureQueries(model, there)
    exported = made.written(dialect, language, {name: mark for name, (mark, _) in marks.items()})
    said = measures_properties(made, exported, dialect, language)
    said["models"][0]["name"] = _title(model, "measures")
    sources = sources_of(made, dialect)
    return _Model(_title(model, "measures"), exported, dict(marks.values()), {**sources, **said})


def _marked(name: str, table: str) -> tuple[str, str]:
    """Return what stands in a query in place of a table, and dbt's reference to it."""
    if not _NAMED.fullmatch(table):
        raise EvaluationError([Issue("SQL-105", table)])
    schema, _, called = table.rpartition(".")
    reference = f"source('{schema}', '{called}')" if schema else f"ref('{called}')"
    return f"\N{SYMBOL FOR SUBSTITUTE}{name}\N{SYMBOL FOR SUBSTITUTE}", f"{{{{ {reference} }}}}"


def _title(model: Model, what: str) -> str:
    return f"{model.tree.id}_{what}" if _PLAIN.fullmatch(model.tree.id) else f"customer_{what}"


def _source(name: str, model: Model, dialect: Dialect) -> dict[str, Any]:
    """Return the table of measures with the tests of what scoring demands of it."""
    demanded = [leaf.measure for leaf in model.tree.indicators if model.missing(leaf) == "error"]
    columns = [{"name": dialect.named("id"), "quote": True, "data_tests": ["unique", "not_null"]}]
    columns += [{"name": dialect.named(n), "quote": True, "data_tests": ["not_null"]} for n in demanded]
    return {"name": name, "columns": columns}


def _properties(
    model: Model, made: ModelParts, exported: Exported, dialect: Dialect, language: str
) -> dict[str, Any]:
    say = meanings(model.tree, language)
    values = dict(_values(model, made))
    columns = []
    for name, kind in exported.columns.items():
        tests: list[Any] = ["unique", "not_null"] if name == "id" else []
        if name in values:
            tests = [{"accepted_values": {"values": values[name]}}]
        entry = {"name": dialect.named(name), "quote": True, "description": plain_text(say(name) or name)}
        columns.append(
            {**entry, "data_type": type_words(kind, dialect), **({"data_tests": tests} if tests else {})}
        )
    about = messages.text(
        "warehouse.dbt.about", language, tree=model.tree.name[language], digest=model.digest
    )
    return {
        "models": [{"name": _title(model, "scores"), "description": plain_text(about), "columns": columns}]
    }


def _values(model: Model, made: ModelParts) -> Iterator[tuple[str, list[str]]]:
    """Yield the columns of text and what may stand in them."""
    tree = model.tree
    yield "status", ["rated", "insufficient", "excluded"]
    yield "grade", [grade.id for grade in tree.grades]
    for matrix in tree.matrices:
        yield f"class_{matrix.id}", [entry.id for entry in matrix.classes]
    for rule in tree.rules:
        yield f"rule_{rule.id}", list(OUTCOMES)
    if model.fuzzy:
        yield "fuzzy_grade", [grade.id for grade in tree.grades]
        yield "validity", ["full", "high", "fair", "weak"]
    if model.profiles:
        yield "profile", [DEFAULT, *(entry.id for entry in model.profiles)]
    if made.actions:
        yield "action", [*(action.id for action in made.actions), NONE_STATED]
