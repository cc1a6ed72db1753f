"""Rules after the scores are joined: what each kind does, to whom, and to whom it does nothing."""

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import duckdb
import pandas as pd
import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.scoring import Model, load_model, ranked, score, score_files
from evaluator.scoring.rules import RULES
from evaluator.tree.types import Rule

FIXED = {"kind": "fixed", "at": (50.0,)}
ATTRIBUTES = (
    {"id": "country", "name": "country", "kind": "text"},
    {"id": "overdue", "name": "overdue", "unit": "d"},
    {"id": "referrals", "name": "referrals"},
)


def rule(kind: str, when: str, name: str = "r", **stated: Any) -> dict[str, Any]:
    return {"kind": kind, "id": name, "name": name, "when": when, "reason": "test", **stated}


@pytest.fixture(scope="module")
def frame(build: SimpleNamespace) -> pl.DataFrame:
    """Five customers, both axes at 90, 70, 50, 30 and (of later) nothing known."""
    now, later = [90.0, 70.0, 50.0, 30.0, 90.0], [90.0, 70.0, 50.0, 30.0, None]
    columns = {
        "country": ["CN", "XX", None, "CN", "CN"],
        "overdue": [0.0, 100.0, 95.0, None, 0.0],
        "referrals": [4.0, 0.0, 1.0, None, 2.0],
    }
    return build.customers(a=now, b=now, c=later, d=later).with_columns(
        pl.Series(name, values) for name, values in columns.items()
    )


@pytest.fixture(scope="module")
def ruled(build: SimpleNamespace, frame: pl.DataFrame) -> Any:
    """Score the five customers under some rules."""

    def run(*rules: dict[str, Any], **options: Any) -> pl.DataFrame:
        return score(model(*rules, **options), frame)

    def model(*rules: dict[str, Any], **options: Any) -> Model:
        matrices = (build.matrix(FIXED, FIXED),)
        tree = build.two_axes(matrices=matrices, attributes=ATTRIBUTES, rules=rules)
        return build.fitted(tree, frame, **options)

    run.model = model  # type: ignore[attr-defined]
    return run


def test_every_kind_of_rule_has_one_implementation() -> None:
    members = get_args(get_args(Rule)[0])
    kinds = {get_args(get_args(member)[0].model_fields["kind"].annotation)[0] for member in members}
    assert set(RULES.names()) == kinds


def test_a_veto_limits_the_score_of_whom_it_hits(ruled: Any) -> None:
    result = ruled(rule("veto", "country in ['XX']", at_most=40.0))
    assert result["score"].to_list() == pytest.approx([90, 40, 50, 30, 90])
    assert result["unadjusted_score"].to_list() == pytest.approx([90, 70, 50, 30, 90])
    assert result["rule_r"].to_list() == ["no", "hit", "unknown", "no", "no"]
    assert result["grade"].to_list() == ["good", "poor", "poor", "poor", None]


def test_a_veto_never_raises_a_score(ruled: Any) -> None:
    assert ruled(rule("veto", "score < 60", at_most=40.0))["score"].to_list() == pytest.approx(
        [90, 70, 40, 30, 90]
    )


def test_the_lowest_of_several_limits_holds(ruled: Any) -> None:
    result = ruled(
        rule("veto", "overdue > 90", "a", at_most=40.0), rule("veto", "country == 'XX'", "b", at_most=20.0)
    )
    assert result["score"].to_list() == pytest.approx([90, 20, 40, 30, 90])


def test_a_bonus_counts_up_to_its_limit_and_the_score_stays_in_its_range(ruled: Any) -> None:
    result = ruled(
        rule("bonus", "referrals >= 1", "many", points=3.0, per="referrals", at_most=10.0),
        rule("bonus", "overdue == 0", points=5.0),
    )
    assert result["score"].to_list() == pytest.approx([100, 70, 53, 30, 100])
    assert result["rule_many"].to_list() == ["hit", "no", "hit", "unknown", "hit"]


def test_points_may_be_taken_off(ruled: Any) -> None:
    result = ruled(rule("bonus", "overdue > 0", points=-0.1, per="overdue", at_most=9.7))
    assert result["score"].to_list() == pytest.approx([90, 60.3, 40.5, 30, 90])


