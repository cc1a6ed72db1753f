"""What lies beyond the range of a column, and codes for what is not known: named, with the line to add."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from evaluator.columns import at_most, reaches
from evaluator.data.cell_values import SHOWN, Body
from evaluator.data.codes import far_out, within
from evaluator.data.tables import Column
from evaluator.errors import Issue, Severity

BUSINESS_YEARS = (1950, 2099)


def limit_issues(table: Body, column: Column, cells: pl.DataFrame) -> Iterator[Issue]:
    """Yield what stands beyond the range of a column, or looks like a code for what is not known.

    Errors: years out of any business range, and values beyond the range that the table or the study states.
    Warnings: codes beyond the ends of a scale, which count as missing, and numbers far from all others that
    look like codes.
    """
    reading, name = table.readings[column.name], column.name
    value, known = pl.col("value"), list(reading.missing or ())
    if column.kind == "date":
        beyond = cells.filter(~value.dt.year().is_between(*(reading.years or BUSINESS_YEARS)))
        if beyond.height:
            texts = beyond["text"].str.strip_chars().unique(maintain_order=True).head(SHOWN)
            years = beyond["value"].dt.year()
            first, last = reading.years or BUSINESS_YEARS
            wide = [min(first, years.min()), max(last, years.max())]  # type: ignore[type-var]
            yield from table.issue("DATA-563", name, beyond, Severity.ERROR, {
                "first": first, "last": last, "line": table.line(name, missing=[*known, *texts]),
                "meant": table.line(name, years=wide),
            })  # fmt: skip
    if column.kind != "number":
        return
    if limits := reading.range or column.range:
        low, high = limits
        if within(cells["value"], low, high):
            return
        beyond = cells.filter(~(reaches(value, low) & at_most(value, high)))
        yield from table.issue(
            "DATA-565", name, beyond, Severity.ERROR, _limits_detail(table, name, beyond, low, high)
        )
        return
    if column.ends and cells["problem"].null_count() < cells.height:
        found = cells.filter(pl.col("problem") == "code")
        yield from table.issue(
            "DATA-566", name, found, detail=_limits_detail(table, name, found, *column.ends)
        )
    if reading.missing is None and not column.money:
        far = far_out(cells["value"], column.ends)
        if not far:
            return
        apart = cells.filter(value.is_in(far))
        yield from table.issue("DATA-567", name, apart, detail=_limits_detail(table, name, apart, None, None))


def _limits_detail(
    table: Body, name: str, cases: pl.DataFrame, low: float | None, high: float | None
) -> dict[str, object]:
    """Return the ends with the line that states the codes as missing, and the one that says all is meant."""
    if not cases.height:
        return {}
    known = list(table.readings[name].missing or ())
    numbers = cases["text"].str.strip_chars().unique(maintain_order=True).head(SHOWN)
    codes = [int(text) if text.lstrip("-").isdigit() else text for text in numbers]
    return {
        "low": low, "high": high,
        "line": table.line(name, missing=[*known, *codes]),
        "meant": table.line(name, missing=[]),
    }  # fmt: skip
