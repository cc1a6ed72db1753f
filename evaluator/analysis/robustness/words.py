"""A certainty in one sentence, and as plain figures for files and programs."""

from __future__ import annotations

from typing import Any

import polars as pl

from evaluator import messages
from evaluator.evaluation import Certainty
from evaluator.messages import Listing, Term


def sentence(certainty: Certainty, subject: str, language: str) -> str:
    """Return how sure the result is: how many keep what decides, or why that cannot be said.

    Parameters
    ----------
    subject : what the tree evaluates, as `Tree.subject` has it.
    """
    if not certainty.known or not certainty.sources:
        return next((issue.text(language) for issue in certainty.issues), "")
    whole = "alone" if certainty.rated == 1 else "sentence"
    return messages.text(
        f"certainty.{'sampled' if certainty.looked < certainty.rated else whole}",
        language,
        share=certainty.customers.filter(pl.col("rank").is_not_null())[certainty.kept].mean() or 0.0,
        steady=certainty.steady,
        looked=certainty.looked,
        rated=certainty.rated,
        subject=Term(f"subject.{subject}"),
        what=Term(f"certainty.what.{'grade' if certainty.deciding == 'grade' else 'class'}"),
        level=certainty.level,
        draws=certainty.draws,
        sources=Listing(tuple(Term(f"certainty.source.{name}") for name in certainty.sources)),
    )


def figures(certainty: Certainty, language: str) -> dict[str, Any]:
    """Return everything but who has which share, as plain values."""
    return {
        "draws": certainty.draws,
        "seed": certainty.seed,
        "level": certainty.level,
        "spread": certainty.spread,
        "deciding": certainty.deciding,
        "sources": list(certainty.sources),
        "rated": certainty.rated,
        "looked": certainty.looked,
        "steady": certainty.steady if certainty.known else None,
        "grounds": dict(certainty.grounds),
        "totals": certainty.totals.to_dicts(),
        "alone": certainty.alone.to_dicts(),
        "actions": dict(certainty.actions),
        "issues": [
            {"code": issue.code, "severity": str(issue.severity), "text": issue.text(language)}
            for issue in certainty.issues
        ],
    }
