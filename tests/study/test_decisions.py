"""From scores to decisions in a study: flags, actions, the plan, and the files they leave."""

import json
from datetime import date
from pathlib import Path

import decided_study
import polars as pl
import pytest
from decided_study import ACTIONS, HEAD, ROWS

import evaluator as ev
from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError
from evaluator.scoring import load_model
from evaluator.study import Study


def study(folder: Path, more: str = ACTIONS, **files: str) -> Study:
    return decided_study.study(folder, HEAD + more, **files)


def test_without_a_plan_the_first_that_applies_is_the_action(tmp_path) -> None:
    decisions = study(tmp_path).run().decisions
    rows = {row["id"]: row for row in decisions.customers.iter_rows(named=True)}
    assert {name: row["action"] for name, row in rows.items()} == {
        "a": "save", "b": "save", "c": "thank", "d": "thank"
    }  # fmt: skip
    assert decisions.customers["id"].to_list()[:2] == ["a", "b"]  # due first, then by what they bring
    assert (rows["a"]["net"], rows["a"]["due"]) == (
        pytest.approx(0.3 * 0.6 * 10_000 - 800),
        date(2026, 1, 15),
    )
    assert rows["b"]["reason"] == "Poor. Shows signs of leaving; contact soon."
    assert decisions.given() == {"save": 2, "thank": 2}
    assert decisions.counts["at_risk"] == (2, 1)


def test_a_plan_gives_the_worked_example(tmp_path) -> None:
    decisions = study(tmp_path, ACTIONS + "plan: {budget: 1000, horizon: 2}\n").run().decisions
    assert decisions.plan.rows.select("id", "action", "net").rows() == [("a", "save", 2800.0)]
    stopped = dict(
        decisions.customers.filter(pl.col("action") == "not_planned").select("id", "stopped").rows()
    )
    assert stopped == {"b": "budget", "c": "unknown", "d": "unknown"}


def test_who_asks_for_a_plan_is_told_what_it_rests_on(tmp_path) -> None:
    evaluation = study(tmp_path, ACTIONS + "plan: {budget: 1000, horizon: 2}\n").run()
    found = ev.plan(evaluation, budget=1600)
    assert (found.plan.value, found.plan.exact) == (2960.0, True)
    [effect] = found.effects.iter_rows(named=True)
    assert effect["break_even"] == pytest.approx(0.3 * 1600 / 4560)
    assert found.assumptions["save"]["en"] == "Three in ten"
    assert found.frontier.filter(pl.col("budget") == 1600)["value"].to_list() == [2960.0]


def test_must_not_is_a_condition_or_names_customers(tmp_path) -> None:
    for said in ('"churn_probability > 0.7"', "[b]"):
        plan = f"plan: {{budget: 2000, horizon: 2, must_not: {said}}}\n"
        decisions = study(tmp_path, ACTIONS + plan).run().decisions
        assert decisions.plan.rows["id"].to_list() == ["a"]
        assert dict(decisions.customers.select("id", "stopped").rows())["b"] == "must_not"


def test_a_floor_goes_by_a_column_of_the_tables(tmp_path) -> None:
    plan = "plan: {budget: 2000, horizon: 1, at_least: {by: region, customers: 1}}\n"
    decisions = study(tmp_path, ACTIONS + plan).run().decisions
    assert decisions.plan.rows["id"].to_list() == ["a", "b"]  # b loses, but the south has nobody else


def test_a_must_that_nobody_knows_is_named(tmp_path) -> None:
    with pytest.raises(EvaluationError) as raised:
        study(tmp_path, ACTIONS + "plan: {must: [zzz]}\n").run()
    assert [(issue.code, issue.subject) for issue in raised.value.issues] == [("ACTION-205", "zzz")]


def test_a_budget_of_nothing_and_gains_that_are_missing_are_told(tmp_path) -> None:
    rows = ROWS.replace("b,2000,0.8", "b,,0.8")
    evaluation = study(tmp_path, ACTIONS + "plan: {budget: 0}\n", rows=rows).run()
    told = {(issue.code, issue.subject, issue.detail.get("count")) for issue in evaluation.issues}
    assert {("ACTION-120", "save", 1), ("ACTION-121", "plan", None), ("ACTION-122", "thank", None)} <= told
    assert evaluation.decisions.plan.rows.height == 0


PLANNED = ACTIONS.replace("    cost: 800", "    at_most: 1\n    cost: 800")
REFUSED = [  # the plan, the code, what the place in study.yaml begins with, what the sentence says
    ("plan: {budget: 90000, must: [a, b]}", "ACTION-210", "plan:", "save for at most 1 customer"),
    ("plan: {budget: 0, must: [a]}", "ACTION-211", "plan:", "The smallest sufficient budget is 800.00"),
    ("plan: {budget: 9, must: [zz]}", "ACTION-205", "must: [zz]", "zz"),
    ("plan: {budget: 9, must: {a: sve}}", "ACTION-204", "must: {a: sve}", "Did you mean: save?"),
    ("plan: {budget: 9, must: {a: thank}}", "ACTION-206", "must: {a: thank}", "unknown for this customer"),
    ("plan: {budget: 9, must: [a], must_not: [a]}", "ACTION-208", "must: [a]", "a"),
    ("plan: {budget: 9, at_least: {by: regoin, customers: 1}}", "ACTION-201", "at_least:", "region"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "code", "place", "says"), REFUSED)
