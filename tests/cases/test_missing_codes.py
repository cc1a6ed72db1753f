"""What is missing can be stated, is looked for where it is not, and rests in nobody's score."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluator.data import Column, ReadTable, TableMapping, TableSchema, read_table
from evaluator.data.codes import far_out, unobserved
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.study import Study


def lines(issue: Issue) -> list[dict[str, Any]]:
    return [yaml.safe_load(line) for line in re.findall(r"`(\w+: \{.*?\}+)`", issue.text("zh"))]


def scores(home: Path) -> dict[str, float]:
    return dict(Study(home).results.select("id", "score").rows())


def test_nobodys_score_rests_on_a_code_beyond_the_scale(case) -> None:
    home = case("c21_trust99")
    [issue] = Study(home).tables.issues
    assert (issue.code, issue.severity, str(issue.where)) == (
        "DATA-566", Severity.WARNING, "data/measures.csv:3:5",
    )  # fmt: skip
    assert issue.detail["count"] == 2
    assert scores(home) == pytest.approx({"001": 56, "002": 57.5, "003": 57.5, "004": 57.5})
    stated, meant = lines(issue)
    followed = case("c21_trust99", tables={"measures": {"columns": stated}})
    assert Study(followed).tables.issues == ()
    assert scores(followed) == pytest.approx({"001": 56, "002": 57.5, "003": 57.5, "004": 57.5})
    scored = case("c21_trust99", tables={"measures": {"columns": meant}})
    assert scores(scored) == pytest.approx({"001": 56, "002": 66, "003": 46, "004": 57.5})


def test_answers_beyond_the_stated_scale_of_a_survey_are_errors_with_the_line_to_add(case, errors_of) -> None:
    home = case("c17_dontknow99")
    found = errors_of(home)
    assert [(issue.code, issue.subject, str(issue.where)) for issue in found] == [
        ("DATA-565", "expected", "data/survey.csv:5:4"),
        ("DATA-565", "perceived", "data/survey.csv:3:5"),
    ]
    for issue in found:
        case("c17_dontknow99", tables={"survey": {"columns": lines(issue)[0]}})
    survey = Study(home).tables["survey"]
    assert survey["expected"].to_list() == [8, 9, None, 8, 7]
    assert survey["perceived"].to_list() == [7, 9, 6, 5, 7]


TABLE = TableSchema((
    Column("id", "id", required=True), Column("trust", "number", ends=(1, 5)), Column("days", "number"),
    Column("since", "date"), Column("kind", "text"), Column("amount", "number", money=True),
))  # fmt: skip


@pytest.fixture
def column(tmp_path: Path) -> Callable[..., ReadTable]:
    def reading(name: str, cells: list[str], **stated: Any) -> ReadTable:
        body = "\n".join(f"C{number},{cell}" for number, cell in enumerate(cells))
        (tmp_path / "t.csv").write_text(f"id,{name}\n{body}\n", "utf-8")
        mapping = TableMapping.model_validate({"file": "t.csv", **stated})
        return read_table("measures", mapping, TABLE, tmp_path)

    return reading


@pytest.mark.parametrize(
    ("name", "cells", "missing", "values"),
    [
        ("trust", ["3", "98", "-99", "不知道", "5"], (-99, 98, "不知道"), [3, None, None, None, 5]),
        ("trust", ["3", "99.0", "9９"], (99,), [3, None, None]),
        ("days", ["-1", "999", "30"], (-1, 999), [None, None, 30]),
        ("kind", ["A", "keine Angabe", "99"], ("Keine Angabe", 99), ["A", None, None]),
        ("amount", ["(99)", "1.5", "n.k."], ("n.k.",), [-99, 1.5, None]),
    ],
)
def test_stated_codes_are_missing_in_every_kind_of_column(
    column, name: str, cells: list[str], missing: tuple[Any, ...], values: list[Any]
) -> None:
    for stated in ({"missing": missing}, {"columns": {name: {"from": name, "missing": missing}}}):
        table = column(name, cells, **stated)
        assert table.frame[name].to_list() == values
        assert table.issues == ()


def test_dates_that_stand_for_nothing_are_asked(column) -> None:
    cells = ["2020-05-01", "9999-12-31", "1900-01-01"]
    with pytest.raises(EvaluationError) as raised:
        column("since", cells)
    [issue] = [issue for issue in raised.value.issues if issue.severity is Severity.ERROR]
    assert (issue.code, str(issue.where)) == ("DATA-563", "t.csv:3:2")
    stated, meant = (yaml_tuples(line) for line in lines(issue))
    assert column("since", cells, columns=stated).frame["since"].null_count() == 2
    assert column("since", cells, columns=meant).frame["since"].null_count() == 0


def yaml_tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: yaml_tuples(entry) for key, entry in value.items()}
    return (
        tuple(str(entry) if hasattr(entry, "year") else entry for entry in value)
        if isinstance(value, list)
        else value
    )


def test_a_stated_range_is_held(column) -> None:
    with pytest.raises(EvaluationError) as raised:
        column("days", ["3", "400", "-2"], columns={"days": {"from": "days", "range": (0.0, 365.0)}})
    [issue] = raised.value.issues
    assert (issue.code, str(issue.where), issue.detail["count"]) == ("DATA-565", "t.csv:3:2", 2)


@pytest.mark.parametrize(
    ("values", "ends", "codes"),
    [
        ([3, 99], (1, 5), [99]),
        ([3, 9, 9], (1, 5), [9]),
        ([3, 9], (1, 5), []),
        ([10, 400, 800, *[999] * 30], (0, 365), [999]),
        ([10, 400, 800, 999], (0, 365), []),
        ([50, 999], (0, 100), []),
        ([50, 999, 999], (0, 100), [999]),
        ([-1, -1, -17, -250], (0, 100), []),
        ([-1, -1, 40], (0, 100), [-1]),
        ([120, 120, 7], (0, 100), []),
    ],
)
def test_which_numbers_beyond_a_scale_are_codes(
    values: list[float], ends: tuple[float, float], codes: list[float]
) -> None:
    import polars as pl

    assert unobserved(pl.Series(values, dtype=pl.Float64), ends) == codes


def test_numbers_far_from_all_others_are_warned_about_and_taken_as_they_stand(column) -> None:
    cells = [str(number) for number in range(1, 31)] + ["999"]
    table = column("days", cells)
    assert [(i.code, i.severity, str(i.where)) for i in table.issues] == [
        ("DATA-567", Severity.WARNING, "t.csv:32:2")
    ]
    assert table.frame["days"].to_list()[-1] == 999
    for line in map(yaml_tuples, lines(table.issues[0])):
        assert column("days", cells, columns=line).issues == ()
    assert column("amount", cells).issues == ()


def test_ordinary_numbers_raise_no_alarm() -> None:
    import polars as pl

    for values in ([*range(100)], [1, 5, 99, 120] * 5, [-3, -1, 4, 9] * 4):
        assert far_out(pl.Series(values, dtype=pl.Float64), None) == []
