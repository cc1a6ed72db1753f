"""The decision: every rated customer in one row, money and certainty only where they are known."""

from dataclasses import replace
from pathlib import Path

import decided_study
import polars as pl
import pytest
from decided_study import ROWS, STUDY, TREE
from python_calamine import CalamineWorkbook

from evaluator import messages
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import finder, page
from evaluator.reports.sections import careful, decide
from evaluator.reports.sections.ledger import NOTHING, LedgerLine, soonest
from evaluator.reports.workbook import write_workbook

PLAN = "plan: {budget: 1000, horizon: 2}\n"


@pytest.fixture
def study(tmp_path: Path):
    """Return what runs the worked example of docs/decision.md, with more words or other files."""

    def run(words: str = "", *, stated: str = STUDY, **files: str):
        return decided_study.study(tmp_path, stated + words, **files).run()

    return run


def built(evaluation, language: str = "en") -> decide.Decide:
    return decide.build(Context(evaluation, language))


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("words", ["", PLAN])
def test_rows_are_disjoint_and_add_up_to_all_rated(study, language, words) -> None:
    evaluation = study(words)
    found = built(evaluation, language).ledger
    rated = evaluation.results.filter(pl.col("status") == "rated").height
    assert sum(line.count for line in found.lines) == found.rated == rated
    assert len({line.action for line in found.lines}) == len(found.lines)
    assert sum(line.share or 0 for line in found.lines if line.money == "stake") <= 1 + 1e-9


def test_money_is_the_net_gain_where_it_is_known_else_the_stake(study) -> None:
    lines = {line.action: line for line in built(study()).ledger.lines}
    assert (lines["save"].money, lines["save"].amount) == ("gain", pytest.approx(0.3 * (6000 + 1600) - 1600))
    others = [line for name, line in lines.items() if name != "save"]
    assert {line.money for line in others} == {"stake"}
    assert sum(line.amount for line in others) == 5000 + 7000


def test_without_money_nothing_is_said_of_money_but_that_there_is_none(study) -> None:
    stated = STUDY.replace("    cost: 800\n    effect: 0.3\n", "").replace(
        "    gain: effect * churn_probability * gross_profit * horizon\n", ""
    )
    tree, stated, rows = (text.replace("gross_profit", "satisfaction") for text in (TREE, stated, ROWS))
    evaluation = study(tree=tree, stated=stated, rows=rows)
    found = built(evaluation)
    assert not found.ledger.money
    assert found.ledger.stake == ""
    assert messages.text("report.decide.no_money", "en") in [caution.text for caution in found.cautions]
    assert "report.decide.money" not in page(evaluation, "en", options=ReportOptions())
    assert evaluation.decisions.candidates.stake_by == "score"
    assert messages.text("report.actions.stake", "en") not in page(evaluation, "en", options=ReportOptions())
    assert "stake" not in [column.key for column in finder.build(Context(evaluation, "en")).columns]


ROOT = """\
root:
  children:
    - id: now
      name: {zh: 现在, en: Now}
      axis: now
      weight: 1
      children:
        - {id: profit, name: {zh: 毛利, en: Gross profit}, measure: gross_profit, direction: benefit,
           weight: 1, scale: {kind: linear, worst: 0, best: 10000}}
    - id: later
      name: {zh: 以后, en: Later}
      axis: later
      weight: 1
      children:
        - {id: risk, name: {zh: 风险, en: Risk}, measure: churn_probability, direction: cost,
           weight: 1, scale: {kind: linear, worst: 1, best: 0}}
matrices:
  - id: plane
    name: {zh: 平面, en: Plane}
    x: {axis: now, cut: {kind: fixed, at: [45]}}
    y: {axis: later, cut: {kind: fixed, at: [30]}}
    classes:
      - {id: best, name: {zh: 最好, en: Best}, x: high, y: high}
      - {id: paying, name: {zh: 已付, en: Paying}, x: high, y: low}
      - {id: loyal, name: {zh: 忠实, en: Loyal}, x: low, y: high}
      - {id: rest, name: {zh: 其余, en: Rest}, x: low, y: low}
"""
WITH_MATRIX = TREE[: TREE.index("root:")] + ROOT


def test_what_the_best_class_holds_counts_those_whom_the_plan_leaves_out(study) -> None:
    evaluation = study(PLAN, tree=WITH_MATRIX)
    context = Context(evaluation, "en")
    left_out = evaluation.decisions.customers.filter(pl.col("action") == "not_planned")
    assert left_out.height
    held = context.rated.join(evaluation.measured.frame.select("id", "gross_profit"), on="id")
    best = held.filter(pl.col("class_plane") == "best")
    share = best["gross_profit"].sum() / held["gross_profit"].sum()
    assert 0 < share < 1
    assert f"hold {share:.0%} of all" in decide.matrix_message(context.tree.matrices[0], context)


