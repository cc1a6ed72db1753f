"""Two runs of one study write the same bytes, whatever the order of the lines and the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

STUDY = """\
schema: 1
title: {zh: 试评, en: A trial}
language: en
tree: orders_value
weighting: {source: given}
tables: {orders: {file: orders.csv, columns: {id: customer}}}
"""
RUN = """
import sys
from evaluator.cli import invoke
sys.exit(max(invoke([command, sys.argv[1]]) for command in ("weigh", "measure", "fit", "score")))
"""
WRITTEN = (
    "measures.csv", "measures.parquet", "scores.csv", "scores.parquet", "weights.json", "model.json"
)  # fmt: skip


def _lines() -> pl.DataFrame:
    """Return lines of up to 10⁸ and awkward cents; the first sixty name each customer in turn."""
    rng, count = np.random.default_rng(1), 20_000
    first = date(2022, 1, 1)
    names = np.concatenate([np.arange(60), rng.integers(0, 60, count - 60)])
    return pl.DataFrame(
        {
            "customer": [f"K{name:02}" for name in names],
            "date": [first + timedelta(days=int(day)) for day in rng.integers(0, 1000, count)],
            "amount": rng.integers(-2 * 10**9, 2 * 10**10, count) / 100,
        }
    )


def _written(folder: Path, lines: pl.DataFrame, **environment: str) -> dict[str, bytes]:
    folder.mkdir()
    lines.write_csv(folder / "orders.csv")
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    variables = {**os.environ, **environment}
    subprocess.run([sys.executable, "-c", RUN, str(folder)], check=True, env=variables, capture_output=True)
    return {name: (folder / "output" / name).read_bytes() for name in WRITTEN}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    folder, lines = tmp_path_factory.mktemp("runs"), _lines()
    others = lines.tail(-60).sample(fraction=1.0, shuffle=True, seed=2)
    return [
        _written(folder / "one", lines, POLARS_MAX_THREADS="1"),
        _written(folder / "many", pl.concat([lines.head(60), others]), POLARS_MAX_THREADS="4"),
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_two_runs_write_the_same_bytes(runs: list[dict[str, bytes]], name: str) -> None:
    one, many = runs
    assert one[name] == many[name]
