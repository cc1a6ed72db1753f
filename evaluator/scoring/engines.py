"""Engines that score files of any size: each reads, scores and writes by its own means."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.columns import enter
from evaluator.columns.apostrophes import mark, unmark
from evaluator.columns.spark_session import optional, spark_session
from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.files import temporary_folder
from evaluator.registry import Registry
from evaluator.scoring.checks import column_issues, missing_issues
from evaluator.scoring.model import Model
from evaluator.scoring.progress import Meter
from evaluator.scoring.score_steps import score, score_in_batches
from evaluator.tree.names import attributes
from evaluator.tree.types import Lookup

CELLS_AT_ONCE = 1_000_000  # of the result, on each thread: smaller batches cost time, larger ones memory

Engine = Callable[["Job"], None]

ENGINES: Registry[Engine] = Registry("engine")
"""Engines of `score_files`. With one model all give the same scores to 1e-9."""


@dataclass(frozen=True)
class Job(Brief):
    """What an engine is to do: score these files, all Parquet or all CSV, into one Parquet or CSV file."""

    model: Model
    sources: tuple[str, ...]
    target: Path
    meter: Meter | None = None

    @property
    def from_parquet(self) -> bool:
        """Whether the files to read are Parquet."""
        return self.sources[0].lower().endswith(".parquet")

    @property
    def to_parquet(self) -> bool:
        """Whether the file to write is Parquet."""
        return self.target.suffix.lower() == ".parquet"

    @contextmanager
    def failing(self, *errors: type[Exception]) -> Iterator[None]:
        """Turn an engine's errors into ours, or into a full disk's error where that is behind them."""
        expected: tuple[type[Exception], ...] = (OSError, *errors)
        try:
            yield
        except expected as error:
            if "no space left" in str(error).lower() or getattr(error, "errno", None) == errno.ENOSPC:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise unreadable(self.sources[0], _first_line(error)) from error


def unreadable(source: str, reason: str) -> EvaluationError:
    """Return the issue of files of measures that cannot be read."""
    where = Location(source)
    return EvaluationError([Issue("SCORE-643", Path(source).name, {"reason": reason}, where=where)])


def scan(model: Model, sources: tuple[str, ...], *, parquet: bool) -> pl.LazyFrame:
    """Return files of measures as one lazy frame: categories as text, numbers from the first row on."""
    if parquet:
        return pl.scan_parquet(list(sources))
    first = pl.scan_csv(sources[0], schema_overrides={"id": pl.String}).collect_schema()
    numbers = dict.fromkeys(
        _numbers(model, {name: kind.is_numeric() for name, kind in first.items()}), pl.Float64
    )
    texts = dict.fromkeys(_texts(model, first), pl.String)
    return unmark(pl.scan_csv(list(sources), schema_overrides={**texts, **numbers}))  # type: ignore[no-any-return]


@ENGINES.register("polars", zh="Polars（流式）", en="Polars, streaming", reference="https://pola.rs")
def on_polars(job: Job) -> None:
    """Score with Polars' streaming engine, a batch of rows at a time."""
    with job.failing(pl.exceptions.PolarsError):
        frame = scan(job.model, job.sources, parquet=job.from_parquet)
        frame.collect_schema()
    if meter := job.meter:

        def count(batch: pl.Series) -> pl.Series:
            meter.add(len(batch))
            return batch

        frame = frame.with_columns(pl.col("id").map_batches(count, is_elementwise=True))
    scored = score(job.model, frame)
    with job.failing(
        pl.exceptions.ComputeError, pl.exceptions.SchemaError, pl.exceptions.ColumnNotFoundError
    ):
        write(scored, job.target)


@ENGINES.register("duckdb", zh="DuckDB", en="DuckDB", reference="https://duckdb.org")
def on_duckdb(job: Job) -> None:
    """Score with DuckDB, which keeps to its memory limit by spilling to disk."""
    duckdb = optional("duckdb", "duckdb")
    with duckdb.connect() as connection:
        with job.failing(duckdb.Error):
            measures = _relation(connection, job)
        scored = score(job.model, measures)
        if meter := job.meter:
            # A notebook without ipywidgets cannot show DuckDB's bar: it then counts no progress.
            with suppress(duckdb.InvalidInputException):
                connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        watched = meter.watching(lambda: meter.share(connection.query_progress())) if meter else nullcontext()
        with (
            watched,
            job.failing(duckdb.ConversionException, duckdb.InvalidInputException, duckdb.IOException),
        ):
            if job.to_parquet:
                scored.write_parquet(str(job.target))
            else:
                mark(scored).write_csv(str(job.target))


