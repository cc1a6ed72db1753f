"""Rows of a database as a pack keeps them: a Parquet file that is read in place of the database."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import polars as pl

from evaluator import limits, trial
from evaluator.data.cells import Cells
from evaluator.data.mapping import TableMapping
from evaluator.data.querying import RowPrints
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.files import leaves

FOLDER = "database_rows"
_READ = "import polars; polars.read_parquet(sys.argv[1])"
_TYPES = {"c": pl.String, "t": pl.Boolean, "r": pl.Int64}
_NAME = re.compile(r"c\d+|t\d+|row")


def rows_name(mapping: TableMapping) -> str:
    """Return the file that holds the rows of a mapping's table or query."""
    asked = json.dumps([mapping.source, mapping.query], ensure_ascii=True)
    return f"{FOLDER}/{hashlib.sha256(asked.encode()).hexdigest()[:16]}.parquet"


def stored_rows(mapping: TableMapping, folder: Path) -> Cells | None:
    """Return the rows kept in a study's folder in place of its database; None where there are none.

    Their fingerprint is that of the rows there, not one that was written down. A note says what was read.

    Raises
    ------
    EvaluationError
        where the file is damaged, or larger than memory.
    """
    name = rows_name(mapping)
    path = folder / name
    if not path.is_file() or leaves(folder, name):
        return None
    where = Location(name)
    failed = trial.failure(_READ, str(path), memory=limits.READING_BYTES.value)
    frame = pl.DataFrame() if failed else pl.read_parquet(path)
    if failed or not _fits(frame):
        raise EvaluationError([Issue("DATA-581", mapping.source, where=where)])
    texts = frame.select(name for name in frame.columns if name.startswith("c"))
    prints = RowPrints()
    prints.add(texts.slice(1).iter_rows())
    note = Issue("DATA-582", mapping.source, where=where, severity=Severity.NOTE)
    header = [str(cell) for cell in texts.row(0)]
    return Cells(mapping.source, frame, query=mapping.query or mapping.table,
                 fingerprint=prints.hexdigest(header), issues=(note,))  # fmt: skip


def _fits(frame: pl.DataFrame) -> bool:
    return (
        frame.height > 1
        and "c0" in frame.columns
        and "row" in frame.columns
        and all(_NAME.fullmatch(name) and kind == _TYPES[name[0]] for name, kind in frame.schema.items())
    )


def store_rows(cells: Cells, path: Path) -> None:
    """Write the rows of a database as a file that `stored_rows` reads."""
    cells.frame.write_parquet(path)
