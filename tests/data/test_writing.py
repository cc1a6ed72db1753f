"""Results go into a table of the client's whole or not at all, run by run."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from evaluator.data import writing
from evaluator.data.databases import DatabaseOptions
from evaluator.data.writing import WriteOptions, Wrote, write_results
from evaluator.errors import EvaluationError, Issue

FRAME = pl.DataFrame(
    {"id": ["007", "C2"], "score": [81.25, float("nan")], "rank": [1, None], "rated": [True, False],
     "as_of": [date(2024, 1, 5)] * 2, "created": [datetime(2024, 1, 5, 8, tzinfo=UTC)] * 2,
     "name": ["华东贸易", "O'Neill; drop table scores"]},
    schema_overrides={"rank": pl.UInt32},
)  # fmt: skip
Rows = list[tuple[Any, ...]]


@pytest.fixture(params=["sqlite", "duckdb", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Rows]:
    """Run statements in an empty database, each kind by its own client."""
    path = tmp_path / f"results.{kind}"

    def by_sqlite(*statements: str) -> Rows:
        with closing(sqlite3.connect(path)) as connection, connection:
            return [connection.execute(statement).fetchall() for statement in statements][-1]

    def by_duckdb(*statements: str) -> Rows:
        import duckdb

        with duckdb.connect(str(path)) as connection:
            return [connection.execute(statement).fetchall() for statement in statements][-1]

    def by_postgresql(*statements: str) -> Rows:
        with request.getfixturevalue("postgres").connect() as connection:
            cursors = [connection.execute(statement) for statement in statements]
            return cursors[-1].fetchall() if cursors[-1].description else []

    asking = {"sqlite": by_sqlite, "duckdb": by_duckdb, "postgresql": by_postgresql}[kind]
    if kind == "postgresql":
        asking("drop table if exists scores")
    else:
        asking("create table other (x integer)")
    return asking


@pytest.fixture
def write(kind: str, ask, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """Write results by a study's options."""
    if kind == "postgresql":
        server = request.getfixturevalue("postgres")
        monkeypatch.setenv("CRM_PASSWORD", server.password)
        monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD")
        client = DatabaseOptions(url=server.url, password="${CRM_PASSWORD}", timeout_seconds=1)
    else:
        client = DatabaseOptions(url=f"results.{kind}", timeout_seconds=1)

    def writing_to(frame: pl.DataFrame = FRAME, *, run: str = "2024", **options: Any) -> Wrote:
        stated = WriteOptions.model_validate({"database": "client", "table": "scores"} | options)
        return write_results(frame, stated, tmp_path, run=run, databases={"client": client})

    return writing_to


def failing(function: Callable[..., Wrote], *arguments: Any, **named: Any) -> Issue:
    with pytest.raises(EvaluationError) as raised:
        function(*arguments, **named)
    (issue,) = raised.value.issues
    return issue


def test_a_table_that_is_not_there_is_made_and_filled(write, ask) -> None:
    assert write() == Wrote("client", "scores", "2024", 2, 0)
    rows = ask("select run, id, score, rank, name from scores order by id")
    assert rows == [("2024", "007", 81.25, 1, "华东贸易"), ("2024", "C2", None, None, FRAME["name"][1])]


def test_a_run_replaces_its_own_rows_and_no_others(write, ask) -> None:
    write(run="2023")
    write()
    again = write(FRAME.head(1).with_columns(score=pl.lit(50.0)))
    assert (again.rows, again.replaced) == (1, 2)
    assert ask("select run, id, score from scores order by run, id") == [
        ("2023", "007", 81.25), ("2023", "C2", None), ("2024", "007", 50.0)]  # fmt: skip


def test_a_run_is_not_appended_twice(write, ask) -> None:
    write(mode="append")
    issue = failing(write, mode="append")
    assert (issue.code, issue.subject, issue.detail["rows"]) == ("DATA-461", "2024", 2)
    write(mode="append", run="2025")
    assert ask("select run, count(*) from scores group by run order by run") == [("2024", 2), ("2025", 2)]


