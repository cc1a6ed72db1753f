"""Judgments come in the files people have, and are read by the reader of all tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluator.errors import Severity
from evaluator.study import Study


def weights(home: Path) -> dict[str, float]:
    return {node: round(weight, 4) for node, weight in Study(home).weights.local.items()}


@pytest.mark.parametrize("name", ["j1_sep", "j2_utf16", "j3_title"])
def test_judgments_are_read_whatever_stands_around_them(case, name: str) -> None:
    """A stated delimiter, UTF-16, a title row; three consistent answers give 0.6, 0.2, 0.2."""
    local = weights(case(name))
    assert (local["profit"], local["delay"], local["trust"]) == (0.6, 0.2, 0.2)


def test_decimal_commas_of_a_matrix_are_read(case) -> None:
    """The template of BPMSG in a European program; weights and CR by numpy."""
    study = Study(case("c25_bpmsg_decimalcomma"))
    local = study.weights.local
    assert (round(local["c1"], 3), round(local["c2"], 3), round(local["c3"], 3)) == (0.279, 0.072, 0.649)


def test_na_is_a_comparison_not_made(case) -> None:
    study = Study(case("c26c_NA"))
    assert study.panel is not None
    assert [(one.expert, one.a, one.b) for one in study.panel.judgments] == [
        ("E1", "c1", "c2"), ("E1", "c2", "c3"), ("E2", "c1", "c2"), ("E2", "c1", "c3")
    ]  # fmt: skip
    assert not study.panel.issues


def test_one_unreadable_cell_stops_nobody(case) -> None:
    """The others are weighed, who answered what is written, and the cell is named."""
    home = case("c26c_NA")
    (home / "m.csv").write_text("who,c1_c2,c1_c3,c2_c3\n1,6,very,1/8\n2,2,1,1/2\n", "utf-8")
    study = Study(home)
    assert study.panel is not None
    assert [(one.code, one.severity, str(one.where)) for one in study.panel.issues] == [
        ("JUDGE-201", Severity.WARNING, "m.csv:2:3")
    ]
    assert study.save_responses() == home / "output" / "responses.xlsx"
    assert sum(study.weights.local[child] for child in ("c1", "c2", "c3")) == pytest.approx(1.0)


@pytest.mark.parametrize(("answers", "least"), [("2,2,1,1/2", 3), ("2,,,", 2)])
def test_a_study_may_want_several_experts_for_every_group(case, refused, answers: str, least: int) -> None:
    home = case("c26c_NA", weighting={"min_experts": least})
    (home / "m.csv").write_text(f"who,c1_c2,c1_c3,c2_c3\n1,6,1,1/8\n{answers}\n", "utf-8")
    [(code, place)] = refused(home, lambda study: study.weights)
    assert (code, place.partition(":")[0]) == ("WEIGH-547", "study.yaml")
    assert Study(case("c26c_NA", weighting={"min_experts": 1})).weights.groups


LONG = [["专家", "准则", "甲", "乙", "判断"], ["E1", "small", "profit", "delay", 3]]


def test_judgments_on_several_sheets_of_one_file_are_all_read(case, workbook) -> None:
    home = case("j3_title", judgments=["j.xlsx"])
    rest = [["E1", "small", "profit", "trust", 3], ["E1", "small", "delay", "trust", 1]]
    content = workbook({"一": [["董事会"], *LONG], "二": [LONG[0], *rest], "说明": [["无"]]})
    (home / "j.xlsx").write_bytes(content)
    local = weights(home)
    assert (local["profit"], local["delay"], local["trust"]) == (0.6, 0.2, 0.2)


def test_a_survey_is_read_below_the_three_header_rows_of_qualtrics(case) -> None:
    home = case("c26c_NA")
    text = (
        "who,c1_c2,c1_c3,c2_c3\nYour code,First over second?,First over third?,Second over third?\n"
        '"{""ImportId"":""q0""}","{""ImportId"":""q1""}","{""ImportId"":""q2""}","{""ImportId"":""q3""}"\n'
        "1,6,1/2,1/8\n2,2,1,1/2\n"
    )
    (home / "m.csv").write_text(text, "utf-8")
    study = Study(home)
    assert study.panel is not None
    assert len(study.panel.judgments) == 6
    assert not study.panel.issues