def test_gains_are_told_where_what_is_at_stake_is_not_known_in_money(study, tmp_path) -> None:
    stated = STUDY.replace("churn_probability * gross_profit * horizon", "churn_probability * 10000")
    tree, stated, rows = (text.replace("gross_profit", "satisfaction") for text in (TREE, stated, ROWS))
    evaluation = study(PLAN, tree=tree, stated=stated, rows=rows)
    assert evaluation.decisions.candidates.stake_by == "score"
    found = built(evaluation)
    lines = {line.action: line for line in found.ledger.lines}
    assert found.ledger.stake == ""
    assert lines["save"].money == "gain"
    assert lines["save"].amount == pytest.approx(evaluation.decisions.plan.value)
    assert {line.amount for name, line in lines.items() if name != "save"} == {None}
    said = [caution.text for caution in found.cautions]
    assert messages.text("report.decide.no_stake", "en") in said
    assert messages.text("report.decide.no_money", "en") not in said
    target = tmp_path / "report.xlsx"
    write_workbook(evaluation, target, language="en")
    cells = [
        cell for row in CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python() for cell in row
    ]
    assert lines["save"].amount in cells
    (note,) = [cell for cell in cells if "Counts follow" in str(cell)]
    assert "()" not in note
    assert "gain net of cost" in note


def test_the_headline_counts_the_customers_of_the_plan(study) -> None:
    found = built(study(PLAN))
    assert found.ledger.planned
    assert [(line.action, line.count) for line in found.ledger.soon] == [("save", 1)]
    assert " 1 of 4 " in found.headline
    assert {line.action for line in found.ledger.lines} == {"save", "not_planned", "none_stated"} & {
        line.action for line in found.ledger.lines
    }


def line(action: str, count: int, days: int | None) -> LedgerLine:
    return LedgerLine(action, action, count, "stake", None, None, "", days, None)


def test_the_headline_counts_what_is_due_soon_and_not_everybody() -> None:
    lines = [line("a", 10, 7), line("b", 30, 30), line("c", 60, 60)]
    assert soonest(lines, planned=False) == {"a", "b"}
    assert soonest([line("a", 10, 7), line("b", 90, 7)], planned=False) == {"a", "b"}
    assert soonest([line("a", 5, 120), line("b", 6, 200)], planned=False) == {"a"}
    assert soonest([line("a", 5, None)], planned=False) == set()
    planned = [line("a", 5, 120), line("not_planned", 9, None), line("none_stated", 1, None)]
    assert soonest(planned, planned=True) == {"a"}


def test_certainty_stands_where_it_is_known_and_why_not_where_it_is_not(study) -> None:
    evaluation = study()
    assert evaluation.certainty is not None
    kept = pl.DataFrame({"id": ["a", "b", "c", "d"], "action": ["save", "save", "thank", "none_stated"],
                         "kept": [0.5, 1.0, 0.5, 0.25]})  # fmt: skip
    found = built(replace(evaluation, certainty=replace(evaluation.certainty, given=kept)))
    shares = {"save": 0.75, "thank": 0.5, "none_stated": 0.25}
    lines = found.ledger.lines
    assert {entry.action: entry.certain for entry in lines} == {e.action: shares[e.action] for e in lines}
    mean = sum(entry.count * shares[entry.action] for entry in lines) / found.ledger.rated
    assert found.ledger.certain == pytest.approx(mean)
    assert any("75%" in sentence for sentence in found.under)
    unknown = built(replace(evaluation, certainty=replace(evaluation.certainty, given=None)))
    assert unknown.ledger.certain is None
    assert not any("75%" in sentence for sentence in unknown.under)


