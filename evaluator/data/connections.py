"""Connections to databases: opened to read or to write, one transaction each, and what goes wrong with them.

SQLAlchemy speaks to every database but DuckDB, whose own client needs no dialect between.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from evaluator.data.databases import Address
from evaluator.errors import EvaluationError, Issue, Location, nearest

if TYPE_CHECKING:
    import sqlalchemy as sa

_CHUNK = 50_000
_DRIVERS = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_INSTALLED_BY = {"duckdb": "evaluator[duckdb]"} | dict.fromkeys(
    ("sqlite", "postgresql", "postgres"), "evaluator[sql]"
)
_LOCKED = re.compile(r"database (table )?is locked|could not set lock|conflicting lock", re.IGNORECASE)
_REFUSED = re.compile(r"password|authenticat|access denied|认证|密码", re.IGNORECASE)
_UNKNOWN = re.compile(r"does not exist|no such table|doesn't exist", re.IGNORECASE)
_LOST_STATES = ("57P01", "57P02", "57P03", "08")
_READING = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT,
}  # fmt: skip
_READ_ONLY = {
    "mysql": "set session transaction read only", "mariadb": "set session transaction read only",
    "oracle": "set transaction read only",
}  # fmt: skip

Row = Sequence[Any]
Chunk = tuple[list[str], list[Row]]


class Reader(Protocol):
    """A database open for reading; everything read through it is of one moment where the database can."""

    def chunks(self, query: str) -> Iterator[Chunk]:
        """Yield the names of the columns with the rows, some thousands at a time, at least once."""

    def quoted(self, table: str) -> str:
        """Return the name of a table, ``schema.name`` too, as it stands in a query."""

    def tables(self) -> list[str]:
        """Return the names of the tables there are."""

    def close(self) -> None:
        """Let go of the database."""


class Readers:
    """The databases of one reading, each opened once; they close together."""

    def __init__(self) -> None:
        self._open: dict[str, Reader] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def of(self, address: Address, where: Location | None = None) -> Reader:
        """Return the open database of an address; see `problem` for what may be raised."""
        if address.url not in self._open:
            with telling(address, "connect", where=where):
                reader = _duckdb(address) if address.engine == "duckdb" else _sqlalchemy(address)
            self._open[address.url] = reader
            self._stack.callback(reader.close)
        return self._open[address.url]


@contextmanager
def telling(
    address: Address,
    doing: str,
    *,
    where: Location | None = None,
    detail: Callable[[], Mapping[str, object]] = dict,
    known: Callable[[], list[str]] = list,
    subject: str = "",
) -> Iterator[None]:
    """Turn what a driver raises into the issue it stands for; passwords never reach it.

    `doing` is connect, read or write; `detail` and `known` (names a mistyped `subject` may stand for) are
    asked for only when something went wrong.

    Raises `EvaluationError` for a driver that is missing, a login refused, a connection lost, a lock, and
    whatever else the database says.
    """
    try:
        yield
    except EvaluationError:
        raise
    except ModuleNotFoundError as error:
        missing = {"module": error.name, "install": _INSTALLED_BY.get(address.engine, error.name)}
        found = Issue("DATA-450", address.name, missing, where=where)
        raise EvaluationError([found]) from error
    except Exception as error:
        if not _is_of_a_driver(error):
            raise
        code = _code(error, doing)
        reason = address.masked(_first_line(error))
        near: tuple[str, ...] = ()
        if code == "DATA-456" and subject and _UNKNOWN.search(reason):
            with suppress(Exception):  # the list of tables is a courtesy
                near = nearest(subject, known())
        found = Issue(code, address.name, {"reason": reason, **detail()}, near, where)
        raise EvaluationError([found]) from None  # the driver's own error may quote rows and parameters


def _is_of_a_driver(error: Exception) -> bool:
    """True if an error comes from a database or its driver, so that our own faults stay ours."""
    return any(
        kind.__module__.partition(".")[0] in ("sqlalchemy", "duckdb", "_duckdb", "psycopg", "sqlite3")
        for kind in type(error).__mro__
    )


def _code(error: Exception, doing: str) -> str:
    original = getattr(error, "orig", None) or error
    state = str(getattr(original, "sqlstate", None) or "")
    text = str(original)
    if type(error).__name__ in ("NoSuchModuleError", "ArgumentError"):
        return "DATA-459"
    if state == "55P03" or _LOCKED.search(text):
        return "DATA-458"
    if doing == "connect":
        refused = state in ("28P01", "28000") or _REFUSED.search(text)
        return "DATA-455" if refused else "DATA-454"
    if getattr(error, "connection_invalidated", False) or state.startswith(_LOST_STATES):
        return "DATA-457" if doing == "read" else "DATA-463"
    return "DATA-456" if doing == "read" else "DATA-465"


def _first_line(error: Exception) -> str:
    original = getattr(error, "orig", None) or error
    lines = [line.strip() for line in str(original).splitlines() if line.strip()]
    return lines[0] if lines else type(original).__name__


def engine(address: Address, *, writing: bool = False) -> sa.Engine:
    """Return the SQLAlchemy engine of an address; it keeps no connection open and shows no values."""
    import sqlalchemy as sa  # an extra

    if address.file is not None:
        place = f"{address.file.resolve().as_uri()}?mode={'rw' if writing else 'ro'}"

        def open_file() -> sqlite3.Connection:
            opened = sqlite3.connect(place, uri=True, timeout=address.timeout)
            if not writing:
                opened.set_authorizer(_only_reading)
            return opened

        return sa.create_engine("sqlite://", creator=open_file, poolclass=sa.NullPool, hide_parameters=True)
    url = sa.make_url(address.url)
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    known = {"connect_timeout": address.timeout} if url.get_backend_name() == "postgresql" else {}
    return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, connect_args=known)


def _only_reading(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    """Let SQLite read its own file: no other file is attached, and no library loaded."""
    if action == sqlite3.SQLITE_PRAGMA:  # SQLAlchemy asks for this one when it connects
        reads = (first, second) == ("read_uncommitted", None)
    else:
        reads = action in _READING and second != "load_extension"
    return sqlite3.SQLITE_OK if reads else sqlite3.SQLITE_DENY


def wait_for_locks(connection: sa.Connection, address: Address) -> None:
    """Let a locked table be waited for no longer than the study says, where the database can be told."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"set local lock_timeout = '{address.timeout}s'")


