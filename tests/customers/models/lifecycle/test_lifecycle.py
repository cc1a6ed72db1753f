"""Lifecycle stages: what a period says, hysteresis, override, and the tables around them."""

from datetime import date, timedelta

import polars as pl
import pytest

from evaluator.customers import LifecycleOptions, lifecycle, lifecycle_signals
from evaluator.errors import EvaluationError

NUMBERS = [
    "purchases", "tenure", "growth", "total_growth", "share", "recency", "interval", "regularity", "ended"
]  # fmt: skip
OPTIONS = LifecycleOptions(lost_days=365)


def signals(*rows: dict) -> pl.DataFrame:
    filled = [{"id": "a", "period": 1} | dict.fromkeys(NUMBERS) | row for row in rows]
    schema = {"id": pl.String, "period": pl.Int64} | dict.fromkeys(NUMBERS, pl.Float64)
    return pl.DataFrame(filled, schema=schema)


@pytest.mark.parametrize(
    ("row", "stage"),
    [
        ({"purchases": 0}, "acquisition"),
        ({"purchases": 1, "recency": 365}, "acquisition"),
        ({"purchases": 1, "recency": 366}, "terminated"),
        ({"purchases": 5, "growth": 0.02}, "growth"),
        ({"purchases": 5, "growth": 0.01, "share": 0.5}, "mature"),
        ({"purchases": 5, "growth": 0.0, "share": 0.49, "tenure": 120, "regularity": 1}, "growth"),
        ({"purchases": 5, "growth": -0.01, "tenure": 36, "regularity": 0.3}, "mature"),
        ({"purchases": 5, "growth": 0.0, "tenure": 36, "regularity": 0.2}, "growth"),
        ({"purchases": 4, "growth": None, "tenure": 120}, "mature"),
        ({"purchases": 3, "growth": None, "tenure": 120}, "growth"),
        ({"purchases": 9, "growth": -0.02, "share": 0.9}, "decline"),
        ({"purchases": 9, "growth": -0.02, "total_growth": 0.0, "share": 0.9}, "decline"),
        ({"purchases": 9, "growth": -0.02, "total_growth": -0.05, "share": 0.9}, "mature"),
        ({"purchases": 9, "recency": 30, "interval": 10, "growth": 0.02}, "growth"),
        ({"purchases": 9, "recency": 31, "interval": 10, "growth": 0.02}, "terminated"),
        ({"purchases": 9, "growth": 0.0, "share": 0.9, "ended": 1}, "terminated"),
        ({"tenure": 12}, None),
    ],
)
def test_the_first_rule_that_holds_decides(row: dict, stage: str | None) -> None:
    assert lifecycle(signals(row), options=OPTIONS).frame["stage"].to_list() == [stage]


def test_a_steady_customer_of_ten_years_is_mature_at_every_look() -> None:
    """From orders alone, one a month, the customer's own business not known."""
    days = [date(2014, 1, 15) + timedelta(days=30 * i) for i in range(122)]
    lines = pl.DataFrame({"id": ["old"] * 122, "date": days, "amount": [100.0] * 122})
    found = lifecycle(lifecycle_signals(lines, as_of=[date(2022, 7, 1), date(2023, 1, 1), date(2023, 7, 1)]))
    assert found.frame["signal"].to_list() == ["mature"] * 3


