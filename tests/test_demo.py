"""The demo is a realistic study, the same for the same seed, and it never touches what is there."""

import hashlib
from collections.abc import Iterator
from math import fsum
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from evaluator.demo import Made, make
from evaluator.demo.cases import CASES
from evaluator.demo.market import AS_OF, FIRST, Market, day, market
from evaluator.demo.opinions import judgments
from evaluator.demo.records import number
from evaluator.demo.surveys import last_year
from evaluator.demo.trade import DAYS, Sale, trade
from evaluator.demo.words import study_text, words
from evaluator.documents import parse, validate
from evaluator.errors import EvaluationError
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.sections import data
from evaluator.scoring.rules import RULES
from evaluator.study import Study
from evaluator.study.file import StudyFile
from evaluator.study.outputs import save_decisions
from evaluator.tree import load_tree
from evaluator.weighing import Expert, Panel, weigh

SEED = 7  # of the fixture too


@pytest.fixture(scope="module")
def made(demo_study: tuple[Made, Study]) -> Made:
    return demo_study[0]


@pytest.fixture(scope="module")
def evaluation(demo_study: tuple[Made, Study]) -> Evaluation:
    return demo_study[1].run()


@pytest.fixture(scope="module")
def customers() -> Market:
    return market(np.random.default_rng(SEED))


@pytest.fixture(scope="module")
def sales(customers: Market) -> tuple[Sale, ...]:
    return trade(np.random.default_rng(SEED), customers)


def digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_folder_holds_everything_a_study_needs(made: Made) -> None:
    names = {path.relative_to(made.folder).as_posix() for path in made.made}
    assert {
        "study.yaml",
        "data/customers.csv",
        "data/orders.xlsx",
        "data/measures.csv",
        "data/grades.csv",
    } < names
    assert {"README.md", "previous/scores.csv", "previous/model.json", "previous/measures.csv"} < names
    assert sum(name.startswith("questionnaires/") for name in names) == 7
    assert {name for name, _ in digests(made.folder)} == names


def test_the_whole_road_runs_and_accounts_for_every_customer(evaluation: Evaluation) -> None:
    results = evaluation.results
    assert results.height == 300
    assert set(results["status"].unique()) <= {"rated", "insufficient", "excluded"}
    assert results.filter(pl.col("status") == "rated").height > 280
    assert 3 <= results.filter(pl.col("status") == "excluded").height <= 6


def test_every_class_has_members_and_none_has_most(evaluation: Evaluation) -> None:
    rated = evaluation.results.filter(pl.col("status") == "rated")
    shares = rated["class_current_potential"].value_counts(normalize=True)
    assert shares.height == 4
    assert shares["proportion"].min() > 0.04
    assert shares["proportion"].max() < 0.5


def test_current_and_potential_value_go_together_but_only_partly(evaluation: Evaluation) -> None:
    rated = evaluation.results.filter(pl.col("status") == "rated")
    together = np.corrcoef(rated["score_current_value"], rated["score_potential_value"])[0, 1]
    assert 0.3 < together < 0.85


def test_the_data_notes_tell_of_every_fault_planted_in_the_files(evaluation: Evaluation) -> None:
    notes = {note.table: note for note in evaluation.notes}
    orders = notes["orders"]
    assert orders.header == 3
    assert notes["customers"].encoding == "gb18030"
    dropped = {entry.reason: entry.rows for entry in orders.dropped}
    assert sorted(dropped.values()) == [1, 5, 9]
    assert dropped["data.dropped.total"] == 1
    assert dropped["data.dropped.duplicate"] == 5
    assert orders.rows_read == orders.rows_kept + sum(dropped.values())
    assert all(column.unreadable == 0 for note in evaluation.notes for column in note.columns)


def test_lost_zeros_and_ten_thousands_are_read_back(evaluation: Evaluation, made: Made) -> None:
    frame = evaluation.measured.frame
    assert frame["id"].str.len_chars().unique().to_list() == [4]
    assert frame["margin"].drop_nulls().is_between(0.05, 0.5).all()
    assert frame["business_volume"].drop_nulls().min() > 1000


def test_two_experts_contradict_themselves_each_in_one_group_and_are_named(evaluation: Evaluation) -> None:
    left_out = {
        (group.group, entry.expert)
        for group in evaluation.weights.groups
        for entry in group.experts
        if not entry.used
    }
    assert left_out == {("cost_burden", "E6"), ("potential_value", "E7")}
    assert evaluation.panel is not None
    assert len(evaluation.panel.judgments) == 7 * evaluation.tree.pairs


