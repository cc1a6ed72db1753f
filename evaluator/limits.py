"""How much a file from strangers may cost, and how an administrator changes it.

A study is such a file itself, so no limit stands in `study.yaml`: the environment of the program sets
them, by the names below (`docs/security.md`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.errors import EvaluationError, Issue


@dataclass(frozen=True, slots=True)
class Limit:
    """A number nobody has to think about; `variable` is the environment variable that replaces it."""

    variable: str
    default: int

    @property
    def value(self) -> int:
        """The number in force.

        Raises `EvaluationError` when the environment holds something else than a whole number above 0.
        """
        stated = os.environ.get(self.variable, "").strip()
        if not stated:
            return self.default
        if not (stated.isascii() and stated.isdecimal() and 0 < len(stated.lstrip("0")) < 16):
            raise EvaluationError([Issue("LIMIT-001", self.variable, {"found": stated[:40]})])
        return int(stated)


TEMPLATE_STEPS = Limit("EVALUATOR_TEMPLATE_STEPS", 5_000_000)
TEMPLATE_CHARACTERS = Limit("EVALUATOR_TEMPLATE_CHARACTERS", 100_000_000)
TEMPLATE_SECONDS = Limit("EVALUATOR_TEMPLATE_SECONDS", 60)
UNPACKED_BYTES = Limit("EVALUATOR_UNPACKED_BYTES", 4_000_000_000)
UNPACKED_RATIO = Limit("EVALUATOR_UNPACKED_RATIO", 200)
LINE_BYTES = Limit("EVALUATOR_LINE_BYTES", 16_000_000)
READING_BYTES = Limit("EVALUATOR_READING_BYTES", 4_000_000_000)

LIMITS: Mapping[str, Limit] = {
    limit.variable: limit
    for limit in (
        TEMPLATE_STEPS, TEMPLATE_CHARACTERS, TEMPLATE_SECONDS, UNPACKED_BYTES, UNPACKED_RATIO, LINE_BYTES,
        READING_BYTES,
    )
}  # fmt: skip
"""Every limit by its variable."""
