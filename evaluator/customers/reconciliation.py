"""Do the tables of a study agree with each other and within themselves? Whatever does not is named.

Nothing is changed and nobody is left out: a client's ledgers seldom agree in all, and what it means
is for people to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.customers.ledgers import AHEAD
from evaluator.errors import Issue, Severity

Frames = Mapping[str, pl.DataFrame]
Check = Callable[[Frames, date | None], Iterator[Issue]]

CODES = frozenset(f"DATA-{number}" for number in range(485, 500))
"""The codes of everything `disagreements` may find."""

_SHOWN = 5
_CANCELLED = r"(?i)取消|作废|关闭|撤销|退单|cancel|void|closed|abandon"
# What makes two lines of orders the same, where the table has these columns.
_LINE = ("id", "date", "order", "product", "quantity", "price", "amount", "cost", "currency")


def disagreements(frames: Frames, *, as_of: date | None = None) -> tuple[Issue, ...]:
    """Return how tables disagree, as warnings with counts and examples.

    Parameters
    ----------
    frames : the tables of a study by name, with the columns of their schemas; any may be absent.
    as_of : the day looked back from; where it is not stated, nothing lies in the future.

    Returns
    -------
    tuple of Issue
        DATA-485 (rows of ids that are no customers), DATA-486 (customers without orders), DATA-487 (order
        lines that stand twice), DATA-488 (returns of what was not bought before), DATA-489 (more came
        back than was bought), DATA-490 (an order of several customers), DATA-491 (an order on several
        days), DATA-492 (cancelled orders among the lines), DATA-493 (paid before invoiced), DATA-494 (due
        before invoiced), DATA-495 (orders before the relation began), DATA-496 (contract ends before it
        begins), DATA-497 (dates on or after `as_of`, orders apart), DATA-498 (one
        influences oneself), DATA-499 (the amount is not quantity times price).

    >>> orders = pl.DataFrame({"id": ["a", "x"], "date": [date(2024, 1, 5)] * 2, "amount": [1.0, 2.0]})
    >>> customers = pl.DataFrame({"id": ["a", "b"]})
    >>> [i.code for i in disagreements({"customers": customers, "orders": orders})]
    ['DATA-485', 'DATA-486']
    """
    return tuple(issue for check in CHECKS for issue in check(frames, as_of))


def _found(
    code: str, subject: str, ids: pl.Series, rows: int | None = None, **detail: object
) -> Iterator[Issue]:
    """Yield one issue for the distinct values of a column, if there are any."""
    distinct = ids.drop_nulls().cast(pl.String).unique(maintain_order=True)
    if len(distinct):
        shown = ", ".join(distinct.head(_SHOWN)) + (" …" if len(distinct) > _SHOWN else "")
        detail |= {"count": len(distinct), "rows": len(ids) if rows is None else rows, "examples": shown}
        yield Issue(code, subject, detail, severity=Severity.WARNING)


def _has(frame: pl.DataFrame | None, *columns: str) -> bool:
    return frame is not None and set(columns) <= set(frame.columns)


def _strangers(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    if "customers" not in frames:
        return
    known = frames["customers"]["id"].cast(pl.String).unique().implode()
    for name, frame in frames.items():
        if name not in _NOT_OF_CUSTOMERS and "id" in frame.columns:
            ids = frame["id"].cast(pl.String)
            yield from _found("DATA-485", name, ids.filter(~ids.is_in(known)).drop_nulls())


# Tables whose ids are attributes, items or prospects, or the customers themselves.
_NOT_OF_CUSTOMERS = (
    "customers", "offer", "relations", "performance", "checklist", "capability", "idic", "rates",
    "brand_choice",
)  # fmt: skip


def _without_orders(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    if "customers" in frames and "orders" in frames:
        ids = frames["customers"]["id"].cast(pl.String)
        buyers = frames["orders"]["id"].cast(pl.String).unique().implode()
        yield from _found("DATA-486", "customers", ids.filter(~ids.is_in(buyers)))


def _lines_twice(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is None or not _has(orders, "id", "date"):
        return
    key = [name for name in _LINE if name in orders.columns]
    if not {"order", "product"} & set(key):  # two equal sales on one day are no surprise
        return
    twice = orders.filter(pl.struct(key).is_duplicated())
    extra = twice.height - twice.select(key).n_unique()
    yield from _found("DATA-487", "orders", twice["order" if "order" in key else "id"], extra)


def _returns(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is None or not _has(orders, "id", "date") or not {"amount", "quantity"} & set(orders.columns):
        return
    signs = [pl.col(name) < 0 for name in ("amount", "quantity") if name in orders.columns]
    lines = orders.with_columns(back=pl.any_horizontal(sign.fill_null(False) for sign in signs))
    what = ["id", "product"] if "product" in orders.columns else ["id"]
    first = lines.filter(~pl.col("back")).group_by(what).agg(pl.col("date").min().alias("bought"))
    returns = lines.filter("back").join(first, on=what, how="left", nulls_equal=True)
    early = returns.filter(pl.col("bought").is_null() | (pl.col("bought") > pl.col("date")))
    yield from _found("DATA-488", "orders", early["id"])


def _more_back(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is None or not _has(orders, "id", "amount"):
        return
    amount = pl.col("amount")
    if "quantity" in orders.columns:  # a negative quantity makes a return of any amount
        amount = pl.when(pl.col("quantity") < 0).then(-amount.abs()).otherwise(amount)
    if "returns" in orders.columns:
        amount = amount - pl.col("returns").fill_null(0)
    lines = orders.select("id", amount.cast(pl.Float64).alias("net"))
    total = exact_sum(pl.col("net"), decimals_of(lines, ["net"]))
    net = lines.group_by("id", maintain_order=True).agg(total)
    yield from _found("DATA-489", "orders", net.filter(pl.col("net") < 0)["id"])


def _orders_apart(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is None or not _has(orders, "id", "order", "date"):
        return
    known = orders.filter(pl.col("order").is_not_null())
    each = known.group_by("order", maintain_order=True).agg(
        pl.col("id").n_unique().alias("customers"), pl.col("date").n_unique().alias("days"), pl.len()
    )
    for code, column in (("DATA-490", "customers"), ("DATA-491", "days")):
        several = each.filter(pl.col(column) > 1)
        yield from _found(code, "orders", several["order"], int(several["len"].sum()))


def _cancelled(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is not None and _has(orders, "status"):
        called = orders.filter(pl.col("status").str.contains(_CANCELLED))["status"]
        yield from _found("DATA-492", "orders", called)


def _receivables(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    invoices = frames.get("receivables")
    for code, column in (("DATA-493", "paid"), ("DATA-494", "due")):
        if invoices is not None and _has(invoices, "id", "date", column):
            early = invoices.filter(pl.col(column) < pl.col("date"))
            yield from _found(code, "receivables", early["id"])


def _relation(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    customers, orders = frames.get("customers"), frames.get("orders")
    if customers is None or not _has(customers, "start_date"):
        return
    if orders is not None and _has(orders, "date"):
        first = orders.group_by("id").agg(pl.col("date").min().alias("first"))
        both = customers.join(first, on="id", how="left", maintain_order="left")
        yield from _found("DATA-495", "customers", both.filter(pl.col("first") < pl.col("start_date"))["id"])
    if _has(customers, "contract_end"):
        ended = customers.filter(pl.col("contract_end") < pl.col("start_date"))
        yield from _found("DATA-496", "customers", ended["id"])


def _future(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    """Yield dates that had not come on the day looked back from; those of orders are told when measured."""
    if as_of is None:
        return
    dated = [(name, "date") for name in frames if name not in ("orders", "rates", *AHEAD)]
    for table, column in (*dated, ("customers", "start_date"), ("receivables", "paid")):
        frame = frames.get(table)
        if frame is not None and _has(frame, "id", column) and frame.schema[column].is_temporal():
            late = frame.filter(pl.col(column) >= as_of)
            yield from _found("DATA-497", table, late["id"], column=column, as_of=as_of)


def _own_influence(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    network = frames.get("network")
    if network is not None and _has(network, "id", "to"):
        yield from _found("DATA-498", "network", network.filter(pl.col("id") == pl.col("to"))["id"])


def _amounts(frames: Frames, as_of: date | None) -> Iterator[Issue]:
    orders = frames.get("orders")
    if orders is None or not _has(orders, "id", "quantity", "price", "amount"):
        return
    product = (pl.col("quantity") * pl.col("price")).abs()
    apart = orders.filter((pl.col("amount").abs() - product).abs() > 0.01 * product + 0.01)
    yield from _found("DATA-499", "orders", apart["id"])


CHECKS: tuple[Check, ...] = (
    _strangers, _without_orders, _lines_twice, _returns, _more_back, _orders_apart, _cancelled, _receivables,
    _relation, _future, _own_influence, _amounts,
)  # fmt: skip
"""Every check; each looks at the tables that are there."""
