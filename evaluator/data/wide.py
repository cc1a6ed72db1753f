"""Headers that seem to be rows of the table: months, or the questions of a survey."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from evaluator.data.cell_values import written
from evaluator.data.cells import Cells
from evaluator.data.conversion import Written, converted
from evaluator.data.dates import month_alone
from evaluator.data.headers import Header
from evaluator.data.mapping import TableMapping
from evaluator.data.questions import cells_below, line
from evaluator.data.signs import tidy
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Issue, Location

_FEWEST = 2  # columns that make a grid
_MOSTLY = 0.8  # of the cells below a question are answers
_SHOWN = 3
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CUT = re.compile(r"\s|[^\d\s./-](?=\d{4})")  # where a header may be parted into words and a month


def dated(texts: Sequence[str], cells: Cells, year: int | None = None) -> list[str]:
    """Return headers, months among them with the year that is stated or that their sheet or file is named after.

    >>> dated(["Jan", "Total"], Cells("sales 2023.csv", pl.DataFrame()))
    ['2023-01', 'Total']
    """  # noqa: E501
    year = year or _year(cells.sheet or "") or _year(cells.file.rpartition("/")[2])
    months = _months_alone(texts) if year else {}
    return [f"{year}-{months[index]}" if index in months else text for index, text in enumerate(texts)]


def _year(name: str) -> int | None:
    years = set(_YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def _months_alone(texts: Sequence[str]) -> dict[int, str]:
    """Return the months among texts that have no year, by the place of the text."""
    headers = pl.DataFrame({"text": list(texts)}, schema={"text": pl.String})
    months = headers.select(month_alone(tidy(pl.col("text")))).to_series()
    return {index: month for index, month in enumerate(months) if month}


def no_year(texts: Sequence[str], line: str, where: Location) -> Iterator[Issue]:
    """Yield the question of which year headers are that are months without one."""
    months = [texts[index] for index in _months_alone(texts)]
    if len(months) >= _FEWEST:
        yield Issue("DATA-583", "date", {"headers": ", ".join(months), "line": line}, where=where)


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
        titles = [header.names[index] for index in free]
        days = is_day(dated(titles, cells))
        hits = [index for index, day in zip(free, days, strict=True) if day]
        answer: dict[str, object] = {"name": name.name, "value": value.name}
        if len(hits) < _FEWEST:
            without = line(unpivot={**answer, "year": "YYYY"})
            yield from no_year(titles, without, cells.place(header.row, min(free, default=0)))
            pattern, hits = _days_beside(header, free, cells)
            answer = {"name": name.name, "values": {value.name: pattern}}
    else:
        hits = [index for index in free if _holds(cells, header, index, value)]
        answer = {"columns": [header.names[index] for index in hits], "name": name.name, "value": value.name}
    if len(hits) >= _FEWEST:
        shown = [f"{header.names[index]} ({cells_below(cells, header, index)})" for index in hits[:_SHOWN]]
        detail = {"column": name.name, "value": value.name, "count": len(hits), "headers": ", ".join(shown),
                  "line": line(unpivot=answer)}  # fmt: skip
        yield Issue("DATA-531", name.name, detail, where=cells.place(header.row, hits[0]))


def _days_beside(header: Header, free: Sequence[int], cells: Cells) -> tuple[str, list[int]]:
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
        pattern: [
            index for index, day in zip(told, is_day(dated(list(told.values()), cells)), strict=True) if day
        ]
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
