"""Spark as the engine of a study: tables stay in files, at addresses and in the catalogue that it reads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl
import polars.selectors as cs

from evaluator.columns.spark_session import optional, quiet, spark_session
from evaluator.data.databases import Databases
from evaluator.data.delimited import sniffed
from evaluator.data.mapping import TableMapping
from evaluator.data.stores import Frame, Lying, engine_failed, files_lying
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import has_folder, leaves, temporary_folder

CATALOGUE = "spark"
"""What a table of Spark's catalogue has as its `database`."""
SCHEMES = (
    "s3", "s3a", "hdfs", "viewfs", "webhdfs", "abfs", "abfss", "wasbs", "adl", "gs", "oss", "obs", "cosn",
    "tos", "dbfs",
)  # fmt: skip
"""Addresses of files that Spark reads: none of them means this machine, or any server of the web."""
_SAMPLE = 60  # lines that tell what separates the columns of a text
_TEXT = re.compile(r"\.(csv|tsv|txt)(\.gz|\.bz2)?$", re.IGNORECASE)
_UNSPEAKABLE = str.maketrans(
    ".`*", "\uff0e\uff40\uff0a"
)  # `plain` headers are told apart without their width
_NAME = re.compile(r"[^\W\d]\w*")
_STATE = re.compile(r"\.?\s*SQLSTATE: \w+$")
_TOLD = re.compile(r"(?:Caused by: )?[\w.$]+(?:Exception|Error): (?P<reason>\S.*)")


