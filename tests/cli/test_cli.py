"""The command line: exit codes, languages, and what each verb leaves behind."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from evaluator import caches, resources
from evaluator.cli import VERBS, invoke
from evaluator.forms.filled_forms import read_filled
from evaluator.study import Study, begin
from evaluator.tree import load_tree
from evaluator.weighing import fewest_questions, plan_questions


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_its_options(verb, language, capsys) -> None:
    assert invoke(["--language", language, verb, "--help"]) == 0
    assert "Usage: evaluator" in capsys.readouterr().out


def test_the_language_may_stand_before_or_after_the_verb(tmp_path, capsys) -> None:
    assert invoke(["weigh", str(tmp_path), "--language", "zh"]) == 1
    assert "错误: " in capsys.readouterr().err
    assert invoke(["--language", "zh", "weigh", str(tmp_path), "--language", "en"]) == 1
    assert "error: " in capsys.readouterr().err


def test_wrong_usage_is_exit_code_2(capsys) -> None:
    assert invoke(["nonsense"]) == 2
    assert invoke(["score", "--data", "x.csv"]) == 2
    assert invoke(["schema", "model"]) == 2
    assert "Usage" in capsys.readouterr().err


def test_problems_of_the_user_are_exit_code_1_in_the_language_chosen(tmp_path, capsys) -> None:
    assert invoke(["--language", "zh", "weigh", str(tmp_path)]) == 1
    assert "错误: " in capsys.readouterr().err
    assert invoke(["--language", "en", "weigh", str(tmp_path)]) == 1
    assert "error: " in capsys.readouterr().err


def test_our_own_fault_is_exit_code_3_and_not_dressed_as_the_users(folder, capsys, monkeypatch) -> None:
    monkeypatch.setattr("evaluator.study.Study.check", lambda *_, **__: 1 / 0)
    assert invoke(["check", str(folder)]) == 3
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_an_interruption_is_said_and_nothing_is_half_written(folder, capsys, monkeypatch) -> None:
    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("evaluator.study.Study.save_model", stop)
    assert invoke(["run", str(folder)]) == 130
    assert names(folder / "output") == {
        ".lock", "answers", "responses.xlsx", "weights.json", "measures.csv", "measures.parquet"
    }  # fmt: skip


def test_the_road_verb_by_verb(folder, capsys) -> None:
    home = str(folder)
    for verb in ("check", "ask", "weigh", "measure", "fit", "score"):
        assert invoke([verb, home]) == 0, capsys.readouterr().err
    assert names(folder / "output") >= {"weights.json", "measures.csv", "model.json", "scores.csv"}


def test_run_names_the_flags_that_no_data_can_tell_and_the_measures_of_actions_that_nobody_has(
    folder, capsys
) -> None:
    text = (folder / "study.yaml").read_text("utf-8")
    asked = (
        "actions:\n  - {id: call, name: Call, do: Call them, when: profit > 10 and churn_probability > 0.5}\n"
    )
    (folder / "study.yaml").write_text(text + asked, "utf-8")
    assert invoke(["run", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "flags cannot be told for lack of data (Churned, At risk of leaving" in said
    assert "No data for 1 measure that actions ask for (churn_probability)" in said


def test_ask_with_a_budget_asks_no_expert_more_and_the_same_again(tmp_path, capsys) -> None:
    begin(tmp_path / "new", tree="customer_value", language="en", experts=["One", "Two", "Three"])
    with (tmp_path / "new" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("\nseed: 5\n")
    study = Study(tmp_path / "new")
    budget = fewest_questions(study.tree) + 1
    assert budget < study.tree.pairs
    asked = []
    for _ in range(2):
        assert invoke(["ask", str(tmp_path / "new"), "--budget", str(budget)]) == 0
        forms = sorted((tmp_path / "new" / "questionnaires").iterdir())
        asked.append([[group.pairs for group in read_filled(path).record.groups] for path in forms])
    assert {sum(map(len, groups)) for groups in asked[0]} == {budget}
    assert asked[0] == asked[1]
    plan = plan_questions(study.tree, study.experts, budget, seed=5)
    assert [list(groups.values()) for groups in plan.by_expert.values()] == asked[0]
    assert str(budget) in capsys.readouterr().out


def test_ask_with_too_small_a_budget_says_so_and_writes_nothing(folder, capsys) -> None:
    assert invoke(["ask", str(folder), "--budget", "2"]) == 1
    assert "WEIGH-539" in capsys.readouterr().err
    assert not (folder / "questionnaires").exists()


def test_weigh_as_json_holds_weights_and_evidence_with_null_where_there_is_no_number(folder, capsys) -> None:
    assert invoke(["weigh", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["global"]["profit"] == pytest.approx(0.6)
    assert said["groups"][0]["joint"]["verdict"] == "consistent"


def test_explain_adds_up_as_json(folder, capsys) -> None:
    assert invoke(["explain", str(folder), "001", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sum(row["points"] for row in said["contributions"]) == pytest.approx(said["score"], abs=1e-9)


def test_explain_says_what_would_lift_a_customer(folder, capsys) -> None:
    assert invoke(["explain", str(folder), "001", "--json"]) == 0
    lift = json.loads(capsys.readouterr().out)["lift"]
    assert lift["customer"] == "001"
    assert lift["why"] or lift["steps"]
    assert invoke(["--language", "en", "explain", str(folder), "001"]) == 0
    told = capsys.readouterr().out
    assert any(word in told for word in ("needed", "better class", "No class is better"))


def test_explain_says_why_a_customer_is_not_rated(folder, capsys) -> None:
    assert invoke(["explain", str(folder), "003"]) == 0
    assert "too little data on Small" in capsys.readouterr().out


def test_explain_names_the_nearest_customer(folder, capsys) -> None:
    assert invoke(["explain", str(folder), "0O1"]) == 1
    said = capsys.readouterr().err
    assert "SCORE-651" in said
    assert "001" in said


def test_check_shows_what_every_column_became(folder, capsys) -> None:
    assert invoke(["check", str(folder), "--data"]) == 0
    out = capsys.readouterr().out
    assert "Measures (measures) from measures.csv: 3 rows read, 3 kept." in out
    assert "One, Two, Three" in out


def test_a_frozen_model_scores_next_quarters_file_in_one_command(folder, tmp_path, capsys) -> None:
    assert invoke(["fit", str(folder)]) == 0
    model, data, output = folder / "output" / "model.json", folder / "measures.csv", tmp_path / "next.csv"
    assert invoke(["score", "--model", str(model), "--data", str(data), "--output", str(output)]) == 0
    assert output.read_text("utf-8-sig").splitlines()[1].startswith("002,Two,")


@pytest.mark.parametrize("what", ["trees", "indicators", "methods", "measures", "models", "tables"])
def test_list_names_what_there_is(what, capsys) -> None:
    assert invoke(["list", what]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 3


@pytest.mark.parametrize("what", ["trees", "indicators", "methods", "measures", "models", "tables"])
def test_every_list_is_json_for_a_program(what, capsys) -> None:
    assert invoke(["list", what, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) > 3
    assert all(row.keys() == rows[0].keys() for row in rows)


def test_what_a_list_says_in_words_has_its_id_in_json(capsys) -> None:
    assert invoke(["--language", "zh", "list", "trees", "--json"]) == 0
    tree = {row["tree"]: row for row in json.loads(capsys.readouterr().out)}["retail_bank"]
    assert (tree["for"][0], tree["status"], tree["indicators"]) == (
        "banking", "reconstructed", len(load_tree("retail_bank").indicators))  # fmt: skip
    assert invoke(["list", "tables", "--json"]) == 0
    columns = {(row["table"], row["column"]): row for row in json.loads(capsys.readouterr().out)}
    assert columns["orders", "id"]["needed"] is True


def test_a_list_with_an_excel_table_says_as_json_where_it_is(tmp_path, capsys) -> None:
    table = tmp_path / "table.xlsx"
    assert invoke(["list", "indicators", "--excel", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"written": str(table)}


@pytest.mark.parametrize("encoding", ["cp1252", "gbk", "ascii"])
@pytest.mark.parametrize(
    "verb",
    [
        *(["list", what, "--json"] for what in ("trees", "indicators", "methods", "measures", "tables")),
        ["weigh", "{}", "--json"],
        ["check", "{}", "--json"],
        ["check", "{}/tree.yaml", "--json"],
        ["check", "nowhere-没有", "--json"],
        ["explain", "{}", "001", "--json"],
        ["schema", "study"],
    ],
    ids=" ".join,
)
def test_json_is_utf8_whatever_the_console_is(verb, encoding, folder, monkeypatch, capsysbinary) -> None:
    """RFC 8259; a file that `> out.json` makes on a Windows console is read by programs everywhere."""
    words = ["--language", "zh", *(word.format(folder) for word in verb)]
    code = invoke(words)
    expected = capsysbinary.readouterr().out
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding, newline="\r\n"))
    assert invoke(words) == code
    assert written.getvalue() == expected
    assert json.loads(written.getvalue().decode("utf-8"))


def test_redirected_json_of_a_process_is_utf8() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "evaluator", "--language", "zh", "list", "methods", "--json"]
    done = subprocess.run(command, capture_output=True, env=environment)
    assert "国内通行" in done.stdout.decode("utf-8")
    assert json.loads(done.stdout)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_measures_and_models_are_listed_for_a_program_too(language, capsys) -> None:
    assert invoke(["--language", language, "list", "measures", "--json"]) == 0
    measures = {entry["measure"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert (measures["frequency"]["tables"], measures["frequency"]["option"]) == ("orders", "")
    assert measures["network_value"]["tables"] == "orders, network"
    assert measures["network_value"]["option"] == "network"
    assert all(entry["unit"] and entry["definition"] for entry in measures.values())
    assert invoke(["--language", language, "list", "models", "--json"]) == 0
    models = {entry["model"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert models["rfm"]["measures"] == "rfm_score, rfm_class"


def test_list_finds_the_trees_for_an_industry_and_a_kind_of_customer(capsys) -> None:
    assert invoke(["--language", "zh", "list", "trees", "--for", "银行,consumer"]) == 0
    listed = capsys.readouterr().out
    assert "retail_bank" in listed
    assert "telecom" not in listed
    assert invoke(["list", "trees", "--for", "tobaco"]) == 1
    assert "TREE-162" in capsys.readouterr().err


def test_trees_are_read_again_only_when_one_of_them_is_another(tmp_path, monkeypatch, capsys) -> None:
    shipped = resources.folder("indicator_trees")
    (tmp_path / "trees").mkdir()
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / "trees")
    monkeypatch.setattr(caches, "_caches", lambda: tmp_path)

    def listed() -> list[str]:
        assert invoke(["list", "trees", "--json"]) == 0
        return [row["tree"] for row in json.loads(capsys.readouterr().out)]

    shutil.copy(shipped / "quick_value.yaml", tmp_path / "trees")
    assert listed() == ["quick_value"]
    with monkeypatch.context() as patch:
        patch.setattr("evaluator.tree.load_tree", lambda name: pytest.fail("was read again"))
        assert listed() == ["quick_value"]
    shutil.copy(shipped / "credit.yaml", tmp_path / "trees")
    assert listed() == ["credit", "quick_value"]


def test_indicators_go_to_excel_and_begin_a_study_from_there(tmp_path, capsys) -> None:
    table, home = tmp_path / "table.xlsx", tmp_path / "new"
    assert invoke(["list", "indicators", "--tree", "orders_value", "--excel", str(table)]) == 0
    assert invoke(["init", str(home), "--indicators", str(table)]) == 0
    assert names(home) == {"study.yaml", "tree.yaml", "data"}
    assert Study(home).tree == load_tree("orders_value")
    capsys.readouterr()
    assert invoke(["init", str(home), "--indicators", str(table)]) == 1
    assert "STUDY-306" in capsys.readouterr().err


@pytest.mark.parametrize("way", ["--tree", "--indicators"])
def test_a_draft_that_must_be_finished_first_says_how_to_go_on(tmp_path, capsys, way) -> None:
    table, home = tmp_path / "table.xlsx", tmp_path / "new"
    made = openpyxl.Workbook()
    for row in (
        ("指标", "方向", "单位"),
        ("1 授信", None, None),
        ("1.1 使用率", "适度", "%"),
        ("1.2 余额", "正向", "元"),
    ):
        made.active.append(row)
    made.save(table)
    assert invoke(["--language", "zh", "init", str(home), "--indicators", str(table)]) == 1
    said = capsys.readouterr().err
    assert "TREE-173" in said
    assert "--tree tree.yaml" in said
    text = (home / "tree.yaml").read_text("utf-8")
    scale = "direction: interval\n    scale: {kind: trapezoid, points: [0, 0.3, 0.8, 1.2]}"
    (home / "tree.yaml").write_text(text.replace("direction: interval", scale), encoding="utf-8")
    edited = (home / "tree.yaml").read_bytes()
    named = {"--tree": "tree.yaml", "--indicators": str(table)}[way]
    assert invoke(["--language", "zh", "init", str(home), way, named]) == 0
    assert (home / "tree.yaml").read_bytes() == edited  # a second run continues with what was finished
    assert [leaf.id for leaf in Study(home).tree.indicators] == ["使用率", "余额"]


def test_check_shows_what_the_audit_found_and_what_the_tree_accepts(capsys) -> None:
    assert invoke(["--language", "en", "check", "customer_value"]) == 0
    said = capsys.readouterr().out
    assert "Focus: Credit line usage" in said
    assert "Accepted: " in said


@pytest.mark.parametrize("what", ["tree", "study"])
def test_schema_is_json_for_editors(what, capsys) -> None:
    assert invoke(["schema", what]) == 0
    assert json.loads(capsys.readouterr().out)["type"] == "object"


def test_check_takes_a_tree_by_id_or_path(folder, capsys) -> None:
    assert invoke(["--language", "en", "check", "customer_value"]) == 0
    assert invoke(["--language", "en", "check", str(folder / "tree.yaml")]) == 0
    assert "2 examples passed" in capsys.readouterr().out


def test_the_check_of_a_tree_is_json_too(folder, capsys) -> None:
    assert invoke(["check", "customer_value", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sound"], found["tree"]) == (True, "customer_value")
    assert found["audit"]
    assert invoke(["check", "customer_valeu", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["sound"], [issue["code"] for issue in found["issues"]]) == (False, ["TREE-101"])


def test_a_trees_own_example_that_fails_is_named_with_its_line(folder, capsys) -> None:
    tree = folder / "tree.yaml"
    tree.write_text(
        tree.read_text("utf-8").replace("score: 100, grade: good", "score: 99, grade: good"), "utf-8"
    )
    assert invoke(["check", str(tree)]) == 1
    assert "tree.yaml:31" in capsys.readouterr().err


def test_a_narrow_console_encoding_never_stops_the_program(folder) -> None:
    """A console of code page 936 cannot print every character; a question mark is better than a crash."""
    code = f"from evaluator.cli import main; main(['weigh', {str(folder)!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""}
    )
    assert done.returncode == 0, done.stderr


def test_python_m_evaluator_is_the_command_line() -> None:
    done = subprocess.run([sys.executable, "-m", "evaluator", "--version"], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout.strip()


def test_the_next_study_begins_from_the_last_and_says_where_its_data_belong(folder, tmp_path, capsys) -> None:
    assert invoke(["run", str(folder)]) == 0
    assert invoke(["init", str(tmp_path / "next"), "--from", str(folder)]) == 0
    assert "measures.csv" in capsys.readouterr().out
    assert names(tmp_path / "next" / "previous") == {
        "scores.csv", "scores.parquet", "model.json", "measures.csv", "measures.parquet"
    }  # fmt: skip


def test_a_study_of_several_trees_is_walked_tree_by_tree(folder, capsys) -> None:
    study = (folder / "study.yaml").read_text("utf-8").replace("tree: tree.yaml\n", "").split("experts:")[0]
    given = "weighting: {source: given}"
    trees = [
        f"  - {{id: first, tree: tree.yaml, ids: ['001'], {given}}}",
        f"  - {{id: second, tree: tree.yaml, ids: ['002', '003'], {given}}}",
    ]
    tables = "tables:\n  measures: {file: measures.csv}\n"
    (folder / "study.yaml").write_text(study + "\n".join(["trees:", *trees, tables]), "utf-8")
    for verb in ("check", "weigh", "measure", "fit", "score", "report", "run"):
        assert invoke([verb, str(folder)]) == 0, verb
        assert "second" in capsys.readouterr().out, verb
    assert {"first", "second", "scores.csv"} <= names(folder / "output")
    assert names(folder / "output" / "second") >= {"report.html", "report.xlsx", "model.json"}
    assert invoke(["explain", str(folder), "003"]) == 0


def test_office_files_are_begun_once_and_reports_are_made_from_them(folder: Path, capsys) -> None:
    """Both are written to be edited, named in study.yaml by the line that is said, and never overwritten."""
    assert invoke(["init", str(folder), "--office"]) == 0
    said = capsys.readouterr().out
    line = next(part for part in said.splitlines() if "report: {" in part)
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(line[line.index("report:") :] + "\n")
    before = {path.name: path.read_bytes() for path in (folder / "office").iterdir()}
    assert set(before) == {"brief.docx", "deck.pptx"}
    assert invoke(["init", str(folder), "--office"]) == 0
    assert before == {path.name: path.read_bytes() for path in (folder / "office").iterdir()}
    capsys.readouterr()
    assert invoke(["report", str(folder), "--format", "docx,pptx", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [Path(path).name for path in found["trees"][0]["reports"]] == ["report.docx", "report.pptx"]
    assert found["issues"] == []
    reported = json.loads((folder / "output" / "manifest.json").read_text("utf-8"))["files"]
    assert [entry["path"] for entry in reported if entry["kind"] == "report"] == [
        "output/report.docx", "output/report.pptx",
    ]  # fmt: skip


def test_an_unknown_format_is_refused_with_those_there_are(folder: Path, capsys) -> None:
    assert invoke(["report", str(folder), "--format", "docx,odt"]) == 2
    assert "html, xlsx, docx, pptx" in capsys.readouterr().err
