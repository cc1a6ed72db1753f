"""What a study leaves behind: tables as files, and the record of the files they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from evaluator import files
from evaluator.data import TableMapping, TableNote, Tables, read_tables
from evaluator.evaluation import FileRecord
from evaluator.scoring import load_model, ranked, score
from evaluator.scoring.measures import measures_schema
from evaluator.sheets.sources import listed


def file_records(study: Path, notes: Iterable[TableNote], answers: Sequence[Path]) -> tuple[FileRecord, ...]:
    """Return every file a run read, relative to the study, with its hash and how many rows it held."""
    folder = study.parent
    rows = {note.file: note.rows_read for note in notes}
    answered = [path for path, _ in listed(answers)[0]] if answers else []
    paths = [study, *(folder / name for name in rows), *answered]
    names = [
        path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path) for path in paths
    ]
    return tuple(
        FileRecord(name, files.sha256(path), rows.get(name))
        for name, path in dict(zip(names, paths, strict=True)).items()
    )


def score_file(model: Path, data: Path, output: Path) -> Tables:
    """Score a table of measures with a frozen model, write the scores, and return the table as read."""
    frozen = load_model(model)
    mapping = TableMapping(file=str(data.resolve()))
    tables = read_tables({"measures": mapping}, {"measures": measures_schema(frozen.tree)}, data.parent)
    save_frame(ranked(score(frozen, tables["measures"])), output)
    return tables


def save_frame(frame: pl.DataFrame, path: Path) -> Path:
    """Write a table as CSV that Excel opens with its Chinese text right."""
    with files.replacing(path) as new:
        frame.write_csv(new, include_bom=True)
    return path
