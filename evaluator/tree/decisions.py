"""The types of what is decided from an evaluation: flags that customers carry, and actions for them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.documents import Format
from evaluator.labels import Id, Label, Name

FlagLevel = Literal["risk", "chance", "care", "data"]
Money = float | str
"""An amount, or an expression over measures."""


class Flag(Format):
    """A sentence about a customer where a condition holds, beside the one class that decides.

    `money` is what is at stake, an expression; a flag may read flags stated before it as ``flag_<id>``.
    """

    id: Id
    name: Name
    level: FlagLevel
    when: str
    says: Label
    money: str | None = None
    source: Label


class FlagChange(Format):
    """What a tree or study states anew of a flag that it starts with; the rest stays as it was."""

    id: Id
    name: Name | None = None
    level: FlagLevel | None = None
    when: str | None = None
    says: Label | None = None
    money: str | None = None
    source: Label | None = None


class FlagWords(Format):
    """What a tree or study makes of the flags that ship: some changed, some added, some switched `off`."""

    change: tuple[FlagChange, ...] = ()
    add: tuple[Flag, ...] = ()
    off: tuple[Id, ...] = ()

    def then(self, later: FlagWords) -> FlagWords:
        """Return these words followed by those of a study."""
        return FlagWords(
            change=(*self.change, *later.change), add=(*self.add, *later.add), off=(*self.off, *later.off)
        )


class Action(Format):
    """What is done with customers, whom it is for, what it costs and brings, and on what that rests.

    `effect` is the number that `gain` names as ``effect``, so that its break-even can be told; gain and cost
    are money per customer. Without `when` the action is for everybody.
    """

    id: Id
    name: Name
    when: str | None = None
    do: Label
    within_days: Annotated[int, Field(gt=0)] | None = None
    cost: Money = 0.0
    effect: float | None = None
    gain: Money | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    assumption: Label | None = None
