"""Dates that a frame holds as text, as pandas' `read_csv` gives them: read as those of a file are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.columns import to_polars
from evaluator.data.conversion import Written, converted
from evaluator.data.tables import Column
from evaluator.errors import Issue, raise_errors
from evaluator.messages import Term

_ISO = r"^\d{4}-\d{2}-\d{2}$"


def with_days(frame: nw.LazyFrame[Any], names: Iterable[str]) -> nw.LazyFrame[Any]:
    """Return a frame whose named columns are dates where they were text.

    How a column writes its dates is decided from all of its cells. In a database or cluster only text as
    2024-12-31 becomes dates; other text is left for the checks to name.

    Raises
    ------
    EvaluationError
        texts that are no dates, or could be two; for all columns together.
    """
    schema = frame.collect_schema()
    issues: list[Issue] = []
    for name in names:
        if schema.get(name) not in (nw.String, nw.Categorical, nw.Enum):
            continue
        texts = to_polars(frame.select(nw.col(name).cast(nw.String)).unique())[name].drop_nulls()
        if frame.implementation.is_polars():
            days = days_of(texts)
            issues.extend(_undated(name, days))
            native = frame.to_native()
            read = pl.col(name).cast(pl.String).replace_strict(*days, default=None, return_dtype=pl.Date)
            frame = nw.from_native(native.with_columns(read))
        elif texts.str.contains(_ISO).all():
            frame = frame.with_columns(nw.col(name).cast(nw.String).cast(nw.Date))
    raise_errors(issues)
    return frame


def days_of(texts: pl.Series) -> pl.DataFrame:
    """Return each distinct `text` with its `day`, null where it is none or could be two.

    >>> days_of(pl.Series(["2024/3/1", "soon"]))["day"].to_list()
    [datetime.date(2024, 3, 1), None]
    """
    texts = texts.cast(pl.String).unique(maintain_order=True).drop_nulls()
    read = converted(Written(texts), Column("date", "date"))
    return pl.DataFrame({"text": texts, "day": read["value"].cast(pl.Date)})


def _undated(name: str, days: pl.DataFrame) -> Iterator[Issue]:
    bad = days.filter(pl.col("day").is_null() & (pl.col("text").str.strip_chars() != ""))["text"]
    if len(bad):
        examples = ", ".join(bad.head(5))
        yield Issue("CUST-903", name, {"count": len(bad), "kind": Term("type.date"), "examples": examples})
