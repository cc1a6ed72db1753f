"""Laws of customer models: rows have no order, ids no meaning, frozen references no population."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.customers import AbcOptions, RfmOptions, abc, lifecycle, purchase_history, rfm, transitions

LINES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 60), st.integers(-20, 100).filter(bool)),
    min_size=1,
    max_size=40,
).filter(lambda rows: any(amount > 0 for _, _, amount in rows))
VALUES = st.lists(st.integers(-50, 1000), min_size=1, max_size=30).filter(lambda values: max(values) > 0)
LAWS = settings(max_examples=15, deadline=None)


def orders(rows: list[tuple[str, int, int]]) -> pl.DataFrame:
    start = date(2024, 1, 1)
    data = [(who, start + timedelta(days=day), float(amount)) for who, day, amount in rows]
    return pl.DataFrame(data, schema=["id", "date", "amount"], orient="row")


def table(values: list[int]) -> pl.DataFrame:
    return pl.DataFrame({"id": [f"c{i:02}" for i in range(len(values))], "value": values})


@LAWS
@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(rows: list[tuple[str, int, int]], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rfm(orders(rows)).frame.equals(rfm(orders(shuffled)).frame)
    assert purchase_history(orders(rows)).equals(purchase_history(orders(shuffled)))


@LAWS
@given(LINES, st.integers(2, 6))
def test_scores_run_from_one_to_bins_and_follow_their_dimension(
    rows: list[tuple[str, int, int]], bins: int
) -> None:
    frame = rfm(orders(rows), options=RfmOptions(bins=bins)).frame
    for score, dimension, better in (
        ("r", "recency", True),
        ("f", "frequency", False),
        ("m", "monetary", False),
    ):
        known = frame.drop_nulls(score).sort(dimension, descending=better)
        assert known[score].is_between(1, bins).all()
        assert known[score].is_sorted()


@LAWS
@given(LINES, st.sampled_from(["mean_score", "mean_value", "median_value"]))
def test_frozen_references_score_each_customer_alone_as_among_all(
    rows: list[tuple[str, int, int]], split: str
) -> None:
    lines = orders(rows)
    options = RfmOptions.model_validate({"bins": 3, "split": split})
    everyone = rfm(lines, as_of=date(2024, 6, 1), options=options)
    if not all(everyone.cuts.values()):
        return
    frozen = everyone.frozen()
    for who in everyone.frame["id"]:
        alone = rfm(lines.filter(pl.col("id") == who), as_of=date(2024, 6, 1), options=frozen).frame
        assert alone.rows() == everyone.frame.filter(pl.col("id") == who).rows()


@LAWS
@given(VALUES, st.sampled_from(["before", "through", "filling"]), st.sampled_from(["value", "customers"]))
def test_a_higher_value_never_has_a_lower_class(values: list[int], rule: str, by: str) -> None:
    options = AbcOptions.model_validate({"rule": rule, "by": by})
    found = abc(table(values), options=options)
    assert found.frame["class"].is_sorted()
    assert found.summary["customers"].sum() == len(values)
    assert found.frame.group_by("value").agg(pl.col("class").n_unique())["class"].max() == 1


@LAWS
@given(VALUES, st.sampled_from([0.001, 7.0, 1e6]))
def test_units_of_value_do_not_matter_to_classes(values: list[int], unit: float) -> None:
    first = abc(table(values))
    scaled = abc(table(values).with_columns(pl.col("value") * unit))
    assert first.frame["class"].to_list() == scaled.frame["class"].to_list()


STATES = st.lists(st.sampled_from(["low", "mid", "high"]), min_size=1, max_size=20)


@LAWS
@given(STATES, STATES)
def test_movements_back_are_the_transpose(before: list[str], after: list[str]) -> None:
    first, second = (
        pl.DataFrame({"id": [str(i) for i in range(len(states))], "state": states})
        for states in (before, after)
    )
    states = ["low", "mid", "high"]
    there, back = transitions(first, second, states=states), transitions(second, first, states=states)
    assert (there.counts == back.counts.T).all()
    assert (there.entered == back.left).all()


@LAWS
@given(st.lists(st.sampled_from([-0.1, 0.1]), min_size=1, max_size=12))
def test_a_stage_never_flickers_with_signals_that_alternate(growth: list[float]) -> None:
    """With two periods to confirm, a change always follows two equal signals in a row."""
    n = len(growth)
    frame = pl.DataFrame({"id": ["a"] * n, "period": range(n), "purchases": [5] * n, "growth": growth})
    found = lifecycle(frame).frame
    stage, signal = found["stage"].to_list(), found["signal"].to_list()
    for i in range(1, n):
        if stage[i] != stage[i - 1]:
            assert signal[i] == signal[i - 1] == stage[i]
