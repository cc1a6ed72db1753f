"""Tables in databases are read like files, and what opens a database is never shown."""

import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evaluator.data import ReadTable, TableMapping, read_table, read_tables
from evaluator.data.databases import DatabaseOptions, DatabaseSource, address, check_databases
from evaluator.documents import Format, parse, validate
from evaluator.errors import EvaluationError, Issue, Severity

DDL = (
    "create table orders (customer text, 日期 date, amount numeric, n integer, note text)",
    "insert into orders values ('007', '2024-01-05', 10.25, 3, '加急'), ('C2', '2024-01-06', 1200, 4, null),"
    " ('合计', null, 1210.25, 7, '')",
)
ROWS = [("007", date(2024, 1, 5), 10.25, "加急"), ("C2", date(2024, 1, 6), 1200.0, None)]
COLUMNS = {"id": "customer", "note": "note"}


def make_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        for statement in DDL:
            connection.execute(statement)
    connection.close()


def make_duckdb(path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as connection:
        for statement in DDL:
            connection.execute(statement)


MAKE = {"crm.sqlite": make_sqlite, "crm.duckdb": make_duckdb}


@pytest.fixture(params=MAKE)
def stated(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The path of a database file with a table of orders."""
    MAKE[request.param](tmp_path / request.param)
    return str(request.param)


@pytest.fixture
def reading(tmp_path: Path, orders) -> Callable[..., ReadTable]:
    def read(databases: Any = None, **mapping: Any) -> ReadTable:
        mapping.setdefault("columns", COLUMNS)
        return read_table(
            "orders", TableMapping.model_validate(mapping), orders, tmp_path, databases=databases
        )

    return read


def raised_by(function: Callable[..., Any], *arguments: Any, **named: Any) -> list[Issue]:
    with pytest.raises(EvaluationError) as raised:
        function(*arguments, **named)
    assert "sesame" not in str(raised.value)
    return list(raised.value.issues)


def test_a_table_of_a_database_file_is_read_by_the_same_mapping(reading, stated: str) -> None:
    table = reading(database=stated, table="orders")
    assert table.frame.select("id", "date", "amount", "note").rows() == ROWS
    note = table.note
    assert (note.file, note.rows_read, note.rows_kept, note.header) == (f"{stated}#orders", 3, 2, 0)
    (source,) = note.sources
    assert (source.rows, len(source.fingerprint)) == (3, 64)


def test_a_query_is_read_and_noted(reading, stated: str) -> None:
    query = "select customer, 日期, amount, note from orders where customer like 'C%' and note is null"
    table = reading(database=stated, query=query)
    assert table.frame["id"].to_list() == ["C2"]
    assert table.note.sources[0].query == query
    assert table.note.file == f"{stated}#query"


def test_the_fingerprint_is_of_the_rows_and_not_of_their_order(reading, stated: str) -> None:
    prints = {
        order: reading(database=stated, query=f"select * from orders order by amount {order}")
        .note.sources[0]
        .fingerprint
        for order in ("asc", "desc")
    }
    fewer = reading(database=stated, query="select * from orders where amount < 1201").note.sources[0]
    assert prints["asc"] == prints["desc"] != fewer.fingerprint


def test_a_path_may_hold_whatever_paths_hold(reading, tmp_path: Path) -> None:
    folder = tmp_path / "资料 100%#1"
    folder.mkdir()
    make_sqlite(folder / "客户.sqlite")
    make_duckdb(folder / "客户.duckdb")
    for name in ("客户.sqlite", "客户.duckdb"):
        assert reading(database=f"{folder.name}/{name}", table="orders").frame.height == 2


def test_a_database_is_named_once_for_all_tables(reading, stated: str) -> None:
    options = DatabaseOptions(url=stated, timeout_seconds=5)
    table = reading({"crm": options}, database="crm", table="orders")
    assert table.frame.height == 2
    assert table.note.file == "crm#orders"


def test_times_of_duckdb_are_read_with_their_zone(reading, tmp_path: Path) -> None:
    make_duckdb(tmp_path / "crm.duckdb")
    query = "select customer, timestamptz '2024-01-05 16:30+00' as 日期, amount from orders where n = 3"
    columns = {"id": "customer", "date": {"from": "日期", "zone": "Asia/Shanghai"}}
    table = reading(database="crm.duckdb", query=query, columns=columns)
    assert table.frame["date"].to_list() == [date(2024, 1, 6)]


def test_nothing_can_be_written_through_a_query(reading, stated: str) -> None:
    assert raised_by(reading, database=stated, query="delete from orders")[0].code == "DATA-467"
    assert reading(database=stated, table="orders").note.rows_read == 3


def test_a_duckdb_query_reads_no_other_file(reading, tmp_path: Path) -> None:
    make_duckdb(tmp_path / "crm.duckdb")
    (tmp_path / "other.csv").write_text("customer,日期,amount\n1,2024-01-05,3\n", "utf-8")
    query = f"select * from read_csv('{tmp_path / 'other.csv'}')"
    assert raised_by(reading, database="crm.duckdb", query=query)[0].code == "DATA-456"


def test_a_table_that_is_not_there_is_named_with_the_nearest(reading, stated: str) -> None:
    (issue,) = raised_by(reading, database=stated, table="order")
    assert (issue.code, issue.subject, issue.hint) == ("DATA-456", stated, ("orders",))


def test_a_query_without_rows_is_named(reading, stated: str) -> None:
    (issue,) = raised_by(reading, database=stated, query="select * from orders where 1 = 0")
    assert (issue.code, issue.subject) == ("DATA-403", f"{stated}#query")


def test_a_bad_cell_is_named_by_its_record(reading, stated: str) -> None:
    columns = {"id": "customer", "date": "日期", "amount": "note"}
    query = "select customer, 日期, note from orders where note <> ''"
    (issue, *_) = raised_by(reading, database=stated, query=query, columns=columns)
    assert (issue.code, str(issue.where)) == ("DATA-408", f"{stated}#query:1:3")


def test_a_file_that_is_not_there_is_named(reading, stated: str) -> None:
    (issue,) = raised_by(reading, database="c" + stated, table="orders")
    assert (issue.code, issue.hint) == ("DATA-401", (stated,))


def test_a_file_that_is_no_database_is_named(reading, tmp_path: Path) -> None:
    (tmp_path / "crm.sqlite").write_bytes(b"SQLite format 3\x00 and then nothing more")
    (tmp_path / "crm.duckdb").write_bytes(b"junk")
    assert raised_by(reading, database="crm.sqlite", table="orders")[0].code in ("DATA-454", "DATA-456")
    assert raised_by(reading, database="crm.duckdb", table="orders")[0].code == "DATA-454"


def test_a_locked_file_is_named(reading, tmp_path: Path) -> None:
    make_sqlite(tmp_path / "crm.sqlite")
    with sqlite3.connect(tmp_path / "crm.sqlite", isolation_level=None) as other:
        other.execute("begin exclusive")
        options = DatabaseOptions(url="crm.sqlite", timeout_seconds=1)
        (issue,) = raised_by(reading, {"crm": options}, database="crm", table="orders")
        other.execute("rollback")
    other.close()
    assert (issue.code, issue.subject) == ("DATA-458", "crm")


def test_a_missing_driver_says_what_to_install(reading, monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    module = "duckdb" if stated.endswith("duckdb") else "sqlalchemy"
    monkeypatch.setitem(sys.modules, module, None)
    (issue,) = raised_by(reading, database=stated, table="orders")
    assert (issue.code, issue.detail["module"]) == ("DATA-450", module)


def test_our_own_faults_are_not_dressed_as_the_databases(
    reading, monkeypatch: pytest.MonkeyPatch, stated: str
) -> None:
    def broken(*_: object) -> str:
        raise KeyError("ours")

    monkeypatch.setattr("evaluator.data.querying._texts", broken)
    with pytest.raises(KeyError):
        reading(database=stated, table="orders")


# What opens a database


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:sesame@host/crm",
        "postgresql://ann:ses@me:/sesame@host/crm",
        "postgresql://ann@host/crm?password=sesame",
        "mysql+pymysql://ann@host/crm?charset=utf8&token=sesame",
    ],
)
def test_a_password_in_the_study_is_refused_and_not_repeated(reading, url: str) -> None:
    for read in (
        lambda: reading(database=url, table="orders"),
        lambda: reading({"crm": url}, database="crm", table="orders"),
        lambda: reading({"crm": DatabaseOptions(url=url)}, database="crm", table="orders"),
    ):
        (issue,) = raised_by(read)
        assert issue.code == "DATA-451"
        assert "sesame" not in issue.text("zh")


@pytest.mark.parametrize("password", ["sesame", "1234567", "${PASS}word"])
def test_a_password_beside_the_url_is_refused_by_its_line(password: str) -> None:
    class Study(Format):
        databases: dict[str, DatabaseSource]

    text = f"databases:\n  crm:\n    url: postgresql://ann@host/crm\n    password: {password}\n"
    document = parse(text, "study.yaml")
    (issue,) = check_databases(validate(document, Study).databases, (), document)
    assert (issue.code, str(issue.where)) == ("DATA-451", "study.yaml:4:5")
    assert password not in issue.text()


def test_a_password_where_a_database_is_used_is_refused_by_its_line() -> None:
    document = parse("write:\n  table: scores\n  database: mysql://ann:sesame@host/crm\n", "study.yaml")
    (issue,) = check_databases({}, [(("write", "database"), document.data["write"]["database"])], document)
    assert (issue.code, issue.subject, str(issue.where)) == (
        "DATA-451", "mysql://ann:…@host/crm", "study.yaml:3:3")  # fmt: skip


def test_passwords_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD@host, CRM_URL")
    monkeypatch.setenv("CRM_PASSWORD", "ses%me/@1")
    monkeypatch.setenv("CRM_URL", "postgresql://ann:ses%25me@host/crm")
    quoted = "postgresql://ann:ses%25me%2F%401@host/crm"
    assert address("postgresql://ann:${CRM_PASSWORD}@host/crm", {}, tmp_path).url == quoted
    named = DatabaseOptions(url="postgresql://host/crm", user="ann", password="${CRM_PASSWORD}")
    assert address("crm", {"crm": named}, tmp_path).url == quoted
    for stated in ("${CRM_URL}", "CRM_URL"):
        found = address(stated, {}, tmp_path)
        assert (found.name, found.url) == (stated, "postgresql://ann:ses%25me@host/crm")
        assert found.masked("ses%me and ses%25me at host, crm of ann") == "… and … at …, … of …"
        assert "ses" not in repr(found)


def test_a_variable_that_is_not_set_is_named(reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVALUATOR_ALLOW", "NO_SUCH")
    (issue,) = raised_by(reading, database="postgresql://ann:${NO_SUCH}@host/crm", table="orders")
    assert (issue.code, issue.subject) == ("DATA-452", "NO_SUCH")


def test_a_file_of_credentials_stands_outside_the_study(tmp_path: Path) -> None:
    study = tmp_path / "study"
    study.mkdir()
    url = "postgresql://host/crm"
    (tmp_path / "login.yaml").write_text("host: host\nuser: ann\npassword: 0123\n", "utf-8")
    found = address(url, {}, study, credentials=str(tmp_path / "login.yaml"))
    assert found.url == "postgresql://ann:0123@host/crm"
    (study / "login.yaml").write_text("user: ann\npassword: sesame\n", "utf-8")
    (tmp_path / "list.yaml").write_text("- sesame\n", "utf-8")
    (tmp_path / "more.yaml").write_text("password: sesame\nhost: [a]\n", "utf-8")
    (tmp_path / "bad.yaml").write_text("password: {sesame\n", "utf-8")
    (tmp_path / "other.yaml").write_text("host: elsewhere\npassword: sesame\n", "utf-8")
    (tmp_path / "any.yaml").write_text("password: sesame\n", "utf-8")
    cases = {
        "login.yaml": "relative",
        str(study / "login.yaml"): "inside",
        str(tmp_path / "absent.yaml"): "unreadable",
        str(tmp_path / "bad.yaml"): "unreadable",
        str(tmp_path / "list.yaml"): "content",
        str(tmp_path / "more.yaml"): "content",
        str(tmp_path / "other.yaml"): "host",
        str(tmp_path / "any.yaml"): "host",
    }
    for stated, reason in cases.items():
        (issue,) = raised_by(address, url, {}, study, credentials=stated)
        assert (issue.code, issue.detail["reason"]) == ("DATA-453", f"database.credentials.{reason}")
        assert "sesame" not in issue.text("zh")


def test_a_name_that_is_no_database_is_named_with_the_nearest(reading) -> None:
    (issue,) = raised_by(reading, {"sales": "sales.sqlite"}, database="sale", table="orders")
    assert (issue.code, issue.hint) == ("DATA-459", ("sales",))
    (issue,) = raised_by(reading, database="nosuch://host/crm", table="orders")
    assert issue.code == "DATA-459"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@host:abc/crm",
        "postgresql://ann@[::1/crm",
        "sqlite://",
        "duckdb://",
        "://",
        "http://host/crm",
    ],
)
def test_what_is_no_url_of_a_database_is_named(reading, url: str) -> None:
    (issue,) = raised_by(reading, database=url, table="orders")
    assert issue.code == "DATA-459"


def test_a_missing_driver_of_another_database_is_named_by_its_package(
    reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    (issue,) = raised_by(reading, database="mysql+pymysql://ann@host/crm", table="orders")
    assert (issue.code, issue.detail["install"]) == ("DATA-450", "pymysql")


def test_a_local_server_needs_no_host(tmp_path: Path) -> None:
    options = DatabaseOptions(url="postgresql:///crm", user="ann", password="${CRM_PASSWORD}")
    assert address("postgresql:///crm", {}, tmp_path).url == "postgresql:///crm"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CRM_PASSWORD", "a")
        patch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD@localhost")
        assert address("crm", {"crm": options}, tmp_path).url == "postgresql://ann:a@/crm"


# PostgreSQL


@pytest.fixture
def crm(postgres, monkeypatch: pytest.MonkeyPatch):
    """A study's name for the server, with a table of orders on it."""
    monkeypatch.setenv("CRM_PASSWORD", postgres.password)
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD")
    postgres.execute("drop table if exists orders", *DDL)
    return {"crm": DatabaseOptions(url=postgres.url, password="${CRM_PASSWORD}", timeout_seconds=2)}


def test_a_table_of_postgresql_is_read(reading, crm) -> None:
    table = reading(crm, database="crm", table="public.orders")
    assert table.frame.select("id", "date", "amount", "note").rows() == ROWS
    assert table.note.file == "crm#public.orders"


def test_types_of_postgresql_become_what_they_say(reading, crm, postgres) -> None:
    postgres.execute(
        "drop table if exists odd",
        "create table odd (customer bigint, 日期 timestamptz, amount numeric, price double precision,"
        " quantity real, note jsonb)",
        "insert into odd values (12345678901234567, '2024-01-05 08:00+00', 1e20, 0.1, 'NaN', '{}')",
    )
    row = reading(crm, database="crm", table="odd", columns={"id": "customer"}).frame.row(0, named=True)
    assert (row["id"], row["amount"], row["price"]) == ("12345678901234567", 1e20, 0.1)
    assert (row["quantity"], row["note"]) == (None, None)


def test_a_wrong_password_is_told_and_not_shown(reading, crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "open sesame")
    (issue,) = raised_by(reading, crm, database="crm", table="orders")
    assert (issue.code, issue.subject) == ("DATA-455", "crm")


def test_a_server_that_is_not_there_is_told(reading, tmp_path: Path) -> None:
    (issue,) = raised_by(reading, database="postgresql://ann@127.0.0.1:1/crm", table="orders")
    assert issue.code == "DATA-454"


def test_a_locked_table_is_waited_for_no_longer_than_stated(reading, crm, postgres) -> None:
    with postgres.connect() as other, other.transaction():
        other.execute("lock table orders in access exclusive mode")
        (issue,) = raised_by(reading, crm, database="crm", table="orders")
    assert issue.code == "DATA-458"


def test_postgresql_lets_no_query_write(reading, crm) -> None:
    for query in ("delete from orders returning *", "drop table orders"):
        assert raised_by(reading, crm, database="crm", query=query)[0].code == "DATA-467"
    hidden = "with gone as (delete from orders returning *) select * from gone"
    assert raised_by(reading, crm, database="crm", query=hidden)[0].code == "DATA-456"
    assert reading(crm, database="crm", table="orders").note.rows_read == 3


def test_a_connection_lost_in_the_middle_of_a_read_leaves_nothing(
    reading, crm, postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server ends the session after the first rows have come."""
    monkeypatch.setattr("evaluator.data.connections._CHUNK", 1000)
    query = (
        "select g::text as customer, current_date as 日期, g as amount, repeat('x', 500) as note,"
        " pg_backend_pid() as pid from generate_series(1, 200000) g"
    )
    from evaluator.data import querying

    texts = querying._texts
    ended: list[int] = []

    def then_ended(rows: Any) -> Any:
        if not ended:
            ended.append(rows[0][4])
            postgres.execute(f"select pg_terminate_backend({rows[0][4]})")
        return texts(rows)

    monkeypatch.setattr(querying, "_texts", then_ended)
    (issue,) = raised_by(reading, crm, database="crm", query=query)
    assert issue.code == "DATA-457"
    assert 0 < issue.detail["rows"] < 200_000
    assert issue.severity is Severity.ERROR
    assert reading(crm, database="crm", table="orders").note.rows_read == 3


def test_one_failing_table_leaves_the_others_readable_and_all_problems_are_told(
    crm, orders, tmp_path: Path
) -> None:
    tables = {
        name: TableMapping.model_validate({"database": "crm", "table": name, "columns": COLUMNS})
        for name in ("no_such", "orders", "nor_this")
    }
    schemas = dict.fromkeys(tables, orders)
    issues = raised_by(read_tables, tables, schemas, tmp_path, databases=crm)
    assert [issue.code for issue in issues if issue.severity is Severity.ERROR] == ["DATA-456"] * 2
