"""Several trees in one study: each customer is evaluated by the tree meant for them."""

import polars as pl
import pytest

from evaluator.errors import EvaluationError
from evaluator.reports import ReportOptions, overall
from evaluator.reports.context import Context
from evaluator.reports.sections import decide
from evaluator.study import Study

CUSTOMERS = """id,name,customer_type,industry
001,One,industrial,steel
002,Two,retail,food
003,Three,retail,
004,Four,,
"""
TREES = """
trees:
  - {id: factories, tree: tree.yaml, when: "customer_type == 'industrial'", weighting: {source: given}}
  - {id: shops, tree: shops.yaml, when: "customer_type == 'retail'", weighting: {source: given}}
"""


@pytest.fixture
def several(folder):
    study = (folder / "study.yaml").read_text("utf-8")
    study = study.replace("tree: tree.yaml\n", "").split("experts:")[0]
    tables = "tables:\n  customers: {file: customers.csv}\n  measures: {file: measures.csv}\n"
    (folder / "study.yaml").write_text(study + TREES.lstrip() + tables, "utf-8")
    (folder / "customers.csv").write_text(CUSTOMERS, "utf-8")
    tree = (folder / "tree.yaml").read_text("utf-8")
    (folder / "shops.yaml").write_text(tree.replace("id: small\n", "id: shops\n"), "utf-8")
    return folder


def rewritten(folder, old: str, new: str) -> Study:
    path = folder / "study.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return Study(folder)


def test_each_customer_is_scored_by_the_tree_whose_condition_it_meets(several) -> None:
    study = Study(several)
    found = {branch.branch: sorted(branch.results["id"]) for branch in study.branches}
    assert found == {"factories": ["001"], "shops": ["002", "003"]}


def test_tables_of_others_than_customers_are_whole_for_every_tree(several) -> None:
    (several / "asked.csv").write_text("id,last,next\nR1,a,b\nR2,b,b\n", "utf-8")
    (several / "complaints.csv").write_text("id,date\n001,2024-01-05\n002,2024-01-05\n", "utf-8")
    own = "tables:\n  brand_switching: {file: asked.csv}\n  complaints: {file: complaints.csv}\n"
    first, second = rewritten(several, "tables:\n", own).branches
    assert [branch.tables["brand_switching"].height for branch in (first, second)] == [2, 2]
    assert [branch.tables["complaints"]["id"].to_list() for branch in (first, second)] == [["001"], ["002"]]
    assert [one.id for one in first.run().routing.outside] == ["004"]  # who answered is no customer


def test_results_are_joined_with_the_tree_and_ranked_within_it(several) -> None:
    joined = Study(several).joined
    ranks = {row["id"]: (row["tree"], row["rank"]) for row in joined.iter_rows(named=True)}
    assert ranks["001"] == ("factories", 1)
    assert ranks["002"] == ("shops", 1)
    assert "rank_of_all" not in joined.columns


def test_customers_outside_every_tree_are_named_and_stay_without_score(several) -> None:
    study = Study(several)
    evaluation = study.branches[0].run()
    assert [(entry.id, entry.name) for entry in evaluation.routing.outside] == [("004", "Four")]
    said = [issue for issue in evaluation.issues if issue.code == "STUDY-317"]
    assert [issue.detail["count"] for issue in said] == [1]
    row = study.joined.filter(pl.col("id") == "004").row(0, named=True)
    assert (row["tree"], row["status"], row["score"]) == (None, "outside", None)


def test_a_tree_without_condition_takes_who_is_left(several) -> None:
    study = rewritten(several, """, when: "customer_type == 'retail'\"""", "")
    assert sorted(study.routes["shops"]) == ["002", "003", "004"]
    assert study.branches[1].run().routing.outside == ()


def test_trees_are_ranked_together_only_where_the_study_calls_them_comparable(several) -> None:
    joined = rewritten(several, "trees:\n", "comparable: true\ntrees:\n").joined
    rated = joined.filter(pl.col("status") == "rated").sort("score", descending=True)
    assert rated["rank_of_all"].to_list() == list(range(1, rated.height + 1))


def test_ids_name_whom_a_tree_evaluates(several) -> None:
    study = rewritten(several, """when: "customer_type == 'industrial'\"""", 'ids: ["002"]')
    assert {name: sorted(ids) for name, ids in study.routes.items()} == {
        "factories": ["002"],
        "shops": ["003"],
    }


def test_every_tree_writes_to_a_folder_of_its_own(several) -> None:
    study = Study(several)
    paths = [study.save_scores(), *(branch.save_model() for branch in study.branches)]
    paths += [path for branch in study.branches for path in branch.save_reports(formats=("html",))]
    assert [path.relative_to(several).as_posix() for path in paths] == [
        "output/scores.csv",
        "output/factories/model.json",
        "output/shops/model.json",
        "output/factories/report.html",
        "output/shops/report.html",
    ]


def problems(folder, old: str, new: str) -> list[tuple[str, str, int | None]]:
    with pytest.raises(EvaluationError) as raised:
        _ = rewritten(folder, old, new).joined
    return [(i.code, i.subject, i.where and i.where.line) for i in raised.value.issues]


