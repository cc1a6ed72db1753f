"""A day looked back from that lies ahead: a slip of the pen more often than a plan, so it is a question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from evaluator.data import Tables
from evaluator.documents import Document
from evaluator.errors import Issue
from evaluator.study.file import StudyFile


def ahead_issues(
    file: StudyFile, tables: Tables, document: Document, *, today: date | None = None
) -> Iterator[Issue]:
    """Yield STUDY-358 where a study looks back from a day after tomorrow and does not say that it means to.

    The day is the one stated, else the day after the last order. What customers would do until then has
    not been seen, so that all of them would look as if they had stopped buying.
    """
    today = today or date.today()
    days = (
        tables["orders"]["date"].cast(pl.Date).drop_nulls()
        if "orders" in tables
        else pl.Series([], dtype=pl.Date)
    )
    last = days.max()
    day = file.as_of or (last + timedelta(days=1) if isinstance(last, date) else today)
    if file.ahead or day <= today + timedelta(days=1):
        return
    seen = days.filter(days <= today).max()
    detail = {
        "today": today,
        "rows": int((days > today).sum()),
        "last": last or "–",
        "line": f"as_of: {(seen if isinstance(seen, date) else today) + timedelta(days=1)}",
    }
    key = ("as_of",) if file.as_of else ("tables", "orders")
    yield Issue("STUDY-358", str(day), detail, where=document.where(key))
