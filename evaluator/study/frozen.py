"""A table as clients send it, scored with a frozen model; there need be no study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evaluator.data import TableMapping, Tables, read_tables
from evaluator.measuring.tables import measures_schema
from evaluator.scoring import ranked, read_model, score, write_scores


def score_file(model: Path, data: Path, output: Path) -> Tables:
    """Score a table of measures with a frozen model, write the scores ranked, and return the table as read.

    The format is that of the output: `.csv`, `.xlsx` or `.parquet`.
    """
    frozen, notes = read_model(model)
    mapping = TableMapping(file=str(data.resolve()))
    tables = read_tables({"measures": mapping}, {"measures": measures_schema(frozen.tree)}, data.parent)
    write_scores(ranked(score(frozen, tables["measures"])), output)
    return replace(tables, issues=(*notes, *tables.issues))
