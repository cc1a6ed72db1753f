"""Orders that are hard on measures, a tree that reads all of these, and what the engine makes of both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from evaluator.customers import MEASURES, CustomerOptions, RfmOptions, rfm
from evaluator.customers.models.rfm.scores import CLASSES
from evaluator.measuring import MeasureOptions, measured
from evaluator.scoring import Model, ScoringOptions, fit, score
from evaluator.warehouse import DIALECTS, OrdersThere
from evaluator.warehouse.from_orders import MeasureQueries
from evaluator.weighing import weigh

AS_OF = date(2025, 3, 31)  # a day that most months lack
OPTIONS = MeasureOptions(window_months=11, growth_months=13)
UNUSABLE = ("k58", "k59")
Line = tuple[str, date | None, str | None, str | None, float, float | None, float | None, float]


@dataclass(frozen=True)
class OrdersCase:
    """A model, the tables its measures come from, and what Python finds: measures, scores, RFM."""

    model: Model
    tables: Mapping[str, pl.DataFrame]
    there: OrdersThere
    measures: pl.DataFrame
    scores: pl.DataFrame
    rfm: pl.DataFrame
    made: MeasureQueries

    def text(self, dialect: str) -> str:
        return self.made.written(DIALECTS[dialect], "en").text


def lines() -> list[Line]:
    """Return the lines of 60 customers; columns as in `COLUMNS`."""
    random = np.random.default_rng(5)
    found: list[Line] = []
    for number in range(1, 58):
        for _ in range(int(random.integers(0, 14))):
            day = AS_OF - timedelta(days=int(random.integers(-20, 700)))
            quantity = float(random.choice([1, 2, 3, -1, -2, 5]))
            amount = round(float(random.uniform(0.01, 900)), 2)
            cost = None if number % 7 == 0 and random.random() < 0.3 else round(amount * 0.7, 3)
            order = None if random.random() < 0.3 else f"o{random.integers(0, 400)}"
            product = None if random.random() < 0.2 else f"p{random.integers(0, 9)}"
            found.append((f"k{number}", day, order, product, quantity, amount, cost, 0.0))
    return [*found, *ODD]


ODD: tuple[Line, ...] = (
    # twice on one day, and just inside and outside of the window
    *[("same", date(2025, 1, 5), order, "p1", 1.0, 20.0, 10.0, 5.0) for order in ("a", "a", "b")],
    ("edge", date(2024, 4, 30), "a", "p1", 1.0, 7.0, 3.0, 0.0),
    ("edge", date(2024, 5, 1), "b", "p2", 1.0, 11.0, 3.0, 0.0),
    # on the day looked back from, after it, and the day before
    ("today", AS_OF, "a", "p1", 1.0, 50.0, 10.0, 0.0),
    ("ahead", date(2026, 1, 1), "a", "p1", 1.0, 50.0, 10.0, 0.0),
    ("yesterday", date(2025, 3, 30), "a", "p1", 1.0, 50.0, 10.0, 50.0),
    # nothing but returns, nothing but zeros, what comes to 0 in decimals alone
    ("back", date(2025, 2, 1), "a", "p1", -1.0, 30.0, 10.0, 0.0),
    ("zero", date(2025, 2, 1), "a", "p1", 1.0, 0.0, 0.0, 0.0),
    ("nil", date(2025, 2, 1), "a", "p1", 1.0, 0.1, 0.0, 0.0),
    ("nil", date(2025, 2, 2), "b", "p1", 1.0, 0.2, 0.0, 0.0),
    ("nil", date(2025, 2, 3), "c", "p1", -1.0, 0.3, 0.0, 0.0),
    # large, with four decimals
    ("large", date(2025, 2, 3), "c", "p1", 1.0, 98_765_432.1234, 1.0, 0.0),
    ("old", date(2021, 2, 28), "c", None, 1.0, 10.0, None, 0.0),
    # lines that nobody can use
    ("k58", date(2025, 2, 3), "c", "p1", 1.0, None, 1.0, 0.0),
    ("k58", date(2025, 2, 4), "d", "p1", 1.0, 10.0, 1.0, 0.0),
    ("k59", None, "c", "p1", 1.0, 10.0, 1.0, 0.0),
)
COLUMNS = ("id", "date", "order", "product", "quantity", "amount", "cost", "returns")
CASES: Mapping[str, tuple[str, ...]] = {
    "lines": ("id", "date", "order", "product", "quantity", "amount", "cost"),
    "prices": ("id", "date", "quantity", "price", "returns"),
    "amounts": ("id", "date", "order", "amount"),
}
RFM_OPTIONS: Mapping[str, RfmOptions] = {
    "lines": RfmOptions(count="order", window_months=14, weights=(1.0, 2.0, 0.5)),
    "prices": RfmOptions(amount="quantity", returns="ignored", bins=3, split="median_value"),
    "amounts": RfmOptions(count="line", quantile_rule="plus_one", split="mean_value"),
}


def tree_of(build: SimpleNamespace) -> Any:
    """Return a tree with all measures of orders, RFM, and what a table of customers tells."""
    classes = {name: 10.0 * place for place, name in enumerate(CLASSES.values())}
    lookup = {"kind": "lookup", "scores": classes}
    leaves = [build.leaf(name, {"kind": "percentile", "best": "high"}, measure=name) for name in MEASURES]
    rest = (
        build.leaf("r", measure="rfm_score"),
        build.leaf("c", lookup, measure="rfm_class"),
        build.leaf("own"),
    )
    return build.made(
        build.group("now", *leaves[::2], *rest, axis="now"),
        build.group("later", *leaves[1::2], axis="later"),
        matrices=(build.matrix({"kind": "mean"}, {"kind": "quantile", "at": (0.5,)}),),
    )


def made_orders(build: SimpleNamespace, name: str) -> OrdersCase:
    """Return a case by its name: which columns the orders have."""
    whole = pl.DataFrame(lines(), schema=list(COLUMNS), orient="row")
    priced = whole.with_columns(price=pl.col("amount"))
    if name == "amounts":
        priced = priced.with_columns(
            pl.when(pl.col("quantity") < 0).then(-pl.col("amount")).otherwise("amount")
        )
    orders = priced.select(CASES[name])
    ids = [f"k{n}" for n in range(1, 62)]  # k60 and k61 have no orders
    customers = pl.DataFrame({"id": ids, "m_own": [float(n) for n in range(61)]})
    usable = orders.filter(~pl.col("id").is_in(UNUSABLE))
    found = rfm(usable.filter(pl.col("date") < AS_OF), as_of=AS_OF, options=RFM_OPTIONS[name])
    chosen = CustomerOptions(rfm=found.frozen())
    tree = tree_of(build)
    tables = {"orders": usable, "measures": customers}
    measures = measured(tables, tree, as_of=AS_OF, options=OPTIONS, customers=chosen, ahead=True).frame
    model = fit(
        tree, weigh(tree), measures, options=ScoringOptions(min_coverage=0.3), as_of=AS_OF, customers=chosen
    )
    there = OrdersThere(customers="customers", columns=CASES[name], options=OPTIONS, rfm=found.frozen())
    alone = {"orders": orders, "customers": customers}
    made = MeasureQueries(model, there)
    return OrdersCase(model, alone, there, measures, score(model, measures), found.frame, made)
