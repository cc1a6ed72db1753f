"""Results written back to a table of the client's: in one transaction, whole or not at all, run by run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import polars as pl
from pydantic import Field

from evaluator.data.connections import engine, quoted, telling, wait_for_locks
from evaluator.data.databases import Address, Databases, address
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location, raise_errors

if TYPE_CHECKING:
    import sqlalchemy as sa

RUN = "run"
_CHUNK = 5_000
_DUCKDB: Mapping[str, str] = {
    "text": "varchar", "number": "double", "whole": "bigint", "truth": "boolean", "date": "date",
    "time": "timestamp with time zone",
}  # fmt: skip


class WriteOptions(Format):
    """Where the results of a run go, besides the study's own files.

    Parameters
    ----------
    database, credentials : as in a table's mapping.
    table : ``name`` or ``schema.name``; made where there is none.
    mode : ``replace`` puts the rows of this run in place of those the same run wrote before; ``append``
        refuses to write a run twice. Rows of other runs stay as they are.
    run : how this run is called; default: the tree and the day the evaluation looks back from.
    """

    database: Annotated[str, Field(min_length=1)]
    table: Annotated[str, Field(min_length=1)]
    mode: Literal["replace", "append"] = "replace"
    run: Annotated[str, Field(min_length=1)] | None = None
    credentials: Annotated[str, Field(min_length=1)] | None = None


@dataclass(frozen=True)
class Wrote:
    """What was written: rows of a run into a table of a database, and how many rows they replaced."""

    database: str
    table: str
    run: str
    rows: int
    replaced: int


def write_results(
    frame: pl.DataFrame,
    options: WriteOptions,
    folder: str | Path,
    *,
    run: str,
    databases: Databases | None = None,
    where: Location | None = None,
) -> Wrote:
    """Write a table of results, with the name of the run in its first column.

    Parameters
    ----------
    frame : one row per customer; a column per column of the table.
    folder : of the study.
    run : which rows belong together.

    Raises
    ------
    EvaluationError
        the run stands in the table and is not to be replaced, the table lacks columns, a name is too long for
        the database, the connection was lost: the table is as it was, the database refuses, locked, and those
        of `address`.
    """
    place = address(options.database, databases or {}, folder, credentials=options.credentials, where=where)
    frame = frame.select(pl.lit(run).alias(RUN), *map(_plain, frame.columns, frame.dtypes))
    write = _write_duckdb if place.engine == "duckdb" else _write_sql
    replaced = write(frame, options, place, run, where)
    return Wrote(place.name, options.table, run, frame.height, replaced)


def _plain(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a column as databases know it: no NaN, no lists."""
    if kind.is_float():
        return pl.col(name).cast(pl.Float64).fill_nan(None)
    return pl.col(name).cast(pl.String) if kind.is_nested() or kind == pl.Categorical else pl.col(name)


def _kind(kind: pl.DataType) -> str:
    if kind.is_float() or kind.is_decimal():
        return "number"
    if kind.is_integer():
        return "whole"
    if kind == pl.Boolean:
        return "truth"
    if kind == pl.Date:
        return "date"
    return "time" if kind == pl.Datetime else "text"


def _refuse(
    columns: list[str], there: list[str] | None, longest: int | None, table: str, where: Location | None
) -> None:
    """Raise what keeps a table from taking the columns; `there` is None for a table that is made now."""
    long = [name for name in (*columns, *table.split(".")) if longest and len(name.encode()) > longest]
    raise_errors([Issue("DATA-466", name, {"longest": longest}, where=where) for name in long])
    lacking = [] if there is None else [name for name in columns if name not in there]
    if lacking:
        raise EvaluationError([Issue("DATA-462", table, {"names": ", ".join(lacking)}, where=where)])


def _refuse_twice(count: int, options: WriteOptions, run: str, where: Location | None) -> None:
    if count and options.mode == "append":
        raise EvaluationError([Issue("DATA-461", run, {"table": options.table, "rows": count}, where=where)])


def _write_sql(
    frame: pl.DataFrame, options: WriteOptions, place: Address, run: str, where: Location | None
) -> int:
    with telling(place, "connect", where=where):
        made = engine(place, writing=True)
        connection = made.connect()
    try:
        with telling(place, "write", where=where), connection.begin():
            wait_for_locks(connection, place)
            table = _sql_table(frame, options, connection, where)
            count = _rows_of(connection, table, run)
            _refuse_twice(count, options, run, where)
            connection.execute(table.delete().where(table.c[RUN] == run))
            for rows in _chunks(frame):
                connection.execute(table.insert(), rows)
            return count
    finally:
        connection.close()
        made.dispose()


def _sql_table(
    frame: pl.DataFrame, options: WriteOptions, connection: sa.Connection, where: Location | None
) -> sa.Table:
    """Return the table, made if there is none."""
    import sqlalchemy as sa

    kinds: dict[str, Any] = {
        "text": sa.Text(), "number": sa.Double(), "whole": sa.BigInteger(), "truth": sa.Boolean(),
        "date": sa.Date(), "time": sa.DateTime(timezone=True),
    }  # fmt: skip
    schema, _, name = options.table.rpartition(".")
    inspector = sa.inspect(connection)
    exists = inspector.has_table(name, schema or None)
    there = [column["name"] for column in inspector.get_columns(name, schema or None)] if exists else None
    _refuse(frame.columns, there, connection.dialect.max_identifier_length, options.table, where)
    columns = [sa.Column(column, kinds[_kind(kind)]) for column, kind in frame.schema.items()]
    table = sa.Table(name, sa.MetaData(), *columns, schema=schema or None)
    if not exists:
        table.create(connection)
    return table


def _rows_of(connection: sa.Connection, table: sa.Table, run: str) -> int:
    import sqlalchemy as sa

    count = sa.select(sa.func.count()).select_from(table).where(table.c[RUN] == run)
    return int(connection.execute(count).scalar_one())


def _chunks(frame: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    for part in frame.iter_slices(_CHUNK):
        yield part.to_dicts()


def _write_duckdb(
    frame: pl.DataFrame, options: WriteOptions, place: Address, run: str, where: Location | None
) -> int:
    import duckdb

    closed: dict[str, Any] = {"enable_external_access": "false"}
    with telling(place, "connect", where=where):
        connection = duckdb.connect(str(place.file), config=closed)
    ask: Callable[..., Any] = connection.execute
    name = quoted(*options.table.split("."))
    try:
        with telling(place, "write", where=where):
            connection.begin()
            kinds = (f"{quoted(column)} {_DUCKDB[_kind(kind)]}" for column, kind in frame.schema.items())
            ask(f"create table if not exists {name} ({', '.join(kinds)})")
            there = [column[0] for column in ask(f"select * from {name} limit 0").description]
            _refuse(frame.columns, there, None, options.table, where)
            count = ask(f"select count(*) from {name} where {quoted(RUN)} = ?", [run]).fetchone()[0]
            _refuse_twice(count, options, run, where)
            ask(f"delete from {name} where {quoted(RUN)} = ?", [run])
            connection.register("results_of_this_run", frame.to_arrow())
            columns = ", ".join(map(quoted, frame.columns))
            ask(f"insert into {name} ({columns}) select {columns} from results_of_this_run")
            connection.commit()
            return int(count)
    finally:
        connection.close()  # what was not committed is undone
