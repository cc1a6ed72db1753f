"""Growth potential, headroom and word of mouth as measures of a study's own tables."""

from datetime import date

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, model_measures, run_models
from evaluator.errors import EvaluationError

AS_OF = date(2024, 7, 1)
MEASURES = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "share_of_wallet": [0.3, 0.9, None],
        "loyalty": [70.0, 100.0, 55.0],
        "business_volume": [400.0, 2000.0, 100.0],
        "referrals": [4, 0, None],
    }
)
OPTIONS = {
    "potential": {
        "share": {"measure": "share_of_wallet", "worst": 0.0, "best": 0.6, "weight": 2.0},
        "relationship": {"measure": "loyalty", "worst": 40.0, "best": 100.0, "weight": 1.0},
        "business": {"measure": "business_volume", "worst": 0.0, "best": 1000.0, "weight": 1.0},
    },
    "headroom": {"business": "business_volume", "share": "share_of_wallet"},
    "word_of_mouth": {"referrals": "referrals", "conversion": 0.25, "margin": 300.0},
}
NAMES = ["growth_potential", "headroom", "word_of_mouth_value"]


def measured(table: pl.DataFrame, options: dict, names: list[str] = NAMES) -> pl.DataFrame:
    chosen = CustomerOptions.model_validate(options)
    return model_measures({"measures": table}, names, as_of=AS_OF, options=chosen)


def test_the_three_measures_by_hand() -> None:
    """Scores of a: 50, 50, 40, weighed 2:1:1; those of b end at 100 however large the business."""
    found = {row["id"]: row for row in measured(MEASURES, OPTIONS).iter_rows(named=True)}
    assert found["a"] == {
        "id": "a",
        "growth_potential": pytest.approx(47.5),
        "headroom": pytest.approx(280.0),
        "word_of_mouth_value": pytest.approx(300.0),
    }
    assert found["b"]["growth_potential"] == pytest.approx(100)
    assert found["b"]["headroom"] == pytest.approx(200)
    assert found["b"]["word_of_mouth_value"] == 0


def test_what_is_not_known_is_missing_and_never_zero() -> None:
    row = measured(MEASURES, OPTIONS).row(2)
    assert row == ("c", None, None, None)


def test_a_driver_whose_ends_meet_is_named() -> None:
    options = {"potential": {k: v | {"worst": v["best"]} for k, v in OPTIONS["potential"].items()}}
    with pytest.raises(EvaluationError) as caught:
        measured(MEASURES, options, ["growth_potential"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-947", "share_of_wallet"),
        ("CUST-947", "loyalty"),
        ("CUST-947", "business_volume"),
    ]


def test_a_share_above_the_whole_and_referrals_below_zero_are_refused_by_the_report_too() -> None:
    table = MEASURES.with_columns(share_of_wallet=pl.lit(1.2), referrals=pl.lit(-1))
    options = CustomerOptions.model_validate(OPTIONS | {"show": ("headroom", "word_of_mouth")})
    found = run_models({"measures": table}, as_of=AS_OF, options=options)
    assert not found.results
    codes = {model: [issue.code for issue in issues] for model, issues in found.issues.items()}
    assert codes == {"headroom": ["CUST-920"], "word_of_mouth": ["CUST-904"]}


def test_one_share_above_the_whole_is_named_and_costs_only_that_customer_a_headroom() -> None:
    table = MEASURES.with_columns(share_of_wallet=pl.Series([0.3, 1.2, None]))
    options = CustomerOptions.model_validate(OPTIONS | {"show": ("headroom",)})
    found = run_models({"measures": table}, as_of=AS_OF, options=options)
    assert not found.issues
    result = found.results["headroom"]
    assert result.frame["headroom"].to_list() == [pytest.approx(280.0), None, None]
    assert [(issue.code, issue.subject, issue.detail["count"]) for issue in result.issues] == [
        ("CUST-956", "share_of_wallet", 1)
    ]
    assert "b" in str(result.issues[0].detail["examples"])


def test_a_measure_nobody_gives_is_named() -> None:
    with pytest.raises(EvaluationError) as caught:
        measured(MEASURES.drop("business_volume"), OPTIONS, ["headroom"])
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [("CUST-930", "business_volume")]


def test_one_customer_has_a_potential_as_good_as_many() -> None:
    alone = measured(MEASURES.head(1), OPTIONS)
    assert alone.row(0) == measured(MEASURES, OPTIONS).row(0)
