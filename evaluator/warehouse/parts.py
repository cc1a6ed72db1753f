"""From named steps to the parts of a statement, by way of DuckDB: one part for each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.columns import Step
from evaluator.columns.spark_session import optional
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.files import opened
from evaluator.scoring.engines import unreadable

if TYPE_CHECKING:
    from sqlglot import exp

Type = Literal["number", "text", "truth"]
TYPES: Mapping[Type, str] = {"number": "DOUBLE", "text": "VARCHAR", "truth": "BOOLEAN"}


@dataclass(frozen=True)
class QueryPart(Brief):
    """One named query of a statement, which computes columns from those of the part before.

    `computed` are its expressions in DuckDB's words, by column; `replaced` those of them that were
    there already; `types` DuckDB's types of them. The first part keeps `keys` of the table alone.
    """

    name: str
    computed: Mapping[str, exp.Expression]
    types: Mapping[str, str]
    replaced: frozenset[str] = frozenset()
    keys: tuple[str, ...] = ()


class QueryParts:
    """The parts of a statement in the making; every step may read the columns of those before it.

    Behind each part stands an empty table in DuckDB, which tells the types of its columns and refuses
    what the step may not say.
    """

    def __init__(self, columns: Mapping[str, Type], keys: Sequence[str]) -> None:
        self._connection = optional("duckdb", "export").connect()
        self._parser = optional("sqlglot", "export")
        self._keys = tuple(keys)
        self.types = {name: TYPES[kind] for name, kind in columns.items()}
        self._last = "table"
        self._create()
        self.made: list[QueryPart] = []

    @property
    def schema(self) -> nw.Schema:
        """The columns of the last part with their types, as narwhals names these."""
        return self._frame().collect_schema()

    def add(self, *steps: Step) -> None:
        """Add a part for each step.

        Raises
        ------
        EvaluationError
            for columns that differ in capital letters alone; for a step that DuckDB cannot express.
        """
        for step in steps:
            self._add(step)

    def _add(self, step: Step) -> None:
        first, name = not self.made, f"step_{len(self.made) + 1}_{step.name}"
        named = [value.alias(column) for column, value in step.outputs.items()]
        try:
            computed = self._frame().select(*named).to_native()
        except self._refused as error:
            reason = next(iter(str(error).splitlines()), type(error).__name__)
            raise EvaluationError([Issue("SQL-104", step.name, {"what": reason})]) from error
        types = dict(zip(computed.columns, map(str, computed.types), strict=True))
        there = {key: self.types[key] for key in self._keys} if first else self.types
        replaced = frozenset(there) & types.keys()
        query = self._parser.parse_one(computed.sql_query(), dialect="duckdb")
        values = {entry.alias: entry.this for entry in query.expressions}
        self.made.append(QueryPart(name, values, types, replaced, self._keys if first else ()))
        self.types, self._last = {**there, **types}, name
        self._create()

    def _create(self) -> None:
        alike = Counter(name.casefold() for name in self.types)
        raise_errors(Issue("SQL-103", name) for name in self.types if alike[name.casefold()] > 1)
        stated = ", ".join(f"{_quoted(name)} {kind}" for name, kind in self.types.items())
        self._connection.execute(f"CREATE TABLE {_quoted(self._last)} ({stated})")

    @property
    def _refused(self) -> tuple[type[Exception], ...]:
        return (optional("duckdb", "export").Error, NotImplementedError, nw.exceptions.NarwhalsError)

    def _frame(self) -> nw.LazyFrame[Any]:
        frame: nw.LazyFrame[Any] = nw.from_native(self._connection.table(_quoted(self._last)))
        return frame


def columns_of_file(path: str | Path) -> dict[str, Type]:
    """Return the columns of a Parquet or CSV file and what they hold; those of other types are left out.

    Raises
    ------
    EvaluationError
        where it cannot be read.
    """
    file = Path(path)
    try:
        opened(file).close()  # what is no file, Polars waits for
        frame = pl.scan_parquet(file) if file.suffix.lower() == ".parquet" else pl.scan_csv(file)
        schema = frame.collect_schema()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise unreadable(str(path), next(iter(str(error).splitlines()), "")) from error
    return {name: kind for name, dtype in schema.items() if (kind := _kind(dtype)) and "@" not in name}


def _kind(dtype: pl.DataType) -> Type | None:
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Boolean:
        return "truth"
    return "text" if dtype == pl.String else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
