"""Run by a scheduler: single steps, the summary, and exit code 4 where customers have drifted."""

import json
import os
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import decided_study
import jsonschema
import polars as pl
import pytest

from evaluator.cli import invoke
from evaluator.cli.schemas import schema_of
from evaluator.study import go_on

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operation.md"
ROWS = "id,gross_profit,churn_probability\n" + "".join(
    f"c{n},{n * 400},{(n % 10) / 10}\n" for n in range(1, 26)
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "last").mkdir()
    study = decided_study.study(tmp_path / "last", rows=ROWS)
    (study.folder / "customers.csv").write_text(
        "id,owner,region\n" + "".join(f"c{n},Li,N\n" for n in range(1, 26)), "utf-8"
    )
    return study.folder


def test_only_some_steps_are_walked_and_written(home: Path, capsys: Any) -> None:
    assert invoke(["run", str(home), "--only", "measures, scores", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in (home / "output").iterdir() if not path.name.startswith(".")) == [
        "measures.csv", "measures.parquet", "scores.csv", "scores.parquet", "summary.json",
    ]  # fmt: skip
    assert {Path(path).name for path in said["written"]} >= {"measures.parquet", "summary.json"}
    assert said["trees"][0]["customers"] == 25
    jsonschema.validate(said, schema_of("run"))
    assert invoke(["run", str(home), "--only", "actions"]) == 0
    assert (home / "output" / "actions.parquet").is_file()
    assert not (home / "output" / "report.html").exists()
    assert invoke(["--language", "en", "run", str(home), "--only", "sorces"]) == 2
    assert "sorces" in capsys.readouterr().err


def test_the_summary_is_the_same_for_the_same_run(home: Path) -> None:
    invoke(["run", str(home), "--only", "scores"])
    first = (home / "output" / "summary.json").read_bytes()
    invoke(["run", str(home), "--only", "scores"])
    assert (home / "output" / "summary.json").read_bytes() == first
    told = json.loads(first)
    assert told["customers"] == sum(told["status"].values()) == 25
    assert sum(told["grade"].values()) == 25
    assert told["drift"] is None
    assert "c1" not in first.decode()


def test_drift_beyond_the_stated_limit_is_exit_code_4(home: Path, capsys: Any) -> None:
    assert invoke(["run", str(home), "--format", "html"]) == 0
    following = home.parent / "next"
    go_on(home, following)
    for name in ("measures.csv", "customers.csv", "own.yaml"):
        if (home / name).exists():
            shutil.copy(home / name, following / name)
    only = ["--language", "en", "run", str(following), "--only", "scores"]
    with (following / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("\ndrift: {indicators: 0.25, classes: 0.2}\n")
    assert invoke(only) == 0
    summary = json.loads((following / "output" / "summary.json").read_text("utf-8"))
    assert summary["drift"]["passed"] is False
    rows = (following / "measures.csv").read_text("utf-8").splitlines()
    changed = [rows[0], *(re.sub(r",\d+,", ",100,", row) for row in rows[1:])]
    (following / "measures.csv").write_text("\n".join(changed) + "\n", "utf-8")
    capsys.readouterr()
    assert invoke(only) == 4
    said = capsys.readouterr()
    assert "SCORE-691" in said.err
    assert "drifted" in said.out
    summary = json.loads((following / "output" / "summary.json").read_text("utf-8"))
    assert summary["drift"]["passed"] is True
    assert invoke([*only, "--json"]) == 4
    jsonschema.validate(json.loads(capsys.readouterr().out), schema_of("run"))
    assert summary["drift"]["indicators"][0]["indicator"] == "profit"
    text = (following / "study.yaml").read_text("utf-8").replace("drift: {", "#drift: {")
    (following / "study.yaml").write_text(text, "utf-8")
    assert invoke(only) == 0


def blocks(language: str) -> list[str]:
    """Return the examples of the page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)


def program(name: str) -> str | None:
    """Return the path of a program of this environment."""
    return shutil.which(name, path=str(Path(sys.executable).parent))


def run(command: list[str], **variables: str) -> "subprocess.CompletedProcess[str]":
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": os.pathsep.join(sys.path), **variables}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)


def test_the_script_for_cron_says_nothing_unless_something_is_wrong(home: Path, tmp_path: Path) -> None:
    if program("evaluator") is None:
        pytest.skip("the command is not installed here")
    (script,) = blocks("sh")
    (tmp_path / "scores.sh").write_text(script, "utf-8")
    done = run(["sh", str(tmp_path / "scores.sh"), str(home)])
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    (home / "measures.csv").unlink()
    done = run(["sh", str(tmp_path / "scores.sh"), str(home)])
    assert done.returncode == 1
    assert "failed with exit code 1" in done.stdout
    assert "measures.csv" in done.stdout


def test_the_commands_of_the_airflow_example_are_ours(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow is not run here: its operator is stood in for by what records the commands."""
    told: list[dict[str, Any]] = []

    class Operator:
        def __init__(self, **words: Any) -> None:
            told.append(words)

        def __rshift__(self, other: object) -> None:
            told.append({"then": other})

    dag = type(
        "DAG", (), {"__init__": lambda *a, **k: None, "__enter__": lambda s: s, "__exit__": lambda *a: None}
    )
    for name, words in (
        ("airflow", {"DAG": dag}),
        ("airflow.operators", {}),
        ("airflow.operators.bash", {"BashOperator": Operator}),
    ):
        module = types.ModuleType(name)
        module.__dict__.update(words)
        monkeypatch.setitem(sys.modules, name, module)
    example = next(block for block in blocks("python") if "airflow" in block)
    exec(compile(example.replace("/srv/studies/q2", str(home)), "operation.md", "exec"), {})
    commands = [entry["bash_command"].split() for entry in told if "bash_command" in entry]
    assert [words[0] for words in commands] == ["evaluator", "evaluator", "cat"]
    assert invoke(commands[0][1:]) == 0
    assert Path(commands[2][1]).is_file()


def test_the_spark_example_scores_a_frame(
    home: Path, spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    assert invoke(["run", str(home), "--only", "measures,model,scores"]) == 0
    for name in ("model.json", "measures.parquet"):
        shutil.copy(home / "output" / name, tmp_path / name)
    example = next(block for block in blocks("python") if "SparkSession" in block)
    monkeypatch.chdir(tmp_path)
    for name in ("model.json", "measures.parquet", '"scores"'):
        bare = name.strip('"')
        example = example.replace(f'"{bare}"', repr(str(tmp_path / bare)))
    exec(compile(example, "operation.md", "exec"), {})
    found = pl.read_parquet(f"{tmp_path}/scores/*.parquet").sort("id")
    wanted = pl.read_parquet(home / "output" / "scores.parquet").sort("id")
    assert found["score"].to_list() == pytest.approx(wanted["score"].to_list())
