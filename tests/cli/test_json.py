"""`--json` of the verbs that act: one document in UTF-8 with what was found, written and noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.study import begin

ORDERS = "客户编号,日期,金额\n" + "".join(
    f"K{number % 7},2024-{number % 12 + 1:02}-1{number % 9},{100 + number}\n" for number in range(40)
)


def told(capsys, *arguments: object, code: int = 0) -> dict[str, object]:
    assert invoke([*map(str, arguments), "--json"]) == code, capsys.readouterr().err
    said = json.loads(capsys.readouterr().out)
    assert isinstance(said, dict)
    return said


def test_every_verb_of_the_road_tells_what_it_found_and_wrote(folder: Path, capsys) -> None:
    forms = told(capsys, "ask", folder)["forms"]
    assert {form["person"] for form in forms} == {"E1", "E2"}
    assert all(Path(form["file"]).is_file() for form in forms)
    (measured,) = told(capsys, "measure", folder)["trees"]
    assert {"measure", "origin", "observed", "missing"} == measured["measures"][0].keys()
    (fitted,) = told(capsys, "fit", folder)["trees"]
    assert fitted["fingerprint"]
    (scored,) = told(capsys, "score", folder)["trees"]
    assert sum(scored["statuses"].values()) == scored["customers"]
    assert sum(entry["customers"] for entry in scored["grades"]) == scored["customers"]
    reported = told(capsys, "report", folder, "--format", "xlsx")
    assert reported["written"] == reported["trees"][0]["reports"]
    for path in reported["written"]:
        assert Path(path).is_file()


def test_run_of_a_file_tells_which_columns_it_took(tmp_path: Path, capsys) -> None:
    (tmp_path / "x.csv").write_text(ORDERS, "utf-8")
    said = told(capsys, "run", tmp_path / "x.csv")
    orders = said["tables"]["orders"]
    assert orders["files"] == [{"name": "x.csv", "rows": 40}]
    assert orders["columns"]["amount"]["header"] == "金额"
    assert said["fed"]["tree"] == said["trees"][0]["tree"]
    assert said["open"][0] in said["written"]
    assert all({"code", "severity", "subject", "where", "says"} == issue.keys() for issue in said["issues"])


def test_a_question_is_json_too_and_nobody_is_asked(tmp_path: Path, capsys, monkeypatch) -> None:
    (tmp_path / "x.csv").write_text(
        ORDERS.replace("金额\n", "金额,实付金额\n").replace("\nK", ",5\nK"), "utf-8"
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    said = told(capsys, "run", tmp_path / "x.csv", code=1)
    assert [issue["code"] for issue in said["issues"]] == ["STUDY-350"]
    assert said["written"] == []


def test_init_tells_what_to_open(tmp_path: Path, capsys) -> None:
    said = told(capsys, "init", tmp_path / "new", "--tree", "quick_value")
    assert said["open"] == [str(tmp_path / "new" / "study.yaml")]
    assert said["open"][0] in said["written"]


@pytest.mark.parametrize("verb", ["demo", "init", "ask", "measure", "fit", "score", "report", "run"])
def test_what_is_wrong_is_json_with_its_exit_code(tmp_path: Path, capsys, verb: str) -> None:
    (tmp_path / "study.yaml").write_text("title: 中文\nnonsense: 1\n", "utf-8")
    arguments = {"init": ["--from", str(tmp_path)]}.get(verb, [])
    target = tmp_path / "other" if verb == "init" else tmp_path
    said = told(capsys, verb, target, *arguments, code=1)
    assert said["issues"]


def test_a_study_begun_is_told_in_utf8_whatever_the_console_is(tmp_path: Path, capfdbinary) -> None:
    begin(tmp_path / "研究", tree="quick_value", title="评价", language="zh")
    assert invoke(["init", str(tmp_path / "另一个"), "--tree", "quick_value", "--json"]) == 0
    assert "另一个" in json.loads(capfdbinary.readouterr().out.decode("utf-8"))["folder"]


def test_a_first_demo_run_shows_no_warning_nobody_can_mend(tmp_path: Path, capsys) -> None:
    """The planted faults are told in one sentence, and stand in the report."""
    assert invoke(["--language", "en", "demo", str(tmp_path / "demo")]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert "on purpose" in said.out
    assert said.out.splitlines()[-1] == f"Open: {tmp_path / 'demo' / 'output' / 'report.html'}"
