"""The door: any dataframe comes in as a lazy frame, and its like goes out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import polars as pl

if (
    TYPE_CHECKING
):  # pandas takes as long to load as all the rest; whoever hands over a frame of it has it already
    import pandas as pd


@dataclass(frozen=True)
class Entered:
    """A frame that came in: what to compute on, and how its like goes out.

    `eager` says that the data are at hand, so that looking at them costs little.
    """

    frame: nw.LazyFrame[Any]
    leave: Callable[[nw.LazyFrame[Any]], Any]
    eager: bool


def enter(native: Any, columns: Iterable[str] | None = None) -> Entered:
    """Take in a dataframe: pandas, Polars eager or lazy, or whatever else narwhals knows.

    A pandas frame enters through NumPy columns, is computed by Polars and leaves with its own index;
    the rows must therefore stay as many and in their order. Lazy frames stay lazy. What is at hand is
    computed in chunks that fit a processor's cache: whole columns would go through memory at every step.

    Parameters
    ----------
    columns : those that will be read, where known; of pandas only these are taken in.

    Raises
    ------
    TypeError
        when it is no dataframe at all.
    """
    if nw.dependencies.is_pandas_dataframe(native):
        wanted = list(native.columns) if columns is None else [c for c in columns if c in native.columns]
        frame = pl.DataFrame([_series(name, native[name]) for name in wanted])
        return Entered(_lazy(frame), lambda done: _to_pandas(_collected(done), native.index), eager=True)
    if isinstance(native, pl.DataFrame):
        return Entered(_lazy(native), _collected, eager=True)
    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        return Entered(frame, lambda done: done.to_native(), eager=False)
    backend = frame.implementation
    return Entered(
        _lazy(frame.to_polars()),
        lambda done: nw.from_dict(_collected(done).to_dict(as_series=False), backend=backend).to_native(),
        eager=True,
    )


def to_polars(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Compute a lazy frame of any engine and return it as Polars."""
    return frame.collect(backend="polars").to_native()  # type: ignore[no-any-return]


def _lazy(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(frame.lazy())


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native: pl.LazyFrame = frame.to_native()
    return native.collect(engine="streaming")


def _series(name: str, column: pd.Series[Any] | pd.DataFrame) -> pl.Series:
    import pandas as pd

    if isinstance(column, pd.DataFrame):
        raise ValueError(f"two columns are named {name!r}")
    kind = column.dtype.kind
    if kind == "M" and isinstance(column.dtype, np.dtype):  # pandas may count in seconds, Polars cannot
        return pl.Series(name, column.to_numpy().astype("datetime64[us]"))
    if isinstance(column.dtype, np.dtype) and kind in "fiub":
        return pl.Series(name, column.to_numpy(), nan_to_null=kind == "f")
    if kind in "iu" and not column.hasnans:
        return pl.Series(name, column.to_numpy(dtype=np.int64))
    if kind in "fiu":
        return pl.Series(name, column.to_numpy(dtype=np.float64, na_value=np.nan), nan_to_null=True)
    if isinstance(column.dtype, pd.StringDtype) and column.dtype.storage == "pyarrow":
        return pl.Series(name, column, dtype=pl.String)
    return _objects(name, column)


def _objects(name: str, column: pd.Series[Any]) -> pl.Series:
    """Take in text, or a mixture: as numbers where all are numbers, else as text, never half of it."""
    values = column.to_numpy(dtype=object)
    known = ~column.isna().to_numpy()
    kinds = {type(value) for value in values[known]}
    numbers = (int, float, np.integer, np.floating)
    if kinds and all(issubclass(kind, numbers) and kind is not bool for kind in kinds):
        return pl.Series(name, column.to_numpy(dtype=np.float64, na_value=np.nan), nan_to_null=True)
    if not kinds:
        return pl.Series(name, [None] * len(values), dtype=pl.Null)
    texts = values.copy()
    texts[~known] = None
    if kinds != {str}:
        texts = np.array([None if value is None else str(value) for value in texts], dtype=object)
    return pl.Series(name, texts, dtype=pl.String)


def _to_pandas(frame: pl.DataFrame, index: pd.Index[Any]) -> pd.DataFrame:
    import pandas as pd

    # one block per column: gathering them in one would copy all of them once more
    return pd.DataFrame({column.name: _array(column) for column in frame}, index=index, copy=False)


def _array(column: pl.Series) -> Any:
    if column.dtype != pl.String:
        return column.to_numpy(writable=True)
    import pandas as pd

    kind = pd.Series(["text"]).dtype  # what pandas holds text in: Arrow's, from pandas 3 on
    if isinstance(kind, pd.StringDtype) and kind.storage == "pyarrow":
        return pd.array(column.to_arrow(), dtype=kind)
    return column.to_list()