def test_what_the_file_cannot_mean_is_said_with_its_place(several) -> None:
    cases = {
        ("trees:\n", "tree: tree.yaml\ntrees:\n"): ("STUDY-313", ""),
        ("id: shops", "id: factories"): ("STUDY-314", "factories"),
        ("when: \"customer_type == 'retail'\"", "when: \"customer_type == 'retail'\", ids: [a]"): (
            "STUDY-315", "shops",
        ),
        ("  customers: {file: customers.csv}\n", ""): ("STUDY-316", "factories"),
        ("customer_type == 'retail'", "customer_typ == 'retail'"): ("DOC-122", "customer_typ"),
    }  # fmt: skip
    text = (several / "study.yaml").read_text("utf-8")
    for (old, new), (code, subject) in cases.items():
        (several / "study.yaml").write_text(text, "utf-8")
        found = problems(several, old, new)
        assert (code, subject) in [(entry[0], entry[1]) for entry in found], (code, found)
        assert all(line is not None for _, _, line in found)


def test_the_whole_of_several_trees_has_no_tree_of_its_own(several) -> None:
    with pytest.raises(EvaluationError) as raised:
        _ = Study(several).tree
    assert [issue.code for issue in raised.value.issues] == ["STUDY-320"]


def test_a_tree_with_no_customer_is_said(several) -> None:
    study = rewritten(several, "== 'industrial'", "== 'mining'")
    with pytest.raises(EvaluationError):
        study.branches[0].run()
    said = {issue.code: issue.subject for issue in study.branches[1].run().issues}
    assert said["STUDY-318"] == "factories"


def test_trees_of_different_ranges_are_not_ranked_together(several) -> None:
    shops = (several / "shops.yaml").read_text("utf-8").replace("root:", "score_range: [0, 1000]\nroot:", 1)
    (several / "shops.yaml").write_text(shops.split("tests:")[0], "utf-8")
    assert [entry[0] for entry in problems(several, "trees:\n", "comparable: true\ntrees:\n")] == [
        "STUDY-319"
    ]


ACTIONS = """actions:
  - {id: save, name: Save, when: score < 70, do: Visit at once., within_days: 14}
  - {id: serve, name: Serve, when: score >= 70, do: Serve as usual.}
"""


def test_one_page_decides_over_all_trees_and_leads_to_each(several) -> None:
    study = rewritten(several, "trees:\n", ACTIONS + "trees:\n")
    evaluations = {one.branch: one.run() for one in study.branches}
    found = overall.build(evaluations, "en", ReportOptions())
    rated = study.joined.filter(pl.col("status") == "rated")
    low = rated.filter(pl.col("score") < 70).height
    assert {line.action: line.count for line in found.ledger.lines} == {
        "save": low, "serve": rated.height - low,
    }  # fmt: skip
    assert sum(tree.rated for tree in found.trees) == found.ledger.rated == rated.height
    assert [note for note in found.notes if note.startswith("1 customer ")]  # who is outside
    text = study.save_overall().read_text("utf-8")
    assert study.save_overall().relative_to(several).as_posix() == "output/report.html"
    assert {f'href="{name}/report.html"' in text for name in evaluations} == {True}
    assert found.headline in text.replace("&amp;", "&")


def test_what_an_entry_does_not_state_is_the_studys(several) -> None:
    rewritten(several, """when: "customer_type == 'retail'\"""", 'actions: [], ids: ["002"]')
    study = rewritten(several, "trees:\n", ACTIONS + "trees:\n")
    assert [[action.id for action in one.tree.actions] for one in study.branches] == [["save", "serve"], []]
    assert ("DOC-122", "scor", 6) in problems(several, "when: score < 70", "when: scor < 70")


def test_without_actions_the_page_over_all_trees_says_what_each_says(several) -> None:
    study = Study(several)
    found = overall.build({one.branch: one.run() for one in study.branches}, "zh", ReportOptions())
    assert found.ledger is None
    assert "2 个客户" in found.headline
    assert [tree.says for tree in found.trees] == [
        decide.build(Context(one.run(), "zh")).headline for one in study.branches
    ]
    assert [tree.name for tree in found.trees] == ["小 · factories", "小 · shops"]  # of one name


def test_the_plan_over_all_trees_counts_in_the_decision_over_them(several) -> None:
    gaining = ACTIONS.replace("within_days: 14", "cost: 10, gain: 100 - score") + "plan: {budget: 10}\n"
    study = rewritten(several, "trees:\n", gaining + "trees:\n")
    found = overall.build({one.branch: one.run() for one in study.branches}, "en", ReportOptions())
    lines = {line.action: line.count for line in found.ledger.lines}
    given = study.plan().given
    assert found.ledger.planned
    said = [decide.build(Context(one.run(), "en")).under for one in study.branches]
    assert [under[0].startswith("The plan is made over all indicator trees") for under in said] == [
        True,
        True,
    ]
    assert lines["save"] == given.height == 1
    assert sum(lines.values()) == study.joined.filter(pl.col("status") == "rated").height
