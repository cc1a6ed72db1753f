"""The frozen model as a model of dbt: the query, and a file with its documentation and tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
from evaluator.warehouse.dialects import Dialect, dialect_named
from evaluator.warehouse.exported import TABLE, Exported, ModelParts
from evaluator.warehouse.meanings import meanings
from evaluator.warehouse.parts import Type
from evaluator.warehouse.statement import type_words

_PLAIN = re.compile(r"[a-zA-Z]\w*", re.ASCII)
_NAMED = re.compile(r"[\w-]+(\.[\w-]+)?")


@dataclass(frozen=True)
class DbtFiles:
    """What was written for dbt: the query, its properties, and what must be said of them."""

    query: Path
    properties: Path
    exported: Exported


def write_dbt(
    model: Model, dialect: str, folder: str | Path, *, table: str = TABLE,
    columns: dict[str, Type] | None = None, language: str = "en",
) -> DbtFiles:  # fmt: skip
    """Write a model into a folder of dbt's models: ``<tree>_scores.sql`` and ``<tree>_scores.yml``.

    `table` is another model, or with its schema (``crm.measures``) a source, which the properties declare.
    Ids are tested to be unique and there, texts to be one of those that the model can give.

    Raises
    ------
    EvaluationError
        as `model_sql`, also for a table that dbt could not name.
    """
    if not _NAMED.fullmatch(table):
        raise EvaluationError([Issue("SQL-105", table)])
    found, made = dialect_named(dialect), ModelParts(model, columns or {})
    schema, _, name = table.rpartition(".")
    exported = made.written(found, _MARK, language, quoted=False)
    reference = f"source('{schema}', '{name}')" if schema else f"ref('{name}')"
    text = exported.text.replace("{", "{{ '{' }}").replace(_MARK, f"{{{{ {reference} }}}}")
    home, title = Path(folder), _title(model)
    query, properties = home / f"{title}.sql", home / f"{title}.yml"
    said = _properties(model, made, exported, found, language)
    if schema:
        said = {"sources": [{"name": schema, "tables": [_source(name, model, found)]}], **said}
    described = yaml.safe_dump({"version": 2, **said}, allow_unicode=True, sort_keys=False, width=100)
    home.mkdir(parents=True, exist_ok=True)
    write_text(query, text)
    write_text(properties, described)
    return DbtFiles(query, properties, exported)


_MARK = "\N{SYMBOL FOR SUBSTITUTE}measures\N{SYMBOL FOR SUBSTITUTE}"  # stands where the reference will


def _title(model: Model) -> str:
    return f"{model.tree.id}_scores" if _PLAIN.fullmatch(model.tree.id) else "customer_scores"


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
        entry = {"name": dialect.named(name), "quote": True, "description": _safe(say(name) or name)}
        columns.append(
            {**entry, "data_type": type_words(kind, dialect), **({"data_tests": tests} if tests else {})}
        )
    about = messages.text(
        "warehouse.dbt.about", language, tree=model.tree.name[language], digest=model.digest
    )
    return {"models": [{"name": _title(model), "description": _safe(about), "columns": columns}]}


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


def _safe(text: str) -> str:
    """Return a text that dbt does not take for a template of its own."""
    return text.replace("{", "(").replace("}", ")")
