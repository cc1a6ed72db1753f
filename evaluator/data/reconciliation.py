"""Do the tables of a study agree with each other and within themselves? Whatever does not is named.

Nothing is changed and nobody is left out: a client's ledgers seldom agree in all, and what it means
is for people to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl

from evaluator.columns import decimals_of, exact_sum
from evaluator.columns.ids import alike
from evaluator.data.called_by_name import PEOPLE, known_ids
from evaluator.data.questions import line
from evaluator.data.tables import TableSchema
from evaluator.errors import Issue, Severity
from evaluator.messages import Term

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class _Study:
    """The tables of a study, what is known of each, and the day looked back from."""

    frames: Frames
    schemas: Mapping[str, TableSchema]
    as_of: date | None
    telling: Mapping[str, Sequence[str]]

    def having(self, table: str, *columns: str) -> pl.DataFrame | None:
        """Return a table if it is there and has these columns."""
        frame = self.frames.get(table)
        return frame if frame is not None and set(columns) <= set(frame.columns) else None

    def known(self, table: str) -> TableSchema:
        """Return what is known of a table."""
        return self.schemas.get(table, TableSchema(()))

    @cached_property
    def of_several_lines(self) -> pl.DataFrame:
        """The lines of orders, without those whose order has one line: most where a line is an order."""
        orders = self.frames["orders"]
        # other orders may have the same hash: who looks at these lines compares them in full
        several = pl.col("order").hash().is_duplicated()
        return orders.filter(several) if "order" in orders.columns else orders

    @cached_property
    def varied(self) -> pl.DataFrame:
        """The ids that differ from others only in capitals, spaces and brackets, each with its table."""
        ids = [
            frame.select(pl.col("id").cast(pl.String), table=pl.lit(name)).unique(maintain_order=True)
            for name, frame in self.frames.items()
            if "id" in frame.columns and self.known(name).of_customers
        ]
        if not ids:
            return pl.DataFrame(schema={"id": pl.String, "table": pl.String, "key": pl.String})
        found = pl.concat(ids).drop_nulls("id").with_columns(key=alike(pl.col("id")))
        return found.filter(pl.col("id").n_unique().over("key") > 1)


Check = Callable[[_Study], Iterator[Issue]]

CODES = frozenset(
    {"DATA-538", "DATA-540", "DATA-587", "DATA-602", *(f"DATA-{number}" for number in range(485, 500))}
)
"""The codes of everything `disagreements` may find."""

_SHOWN = 5
_CANCELLED = r"(?i)取消|作废|关闭|撤销|退单|cancel|void|closed|abandon"
# What makes two lines of orders the same, where the table has these columns.
_LINE = ("id", "date", "order", "product", "quantity", "price", "amount", "cost", "currency")


def disagreements(
    frames: Frames,
    schemas: Mapping[str, TableSchema],
    *,
    as_of: date | None = None,
    telling: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Issue, ...]:
    """Return how tables disagree, as warnings with counts and examples.

    Parameters
    ----------
    frames : the tables of a study by name, with the columns of their schemas; any may be absent.
    schemas : what is known of each table, by the same names.
    as_of : the day looked back from; where it is not stated, nothing lies in the future.
    telling : for each table the headers not read in which rows differ that are equal in all that is read.

    Returns
    -------
    tuple of Issue
        rows of ids that are no customers, customers without orders, order lines that stand twice, returns
        of what was not bought before or of more than was bought, orders of several customers or days,
        cancelled orders among the lines, amounts that are not quantity times price, days in an order that
        cannot be, dates on or after `as_of` (orders apart), and who influences themselves.

    >>> orders = pl.DataFrame({"id": ["a", "x"], "date": [date(2024, 1, 5)] * 2, "amount": [1.0, 2.0]})
    >>> customers = pl.DataFrame({"id": ["a", "b"]})
    >>> [i.code for i in disagreements({"customers": customers, "orders": orders}, {})]
    ['DATA-485', 'DATA-486']
    """
    study = _Study(frames, schemas, as_of, telling or {})
    return tuple(issue for check in CHECKS for issue in check(study))


def _found(
    code: str, subject: str, ids: pl.Series, rows: int | None = None, **detail: object
) -> Iterator[Issue]:
    """Yield one issue for the distinct values of a column, if there are any."""
    distinct = ids.drop_nulls().cast(pl.String).unique(maintain_order=True)
    if len(distinct):
        shown = ", ".join(distinct.head(_SHOWN)) + (" …" if len(distinct) > _SHOWN else "")
        detail |= {"count": len(distinct), "rows": len(ids) if rows is None else rows, "examples": shown}
        yield Issue(code, subject, detail, severity=Severity.WARNING)


def _strangers(study: _Study) -> Iterator[Issue]:
    """Yield ids that are not in the table of customers, and those of other tables that nobody has."""
    customers, known = study.having("customers", "id"), known_ids(study.frames)
    listed = customers["id"].cast(pl.String).drop_nulls().unique() if customers is not None else known
    for name, frame in study.frames.items():
        people = name in PEOPLE
        if people and (customers is None or frame is customers):
            continue
        if study.known(name).of_customers and "id" in frame.columns:
            ids = frame["id"].cast(pl.String).drop_nulls()
            theirs = (listed if people else known).implode()
            strange = ids.filter(~ids.is_in(theirs) & ~ids.is_in(study.varied["id"].implode()))
            shorn = _shorn(name, strange, listed)
            told = {} if people else {"share": len(strange) / max(len(ids), 1)}
            code, said = ("DATA-485", name) if people else ("DATA-602", Term(f"table.{name}"))
            yield from shorn or _found(code, said, strange, None, **told)


def _spelt_otherwise(study: _Study) -> Iterator[Issue]:
    found = study.varied
    if found.height:
        alternatives = found.group_by("key", maintain_order=True).agg(
            pl.col("id").unique(maintain_order=True)
        )
        shown = [" ≙ ".join(ids) for ids in alternatives["id"].head(_SHOWN).to_list()]
        detail = {
            "count": found["id"].n_unique(),
            "of": alternatives.height,
            "share": found["id"].n_unique() / max(len(known_ids(study.frames)), found["id"].n_unique()),
            "examples": ", ".join(shown) + (" …" if alternatives.height > _SHOWN else ""),
            "tables": ", ".join(found["table"].unique(maintain_order=True)),
        }
        yield Issue("DATA-587", "id", detail, severity=Severity.WARNING)


def _shorn(name: str, strange: pl.Series, known: pl.Series) -> list[Issue]:
    """Return the issue for ids that are those of customers but for zeros that one table lost."""
    ids = {"own": strange, "other": known}
    own, other = (
        pl.DataFrame({which: column.filter(column.str.contains(r"^\d+$")).unique(maintain_order=True)})
        .with_columns(key=pl.col(which).str.strip_chars_start("0"))
        for which, column in ids.items()
    )  # fmt: skip
    pairs = own.join(other, on="key", maintain_order="left").with_columns(
        a=pl.col("own").str.len_chars(), b=pl.col("other").str.len_chars()
    )
    if not pairs.height or 2 * pairs.height < strange.n_unique() or pairs["key"].is_duplicated().any():
        return []
    if not ((pairs["a"] > pairs["b"]).all() or (pairs["a"] < pairs["b"]).all()):
        return []
    short = "customers" if pairs["a"][0] > pairs["b"][0] else name
    width = pairs.select(pl.max_horizontal(pl.col("a").max(), pl.col("b").max())).item()
    detail = {
        "count": pairs.height,
        "of": strange.n_unique(),
        "rows": len(strange),
        "examples": ", ".join(f"{mine} ≙ {yours}" for mine, yours in pairs.select(*ids).head(_SHOWN).rows()),
        "short": short,
        "line": line(tables={short: {"columns": {"id": {"width": width}}}}),
    }
    return [Issue("DATA-538", name, detail, severity=Severity.WARNING)]


def _without_orders(study: _Study) -> Iterator[Issue]:
    customers, orders = study.having("customers", "id"), study.having("orders", "id")
    if customers is not None and orders is not None:
        ids, buyers = (frame.select(pl.col("id").cast(pl.String)) for frame in (customers, orders))
        without = ids.drop_nulls().join(buyers, on="id", how="anti", maintain_order="left")
        yield from _found("DATA-486", "customers", without["id"])


def _lines_twice(study: _Study) -> Iterator[Issue]:
    if study.having("orders", "id", "date") is None:
        return
    orders = study.of_several_lines
    key = [name for name in _LINE if name in orders.columns]
    if not {"order", "product"} & set(key):  # two equal sales on one day are no surprise
        return
    twice = orders.filter(pl.struct(key).is_duplicated())
    extra = twice.height - twice.select(key).n_unique()
    ids = twice["order" if "order" in key else "id"]
    unread = study.telling.get("orders", ())
    lacking = next((name for name in ("product", "order") if name not in key), None)
    if not unread or not lacking:
        drop = line(tables={"orders": {"duplicates": "drop"}})
        share = _share_twice(twice.filter(pl.struct(key).is_first_distinct().not_()), study.frames["orders"])
        code = "DATA-487" if share is None else "DATA-588"
        yield from _found(code, "orders", ids, extra, line=drop, **(share or {}))
        return
    told = {"headers": ", ".join(unread[:_SHOWN]), "line": line(columns={lacking: unread[0]})}
    yield from _found("DATA-540", "orders", ids, extra, **told)


def _share_twice(extra: pl.DataFrame, orders: pl.DataFrame) -> dict[str, float] | None:
    """Return the money on lines that stand once more, and its share of the amount without them, if any."""
    if "amount" not in orders.columns:
        return None
    amounts = orders.select(pl.col("amount").cast(pl.Float64))
    total = exact_sum(pl.col("amount"), decimals_of(amounts, ["amount"]))
    more, everything = (
        float(frame.select(pl.col("amount").cast(pl.Float64)).select(total).item() or 0)
        for frame in (extra, orders)
    )
    once = everything - more
    return {"money": more, "share": more / once} if more and once > 0 else None


def _returns(study: _Study) -> Iterator[Issue]:
    orders = study.having("orders", "id", "date")
    if orders is None or not {"amount", "quantity"} & set(orders.columns):
        return
    signs = [pl.col(name) < 0 for name in ("amount", "quantity") if name in orders.columns]
    lines = orders.with_columns(back=pl.any_horizontal(sign.fill_null(False) for sign in signs))
    what = ["id", "product"] if "product" in orders.columns else ["id"]
    returns = lines.filter("back")
    sales = lines.filter(~pl.col("back")).join(returns, on=what, how="semi", nulls_equal=True)
    first = sales.group_by(what).agg(pl.col("date").min().alias("bought"))
    returns = returns.join(first, on=what, how="left", nulls_equal=True, maintain_order="left")
    early = returns.filter(pl.col("bought").is_null() | (pl.col("bought") > pl.col("date")))
    yield from _found("DATA-488", "orders", early["id"])


def _more_back(study: _Study) -> Iterator[Issue]:
    orders = study.having("orders", "id", "amount")
    if orders is None:
        return
    amount = pl.col("amount")
    if "quantity" in orders.columns:  # a negative quantity makes a return of any amount
        amount = pl.when(pl.col("quantity") < 0).then(-amount.abs()).otherwise(amount)
    if "returns" in orders.columns:
        amount = amount - pl.col("returns").fill_null(0)
    lines = orders.select("id", amount.cast(pl.Float64).alias("net"))
    total = exact_sum(pl.col("net"), decimals_of(lines, ["net"]))
    below = lines.filter(pl.col("net") < 0)
    lines = lines.join(below, on="id", how="semi", nulls_equal=True, maintain_order="left")
    net = lines.group_by("id", maintain_order=True).agg(total)
    yield from _found("DATA-489", "orders", net.filter(pl.col("net") < 0)["id"])


def _orders_apart(study: _Study) -> Iterator[Issue]:
    if study.having("orders", "id", "order", "date") is None:
        return
    known = study.of_several_lines.filter(pl.col("order").is_not_null())
    each = known.group_by("order", maintain_order=True).agg(
        pl.col("id").n_unique().alias("customers"), pl.col("date").n_unique().alias("days"), pl.len()
    )
    for code, column in (("DATA-490", "customers"), ("DATA-491", "days")):
        several = each.filter(pl.col(column) > 1)
        yield from _found(code, "orders", several["order"], int(several["len"].sum()))


def _cancelled(study: _Study) -> Iterator[Issue]:
    if (orders := study.having("orders", "status")) is not None:
        called = orders.filter(pl.col("status").str.contains(_CANCELLED))["status"]
        known = called.unique(maintain_order=True).to_list()
        rules = [{"drop": "status", "in": known, "reason": known[0]}] if known else []
        rule = line(tables={"orders": {"filters": rules}}) if known else ""
        yield from _found("DATA-492", "orders", called, line=rule)


def _receivables(study: _Study) -> Iterator[Issue]:
    for code, column in (("DATA-493", "paid"), ("DATA-494", "due")):
        if (invoices := study.having("receivables", "id", "date", column)) is not None:
            early = invoices.filter(pl.col(column) < pl.col("date"))
            yield from _found(code, "receivables", early["id"])


def _relation(study: _Study) -> Iterator[Issue]:
    customers, orders = study.having("customers", "start_date"), study.having("orders", "date")
    if customers is not None and orders is not None:
        first = orders.group_by("id").agg(pl.col("date").min().alias("first"))
        both = customers.join(first, on="id", how="left", maintain_order="left")
        yield from _found("DATA-495", "customers", both.filter(pl.col("first") < pl.col("start_date"))["id"])
    if (contracts := study.having("customers", "start_date", "contract_end")) is not None:
        ended = contracts.filter(pl.col("contract_end") < pl.col("start_date"))
        yield from _found("DATA-496", "customers", ended["id"])


def _future(study: _Study) -> Iterator[Issue]:
    """Yield dates that had not come on the day looked back from; those of orders are told when measured."""
    if study.as_of is None:
        return
    dated = [(name, "date") for name in study.frames if name != "orders" and not study.known(name).ahead]
    for table, column in (*dated, ("customers", "start_date"), ("receivables", "paid")):
        frame = study.having(table, "id", column)
        if frame is not None and frame.schema[column].is_temporal():
            late = frame.filter(pl.col(column) >= study.as_of)
            yield from _found("DATA-497", table, late["id"], column=column, as_of=study.as_of)


def _own_influence(study: _Study) -> Iterator[Issue]:
    if (network := study.having("network", "id", "to")) is not None:
        yield from _found("DATA-498", "network", network.filter(pl.col("id") == pl.col("to"))["id"])


def _amounts(study: _Study) -> Iterator[Issue]:
    if (orders := study.having("orders", "id", "quantity", "price", "amount")) is not None:
        product = (pl.col("quantity") * pl.col("price")).abs()
        apart = orders.filter((pl.col("amount").abs() - product).abs() > 0.01 * product + 0.01)
        yield from _found("DATA-499", "orders", apart["id"])


CHECKS: tuple[Check, ...] = (
    _strangers, _spelt_otherwise, _without_orders, _lines_twice, _returns, _more_back, _orders_apart,
    _cancelled, _receivables, _relation, _future, _own_influence, _amounts,
)  # fmt: skip
"""Every check; each looks at the tables that are there."""
