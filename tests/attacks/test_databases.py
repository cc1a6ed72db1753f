"""A study that came by mail reads databases without changing them, and takes no secret it was not given."""

import sqlite3
from pathlib import Path

import pytest

from evaluator.customers.tables import ORDERS
from evaluator.data import TableMapping, read_table
from evaluator.data.databases import DatabaseOptions, address
from evaluator.data.queries import check_query
from evaluator.errors import EvaluationError

ONE = "insert into orders values ('C1', '2024-01-05', 10)"
READ = "select id, date, amount from orders"


def codes(function, *arguments, **named) -> list[str]:
    with pytest.raises(EvaluationError) as raised:
        function(*arguments, **named)
    return [issue.code for issue in raised.value.issues]


def read(folder: Path, databases=None, **stated):
    mapping = TableMapping.model_validate(stated)
    return read_table("orders", mapping, ORDERS, folder, databases=databases)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A study's folder with a database of one order, and another database beside the folder."""
    folder = tmp_path / "study"
    folder.mkdir()
    for path in (folder / "shop.sqlite", tmp_path / "other.sqlite"):
        with sqlite3.connect(path) as connection:
            connection.execute("create table orders (id text, date text, amount real)")
            connection.execute(ONE)
        connection.close()
    return folder


SPELLINGS = ("sqlite:///{}", "sqlite+pysqlite:///{}", "SQLite:///{}", "sqlite+aiosqlite:///{}", "{}")


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    "query",
    [
        "delete from orders returning id, date, amount",
        "insert into orders values ('C2', '2024-01-05', 1) returning id, date, amount",
        "update orders set amount = 0 returning id, date, amount",
        "attach database 'new.sqlite' as new",
        f"{READ}; delete from orders",
        "/* select */ delete from orders",
        "with one as (select 1) delete from orders returning id, date, amount",
    ],
)
def test_no_spelling_of_a_driver_lets_a_query_change_a_file(shop: Path, spelling: str, query: str) -> None:
    before = (shop / "shop.sqlite").read_bytes()
    found = codes(read, shop, database=spelling.format("shop.sqlite"), query=query)
    assert found in (["DATA-467"], ["DATA-456"])
    assert (shop / "shop.sqlite").read_bytes() == before
    assert sorted(path.name for path in shop.iterdir()) == ["shop.sqlite"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_missing_file_is_not_made(shop: Path, spelling: str) -> None:
    assert codes(read, shop, database=spelling.format("new.sqlite"), query=READ) == ["DATA-401"]
    assert not (shop / "new.sqlite").exists()


def test_functions_that_load_libraries_are_refused(shop: Path) -> None:
    query = "select load_extension('evil') as id, '2024-01-01' as date, 1 as amount"
    assert codes(read, shop, database="shop.sqlite", query=query) == ["DATA-456"]


@pytest.mark.parametrize(
    ("query", "engine"),
    [
        ("select 1; select 2", "postgresql"),
        ("select ';' from t", "postgresql"),
        ("call pay()", "postgresql"),
        ("explain analyze delete from t", "postgresql"),
        ("copy t to program 'sh'", "postgresql"),
        ("set session transaction read write", "mysql"),
        ("select * from t into outfile '/x'", "mysql"),
        ("select 1 /*! into outfile '/x' */", "mysql"),
        ("select 1 delete from t", "mssql"),
        ("select * into t2 from t", "mssql"),
        ("select 1 exec xp_cmdshell 'dir'", "mssql"),
        ("with a as (select 1 as x) update t set y = x from a", "mssql"),
        ("pragma writable_schema = 1", "sqlite"),
        ("install httpfs", "duckdb"),
        ("", "duckdb"),
        ("--\n", "duckdb"),
    ],
)
def test_a_query_is_one_statement_that_reads(query: str, engine: str) -> None:
    assert codes(check_query, query, engine, "crm") == ["DATA-467"]


@pytest.mark.parametrize(
    "query",
    ["select 1", "SELECT 1 ;\n", "-- all\nselect 1", "/* a */ (select 1) union (select 2)", "from t",
     "with a as (select 1) select * from a", "table t", "values (1)"],
)  # fmt: skip
def test_queries_that_read_are_read(query: str) -> None:
    check_query(query, "postgresql", "crm")


# PostgreSQL, for real


@pytest.fixture
def crm(postgres, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CRM_PASSWORD", postgres.password)
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_PASSWORD")
    postgres.execute(
        "drop table if exists orders", "create table orders (id text, date text, amount numeric)", ONE
    )
    return {"crm": DatabaseOptions(url=postgres.url, password="${CRM_PASSWORD}", timeout_seconds=5)}


@pytest.mark.parametrize(
    "query",
    [
        "with gone as (delete from orders returning *) select * from gone",
        "select id, date, amount, nextval('numbers') from orders",
        "select id, date, amount, set_config('transaction_read_only', 'off', true),"
        " query_to_xml('delete from orders', true, true, '') from orders",
        "select id, date, amount from orders for update",
        f"{READ}; commit; begin read write; delete from orders",
    ],
)
@pytest.mark.parametrize("driver", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_changes_nothing(crm, postgres, tmp_path: Path, driver: str, query: str) -> None:
    postgres.execute("create sequence if not exists numbers", "alter sequence numbers restart")
    options = crm["crm"].model_copy(update={"url": postgres.url.replace("postgresql", driver, 1)})
    assert codes(read, tmp_path, {"crm": options}, database="crm", query=query) in (
        ["DATA-456"],
        ["DATA-467"],
    )
    with postgres.connect() as connection:
        assert connection.execute("select count(*) from orders").fetchone() == (1,)
        assert connection.execute("select is_called from numbers").fetchone() == (False,)


# Secrets


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@${TOKEN}.evil.example/crm",
        "postgresql://${TOKEN}@evil.example/crm",
        "postgresql://ann@evil.example/${TOKEN}",
        "postgresql://ann@evil.example:${TOKEN}/crm",
        "postgresql://ann@evil.example/crm?application_name=${TOKEN}",
        "sqlite:///${TOKEN}",
        "${TOKEN}.sqlite",
    ],
)
@pytest.mark.parametrize("allowed", ["", "TOKEN"])
def test_a_variable_is_a_password_or_a_whole_url(url: str, allowed: str, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKEN", "s3cr3t")
    monkeypatch.setenv("EVALUATOR_ALLOW", allowed)
    with pytest.raises(EvaluationError) as raised:
        address(url, {}, tmp_path)
    assert {issue.code for issue in raised.value.issues} == {"DATA-469"}
    assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    ("allow", "name"),
    [("", "TOKEN"), ("TOKENS,OTHER", "TOKEN"), ("TOKEN@crm.client.example", "TOKEN"), ("", "NOT_SET_AT_ALL")],
)
def test_no_variable_leaves_that_its_user_has_not_allowed(allow, name, monkeypatch, tmp_path: Path) -> None:
    """Set or not: the answer does not tell."""
    monkeypatch.setenv("TOKEN", "s3cr3t")
    monkeypatch.setenv("EVALUATOR_ALLOW", allow)
    options = DatabaseOptions(url="postgresql://ann@evil.example/crm", password=f"${{{name}}}")
    for stated, databases in (
        ("crm", {"crm": options}),
        (f"postgresql://ann:${{{name}}}@evil.example/crm", {}),
        (f"${{{name}}}", {}),
    ):
        assert codes(address, stated, databases, tmp_path) == ["DATA-464"]


@pytest.mark.parametrize(
    "options",
    ["host=evil.example", "hostaddr=10.0.0.1", "service=other", "passfile=/home/ann/.pgpass", "options=-cx=y",
     "local_infile=1", "sslmode=require&local_infile=1", "read_default_file=/etc/my.cnf", "init_command=x"],
)  # fmt: skip
def test_options_that_name_other_servers_and_files_are_refused(options: str, tmp_path: Path) -> None:
    for scheme in ("postgresql", "mysql+pymysql"):
        assert codes(address, f"{scheme}://ann@host/crm?{options}", {}, tmp_path) == ["DATA-468"]
    assert "?sslmode=require" in address("postgresql://ann@host/crm?sslmode=require", {}, tmp_path).url


def test_what_was_filled_in_is_shown_nowhere(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CRM_URL", "postgresql://zhang:s3cr3t@127.0.0.1:1/ledger?sslmode=disable")
    monkeypatch.setenv("EVALUATOR_ALLOW", "CRM_URL")
    with pytest.raises(EvaluationError) as raised:
        read(tmp_path, database="${CRM_URL}", query=READ)
    (issue,) = raised.value.issues
    assert issue.code == "DATA-454"
    for hidden in ("zhang", "s3cr3t", "127.0.0.1", "ledger"):
        assert hidden not in issue.text("en") + issue.text("zh") + repr(issue)
