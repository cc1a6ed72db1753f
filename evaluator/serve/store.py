"""What a server remembers between two requests: links, answers on their way, rounds, votes.

SQLite inside the study by default, PostgreSQL by URL; answers that were sent are files of the study
besides (see `answers`), so that nothing is lost with the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

import sqlalchemy as sa

from evaluator.data.mapping import without_password
from evaluator.errors import EvaluationError, Issue

DATABASE = "store.sqlite"
_WAIT = 30
_TABLES = sa.MetaData()
LINKS = sa.Table(
    "links", _TABLES,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("person", sa.String(300), nullable=False, unique=True),
    sa.Column("generation", sa.Integer, nullable=False, default=1),
    sa.Column("revoked", sa.Boolean, nullable=False, default=False),
    sa.Column("ends", sa.String(10), nullable=False, default=""),
    sa.Column("phrase", sa.String(200), nullable=False, default=""),
    sa.Column("opened", sa.String(32), nullable=False, default=""),
)  # fmt: skip
LINES = sa.Table(
    "lines", _TABLES,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("link", sa.String(16), nullable=False, index=True),
    sa.Column("form", sa.String(16), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("opened", sa.String(32), nullable=False),
    sa.Column("saved", sa.String(32), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("sent", sa.String(32), nullable=False, default=""),
    sa.Column("times", sa.Integer, nullable=False, default=0),
    sa.UniqueConstraint("link", "form", "round", "number"),
)  # fmt: skip
ROUNDS = sa.Table(
    "rounds", _TABLES,
    sa.Column("form", sa.String(80), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("begun", sa.String(32), nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)  # fmt: skip
SESSIONS = sa.Table(
    "sessions", _TABLES,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("form", sa.String(80), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("questions", sa.Text, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("turn", sa.Integer, nullable=False),
    sa.Column("shown", sa.Boolean, nullable=False),
    sa.Column("begun", sa.String(32), nullable=False),
    sa.Column("ended", sa.String(32), nullable=False, default=""),
)  # fmt: skip
VOTES = sa.Table(
    "votes", _TABLES,
    sa.Column("session", sa.Integer, primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True),
    sa.Column("link", sa.String(16), primary_key=True),
    sa.Column("answer", sa.String(8), nullable=False),
    sa.Column("given", sa.String(32), nullable=False),
)  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """Answers of one person to one form as one device after the other has left them.

    `version` counts the times they were kept; who goes on from another version begins a line of its own,
    so that nobody's answers are written over. `seconds` is how long somebody was at it, `sent` when what it
    holds was sent, blank where it was not, `times` how often something was.
    """

    id: int
    link: str
    form: str
    round: int
    number: int
    version: int
    content: Mapping[str, Any]
    count: int
    opened: str
    saved: str
    seconds: float
    sent: str
    times: int


class Store:
    """The database of a server; one writes at a time, and what was written is on the disk."""

    def __init__(self, url: sa.URL) -> None:
        kept = {"check_same_thread": False, "timeout": _WAIT} if url.get_backend_name() == "sqlite" else {}
        self._engine = sa.create_engine(url, connect_args=kept, pool_pre_ping=True)
        self._writing = RLock()
        if kept:
            sa.event.listen(self._engine, "connect", _durable)
        _TABLES.create_all(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Yield a connection nobody else writes beside; all of it counts when the block ends well."""
        with self._writing, self._engine.begin() as connection:
            yield connection

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """Return the rows of a query."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def row(self, query: sa.Select[Any]) -> Row | None:
        """Return the first row of a query."""
        return next(iter(self.rows(query)), None)

    def lines(self, **where: object) -> list[Line]:
        """Return lines of answers, the one kept last first."""
        query = sa.select(LINES).where(*(LINES.c[name] == value for name, value in where.items()))
        rows = self.rows(query.order_by(LINES.c.saved.desc(), LINES.c.id.desc()))
        return [line_of(row) for row in rows]


def line_of(row: Row) -> Line:
    """Return a line as its row has it."""
    return Line(**{**row, "content": json.loads(row["content"])})


def open_store(folder: Path, url: str | None = None) -> Store:
    """Open the database at a URL, by default the SQLite file in a folder of the study.

    Raises
    ------
    EvaluationError
        where it cannot be opened.
    """
    try:
        place = sa.make_url(url) if url else sa.URL.create("sqlite", database=str(folder / DATABASE))
        if place.drivername in ("postgres", "postgresql"):
            place = place.set(drivername="postgresql+psycopg")
        return Store(place)
    except (sa.exc.SQLAlchemyError, ImportError, ValueError) as error:
        name = without_password(url) if url else DATABASE
        reason = without_password(str(error).splitlines()[0]) if str(error) else type(error).__name__
        raise EvaluationError([Issue("SERVE-104", name, {"reason": reason})]) from None


def _durable(connection: Any, _: object) -> None:
    """Have SQLite write ahead, so that readers do not wait, and onto the disk before it says so."""
    for said in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_WAIT * 1000}"):
        connection.execute(f"PRAGMA {said}").close()
