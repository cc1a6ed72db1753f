"""Coverage counts what a study can observe: what nobody has counts against nobody."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from evaluator.customers import MEASURES, MODEL_MEASURES, order_measures
from evaluator.measuring import measured
from evaluator.scoring import fit, score
from evaluator.tree import Tree, load_tree
from evaluator.tree.loader import bundled
from evaluator.tree.types import Graded, Lookup
from evaluator.weighing import weigh

AS_OF = date(2025, 1, 1)
OPTIONAL = ("order", "product", "cost")
OF_ORDERS = ("order_signs", "order_loyalty")  # models that find measures in orders alone
TREES = tuple(name for name in bundled() if load_tree(name).subject != "firm")


@cache
def orders(months: int, seed: int) -> pl.DataFrame:
    """Lines of 72 customers: who buys more often also spends more; a quarter stopped half way.

    In every block of six one came at each of six times, so that nobody's months of history depend on
    what they spend.
    """
    random = np.random.default_rng(seed)
    rows = []
    first = AS_OF - timedelta(days=int(months * 30.4375))
    for number in range(72):
        level = (number + 1) / 72
        joined = number % 6 * months * 30 // 18
        stops = months * 15 if number // 6 % 4 == 0 else months * 30
        days = np.arange(joined, stops, 10 + 120 * (1 - level)) + random.integers(0, 5)
        for day in days[days < months * 30]:
            amount = round(100 * (1 + 9 * level) * random.uniform(0.9, 1.1), 2)
            product = f"p{random.integers(0, 9)}"
            bought = first + timedelta(days=int(day))
            rows.append((f"c{number}", bought, f"o{len(rows)}", product, amount, amount * 0.7))
    names = ["id", "date", "order", "product", "amount", "cost"]
    return pl.DataFrame(rows, schema=names, orient="row")


def from_orders(measure: str) -> bool:
    found = MODEL_MEASURES[measure].function.model if measure in MODEL_MEASURES else None
    return measure in MEASURES or found in OF_ORDERS


def tables(tree: Tree, lines: pl.DataFrame, empty: set[str], seed: int) -> dict[str, pl.DataFrame]:
    """The orders with a table of everything else the tree asks for; some of its columns are empty."""
    random = np.random.default_rng(seed)
    ids = lines["id"].unique(maintain_order=True)
    columns = {"id": ids}
    for leaf in tree.indicators:
        if from_orders(leaf.measure) and not isinstance(leaf.scale, Graded):
            continue
        values = (
            random.choice(list(leaf.scale.scores), len(ids)).tolist()
            if isinstance(leaf.scale, Lookup)
            else random.uniform(0, 100, len(ids)).tolist()
        )
        if leaf.measure in empty:
            values = [None] * len(ids)
        dtype = pl.String if isinstance(leaf.scale, Lookup) else pl.Float64
        columns[leaf.measure] = pl.Series(values, dtype=dtype)
    return {"orders": lines, "measures": pl.DataFrame(columns)}


def unrated_shares(tree: Tree, lines: pl.DataFrame, empty: set[str]) -> tuple[float, float]:
    """Return the share not rated of the customers above the median of net amount, and of the others."""
    found = measured(tables(tree, lines, empty, 1), tree, as_of=AS_OF).frame
    results = score(fit(tree, weigh(tree), found), found)
    recent = lines.filter(pl.col("date") >= AS_OF.replace(year=AS_OF.year - 1))
    net = recent.group_by("id").agg(net=pl.col("amount").sum())
    both = results.join(net, on="id", how="left").with_columns(pl.col("net").fill_null(0))
    above = pl.col("net") > pl.col("net").median()
    unrated = (pl.col("status") != "rated").mean()
    shares = dict(both.group_by(above.alias("above")).agg(unrated).iter_rows())
    return shares.get(True, 0.0), shares[False]


@pytest.mark.parametrize("name", TREES)
@given(data=st.data())
@examples(max_examples=4)
def test_the_active_are_not_unrated_more_often_than_the_others(name: str, data: st.DataObject) -> None:
    """Whatever columns are missing, and however long the history is."""
    tree = load_tree(name)
    lines = orders(data.draw(st.sampled_from((2, 7, 13, 20, 25, 40))), data.draw(st.integers(0, 2)))
    others = sorted({leaf.measure for leaf in tree.indicators if not from_orders(leaf.measure)})
    empty = data.draw(st.sets(st.sampled_from(others))) if others else set()
    above, below = unrated_shares(tree, lines.drop(data.draw(st.sets(st.sampled_from(OPTIONAL)))), empty)
    assert above <= below + 1e-12


@pytest.mark.parametrize("months", [18, 30])
@pytest.mark.parametrize("lacking", [("product",), OPTIONAL])
@pytest.mark.parametrize(
    "name", [name for name in TREES if any(leaf.measure in MEASURES for leaf in load_tree(name).indicators)]
)
def test_nor_where_orders_lack_a_column(name: str, lacking: tuple[str, ...], months: int) -> None:
    above, below = unrated_shares(load_tree(name), orders(months, 0).drop(lacking), set())
    assert above <= below + 1e-12


def test_without_products_nobody_has_bought_a_number_of_them() -> None:
    """Not even 0: of who bought nothing it would be known, of the active it would be missing."""
    found = order_measures(orders(30, 0).drop("product"), as_of=AS_OF, names=["breadth", "net_amount"])
    assert (found["net_amount"] == 0).any()
    assert found["breadth"].null_count() == found.height
