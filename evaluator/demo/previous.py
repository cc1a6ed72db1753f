"""Last year's evaluation of the demo, as a study leaves it behind: the same steps on the data of then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from evaluator.demo.market import DAYS, day
from evaluator.demo.records import number, write_csv
from evaluator.demo.trade import LINES, PER_LINE, Sale
from evaluator.demo.words import Words
from evaluator.study import Study

END = DAYS - 365
LEFT = ("measures.csv", "measures.parquet", "model.json", "scores.csv", "scores.parquet")
_KEPT = ("schema", "title", "language", "convention", "tree", "experts", "weighting", "measure", "scoring",
         "attributes", "rules")  # fmt: skip
_TABLES = ("customers", "orders", "measures", "grades")


def study_of(data: Mapping[str, Any], questionnaires: Path, seed: int) -> str:
    """Return the study of last year: this year's experts, mapping and rules on the tables of scores."""
    tables = {name: {**data["tables"][name], "file": f"{name}.csv"} for name in _TABLES}
    orders = {key: value for key, value in tables["orders"].items() if key in ("file", "columns")}
    own = {
        "as_of": day(END).isoformat(),
        "seed": seed,
        "judgments": [str(questionnaires.resolve())],
        "tables": {**tables, "orders": orders},
    }
    kept = {key: data[key] for key in _KEPT if key in data}
    return yaml.safe_dump(_plain({**kept, **own}), allow_unicode=True, sort_keys=False)


def write_orders_before(path: Path, sales: Iterable[Sale], words: Words) -> None:
    """Write the sales until then as CSV, one clean row each."""
    headers = words.headers["orders"]
    products = [name for line in words.products for name in line]
    assert len(products) == LINES * PER_LINE
    rows: Iterable[Sequence[object]] = (
        (f"{day(sale.day):%Y-%m-%d}", sale.order, number(sale.customer), products[sale.product],
         sale.quantity, sale.amount, round(sale.cost / 10_000, 6))
        for sale in sales if sale.day < END
    )  # fmt: skip
    write_csv(path, list(headers.values()), rows)


def leave_behind(aside: Path, target: Path) -> None:
    """Run the study that was written aside, and put in place what an evaluation leaves for the next one."""
    study = Study(aside)
    study.save_measures()
    study.save_model()
    study.save_scores()
    target.mkdir(parents=True, exist_ok=True)
    for name in LEFT:
        if not (target / name).exists():
            os.replace(study.output / name, target / name)


def _plain(value: Any) -> Any:
    """Return data of a study as YAML's own writer takes them."""
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value
