"""What every customer model finds in tables of many rows with awkward fractions, as text to compare.

Run as a script it prints the finding of each model by name; `seed` shuffles the rows of every table.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers import CustomerOptions, run_models

REPORTS = Path(__file__).parents[1] / "reports"
COPIES = 40
BETWEEN = {  # tables in which many rows stand for one thing: the numbers that vary, and their range
    "survey": (("expected", "perceived"), 1.0, 10.0),
    "capability": (("score",), 1.0, 5.0),
    "brand_ratings": (("score",), 1.0, 5.0),
    "complaints": (("hours", "satisfaction"), 0.0, 700.0),
    "checklist": (("answer",), 0.0, 1.0),
    "service_costs": (("quantity", "rate"), 0.0, 1e9),
    "orders": (("amount",), 0.0, 1e9),
}
PEOPLE = {"survey": "respondent", "capability": "rater"}


def findings(seed: int | None) -> dict[str, str]:
    """Return what each model finds, every digit of it."""
    found: dict[str, str] = {}
    for name, tables in (
        ("test_customer_models", lambda module: module._tables(300)),
        ("test_relationship_sections", lambda module: module._tables(200) | _logs()),
        ("test_lifetime_sections", lambda module: module._tables()),
    ):
        module = _module(name)
        known = {key: _shuffled(_many(key, table), seed) for key, table in tables(module).items()}
        results = run_models(known, as_of=module.AS_OF, options=module.OPTIONS)
        found |= {f"{name}.{model}": repr(_plain(result)) for model, result in results.results.items()}
    options = CustomerOptions.model_validate({"opportunities": {"ahead": 5, "discount_rate": 0.1}})
    results = run_models({"opportunities": _shuffled(_opportunities(), seed)}, options=options).results
    return found | {f"opportunities.{model}": repr(_plain(result)) for model, result in results.items()}


def _opportunities() -> pl.DataFrame:
    """Return customers who used some of eight opportunities."""
    rng = np.random.default_rng(7)
    used = rng.random((400, 8)) < rng.beta(1.2, 0.8, (400, 1))
    last = np.where(used.any(1), 8 - used[:, ::-1].argmax(1), 0)
    ids = [f"c{number:03}" for number in range(400)]
    return pl.DataFrame({"id": ids, "opportunities": 8, "frequency": used.sum(1), "recency": last})


def _logs() -> dict[str, pl.DataFrame]:
    """Return contracts, invoices, contacts, all spending and statuses of thirty customers."""
    invoices = _invoices()
    contacts = invoices.select("id", "date", cost="amount", response=pl.col("due").dt.day() < 20)
    wallet = invoices.select("id", "date", pl.col("amount") * 9)
    stages = invoices.select("id", "date", stage=pl.col("date").dt.quarter().cast(pl.String))
    ends = invoices.group_by("id").agg(pl.col("due").max().alias("contract_end"))
    return {
        "customers": ends,
        "receivables": invoices,
        "contacts": contacts,
        "wallet": wallet,
        "status_log": stages,
    }


def _invoices() -> pl.DataFrame:
    """Return the invoices of thirty customers before the day the tables of the reports look back from."""
    rng, count, last = np.random.default_rng(4), 3000, date(2024, 7, 1)
    days = [last - timedelta(days=int(day)) for day in rng.integers(80, 700, count)]
    return pl.DataFrame(
        {
            "id": [f"C{name:03}" for name in rng.integers(0, 30, count)],
            "date": days,
            "due": [day + timedelta(days=30) for day in days],
            "paid": [
                day + timedelta(days=int(late))
                for day, late in zip(days, rng.integers(9, 70, count), strict=True)
            ],
            "amount": rng.integers(1, 10**9, count) / 710,
        }
    )


def _many(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with further rows whose numbers have no last decimal."""
    if name not in BETWEEN:
        return table
    columns, low, high = BETWEEN[name]
    rng, copies = np.random.default_rng(11), [table]
    for copy in range(COPIES):
        moved = {
            column: (table[column].cast(pl.Float64) * pl.Series(rng.uniform(0.5, 1.4, table.height))).clip(
                low, high
            )
            for column in columns
        }
        again = table.with_columns(**moved)
        if name in PEOPLE:
            person = pl.col(PEOPLE[name]) if PEOPLE[name] in table.columns else pl.lit("")
            again = again.with_columns((pl.lit(f"{copy}-") + person + pl.col("id")).alias(PEOPLE[name]))
        copies.append(again)
    return pl.concat(copies, how="diagonal_relaxed")


def _shuffled(table: pl.DataFrame, seed: int | None) -> pl.DataFrame:
    return table if seed is None else table.sample(fraction=1.0, shuffle=True, seed=seed)


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, REPORTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _plain(value: Any) -> Any:
    """Return a result as nested lists with every digit, in an order of its own."""
    if isinstance(value, pl.DataFrame):  # rows stand as they were given
        return [sorted(value.columns), sorted(map(repr, value.select(sorted(value.columns)).rows()))]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [[field.name, _plain(getattr(value, field.name))] for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [[str(key), _plain(entry)] for key, entry in value.items()]
    if isinstance(value, np.ndarray):
        return sorted(map(repr, np.atleast_1d(value).tolist()))
    if isinstance(value, list | tuple):
        return sorted(repr(_plain(entry)) for entry in value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


if __name__ == "__main__":
    given = int(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.buffer.write(json.dumps(findings(given), ensure_ascii=False).encode())
