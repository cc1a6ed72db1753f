"""A report of some customers: its bytes hold no name, id or figure of the others."""

from pathlib import Path

import decided_study
import pytest
from decided_study import STUDY

from evaluator import messages
from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.reports import report
from evaluator.reports.some_customers import Some, each, some
from evaluator.study import Study

PEOPLE = {
    "a17": ("Lindqvist Pumps", "Li", "North", 10417.25, 0.613),
    "b23": ("Örnberg & Co", "Wu", "South", 2319.75, 0.817),
    "c31": ("华东机械", "Li", "South", 5173.5, 0.119),
    "d47": ("Dovre Marine", "Wu", "North", 7219.125, 0.277),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = "".join(f"{key},{profit},{risk}\n" for key, (*_, profit, risk) in PEOPLE.items())
    people = "".join(f"{key},{name},{who},{place}\n" for key, (name, who, place, *_) in PEOPLE.items())
    return decided_study.study(
        tmp_path, STUDY + "plan: {budget: 2000, horizon: 2}\n",
        rows=f"id,gross_profit,churn_probability\n{rows}", people=f"id,name,owner,region\n{people}",
    ).folder  # fmt: skip


def traces(text: str, customer: str) -> list[str]:
    """Return what of a customer stands in a page: id, name, and figures in any usual writing."""
    name, _, _, profit, risk = PEOPLE[customer]
    escaped = name.encode("ascii", "xmlcharrefreplace").decode(), name.replace("&", "&amp;")
    figures = (f"{profit}", f"{profit:,.2f}", f"{profit:.0f}", f"{profit:,.0f}", f"{risk}", f"{risk:.1%}")
    return [
        trace for trace in (customer, name, *escaped, name.replace("&", "\\u0026"), *figures) if trace in text
    ]


@pytest.mark.parametrize("edition", ["client", "working"])
def test_a_page_for_each_owner_holds_nothing_of_the_others(folder: Path, edition: str) -> None:
    study = Study(folder)
    evaluation = study.run()
    options = study.file.report.model_copy(update={"edition": edition})
    for which in each(evaluation, "owner"):
        path = report(evaluation, folder / f"{which.value}.html", options=options, only=which)
        text = path.read_bytes().decode("utf-8")
        library = text.rindex("<script>", 0, text.rindex("<script>"))
        own = text[:library] + text[text.rindex("<script>") :]
        for customer, (name, owner, *_) in PEOPLE.items():
            if owner == which.value:
                assert customer in own
                assert name.replace("&", "&amp;") in own or name in own
            else:
                assert traces(own, customer) == []
        assert ("Wu" in own) == (which.value == "Wu")


def test_scores_ranks_and_classes_stay_those_among_all(folder: Path) -> None:
    whole = Study(folder).run()
    part = some(whole, Some("region", "South"))
    assert part.results.sort("id").rows() == [
        row for row in whole.results.sort("id").rows() if row[0] in ("b23", "c31")
    ]
    assert part.decisions.plan.value == pytest.approx(sum(part.decisions.plan.rows["net"]))


def test_the_first_of_the_ranking_are_chosen_after_the_column(folder: Path) -> None:
    whole = Study(folder).run()
    first = some(whole, Some(top=1)).results
    assert first["rank"].to_list() == [1]
    best = some(whole, Some("region", "South", 1)).results
    rest = whole.results.filter(whole.results["id"].is_in(["b23", "c31"])).sort("rank")
    assert best["id"].to_list() == rest["id"].to_list()[:1]


@pytest.mark.parametrize(
    ("which", "code", "subject", "hint"),
    [
        (Some("regoin", "South"), "REPORT-849", "regoin", "region"),
        (Some("region", "Suoth"), "REPORT-850", "Suoth", "South"),
    ],
)
def test_an_unknown_column_or_value_is_named_with_the_nearest(folder, which, code, subject, hint) -> None:
    with pytest.raises(EvaluationError) as raised:
        some(Study(folder).run(), which)
    (issue,) = raised.value.issues
    assert (issue.code, issue.subject) == (code, subject)
    assert hint in issue.hint
    for language in messages.LANGUAGES:
        assert hint in issue.text(language)


def test_a_workbook_of_some_customers_is_refused(folder: Path) -> None:
    with pytest.raises(EvaluationError) as raised:
        report(Study(folder).run(), folder / "report.xlsx", only=Some(top=1))
    (issue,) = raised.value.issues
    assert (issue.code, issue.where.file) == ("REPORT-851", str(folder / "report.xlsx"))


def test_the_verb_writes_one_page_for_each_value(folder: Path) -> None:
    assert invoke(["report", str(folder), "--per", "owner"]) == 0
    written = sorted(path.name for path in (folder / "output").glob("*.html"))
    assert written == ["report-owner-Li.html", "report-owner-Wu.html"]
    assert invoke(["report", str(folder), "--where", "region=South", "--top", "1"]) == 0
    assert (folder / "output" / "report-region-South, 1.html").exists()
    assert invoke(["report", str(folder), "--where", "region=South", "--per", "owner"]) == 2
    assert invoke(["report", str(folder), "--where", "South"]) == 2
    assert invoke(["report", str(folder), "--per", "region", "--format", "html,xlsx"]) == 2


@pytest.mark.parametrize("column", ["owner", "负责人", "业务员", "Account Manager"])
def test_a_column_may_be_called_as_the_report_or_the_client_calls_it(folder: Path, column: str) -> None:
    found = some(Study(folder).run(), Some(column, "Li"))
    assert set(found.results["id"]) == {"a17", "c31"}
    assert found.only == "owner=Li"


def test_customers_of_nobody_have_a_page_of_their_own(folder: Path) -> None:
    people = folder / "customers.csv"
    assert "b23" in people.read_text("utf-8")
    people.write_text(people.read_text("utf-8").replace("Örnberg & Co,Wu", "Örnberg & Co,"), "utf-8")
    evaluation = Study(folder).run()
    chosen = tuple(each(evaluation, "owner"))
    assert [(str(which), set(some(evaluation, which).results["id"])) for which in chosen] == [
        ("owner=Li", {"a17", "c31"}), ("owner=Wu", {"d47"}), ("owner=–", {"b23"})
    ]  # fmt: skip


def test_a_page_says_of_whom_it_is_in_words(folder: Path) -> None:
    assert invoke(["report", str(folder), "--where", "owner=Li", "--in", "zh"]) == 0
    page = (folder / "output" / "report-owner-Li.html").read_text("utf-8")
    assert "仅含负责人：Li" in page
    assert "owner=Li" not in page