def test_what_a_plan_refuses_is_told_with_its_place(tmp_path, plan, code, place, says) -> None:
    opened = study(tmp_path, PLANNED + plan + "\n")
    for ask in (lambda: opened.decisions, opened.plan):
        with pytest.raises(EvaluationError) as raised:
            ask()
        [issue] = raised.value.issues
        assert issue.code == code
        assert says in issue.sentence("en")
        line = (tmp_path / "study.yaml").read_text("utf-8").splitlines()[issue.where.line - 1]
        assert line[issue.where.column - 1 :].startswith(place)


def test_a_capacity_of_an_action_that_nobody_needs_stops_nothing(tmp_path) -> None:
    unneeded = PLANNED.replace("when: flag_at_risk", "when: flag_at_risk and gross_profit > 1000000")
    opened = study(tmp_path, unneeded + "plan: {budget: 1000}\n")
    assert set(opened.decisions.given()) == {"not_planned", "none_stated"}
    assert opened.plan().plan.rows.height == 0


def test_years_are_worth_less_at_a_rate(tmp_path) -> None:
    decisions = study(tmp_path, ACTIONS + "plan: {horizon: 2, rate: 0.25}\n").run().decisions
    gains = dict(decisions.plan.rows.select("id", "gain").rows())
    assert gains["a"] == pytest.approx(0.3 * 0.6 * 10_000 * 1.44)


def test_without_stated_actions_strategies_or_nothing_is_done(tmp_path) -> None:
    assert set(study(tmp_path, "").run().decisions.given()) == {"none_stated"}


def test_flags_and_actions_stand_in_the_model(tmp_path) -> None:
    opened = study(tmp_path, ACTIONS + "flags: {off: [new]}\nplan: {budget: 5}\n")
    model = load_model(opened.save_model())
    assert [action.id for action in model.tree.actions] == ["save", "thank"]
    assert model.tree.flags.off == ("new",)
    assert "budget" not in (tmp_path / "output" / "model.json").read_text("utf-8")


def test_a_run_leaves_the_actions_and_says_how_many_get_which(tmp_path, capsys) -> None:
    study(tmp_path, ACTIONS + "plan: {budget: 1600, horizon: 2}\n")
    assert invoke(["run", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "Actions: Save 2, not in the plan 2." in said
    assert said.index("Actions: Save 2, not in the plan 2.") < next(
        number for number, line in enumerate(said) if "report.html" in line and "Open" in line
    )
    output = tmp_path / "output"
    rows = json.loads((output / "actions.json").read_text("utf-8"))
    assert [row["id"] for row in rows] == pl.read_parquet(output / "actions.parquet")["id"].to_list()
    assert pl.read_csv(output / "plan.csv")["net"].sum() == 2960.0
    assert [row["action"] for row in rows][:2] == ["save", "save"]


def test_the_list_of_actions_says_who_does_what_for_whom_and_no_cost_that_nobody_stated(tmp_path) -> None:
    opened = study(tmp_path, ACTIONS)
    opened.save_actions()
    listed = pl.read_csv(tmp_path / "output" / "actions.csv")
    assert listed.columns[:7] == ["id", "owner", "action_name", "due", "do", "reason", "class_name"]
    assert listed.columns[-2:] == ["action", "class"]
    told = dict(listed.select("action", "action_name").unique().iter_rows())
    assert {action: told[action] for action in ("save", "thank")} == {"save": "Save", "thank": "Thank"}
    assert None not in told.values()
    costs = dict(listed.select("action", "cost").iter_rows())
    assert (costs["save"], costs["thank"]) == (800, None)


def test_a_plan_under_another_budget_leaves_the_evidence_as_it_is(tmp_path, capsys) -> None:
    study(tmp_path, ACTIONS + "plan: {budget: 1600, horizon: 2}\n")
    assert invoke(["run", str(tmp_path)]) == 0
    kept = {path: path.read_bytes() for path in (tmp_path / "output").glob("plan.*")}
    capsys.readouterr()
    assert invoke(["--language", "en", "plan", str(tmp_path), "--budget", "1000"]) == 0
    assert "gains 2,800 net of cost" in (said := capsys.readouterr().out)
    assert "nothing is written" in said
    assert {path: path.read_bytes() for path in kept} == kept
    assert invoke(["plan", str(tmp_path)]) == 0
    assert {path: path.read_bytes() for path in kept} == kept
    assert invoke(["verify", str(tmp_path)]) == 0


def test_the_verb_plans_under_another_budget(tmp_path, capsys) -> None:
    study(tmp_path, ACTIONS + "plan: {budget: 1600, horizon: 2}\n")
    assert invoke(["plan", str(tmp_path), "--budget", "1000", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["value"], told["cost"], told["budget"]) == (2800, 800, 1000)
    assert told["assumptions"]["save"]["zh"] == "十之三"
    assert not (tmp_path / "output" / "plan.csv").exists()
    assert [row["dropped_below"] for row in told["effects"]] == [None] * len(told["effects"])
    assert invoke(["plan", str(tmp_path), "--dropped"]) == 0
    said = capsys.readouterr().out
    assert "gains 2,960 net of cost.\nNo plan gains more.\n" in said
    assert "Save: the best plan drops it below" in said
