"""What a study leaves behind: tables as files, and the record of the files they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from evaluator import files
from evaluator.columns.apostrophes import mark
from evaluator.data import Source, TableNote
from evaluator.evaluation import Evaluation, FileRecord
from evaluator.forms.sources import listed
from evaluator.reports import report
from evaluator.study.setup import Setup


def file_records(study: Path, notes: Iterable[TableNote], answers: Sequence[Path]) -> tuple[FileRecord, ...]:
    """Return everything a run read, with its hash and how many rows it held.

    Files are named relative to the study. What came from a database has the fingerprint of its rows.
    """
    folder = study.parent
    read = (note.sources or (Source(note.file, note.rows_read),) for note in notes)
    sources = {source.name: source for entry in read for source in entry}
    answered = [path for path, _ in listed(answers)[0]] if answers else []
    records = [FileRecord(_named(study, folder), files.sha256(study))]
    for name, source in sources.items():
        if source.fingerprint is not None:
            records.append(FileRecord(name, source.fingerprint, source.rows))
        else:
            path = folder / name
            records.append(FileRecord(_named(path, folder), files.sha256(path), source.rows))
    records.extend(FileRecord(_named(path, folder), files.sha256(path)) for path in answered)
    return tuple(dict.fromkeys(records))


def _named(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def save_frame(frame: pl.DataFrame, path: Path) -> Path:
    """Write a table as CSV that Excel opens with its Chinese text right, and its texts as text."""
    with files.replacing(path) as new:
        mark(frame).write_csv(new, include_bom=True)
    return path


def save_report(setup: Setup, evaluation: Evaluation, suffix: str, *, language: str | None = None) -> Path:
    """Write a report in the format of its suffix."""
    path = setup.output / f"report.{suffix}"
    report(evaluation, path, language=language, options=setup.file.report, folder=setup.folder)
    return path
