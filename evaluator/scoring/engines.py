"""Scoring files of any size: Parquet or CSV in and out, on an engine of choice, whole or not at all."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import replacing
from evaluator.registry import Registry
from evaluator.scoring.model import Model
from evaluator.scoring.score import score


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: rows read so far, of how many (None where unknown), in how many seconds."""

    rows: int
    total: int | None
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """The speed so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0


Report = Callable[[Progress], None]
# A model, the files to read, the new place to write to, who hears of the progress.
Engine = Callable[[Model, str, Path, Report | None], None]

ENGINES: Registry[Engine] = Registry("engine")
"""Engines of `score_files`. With one model all give the same scores to 1e-9."""

FORMATS = (".parquet", ".csv")


def score_files(
    model: Model,
    source: str | Path,
    target: str | Path,
    *,
    engine: str = "polars",
    progress: Report | None = None,
) -> Path:
    """Score measures that lie in files, without holding them in memory, and return where the scores lie.

    Only the columns are checked beforehand; infinite measures count as missing, and `check_measures`
    of the same files finds what else deserves a look.

    Parameters
    ----------
    source : a Parquet or CSV file with ``id`` and one column per measure, or a pattern of many files.
    target : a ``.parquet`` or ``.csv`` file.
    engine : a name in `ENGINES`: polars (streaming) or duckdb. A Spark frame is scored inside a job, by
        `score`.
    progress : is told about the rows read, from the engine's threads; Polars tells several times a run,
        DuckDB when it is done.

    Raises
    ------
    EvaluationError
        METHOD-001 for an unknown engine, SCORE-641 where its extra is not installed, SCORE-642 for
        other formats, SCORE-643 where there is nothing to read or it cannot be read, SCORE-611 to
        SCORE-613 and SCORE-617 as `score`, FILE-70x as `files.replacing`; the target is then as it was.
    """
    run = ENGINES[engine].function
    wanted = Path(target)
    for path in (Path(source), wanted):
        if path.suffix.lower() not in FORMATS:
            detail = {"found": path.suffix or "–", "known": ", ".join(FORMATS)}
            raise EvaluationError([Issue("SCORE-642", path.name, detail, where=Location(str(path)))])
    if not list(Path(source).parent.glob(Path(source).name)):
        raise _unreadable(str(source), "–")
    with replacing(wanted) as new:
        run(model, str(source), new, progress)
    return wanted


@ENGINES.register("polars", zh="Polars（流式）", en="Polars, streaming", reference="https://pola.rs")
def on_polars(model: Model, source: str, target: Path, progress: Report | None) -> None:
    """Score with Polars' streaming engine, a batch of rows at a time."""
    try:
        if source.lower().endswith(".parquet"):
            scan = pl.scan_parquet(source)
        else:  # an id keeps its leading zeros
            scan = pl.scan_csv(source, schema_overrides={"id": pl.String})
        scan.collect_schema()
        if progress:
            total = int(scan.select(pl.len()).collect().item())
            counted = pl.col("id").map_batches(_counter(progress, total), is_elementwise=True)
            scan = scan.with_columns(counted)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(source, str(error)) from error
    scored = score(model, scan)
    write = scored.sink_parquet if target.suffix.lower() == ".parquet" else scored.sink_csv
    write(target)


@ENGINES.register("duckdb", zh="DuckDB", en="DuckDB", reference="https://duckdb.org")
def on_duckdb(model: Model, source: str, target: Path, progress: Report | None) -> None:
    """Score with DuckDB, which keeps to its memory limit by spilling to disk."""
    duckdb = _extra("duckdb", "duckdb")
    started = time.perf_counter()
    with duckdb.connect() as connection:
        try:
            parquet = source.lower().endswith(".parquet")
            read = connection.read_parquet if parquet else connection.read_csv
            relation = read(source) if parquet else read(source, dtype={"id": "VARCHAR"})
        except duckdb.Error as error:
            raise _unreadable(source, str(error).splitlines()[0]) from error
        scored = score(model, relation)
        write = scored.write_parquet if target.suffix.lower() == ".parquet" else scored.write_csv
        write(str(target))
        if progress:
            rows = int(relation.count("*").fetchall()[0][0])
            progress(Progress(rows, rows, time.perf_counter() - started))


def _counter(progress: Report, total: int) -> Callable[[pl.Series], pl.Series]:
    """Return a column's way through that tells of its rows; batches come from several threads."""
    lock, started, rows = Lock(), time.perf_counter(), 0

    def count(batch: pl.Series) -> pl.Series:
        nonlocal rows
        with lock:
            rows += len(batch)
            # Polars tries a function out on a row or two besides, which are no rows of the file
            progress(Progress(min(rows, total), total, time.perf_counter() - started))
        return batch

    return count


def _extra(module: str, extra: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EvaluationError([Issue("SCORE-641", extra, {"extra": extra})]) from error


def _unreadable(source: str, reason: str) -> EvaluationError:
    where = Location(source)
    return EvaluationError([Issue("SCORE-643", Path(source).name, {"reason": reason}, where=where)])
