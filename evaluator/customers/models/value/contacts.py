"""What contacts with customers cost, and how often they are answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.orders import Span
from evaluator.customers.records import as_given, records
from evaluator.errors import Issue, raise_errors

ANSWERS: Mapping[str, bool] = {
    **dict.fromkeys(
        ("1", "yes", "y", "true", "answered", "responded", "response", "replied", "accepted", "bought",
         "是", "有", "有回应", "已回应", "回应", "有响应", "已响应", "响应", "已回复", "接受", "成交"), True),
    **dict.fromkeys(
        ("0", "no", "n", "false", "none", "no answer", "no response", "not answered", "no reply", "rejected",
         "否", "无", "无回应", "未回应", "没有回应", "无响应", "未响应", "未回复", "拒绝", "未成交"), False),
}  # fmt: skip
"""What the column `response` may say where the study does not list its own words."""


def contact_figures(
    contacts: Any, *, as_of: date, window_months: int = 12, answered: Sequence[str] = ()
) -> Any:
    """Return how often each customer was contacted, what that cost, and which share was answered.

    Parameters
    ----------
    contacts : one row per contact: `id`, `date`, and where known `cost` and `response`.
    window_months : how far back contacts count; none on or after `as_of` does.
    answered : the words of `response` that mean an answer; all others then mean none. Not stated: `ANSWERS`.

    Returns
    -------
    frame of the kind that came in, sorted by id
        `id`, `contacts`, `cost` (missing where the cost of one contact is), `response_rate` (of the contacts
        of which it is known; missing where that is none).

    Raises
    ------
    EvaluationError
        as `records`; a response that says neither yes nor no.

    Limits: an answer need not be a purchase, and who was contacted was chosen by somebody: neither rate nor
    cost says what a contact brings. For that compare with customers left alone, see `baseline_split`.

    References
    ----------
    Usual practice; defined as stated here.

    >>> rows = {"id": ["a", "a", "a"], "date": [date(2024, 1, 5), date(2024, 2, 5), date(2024, 3, 5)],
    ...         "cost": [10.0, 10.0, 2.5], "response": ["yes", "no", None]}
    >>> contact_figures(pl.DataFrame(rows), as_of=date(2024, 4, 1)).row(0)
    ('a', 3, 22.5, 0.5)
    """
    optional = ["cost", "response"]
    table = records(
        contacts, numbers=["cost"], dates=["date"], texts=["response"], optional=optional,
        non_negative=["cost"], repeated=True,
    )  # fmt: skip
    first = Span(as_of, window_months).first
    table = table.filter((pl.col("date") >= first) & (pl.col("date") < as_of))
    said = table["response"].str.strip_chars().str.to_lowercase()
    table = table.with_columns(_answered(said, answered).alias("answered"))
    cost, decimals = pl.col("cost"), decimals_of(table, ["cost"], subject="contacts")
    each = table.group_by("id").agg(
        pl.len().cast(pl.Int64).alias("contacts"),
        pl.when(cost.is_null().any()).then(None).otherwise(exact_sum(cost, decimals)).alias("cost"),
        (pl.col("answered").sum() / pl.col("answered").count()).fill_nan(None).alias("response_rate"),
    )
    return as_given(contacts, each.sort("id"))


def _answered(said: pl.Series, stated: Sequence[str]) -> pl.Series:
    """Return whether each contact was answered, null where it is not told."""
    if stated:
        return said.is_in([word.strip().lower() for word in stated])
    strange = [word for word in said.drop_nulls().unique().sort() if word not in ANSWERS]
    raise_errors(Issue("CUST-957", word, {"column": "response"}) for word in strange[:5])
    return said.replace_strict(ANSWERS, return_dtype=pl.Boolean)
