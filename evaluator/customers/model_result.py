"""What one customer model found, with the choices it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from evaluator.displayed import Displayed
from evaluator.errors import Issue


@dataclass(frozen=True)
class ModelResult(Displayed):
    """The result of one customer model.

    Parameters
    ----------
    result : what the model found, None where it has nothing; `issues` say why then, or warn.
    chosen : what the study chose for it, None where it has no option.
    """

    model: str
    result: Any
    chosen: Any = field(default=None, repr=False)
    issues: tuple[Issue, ...] = ()

    def to_frame(self) -> Any:
        """Return the model's table of customers; an error where it has none."""
        frame = getattr(self.result, "frame", self.result)
        return frame if hasattr(frame, "columns") else super().to_frame()
