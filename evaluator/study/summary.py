"""The figures of a run for those who watch it: how many customers stand where, and what changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from evaluator.study.steps import Steps


def summary(study: Steps) -> dict[str, Any]:
    """Return the figures of a study's results, without a customer's name; the same for the same run."""
    results, model = study.results, study.model
    deciding = ["status", "grade", *(f"class_{matrix.id}" for matrix in model.tree.matrices)]
    decided = study.decisions
    return {
        "tree": study.tree.id,
        "model": model.digest,
        "as_of": str(study.measured.as_of),
        "customers": results.height,
        **{name: _counts(results[name]) for name in deciding},
        "mean_score": results.filter(status="rated")["score"].mean(),
        "mean_coverage": results["coverage"].mean(),
        "actions": decided.given() if decided else {},
        "drift": study.drift.to_dict() if study.drift else None,
    }


def last_day(output: Path) -> date | None:
    """Return the day that the results in a folder look back from; None where there are none to be read."""
    try:
        return date.fromisoformat(json.loads((output / "summary.json").read_text("utf-8"))["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _counts(column: pl.Series) -> dict[str, int]:
    """Return how many customers have each value; those with none are left out."""
    counts = column.drop_nulls().value_counts().sort(column.name)
    return dict(counts.iter_rows())
