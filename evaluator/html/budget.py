"""What filling a template may cost: steps, characters, processor time. Whoever passes a limit is stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sized

from jinja2 import TemplateError

from evaluator import limits

_STEPS_BETWEEN_LOOKS = 1_000  # at the clock, which takes far longer than a step


class ExceededError(TemplateError):
    """A template passed a limit; `limit` is which one."""

    def __init__(self, limit: limits.Limit) -> None:
        super().__init__(limit.variable)
        self.limit = limit


class Budget:
    """What is left for one template with everything it includes.

    Steps count what takes time without writing anything (rounds of loops, calls, filters); characters
    every text that is made, also on its way to another one; so both bound memory. Time is the last
    resort, for what no count foresees.
    """

    def __init__(self) -> None:
        self.steps = limits.TEMPLATE_STEPS.value
        self.characters = limits.TEMPLATE_CHARACTERS.value
        self._look = self.steps
        self.until = time.thread_time() + limits.TEMPLATE_SECONDS.value

    def step(self, steps: int = 1) -> None:
        """Spend steps."""
        self.steps -= steps
        if self.steps < 0:
            raise ExceededError(limits.TEMPLATE_STEPS)
        if self.steps <= self._look:
            self._look = self.steps - _STEPS_BETWEEN_LOOKS
            if time.thread_time() > self.until:
                raise ExceededError(limits.TEMPLATE_SECONDS)

    def write(self, characters: int) -> None:
        """Spend characters."""
        self.characters -= characters
        if self.characters < 0:
            raise ExceededError(limits.TEMPLATE_CHARACTERS)


class Counted:
    """Something a template goes through, each round a step; its length is known where it was."""

    def __init__(self, values: object, budget: Budget) -> None:
        self._values, self._budget = values, budget

    def __len__(self) -> int:
        if not isinstance(self._values, Sized):
            raise TypeError
        return len(self._values)

    def __iter__(self) -> Iterator[object]:
        for value in self._values:  # type: ignore[attr-defined]
            self._budget.step()
            yield value
