"""Models on a study's tables: what they read, what they say of odd data, what they freeze."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import (
    MODEL_MEASURES,
    CustomerOptions,
    Sources,
    load_matrix,
    matrix_names,
    place,
    run_models,
)
from evaluator.customers.models.matrices.placing import STRATEGIES
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)


def _monthly(who: str, amounts: list[float]) -> list[tuple[str, date, float]]:
    """Return an order a month, the last one a few days before the day looked back from."""
    count = len(amounts)
    return [(who, AS_OF - timedelta(days=5 + 30 * (count - 1 - n)), a) for n, a in enumerate(amounts)]


def _orders(**amounts: list[float]) -> pl.DataFrame:
    rows = [row for who, values in amounts.items() for row in _monthly(who, values)]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


STEADY, FALLING = [100.0] * 60, [200 * 0.95**n for n in range(60)]
BOTH = _orders(steady=STEADY, falling=FALLING)


def result(model: str, tables: dict[str, pl.DataFrame], **options: object):
    return Sources(tables, as_of=AS_OF, options=CustomerOptions.model_validate(options)).result(model)


def stages(tables: dict[str, pl.DataFrame], **options: object) -> dict[str, str]:
    return dict(result("lifecycle", tables, **options).current.select("id", "stage").iter_rows())


def test_a_steady_customer_of_years_is_mature_and_one_that_falls_declines() -> None:
    assert stages({"orders": BOTH}) == {"steady": "mature", "falling": "decline"}


def test_tenure_counts_from_the_stated_start_where_the_orders_begin_later() -> None:
    """A customer of ten years whose orders of only three are on file is no newcomer."""
    orders = _orders(old=[100.0] * 30)
    customers = pl.DataFrame({"id": ["old"], "start_date": [date(2014, 1, 1)]})
    assert stages({"orders": orders}) == {"old": "growth"}
    assert stages({"orders": orders, "customers": customers}) == {"old": "mature"}


def test_a_wallet_smaller_than_our_sales_is_said_and_our_share_is_the_whole() -> None:
    days = [AS_OF - timedelta(days=30 * n + 2) for n in range(30)]
    wallet = pl.DataFrame({"id": ["steady"] * 30, "date": days, "amount": [50.0] * 30})
    found = result("lifecycle", {"orders": BOTH, "wallet": wallet})
    assert [(i.code, i.subject, i.detail["count"]) for i in found.issues] == [("CUST-932", "wallet", 1)]
    assert dict(found.current.select("id", "stage").iter_rows())["steady"] == "mature"


def test_orders_too_short_for_a_trend_are_said() -> None:
    found = result("lifecycle", {"orders": _orders(new=[10.0] * 5)})
    assert [(issue.code, issue.subject) for issue in found.issues] == [("CUST-933", "orders")]


def test_a_stage_decided_by_hand_stands_with_its_note_in_either_language() -> None:
    decided = pl.DataFrame(
        {"id": ["steady"], "date": [date(2024, 6, 1)], "stage": ["衰退期"], "note": ["合同未续"]}
    )
    found = result("lifecycle", {"orders": BOTH, "stage_overrides": decided}).current
    assert found.filter(pl.col("id") == "steady").row(0)[1:] == ("decline", "override", "合同未续")


def test_a_stage_nobody_knows_is_named() -> None:
    decided = pl.DataFrame({"id": ["steady"], "stage": ["declin"], "note": ["x"]})
    with pytest.raises(EvaluationError) as caught:
        result("lifecycle", {"orders": BOTH, "stage_overrides": decided})
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject) == ("CUST-908", "declin")
    assert "decline" in issue.hint


def test_states_of_the_relation_move_with_the_orders() -> None:
    orders = pl.concat([BOTH, _orders(new=[10.0])])
    found = result("relation", {"orders": orders}, relation={"loyal_score": 80.0})
    assert dict(found.now.frame.iter_rows()) == {"falling": "repeat", "steady": "repeat", "new": "first"}
    assert found.moves.counts.sum() == 2
    assert found.moves.entered.sum() == 1
    assert found.earlier == date(2024, 1, 1)


def test_counts_of_purchases_in_the_table_leave_the_orders_alone() -> None:
    """Where the table itself counts purchases, no earlier state is known."""
    relations = pl.DataFrame({"id": ["steady"], "purchases": [1.0]})
    found = result("relation", {"orders": BOTH, "relations": relations}, relation={"loyal_score": 80.0})
    assert (found.now.frame.rows(), found.moves) == ([("steady", "first")], None)


def test_contribution_takes_acquisition_off_where_it_is_known() -> None:
    tables = {
        "orders": _orders(a=[100.0], b=[50.0]),
        "service_costs": pl.DataFrame({"id": ["a", "b"], "quantity": [2.0, 1.0], "rate": [10.0, 10.0]}),
        "acquisition": pl.DataFrame({"id": ["a", "a"], "amount": [5.0, 10.0]}),
    }
    found = result("contribution", tables).sort("id")
    assert found.select("id", "margin", "contribution").rows() == [("a", 80.0, 65.0), ("b", 40.0, None)]


def test_cuts_frozen_one_period_place_customers_of_the_next() -> None:
    measures = pl.DataFrame({"id": ["a", "b", "c"], "loyalty": [20.0, 50, 90], "worth": [1.0, 5, 9]})
    options = CustomerOptions.model_validate(
        {"matrices": ({"matrix": "conway", "x": "loyalty", "y": "worth"},)}
    )
    sources = Sources({"measures": measures}, as_of=AS_OF, options=options)
    assert sources.result("matrices").frame["conway"].to_list() == ["dont_over_service", "golden", "golden"]
    frozen = sources.frozen()
    alone = Sources({"measures": measures.filter(pl.col("id") == "a")}, as_of=AS_OF, options=frozen)
    assert alone.result("matrices").frame.rows() == [("a", "dont_over_service")]


def test_a_matrix_of_a_study_is_that_of_place() -> None:
    measures = pl.DataFrame({"id": ["a", "b"], "worth": [1.0, 9.0], "loyalty": [10.0, 80.0]})
    options = {"matrices": ({"matrix": "conway", "x": "loyalty", "y": "worth"},)}
    found = result("matrices", {"measures": measures}, **options).placed["conway"]
    alone = place(measures.rename({"worth": "value"}), "conway")
    assert found.frame.select("id", "class").equals(alone.frame.select("id", "class"))


def test_the_override_of_a_matrix_acts_where_its_measure_is_named() -> None:
    """A customer worth less than nothing is below zero, whatever the cell."""
    measures = pl.DataFrame({"id": ["a", "b"], "now": [9.0, 1.0], "later": [9.0, 1.0], "clv": [-1.0, 5.0]})
    choice = {"matrix": "clv_types", "x": "now", "y": "later"}
    with_it = result("matrices", {"measures": measures}, matrices=({**choice, "below": "clv"},))
    without = result("matrices", {"measures": measures}, matrices=(choice,))
    assert with_it.frame["clv_types"].to_list()[0] == "bz"
    assert without.frame["clv_types"].to_list()[0] == "mvc"


def test_a_matrix_chosen_twice_is_named() -> None:
    measures = pl.DataFrame({"id": ["a", "b"], "x": [1.0, 2], "y": [1.0, 2]})
    twice = ({"matrix": "conway", "x": "x", "y": "y"}, {"matrix": "conway", "x": "y", "y": "x"})
    with pytest.raises(EvaluationError) as caught:
        result("matrices", {"measures": measures}, matrices=twice)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-931", "conway")]


def test_needs_without_products_cannot_be_told() -> None:
    with pytest.raises(EvaluationError) as caught:
        result("quadrant", {"orders": BOTH}, quadrant={"skew_cut": 0.4, "diversity_cut": 0.5})
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-901", "product")]


def test_followers_who_never_bought_have_brought_nothing() -> None:
    network = pl.DataFrame({"id": ["a", "b"], "to": ["b", "stranger"], "weight": [0.5, 0.5]})
    tables = {"orders": _orders(a=[10.0], b=[20.0]), "network": network}
    found = result("network", tables, network={"beta": 1.0}).sort("id")
    assert found.select("id", "network").rows() == [("a", 10.0), ("b", 0.0), ("stranger", 0.0)]


def test_information_is_valued_together_with_what_more_use_adds() -> None:
    points = pl.DataFrame(
        {
            "id": ["a", "b"],
            "point": ["x", "y"],
            "p": [3.0, 5.0],
            "uses": [10.0, 4.0],
            "collections": [1.0, 2.0],
        }
    )
    found = result("knowledge", {"info_points": points}, knowledge={"constant": 2.0, "cost": 5.0})
    assert found.frame["value"].to_list() == [55.0, 30.0]
    assert float(found.total.value) == 85.0
    assert (found.points, found.total.per_use.tolist()) == (("x", "y"), [6.0, 10.0])


def test_lifetime_value_joins_the_comparison_where_it_is_stated_as_a_rating() -> None:
    measures = pl.DataFrame({"id": ["falling", "steady"], "own": [1.0, 2.0]})
    options = {"agreement": {"ratings": ("own", "net_amount"), "classes": {"abc_class": ("A", "B", "C")}}}
    found = result("agreement", {"orders": BOTH, "measures": measures}, **options)
    assert found.pairs.row(0)[:3] == ("own", "net_amount", 2)


@pytest.mark.parametrize(
    ("orders", "code"),
    [
        (BOTH.clear(), "DATA-435"),
        (BOTH.with_columns(pl.lit(-1.0).alias("amount")), "CUST-907"),
        (BOTH.with_columns(pl.lit(None, pl.Float64).alias("amount")), "DATA-441"),
        (BOTH.with_columns(pl.lit(date(2030, 1, 1)).alias("date")), "DATA-435"),
    ],
)
def test_orders_that_carry_nothing_get_a_clear_answer(orders: pl.DataFrame, code: str) -> None:
    """Empty, all returns, without amounts, all in the future: each is said, none is scored."""
    found = run_models({"orders": orders}, as_of=AS_OF, options=CustomerOptions(show=("rfm",)))
    assert [issue.code for issue in found.issues["rfm"]] == [code]


def test_one_customer_and_equal_customers_get_an_answer() -> None:
    one = run_models({"orders": _orders(a=[10.0])}, as_of=AS_OF)
    assert one.results["abc"].frame["class"].to_list() == ["A"]
    assert one.results["rfm"].frame["score"].to_list() == [None]
    alike = run_models({"orders": _orders(a=[10.0], b=[10.0])}, as_of=AS_OF)
    assert set(alike.results["abc"].frame["class"]) == {"A"}
    assert {issue.code for issue in alike.results["rfm"].issues} == {"CUST-906"}


def test_a_matrix_of_the_studys_own_is_read_from_its_folder(tmp_path: Path) -> None:
    text = (STRATEGIES / "conway.yaml").read_text("utf-8").replace("id: conway", "id: ours")
    (tmp_path / "ours.yaml").write_text(text, "utf-8")
    measures = pl.DataFrame({"id": ["a", "b"], "worth": [1.0, 9.0], "loyalty": [10.0, 80.0]})
    choice = {"matrix": "ours.yaml", "x": "loyalty", "y": "worth"}
    options = CustomerOptions.model_validate({"matrices": (choice,)})
    sources = Sources({"measures": measures}, as_of=AS_OF, options=options, folder=tmp_path)
    assert sources.result("matrices").frame.columns == ["id", "ours"]
    assert sources.frozen().matrices[0].matrix == "ours.yaml"  # a model holds no path of this machine


def test_every_matrix_that_ships_is_a_measure_of_its_classes() -> None:
    own = {name for name in MODEL_MEASURES.names() if MODEL_MEASURES[name].function.model == "matrices"}
    elsewhere = {"price_cost", "satisfaction_loyalty", "dick_basu"}  # models of their own
    assert own == {f"{name}_class" for name in set(matrix_names()) - elsewhere}


def test_a_class_in_a_chosen_matrix_is_a_measure_and_one_in_another_is_refused_by_name() -> None:
    measures = pl.DataFrame({"id": ["a", "b"], "loyalty": [90.0, 10.0], "value": [5.0, 50.0]})
    cuts = {f"{side}_cut": {"kind": "fixed", "at": (40.0,)} for side in "xy"}
    choice = {"matrix": "conway", "x": "loyalty", "y": "value", **cuts}
    options = CustomerOptions.model_validate({"matrices": (choice,)})
    sources = Sources({"measures": measures}, as_of=AS_OF, options=options)
    names = {entry.id for entry in load_matrix("conway").classes}
    assert set(sources.measures(["conway_class"])["conway_class"]) < names
    with pytest.raises(EvaluationError) as caught:
        sources.measures(["two_sided_class"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-930", "two_sided")]


def test_size_margin_target_and_baseline_are_measures_whose_cuts_a_model_freezes() -> None:
    table = pl.DataFrame(
        {"id": list("abc"), "net_amount": [10.0, 50.0, 90.0], "gross_profit": [1.0, 25.0, 4.0],
         "cost_to_serve": [1.0, 2.0, 80.0]}
    )  # fmt: skip
    options = CustomerOptions.model_validate(
        {
            "size_profit": {},
            "baseline": {"cut": {"kind": "quantile", "at": (0.5,)}},
            "screening": ({"column": "net_amount", "at_least": 20.0},),
        }
    )
    wanted = ["size_class", "margin_class", "target_customer", "baseline_class"]
    sources = Sources({"measures": table}, as_of=AS_OF, options=options)
    assert sources.measures(wanted).rows() == [
        ("a", "small", "high", 0.0, "low_end"),
        ("b", "medium", "high", 1.0, "high_end"),
        ("c", "large", "low", 1.0, "high_end"),
    ]
    later = Sources({"measures": table.head(1)}, as_of=AS_OF, options=sources.frozen())
    assert later.measures(wanted).rows() == sources.measures(wanted).head(1).rows()
