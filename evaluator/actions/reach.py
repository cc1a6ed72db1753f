"""Which classes a condition speaks of, and which of them it can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.actions.words import actions_of, class_column, deciding_classes
from evaluator.columns import (
    Comparison,
    Condition,
    Constant,
    Junction,
    Kind,
    Membership,
    Name,
    Negation,
    condition,
)
from evaluator.errors import EvaluationError
from evaluator.labels import Text
from evaluator.tree import Tree
from evaluator.tree.types import GRADE


def unknown_classes(
    when: str, tree: Tree, known: Mapping[str, Kind]
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield classes and grades a condition speaks of and nobody can have: of what, which, what there is."""
    there: dict[str, list[str]] = {
        f"class_{matrix.id}": [entry.id for entry in matrix.classes] for matrix in tree.matrices
    }
    there[GRADE] = [grade.id for grade in tree.grades]
    for name, value in _compared(condition(when, known)):
        if name in there and value not in there[name]:
            yield name, value, there[name]


def without_action(tree: Tree, known: Mapping[str, Kind]) -> Iterator[tuple[str, Text]]:
    """Yield the classes that decide and get no action, whatever else is known of a customer."""
    actions = actions_of(tree)
    if not actions or tree.subject == "firm":
        return
    try:
        conditions = [condition(action.when, known) if action.when else None for action in actions]
    except EvaluationError:
        return  # what is wrong with them is told where they are read
    for name, title in deciding_classes(tree).items():
        if all(said is not None and _holds(said, class_column(tree), name) is False for said in conditions):
            yield name, title


def _compared(said: Condition) -> Iterator[tuple[str, str]]:
    """Yield every name that is compared with a text, and the text."""
    if isinstance(said, Junction):
        for part in said.parts:
            yield from _compared(part)
    elif isinstance(said, Negation):
        yield from _compared(said.of)
    elif isinstance(said, Membership):
        if isinstance(said.value, Name):
            yield from ((said.value.name, entry) for entry in said.entries if isinstance(entry, str))
    else:
        for name, value in ((said.left, said.right), (said.right, said.left)):
            if isinstance(name, Name) and isinstance(value, Constant) and isinstance(value.value, str):
                yield name.name, value.value


def _holds(said: Condition, column: str, value: str) -> bool | None:
    """Return what a condition comes to where a column has a value; None where it depends on more."""
    if isinstance(said, Junction):
        parts = [_holds(part, column, value) for part in said.parts]
        decisive = said.word == "or"
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if isinstance(said, Negation):
        inner = _holds(said.of, column, value)
        return None if inner is None else not inner
    if isinstance(said, Membership):
        of_column = isinstance(said.value, Name) and said.value.name == column
        return value in said.entries if of_column else None
    return _alike(said, column, value)


def _alike(said: Comparison, column: str, value: str) -> bool | None:
    for name, other in ((said.left, said.right), (said.right, said.left)):
        if isinstance(name, Name) and name.name == column and isinstance(other, Constant):
            return (other.value == value) == (said.comparator == "==")
    return None