def test_a_count_that_is_unknown_makes_the_bonus_unknown(ruled: Any) -> None:
    """Division by zero comes to nothing, and nothing is added for it."""
    result = ruled(rule("bonus", "score > 0", points=1.0, per="overdue / referrals", at_most=99.0))
    assert result["rule_r"].to_list() == ["hit", "unknown", "hit", "unknown", "hit"]
    assert result["score"].to_list() == pytest.approx([90, 70, 100, 30, 90])


def test_vetoes_limit_what_bonuses_have_raised(ruled: Any) -> None:
    result = ruled(
        rule("veto", "country == 'CN'", "limit", at_most=80.0), rule("bonus", "score >= 0", points=5.0)
    )
    assert result["score"].to_list() == pytest.approx([80, 75, 55, 35, 80])


def test_whom_a_gate_stops_is_not_rated_and_the_rule_is_the_reason(ruled: Any) -> None:
    result = ranked(ruled(rule("gate", "overdue >= 95"))).sort("id")
    assert result["status"].to_list() == ["rated", "excluded", "excluded", "rated", "insufficient"]
    assert result["reason"].to_list() == [None, "r", "r", None, "later"]
    assert result["score"].to_list() == [90, None, None, pytest.approx(30), pytest.approx(90)]
    assert result["rank"].to_list() == [1, None, None, 2, None]
    assert result["class_plane"].to_list() == ["high_high", None, None, "low_low", None]


def test_relative_cuts_are_read_from_those_no_gate_stopped(
    build: SimpleNamespace, frame: pl.DataFrame
) -> None:
    matrix = build.matrix({"kind": "median"}, FIXED)
    tree = build.two_axes(matrices=(matrix,), attributes=ATTRIBUTES, rules=(rule("gate", "overdue >= 95"),))
    assert build.fitted(tree, frame).cuts["plane"].x == (60.0,)


def test_a_grade_cap_holds_back_only_better_grades_and_the_strictest_wins(ruled: Any) -> None:
    mild = rule("grade_cap", "score >= 50", "mild", grade="fair")
    strict = rule("grade_cap", "country == 'XX'", "strict", grade="poor")
    for rules in ((mild, strict), (strict, mild)):
        assert ruled(*rules)["grade"].to_list() == ["fair", "poor", "poor", "poor", None]


def test_the_first_override_of_the_file_settles_the_class_of_the_rated(ruled: Any) -> None:
    first = rule("override", "overdue > 90", "first", matrix="plane", **{"class": "low_high"})
    second = rule("override", "score >= 0", "second", matrix="plane", **{"class": "high_low"})
    classes = ["high_low", "low_high", "low_high", "high_low", None]
    assert ruled(first, second)["class_plane"].to_list() == classes


def test_conditions_see_the_customer_as_the_tree_scored_it(ruled: Any) -> None:
    """No rule sees what another has done, so their order does not matter."""
    rules = [
        rule("bonus", "score < 80", "a", points=20.0),
        rule("grade_cap", "score < 80", "b", grade="poor"),
        rule("veto", "score > 80 and coverage_later < 0.5", "c", at_most=10.0),
        rule("veto", "now / later >= 1 and m_a > 60 and score_a < 80", "d", at_most=75.0),
    ]
    for order in (rules, rules[::-1]):
        result = ruled(*order)
        assert result["score"].to_list() == pytest.approx([90, 75, 70, 50, 10])
        assert result["grade"].to_list() == ["good", "poor", "poor", "poor", None]


def test_a_rule_on_something_missing_is_unknown_and_does_nothing(ruled: Any) -> None:
    result = ruled(rule("veto", "later < 40", at_most=10.0))
    assert result["rule_r"].to_list() == ["no", "no", "no", "hit", "unknown"]
    assert result["score"].to_list() == pytest.approx([90, 70, 50, 10, 90])


