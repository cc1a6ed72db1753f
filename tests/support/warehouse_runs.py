"""A statement run on every engine there is, over tables written to it, and its result beside another."""

import io
import warnings
from collections.abc import Mapping

import duckdb
import numpy as np
import polars as pl
import pytest

from evaluator.warehouse import DIALECTS

ENGINES = tuple(name for name, dialect in DIALECTS.items() if dialect.tested)
Tables = Mapping[str, pl.DataFrame]


def run_on(engine: str, sql: str, tables: Tables, request: pytest.FixtureRequest) -> pl.DataFrame:
    """Return the result of a statement over tables on an engine."""
    return RUN[engine](sql, tables, request)


def on_duckdb(sql: str, tables: Tables, request: pytest.FixtureRequest) -> pl.DataFrame:
    with duckdb.connect() as connection:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        return pl.DataFrame(connection.sql(sql).to_arrow_table())


def on_postgres(sql: str, tables: Tables, request: pytest.FixtureRequest) -> pl.DataFrame:
    server = request.getfixturevalue("postgres")
    with server.connect() as connection, connection.cursor() as cursor:
        for table, frame in tables.items():
            stated = ", ".join(f'"{name}" {_kind(dtype)}' for name, dtype in frame.schema.items())
            cursor.execute(f'CREATE TEMP TABLE "{table}" ({stated})')
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)
        cursor.execute("SET statement_timeout = '60s'")
        cursor.execute(sql.encode())
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    columns = {name: [row[n] for row in rows] for n, name in enumerate(names)}
    return pl.DataFrame(columns, infer_schema_length=None)


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_numeric():
        return "double precision"
    return "date" if dtype == pl.Date else "text"


def on_spark(sql: str, tables: Tables, request: pytest.FixtureRequest) -> pl.DataFrame:
    session = request.getfixturevalue("spark")
    for name, frame in tables.items():
        path = request.getfixturevalue("tmp_path") / f"{name}.parquet"
        frame.write_parquet(path)
        session.read.parquet(str(path)).createOrReplaceTempView(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pl.DataFrame(session.sql(sql).toArrow())


def on_clickhouse(sql: str, tables: Tables, request: pytest.FixtureRequest) -> pl.DataFrame:
    session = request.getfixturevalue("clickhouse")
    for name, frame in tables.items():
        path = request.getfixturevalue("tmp_path") / f"{name}.parquet"
        frame.write_parquet(path)
        source = f"SELECT * FROM file('{path}')"
        session.query(f"CREATE OR REPLACE TABLE {name} ENGINE = Memory AS {source}")
    return pl.read_parquet(io.BytesIO(session.query(sql, "Parquet").bytes()))


RUN = {"duckdb": on_duckdb, "postgres": on_postgres, "spark": on_spark, "clickhouse": on_clickhouse}


def same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Hold numbers equal to 1e-9 and all else exactly, customers in any order."""
    found, wanted = found.sort("id"), wanted.sort("id")
    assert set(wanted.columns) <= set(found.columns)
    for name in wanted.columns:
        if wanted[name].dtype.is_float():
            mine = found[name].cast(pl.Float64)
            assert mine.is_null().equals(wanted[name].is_null()), name
            np.testing.assert_allclose(
                mine.to_numpy(), wanted[name].to_numpy(), rtol=0, atol=1e-9, err_msg=name
            )
        else:
            assert found[name].to_list() == wanted[name].to_list(), name
