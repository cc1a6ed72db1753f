"""Equal findings are said once: the first in full, of the others only what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator import messages
from evaluator.errors import Issue, Severity

_OWN = ("count", "indicator", "examples", "ids", "categories", "value")
"""What tells of the subject only; a finding that differs in anything else is another one."""


def alike(issues: Iterable[Issue]) -> list[list[Issue]]:
    """Return issues, errors first, with those that say the same of other subjects together.

    Errors stay single: each has to be mended where it stands.

    >>> issues = [Issue("DATA-433", name, severity=Severity.WARNING) for name in ("breadth", "growth")]
    >>> [[issue.subject for issue in same] for same in alike(issues)]
    [['breadth', 'growth']]
    """
    together: dict[object, list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: list(Severity).index(issue.severity)):
        same = {name: str(value) for name, value in issue.detail.items() if name not in _OWN}
        key: object = (issue.code, issue.severity, issue.where, issue.hint, *same.items())
        if issue.severity is Severity.ERROR:
            key = id(issue)
        together.setdefault(key, []).append(issue)
    return list(together.values())


def in_words(same: Sequence[Issue], language: str) -> str:
    """Return what issues that are alike say: the first, then the other subjects with their counts."""
    first, *others = same
    if not others:
        return first.text(language)
    kind = "counted" if "count" in first.detail else "named"
    about = (
        messages.text(f"alike.{kind}", language, subject=issue.subject, count=issue.detail.get("count"))
        for issue in others
    )
    return likewise(first.text(language), about, language)


def as_data(issue: Issue, language: str) -> dict[str, object]:
    """Return an issue for a program, with what it says in words.

    >>> as_data(Issue("DATA-439"), "en")["code"]
    'DATA-439'
    """
    return {
        "code": issue.code,
        "severity": issue.severity,
        "subject": issue.subject,
        "where": str(issue.where) if issue.where else None,
        "says": issue.sentence(language),
    }


def likewise(first: str, others: Iterable[str], language: str) -> str:
    """Return a sentence with what else it holds for."""
    names = messages.text("comma", language).join(others)
    return messages.text("alike.likewise", language, first=first, names=names) if names else first
