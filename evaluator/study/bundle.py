"""One document with all that an evaluation came to, for programs: scores, actions, weights, digests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from evaluator.alike import as_data
from evaluator.analysis.robustness import figures
from evaluator.errors import Issue
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.tree import tree_fingerprint

VERSION = 1
COLUMNS = ("id", "name", "status", "score", "rank", "grade", "coverage")


def bundle(
    evaluation: Evaluation, *, language: str | None = None, options: ReportOptions | None = None
) -> dict[str, Any]:
    """Return an evaluation as plain values: what `evaluator schema bundle` describes.

    Experts are coded unless the options show them, as in the reports. Nothing is rounded.
    """
    context = Context(evaluation, language or evaluation.language, options or ReportOptions())
    spoken, proof, decisions = context.language, evaluation.provenance, evaluation.decisions
    plan = decisions.plan if decisions else None
    return {
        "bundle": VERSION,
        "software": proof.software,
        "language": spoken,
        "title": evaluation.title[spoken],
        "as_of": str(proof.as_of),
        "currency": evaluation.currency,
        "seed": proof.seed,
        "fingerprint": proof.fingerprint,
        "conventions": {name: str(value) for name, value in proof.conventions.items()},
        "files": [
            {"path": context.reader.coded(file.path), "sha256": file.sha256, "rows": file.rows}
            for file in proof.files
        ],
        "tree": {
            "id": evaluation.tree.id, "name": evaluation.tree.name[spoken],
            "subject": evaluation.tree.subject, "fingerprint": tree_fingerprint(evaluation.tree),
        },
        "model": {"fingerprint": evaluation.model.fingerprint, "population": evaluation.model.population},
        "weights": _weights(context),
        "customers": list(_customers(context)),
        "unrated": [
            {"id": one.id, "name": one.name, "reason": context.said(one.reason)} for one in evaluation.unrated
        ],
        "actions": decisions.given() if decisions else None,
        "plan": {"value": plan.value, "cost": plan.cost, "bound": plan.bound, "budget": plan.limits.budget}
        if plan
        else None,
        "certainty": figures(evaluation.certainty, spoken) if evaluation.certainty else None,
        "issues": [_issue(issue, context) for issue in evaluation.issues],
    }  # fmt: skip


def _issue(issue: Issue, context: Context) -> dict[str, object]:
    told, coded = as_data(issue, context.language), context.reader.coded
    return told | {key: coded(str(told[key])) for key in ("subject", "where", "says") if told[key]}


def _weights(context: Context) -> dict[str, Any]:
    weights = context.evaluation.weights
    return {
        "source": weights.source, "form": weights.form, "convention": weights.convention,
        "method": weights.method, "aggregation": weights.aggregation, "scale": weights.scale,
        "local": dict(context.evaluation.model.local), "global": dict(context.evaluation.model.global_),
        "groups": [
            {
                "group": group.group,
                "cr": _known(group.joint.cr) if group.joint else None,
                "verdict": group.joint.verdict if group.joint else None,
                "experts": [
                    {"expert": context.reader.experts.get(one.expert, one.expert), "used": one.used,
                     "reason": one.reason, "cr": _known(one.judged.cr), "verdict": one.judged.verdict}
                    for one in group.experts
                ],
            }
            for group in weights.groups
        ],
    }  # fmt: skip


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _customers(context: Context) -> Iterator[dict[str, Any]]:
    """Yield every customer with score, class and what is done; the best rank first."""
    matrices = [matrix.id for matrix in context.tree.matrices]
    given = _given(context)
    for row in context.results.sort("rank", "id", nulls_last=True).iter_rows(named=True):
        yield {
            **{name: row.get(name) for name in COLUMNS},
            "classes": {matrix: row[f"class_{matrix}"] for matrix in matrices},
            "actions": given.get(row["id"], []),
        }


def _given(context: Context) -> dict[str, list[dict[str, Any]]]:
    decisions = context.evaluation.decisions
    given: dict[str, list[dict[str, Any]]] = {}
    if decisions is None:
        return given
    named = ("action", "reason", "flags", "gain", "cost", "net", "stake", "due")
    for row in decisions.customers.iter_rows(named=True):
        told = {name: row[name] for name in named if name in row}
        given.setdefault(row["id"], []).append(told | {"due": str(told["due"]) if told.get("due") else None})
    return given
