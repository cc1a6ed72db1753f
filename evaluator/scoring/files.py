"""Scoring files of any size: Parquet or CSV in, Parquet, CSV or a workbook out, whole or not at all."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from evaluator.columns.apostrophes import mark
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import replacing, temporary_folder
from evaluator.scoring.engines import ENGINES, Engine, Job, scan, unreadable
from evaluator.scoring.model import Model
from evaluator.scoring.progress import Meter, Report
from evaluator.workbook.book import Sheet, open_book

READ = (".parquet", ".csv")
WRITTEN = (*READ, ".xlsx")
SHEET_ROWS = 1_048_575  # of a sheet, below its header
SHEET = "scores"
_SLICE = 50_000

Source = str | Path


def score_files(
    model: Model,
    source: Source | Sequence[Source],
    target: str | Path,
    *,
    engine: str = "polars",
    progress: Report | None = None,
) -> Path:
    """Score measures that lie in files, without holding them in memory, and return where the scores lie.

    Only the columns are checked beforehand; infinite measures count as missing, and `check_measures`
    of the same files finds what else deserves a look. Rows come in any order, without ranks.

    Parameters
    ----------
    source : Parquet or CSV files with ``id`` and one column per measure: a path, a pattern, a folder of
        Parquet files, or several of these.
    target : a ``.parquet``, ``.csv`` or ``.xlsx`` file.
    engine : a name in `ENGINES`: polars (streaming), duckdb, or spark (the active session, else a local
        one). A Spark frame is scored inside a job, wherever its data lie, by `score`.
    progress : is told about the rows done, from the engine's threads, several times a run.

    Raises
    ------
    EvaluationError
        for an engine that is unknown, not installed or without Java, another format, nothing to read, more
        customers than a workbook holds; as `score` and `files.replacing`. The target is then as it was.
    """
    run = ENGINES[engine].function
    wanted = Path(target)
    given = [source] if isinstance(source, str | Path) else list(source)
    sources = tuple(name for entry in given for name in _found(entry))
    _check_files(sources, wanted)
    to_workbook = wanted.suffix.lower() == ".xlsx"
    job = Job(model, sources, wanted)
    rows = _rows(job) if progress or to_workbook else 0
    if to_workbook:
        _check_size(rows, wanted)
    meter = Meter(progress, rows) if progress else None
    if to_workbook:
        _into_workbook(job, run, meter)
    else:
        with replacing(wanted) as new:
            run(replace(job, target=new, meter=meter))
    if meter:
        meter.done()
    return wanted


def write_scores(scores: pl.DataFrame, path: str | Path) -> Path:
    """Write scores that are at hand, in their order, as a ``.csv``, ``.parquet`` or ``.xlsx`` file.

    A CSV file carries the mark by which Excel reads its Chinese text right.

    Raises
    ------
    EvaluationError
        for another format, and more customers than a workbook holds; as `files.replacing`.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in WRITTEN:
        raise _other_format(target, target.suffix or "–", WRITTEN)
    if suffix == ".xlsx":
        _check_size(len(scores), target)
        with open_book(target, constant_memory=True) as book:
            _fill(book.sheet(SHEET), scores.columns, [scores], len(scores))
        return target
    with replacing(target) as new:
        if suffix == ".parquet":
            scores.write_parquet(new)
        else:
            mark(scores).write_csv(new, include_bom=True)
    return target


def _found(source: Source) -> list[str]:
    """Return the files of a path, a folder or a pattern, in the order of their names."""
    path = Path(source)
    pattern = str(path / "*.parquet") if path.is_dir() else str(source)
    return [str(source)] if path.is_file() else sorted(glob.glob(pattern)) or [str(source)]


def _check_files(sources: tuple[str, ...], target: Path) -> None:
    """Refuse files of other formats or of several, and such as are not there."""
    for path, known in [*((Path(source), READ) for source in sources), (target, WRITTEN)]:
        if path.suffix.lower() not in known:
            raise _other_format(path, path.suffix or "–", known)
    if len(suffixes := {Path(source).suffix.lower() for source in sources}) > 1:
        raise _other_format(Path(sources[0]), ", ".join(sorted(suffixes)), READ)
    for source in sources:
        if not Path(source).is_file():
            raise unreadable(source, "–")


def _other_format(path: Path, found: str, known: Sequence[str]) -> EvaluationError:
    detail = {"found": found, "known": " / ".join(known)}
    return EvaluationError([Issue("SCORE-642", path.name, detail, where=Location(str(path)))])


def _check_size(rows: int, target: Path) -> None:
    if rows > SHEET_ROWS:
        raise EvaluationError([Issue("SCORE-645", target.name, {"rows": rows, "most": SHEET_ROWS})])


def _rows(job: Job) -> int:
    with job.failing(pl.exceptions.PolarsError):
        frame = scan(job.model, job.sources, parquet=job.from_parquet)
        return int(frame.select(pl.len()).collect().item())


def _into_workbook(job: Job, run: Engine, meter: Meter | None) -> None:
    """Score into a Parquet file of passing use, and from there into a sheet, some rows at a time."""
    with open_book(job.target, constant_memory=True) as book, temporary_folder(job.target.parent) as folder:
        scored = folder / "scores.parquet"
        run(replace(job, target=scored, meter=meter))
        rows = pl.scan_parquet(scored)
        count = int(rows.select(pl.len()).collect().item())
        slices = (rows.slice(start, _SLICE).collect() for start in range(0, count, _SLICE))
        _fill(book.sheet(SHEET), rows.collect_schema().names(), slices, count)


def _fill(sheet: Sheet, names: Sequence[str], frames: Iterable[pl.DataFrame], count: int) -> None:
    """Write frames below their header, row by row, with a filter over all of them."""
    sheet.native.freeze_panes(1, 1)
    sheet.put_row(0, 0, names, "heading")
    rows = (row for frame in frames for row in frame.iter_rows())
    for place, values in enumerate(rows, start=1):
        sheet.put_row(place, 0, values)
    sheet.native.autofilter(0, 0, count, len(names) - 1)
