"""Spark frames: computed by Polars, batch by batch, in Spark's own Python workers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import narwhals as nw
import polars as pl

GATHERED = 100_000
"""Rows computed at once: planning a hundred expressions for each of Spark's 10,000 takes longer than they."""

_DDL = {
    pl.String: "string",
    pl.Float64: "double",
    pl.Float32: "float",
    pl.Int64: "bigint",
    pl.Int32: "int",
    pl.Int16: "smallint",
    pl.Boolean: "boolean",
}


def is_spark(frame: nw.LazyFrame[Any]) -> bool:
    """True if a frame is Spark's own, classic or Connect."""
    return bool(frame.implementation.is_pyspark() or frame.implementation.is_pyspark_connect())


def by_batches(
    frame: nw.LazyFrame[Any],
    columns: Sequence[str],
    compute: Callable[[pl.DataFrame], pl.DataFrame],
    counted: Callable[[int], None] | None = None,
) -> nw.LazyFrame[Any]:
    """Return what `compute` makes of a Spark frame; nothing is computed before Spark is asked for it.

    Spark hands its rows over as Arrow and takes Arrow back, so that it distributes, retries and spills
    as ever. Its optimizer, which takes longer over hundreds of expressions than the data take, sees none
    of them. Every worker needs this package, Polars and PyArrow.

    Parameters
    ----------
    columns : those that `compute` reads.
    compute : computes each row from itself alone; it must survive pickling.
    counted : is told, in the workers, how many rows each batch had.
    """
    native: Any = frame.select(*columns).to_native()
    stated = {field.name: field.dataType.simpleString() for field in native.schema.fields}
    empty = pl.DataFrame(schema=frame.select(*columns).collect_schema().to_polars())
    made = compute(empty).schema
    schema = ", ".join(
        f"`{name}` {stated[name] if name in stated else _DDL[kind.base_type()]}"
        for name, kind in made.items()
    )

    def batches(parts: Iterator[Any]) -> Iterator[Any]:
        for rows in gathered(parts):
            done = compute(rows)
            if counted:
                counted(len(done))
            yield from done.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()

    with warnings.catch_warnings():  # of pandas, which takes no part in this
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        mapped: nw.LazyFrame[Any] = nw.from_native(native.mapInArrow(batches, schema))
    return mapped


def gathered(parts: Iterator[Any]) -> Iterator[pl.DataFrame]:
    """Yield Arrow batches joined to frames of `GATHERED` rows or a little more."""
    kept: list[pl.DataFrame] = []
    for part in parts:
        kept.append(pl.DataFrame(part))
        if sum(map(len, kept)) >= GATHERED:
            yield pl.concat(kept)
            kept = []
    if kept:
        yield pl.concat(kept)
