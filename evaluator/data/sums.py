"""A row that is the sum of all others: a total, whatever its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from evaluator.data.cell_values import Body
from evaluator.data.questions import line
from evaluator.errors import Issue

_FEWEST = 5  # so many others with a number: two and three are five by chance
_ROUNDED = 1e-5  # of the number, for the others may be rounded


def sum_issues(table: Body, kept: pl.Series) -> Iterator[Issue]:
    """Yield a question where a kept row has the sum of all others, as an amount of money or in two columns.

    A mapping that says `totals: []` takes every row as a record.
    """
    if not table.mapping.totals:
        return
    numbers = [column for column in table.columns if column.kind == "number"]
    sums = {
        column: row for column in numbers if (row := _sum_of_others(table, column.name, kept)) is not None
    }
    rows = list(sums.values())
    for row in dict.fromkeys(rows):
        there = [column for column, other in sums.items() if other == row]
        if len(there) > 1 or there[0].money:
            yield _question(table, row, [column.name for column in there], kept)


def _sum_of_others(table: Body, name: str, kept: pl.Series) -> int | None:
    """Return the position of the row whose number is the sum of all others, None where there is none."""
    values = table.value(name).to_numpy()
    [at] = np.nonzero(kept.to_numpy() & ~np.isnan(values) & (values != 0))
    if len(at) <= _FEWEST:
        return None
    numbers = values[at]
    largest = int(np.abs(numbers).argmax())
    value = float(numbers[largest])
    others = float(numbers.sum()) - value
    return int(at[largest]) if abs(value - others) <= _ROUNDED * abs(value) else None


def _question(table: Body, at: int, names: list[str], kept: pl.Series) -> Issue:
    row = int(table.rows["row"][at])
    said = next((text for text in map(_tidy, table.rows.select(table.cells.columns).row(at)) if text), "")
    detail = {
        "row": table.cells.label(row),
        "said": said,
        "columns": ", ".join(f"{name} {table.value(name)[at]:,.15g}" for name in names),
        "count": int(kept.sum()) - 1,
        "every": line(tables={table.name: {"totals": []}}),
        "line": line(tables={table.name: {"filters": [*_filters(table), _rule(table, at, names[0], kept)]}}),
    }
    return Issue("DATA-537", said, detail, where=table.place(row, names[0]))


def _tidy(cell: str | None) -> str:
    return (cell or "").strip()


def _filters(table: Body) -> list[dict[str, Any]]:
    return [rule.model_dump(by_alias=True, exclude_unset=True) for rule in table.mapping.filters]


def _rule(table: Body, at: int, name: str, kept: pl.Series) -> dict[str, Any]:
    """Return the filter that drops the row: by its id if nobody else has it, else by its number."""
    own = table.value(table.ids)[at] if table.ids else None
    if table.ids and own is not None and (table.value(table.ids).filter(kept) == own).sum() == 1:
        return {"drop": table.ids, "equals": own, "reason": "total"}
    return {"drop": name, "equals": table.value(name)[at], "reason": "total"}
