"""What issues are asked for most: their codes."""

from collections.abc import Iterable

from evaluator.errors import Issue


def codes_of(issues: Iterable[Issue]) -> list[str]:
    """Return the codes of issues, in their order."""
    return [issue.code for issue in issues]
