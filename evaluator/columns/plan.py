"""Plans of named steps: what is computed, in which order, under which column names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import polars as pl


@dataclass(frozen=True)
class Step:
    """A named step: new columns, computed side by side from those before it.

    `on_polars` computes some of them another way on Polars, where that has been measured to be much
    faster; what it gives is the same.
    """

    name: str
    outputs: Mapping[str, nw.Expr]
    on_polars: Mapping[str, pl.Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class StepPlan:
    """Named steps in their order. The first reads the frame; of it only `keys` are carried along.

    >>> import polars as pl
    >>> plan = StepPlan(("id",), (Step("double", {"twice": nw.col("x") * 2}),))
    >>> plan.apply(nw.from_native(pl.LazyFrame({"id": ["a"], "x": [2.0]}))).collect().to_native()["twice"][0]
    4.0
    """

    keys: tuple[str, ...]
    steps: tuple[Step, ...]

    def apply(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Return the keys and the columns of all steps; nothing is computed before it is collected."""
        first, *rest = self.steps
        frame = frame.select(*self.keys, *_named(first))
        for step in rest:
            frame = _computed(frame, step)
        return frame

    def step(self, name: str) -> Step:
        """Return a step by its name."""
        return next(step for step in self.steps if step.name == name)


def _computed(frame: nw.LazyFrame[Any], step: Step) -> nw.LazyFrame[Any]:
    if not (step.on_polars and frame.implementation.is_polars()):
        return frame.with_columns(*_named(step))
    others = {name: value for name, value in step.outputs.items() if name not in step.on_polars}
    native: pl.LazyFrame = frame.with_columns(*_named(Step(step.name, others))).to_native()
    return nw.from_native(native.with_columns(**step.on_polars))


def _named(step: Step) -> list[nw.Expr]:
    return [expression.alias(name) for name, expression in step.outputs.items()]
