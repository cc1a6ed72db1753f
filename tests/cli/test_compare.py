"""`evaluator compare`: two runs, or one under other weights."""

import json
import shutil

import pytest

from evaluator.analysis import with_weights
from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study, go_on


@pytest.fixture
def last(folder):
    study = Study(folder)
    study.save_measures(), study.save_model(), study.save_scores()
    return folder


@pytest.fixture
def now(last, tmp_path):
    home = tmp_path / "now"
    go_on(last, home)
    text = (last / "measures.csv").read_text("utf-8")
    (home / "measures.csv").write_text(text.replace("001,One,50", "001,One,80"), "utf-8")
    return home


def test_two_runs_are_compared_with_the_reason_of_each_change(last, now, tmp_path, capsys) -> None:
    study = Study(now)
    study.save_measures(), study.save_model()
    target = tmp_path / "compared.csv"
    assert invoke(["--language", "en", "compare", str(last), str(now), "--output", str(target)]) == 0
    said = capsys.readouterr().out
    assert "rose from 50 to 80" in said
    assert ("These are: 001 One" in said) == ("0 customers have a different" not in said)
    told = json.loads(target.with_suffix(".json").read_text("utf-8"))
    assert told["switches"] == ["values"]
    assert told["compared"] == pytest.approx(told["steps"]["values"])
    assert "because" in target.read_text("utf-8-sig").splitlines()[0]


def test_a_run_tells_what_changed_since_the_study_it_goes_on_from(now) -> None:
    evaluation = Study(now).run()
    assert evaluation.comparison.switches == ("values",)
    changed = {row["id"]: row["values"] for row in evaluation.comparison.customers.iter_rows(named=True)}
    assert {id_ for id_, value in changed.items() if value} == {"001"}
    _, target = Study(now).save_comparison()
    assert json.loads(target.read_text("utf-8"))["as_of"] == "2026-01-01"


def test_other_weights_of_one_run(last, tmp_path, capsys) -> None:
    nodes = [child.id for child in Study(last).tree.root.children]
    arguments = [
        "compare",
        str(last),
        "--set",
        f"weights.{nodes[0]}=90",
        "--output",
        str(tmp_path / "c.csv"),
        "--json",
    ]
    assert invoke(arguments) == 0
    assert json.loads(capsys.readouterr().out)["switches"] == ["weights"]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"curent": 0.5}, "SCORE-685"),
        ({"value": 0.5}, "SCORE-686"),
        ({"first": 1.2}, "SCORE-686"),
        ({"all": 0.6}, "SCORE-686"),
    ],
)
def test_weights_that_cannot_be_are_refused(last, stated, code) -> None:
    model = Study(last).model
    first = model.tree.root.children[0].id
    known = {"curent": f"{first}x", "value": model.tree.root.id, "first": first}
    shares = {known[name]: share for name, share in stated.items() if name != "all"}
    if "all" in stated:
        shares = dict.fromkeys((child.id for child in model.tree.root.children), 0.6)
    with pytest.raises(EvaluationError) as refused:
        with_weights(model, shares)
    assert refused.value.issues[0].code == code
    assert (first in refused.value.issues[0].hint) == (code == "SCORE-685")


def test_what_was_not_kept_is_named(last, capsys) -> None:
    shutil.rmtree(last / "output")
    assert invoke(["--language", "en", "compare", str(last), str(last)]) == 1
    said = capsys.readouterr().err
    assert "STUDY-371" in said
    assert "output/model.json is missing" in said
    assert f"evaluator run {last}" in said


@pytest.mark.parametrize("arguments", [[], ["--set", "weights.x"], ["--set", "gates.x=1"]])
def test_neither_a_second_evaluation_nor_weights_is_wrong_usage(last, arguments) -> None:
    assert invoke(["compare", str(last), *arguments]) == 2


def test_a_customer_without_a_name_is_told_by_its_id_once_and_no_step_is_minus_nothing(
    folder, tmp_path, capsys
) -> None:
    table = folder / "measures.csv"
    rows = [line.split(",") for line in table.read_text("utf-8").splitlines()]
    table.write_text("".join(",".join([row[0], *row[2:]]) + "\n" for row in rows), "utf-8")
    study = Study(folder)
    study.save_measures(), study.save_model()
    target = str(tmp_path / "c.csv")
    assert (
        invoke(["--language", "en", "compare", str(folder), "--set", "weights.profit=10", "--output", target])
        == 0
    )
    told = capsys.readouterr().out
    assert "\n001: Different weights" in told
    assert "-0.0000" not in told


def test_where_the_comparison_was_written_is_said(last, now, tmp_path, capsys, monkeypatch) -> None:
    study = Study(now)
    study.save_measures(), study.save_model()
    monkeypatch.chdir(tmp_path)
    assert invoke(["--language", "en", "compare", str(last), str(now)]) == 0
    assert f"current folder, {tmp_path}" in capsys.readouterr().out
    assert invoke(["--language", "en", "compare", str(last), str(now), "--output", "other.csv"]) == 0
    assert "current folder" not in capsys.readouterr().out