def test_without_actions_the_classes_stand_in_the_ledgers_place(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    found = built(evaluation)
    assert found.ledger is None
    rated = evaluation.results.filter(pl.col("status") == "rated")
    counts = dict(rated["class_value_matrix"].cast(pl.String).value_counts().iter_rows())
    names = {entry.id: entry.name.en for entry in evaluation.tree.matrices[0].classes}
    assert {bar.name: int(bar.figure) for bar in found.bars.rows} == {
        name: counts.get(key, 0) for key, name in names.items()
    }


def test_nobody_rated_and_nobody_there_are_said(evaluation_of) -> None:
    nobody = evaluation_of("en", only=["006"])
    assert built(nobody).headline == messages.text(
        "report.decide.nobody", "en", all=2, subject=Context(nobody, "en").subject
    )
    alone = replace(nobody, results=nobody.results.clear(), unrated=())
    found = built(alone)
    heaviest = max(alone.model.tree.indicators, key=lambda leaf: alone.model.global_[leaf.id])
    assert found.bars.rows[0].name == heaviest.name.en
    assert heaviest.name.en in found.headline
    assert "decide" in page(alone, "en", options=ReportOptions())


def test_a_firm_is_told_its_gaps(evaluation_of) -> None:
    evaluation = evaluation_of("en", only=["002"])
    tree = evaluation.tree.model_copy(update={"subject": "firm"})
    fields = {name: getattr(evaluation.model, name) for name in type(evaluation.model).model_fields}
    model = type(evaluation.model).model_construct(**{**fields, "tree": tree})
    found = built(replace(evaluation, tree=tree, model=model))
    row = evaluation.results.row(0, named=True)
    lost = {
        leaf.name.en: (100 - row[f"score_{leaf.id}"]) * evaluation.model.global_[leaf.id]
        for leaf in tree.indicators
    }
    assert found.bars.rows[0].name == max(lost, key=lost.get)
    assert found.bars.rows[0].figure == f"{max(lost.values()):.1f}"
    assert f"{row['score']:.1f}" in found.headline


def test_what_changed_is_told_where_there_is_an_evaluation_before(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    assert len(built(evaluation).changed) == 1
    assert built(replace(evaluation, previous=None, periods=())).changed == ()


def test_without_an_evaluation_before_the_period_before_is_told(evaluation_of) -> None:
    evaluation = replace(evaluation_of("en"), previous=None)
    now, then = (entry.results.filter(pl.col("status") == "rated") for entry in evaluation.periods[:-3:-1])
    both = now.join(then, on="id", suffix="_before")
    (said,) = built(evaluation).changed
    assert said.startswith("Since 2024: ")
    means = (f"{both[name].mean():.1f}" for name in ("score_before", "score"))
    assert said.endswith("from {} to {}.".format(*means))


def test_a_firm_is_told_how_its_score_went_and_what_gained_and_lost_most(evaluation_of) -> None:
    evaluation = evaluation_of("en", only=["002"])
    results = evaluation.results
    before = results.with_columns(
        pl.col("score") - 2, pl.col("score_profit") - 10, score_growth=pl.lit(100.0)
    )
    previous = replace(evaluation.previous, results=before)
    gain, loss, *rest = [
        said for said in built(replace(evaluation, previous=previous)).changed if "most" in said
    ]
    assert not rest
    assert gain.startswith("Gained most: Gross profit (+")
    assert loss.startswith("Lost most: Growth (-")
    assert "Since 1 January 2025: +2.0 points" in built(replace(evaluation, previous=previous)).changed[0]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_prospects_are_told_the_decision_on_all_of_them(study, language) -> None:
    evaluation = study(tree=TREE.replace("status: custom", "status: custom\nsubject: prospect"))
    found = built(evaluation, language)
    given = [line for line in found.ledger.lines if line.action not in NOTHING]
    assert given
    assert all(line.name in found.headline for line in given)
    assert not found.ledger.soon
    assert str(Context(evaluation, language).subject) in found.headline
    assert found.ledger.counted.lower().startswith(str(Context(evaluation, language).subject))


def test_all_in_one_class_is_said_so(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    results = evaluation.results.with_columns(class_value_matrix=pl.lit("lead"))
    context = Context(replace(evaluation, results=results), "en")
    assert decide.matrix_message(context.tree.matrices[0], context) == "All 7 customers are “Lead”"


def test_what_comes_after_the_first_actions_is_told_too(study) -> None:
    found = built(study())
    later = [line.name for line in found.ledger.lines if not line.soon and line.action not in NOTHING]
    assert later == ["Thank"]
    assert any(said.startswith("After that: Thank") for said in found.under)


def test_the_matrix_says_what_its_best_class_holds(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    context = Context(evaluation, "en")
    (drawing,) = decide.draw(decide.build(context), context)
    count = evaluation.results.filter(pl.col("class_value_matrix") == "gold").height
    assert drawing.id == "matrix-value_matrix"
    assert drawing.title.startswith(f"{count} of 7 ")


def test_every_caution_leads_to_a_section_that_is_there(evaluation_of, study) -> None:
    for evaluation in (evaluation_of("en"), study(), study(PLAN)):
        text = page(evaluation, "en", options=ReportOptions())
        for caution in careful.cautions(Context(evaluation, "en")):
            assert f'id="{caution.link}"' in text, caution


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_who_is_left_out_by_a_rule_or_a_missing_figure_is_told_with_the_reason(
    evaluation_of, language
) -> None:
    evaluation = evaluation_of(language)
    left = pl.when(pl.col("rank") > 3).then(pl.lit("excluded")).otherwise("status")
    why = pl.when(pl.col("rank") > 3).then(pl.lit("profit")).otherwise("reason")
    out = replace(evaluation, results=evaluation.results.with_columns(status=left, reason=why))
    profit = evaluation.tree.nodes["profit"].name[language]
    told = [
        caution
        for caution in careful.cautions(Context(out, language))
        if profit.lower() in caution.text.lower()
    ]
    assert [caution.link for caution in told] == ["data"]
    assert "4" in told[0].text
    few = messages.text(
        "report.warning.few", language, rated=3, all=9, subject=Context(out, language).subject
    )
    assert few in careful.beware(Context(out, language))
    assert not any("3" in said for said in careful.beware(Context(evaluation, language)))
