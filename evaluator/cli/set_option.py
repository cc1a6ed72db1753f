"""Lines for a mapping, as messages offer them, told as options of `run`, where no mapping is written yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from evaluator.errors import EvaluationError, Issue

_TICKED = re.compile(r"`([^`]+)`")
_SAFE = re.compile(r"[\w@%+=:,./\-]+")


def with_options(issue: Issue) -> Issue:
    """Return an issue whose lines for a mapping are options: `--set amount.decimal=,`."""
    detail = {
        name: _without_options(value) if isinstance(value, str) else value
        for name, value in issue.detail.items()
    }
    return replace(issue, detail=detail)


def _without_options(text: str) -> str:
    if "`" in text:
        return _TICKED.sub(lambda found: f"`{_options(found[1]) or found[1]}`", text)
    return _options(text) or text


def _options(line: str) -> str:
    """Return a line of YAML as options, empty where it says anything that is no setting.

    >>> _options('amount: {from: Betrag, decimal: ","}'), _options("encoding: cp1252")
    ('--set amount.decimal=,', '--set encoding=cp1252')
    >>> _options('columns: {product: "Pos.Bezeichnung"}')
    '--column product="Pos.Bezeichnung"'
    >>> _options('columns: {margin: {from: M, units: {"%": 0.01}}}'), _options("as_of: 2024-01-05")
    ('--set "margin.units={\\'%\\': 0.01}"', '')
    >>> _options("tables: {orders: {rates: {to: EUR, per_unit: {GBP: RATE}}}}")
    '--set "orders.rates={to: EUR, per_unit: {GBP: RATE}}"'
    """
    from evaluator.documents import parse  # here, because help must not load the engine

    if ":" not in line:
        return ""
    try:
        data = parse(line, "line").data
        headers = data.get("columns") if isinstance(data, Mapping) and len(data) == 1 else None
        if isinstance(headers, Mapping) and all(isinstance(header, str) for header in headers.values()):
            return " ".join(f'--column {name}="{header}"' for name, header in headers.items())
        return " ".join(f"--set {_quoted(name, value)}" for name, value in _settings(data))
    except (EvaluationError, LookupError):
        return ""


def _settings(data: Any) -> Iterator[tuple[str, Any]]:
    """Yield names and values of settings; `LookupError` for anything else."""
    from evaluator.study.settings import OF_COLUMNS, OF_TABLES, TABLES

    if not isinstance(data, Mapping):
        raise LookupError
    for key, value in data.items():
        if key == "columns":
            yield from _settings(value)
        elif key == "tables":
            yield from (
                (f"{table}.{name}", entry) for table in value for name, entry in _settings(value[table])
            )
        elif key in OF_TABLES:
            yield str(key), value
        elif key in TABLES and isinstance(value, Mapping):
            yield from ((f"{key}.{name}", entry) for name, entry in _settings(value))
        elif isinstance(value, Mapping) and value.keys() - {"from"} <= set(OF_COLUMNS):
            yield from ((f"{key}.{name}", entry) for name, entry in value.items() if name != "from")
        else:
            raise LookupError


def _quoted(name: str, value: Any) -> str:
    """Return a setting as a shell takes it: double quotes do everywhere."""
    from evaluator.data.inline_yaml import flow

    said = f"{name}={value if isinstance(value, str) else flow(value)}"
    return said if _SAFE.fullmatch(said) else '"' + said.replace('"', "'") + '"'
