"""The orders table: one line per product sold or returned, and what every measure of orders starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from evaluator.columns import Entered, decimals_from, enter, finite, flag, to_polars, unit_terms
from evaluator.data.currencies import CURRENCY, currency_code, several_currencies
from evaluator.data.frame_dates import with_days
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import Issue, not_among, raise_errors

CUSTOMER = (
    "customer id", "customer no", "customer number", "customer code", "cust id", "cust no", "client id",
    "client no", "account id", "account no", "客户编号", "客户编码", "客户代码", "客户ID", "客户号",
    "会员编号", "会员ID", "会员号", "customer", "cust", "client", "account", "客户", "会员",
)  # fmt: skip
"""What people write above the column that says whose row it is; a code comes before a mere name."""

CUSTOMER_ID = Column("id", "id", required=True, headers=CUSTOMER)
OWNER = (
    "account manager", "account owner", "customer owner", "company owner", "sales rep",
    "sales representative", "salesperson", "sales person", "salesman", "负责人", "客户经理", "业务员",
    "销售员", "销售代表", "销售人员", "业务人员", "业务经理", "销售经理", "销售负责人", "客户负责人",
    "归属业务员", "所属业务员", "跟进人", "betreuer", "kundenbetreuer", "vertriebler",
    "vertriebsmitarbeiter", "außendienst", "aussendienst", "vendedor", "営業担当", "営業担当者",
    "担当者", "담당자", "영업담당", "менеджер",
)  # fmt: skip
"""What people write above the column that says who looks after a customer."""
REGION = (
    "area", "province", "territory", "sales region", "地区", "区域", "大区", "所在地区", "所属区域",
    "销售区域", "省份", "城市", "地市", "gebiet", "vertriebsgebiet", "région", "región",
)  # fmt: skip
"""What people write above the column that says where a customer is."""

ORDERS = TableSchema(
    columns=(
        CUSTOMER_ID,
        Column("name", "text", headers=(
            "customer name", "client name", "account name", "company name", "客户名称", "客户姓名",
            "单位名称", "kundenname", "raison sociale", "razón social", "顧客名", "得意先名",
            "取引先名", "고객명", "거래처명")),
        Column("date", "date", required=True, headers=(
            "order date", "invoice date", "purchase date", "transaction date", "订单日期", "下单日期",
            "下单时间", "交易日期", "交易时间", "销售日期", "开票日期", "出库日期", "单据日期", "日期")),
        Column("order", "id", headers=(
            "order id", "order no", "order number", "invoice", "invoice no", "invoice id", "订单号",
            "订单编号", "单据编号", "单据号", "发票号", "单号")),
        Column("product", "id", headers=(
            "product id", "product code", "stock code", "sku", "item", "产品编号", "产品编码", "商品编号",
            "商品编码", "物料编码", "产品", "商品", "产品名称", "商品名称")),
        Column("quantity", "number", headers=(
            "qty", "units", "qté", "数量", "個数", "수량", "количество", "件数", "销售数量", "menge",
            "anzahl", "stückzahl", "quantité",
            "cantidad")),
        Column("price", "number", non_negative=True, money=True, headers=(
            "unit price", "net price", "einzelpreis", "stückpreis", "prix unitaire", "precio unitario",
            "单价", "単価", "단가", "цена", "价格", "销售单价", "成交单价", "含税单价", "净价")),
        Column("list_price", "number", non_negative=True, money=True, headers=(
            "list price", "catalogue price", "目录价", "标价", "原价")),
        Column("amount", "number", money=True, headers=(
            "order amount", "amt", "revenue", "sales", "total", "value", "金额", "销售额", "销售金额",
            "订单金额", "交易金额", "成交金额", "实付金额", "nettowert", "bruttowert", "nettobetrag",
            "bruttobetrag", "rechnungsbetrag", "warenwert", "auftragswert", "bestellwert", "positionswert",
            "nettoumsatz", "montant ht", "montant ttc", "montant", "importe neto", "importe total", "importe",
            "importo", "valor total", "valor neto", "valor líquido", "bedrag", "nettobedrag", "kwota",
            "wartość netto", "wartość brutto", "сумма", "売上金額", "金額", "금액", "매출액")),
        Column("returns", "number", non_negative=True, money=True, headers=(
            "returned amount", "refund", "refunded amount", "退货金额", "退款金额", "退款")),
        Column("cost", "number", money=True, headers=("cost amount", "cogs", "成本", "成本金额", "销售成本")),
        Column("profit", "number", money=True, headers=(
            "gross profit", "line profit", "毛利", "毛利额", "毛利润", "毛利金额", "销售毛利", "rohertrag",
            "deckungsbeitrag", "marge brute", "粗利", "粗利額")),
        CURRENCY,
        Column("status", "text", headers=("order status", "订单状态", "单据状态", "交易状态", "状态")),
        Column("owner", "text", headers=OWNER),
        Column("region", "text", headers=REGION),
    ),
    one_of=(("amount",), ("quantity", "price")),
    wide=("date", "amount"),
    returned=("quantity", "amount", "cost", "profit"),
)  # fmt: skip
"""`cost` is the cost of the whole line; where it is not there, it is the amount less `profit`. A line with a
negative quantity or amount is a return; where the amounts sent back stand beside the sale instead, `returns`
has them. Cancelled orders are left out by a filter on `status`."""


_DECIMALS = 6  # of a difference of two amounts, which have fewer
X = TypeVar("X")


@dataclass(frozen=True, slots=True)
class Span:
    """The time measures look at: `window` and `growth` count whole months back from the day `as_of`.

    A month ends the day before the day of the month of `as_of`; records on or after `as_of` are not
    used. Where a month is too short for that day, the next begins on the first.
    """

    as_of: date
    window: int = 12
    growth: int = 24

    @property
    def first(self) -> date:
        """The first day of the window."""
        return _months_before(self.as_of, self.window)

    @property
    def last(self) -> date:
        """The last day of the window, the day before `as_of`."""
        return self.as_of - timedelta(days=1)

    @property
    def growth_second(self) -> date:
        """The first day of the second of the months whose growth is measured: who bought before has all."""
        return _months_before(self.as_of, self.growth - 1)

    def months_since(self, first: date) -> int:
        """Return how many months lie between a day and `as_of`, the one it falls in included.

        >>> Span(date(2025, 1, 1)).months_since(date(2024, 1, 2))
        12
        """
        months = (self.as_of.year - first.year) * 12 + self.as_of.month - first.month
        return months + (_months_before(self.as_of, months) > first)


@dataclass(frozen=True, slots=True)
class Extent:
    """First and last day of a table of orders, and its lines without customer, date or amount.

    `products` says whether any line tells which product it is of; `decimals` and `cost_decimals` are those
    in which amounts and costs are added, see `columns.exact_sum`.
    """

    first: date
    last: date
    unusable: int
    products: bool
    decimals: int
    cost_decimals: int


def enter_orders(native: Any) -> Entered:
    """Take in a frame of orders; dates that are text are read, or refused."""
    door = enter(native)
    return replace(door, frame=with_days(door.frame, ("date",)))


def order_lines(orders: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return the lines of orders as every measure reads them.

    Columns: `id` (text), `day` (days since 0001-01-01, as `date.toordinal`), `year`, `month`, `dom`,
    `amount` (negative where goods came back), `cost` (same sign, null where unknown), `order` and
    `product` (null where the table has none).

    Raises `EvaluationError` as `check_columns`.
    """
    orders = with_returns(orders)
    names = check_columns(orders)
    amount, cost = signed_amounts(names)
    named = [nw.col(name).cast(nw.String) if name in names else nw.lit(None, nw.String).alias(name)
             for name in ("order", "product")]  # fmt: skip
    return orders.select(
        nw.col("id").cast(nw.String),
        *named,
        *calendar(),
        amount.alias("amount"),
        cost.alias("cost"),
    ).with_columns(day_number().alias("day"))


