"""Input and output of stages, the firm's own statuses, and the decision at decline."""

from datetime import date

import polars as pl
import pytest

from evaluator.customers import decline_decision, input_output, run_models
from evaluator.customers.models.lifecycle.options import DeclineOptions
from evaluator.customers.models.lifecycle.study import DeclineCards, _cards
from evaluator.customers.models.lifecycle.view import decline, statuses
from evaluator.errors import EvaluationError
from evaluator.present.blocks import Chart
from evaluator.present.reader import Reader

CARD = {
    "margin": 100.0, "cost": 60.0, "probability": 0.4, "retention": 0.8, "declining_margin": 50.0,
    "declining_retention": 0.5, "discount_rate": 0.1, "periods": 3,
}  # fmt: skip


def test_a_stage_brings_what_its_customers_bring() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcd"),
            "stage": ["growth", "mature", "mature", None],
            "income": [10.0, 80.0, None, 5.0],
            "spent": [20.0, 10.0, 1.0, 1.0],
        }
    )
    found = input_output(table, stages=["acquisition", "growth", "mature"])
    assert found.rows() == [
        ("acquisition", 0, 0.0, 0.0, None),
        ("growth", 1, 20.0, 10.0, 0.5),
        ("mature", 1, 10.0, 80.0, 8.0),
    ]


def test_the_card_by_hand() -> None:
    won = 100 / 1.1 + 80 / 1.1**2 + 64 / 1.1**3
    let_go = 50 / 1.1 + 25 / 1.1**2 + 12.5 / 1.1**3
    card = decline_decision(**CARD)
    assert card.let_go == pytest.approx(let_go)
    assert card.reinvest == pytest.approx(0.4 * won + 0.6 * let_go - 60)
    assert card.decision == "let_go"
    assert card.break_even == pytest.approx(60 / (won - let_go))


def test_at_the_break_even_probability_both_are_equal() -> None:
    card = decline_decision(**CARD)
    assert card.break_even is not None
    assert decline_decision(**CARD | {"probability": card.break_even}).advantage == pytest.approx(0, abs=1e-9)


def test_nothing_to_win_has_no_break_even() -> None:
    assert decline_decision(**CARD | {"margin": 10.0}).break_even is None


def test_figures_that_cannot_be_are_named_together() -> None:
    with pytest.raises(EvaluationError) as caught:
        decline_decision(**CARD | {"probability": 1.1, "cost": -1.0, "periods": 0})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-920", "probability"),
        ("CUST-922", "cost"),
        ("CUST-922", "periods"),
    ]


@pytest.mark.parametrize("name", ["margin", "declining_margin"])
def test_a_margin_that_is_not_known_decides_nothing(name: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        decline_decision(**CARD | {name: float("nan")})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-922", name)]


def log_of_states() -> pl.DataFrame:
    rows = [("a", date(2023, 1, 5), "意向"), ("a", date(2024, 3, 1), "合作"), ("b", date(2023, 6, 1), "合作"),
            ("c", date(2024, 5, 1), "意向"), ("c", date(2025, 1, 1), "流失")]  # fmt: skip
    return pl.DataFrame(rows, schema=["id", "date", "stage"], orient="row")


def test_a_log_of_statuses_gives_who_moved_within_the_period() -> None:
    found = run_models({"status_log": log_of_states()}, as_of=date(2025, 1, 1))
    result = found.results["statuses"]
    assert (result.first, result.last) == (date(2023, 12, 31), date(2024, 12, 31))
    assert result.frame.rows() == [
        ("a", "合作"),
        ("b", "合作"),
        ("c", "意向"),
    ]  # the change of the next day is none
    assert result.moves.states == ("意向", "合作")  # in the order they first occur
    assert result.moves.counts.tolist() == [[0, 1], [0, 1]]
    assert result.moves.entered.tolist() == [1, 0]
    assert not found.unused


@pytest.mark.parametrize("language", ["en", "zh"])
def test_statuses_are_shown_in_the_words_of_the_log(language: str) -> None:
    result = run_models({"status_log": log_of_states()}, as_of=date(2025, 1, 1)).results["statuses"]
    shown = list(statuses(result, None, Reader(language)))
    charts = [block for block in shown if isinstance(block, Chart)]
    assert [chart.id for chart in charts] == ["statuses", "status-moves"]
    assert "合作" in str(charts[0].spec)
    assert "3" in shown[0].text


@pytest.mark.parametrize(("language", "none"), [("en", "does not pay"), ("zh", "不划算")])
def test_a_probability_above_one_is_said_to_be_none(language: str, none: str) -> None:
    """It stood as 323.6% in the report of the demo."""
    money = {key: value for key, value in CARD.items() if key not in ("margin", "declining_margin")}
    options = DeclineOptions(**money, margin_rate=1)
    rows = pl.DataFrame({"id": ["large", "small", "grown"], "before": [500.0, 40, 10], "now": [50.0, 20, 50]})
    cards = DeclineCards(_cards(rows, options), options)
    shown = {row[0]: row[-2] for row in list(decline(cards, options, Reader(language)))[-1].rows}
    assert 0 < shown["large"] < 1
    assert none in shown["small"]
    assert none in shown["grown"]
