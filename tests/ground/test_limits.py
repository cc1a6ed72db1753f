"""Limits can be changed from outside the study, and the documentation names each."""

from pathlib import Path

import pytest

from evaluator.limits import LIMITS, Limit

DOCS = Path(__file__).resolve().parents[2] / "docs" / "security.md"


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_the_documentation_names_every_limit_with_its_default(limit: Limit) -> None:
    assert f"| `{limit.variable}` | {limit.default:,} |" in DOCS.read_text("utf-8")


def test_the_environment_changes_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = Limit("EVALUATOR_TRIED", 5)
    assert limit.value == 5
    monkeypatch.setenv("EVALUATOR_TRIED", " 70 ")
    assert limit.value == 70