class OrderLines:
    """The lines of orders, as `order_lines` reads them, for all that start from them.

    What takes orders takes these in their place, and answers in Polars: what several ask for, such as the
    first and last day, is then found once. `computed` says whether the lines are in memory as they are read.
    """

    def __init__(self, frame: nw.LazyFrame[Any], *, computed: bool = False) -> None:
        self.frame, self.computed = frame, computed
        self._found: dict[object, Any] = {}

    @classmethod
    def of(cls, orders: Any) -> OrderLines:
        """Return the lines of orders, nothing being computed yet; lines themselves as they are."""
        return orders if isinstance(orders, cls) else cls(order_lines(enter_orders(orders).frame))

    @classmethod
    def read(cls, orders: Any) -> OrderLines:
        """Return the lines of orders, computed."""
        if isinstance(orders, cls):
            return orders
        return cls(nw.from_native(cls.of(orders).polars().lazy()), computed=True)

    def polars(self) -> pl.DataFrame:
        """Return the lines as Polars."""
        return to_polars(self.frame)

    def settled(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return what is made of the lines, computed where they are, for all that start from it."""
        return nw.from_native(to_polars(frame).lazy()) if self.computed else frame

    def once(self, find: Callable[..., X], *how: object) -> X:
        """Return what a function finds in the lines, when it is asked for the first time."""
        if (find, *how) not in self._found:
            self._found[(find, *how)] = find(self, *how)
        found: X = self._found[(find, *how)]
        return found

    def begin_before(self, day: date) -> bool:
        """True if the first line lies before a day."""
        found = self.extent()
        return found is not None and found.first < day

    def extent(self, *, months: int = 1) -> Extent | None:
        """Return what the lines span, None when there is none with a date.

        `months` is how many of them a trend looks back: its moments are larger than the amounts.

        Raises `EvaluationError` where the amounts together are too large to be added exactly.
        """
        row = self.once(_totals)
        if row["first"] is None:
            return None
        return Extent(
            date.fromordinal(row["first"]),
            date.fromordinal(row["last"]),
            int(row["lacking"]),
            row["product"] > 0,
            decimals_from(row, ["amount"], reach=max(months, 1)),
            decimals_from(row, ["cost"]),
        )


def _totals(lines: OrderLines) -> dict[str, Any]:
    lacking = flag(nw.col("id").is_null()) + flag(nw.col("day").is_null()) + flag(nw.col("amount").is_null())
    return to_polars(
        lines.frame.with_columns(flag(lacking > 0).cast(nw.Int64).alias("lacking")).select(
            nw.col("day").min().alias("first"),
            nw.col("day").max().alias("last"),
            nw.col("lacking").sum(),
            nw.col("product").count(),
            *unit_terms(["amount", "cost"]),
        )
    ).row(0, named=True)


def signed_amounts(names: set[str]) -> tuple[nw.Expr, nw.Expr]:
    """Return amount and cost of a line from the columns a table has, negative where goods came back."""
    if "quantity" not in names:
        amount = finite(nw.col("amount"))
        cost = _cost(names, amount)
        return amount, nw.when(amount < 0).then(-cost.abs()).otherwise(cost)
    quantity = finite(nw.col("quantity"))
    amount = finite(nw.col("amount")) if "amount" in names else quantity * finite(nw.col("price"))
    returned = (flag(amount < 0) + flag(quantity < 0)) > 0
    cost = _cost(names, amount)
    return (
        nw.when(returned).then(-amount.abs()).otherwise(amount),
        nw.when(returned).then(-cost.abs()).otherwise(cost),
    )


def _cost(names: set[str], amount: nw.Expr) -> nw.Expr:
    """Return the cost of a line: as stated, else what the amount leaves beside the profit."""
    if "cost" in names:
        return finite(nw.col("cost"))
    if "profit" not in names:
        return nw.lit(None, nw.Float64)
    profit = finite(nw.col("profit"))
    return (amount.abs() - nw.when(amount < 0).then(-profit).otherwise(profit)).round(_DECIMALS)


def with_returns(orders: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Return orders in which what came back stands in lines of its own, dated as the sale.

    Quantity and cost of a line come back in the share of the amount that did. Orders without a column
    `returns` are returned as they are.
    """
    names = orders.collect_schema().names()
    if "returns" not in names or not any(set(columns) <= set(names) for columns in ORDERS.one_of):
        return orders
    if "amount" not in names:
        orders = orders.with_columns((nw.col("quantity") * nw.col("price")).alias("amount"))
    share = finite(nw.col("returns") / nw.col("amount"))
    shared = [nw.col(name) * -share for name in ("quantity", "cost", "profit") if name in names]
    back = orders.filter(nw.col("returns") > 0).with_columns(*shared, (-nw.col("returns")).alias("amount"))
    columns = [name for name in orders.collect_schema().names() if name != "returns"]
    numbers = ("quantity", "amount", "cost", "profit")
    kinds = [nw.col(name).cast(nw.Float64) for name in numbers if name in columns]
    sales = orders.with_columns(*kinds).select(columns)
    return nw.concat([sales, back.with_columns(*kinds).select(columns)])


def check_columns(orders: nw.LazyFrame[Any]) -> set[str]:
    """Return the names of the columns of orders.

    Raises `EvaluationError` where one is missing that must be there, where `date` does not hold dates, and
    where the amounts are in several currencies.
    """
    schema = orders.collect_schema()
    names = set(schema.names())
    wanted = [column.name for column in ORDERS.columns if column.required]
    if not any(set(columns) <= names for columns in ORDERS.one_of):
        wanted.append("amount")
    headers = ", ".join(sorted(names))
    issues = [*not_among("DATA-405", wanted, names, {"headers": headers})]
    if "date" in names and not isinstance(schema["date"], nw.Date | nw.Datetime):
        issues.append(Issue("CUST-929", "date", {"found": schema["date"]}))
    if CURRENCY.name in names:
        issues.extend(_several_currencies(orders))
    raise_errors(issues)
    return names


def _several_currencies(orders: nw.LazyFrame[Any]) -> Iterator[Issue]:
    counted = orders.group_by(CURRENCY.name).agg(nw.len().alias("rows"))
    codes = to_polars(counted).select(currency_code(pl.col(CURRENCY.name).cast(pl.String)), "rows")
    counts = codes.group_by(CURRENCY.name).agg(pl.col("rows").sum()).sort("rows", descending=True)
    if counts.height > 1:
        yield several_currencies("orders", dict(counts.iter_rows()))


def calendar() -> tuple[nw.Expr, nw.Expr, nw.Expr]:
    """Return `year`, `month` and `dom` (day of the month) of the column `date`."""
    when = nw.col("date").dt
    parts = {"year": when.year(), "month": when.month(), "dom": when.day()}
    year, month, dom = (part.cast(nw.Int64).alias(name) for name, part in parts.items())
    return year, month, dom


def day_number() -> nw.Expr:
    """Return the day number of year, month, dom, as `date.toordinal`: engines disagree on durations.

    Fliegel & Van Flandern (1968), Communications of the ACM 11(10), 657, doi:10.1145/364096.364097.
    """
    year, month, day = nw.col("year"), nw.col("month"), nw.col("dom")
    early = _whole(14 - month, 12)
    y, m = year + 4800 - early, month + 12 * early - 3
    leap = _whole(y, 4) - _whole(y, 100) + _whole(y, 400)
    return day + _whole(153 * m + 2, 5) + 365 * y + leap - 32045 - 1721425


def _whole(part: nw.Expr, by: int) -> nw.Expr:
    """Return how often a number goes into a small whole one; half of it keeps rounding off the bounds."""
    return ((part + 0.5) * (1 / by)).floor().cast(nw.Int64)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:  # no such day in that month
        return date(year + (month == 11), (month + 1) % 12 + 1, 1)
