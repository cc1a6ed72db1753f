"""The Spark session that is active, or one of our own; and what is raised where there can be none."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from evaluator.errors import EvaluationError, Issue

_STATED = ("PYSPARK_GATEWAY_PORT", "SPARK_REMOTE", "MASTER")
"""Variables by which `spark-submit` and its like say where Spark is, besides ``PYSPARK_SUBMIT_ARGS``."""
_QUIET = {
    "spark.ui.showConsoleProgress": "false",
    "spark.python.sql.dataFrameDebugging.enabled": "false",  # a look at the stack for every expression
}
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",  # Spark has a worker for every core already
}
_SIZE = re.compile(r"([\d.]+) ?([KMGT])i?B")


@contextmanager
def spark_session(*, master: str | None = None, memory: str | None = None) -> Iterator[Any]:
    """Yield the Spark session that is active, else one of our own for the length of the block.

    Parameters
    ----------
    master : where Spark is; by default as `spark-submit` or ``MASTER`` says, else every core of this machine.
    memory : as ``4GB``: what each of Spark's processes may take.

    Raises
    ------
    EvaluationError
        where Spark or Java is not installed.
    """
    sql = optional("pyspark.sql", "spark")
    if active := sql.SparkSession.getActiveSession():
        yield active
        return
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise EvaluationError([Issue("SCORE-644", "java")])
    session = _started(sql.SparkSession.builder.appName("evaluator"), master, memory)
    try:
        yield session
    finally:
        session.stop()


def _started(builder: Any, master: str | None, memory: str | None) -> Any:
    """Return a session of our own, on this machine where nobody says otherwise."""
    elsewhere = any(name in os.environ for name in _STATED)
    elsewhere |= "--master" in os.environ.get("PYSPARK_SUBMIT_ARGS", "")
    place = master or (None if elsewhere else "local[*]")
    settings = dict(_QUIET)
    if place:
        builder = builder.master(place)
    if place and place.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # not the first python3 there is
        settings |= _LOCAL
    if memory:
        taken = "driver" if place and place.startswith("local") else "executor"
        settings[f"spark.{taken}.memory"] = _megabytes(memory)
    with quiet():
        session = builder.config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("FATAL")  # what fails is raised
    return session


def _megabytes(memory: str) -> str:
    """Return an amount of memory as Spark writes it.

    >>> _megabytes("1.5GB"), _megabytes("512 MiB")
    ('1536m', '512m')
    """
    found = _SIZE.fullmatch(memory)
    assert found is not None, memory
    power = "KMGT".index(found[2]) - 1
    return f"{max(1, round(float(found[1]) * 1024.0**power))}m"


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Spark from telling within the block what it raises anyway, and of versions of pandas."""
    log = optional("pyspark.logger", "spark").PySparkLogger.getLogger("DataFrameQueryContextLogger")
    before, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            yield
    finally:
        log.disabled = before


def optional(module: str, extra: str) -> Any:
    """Return a module of an optional extra; raises where it is not installed."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise EvaluationError([Issue("SCORE-641", extra, {"extra": extra})]) from error
