"""Engines that tables stay in, for studies larger than memory: what they do, and DuckDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import narwhals as nw
import polars as pl

from evaluator.brief import Brief
from evaluator.data.connections import quoted
from evaluator.data.databases import Address, Databases, address
from evaluator.data.mapping import TableMapping
from evaluator.data.queries import check_query
from evaluator.data.sources import Kind, files_of, kind_of
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import has_folder, leaves, replacing

Frame = nw.LazyFrame[Any]
PASSING = ".passing"
"""The folder, in that of the results, of what an engine needs only while it computes."""


@dataclass(frozen=True)
class Lying(Brief):
    """A table where it lies; every cell of it is text where it is `written`, as in a CSV file."""

    frame: Frame
    written: bool = False


class Store(Protocol):
    """An engine that tables stay in."""

    engine: str

    def table(self, name: str) -> Lying | None:
        """Return a table of the study, None where it does not lie where the engine can read it."""

    def put(self, name: str, frame: pl.DataFrame) -> Frame:
        """Return a table that was read into memory as one of the engine's."""

    def hold(self, frame: Frame) -> Frame:
        """Return a frame that is read several times, so that it is not computed anew each time."""

    def keep(self, name: str, frame: Frame) -> Frame:
        """Write a frame as Parquet where the results are, and return it as it lies there."""

    def place(self, name: str) -> str:
        """Return where `keep` writes."""

    def failing(self, source: str = "") -> AbstractContextManager[None]:
        """Return a context that turns what the engine raises into an issue, of a table where one is named."""

    def close(self) -> None:
        """Let go of the engine, and remove what was needed only meanwhile."""


class DuckStore:
    """DuckDB in this process: Parquet files and DuckDB files are read where they lie.

    It can read what the study names and write where its results go, and nothing else; beyond `memory` it
    goes on in files there.
    """

    engine = "duckdb"

    def __init__(
        self,
        tables: Mapping[str, TableMapping],
        folder: Path,
        output: Path,
        *,
        databases: Databases | None = None,
        memory: str | None = None,
    ) -> None:
        self._duckdb = _imported()
        self._output, self._passing = output, output / PASSING
        self._tables = tables
        self._files = {
            name: found for name, mapping in tables.items() if (found := parquet_files(mapping, folder))
        }
        self._attached = _attached(tables, folder, databases or {})
        shutil.rmtree(self._passing, ignore_errors=True)
        self._passing.mkdir(parents=True)
        self._connection = self._duckdb.connect()
        self._set(memory)

    def _set(self, memory: str | None) -> None:
        if memory:
            self._connection.execute(f"SET memory_limit = {_text(memory)}")
        for place, alias in self._attached.values():
            self._connection.execute(
                f"ATTACH IF NOT EXISTS {_text(place.file)} AS {quoted(alias)} (READ_ONLY)"
            )
        if len(aliases := {alias for _, alias in self._attached.values()}) == 1:
            self._connection.execute(f"SET search_path = {_text(aliases.pop())}")
        files = (file for found in self._files.values() for file in found)
        self._connection.execute(f"""
            SET preserve_insertion_order = false;
            SET temp_directory = {_text(self._passing / "spilt")};
            SET allowed_directories = [{_text(self._output)}];
            SET allowed_paths = [{", ".join(map(_text, files))}];
            SET enable_external_access = false;
            SET lock_configuration = true
        """)

    def table(self, name: str) -> Lying | None:
        """Return a table of the study, None where it is neither Parquet nor in a DuckDB file.

        Raises
        ------
        EvaluationError
            for a query beside several database files, and what cannot be read.
        """
        mapping = self._tables[name]
        with self.failing(mapping.source):
            if files := self._files.get(name):
                parts = self._connection.read_parquet(
                    [str(file) for file in files], hive_partitioning=True, union_by_name=True
                )
                return Lying(_spoken(parts))
            if name not in self._attached:
                return None
            _, alias = self._attached[name]
            asked = mapping.query or f"FROM {quoted(alias, *(mapping.table or '').split('.'))}"
            return Lying(_spoken(self._connection.sql(asked.strip().removesuffix(";"))))

    def put(self, name: str, frame: pl.DataFrame) -> Frame:
        """Return a table that was read into memory as one of the engine's."""
        path = self._passing / f"{name}.parquet"
        frame.write_parquet(path)
        return _frame(self._connection.read_parquet(str(path)))

    def hold(self, frame: Frame) -> Frame:
        """Return a frame as it is: DuckDB reads it again faster than it writes it."""
        return frame

    def keep(self, name: str, frame: Frame) -> Frame:
        """Write a frame as Parquet where the results are, and return it as it lies there."""
        with self.failing(), replacing(self.place(name)) as new:
            relation: Any = frame.to_native()
            relation.write_parquet(str(new))
        return _frame(self._connection.read_parquet(self.place(name)))

    def place(self, name: str) -> str:
        """Return where `keep` writes."""
        return str(self._output / f"{name}.parquet")

    @contextmanager
    def failing(self, source: str = "") -> Iterator[None]:
        """Turn what DuckDB raises into an issue: a table it cannot read, or what it cannot compute."""
        try:
            yield
        except self._duckdb.Error as error:
            raise engine_failed("DuckDB", str(error), source) from error

    def close(self) -> None:
        """Let go of DuckDB, and remove what was needed only meanwhile."""
        self._connection.close()
        shutil.rmtree(self._passing, ignore_errors=True)


