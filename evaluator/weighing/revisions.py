"""Answers that experts revised: kept beside the originals, with who, when and why."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field

from evaluator import files
from evaluator.documents import Day, Format, load, validate
from evaluator.errors import Issue, Severity, raise_errors
from evaluator.labels import Positive
from evaluator.weighing.panel import Judgment, Panel
from evaluator.weighing.suggestions import Suggestion


class Revision(Format):
    """One answer an expert changed after seeing what it contradicts; the original stays in its file."""

    expert: str
    group: str
    a: str
    b: str
    before: Positive
    after: Positive
    author: Annotated[str, Field(min_length=1)]
    date: Day
    reason: Annotated[str, Field(min_length=1)]


class RevisionsFile(Format):
    """The format of a file of revisions, in the order they were agreed."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    revisions: tuple[Revision, ...]


def load_revisions(path: str | Path) -> tuple[Revision, ...]:
    """Return the revisions of a file; raises as `documents.load` and `documents.validate` do."""
    return validate(load(path), RevisionsFile).revisions


def save_revisions(revisions: Iterable[Revision], path: str | Path) -> None:
    """Write revisions as YAML, whole or not at all; raises as `files.replacing` does."""
    content = {"schema": 1, "revisions": [revision.model_dump(mode="json") for revision in revisions]}
    files.write_text(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def revise(panel: Panel, revisions: Iterable[Revision]) -> Panel:
    """Return the panel with revised answers in place of the originals, which it was not changed in.

    Every revision is named in the panel's issues. It must find the answer it was agreed on: revisions of one
    answer follow each other.

    Raises
    ------
    EvaluationError
        when the expert did not compare the two, or answered otherwise than the revision says.
    """
    judgments = list(panel.judgments)
    issues: list[Issue] = []
    for revision in revisions:
        places = [k for k, judgment in enumerate(judgments) if _concerns(revision, judgment)]
        said = [_over(revision, judgments[k]) for k in places]
        subject = f"{revision.a} : {revision.b}"
        detail: dict[str, object] = {
            "expert": revision.expert,
            "group": revision.group,
            "before": revision.before,
        }
        if not places or not all(math.isclose(value, revision.before, rel_tol=1e-6) for value in said):
            found = ", ".join(f"{value:g}" for value in said) or "–"
            issues.append(Issue("WEIGH-522", subject, {**detail, "found": found}))
            continue
        for k in places:
            judgments[k] = _revised(revision, judgments[k])
        detail |= {
            "after": revision.after,
            "author": revision.author,
            "date": revision.date.isoformat(),
            "reason": revision.reason,
        }
        where = judgments[places[0]].where
        issues.append(Issue("WEIGH-521", subject, detail, where=where, severity=Severity.NOTE))
    raise_errors(issues)
    return replace(panel, judgments=tuple(judgments), issues=(*panel.issues, *issues))


def accept(suggestion: Suggestion, *, author: str, date: datetime.date, reason: str) -> tuple[Revision, ...]:
    """Return the record of a suggestion the expert agreed to: one revision per changed answer."""
    return tuple(
        Revision(
            expert=suggestion.expert,
            group=suggestion.group,
            a=change.a,
            b=change.b,
            before=change.before,
            after=change.after,
            author=author,
            date=date,
            reason=reason,
        )
        for change in suggestion.changes
    )


def _concerns(revision: Revision, judgment: Judgment) -> bool:
    return (judgment.expert, judgment.group) == (revision.expert, revision.group) and {
        judgment.a,
        judgment.b,
    } == {revision.a, revision.b}


def _over(revision: Revision, judgment: Judgment) -> float:
    return judgment.value if judgment.a == revision.a else 1 / judgment.value


def _revised(revision: Revision, judgment: Judgment) -> Judgment:
    value = revision.after if judgment.a == revision.a else 1 / revision.after
    return replace(judgment, value=value, answer="")
