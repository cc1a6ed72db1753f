"""`evaluator robust` and the last line of `evaluator run`."""

import json
from pathlib import Path

import polars as pl
import pytest

from evaluator.cli import invoke


def test_a_study_says_how_sure_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["--language", "en", "robust", str(folder), "--draws", "200", "--seed", "3"]) == 0
    told = capsys.readouterr()
    assert "of 200 simulations" in told.out or "nothing" in told.out.lower()
    output = folder / "output"
    customers = pl.read_csv(output / "certainty.csv")
    shares = pl.read_parquet(output / "certainty.parquet")
    sums = shares.group_by("id", "what").agg(pl.col("share").sum())["share"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))
    figures = json.loads((output / "certainty.json").read_text("utf-8"))
    assert (figures["draws"], figures["seed"]) == (200, 3)
    assert {"id", "rank", "rank_low", "rank_high", "kept_grade"} <= set(customers.columns)
    before = (output / "certainty.csv").read_bytes()
    assert invoke(["robust", str(folder), "--draws", "200", "--seed", "3", "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["trees"]
    assert said["certainty"]["steady"] == figures["steady"]
    assert len(said["customers"]) == customers.height
    assert (output / "certainty.csv").read_bytes() == before


def test_run_says_how_sure_it_is_before_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["--language", "en", "run", str(folder)]) == 0
    lines = capsys.readouterr().out.splitlines()
    (sure,) = (number for number, line in enumerate(lines) if "2,000 simulations" in line)
    assert lines[sure - 1].startswith("written: ")
    assert lines[sure + 1].startswith("Actions: ")
    assert lines[-1].startswith("Open: ")


def test_draws_are_a_number_that_tells_something(folder: Path) -> None:
    assert invoke(["robust", str(folder), "--draws", "5"]) == 2


def test_break_even_weights_are_told_and_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["--language", "en", "robust", str(folder), "--draws", "100", "--break-even", "--customer", "001"]
    assert invoke(call) == 0
    assert "raised to" in capsys.readouterr().out
    output = folder / "output"
    nodes = pl.read_csv(output / "break_even.csv")
    assert nodes.height == pl.read_parquet(output / "break_even.parquet").height > 2
    whole = json.loads((output / "break_even.json").read_text("utf-8"))
    assert [row["node"] for row in whole["nodes"]] == nodes["node"].to_list()
    assert {row["id"] for row in whole["customers"]} <= {"001"}
    assert invoke([*call[2:], "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)["trees"]
    assert said["break_even"] == whole["nodes"]
    assert said["break_even_classes"] == whole["classes"] != []
    assert said["break_even_customers"] == whole["customers"] != []
    assert invoke(["robust", str(folder), "--draws", "100", "--customer", "nobody"]) == 1
    assert "SCORE-651" in capsys.readouterr().err
