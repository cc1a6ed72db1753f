"""What a query of a study may be: one statement that reads.

Databases that have them are opened in read-only transactions besides; this is what holds where a
transaction cannot, and what keeps a second statement from ending it.
"""

from __future__ import annotations

import re

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.messages import Term

READ_ONLY = ("sqlite", "duckdb", "postgresql", "postgres", "mysql", "mariadb", "oracle")
"""Databases that are opened so that they refuse every change."""

_AHEAD = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_READS = re.compile(r"(?:select|with|values|table|from)\b", re.IGNORECASE)
_FILES = re.compile(r"\binto\s+(?:outfile|dumpfile)\b|/\*!", re.IGNORECASE)  # of MySQL; hidden from others
_CHANGES = re.compile(
    r"\b(?:insert|update|delete|merge|truncate|drop|alter|create|grant|revoke|exec|execute|call|into|commit|"
    r"rollback|begin|set|use|declare|backup|restore|shutdown|openrowset|opendatasource|openquery)\b",
    re.IGNORECASE,
)


def check_query(query: str, engine: str, name: str, where: Location | None = None) -> None:
    """Raise `EvaluationError` for a query that is no single statement that reads.

    A semicolon may end the query and stand nowhere else, not even in a text: which quotation marks end
    where differs between databases. Where a database has no read-only transactions (SQL Server among
    them), words that change something are refused wherever they stand.

    >>> check_query("select * from orders;", "postgresql", "crm")
    >>> check_query("select 1; delete from orders", "postgresql", "crm")
    Traceback (most recent call last):
    evaluator.errors.EvaluationError: DATA-467 The query of crm is refused: there is a semicolon ...
    """
    if reason := _reason(query, engine):
        code, found = reason
        detail = {"reason": Term(f"database.query.{code}"), "found": found}
        raise EvaluationError([Issue("DATA-467", name, detail, where=where)])


def _reason(query: str, engine: str) -> tuple[str, str] | None:
    text = query.strip().removesuffix(";")
    if ";" in text:
        return "semicolon", ";"
    start = _AHEAD.match(text)
    if not _READS.match(text, start.end() if start else 0):
        return "begins", text[:20]
    if found := _FILES.search(text):
        return "writes", found[0]
    if engine not in READ_ONLY and (found := _CHANGES.search(text)):
        return "writes", found[0]
    return None
