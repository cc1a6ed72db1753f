"""One row per customer: how every model here reads such a table, and hands its like back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluator.columns import enter, to_polars
from evaluator.customers.orders import OrderLines
from evaluator.data.frame_dates import days_of
from evaluator.errors import EvaluationError, Issue, Severity, nearest, raise_errors
from evaluator.messages import Term


def records(
    native: Any,
    *,
    numbers: Sequence[str] = (),
    texts: Sequence[str] = (),
    dates: Sequence[str] = (),
    optional: Sequence[str] = (),
    non_negative: Sequence[str] = (),
    repeated: bool = False,
) -> pl.DataFrame:
    """Return `id` and the named columns, numbers as Float64; what is not known is null.

    Parameters
    ----------
    native : pandas, Polars or any frame narwhals knows, one row per customer.
    optional : those of the named columns that need not be there; they are null then.
    non_negative : numbers that cannot be below 0.
    repeated : whether an id may stand in several rows, as in a ledger or a log.

    Raises
    ------
    EvaluationError
        a column is missing; ids are missing or stand twice; values are not numbers, not dates, infinite or
        negative; there is no customer: all together.

    >>> records(pl.DataFrame({"id": [7], "value": [3]}), numbers=["value"]).row(0)
    ('7', 3.0)
    """
    frame = to_polars(enter(native).frame)
    wanted = ("id", *numbers, *texts, *dates)
    missing = [name for name in wanted if name not in frame.columns]
    raise_errors(
        Issue("CUST-901", name, {"headers": ", ".join(frame.columns)}, nearest(name, frame.columns))
        for name in missing
        if name not in optional
    )
    frame = frame.with_columns(pl.lit(None).alias(name) for name in missing).select(wanted)
    if not frame.height:
        raise EvaluationError([Issue("CUST-905")])
    kinds = dict.fromkeys(numbers, pl.Float64()) | dict.fromkeys(dates, pl.Date())
    read = frame.with_columns(
        pl.col("id", *texts).cast(pl.String),
        *(_cast(frame, name, kind) for name, kind in kinds.items()),
    )
    raise_errors(
        [
            *_bad_ids(read["id"], repeated),
            *(issue for name in kinds for issue in _unreadable(frame[name], read[name])),
            *(
                issue
                for name in non_negative
                for issue in about("CUST-904", name, read.filter(pl.col(name) < 0)["id"])
            ),
        ]
    )
    return read.with_columns(pl.col(pl.Float64).fill_nan(None))


def as_given(native: Any, frame: pl.DataFrame) -> Any:
    """Return a frame as the kind that came in; Polars where that kind lives in a database or cluster.

    >>> import pandas as pd
    >>> as_given(pd.DataFrame({"id": ["a"]}), pl.DataFrame({"id": ["a"], "rank": [1]})).shape
    (1, 2)
    """
    if isinstance(native, OrderLines):
        return frame
    if nw.dependencies.is_pandas_dataframe(native):
        import pandas as pd  # here, because most frames are not of it and it takes long to load

        return pd.DataFrame({c.name: c.to_list() if c.dtype == pl.String else c.to_numpy() for c in frame})
    if isinstance(native, pl.LazyFrame):
        return frame.lazy()
    known = nw.from_native(native)
    if isinstance(native, pl.DataFrame) or isinstance(known, nw.LazyFrame):
        return frame
    return nw.from_dict(frame.to_dict(as_series=False), backend=known.implementation).to_native()


def with_segments(frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return a frame of customers with the `segment` that the list of customers gives them.

    It is taken from the column `segment`, else `customer_type`; a frame that has one keeps its own.

    >>> known = {"customers": pl.DataFrame({"id": ["a"], "customer_type": ["industrial"]})}
    >>> with_segments(pl.DataFrame({"id": ["a", "b"]}), known)["segment"].to_list()
    ['industrial', None]
    """
    known = tables.get("customers")
    column = next((c for c in ("segment", "customer_type") if known is not None and c in known.columns), None)
    if known is None or column is None or "segment" in frame.columns:
        return frame
    segments = known.select("id", pl.col(column).cast(pl.String).alias("segment")).unique("id")
    return frame.join(segments, on="id", how="left", maintain_order="left")


def about(
    code: str,
    subject: str,
    ids: Sequence[object] | pl.Series,
    *,
    severity: Severity = Severity.ERROR,
    **more: object,
) -> Iterator[Issue]:
    """Yield an issue that counts what it is about and names the first of them, where there are any."""
    if len(ids):
        yield Issue(code, subject, {"count": len(ids), **more, "examples": _few(ids)}, severity=severity)


def below_zero(**arrays: NDArray[np.float64]) -> Iterator[Issue]:
    """Yield an issue for every array of amounts with some below 0."""
    for name, amounts in arrays.items():
        if count := int((amounts < 0).sum()):
            yield Issue("CUST-904", name, {"count": count, "examples": "–"})


def equal_values(subject: str, values: pl.Series) -> Iterator[Issue]:
    """Yield an issue where a column does not tell any two customers apart."""
    known = values.drop_nulls()
    if known.n_unique() == 1:
        detail = {"count": len(known), "value": known[0]}
        yield Issue("CUST-906", subject, detail, severity=Severity.WARNING)


def _cast(frame: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Expr:
    if frame[name].dtype == pl.String and kind == pl.Date:
        return pl.col(name).replace_strict(*days_of(frame[name]), default=None, return_dtype=pl.Date)
    return pl.col(name).cast(kind, strict=False)


def _bad_ids(ids: pl.Series, repeated: bool) -> Iterator[Issue]:
    unknown = ids.null_count()
    twice = (
        []
        if repeated
        else ids.drop_nulls().filter(ids.drop_nulls().is_duplicated()).unique().sort().to_list()
    )
    if unknown or twice:
        yield Issue("CUST-902", "id", {"missing": unknown, "repeated": len(twice), "examples": _few(twice)})


def _unreadable(before: pl.Series, after: pl.Series) -> Iterator[Issue]:
    bad = before.filter(before.is_not_null() & after.is_null())
    if after.dtype == pl.Float64:
        bad = pl.concat([bad.cast(pl.String), after.filter(after.is_infinite()).cast(pl.String)])
    if len(bad):
        detail = {"count": len(bad), "kind": Term("type.date" if after.dtype == pl.Date else "type.number")}
        yield Issue("CUST-903", before.name, detail | {"examples": _few(bad.cast(pl.String).to_list())})


def _few(values: Sequence[object] | pl.Series) -> str:
    return ", ".join(str(value) for value in values[:5])
