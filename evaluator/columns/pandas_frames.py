"""pandas columns taken in as Polars columns that say the same, and results handed back as pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if (
    TYPE_CHECKING
):  # pandas takes as long to load as all the rest; whoever hands over a frame of it has it already
    import pandas as pd

_NUMBERS = (int, float, np.integer, np.floating, Decimal)


def from_pandas(frame: pd.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return the named columns of a pandas frame as Polars columns.

    Times with a zone are the clock there, a period is its first day, categories are what they name, whole
    numbers with gaps stay whole. A mixture of numbers and text is text.
    """
    return pl.DataFrame([_series(name, frame[name]) for name in columns])


def to_pandas(frame: pl.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
    """Return a Polars frame as pandas with an index of as many rows."""
    import pandas as pd

    # one block per column: gathering them in one would copy all of them once more
    return pd.DataFrame({column.name: _array(column) for column in frame}, index=index, copy=False)


def _series(name: str, column: pd.Series[Any] | pd.DataFrame) -> pl.Series:
    import pandas as pd

    if isinstance(column, pd.DataFrame):
        raise ValueError(f"two columns are named {name!r}")
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _categories(name, column)
    if isinstance(kind, pd.ArrowDtype):
        return _arrow(name, column)
    if isinstance(kind, pd.PeriodDtype):
        return _series(name, column.dt.to_timestamp()).cast(pl.Date)
    if isinstance(kind, pd.DatetimeTZDtype):
        return _series(name, column.dt.tz_localize(None))
    if kind.kind == "M":  # pandas may count in seconds, Polars cannot
        return pl.Series(name, column.to_numpy().astype("datetime64[us]"))
    if isinstance(kind, pd.StringDtype) and kind.storage == "pyarrow":
        return pl.Series(name, column, dtype=pl.String)
    if kind.kind in "fiub":
        return _numbers(name, column)
    return _objects(name, column)


def _numbers(name: str, column: pd.Series[Any]) -> pl.Series:
    kind: Any = column.dtype
    if isinstance(kind, np.dtype):
        return pl.Series(name, column.to_numpy(), nan_to_null=kind.kind == "f")
    if kind.kind == "f":
        return pl.Series(name, column.to_numpy(dtype=np.float64, na_value=np.nan), nan_to_null=True)
    values = pl.Series(name, column.to_numpy(dtype=kind.numpy_dtype, na_value=0))
    return values.set(pl.Series(column.isna().to_numpy(dtype=bool)), None) if column.hasnans else values


def _categories(name: str, column: pd.Series[Any]) -> pl.Series:
    codes = pl.Series(column.cat.codes.to_numpy(dtype=np.int64))
    named = _series(name, column.cat.categories.to_series())
    return named.gather(codes.set(codes < 0, None)).alias(name)


def _arrow(name: str, column: pd.Series[Any]) -> pl.Series:
    import pyarrow as pa  # whoever holds such columns has it

    taken = pl.Series(name, pa.array(column.array))
    if taken.dtype in (pl.Categorical, pl.Enum):
        return taken.cast(pl.String)
    return taken.fill_nan(None) if taken.dtype.is_float() else taken


def _objects(name: str, column: pd.Series[Any]) -> pl.Series:
    """Take in Python values: numbers, dates or text, whichever all of them are, never half of it."""
    values = column.to_numpy(dtype=object)
    known = ~column.isna().to_numpy()
    kinds = {type(value) for value in values[known]}
    if not kinds:
        return pl.Series(name, [None] * len(values), dtype=pl.Null)
    if _all(kinds, int, np.integer) and not _all(kinds, bool):
        return _built(name, values, known, int, pl.Int64)
    if _all(kinds, *_NUMBERS) and bool not in kinds:
        return pl.Series(name, column.to_numpy(dtype=np.float64, na_value=np.nan), nan_to_null=True)
    if _all(kinds, datetime):
        return _built(name, values, known, lambda moment: moment.replace(tzinfo=None), pl.Datetime("us"))
    if _all(kinds, date):
        return _built(name, values, known, _day, pl.Date)
    if all(hasattr(kind, "to_timestamp") for kind in kinds):
        return _built(name, values, known, lambda period: period.to_timestamp().date(), pl.Date)
    return _built(name, values, known, str, pl.String)


def _all(kinds: set[type], *wanted: type) -> bool:
    return all(issubclass(kind, wanted) for kind in kinds)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _built(name: str, values: Any, known: Any, make: Callable[[Any], Any], kind: Any) -> pl.Series:
    made = [make(value) if there else None for value, there in zip(values, known, strict=True)]
    return pl.Series(name, made, dtype=kind)


def _array(column: pl.Series) -> Any:
    if column.dtype != pl.String:
        return column.to_numpy(writable=True)
    import pandas as pd

    kind = pd.Series(["text"]).dtype  # what pandas holds text in: Arrow's, from pandas 3 on
    if isinstance(kind, pd.StringDtype) and kind.storage == "pyarrow":
        return pd.array(column.to_arrow(), dtype=kind)
    return column.to_list()
