"""Customer equity, brand switching, events and profits as a study runs them."""

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, run_models

MONEY = {"discount_rate": 0.1, "currency": "USD"}
CHOICES = pl.DataFrame(
    {"id": [f"P{n}" for n in range(20) for _ in range(11)], "period": list(range(11)) * 20,
     "brand": (["we"] * 7 + ["they"] * 4) * 20}
)  # fmt: skip


def found(tables: dict[str, pl.DataFrame], **options: object):
    chosen = CustomerOptions.model_validate(options)
    return run_models(tables, options=chosen)


SWITCHING = {
    "own": "we", "margin_per_purchase": 10.0, "purchases_per_year": 2.0, "years": 3.0, "population": 1000.0,
    "smoothing": 0.0, **MONEY,
}  # fmt: skip


def test_switching_is_read_from_the_choices_own_brand_first() -> None:
    result = found({"brand_choice": CHOICES}, show=("switching",), switching=SWITCHING).results["switching"]
    assert result.brands == ("we", "they")
    assert result.chances.tolist() == [[pytest.approx(6 / 7), pytest.approx(1 / 7)], [0.0, 1.0]]
    assert result.first.tolist() == [0.0, 1.0]
    assert (result.moves.sum(), result.customers) == (200, 20)
    assert result.values.share.sum() == pytest.approx(1)


def test_an_improvement_brings_back_what_it_adds_less_what_it_costs() -> None:
    plan = {"kept": 0.05, "outlays": (100.0, 100.0)}
    both = CHOICES.with_columns(brand=pl.when(pl.col("period") == 10).then(pl.lit("we")).otherwise("brand"))
    result = found(
        {"brand_choice": both}, show=("switching",), switching=SWITCHING, improvement=plan
    ).results["switching"]
    gained = result.improvement
    assert gained.after > gained.before
    spent = 100 + 100 / 1.1
    assert gained.roi == pytest.approx((gained.after - gained.before - spent) / spent)


def test_an_own_brand_nobody_bought_is_named_with_the_nearest() -> None:
    issues = found(
        {"brand_choice": CHOICES}, show=("switching",), switching={**SWITCHING, "own": "thei"}
    ).issues["switching"]
    assert [(issue.code, issue.subject, issue.hint) for issue in issues] == [("CLV-931", "thei", ("they",))]


ASKED = pl.DataFrame(
    {"last": ["we"] * 4 + ["they"] * 4, "next": ["we"] * 3 + ["they"] * 4 + ["we"], "id": list("abcdefgh")}
)


def switching(table: pl.DataFrame, **stated: object):
    """Return what the model finds in a survey, or why it finds nothing."""
    found_ = found({"brand_switching": table}, show=("switching",), switching={**SWITCHING, **stated})
    return found_.results.get("switching") or found_.issues["switching"]


def test_switching_is_read_from_what_people_bought_last_and_intend_next() -> None:
    """Two brands of equal customers, 3 of 4 stay: both are worth the same, in whatever the years."""
    result = switching(ASKED)
    assert (result.brands, result.customers, result.intended) == (("we", "they"), 8, True)
    assert result.chances.tolist() == [[0.75, 0.25], [0.25, 0.75]]
    assert result.first.tolist() == [0.5, 0.5]
    # H·f = 6 purchases after the first, each of half a chance: 10·Σ_{t=0..6} 1.1^(−t/2) / 2
    one = 10 * sum(1.1 ** (-t / 2) for t in range(7)) / 2
    assert result.values.values.tolist() == [[pytest.approx(one)] * 2]
    assert result.values.equity.tolist() == [pytest.approx(1000 * one)] * 2


def test_a_table_of_counts_says_the_same_as_the_people_behind_it() -> None:
    counts = ASKED.group_by("last", "next").agg(count=pl.len().cast(pl.Float64))
    none = pl.DataFrame({"last": ["we"], "next": ["we"], "count": [None]}, schema=counts.schema)
    one, other = switching(ASKED), switching(pl.concat([counts, none]))
    assert other.moves.tolist() == one.moves.tolist()
    assert other.values.equity.tolist() == one.values.equity.tolist()


def test_what_was_bought_counts_before_what_is_intended_and_that_is_said() -> None:
    tables = {"brand_choice": CHOICES, "brand_switching": ASKED}
    result = found(tables, show=("switching",), switching=SWITCHING).results["switching"]
    assert (result.intended, [issue.code for issue in result.issues]) == (False, ["CLV-936"])


