"""The page: offline, inert whatever people are called, the same every time."""

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from canonical import read

import evaluator
from evaluator import messages, resources
from evaluator.errors import EvaluationError
from evaluator.reports import ReportOptions, report
from evaluator.reports.page import page


def test_the_same_evaluation_gives_the_same_bytes(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    first, second = (page(evaluation, "en", options=ReportOptions()) for _ in range(2))
    assert first == second


def test_hostile_names_add_no_element_and_no_attribute(evaluation_of) -> None:
    hostile = evaluation_of("en")
    tame = replace(
        hostile,
        results=hostile.results.with_columns(name=pl.lit("name")),
        panel=None if hostile.panel is None else replace(
            hostile.panel, experts=tuple(replace(e, name="n", role="r") for e in hostile.panel.experts)
        ),
    )  # fmt: skip
    options = ReportOptions(show_experts=True)
    attacked, plain = (read(page(e, "en", options=options)) for e in (hostile, tame))
    assert attacked.elements == plain.elements
    assert [a[:2] for a in attacked.attributes] == [a[:2] for a in plain.attributes]
    assert "<script>alert(1)</script>" in " ".join(attacked.lines)
    assert "=cmd|' /C calc'!A0" in " ".join(attacked.lines)
    assert not [name for _, name, _ in attacked.attributes if name.startswith("on")]


def test_data_cannot_end_its_script_block(page_of) -> None:
    text = page_of("en")
    block = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', text, re.DOTALL)[1]
    assert not set("<>&\u2028\u2029") & set(block)
    names = json.loads(block)["finder"]["names"]
    assert "<script>alert(1)</script>" in names


def test_policy_allows_exactly_the_two_scripts(page_of) -> None:
    reader = read(page_of("en"))
    policy = next(
        value
        for tag, name, value in reader.attributes
        if (tag, name) == ("meta", "content") and "src" in value
    )
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in reader.scripts[1:]
    ]
    assert f"script-src {' '.join(hashes)};" in policy
    assert policy.startswith("default-src 'none';")
    assert len(reader.scripts) == 3


def test_page_names_no_place_on_the_network(page_of) -> None:
    reader = read(page_of("en"))
    places = [
        v for _, name, v in reader.attributes if name in ("src", "href", "action", "data", "poster", "srcset")
    ]
    assert places
    assert all(place.startswith("#") for place in places)
    assert "@import" not in (resources.folder("templates") / "page" / "page.css").read_text("utf-8")
    assert "url(" not in (resources.folder("templates") / "page" / "page.css").read_text("utf-8")


def test_the_language_is_declared_for_its_typography(page_of) -> None:
    assert '<html lang="zh-CN">' in page_of("zh")
    assert '<html lang="en">' in page_of("en")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_links_in_the_page_lead_somewhere(page_of, language) -> None:
    reader = read(page_of(language))
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {v[1:] for _, name, v in reader.attributes if name == "href"} <= set(ids)
    assert {v for _, name, v in reader.attributes if name == "aria-labelledby"} <= set(ids)


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    [
        {"only": ["006"]},
        {"only": ["001", "002", "003"]},
        {"experts": False},
        {"matrices": False},
        {"customers": 2500},
    ],
    ids=lambda kind: "-".join(kind),
)
def test_page_stands_for_every_kind_of_study(page_of, kind, language) -> None:
    reader = read(page_of(language, **kind))
    charts = json.loads(reader.scripts[0])["charts"]
    places = [value for _, name, value in reader.attributes if name == "id" and value.startswith("chart-")]
    assert sorted(places) == sorted(f"chart-{name}" for name in charts)
    assert not [line for line in reader.lines if "None" in line or "nan" in line.split()]


def test_experts_stay_anonymous_unless_the_study_says_otherwise(page_of) -> None:
    coded, shown = page_of("zh"), page_of("zh", show_experts=True)
    assert "张伟" not in coded
    assert "张伟" in shown
    assert "expert_4" not in coded


def test_as_many_scores_are_explained_as_asked_for(page_of) -> None:
    for cards, there in ((0, 0), (3, 3), (1000, 7)):
        pages = json.loads(read(page_of("en", cards=cards)).scripts[0])["customers"]
        assert pages["held"] == there
        assert {len(leaf["points"]) for leaf in pages["leaves"]} == {there}


def test_report_is_written_whole_by_the_ending_of_its_name(evaluation_of, tmp_path: Path) -> None:
    target = tmp_path / "报告 2025.html"
    assert report(evaluation_of("zh"), target) == target
    assert target.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_language_of_the_study_is_the_default(evaluation_of, tmp_path: Path) -> None:
    evaluation = evaluation_of("zh")
    report(evaluation, tmp_path / "a.html")
    report(evaluation, tmp_path / "b.html", language="en")
    assert html.escape(evaluation.title.zh) in (tmp_path / "a.html").read_text("utf-8")
    assert html.escape(evaluation.title.en) in (tmp_path / "b.html").read_text("utf-8")


def test_an_unknown_kind_of_report_is_refused(evaluation_of, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as raised:
        report(evaluation_of("en"), tmp_path / "report.odt")
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.where.file) == (
        "REPORT-801", "report.odt", str(tmp_path / "report.odt"),
    )  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_language_is_refused(evaluation_of, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError) as raised:
        report(evaluation_of("en"), tmp_path / "report.html", language="fr")
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject, issue.hint) == ("REPORT-802", "fr", ("zh", "en"))
    assert list(tmp_path.iterdir()) == []


SOURCES = [
    *(resources.folder("templates") / "page").glob("*.j2"),
    *(Path(evaluator.__file__).parent / "reports").rglob("*.py"),
]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_the_page_asks_for_is_in_the_catalogue(language) -> None:
    known = messages.catalogue(language).keys()
    asked = set()
    for path in SOURCES:
        source = path.read_text("utf-8")
        asked |= set(re.findall(r'\btext\("(report\.[\w.]+)"[,)]', source))
        asked |= {
            f"report.{key}"
            for key in re.findall(r'(?:context\.|\b)text\("((?!report\.)[a-z_]+\.[\w.]+)"[,)]', source)
        }
    assert len(asked) > 150
    assert asked - known == set()
