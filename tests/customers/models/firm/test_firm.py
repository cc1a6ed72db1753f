"""Capability with gaps and trend, performance against targets, states that checklists tell."""

from pathlib import Path

import polars as pl
import pytest

from evaluator import messages
from evaluator.customers.models.firm import (
    CapabilityOptions,
    ChecklistOptions,
    PerformanceOptions,
    capability,
    capability_structure,
    channel_scores,
    checklists,
    customisation_type,
    idic,
    level_reached,
    marketing_type,
    performance,
    plan_complete,
)
from evaluator.customers.models.firm.performance_views import FIGURES, VIEWS
from evaluator.customers.models.firm.states import KOTLER, STAGES
from evaluator.errors import EvaluationError

ITEMS = [(ability.id, item.id) for ability, item in capability_structure().items()]


def ratings(scores: dict[str, list[float]], period: str | None = None) -> pl.DataFrame:
    rows = [(item, f"r{n}", score, period) for item, given in scores.items() for n, score in enumerate(given)]
    schema = {"id": pl.String, "rater": pl.String, "score": pl.Float64, "period": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def everywhere(score: float, raters: int = 3) -> dict[str, list[float]]:
    return {item: [score] * raters for _, item in ITEMS}


def test_the_index_joins_abilities_and_they_their_items() -> None:
    scores = everywhere(3) | {"delivery": [5.0, 5, 5]}
    found = capability(ratings(scores))
    indices = dict(found.abilities.select("ability", "index").iter_rows())
    assert indices == {"insight": 50, "value": pytest.approx((5 * 50 + 100) / 6), "lifecycle": 50}
    assert found.index == pytest.approx((100 + indices["value"]) / 3)
    assert found.issues == ()


def test_weights_and_targets_are_stated_by_name() -> None:
    options = CapabilityOptions(
        weights={"insight": 2.0, "delivery": 5.0}, targets={"value": 90.0, "index": 80.0, "delivery": 100.0}
    )
    found = capability(ratings(everywhere(3) | {"delivery": [5.0]}), options=options)
    value = found.abilities.filter(pl.col("ability") == "value").row(0, named=True)
    assert value["index"] == pytest.approx((5 * 50 + 5 * 100) / 10)
    assert value["gap"] == pytest.approx(15)
    assert found.index == pytest.approx((2 * 50 + 75 + 50) / 4)
    assert found.gap == pytest.approx(80 - 56.25)
    assert found.items.filter(pl.col("item") == "delivery")["gap"].to_list() == [0]


def test_few_raters_are_marked_and_none_leave_the_index_open() -> None:
    found = capability(ratings({"retention": [4.0, 5.0]}))
    assert [(issue.code, issue.detail["items"]) for issue in found.issues] == [("CUST-953", "retention")]
    assert found.index is None
    lifecycle = found.abilities.filter(pl.col("ability") == "lifecycle").row(0, named=True)
    assert (lifecycle["index"], lifecycle["coverage"]) == (87.5, pytest.approx(1 / 6))


def test_the_latest_period_counts_and_all_make_the_trend() -> None:
    both = pl.concat([ratings(everywhere(2), "2024"), ratings(everywhere(4), "2025")])
    found = capability(both)
    assert (found.period, found.index) == ("2025", 75)
    whole = found.trend.filter(pl.col("ability") == "index")
    assert whole["period"].to_list() == ["2024", "2025"]
    assert whole["index"].to_list() == pytest.approx([25, 75])


def test_factors_are_related_to_the_weakest_ability_over_raters() -> None:
    scores = everywhere(5, raters=4) | {item: [1.0, 2, 3, 4] for a, item in ITEMS if a == "insight"}
    scores |= {"technology": [1.0, 2, 3, 4], "culture": [4.0, 3, 2, 1], "people": [3.0, 3, 3, 3]}
    found = capability(ratings(scores))
    assert found.bonds.rows() == [
        ("insight", "technology", 4, pytest.approx(1.0)),
        ("insight", "culture", 4, pytest.approx(-1.0)),
        ("insight", "people", 4, None),
    ]
    assert found.factors["factor"].to_list() == ["technology", "culture", "people"]


@pytest.mark.parametrize(
    ("frame", "options", "code", "subject"),
    [
        (ratings({"delivery": [6.0]}), {}, "CUST-940", "score"),
        (ratings({"deliver": [3.0]}), {}, "CUST-908", "deliver"),
        (pl.concat([ratings({"delivery": [3.0]})] * 2), {}, "CUST-941", "capability"),
        (ratings({"delivery": [3.0]}), {"weights": {"valu": 1.0}}, "CUST-908", "valu"),
        (ratings({"delivery": [3.0]}), {"targets": {"total": 1.0}}, "CUST-908", "total"),
    ],
)
def test_ratings_that_cannot_be_meant_are_refused(
    frame: pl.DataFrame, options: dict, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        capability(frame, options=CapabilityOptions.model_validate(options))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def test_a_structure_of_ones_own_takes_the_place(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "id: own\nname: 自评\nsource: 自定\nabilities:\n"
        "  - {id: sell, name: 销售, items: [{id: offers, name: 报价}]}\n",
        "utf-8",
    )
    found = capability(ratings({"offers": [2.0]}), structure=capability_structure(path))
    assert found.index == 25


FIGURE = {"id": ["nps", "complaint_rate", "clv_total", "own"], "view": [None, None, None, "value"]}


def figures(actual: list, baseline: list, target: list) -> pl.DataFrame:
    numbers = {"actual": actual, "baseline": baseline, "target": target}
    return pl.DataFrame(
        FIGURE | {name: pl.Series(values, dtype=pl.Float64) for name, values in numbers.items()}
    )


def test_attainment_runs_from_baseline_to_target_in_either_direction() -> None:
    found = performance(figures([45, 0.04, 5, 30], [20, 0.05, None, 20], [40, 0.01, 9, 40]))
    rows = found.figures.select("figure", "view", "attainment", "state").rows()
    assert rows == [
        ("clv_total", "value", None, "unknown"),
        ("own", "value", pytest.approx(50), "on_the_way"),
        ("nps", "relationship", 100, "reached"),
        ("complaint_rate", "relationship", pytest.approx(25), "on_the_way"),
    ]
    assert found.views.rows() == [("value", 50, 2, 0, 1), ("relationship", pytest.approx(62.5), 2, 1, 0)]
    assert found.attainment == pytest.approx((50 + 62.5) / 2)


def test_weights_of_views_and_figures_are_the_users() -> None:
    options = PerformanceOptions(weights={"nps": 3.0, "relationship": 3.0})
    found = performance(figures([45, 0.04, 5, 30], [20, 0.05, 1, 20], [40, 0.01, 9, 40]), options=options)
    relation, value = (3 * 100 + 25) / 4, 50
    assert found.attainment == pytest.approx((3 * relation + value) / 4)


@pytest.mark.parametrize(
    ("frame", "options", "code", "subject"),
    [
        (pl.DataFrame({"id": ["x"], "actual": [1.0]}), {}, "CUST-908", "x"),
        (pl.DataFrame({"id": ["x"], "actual": [1.0], "view": ["money"]}), {}, "CUST-908", "money"),
        (
            pl.DataFrame({"id": ["nps"], "actual": [1.0], "baseline": [2.0], "target": [2.0]}),
            {},
            "CUST-947",
            "nps",
        ),
        (pl.DataFrame({"id": ["nps"], "actual": [1.0]}), {"npss": 2.0}, "CUST-908", "npss"),
    ],
)
def test_figures_without_meaning_are_refused(
    frame: pl.DataFrame, options: dict, code: str, subject: str
) -> None:
    with pytest.raises(EvaluationError) as caught:
        performance(frame, options=PerformanceOptions(weights=options))
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [(code, subject)]


def said(**answers: float) -> pl.DataFrame:
    return pl.DataFrame({"id": list(answers), "answer": [float(a) for a in answers.values()]})


BASIC = {"new_customers": 1, "complaints_recorded": 1}
MIDDLE = {"targeted": 1, "differentiated": 1, "satisfaction_measured": 1}


@pytest.mark.parametrize(
    ("answers", "level", "missing"),
    [
        ({"new_customers": 1}, None, ["complaints_recorded"]),
        (BASIC, "basic", ["targeted", "differentiated", "satisfaction_measured"]),
        (BASIC | MIDDLE, "intermediate", ["valuable_kept", "loyalty_managed", "owner_per_customer"]),
        (MIDDLE, None, ["new_customers", "complaints_recorded"]),
    ],
)
def test_a_level_needs_every_statement_of_it_and_below(
    answers: dict, level: str | None, missing: list[str]
) -> None:
    found = level_reached(said(**answers), checklists().maturity)
    assert (found.level, [item.id for item in found.missing]) == (level, missing)


def test_several_raters_agree_from_the_share_the_user_states() -> None:
    table = pl.DataFrame({"id": [*BASIC] * 3, "answer": [1, 1, 1, 1, 1, 0]})
    assert level_reached(table, checklists().maturity).level is None
    options = ChecklistOptions(agreed=2 / 3)
    found = level_reached(table, checklists().maturity, options=options)
    assert found.level == "basic"
    assert found.statements.row(1)[2:] == (3, pytest.approx(2 / 3), True)


def test_a_plan_is_complete_with_all_its_parts() -> None:
    parts = dict.fromkeys((part.id for part in checklists().interaction.parts), 1)
    assert plan_complete(said(**parts)).complete
    found = plan_complete(said(**parts | {"goal_dated": 0}))
    assert (found.complete, [part.id for part in found.missing]) == (False, ["goal_dated"])


def test_answers_that_are_no_shares_and_unknown_statements_are_refused() -> None:
    for table, code in ((said(object=2), "CUST-920"), (said(objects=1), "CUST-908")):
        with pytest.raises(EvaluationError) as caught:
            plan_complete(table)
        assert [issue.code for issue in caught.value.issues] == [code]


def test_two_questions_give_the_four_types_of_customisation() -> None:
    types = [customisation_type(product=p, presentation=s) for p in (False, True) for s in (False, True)]
    assert types == ["adaptive", "cosmetic", "transparent", "collaborative"]


def test_fewer_customers_and_higher_margins_call_for_closer_marketing() -> None:
    order = ["basic", "reactive", "accountable", "proactive", "partnership"]
    for many in KOTLER:
        row = [order.index(marketing_type(many, margin)) for margin in ("low", "medium", "high")]
        assert row == sorted(row)
    assert marketing_type("many", "low") == "basic"
    assert marketing_type("few", "high") == "partnership"


def test_the_four_steps_are_told_by_shares_of_customers() -> None:
    table = pl.DataFrame(
        {
            "id": list("abcd"),
            "identified": [1, 1, 1, 1],
            "differentiated": [1, 1, 1, 0],
            "interacted": [1, 0, 0, None],
        }
    )
    found = idic(table)
    assert found.stages["share"].to_list() == [1, 0.75, 0.25, 0]
    assert found.at == "differentiated"
    assert idic(table, options=ChecklistOptions(agreed=0.75)).at == "interacted"


def test_channels_are_ranked_and_held_against_their_goals() -> None:
    table = pl.DataFrame(
        {
            "id": ["mail", "visit"],
            "reach": [5.0, 2.0],
            "depth": [1.0, None],
            "contacts": [4, 0],
            "cost": [10.0, 5.0],
        }
    )
    found = channel_scores(table, weights={"reach": 1, "depth": 1})
    assert found.rows() == [("mail", 3.0, None, 2.5, 1), ("visit", None, None, None, None)]
    with pytest.raises(EvaluationError) as caught:
        channel_scores(table, weights={"reach": 0})
    assert [issue.code for issue in caught.value.issues] == ["CUST-910"]


def test_everything_a_report_names_has_its_name_in_both_languages() -> None:
    families = {
        "view": VIEWS,
        "figure": FIGURES,
        "idic": STAGES,
        "customisation": ("adaptive", "cosmetic", "transparent", "collaborative"),
        "marketing": {name for row in KOTLER.values() for name in row.values()},
        "attainment": ("reached", "on_the_way", "not_begun", "unknown"),
    }
    for language in messages.LANGUAGES:
        for family, names in families.items():
            for name in names:
                assert messages.text(f"customers.{family}.{name}", language)