@pytest.mark.parametrize(
    ("table", "stated", "code", "subject"),
    [
        (ASKED, {"own": "wee"}, "CLV-931", "wee"),
        (ASKED.with_columns(next=pl.lit("we"), last=pl.lit("we")), {}, "CLV-933", "we"),
        (ASKED.with_columns(last=pl.lit("we")), {}, "CLV-934", "they (0)"),
        (ASKED.drop("next"), {}, "CUST-901", "next"),
        (ASKED.with_columns(count=-1), {}, "CLV-903", "count"),
    ],
)
def test_a_survey_of_switching_that_says_nothing_is_refused(table, stated, code, subject) -> None:
    assert [(issue.code, issue.subject) for issue in switching(table, **stated)] == [(code, subject)]


def test_brands_whose_customers_are_assumed_rather_than_asked_are_named() -> None:
    """One person more than smoothing adds is enough."""
    few = pl.concat([ASKED, ASKED.with_columns(last=pl.lit("new"), id="id" + pl.lit("+")).head(3)])
    [issue] = switching(few, smoothing=1.0).issues
    assert (issue.code, issue.subject, issue.detail["added"]) == ("CLV-935", "new (3)", 3.0)
    assert switching(few, smoothing=0.9).issues == ()


def test_drivers_come_from_ratings_of_the_brands() -> None:
    ratings = pl.DataFrame(
        {"brand": ["we", "they"] * 2, "driver": ["quality", "quality", "service", "service"],
         "score": [4.0, 3.0, 2.0, 5.0]}
    )  # fmt: skip
    stated = {
        "own": "we",
        "importance": {"quality": 1.0, "service": 2.0},
        "drivers": {"service": "retention"},
    }
    result = found({"brand_ratings": ratings}, show=("equity_drivers",), equity_drivers=stated)
    assert result.results["equity_drivers"].weakest == "service"


def test_events_may_have_years_instead_of_days() -> None:
    events = pl.DataFrame(
        {"id": ["a", "a"], "time": [1.0, 0.0], "probability": [0.5, 1.0], "revenue": [220.0, 10.0],
         "cost": [0.0, 4.0]}
    )  # fmt: skip
    result = found({"events": events}, show=("events",), events=MONEY).results["events"]
    assert pl.DataFrame(result.frame)["base"].to_list() == pytest.approx([106.0])


def test_profits_are_continued_where_the_history_carries_a_curve() -> None:
    ledger = pl.DataFrame(
        {"id": ["a"] * 7 + ["b"], "period": [*range(7), 0], "profit": [5.0, 8, 12, 15, 17, 18, 19, 7]}
    )
    findings = found({"profit_history": ledger}, show=("profits",), profits={"horizon": 3, **MONEY})
    result = findings.results["profits"]
    a, b = result.frame.sort("id").iter_rows(named=True)
    assert a["lifetime"] == pytest.approx(a["history"] + a["future"])
    assert (b["history"], b["future"], b["lifetime"], b["curve"]) == (7.0, None, None, None)
    assert [issue.code for issue in result.issues if "b" in str(issue.detail["examples"])] == ["CLV-942"]


@pytest.mark.parametrize("profits", [[1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 1.0]])
def test_a_history_no_curve_explains_is_named(profits) -> None:
    ledger = pl.DataFrame({"id": ["a"] * 7, "period": range(7), "profit": profits})
    findings = found({"profit_history": ledger}, show=("profits",), profits={"horizon": 30, **MONEY})
    codes = {issue.code for issue in findings.results["profits"].issues}
    assert codes == {"CLV-943", "CLV-944"}


def test_profits_may_go_on_like_a_former_customers() -> None:
    known = pl.DataFrame({"id": ["a"] * 4 + ["b"], "period": [0, 1, 2, 3, 0], "profit": [1.0, 2, 3, 4, 5]})
    former = pl.DataFrame(
        {"id": ["steady"] * 6 + ["rising"] * 6, "period": [*range(6)] * 2,
         "profit": [10.0] * 6 + [5.0, 10, 15, 20, 25, 30]}
    )  # fmt: skip
    terms = {"horizon": 2, "by": "library", "discount_rate": 0.0, "currency": "USD"}
    tables = {"profit_history": known, "former_profits": former}
    result = found(tables, show=("profits",), profits=terms).results["profits"]
    assert result.frame.filter(pl.col("id") == "a").select("curve", "future").row(0) == (
        "rising",
        pytest.approx(11.0),
    )
    issues = found({"profit_history": known}, show=("profits",), profits=terms).issues["profits"]
    assert [(issue.code, issue.detail["needs"]) for issue in issues] == [("CUST-927", "former_profits")]