@pytest.mark.parametrize("convention", ["cn", "strict"])
@pytest.mark.parametrize("seed", range(3))
def test_the_two_flaws_show_under_every_convention(convention: str, seed: int) -> None:
    tree = load_tree("customer_value")
    experts = tuple(Expert(f"E{number}") for number in range(1, 8))
    given = judgments(np.random.default_rng(seed), tree, experts, convention=convention)
    weights = weigh(tree, Panel(experts, given), convention=convention)
    left_out = [entry.expert for group in weights.groups for entry in group.experts if not entry.used]
    assert left_out == ["E6", "E7"]
    ratios = {entry.judged.cr for group in weights.groups for entry in group.experts if entry.used}
    assert max(ratio for ratio in ratios if ratio == ratio) > 0.03


def test_made_again_the_folder_is_kept_to_the_byte(made: Made) -> None:
    before = dict(digests(made.folder))
    again = make(made.folder, language="en", seed=SEED + 1)
    assert again.made == ()
    assert again.seed == SEED
    assert set(again.kept) == set(made.made)
    assert dict(digests(made.folder)) == before


def test_what_was_deleted_comes_back_as_it_was_and_what_was_changed_stays(made: Made, tmp_path: Path) -> None:
    for name, _ in digests(made.folder):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((made.folder / name).read_bytes())
    for name in ("customers.csv", "measures.csv"):
        (tmp_path / "data" / name).unlink()
    (tmp_path / "data" / "grades.csv").write_text("评分人,客户编号,指标,评语\n", encoding="utf-8")
    changed = hashlib.sha256((tmp_path / "data" / "grades.csv").read_bytes()).hexdigest()
    again = make(tmp_path)
    assert {path.name for path in again.made} == {"customers.csv", "measures.csv"}
    expected = dict(digests(made.folder)) | {"data/grades.csv": changed}
    assert dict(digests(tmp_path)) == expected


def test_the_demo_stays_out_of_a_study_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("schema: 1\ntitle: 我的项目\ntree: orders_value\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        make(tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["STUDY-321"]
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]


