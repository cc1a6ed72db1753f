"""A table as clients send it, scored with a frozen model; there need be no study."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from evaluator.data import TableMapping, Tables, read_tables
from evaluator.data.first_look import looks
from evaluator.data.header_names import plain
from evaluator.errors import EvaluationError, Issue
from evaluator.measuring.tables import measures_schema
from evaluator.messages import Listing
from evaluator.scoring import ranked, read_model, score, write_scores
from evaluator.study.recognising import HEADERS, recognise
from evaluator.tree import Tree


def score_file(model: Path, data: Path, output: Path) -> Tables:
    """Score a table of measures with a frozen model, write the scores ranked, and return the table as read.

    The format is that of the output: `.csv`, `.xlsx` or `.parquet`.

    Raises
    ------
    EvaluationError
        where the file holds orders and no measure; else what reading and scoring refuse.
    """
    frozen, notes = read_model(model)
    mapping = TableMapping(file=str(data.resolve()))
    try:
        tables = read_tables({"measures": mapping}, {"measures": measures_schema(frozen.tree)}, data.parent)
        write_scores(ranked(score(frozen, tables["measures"])), output)
    except EvaluationError as refused:
        if not _holds_orders(data, frozen.tree):
            raise
        wanted = Listing(tuple(leaf.measured for leaf in frozen.tree.indicators))
        raise EvaluationError([Issue("SCORE-646", str(data), {"wanted": wanted})]) from refused
    return replace(tables, issues=(*notes, *tables.issues))


def _holds_orders(data: Path, tree: Tree) -> bool:
    """Return whether a file is a table of orders, and no column of it a measure."""
    measures = {
        plain(name) for leaf in tree.indicators for name in (leaf.measure, leaf.name.zh, leaf.name.en)
    }
    with suppress(EvaluationError):
        return any(
            recognise(look).table == "orders"
            and measures.isdisjoint(plain(seen.header) for seen in look.columns)
            for look in looks(data, HEADERS)
        )
    return False
