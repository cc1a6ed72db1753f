"""Headers that seem to be rows of the table: months, or the questions of a survey."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from evaluator.data.cell_values import written
from evaluator.data.cells import Cells
from evaluator.data.conversion import Written, converted
from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import cells_below, line
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Issue

_FEWEST = 2  # columns that make a grid
_MOSTLY = 0.8  # of the cells below a question are answers
_SHOWN = 3
_CUT = re.compile(r"\s|[^\d\s./-](?=\d{4})")  # where a header may be parted into words and a month


def is_day(texts: Sequence[str]) -> list[bool]:
    """Say of each text whether it is a day or month."""
    days = converted(Written(pl.Series(texts, dtype=pl.String)), Column("day", "date"))["value"]
    return days.is_not_null().to_list()


def wide_issues(
    header: Header, cells: Cells, mapping: TableMapping, schema: TableSchema, found: Mapping[str, int]
) -> Iterator[Issue]:
    """Yield an issue with the line to add, where columns of a table seem to stand as headers of the file."""
    if (
        not schema.wide
        or mapping.unpivot
        or any(name in found or name in mapping.columns or name in mapping.made for name in schema.wide)
    ):
        return
    name, value = (next(one for one in schema.columns if one.name == wanted) for wanted in schema.wide)
    free = [index for index, title in enumerate(header.names) if title and index not in found.values()]
    if name.kind == "date":
        days = is_day([header.names[index] for index in free])
        hits = [index for index, day in zip(free, days, strict=True) if day]
        answer: dict[str, object] = {"name": name.name, "value": value.name}
        if len(hits) < _FEWEST:
            pattern, hits = _days_beside(header, free)
            answer = {"name": name.name, "values": {value.name: pattern}}
    else:
        hits = [index for index in free if _holds(cells, header, index, value)]
        answer = {"columns": [header.names[index] for index in hits], "name": name.name, "value": value.name}
    if len(hits) >= _FEWEST:
        shown = [f"{header.names[index]} ({cells_below(cells, header, index)})" for index in hits[:_SHOWN]]
        detail = {"column": name.name, "value": value.name, "count": len(hits), "headers": ", ".join(shown),
                  "line": line(unpivot=answer)}  # fmt: skip
        yield Issue("DATA-531", name.name, detail, where=cells.place(header.row, hits[0]))


def _days_beside(header: Header, free: Sequence[int]) -> tuple[str, list[int]]:
    """Return the pattern that most headers follow whose ``*`` is a day or month, and which do: `Sales *`."""
    followed: dict[str, dict[int, str]] = {}
    for index in free:
        title = header.names[index]
        for cut in (place.end() for place in _CUT.finditer(title)):
            before, after = title[:cut], title[cut:]
            followed.setdefault(f"{before}*", {})[index] = after
            if before.endswith(" "):
                followed.setdefault(f"*{before[-1]}{after}", {})[index] = before[:-1]
    found = {
        pattern: [index for index, day in zip(told, is_day(list(told.values())), strict=True) if day]
        for pattern, told in followed.items()
        if len(told) >= _FEWEST
    }
    return max(found.items(), key=lambda entry: len(entry[1]), default=("*", []))


def _holds(cells: Cells, header: Header, position: int, value: Column) -> bool:
    """True if most filled cells below a header could be values of a column."""
    below = cells.frame.slice(header.index + 1).head(1000)
    results = converted(written(cells, below, position), value)
    filled = int((below[f"c{position}"].str.strip_chars() != "").sum())
    return filled > 0 and int(results["value"].is_not_null().sum()) >= _MOSTLY * filled
