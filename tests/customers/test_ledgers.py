"""Ledgers beside the orders: each table is what a model of the same room reads."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from evaluator.customers import TABLES, Sources, clv, equity, model_measures, states_on
from evaluator.data import TableMapping, read_table
from evaluator.errors import EvaluationError

D1, D2, D3 = date(2024, 1, 5), date(2024, 2, 5), date(2024, 3, 5)


@pytest.fixture
def read(tmp_path):
    """Read a table as a client heads its columns."""

    def reading(table: str, text: str) -> pl.DataFrame:
        (tmp_path / "t.csv").write_text(text, "utf-8")
        return read_table(table, TableMapping(file="t.csv"), TABLES[table], tmp_path).frame

    return reading


def test_a_log_of_states_tells_the_state_of_a_day(read) -> None:
    log = read(
        "status_log", "客户编号,日期,状态\nb,2024-02-05,growth\na,2024-01-05,growth\na,2024-03-05,mature\n"
    )
    assert states_on(log, date(2024, 1, 4)).rows() == []
    assert states_on(log, D2).rows() == [("a", "growth"), ("b", "growth")]
    assert states_on(log, D3).rows() == [("a", "mature"), ("b", "growth")]


def test_choices_in_order_become_moves_between_brands(read) -> None:
    bought = read("brand_choice", "person,t,品牌\n1,2,乙\n1,1,甲\n1,3,甲\n2,1,甲\n2,5,甲\n")
    brands, counts = equity.choice_counts(bought, brands=["甲", "乙", "丙"])
    assert brands == ("甲", "乙", "丙")
    assert counts.tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]
    assert np.allclose(clv.transition_matrix(counts, smoothing=1).sum(axis=1), 1)
    with pytest.raises(EvaluationError) as raised:
        equity.choice_counts(bought, brands=["甲"])
    assert [(i.code, i.subject) for i in raised.value.issues] == [("CUST-908", "乙")]


def test_answers_become_moves_between_brands(read) -> None:
    asked = read("brand_switching", "受访者,上次购买品牌,打算购买品牌\n1,甲,乙\n2,乙,乙\n3,甲,\n")
    brands, counts = equity.switching_counts(asked)
    assert (brands, counts.tolist()) == (("乙", "甲"), [[1, 0], [1, 0]])
    with pytest.raises(EvaluationError) as raised:
        equity.switching_counts(asked, brands=["甲"])
    assert [(i.code, i.subject) for i in raised.value.issues] == [("CUST-908", "乙")]


def test_profits_become_histories_and_gaps_are_named(read) -> None:
    found = clv.profit_histories(read("profit_history", "客户,year,利润\na,0,-5\na,1,7\nb,0,3\n"))
    assert {name: values.tolist() for name, values in found.items()} == {"a": [-5, 7], "b": [3]}
    for text in ("a,0,1\na,2,1\n", "a,1,1\n"):
        with pytest.raises(EvaluationError) as raised:
            clv.profit_histories(read("profit_history", "id,period,profit\nb,0,1\n" + text))
        assert [(i.code, i.detail["examples"]) for i in raised.value.issues] == [("CLV-950", "a")]


def test_events_ahead_are_read_and_kept(read) -> None:
    events = read("events", "客户,事件,预计日期,概率,收入,费用\na,续约,2025-01-01,80%,1000,200\n")
    as_of = date(2024, 1, 1)
    valued = clv.customer_events(events, discount_rate=0.1, currency="CNY", as_of=as_of, draws=10).frame
    assert valued["base"].to_list() == [pytest.approx(640 / 1.1 ** (366 / 365.25))]
    assert Sources({"events": events}, as_of=as_of)["events"].height == 1


def test_dated_costs_of_service_count_in_the_window_of_the_value_they_are_set_against(read) -> None:
    lines = ["a,2022-06-01,拜访,9,100", "a,2023-06-01,拜访,2,100", "a,2024-01-01,拜访,5,100"]
    costs = read("service_costs", "\n".join(["客户,日期,作业,次数,费率", *lines, ""]))
    as_of = date(2024, 1, 1)
    assert model_measures({"service_costs": costs}, ["cost_to_serve"], as_of=as_of).row(0) == ("a", 200.0)
    undated = costs.drop("date")
    assert model_measures({"service_costs": undated}, ["cost_to_serve"], as_of=as_of).row(0) == ("a", 1600.0)
