"""The engine a study is computed on: the part of ``study.yaml`` under ``engine``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from evaluator.documents import Format
from evaluator.labels import PositiveCount

EngineName = Literal["polars", "duckdb"]


class EngineOptions(Format):
    """Where a study is computed: by Polars in memory, or on an engine, its tables staying where they are.

    Parameters
    ----------
    name : ``polars``, the default, or ``duckdb``, in this process.
    memory : what DuckDB may take, such as ``4GB``; beyond it goes on in files. Default: most there is.
    shown : how many of the best customers come back for the report.
    """

    name: EngineName
    memory: Annotated[str, Field(pattern=r"^\d+(\.\d+)? ?[KMGT]i?B$")] | None = None
    shown: PositiveCount = 1_000


def _kind(value: Any) -> str:
    return "<engine>" if isinstance(value, dict | EngineOptions) else "<name>"


EngineChoice = Annotated[
    Annotated[EngineName, Tag("<name>")] | Annotated[EngineOptions, Tag("<engine>")], Discriminator(_kind)
]
POLARS = EngineOptions(name="polars")


def engine_options(stated: EngineChoice) -> EngineOptions:
    """Return what a study says of its engine, the name alone too."""
    return EngineOptions(name=stated) if isinstance(stated, str) else stated