def test_a_table_of_the_clients_may_have_columns_of_its_own(write, ask) -> None:
    ask("create table scores (name text, score double precision, id text, run text, rank integer,"
        " rated boolean, as_of date, created timestamp with time zone, remark text)")  # fmt: skip
    write()
    assert ask("select id, score, remark from scores order by id") == [
        ("007", 81.25, None),
        ("C2", None, None),
    ]


def test_a_table_that_lacks_columns_is_refused_and_left_alone(write, ask) -> None:
    ask("create table scores (run text, id text, name text)")
    issue = failing(write)
    assert (issue.code, issue.subject) == ("DATA-462", "scores")
    assert issue.detail["names"] == "score, rank, rated, as_of, created"
    assert ask("select count(*) from scores") == [(0,)]


def test_rows_the_database_refuses_leave_the_table_as_it_was(write, ask) -> None:
    """The second row breaks a rule of the client's after the first, and the old run, are gone."""
    ask("create table scores (run text, id text check (id <> 'C2' or run = '2023'), score double precision,"
        " rank integer, rated boolean, as_of date, created timestamp with time zone, name text)")  # fmt: skip
    write(run="2023")
    write(FRAME.head(1))
    before = ask("select * from scores order by run, id")
    assert len(before) == 3
    issue = failing(write)
    assert issue.code == "DATA-465"
    assert "华东贸易" not in issue.text()
    assert ask("select * from scores order by run, id") == before


def test_a_locked_table_is_told_and_left_alone(kind: str, write, ask, request, tmp_path: Path) -> None:
    write()
    if kind == "sqlite":
        with closing(sqlite3.connect(tmp_path / "results.sqlite", isolation_level=None)) as other:
            other.execute("begin immediate")
            issue = failing(write, run="2025")
    elif kind == "postgresql":
        with request.getfixturevalue("postgres").connect() as other, other.transaction():
            other.execute("lock table scores in access exclusive mode")
            issue = failing(write, run="2025")
    else:
        import subprocess
        import sys

        code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
        holder = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "results.duckdb")], stdin=-1, stdout=-1
        )
        assert holder.stdout.readline()
        issue = failing(write, run="2025")
        holder.communicate(b"")
    assert issue.code == "DATA-458"
    assert ask("select run, count(*) from scores group by run") == [("2024", 2)]


def test_a_name_the_database_would_cut_is_refused(write, kind: str) -> None:
    """PostgreSQL keeps 63 bytes of a name, so two long ones might become one."""
    long = "score_" + "长" * 20
    frame = FRAME.with_columns(pl.lit(1.0).alias(long))
    if kind != "postgresql":
        assert write(frame).rows == 2
        return
    issue = failing(write, frame)
    assert (issue.code, issue.subject) == ("DATA-466", long)


def test_a_connection_lost_in_the_middle_of_a_write_leaves_the_table_as_it_was(
    postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends the session after the old rows are deleted and the first new ones are in."""
    monkeypatch.setenv("CRM_PASSWORD", postgres.password)
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD")
    client = {"client": DatabaseOptions(url=postgres.url, password="${CRM_PASSWORD}")}
    options = WriteOptions(database="client", table="lost")
    postgres.execute("drop table if exists lost")
    write_results(FRAME, options, tmp_path, run="2024", databases=client)
    chunks = writing._chunks

    def then_ended(frame: pl.DataFrame) -> Any:
        yield from chunks(frame)
        postgres.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like 'INSERT INTO lost%'"
        )
        yield from chunks(frame)

    monkeypatch.setattr(writing, "_chunks", then_ended)
    issue = failing(
        write_results, FRAME.with_columns(score=pl.lit(1.0)), options, tmp_path, run="2024", databases=client
    )
    assert issue.code == "DATA-463"
    with postgres.connect() as connection:
        rows = connection.execute("select id, score from lost order by id").fetchall()
    assert rows == [("007", 81.25), ("C2", None)]


def test_a_wrong_login_is_told(postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "open sesame")
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD")
    client = {"client": DatabaseOptions(url=postgres.url, password="${CRM_PASSWORD}")}
    options = WriteOptions(database="client", table="scores")
    issue = failing(write_results, FRAME, options, tmp_path, run="2024", databases=client)
    assert issue.code == "DATA-455"
    assert "sesame" not in issue.text()
