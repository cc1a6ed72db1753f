"""The door: any dataframe comes in as a lazy frame, and its like goes out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import narwhals as nw
import polars as pl
import polars.selectors as cs

from evaluator.columns.ids import lazily_with_id_texts, with_id_texts
from evaluator.columns.pandas_frames import from_pandas, to_pandas
from evaluator.columns.spark import is_spark

_CLOCK = cs.datetime(time_zone="*").dt.replace_time_zone(None)
"""Times with a zone are the clock there: the day of an order is the day where it was placed."""


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

    A pandas frame is computed by Polars and leaves with its own index;
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
        frame = from_pandas(native, wanted)
        return Entered(_lazy(frame), lambda done: to_pandas(_collected(done), native.index), eager=True)
    if isinstance(native, pl.DataFrame):
        return Entered(_lazy(native), _collected, eager=True)
    frame = nw.from_native(native)
    if isinstance(frame, nw.LazyFrame):
        return Entered(_waiting(frame), lambda done: done.to_native(), eager=False)
    backend = frame.implementation
    return Entered(
        _lazy(frame.to_polars()),
        lambda done: nw.from_dict(_collected(done).to_dict(as_series=False), backend=backend).to_native(),
        eager=True,
    )


def to_polars(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    """Compute a lazy frame of any engine and return it as Polars."""
    return frame.collect(backend="polars").to_native()  # type: ignore[no-any-return]


@contextmanager
def computed_once(frame: nw.LazyFrame[Any]) -> Iterator[nw.LazyFrame[Any]]:
    """Yield a frame that is read several times, computed once, which its engine keeps for the block."""
    if is_spark(frame):
        spark: Any = frame.to_native()
        spark.persist()
        try:
            yield frame
        finally:
            spark.unpersist()
    elif frame.implementation.is_duckdb():
        relation: Any = frame.to_native()
        name = f"kept_{uuid4().hex}"
        relation.query("computed", f"CREATE TEMP TABLE {name} AS FROM computed")
        try:
            yield nw.from_native(relation.query("computed", f"FROM {name}"))
        finally:
            relation.query("computed", f"DROP TABLE {name}")
    else:
        yield nw.from_native(to_polars(frame).lazy())


def _lazy(frame: pl.DataFrame) -> nw.LazyFrame[Any]:
    return nw.from_native(with_id_texts(frame).with_columns(_CLOCK).lazy())


def _waiting(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    frame = lazily_with_id_texts(frame)
    if not frame.implementation.is_polars():
        return frame
    native: pl.LazyFrame = frame.to_native()
    return nw.from_native(native.with_columns(_CLOCK))


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native: pl.LazyFrame = frame.to_native()
    return native.collect(engine="streaming")