def test_the_customers_own_business_tells_a_lost_share_from_a_shrinking_customer() -> None:
    """Both buy ever less from us; one of them buys ever less altogether, so its relation is steady."""
    months = [date(2022 + i // 12, i % 12 + 1, 15) for i in range(24)]
    ours = [100.0 * 0.95**i for i in range(24)]
    early = [date(2021, 12, 15)]
    lines = pl.concat(
        pl.DataFrame({"id": [who] * 25, "date": early + months, "amount": [100.0, *ours]})
        for who in ("turns", "shrinks")
    )
    spent = {"turns": [150.0] * 24, "shrinks": [1.25 * amount for amount in ours]}
    wallet = pl.concat(
        pl.DataFrame({"id": [who] * 25, "date": early + months, "amount": [125.0, *totals]})
        for who, totals in spent.items()
    )
    found = lifecycle_signals(lines, as_of=[date(2024, 1, 1)], wallet=wallet)
    rows = {row["id"]: row for row in found.iter_rows(named=True)}
    assert rows["shrinks"]["share"] == pytest.approx(0.8)
    assert rows["shrinks"]["total_growth"] == pytest.approx(rows["shrinks"]["growth"])
    assert rows["turns"]["total_growth"] == pytest.approx(0, abs=1e-9)
    stages = dict(lifecycle(found).frame.select("id", "stage").rows())
    assert stages == {"turns": "decline", "shrinks": "mature"}


GROWS = {"purchases": 5, "growth": 0.05}
FALLS = {"purchases": 5, "growth": -0.05}
SILENT: dict = {}


def walk(*rows: dict, options: LifecycleOptions = OPTIONS, overrides: pl.DataFrame | None = None) -> list:
    table = signals(*({"period": i} | row for i, row in enumerate(rows)))
    return lifecycle(table, options=options, overrides=overrides).frame.select("stage", "source").rows()


def test_a_stage_changes_after_two_periods_in_a_row() -> None:
    assert walk(GROWS, FALLS, GROWS, FALLS, FALLS) == [
        ("growth", "rule"),
        ("growth", "held"),
        ("growth", "rule"),
        ("growth", "held"),
        ("decline", "rule"),
    ]
    assert walk(GROWS, FALLS, options=LifecycleOptions(confirm=1))[-1] == ("decline", "rule")


def test_silence_neither_changes_a_stage_nor_confirms_a_change() -> None:
    assert walk(SILENT, GROWS, FALLS, SILENT, FALLS) == [
        (None, None), ("growth", "rule"), ("growth", "held"), ("growth", "held"), ("growth", "held")
    ]  # fmt: skip


def test_the_end_of_a_contract_counts_at_once() -> None:
    assert walk(GROWS, GROWS | {"ended": 1}) == [("growth", "rule"), ("terminated", "rule")]


def override(stage: str, note: str | None, period: int = 1) -> pl.DataFrame:
    return pl.DataFrame({"id": ["a"], "period": [period], "stage": [stage], "note": [note]})


def test_an_override_holds_until_the_signals_confirm_a_change() -> None:
    overrides = override("decline", "the buyer told us")
    assert walk(GROWS, GROWS, GROWS, GROWS, overrides=overrides) == [
        ("growth", "rule"), ("decline", "override"), ("decline", "held"), ("growth", "rule")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        (override("declin", "x"), "CUST-908"),
        (override("decline", "x", period=9), "CUST-908"),
        (override("decline", " "), "CUST-924"),
        (override("decline", None), "CUST-924"),
    ],
)
def test_a_bad_override_is_named(overrides: pl.DataFrame, code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        walk(GROWS, GROWS, overrides=overrides)
    assert [issue.code for issue in caught.value.issues] == [code]


def test_four_stages_are_the_same_rules_under_other_names() -> None:
    found = lifecycle(signals(FALLS), options=LifecycleOptions(stages="four"))
    assert found.frame["stage"].to_list() == ["degeneration"]
    assert found.distribution.rows() == [
        ("identification", 0, 0.0), ("development", 0, 0.0), ("stability", 0, 0.0), ("degeneration", 1, 1.0)
    ]  # fmt: skip


def test_distribution_and_moves_of_the_last_two_periods() -> None:
    rows = [{"id": who, "period": t} | GROWS for who in "ab" for t in range(2)]
    rows += [{"id": "c", "period": 0} | FALLS, {"id": "c", "period": 1} | GROWS | {"ended": 1}]
    rows.append({"id": "d", "period": 1})
    found = lifecycle(signals(*rows))
    assert dict(found.distribution.select("stage", "customers").rows()) == {
        "acquisition": 0, "growth": 2, "mature": 0, "decline": 0, "terminated": 1
    }  # fmt: skip
    assert found.moves is not None
    assert found.moves.moved.rows() == [("c", "decline", "terminated")]
    assert [(issue.code, issue.detail["examples"]) for issue in found.issues] == [("CUST-918", "d")]
    assert lifecycle(signals(GROWS)).moves is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"purchases": 1}, {"purchases": 2}], "CUST-925"),
        ([{"purchases": 1, "period": None}], "CUST-926"),
        ([{"purchases": 1, "share": 1.2}], "CUST-920"),
        ([{"purchases": -1}], "CUST-904"),
        ([], "CUST-905"),
    ],
)
def test_bad_signals_are_named(rows: list[dict], code: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        lifecycle(signals(*rows))
    assert [issue.code for issue in caught.value.issues] == [code]


def test_dates_are_periods_and_pandas_comes_back() -> None:
    table = signals(GROWS, FALLS).with_columns(period=pl.Series([date(2024, 6, 30), date(2023, 12, 31)]))
    found = lifecycle(table.to_pandas()).frame
    assert found["stage"].tolist() == ["decline", "decline"]
    assert found["source"].tolist() == ["rule", "held"]
