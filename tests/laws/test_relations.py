"""Laws of satisfaction, loyalty and churn: bounds, order, relabelling, independence of who else is there."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.customers.models.churn import auc, churn_risk
from evaluator.customers.models.loyalty import loyalty, loyalty_ladder, net_promoter
from evaluator.customers.models.satisfaction import better_worse, herfindahl, satisfaction

ANSWERS = st.integers(1, 10)
ROWS = st.lists(st.tuples(ANSWERS, ANSWERS, st.integers(1, 10)), min_size=1, max_size=12)
COUNTS = st.integers(0, 50)


def survey(rows: list[tuple[int, int, int]]) -> pl.DataFrame:
    columns = zip(*rows, strict=True)
    expected, perceived, importance = ([float(value) for value in column] for column in columns)
    items = [f"i{n}" for n in range(len(rows))]
    given_ = {"expected": expected, "perceived": perceived, "importance": importance}
    return pl.DataFrame({"id": ["a"] * len(rows), "item": items} | given_)


@given(ROWS)
def test_c_lies_between_the_ratios_and_the_index_on_its_scale(rows: list[tuple[int, int, int]]) -> None:
    total = satisfaction(survey(rows)).total.row(0, named=True)
    ratios = [b / a for a, b, _ in rows]
    assert min(ratios) - 1e-9 <= total["c"] <= max(ratios) + 1e-9
    assert min(ratios) - 1e-9 <= total["c_sums"] <= max(ratios) + 1e-9
    assert 0 <= total["index"] <= 100


@given(ROWS, st.integers(0, 11))
def test_a_better_experience_lowers_neither_c_nor_index(rows: list[tuple[int, int, int]], place: int) -> None:
    at = place % len(rows)
    better = [(a, min(b + 1, 10), w) if n == at else (a, b, w) for n, (a, b, w) in enumerate(rows)]
    before, after = (satisfaction(survey(r)).total.row(0, named=True) for r in (rows, better))
    for name in ("c", "c_sums", "index", "gap"):
        assert after[name] >= before[name] - 1e-9


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_better_and_worse_are_shares(a: int, o: int, m: int, i: int) -> None:
    better, worse = better_worse(a, o, m, i)
    if a + o + m + i:
        assert 0 <= better <= 1
        assert -1 <= worse <= 0
    else:
        assert np.isnan(better)
        assert np.isnan(worse)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(lambda shares: sum(shares) > 1e-6))
def test_concentration_lies_between_even_and_alone(shares: list[float]) -> None:
    assert 1 / len(shares) - 1e-9 <= herfindahl(shares) <= 1 + 1e-9


LOYAL = st.fixed_dictionaries(
    {"repeat_rate": st.floats(0, 1), "trust": st.floats(1, 5), "rivals": st.floats(1, 5)}
)


@given(st.lists(LOYAL, min_size=2, max_size=6))
def test_loyalty_depends_on_nobody_else(rows: list[dict[str, float]]) -> None:
    table = pl.DataFrame([{"id": str(n)} | row for n, row in enumerate(rows)])
    together = loyalty(table).frame
    alone = loyalty(table.head(1)).frame
    assert together.row(0) == alone.row(0)
    assert together["loyalty"].is_between(0, 100).all()


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30))
def test_promoters_net_between_both_ends(answers: list[int]) -> None:
    score = net_promoter(answers)
    assert score is not None
    assert -100 <= score <= 100


@given(st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=5, max_size=5), min_size=1, max_size=8))
def test_who_stands_on_a_rung_has_reached_all_below(flags: list[list[int | None]]) -> None:
    names = ["aware", "goodwill", "satisfied", "loyal", "premium"]
    columns = {name: [row[n] for row in flags] for n, name in enumerate(names)}
    table = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.Float64))
    found = loyalty_ladder(table.with_columns(id=pl.int_range(pl.len()).cast(pl.String)))
    reached = found.rungs["reached"].to_list()
    assert reached == sorted(reached, reverse=True)
    order = ["unaware", *names]
    for row, rung in zip(flags, found.frame["rung"], strict=True):
        if rung is not None:
            assert all(row[: order.index(rung)])


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_a_turned_risk_ranks_the_other_way(pairs: list[tuple[int, bool]]) -> None:
    risk, lost = np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs])
    if lost.any() and not lost.all():
        assert auc(risk, lost) == pytest.approx(1 - auc(-risk, lost))
        assert auc(3 * risk + 1, lost) == pytest.approx(auc(risk, lost))


@given(st.floats(-2, 8), st.floats(-2, 2), st.floats(0, 3))
def test_a_worse_sign_never_lowers_the_risk(ratio: float, change: float, more: float) -> None:
    table = pl.DataFrame(
        {"id": ["a", "b"], "interval_ratio": [ratio, ratio + more], "order_change": [change, change - more]}
    )
    calm, worse = churn_risk(table).frame["risk"]
    assert 0 <= calm <= worse + 1e-9
    assert worse <= 100
