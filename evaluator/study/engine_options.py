"""The engine a study is computed on: the part of ``study.yaml`` under ``engine``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from evaluator.data.databases import Databases
from evaluator.data.mapping import TableMapping
from evaluator.data.spark_store import SCHEMES, SparkStore
from evaluator.data.stores import DuckStore, Store
from evaluator.documents import Format, UnfitError
from evaluator.labels import PositiveCount

EngineName = Literal["polars", "duckdb", "spark"]

_MASTER = r"^(local(\[[\w*, ]+\])?|yarn|(spark|k8s)://\S+)$"
_ADDRESS = rf"^({'|'.join(SCHEMES)})://\S+$"


class EngineOptions(Format):
    """Where a study is computed: by Polars in memory, or on an engine, its tables staying where they are.

    Parameters
    ----------
    name : ``polars``, the default, ``duckdb``, in this process, or ``spark``.
    memory : what the engine may take, such as ``4GB``: DuckDB, or each process of Spark; beyond it goes on in
        files. Default: most there is of DuckDB's, Spark's own.
    shown : how many of the best customers come back for the report.
    master : where Spark is, such as ``spark://host:7077`` or ``yarn``. Default: as `spark-submit` or
        ``MASTER`` says, else every core of this machine. An active session keeps its own, and its memory.
    results : the folder that Spark writes measures and scores into, such as ``s3a://lake/scores``. Default:
        that of the results, which all of Spark's machines must then reach.
    """

    name: EngineName
    memory: Annotated[str, Field(pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$")] | None = None
    shown: PositiveCount = 1_000
    master: Annotated[str, Field(pattern=_MASTER)] | None = None
    results: Annotated[str, Field(pattern=_ADDRESS)] | None = None

    @model_validator(mode="after")
    def _of_spark(self) -> EngineOptions:
        if self.name != "spark" and (self.master or self.results):
            raise UnfitError("needs", name="master, results", other="name: spark")
        return self


def _kind(value: Any) -> str:
    return "<engine>" if isinstance(value, dict | EngineOptions) else "<name>"


EngineChoice = Annotated[
    Annotated[EngineName, Tag("<name>")] | Annotated[EngineOptions, Tag("<engine>")], Discriminator(_kind)
]


def engine_options(stated: EngineChoice) -> EngineOptions:
    """Return what a study says of its engine, the name alone too."""
    return EngineOptions(name=stated) if isinstance(stated, str) else stated


def open_store(
    options: EngineOptions,
    tables: Mapping[str, TableMapping],
    folder: Path,
    output: Path,
    databases: Databases,
) -> Store:
    """Return the engine of a study, open; raises where it is not installed."""
    if options.name == "spark":
        return SparkStore(
            tables, folder, output, databases=databases,
            master=options.master, memory=options.memory, results=options.results,
        )  # fmt: skip
    return DuckStore(tables, folder, output, databases=databases, memory=options.memory)
