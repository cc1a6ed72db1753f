"""What is added is the same to the last bit, whatever the order of the rows and the number of threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta

import many_answers
import numpy as np
import polars as pl
import pytest

from evaluator.customers import MODELS
from evaluator.customers.history import purchase_history
from evaluator.customers.models.rfm.scores import rfm
from evaluator.customers.models.value.contribution import cost_to_serve
from evaluator.customers.models.value.receivables import receivables

AS_OF = date(2024, 1, 1)
WAYS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "receivables": lambda rows: receivables(rows, as_of=AS_OF),
    "cost_to_serve": lambda rows: cost_to_serve(rows, quantity="amount", rate="rate"),
    "purchase_history": lambda rows: purchase_history(rows, period="month"),
    "rfm": lambda rows: rfm(rows, as_of=AS_OF).profile,
}


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    rng, count = np.random.default_rng(16), 20_000
    days = [AS_OF - timedelta(days=int(day)) for day in rng.integers(1, 700, count)]
    return pl.DataFrame(
        {
            "id": [f"K{name}" for name in rng.integers(0, 30, count)],
            "date": days,
            "due": [day + timedelta(days=30) for day in days],
            "paid": [day + timedelta(days=90) for day in days],
            "amount": rng.integers(0, 10**10, count) / 710,  # converted: no last decimal
            "rate": rng.random(count),
        }
    )


@pytest.mark.parametrize("name", WAYS)
def test_the_order_of_the_rows_changes_no_digit(rows: pl.DataFrame, name: str) -> None:
    first = WAYS[name](rows)
    for seed in range(3):
        again = WAYS[name](rows.sample(fraction=1.0, shuffle=True, seed=seed))
        assert again.equals(first), name


@pytest.fixture(scope="module")
def runs() -> tuple[dict[str, str], dict[str, str]]:
    """Every model on many rows, by one thread, and by four with the rows of every table shuffled."""
    one, many = (
        subprocess.run(
            [sys.executable, many_answers.__file__, *seed],
            env={**os.environ, "POLARS_MAX_THREADS": threads},
            check=True,
            capture_output=True,
        )
        for threads, seed in (("1", []), ("4", ["5"]))
    )
    return json.loads(one.stdout), json.loads(many.stdout)


@pytest.mark.parametrize("name", MODELS.names())
def test_every_model_finds_the_same_digits_in_any_order_with_any_threads(
    runs: tuple[dict[str, str], dict[str, str]], name: str
) -> None:
    one, many = ({place: said for place, said in run.items() if place.endswith(f".{name}")} for run in runs)
    assert one, f"{name} has no tables here"
    assert one == many