def engine_failed(engine: str, reason: str, source: str = "") -> EvaluationError:
    """Return the issue of an engine that cannot read a table, or cannot compute something."""
    reason = next((line.strip() for line in reason.splitlines() if line.strip()), "–")
    if source:
        return EvaluationError([Issue("DATA-401", source, {"reason": reason}, where=Location(source))])
    return EvaluationError([Issue("DATA-594", engine, {"reason": reason})])


def parquet_files(mapping: TableMapping, folder: Path) -> tuple[Path, ...]:
    """Return the Parquet files of a table: one, those of a pattern, or all below a folder; none of others."""
    if mapping.file is None:
        return ()
    files, kind = files_lying(mapping.file, folder, "parquet")
    return files if kind == "parquet" else ()


def files_lying(stated: str, folder: Path, *endings: str) -> tuple[tuple[Path, ...], Kind | None]:
    """Return the files that a path, a pattern or a folder stands for, and what all of them are, if one thing.

    Parameters
    ----------
    endings : those of the files that are looked for below a folder: the first that there is any of.

    Raises
    ------
    EvaluationError
        where there are none, and for what leads out of the study.
    """
    whole = folder / stated
    if has_folder(whole):
        there = (ending for ending in endings if next(whole.rglob(f"*.{ending}"), None))
        stated = f"{stated.rstrip('/')}/**/*.{next(there, endings[0])}"
    names = files_of(stated, folder)
    if outside := [name for name in names if leaves(folder, name)]:
        raise EvaluationError(Issue("FILE-704", name, where=Location(name)) for name in outside)
    files = tuple((folder / name).resolve() for name in names)
    if not all(file.is_file() for file in files):
        return files, None
    kinds = {kind_of(file, str(file)) for file in files}
    return files, kinds.pop() if len(kinds) == 1 else None


def _attached(
    tables: Mapping[str, TableMapping], folder: Path, databases: Databases
) -> dict[str, tuple[Address, str]]:
    """Return the DuckDB file that each table lies in, with the name it is attached under."""
    found: dict[str, tuple[Address, str]] = {}
    aliases: dict[Path | None, str] = {}
    for name, mapping in tables.items():
        if mapping.database is None:
            continue
        place = address(mapping.database, databases, folder, credentials=mapping.credentials)
        if place.engine == "duckdb":
            alias = aliases.setdefault(place.file, f"source_{len(aliases)}")
            found[name] = place, alias
            if mapping.query:
                check_query(mapping.query, place.engine, place.name)
    asked = [name for name in found if tables[name].query]
    if len(aliases) > 1 and asked:
        raise EvaluationError(Issue("DATA-595", name, {"count": len(aliases)}) for name in asked)
    return found


def _imported() -> Any:
    try:
        import duckdb  # an extra
    except ModuleNotFoundError as error:
        missing = {"module": "duckdb", "install": "evaluator[duckdb]"}
        raise EvaluationError([Issue("DATA-450", "DuckDB", missing)]) from error
    return duckdb


def _text(value: object) -> str:
    """Return a text of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def _spoken(relation: Any) -> Frame:
    """Return a relation as a frame; its column ``*``, which would say all of them, with a full-width sign."""
    if "*" in relation.columns:
        names = (f"{quoted(name)} AS {quoted('＊' if name == '*' else name)}" for name in relation.columns)
        relation = relation.project(", ".join(names))
    return _frame(relation)


def _frame(native: Any) -> Frame:
    frame: Frame = nw.from_native(native)
    return frame
