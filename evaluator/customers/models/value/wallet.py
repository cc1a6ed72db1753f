"""Which share of what customers buy in all they buy from us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from evaluator.customers.measures import order_measures
from evaluator.customers.orders import OrderLines
from evaluator.customers.records import about, as_given
from evaluator.displayed import Displayed
from evaluator.errors import Issue, Severity


@dataclass(frozen=True)
class WalletShares(Displayed):
    """Shares of wallet.

    Parameters
    ----------
    frame : `id`, `bought` (our net amount), `wallet` (what the customer spent in all), `share` (0–1).
    issues : customers whose wallet holds less than they bought here, or less than nothing; they have none.
    """

    frame: Any = field(repr=False)
    issues: tuple[Issue, ...] = ()


def share_of_wallet(orders: Any, wallet: Any, *, as_of: date, window_months: int = 12) -> WalletShares:
    """Return each customer's share of wallet: our net amount over all spending, both of the same months.

    Parameters
    ----------
    orders : one row per line; see `order_measures`.
    wallet : `id`, `date`, `amount`: what customers spent in all, with us and with others.

    A customer of whom the wallet says nothing in the window has no share; one who spent and bought nothing
    here has 0.

    Raises
    ------
    EvaluationError
        as `order_measures`.

    Limits: wallets are mostly estimates of our own people. Where a wallet covers fewer months than the
    orders, the share is too high: give it for the whole window.

    References
    ----------
    Arithmetic of the share of wallet (钱包份额).

    >>> day = [date(2024, 2, 10)]
    >>> lines = pl.DataFrame({"id": ["a"], "date": day, "amount": [60.0]})
    >>> spent = pl.DataFrame({"id": ["a"], "date": day, "amount": [100.0]})
    >>> share_of_wallet(lines, spent, as_of=date(2024, 3, 1)).frame.row(0)
    ('a', 60.0, 100.0, 0.6)
    """
    bought, spent = (
        order_measures(
            OrderLines.read(table),
            as_of=as_of,
            window_months=window_months,
            names=["net_amount"],
        )
        for table in (orders, wallet)
    )
    both = spent.rename({"net_amount": "wallet"}).join(
        bought.rename({"net_amount": "bought"}), on="id", how="left", maintain_order="left"
    )
    both = both.with_columns(pl.col("bought").fill_null(0.0)).filter(pl.col("wallet").is_not_null())
    share = pl.col("bought") / pl.col("wallet")
    fits = (pl.col("wallet") > 0) & share.is_between(0, 1)
    found = both.with_columns(pl.when(fits).then(share).alias("share"))
    beyond = found.filter(pl.col("share").is_null() & ((pl.col("wallet") != 0) | (pl.col("bought") != 0)))
    issues = about("CUST-958", "wallet", beyond["id"], severity=Severity.WARNING)
    frame = found.select("id", "bought", "wallet", "share").sort("id")
    return WalletShares(as_given(orders, frame), tuple(issues))