RULES_OF_EVERY_KIND = (
    rule("bonus", "referrals > 0", "bonus", points=2.0, per="referrals / overdue", at_most=5.0),
    rule("veto", "overdue > 90 or country not in ['CN', 'DE']", "veto", at_most=40.0),
    rule("gate", "not overdue < 98", "gate"),
    rule("grade_cap", "0 <= referrals < 2", "cap", grade="fair"),
    rule("override", "score_now * 2 - later > 40", "class", matrix="plane", **{"class": "low_low"}),
)


def test_rules_do_the_same_on_every_engine_and_after_saving(
    ruled: Any, frame: pl.DataFrame, tmp_path: Any
) -> None:
    model = ruled.model(*RULES_OF_EVERY_KIND, borderline=5.0)
    expected = score(model, frame)
    model.save(tmp_path / "model.json")
    assert score(load_model(tmp_path / "model.json"), frame).equals(expected)
    as_pandas = score(model, frame.to_pandas())
    connection = duckdb.connect()
    connection.register("measures", frame.to_arrow())
    relation = score(model, connection.sql("select * from measures"))
    for other in (
        pl.from_pandas(as_pandas),
        pl.DataFrame(relation.fetchall(), relation.columns, orient="row"),
    ):
        for column in expected.columns:
            left, right = expected[column], other.sort("id")[column]
            if left.dtype.is_float():
                assert right.to_list() == pytest.approx(left.to_list(), abs=1e-9), column
            else:
                assert right.to_list() == left.to_list(), column
    assert isinstance(as_pandas, pd.DataFrame)


def test_a_score_with_rules_depends_on_nobody_else(ruled: Any, frame: pl.DataFrame) -> None:
    """For every choice of the five; backwards, so that their order matters as little."""
    model = ruled.model(*RULES_OF_EVERY_KIND, borderline=5.0)
    whole = score(model, frame)
    for some in (list(some) for count in range(1, 6) for some in combinations(range(4, -1, -1), count)):
        assert score(model, frame[some]).equals(whole[some])


def test_a_frame_without_what_rules_read_is_refused(ruled: Any, frame: pl.DataFrame) -> None:
    model = ruled.model(*RULES_OF_EVERY_KIND)
    for other, code in (
        (frame.drop("overdue"), "SCORE-660"),
        (frame.with_columns(overdue=pl.lit("late")), "SCORE-661"),
    ):
        with pytest.raises(EvaluationError) as raised:
            score(model, other)
        assert [(issue.code, issue.subject) for issue in raised.value.issues] == [(code, "overdue")]


def test_infinite_and_undefined_attributes_are_unknown(ruled: Any, frame: pl.DataFrame) -> None:
    model = ruled.model(rule("veto", "overdue > 90", at_most=10.0))
    odd = frame.with_columns(overdue=pl.Series([float("nan"), float("inf"), -float("inf"), 91.0, None]))
    assert score(model, odd)["rule_r"].to_list() == ["unknown", "unknown", "unknown", "hit", "unknown"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_files_are_scored_with_rules_on_every_engine(
    ruled: Any, frame: pl.DataFrame, engine: str, suffix: str, tmp_path: Path
) -> None:
    """A code with leading zeros stays text, and a number that begins with blanks stays a number."""
    many = pl.concat([frame.with_columns(overdue=pl.lit(None, pl.Float64)), *[frame] * 3])
    many = many.with_columns(
        id=pl.int_range(pl.len()).cast(pl.String).str.zfill(4),
        country=pl.Series(["007", None, "7", "007"] * 5),
    )
    model = ruled.model(
        rule("veto", "country == '007'", "agent", at_most=20.0), rule("gate", "overdue > 97.5", "late")
    )
    source, target = tmp_path / f"measures.{suffix}", tmp_path / "scores.parquet"
    many.write_parquet(source) if suffix == "parquet" else many.write_csv(source)
    score_files(model, source, target, engine=engine)
    found, expected = pl.read_parquet(target).sort("id"), score(model, many)
    assert found["rule_agent"].to_list() == expected["rule_agent"].to_list()
    assert found["rule_late"].to_list() == expected["rule_late"].to_list()
    assert found["score"].to_list() == pytest.approx(expected["score"].to_list())
    assert set(found["rule_agent"]) == {"hit", "no", "unknown"}
