"""The SQL dialects a statement can be written for, and what each does in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.errors import not_among, raise_errors

Unit = Literal["bytes", "characters"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A dialect, as sqlglot names it.

    Parameters
    ----------
    longest : how many bytes of UTF-8 or characters a column name may have; None where there is no limit.
    materialized : parts of a statement are computed once only if that is said.
    passes_nulls : LEAST and GREATEST pass over nulls, as the engine does.
    truth : there are truth values as columns; else they are stored as bits.
    joins_names : a column name may hold an @.
    upper : names written without quotes are kept in capital letters, so that quoted ones must be, too.
    aliases_first : a name in an expression is first that of a column beside it, not of one that is read.
    tested : statements run on it in the tests, and equal the engine there; else they were only parsed back.
    settings : what a statement that joins tables must set.
    says : keys of what must be said of it in the head of a statement.
    """

    name: str
    title: str
    longest: int | None = None
    counted_in: Unit = "characters"
    materialized: bool = False
    passes_nulls: bool = True
    truth: bool = True
    joins_names: bool = True
    upper: bool = False
    aliases_first: bool = False
    tested: bool = False
    settings: str = ""
    says: tuple[str, ...] = ()

    def length(self, name: str) -> int:
        """Return how long a name is, as the dialect counts."""
        return len(name.encode()) if self.counted_in == "bytes" else len(name)

    def named(self, name: str) -> str:
        """Return the name of a column or table as it is kept.

        >>> DIALECTS["bigquery"].named("membership_good@now"), DIALECTS["snowflake"].named("margin")
        ('membership_good__now', 'MARGIN')
        """
        known = name if self.joins_names else name.replace("@", "__")
        return known.upper() if self.upper and known.isascii() else known


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect("duckdb", "DuckDB", tested=True),
        Dialect("postgres", "PostgreSQL", 63, "bytes", materialized=True, tested=True, says=("overflow",)),
        Dialect("snowflake", "Snowflake", 255, passes_nulls=False, upper=True, says=("upper",)),
        Dialect(
            "bigquery", "BigQuery", 300, passes_nulls=False, joins_names=False, says=("overflow", "joined")
        ),
        Dialect("spark", "Apache Spark", 255, tested=True),
        Dialect("databricks", "Databricks", 255),
        Dialect("redshift", "Amazon Redshift", 127, "bytes", says=("overflow",)),
        Dialect("trino", "Trino", passes_nulls=False),
        Dialect(
            "clickhouse",
            "ClickHouse",
            passes_nulls=False,
            aliases_first=True,
            tested=True,
            settings="join_use_nulls = 1",
            says=("query_size",),
        ),
        Dialect(
            "tsql", "SQL Server", 128, passes_nulls=False, truth=False, says=("overflow", "spaces", "bits")
        ),
    )
}
"""Every dialect by its name."""


def dialect_named(name: str) -> Dialect:
    """Return a dialect by its name.

    Raises
    ------
    EvaluationError
        where there is none of that name.

    >>> dialect_named("postgres").title
    'PostgreSQL'
    """
    raise_errors(not_among("SQL-101", [name], DIALECTS, {"known": ", ".join(DIALECTS)}))
    return DIALECTS[name]
