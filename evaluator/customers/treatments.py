"""How the classes, stages and states of this room's models are treated: content, reviewed like code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluator.documents import Format, load, validate
from evaluator.errors import not_among, raise_errors
from evaluator.labels import Id, Label, Name
from evaluator.tree.types import Strategy

FOLDER = Path(__file__).parent / "strategies" / "classes"


class Treatment(Format):
    """The strategy of one class."""

    id: Id
    strategy: Strategy


class Treatments(Format):
    """The strategies of a set of classes, and where they come from."""

    id: Id
    name: Name
    source: Label
    classes: tuple[Treatment, ...]

    @property
    def strategies(self) -> Mapping[str, Strategy]:
        """The strategy of each class by its id."""
        return {entry.id: entry.strategy for entry in self.classes}


def treatment_names() -> tuple[str, ...]:
    """Return the sets of strategies that ship.

    >>> treatment_names()[:2]
    ('abc', 'cause')
    """
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_treatments(name: str) -> Treatments:
    """Read the strategies of a set of classes by its id.

    Raises
    ------
    EvaluationError
        no such set.

    >>> load_treatments("abc").strategies["A"].goal.en
    'Keep as a priority'
    """
    raise_errors(not_among("CUST-908", [name], treatment_names(), {"column": "strategies"}))
    path = FOLDER / f"{name}.yaml"
    return validate(load(path, path.name), Treatments)