@ENGINES.register("spark", zh="Apache Spark", en="Apache Spark", reference="https://spark.apache.org")
def on_spark(job: Job) -> None:
    """Score in the Spark session that is active, else in a local one on every core of this machine.

    Spark writes a folder of parts beside the target, which Polars joins to one file.
    """
    errors, gateway = optional("pyspark.errors", "spark"), optional("py4j.protocol", "spark")
    broken = (errors.PySparkException, gateway.Py4JError)
    with spark_session() as session, temporary_folder(job.target.parent) as parts:
        with job.failing(*broken):
            measures = _spark_frame(session, job)
        entered = enter(measures)
        raise_errors(column_issues(job.model.tree, entered, job.model.votes))
        raise_errors(missing_issues(job.model.tree, entered))
        meter = job.meter
        rows = session.sparkContext.accumulator(0) if meter else None
        scored: Any = score_in_batches(job.model, entered.frame, rows.add if rows else None).to_native()
        watched = meter.watching(lambda: rows.value) if meter and rows else nullcontext()
        with watched, job.failing(*broken):
            scored.write.mode("overwrite").parquet(str(parts))
        with job.failing(pl.exceptions.ComputeError):
            write(pl.scan_parquet(f"{parts}/*.parquet"), job.target)


def write(frame: pl.LazyFrame, target: Path) -> None:
    """Write a lazy frame as one file, without holding it in memory."""
    with pl.Config(streaming_chunk_size=CELLS_AT_ONCE // len(frame.collect_schema())):
        if target.suffix.lower() == ".parquet":
            frame.sink_parquet(target)
        else:
            mark(frame).sink_csv(target)


def _relation(connection: Any, job: Job) -> Any:
    if job.from_parquet:
        return connection.read_parquet(list(job.sources))
    read = connection.read_csv(list(job.sources), dtype={"id": "VARCHAR"})
    schema = nw.from_native(read).collect_schema()
    kinds = dict.fromkeys(_numbers(job.model, {k: v.is_numeric() for k, v in schema.items()}), "DOUBLE")
    texts = dict.fromkeys(_texts(job.model, schema), "VARCHAR")
    return unmark(connection.read_csv(list(job.sources), dtype={**texts, **kinds}))


def _spark_frame(session: Any, job: Job) -> Any:
    if job.from_parquet:
        return session.read.parquet(*job.sources)
    found = session.read.csv(list(job.sources), header=True, inferSchema=True)
    kinds = {field.name: field.dataType.simpleString() for field in found.schema.fields}
    kinds |= dict.fromkeys(_texts(job.model, kinds), "string")
    schema = ", ".join(f"`{name}` {kind}" for name, kind in kinds.items())
    return unmark(session.read.csv(list(job.sources), header=True, schema=schema, mode="FAILFAST"))


def _numbers(model: Model, numeric: Mapping[str, bool]) -> list[str]:
    """Return what is read as numbers and is so in the file; a text is left for the check to name."""
    leaves = [leaf.measure for leaf in model.tree.indicators if not isinstance(leaf.scale, Lookup)]
    known = [entry.id for entry in attributes(model.tree) if entry.kind == "number"]
    return [name for name in (*leaves, *known) if numeric.get(name)]


def _texts(model: Model, columns: Iterable[str]) -> list[str]:
    """Return what is text whatever it looks like: the id, categories and attributes keep leading zeros."""
    leaves = [leaf.measure for leaf in model.tree.indicators if isinstance(leaf.scale, Lookup)]
    known = [entry.id for entry in attributes(model.tree) if entry.kind == "text"]
    there = set(columns)
    return [name for name in ("id", *leaves, *known) if name in there]


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