def quoted(*parts: str) -> str:
    """Return a name of one or more parts in the quotation marks of standard SQL.

    >>> print(quoted("sales", 'of "us" all'))
    "sales"."of ""us"" all"
    """
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


class _SqlReader:
    """Any database SQLAlchemy speaks to: one transaction that cannot write, rows from its own cursor."""

    def __init__(self, connection: sa.Connection, address: Address) -> None:
        self._connection, self._address = connection, address

    def chunks(self, query: str) -> Iterator[Chunk]:
        with self._connection.begin_nested():  # one failing query leaves the next ones readable
            wait_for_locks(self._connection, self._address)
            options = {"stream_results": True, "max_row_buffer": _CHUNK, "no_parameters": True}
            result = self._connection.exec_driver_sql(query, execution_options=options)
            cursor = result.cursor
            try:
                names = list(result.keys())
                while rows := result.fetchmany(_CHUNK):
                    yield names, list(rows)
                yield names, []
            finally:
                with suppress(Exception):  # that of a lost connection
                    cursor.close()

    def quoted(self, table: str) -> str:
        prepare = self._connection.dialect.identifier_preparer
        return ".".join(prepare.quote_identifier(part) for part in table.split("."))

    def tables(self) -> list[str]:
        import sqlalchemy as sa

        return sa.inspect(self._connection).get_table_names()

    def close(self) -> None:
        with suppress(Exception):  # a lost connection cannot be closed again
            self._connection.close()
        self._connection.engine.dispose()


def _sqlalchemy(address: Address) -> Reader:
    made = engine(address)
    connection = made.connect()
    if made.dialect.name == "postgresql":
        connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    if statement := _READ_ONLY.get(made.dialect.name):
        connection.exec_driver_sql(statement)
        if made.dialect.name != "oracle":  # there it began the transaction that it speaks of
            connection.rollback()
    if not connection.in_transaction():
        connection.begin()
    return _SqlReader(connection, address)


class _DuckReader:
    """A DuckDB file, opened so that nothing else can be written or read."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def chunks(self, query: str) -> Iterator[Chunk]:
        cursor = self._connection.execute(query)
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(_CHUNK):
            yield names, rows
        yield names, []

    def quoted(self, table: str) -> str:
        return quoted(*table.split("."))

    def tables(self) -> list[str]:
        return [row[0] for row in self._connection.execute("show tables").fetchall()]

    def close(self) -> None:
        self._connection.close()


def _duckdb(address: Address) -> Reader:
    import duckdb  # an extra

    closed: dict[str, Any] = {"enable_external_access": "false", "lock_configuration": "true"}
    return _DuckReader(duckdb.connect(str(address.file), read_only=True, config=closed))  # no other files