def test_the_demo_stays_out_of_a_folder_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "合同.docx").write_bytes(b"x")
    with pytest.raises(EvaluationError) as caught:
        make(tmp_path)
    issue = caught.value.issues[0]
    assert issue.code == "STUDY-322"
    assert issue.where is not None
    assert issue.where.file == str(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["合同.docx"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_study_file_speaks_of_the_headers_the_files_have(language: str) -> None:
    study = validate(parse(study_text(language, seed=SEED), "study.yaml"), StudyFile)
    assert study.language == language
    assert study.seed == SEED
    said = words(language)
    for name, mapping in study.tables.items():
        for column in mapping.columns:
            found = mapping.column(column)
            assert found is not None
            assert found.from_ == said.headers[name][column]
    assert study.tables["orders"].sheet == said.orders_sheet
    assert study.tables["orders"].totals == (said.total,)
    assert study.tables["orders"].filters[0].equals == said.walk_in


def test_both_languages_tell_the_same_study_but_for_the_convention() -> None:
    zh, en = (validate(parse(study_text(lang, seed=1), lang), StudyFile) for lang in ("zh", "en"))
    assert [expert.id for expert in zh.experts] == [expert.id for expert in en.experts]
    assert [expert.weight for expert in zh.experts] == [expert.weight for expert in en.experts]
    assert (zh.scoring, zh.measure, zh.weighting, zh.report) == (
        en.scoring,
        en.measure,
        en.weighting,
        en.report,
    )
    assert (zh.as_of, zh.tree) == (en.as_of, en.tree)
    assert (zh.convention, en.convention) == ("cn", "strict")
    assert (zh.plan, zh.actions, zh.previous) == (en.plan, en.actions, en.previous)
    assert {name: set(table.columns) for name, table in zh.tables.items()} == {
        name: set(table.columns) for name, table in en.tables.items()
    }


def test_the_customers_people_argue_about_come_out_as_the_readme_tells(
    made: Made, evaluation: Evaluation
) -> None:
    """The README has their names; class, grade and what is for them come out of the evaluation."""
    story = (made.folder / "README.md").read_text("utf-8")
    assert "{" not in story
    decided = evaluation.decisions
    assert decided is not None
    found = {}
    for name, case in CASES.items():
        row = evaluation.results.row(by_predicate=pl.col("id") == number(case.index), named=True)
        assert f"{row['name']} ({number(case.index)})" in story
        mine = decided.candidates.rows.filter(pl.col("id") == row["id"])["action"].to_list()
        found[name] = (row["class_current_potential"], row["grade"], mine)
    assert found["late_payer"] == ("key", "fair", ["collect"])
    assert found["newcomer"][0] == "promising"
    assert found["newcomer"][2] == ["grow"]
    assert found["fading_friend"][0] in ("key", "mature")
    assert "save" in found["fading_friend"][2]
    assert (found["busy_loss"][0], found["busy_loss"][2]) == ("marginal", ["serve"])
    assert found["recommender"][0] == "marginal"
    assert "serve" in found["recommender"][2]


def test_much_has_changed_since_last_year_and_the_reasons_add_up(evaluation: Evaluation) -> None:
    changed = evaluation.comparison
    assert changed is not None
    moved = changed.moves.filter(pl.col("of") == "current_potential")
    assert 20 < moved.height < 120
    assert changed.last + fsum(changed.steps.values()) + changed.composition == pytest.approx(
        changed.now, abs=1e-9
    )


def test_money_and_counts_of_the_plan_are_the_same_wherever_they_stand(
    evaluation: Evaluation, demo_report, tmp_path: Path
) -> None:
    """In the plan, the list of actions and its files, and the workbook's table of customers."""
    decided = evaluation.decisions
    assert decided is not None
    plan = decided.plan
    assert plan is not None
    assert plan.cost <= 150_000
    save_decisions(decided, tmp_path)
    listed = pl.read_csv(tmp_path / "actions.csv", schema_overrides={"id": pl.String})
    planned = pl.read_csv(tmp_path / "plan.csv", schema_overrides={"id": pl.String})
    for frame in (decided.customers.filter(pl.col("cost").is_not_null()), listed, planned):
        assert fsum(frame["cost"].drop_nulls()) == pytest.approx(plan.cost, abs=0.01)
        assert fsum(frame["net"].drop_nulls()) == pytest.approx(plan.value, abs=0.02)
    rows = CalamineWorkbook.from_path(demo_report("xlsx", "en")).get_sheet_by_name("Customers").to_python()
    head = next(row for row in rows if row[0] == "Rank")
    names = [str(title).removesuffix(" (CNY)") for title in head]  # of columns of money
    customers = [dict(zip(names, row, strict=True)) for row in rows[rows.index(head) + 1 :]]
    assert fsum(row["Net gain"] or 0 for row in customers) == pytest.approx(plan.value, abs=0.02)
    assert fsum(row["Cost"] or 0 for row in customers) == pytest.approx(plan.cost, abs=0.01)
    assert sum(row["Net gain"] != "" for row in customers) == plan.rows.height
    given = decided.given()
    assert {name: given[name] for name in dict(planned["action"].value_counts().iter_rows())} == dict(
        planned["action"].value_counts().iter_rows()
    )
    assert sum(given.values()) == evaluation.results.filter(pl.col("status") == "rated").height
    assert len([name for name in given if name in {action.id for action in decided.actions}]) == 7


def test_measures_that_conditions_ask_for_and_nobody_has_are_named(evaluation: Evaluation) -> None:
    assert evaluation.decisions is not None
    asked = {str(issue.subject) for issue in evaluation.decisions.absent}
    assert "on_time_payment" in asked
    context = Context(evaluation, "en")
    assert set(data.build(context).unasked) == {context.reader.measure(name) for name in asked}


def test_the_same_seed_gives_the_same_sales_and_another_does_not() -> None:
    def drawn(seed: int) -> tuple[Sale, ...]:
        rng = np.random.default_rng(seed)
        return trade(rng, market(rng, 30))

    assert drawn(SEED) == drawn(SEED)
    assert drawn(SEED) != drawn(SEED + 1)


def test_sales_cover_three_years_with_seasons_returns_and_customers_who_come_and_go(
    customers: Market, sales: tuple[Sale, ...]
) -> None:
    assert (AS_OF - FIRST).days == DAYS == 1096
    assert min(sale.day for sale in sales) < 10
    assert max(sale.day for sale in sales) > DAYS - 5
    months = np.bincount([day(sale.day).month for sale in sales], minlength=13)
    assert months[2] < 0.75 * months[12]
    returned = sum(-sale.amount for sale in sales if sale.amount < 0)
    assert 0.005 < returned / sum(sale.amount for sale in sales if sale.amount > 0) < 0.08
    last = {sale.customer: sale.day for sale in sales if sale.amount > 0}
    assert sum(number < DAYS - 90 for number in last.values()) > 20
    first = {sale.customer: sale.day for sale in reversed(sales)}
    assert sum(number > DAYS // 3 for number in first.values()) > 20
    assert 294 <= len(last) <= 297


def test_no_return_comes_before_its_sale_or_exceeds_it(sales: tuple[Sale, ...]) -> None:
    sold = {(s.order[1:], s.product): s for s in sales if s.quantity > 0}
    for sale in sales:
        if sale.quantity < 0:
            origin = sold[sale.order[1:], sale.product]
            assert origin.day < sale.day
            assert -sale.quantity <= origin.quantity
            assert -sale.amount <= origin.amount


def test_what_is_known_of_the_last_year_is_what_was_sold(customers: Market, sales: tuple[Sale, ...]) -> None:
    year = last_year(customers, sales)
    assert year.amount.sum() == pytest.approx(sum(s.amount for s in sales if s.day >= DAYS - 365))
    assert year.lines.max() <= 6


def test_company_names_are_all_different(made: Made) -> None:
    text = (made.folder / "data" / "customers.csv").read_bytes().decode("gb18030")
    names = [line.split(",")[1] for line in text.splitlines()[1:]]
    assert len(set(names)) == 300


def test_customer_models_of_the_demo_have_something_to_say(evaluation: Evaluation) -> None:
    """Every model the demo's tables are made for has a result, and none fails."""
    found = evaluation.customers
    assert found is not None
    assert not found.issues
    wanted = {"rfm", "abc", "agreement", "price_cost", "matrices", "size_profit", "quadrant", "relation"}
    wanted |= {"lifecycle", "stage_accounts", "decline", "contribution", "knowledge", "network", "referrals"}
    wanted |= {"delivered", "levers"}
    assert wanted <= found.results.keys()
    stages = dict(found.results["lifecycle"].distribution.select("stage", "customers").iter_rows())
    assert all(stages[stage] for stage in ("growth", "mature", "decline", "terminated"))
    states = dict(found.results["relation"].now.funnel.iter_rows())
    assert all(states[state] for state in ("potential", "target", "repeat", "loyal", "lost"))
    assert found.results["decline"].frame.height


def test_satisfaction_loyalty_churn_and_the_firm_have_real_content(evaluation: Evaluation) -> None:
    """Every model runs, and what it finds goes together as it would in a company."""
    found = evaluation.customers
    assert found is not None
    assert not found.issues
    satisfied, loyal = found.results["satisfaction"], found.results["loyalty"]
    assert satisfied.customers.height > 150
    both = satisfied.customers.join(loyal.frame, on="id")
    assert both.select(pl.corr("index", "loyalty")).item() > 0.3
    assert set(satisfied.items["quadrant"]) >= {"concentrate", "keep_up", "low_priority"}
    assert {"must", "one_dimensional", "attractive"} <= set(found.results["kano"].items["class"])
    assert 3 < found.results["trap"].frame["trap"].sum() < 60
    assert found.results["false_loyalty"].frame["false_loyalty"].sum() >= 2
    assert loyal.causes.counts["customers"].sum() > 150
    assert loyal.drivers.barriers_prevail is False
    assert found.results["churn"].churn.lost >= 8
    assert found.results["winback"].worthwhile >= 2
    assert found.results["warning_test"].quality.auc > 0.55
    assert found.results["capability"].trend["period"].n_unique() == 2
    assert found.results["firm_states"].maturity.level == "intermediate"


def test_rules_cuts_and_weights_of_the_demo_have_something_to_say(evaluation: Evaluation) -> None:
    """Every kind of rule hits somebody and spares most; some stand close to a cut, most stand firm."""
    results = evaluation.results
    for rule in evaluation.tree.rules:
        hits = results.filter(pl.col(f"rule_{rule.id}") == "hit").height
        assert 0 < hits < results.height / 3, rule.id
    assert {rule.kind for rule in evaluation.tree.rules} == set(RULES.names())
    assert 0 < results["borderline_current_potential"].sum() < results.height / 3
    assert evaluation.certainty is not None
    assert 0.6 < evaluation.certainty.steady / evaluation.certainty.looked < 1
