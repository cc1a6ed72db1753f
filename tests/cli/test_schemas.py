"""Every document that `--json` prints is as `evaluator schema VERB` says, when all goes well and when not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from evaluator.cli import invoke
from evaluator.cli.program import VERBS
from evaluator.cli.schemas import SCHEMAS, WITHOUT, schema_of
from evaluator.demo import Made
from evaluator.study import Study
from evaluator.study.bundle import bundle

SMALL = Path(__file__).parents[1] / "studies" / "small"


def printed(capsys, *arguments: object) -> tuple[int, object]:
    code = invoke([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def valid(verb: str, document: object) -> None:
    jsonschema.Draft202012Validator(schema_of(verb)).validate(document)


def test_every_verb_has_a_schema() -> None:
    assert {*SCHEMAS, *WITHOUT} == set(VERBS)


@pytest.mark.parametrize("verb", SCHEMAS)
def test_a_schema_is_one_and_refuses_what_it_does_not_know(verb: str, capsys) -> None:
    jsonschema.Draft202012Validator.check_schema(schema_of(verb))
    assert invoke(["schema", verb]) == 0
    assert json.loads(capsys.readouterr().out) == schema_of(verb)
    with pytest.raises(jsonschema.ValidationError):
        valid(verb, {"nonsense": 1, "written": [], "issues": []})


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("road") / "项目"
    shutil.copytree(SMALL, home)
    assert invoke(["run", str(home)]) == 0
    return home


CALLS = (
    ("check", "{road}", "--data"), ("check", "quick_value"), ("ask", "{road}"), ("weigh", "{road}"),
    ("measure", "{road}"), ("fit", "{road}"), ("score", "{road}"), ("run", "{road}"),
    ("report", "{road}", "--format", "xlsx"), ("bundle", "{road}"),
    ("pack", "{road}", "--output", "{road}/../pack.zip"), ("verify", "{road}"),
    ("robust", "{road}", "--draws", "100"), ("show", "quick_value"),
    ("list", "trees"), ("list", "methods"), ("list", "tables"), ("doctor",),
    ("init", "{road}/../new", "--tree", "quick_value"),
)  # fmt: skip


@pytest.mark.parametrize("call", CALLS, ids=lambda call: "-".join(call[:2]).replace("{road}", ""))
def test_what_a_verb_prints_is_as_its_schema_says(call, road: Path, capsys) -> None:
    code, document = printed(capsys, *(part.replace("{road}", str(road)) for part in call))
    assert code == 0, document
    valid(call[0], document)


def test_an_explanation_and_a_comparison_are_too(road: Path, capsys) -> None:
    customer = Study(road).results["id"][0]
    code, document = printed(capsys, "explain", road, customer)
    assert (code, document["id"]) == (0, customer)
    valid("explain", document)
    node = Study(road).tree.root.children[0].id
    code, document = printed(
        capsys, "compare", road, "--set", f"weights.{node}=50", "--output", road / "c.csv"
    )
    assert code == 0
    valid("compare", document)


@pytest.mark.parametrize(
    "call",
    [(verb, "{broken}") for verb in ("ask", "weigh", "measure", "fit", "score", "report", "run", "plan",
                                     "robust", "bundle", "check", "pack", "verify")]
    + [("explain", "{broken}", "C1"), ("compare", "{broken}", "{broken}"), ("show", "no_such_tree"),
       ("revise", "{broken}", "--expert", "E1", "--pair", "a:b", "--answer", "3", "--author", "x",
        "--reason", "y")],
    ids=lambda call: call[0],
)  # fmt: skip
def test_what_is_wrong_is_a_document_with_exit_code_1(call, tmp_path: Path, capsys) -> None:
    (tmp_path / "study.yaml").write_text("title: 中文\nnonsense: 1\n", "utf-8")
    code, document = printed(capsys, *(part.replace("{broken}", str(tmp_path)) for part in call))
    assert code == 1
    assert document["issues"]
    valid(call[0], document)


def test_the_bundle_holds_the_evaluation(demo_study: tuple[Made, Study]) -> None:
    """Scores, actions and digests are those of the run, unrounded; experts are coded."""
    run = demo_study[1].run()
    whole = json.loads(json.dumps(bundle(run), allow_nan=False))
    valid("bundle", whole)
    scores = {row["id"]: row["score"] for row in whole["customers"]}
    assert scores == dict(run.results.select("id", "score").iter_rows())
    assert len(whole["files"]) == len(run.provenance.files)
    assert sum(len(row["actions"]) for row in whole["customers"]) == run.decisions.customers.height
    names = {name for one in run.panel.experts for name in (one.id, one.name) if name}
    said = {one["expert"] for group in whole["weights"]["groups"] for one in group["experts"]}
    assert said
    assert not said & names or all(name.startswith(("E", "专家")) for name in said)


def test_doctor_says_what_is_missing_and_how_to_get_it(monkeypatch, capsys) -> None:
    from evaluator.cli import doctor

    lines = ["numpy>=2.0", "nothing-like-it>=1", "duckdb>=99; extra == 'duckdb'"]
    monkeypatch.setattr(doctor, "requires", lambda name: lines)
    monkeypatch.setattr(doctor, "chinese_fonts", list)
    code, found = printed(capsys, "doctor")
    assert code == 1
    valid("doctor", found)
    assert [one["name"] for one in found["libraries"] if not one["fits"]] == ["nothing-like-it"]
    assert found["extras"][0]["install"] == "pip install 'evaluator[duckdb]'"
    assert invoke(["--language", "en", "doctor"]) == 1
    said = capsys.readouterr().out
    assert "No font with Chinese letters" in said
    assert "pip install 'evaluator[duckdb]'" in said


def test_an_agreed_revision_is_too(tmp_path: Path, capsys) -> None:
    shutil.copytree(SMALL, tmp_path / "s")
    code, document = printed(
        capsys, "revise", tmp_path / "s", "--expert", "E1", "--pair", "profit:trust", "--answer", "5",
        "--author", "Zhang", "--reason", "saw it", "--date", "2026-01-05",
    )  # fmt: skip
    assert code == 0, document
    assert document["revision"]["after"] == 5
    assert Path(document["file"]).is_file()
    valid("revise", document)


@pytest.mark.parametrize("dbt", [False, True])
def test_an_export_is_too(road: Path, tmp_path: Path, capsys, dbt: bool) -> None:
    pytest.importorskip("sqlglot")
    target = ("--dbt", tmp_path / "models") if dbt else ("--output", tmp_path / "scores.sql")
    model = road / "output" / "model.json"
    code, document = printed(capsys, "export", model, "--sql", "postgres", *target)
    assert code == 0, document
    assert len(document["written"]) == 1 + dbt
    assert all(Path(path).is_file() for path in document["written"])
    assert document["dialect"] == "postgres"
    valid("export", document)


def test_a_study_made_of_a_file_is_too(tmp_path: Path, capsys) -> None:
    rows = (f"K{n % 7},2024-{n % 12 + 1:02}-1{n % 9},{100 + n}" for n in range(40))
    (tmp_path / "orders.csv").write_text("\n".join(["客户编号,日期,金额", *rows]), "utf-8")
    code, document = printed(capsys, "run", tmp_path / "orders.csv", "--format", "html")
    assert code == 0, document
    assert document["fed"]["short"] == {"growth": {"needed": 24, "months": 12}}
    valid("run", document)


def test_the_demo_is_too(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the small study in place of what the demo makes, which `test_json` runs."""
    monkeypatch.setattr("evaluator.demo.make", lambda folder, **_: shutil.copytree(SMALL, folder))
    code, document = printed(capsys, "demo", tmp_path / "demo")
    assert code == 0, document
    assert document["folder"] == str(tmp_path / "demo")
    assert [Path(path).is_file() for path in document["open"]] == [True]
    valid("demo", document)
