"""The firm by itself: its profile, the next level of each indicator, what changed; no ranking of one."""

from dataclasses import replace
from datetime import date

import canonical
import polars as pl
import pytest

from evaluator import messages
from evaluator.analysis import robust
from evaluator.analysis.robustness import sentence
from evaluator.evaluation import Previous
from evaluator.labels import Text
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.sections import certainty, sections, standing
from evaluator.reports.workbook import write_workbook
from evaluator.study import Study
from evaluator.tree import load_tree
from evaluator.tree.shapes import Basis, shape_of

HEAD = """\
schema: 1
title: Our CRM capability
language: en
as_of: 2026-01-01
tree: crm_capability
weighting: {source: given}
tables: {measures: {file: measures.csv}}
"""


@pytest.fixture(scope="module")
def firm(tmp_path_factory):
    """Every indicator is half-way between the second and the third of the points of its scale."""
    folder = tmp_path_factory.mktemp("firm")
    leaves = load_tree("crm_capability").indicators
    points = [shape_of(leaf.scale, Basis(0, 100)).points for leaf in leaves]
    row = ["US", *((some[-2][0] + some[-1][0]) / 2 for some in points)]
    lines = [["id", *(leaf.measure for leaf in leaves)], row]
    (folder / "study.yaml").write_text(HEAD, "utf-8")
    (folder / "measures.csv").write_text("".join(",".join(map(str, line)) + "\n" for line in lines), "utf-8")
    return Study(folder).run()


@pytest.fixture(scope="module")
def twice(firm):
    """The same with an evaluation before, in which every indicator had five points less."""
    before = firm.results.with_columns(pl.col("score", "^score_.*$") - 5)
    return replace(firm, previous=Previous(Text(zh="上年", en="Last year"), date(2025, 1, 1), before, True))


def written(evaluation, language="en") -> str:
    return page(evaluation, language, options=ReportOptions())


def test_one_firm_has_a_standing_and_neither_a_list_nor_counts_of_one(twice) -> None:
    context = Context(twice, "en")
    there = {section.id for section in sections() if section.level == "explore" and section.build(context)}
    assert "standing" in there
    assert not there & {"list", "migration", "classes"}


def test_what_changed_adds_up_to_the_change_of_the_total(twice) -> None:
    context = Context(twice, "en")
    tables = standing.build(context).tables
    effects = [row[4] for row in tables[-1].rows]
    assert len(effects) == len(context.tree.indicators)
    assert sum(effects) == pytest.approx(5)


def test_what_is_missing_is_the_distance_to_the_next_grade(firm) -> None:
    context = Context(firm, "en")
    row = context.rated.row(0, named=True)
    higher = [grade for grade in context.tree.grades if grade.bound > row["score"]][-1]
    assert standing.message(standing.build(context), context) == messages.text(
        "report.standing.missing", "en", grade=higher.name["en"], bound=higher.bound,
        missing=higher.bound - row["score"], above=0.0,
    )  # fmt: skip


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_table_of_where_the_firm_stands_is_wider_than_a_phone(opened, twice, language) -> None:
    window = opened(written(twice, language), at="#standing", width=390)
    window.page.wait_for_selector("#standing table")
    beyond = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.scrollWidth)"
    assert window.page.locator("#standing .scroll").count() >= 2
    assert window.page.locator("#standing .scroll").evaluate_all(beyond) == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_page_of_a_firm_names_no_ranks_and_counts_nothing(opened, twice, language) -> None:
    window = opened(written(twice, language), at="#explore", width=1440)
    window.page.evaluate("location.hash = '#whatif'")
    window.page.wait_for_selector("#whatif-tool .outcome")
    told = window.page.locator("#explore").inner_text()
    assert messages.text("report.ranking.rank", language) not in told
    assert messages.text("report.whatif.moved_grade", language) not in told
    assert window.page.locator("#whatif-tool .pictures, #whatif-tool .facts, .finder").count() == 0
    window.page.evaluate("location.hash = '#decide'")
    window.page.locator(".changed a").click()
    window.page.wait_for_selector("#standing:target, #explore:not([hidden]) #standing")


def yellow(cell) -> bool:
    return str(cell.fill.fgColor.rgb) == "FFFFF8DC"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_of_one_firm_has_no_rank(firm, language, tmp_path) -> None:
    write_workbook(firm, tmp_path / "firm.xlsx", language=language)
    book = canonical.opened(tmp_path / "firm.xlsx")
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    ranks = {messages.text(f"report.{key}", language) for key in ("ranking.rank", "workbook.rank_before")}
    assert messages.text("report.ranking.score", language) in cells
    assert not ranks & cells
    assert "all_rank" not in book.defined_names
    changed = [cell for sheet in book for row in sheet.iter_rows() for cell in row if yellow(cell)]
    shares = [cell for cell in changed if cell.value == 0.5]
    assert shares
    assert {cell.number_format for cell in shares} == {"0.0%"}


def test_how_sure_one_firm_is_counts_no_firms(firm) -> None:
    sure = robust(firm, draws=100, spread=0.2)
    said = sentence(sure, "firm", "en")
    assert said.startswith("The grade stays the same in ")
    told = certainty.build(Context(replace(firm, certainty=sure), "en"))
    assert told.parts[0].title.startswith("The grade stays the same in ")
    assert "all 1" not in told.parts[0].blocks[0].text