class SparkStore:
    """Spark, in the session that is active or one of its own, for as long as the study is open.

    It reads and writes with the rights of its session; what it writes lies in folders of Parquet files.
    """

    engine = "spark"

    def __init__(
        self,
        tables: Mapping[str, TableMapping],
        folder: Path,
        output: Path,
        *,
        databases: Databases | None = None,
        master: str | None = None,
        memory: str | None = None,
        results: str | None = None,
    ) -> None:
        self._tables, self._folder, self._output = tables, folder, output
        self._results = results.rstrip("/") if results else None
        self._catalogued = CATALOGUE not in (databases or {})
        self._open = ExitStack()
        self._session = self._open.enter_context(spark_session(master=master, memory=memory))
        errors, gateway = optional("pyspark.errors", "spark"), optional("py4j.protocol", "spark")
        self._broken = (errors.PySparkException, gateway.Py4JError)

    def table(self, name: str) -> Lying | None:
        """Return a table of the study, None where it is not what Spark reads: workbooks, other databases.

        Columns of text files are text; times with a zone are the clock of the session's zone.

        Raises
        ------
        EvaluationError
            for a query, and what cannot be read.
        """
        mapping = self._tables[name]
        with self.failing(mapping.source):
            if mapping.database is not None:
                catalogued = self._catalogued and mapping.database == CATALOGUE
                return self._of_session(mapping) if catalogued else None
            assert mapping.file is not None
            if is_address(mapping.file):
                if leaves(self._folder, "/"):  # as a study may not that is kept within a folder
                    raise EvaluationError([Issue("FILE-704", mapping.file, where=Location(mapping.file))])
                return self._read(mapping, [mapping.file], text=bool(_TEXT.search(mapping.file)))
            files, kind = files_lying(mapping.file, self._folder, "parquet", "csv")
            text = kind == "text" and all(_TEXT.search(file.name) for file in files)
            if kind != "parquet" and not text:
                return None
            return self._read(mapping, [file.as_uri() for file in files], text=text)

    def _read(self, mapping: TableMapping, places: list[str], *, text: bool) -> Lying:
        """Return files as one frame: Parquet with its partitions, or text, every cell as it is written."""
        reader = self._session.read
        if text:
            texts = reader.options(**self._written(mapping, places[0])).csv(places)
            return Lying(_frame(texts), written=True)
        inside = self._folder / (mapping.file or "")
        base = (inside if has_folder(inside) else self._folder).resolve().as_uri()
        if all(place.startswith(f"{base}/") for place in places):  # where folders begin that say year=2025
            reader = reader.option("basePath", base)
        return Lying(_frame(reader.option("mergeSchema", True).parquet(*places)))

    def _written(self, mapping: TableMapping, first: str) -> dict[str, Any]:
        """Return how a text file is read: nothing of a row that does not fit its header is guessed."""
        lines = [row[0] for row in self._session.read.text(first).head(_SAMPLE)]
        return {
            "header": True,
            "sep": mapping.delimiter or sniffed(lines),
            "encoding": mapping.encoding or "UTF-8",
            "escape": '"',
            "mode": "FAILFAST",
            "enforceSchema": False,
            "columnPruning": False,
        }

    def _of_session(self, mapping: TableMapping) -> Lying:
        """Return a table of the catalogue; a query could read whatever the session may."""
        if mapping.query:
            raise EvaluationError([Issue("DATA-586", mapping.source, where=Location(mapping.source))])
        name = mapping.table or ""
        plain = all(_NAME.fullmatch(part) for part in name.split("."))
        if not plain or not self._session.catalog.tableExists(name):
            reason = {"reason": "No such table"}
            raise EvaluationError([Issue("DATA-401", mapping.source, reason, where=Location(mapping.source))])
        return Lying(_frame(self._session.table(name)))

    def put(self, name: str, frame: pl.DataFrame) -> Frame:
        """Return a table that was read into memory as one of Spark's; its rows are sent there."""
        plain = frame.with_columns(cs.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))
        with self.failing(), quiet():
            sent = self._session.createDataFrame(plain.to_arrow(compat_level=pl.CompatLevel.oldest()))
        return _frame(sent)

    def hold(self, frame: Frame) -> Frame:
        """Return a frame that Spark keeps once it is computed, in memory and on its disks, until `close`."""
        native: Any = frame.to_native()
        self._open.callback(native.persist().unpersist)
        return frame

    def keep(self, name: str, frame: Frame) -> Frame:
        """Write a frame as a folder of Parquet where the results are, and return it as it lies there."""
        native: Any = frame.to_native()
        place = self.place(name)
        with self.failing():
            if self._results:
                native.write.mode("overwrite").parquet(place)
            else:
                with temporary_folder(self._output) as made:
                    native.write.parquet((made / name).as_uri())
                    if Path(place).exists():
                        os.replace(place, made / "before")
                    os.replace(made / name, place)
                place = Path(place).as_uri()
            return _frame(self._session.read.parquet(place))

    def place(self, name: str) -> str:
        """Return where `keep` writes."""
        return f"{self._results}/{name}" if self._results else str(self._output / name)

    @contextmanager
    def failing(self, source: str = "") -> Iterator[None]:
        """Turn what Spark raises into an issue: a table it cannot read, or what it cannot compute."""
        try:
            with quiet():
                yield
        except self._broken as error:
            raise engine_failed("Spark", _reason(error), source) from error

    def close(self) -> None:
        """Let go of Spark; a session that was there before goes on."""
        self._open.close()


def is_address(stated: str) -> bool:
    """Whether a file lies where only Spark can read it.

    >>> is_address("s3a://lake/orders"), is_address("lake/orders"), is_address("file:///etc/passwd")
    (True, False, False)
    """
    return stated.partition("://")[0] in SCHEMES if "://" in stated else False


def _reason(error: Exception) -> str:
    """Return the innermost reason that Spark gives, without the way there through its own code."""
    told = [found["reason"] for line in str(error).splitlines() if (found := _TOLD.match(line.strip()))]
    return _STATE.sub("", told[-1] if told else str(error).partition("\n")[0])


def _frame(native: Any) -> Frame:
    """Return a Spark frame with columns that can be spoken of, times being the clock of the session."""
    functions = optional("pyspark.sql.functions", "spark")
    columns = []
    for field in native.schema.fields:
        column = functions.col(f"`{field.name.replace('`', '``')}`")
        column = column.cast("timestamp_ntz") if field.dataType.typeName() == "timestamp" else column
        columns.append(column.alias(field.name.translate(_UNSPEAKABLE)))
    frame: Frame = nw.from_native(native.select(*columns))
    return frame
