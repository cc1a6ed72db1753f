"""An evaluation: everything one run of a study used and found, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from evaluator.data.tables import TableNote
from evaluator.errors import Issue
from evaluator.scoring.measures import Measured
from evaluator.scoring.model import Model
from evaluator.tree import Tree
from evaluator.tree.types import Text
from evaluator.weighing.panel import Panel
from evaluator.weighing.weights import Weights


@dataclass(frozen=True)
class Unrated:
    """A customer without a score, by name and with the reason (a key of the catalogues or a data rule)."""

    id: str
    name: str | None
    reason: str


@dataclass(frozen=True)
class FileRecord:
    """A file the run read: where it lay, what it held."""

    path: str
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class Provenance:
    """What is needed to run the same evaluation again and get the same numbers."""

    software: str
    created: datetime
    as_of: date
    files: tuple[FileRecord, ...]
    conventions: Mapping[str, str]
    seed: int | None = None


@dataclass(frozen=True)
class Evaluation:
    """All results of one run of a study.

    `measured` holds one row per customer as measured, `results` one row per customer as scored and
    ranked, `notes` what became of every row of every table, `unrated` the customers who appear in
    the data but could not be measured at all.
    """

    title: Text
    language: str
    tree: Tree
    panel: Panel | None
    weights: Weights
    model: Model
    measured: Measured
    results: pl.DataFrame
    notes: tuple[TableNote, ...]
    unrated: tuple[Unrated, ...]
    issues: tuple[Issue, ...]
    provenance: Provenance
