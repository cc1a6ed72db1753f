"""What a tree says of decisions: the flags its customers may carry, and the actions for them."""

from __future__ import annotations

from evaluator.actions.flags import shipped_flags
from evaluator.labels import Text
from evaluator.tree import Tree
from evaluator.tree.decisions import Action, Flag, FlagWords
from evaluator.tree.types import GRADE, Grade, MatrixClass


def flags_of(tree: Tree) -> tuple[Flag, ...]:
    """Return the flags of a tree's customers: those that ship, changed, added to and switched off.

    >>> from evaluator.tree import load_tree
    >>> flags_of(load_tree("quick_value"))[0].id
    'churned'
    """
    words = tree.flags or FlagWords()
    flags = {flag.id: flag for flag in (*shipped_flags(), *words.add)}
    for change in words.change:
        stated = {name: getattr(change, name) for name in change.model_fields_set}
        if change.id in flags:
            flags[change.id] = flags[change.id].model_copy(update=stated)
    return tuple(flag for name, flag in flags.items() if name not in words.off)


def actions_of(tree: Tree) -> tuple[Action, ...]:
    """Return the actions of a tree; where it states none, the strategies of the classes that decide.

    >>> from evaluator.tree import load_tree
    >>> tree = load_tree("quick_value").model_copy(update={"actions": ()})
    >>> [action.id for action in actions_of(tree)]
    ['key', 'mature', 'promising', 'marginal']
    """
    if tree.actions or tree.subject == "firm":
        return tree.actions
    column = class_column(tree)
    return tuple(
        Action(
            id=entry.id,
            name=entry.name,
            when=f"{column} == '{entry.id}'",
            do=entry.strategy.treatment,
        )
        for entry in _deciding(tree)
        if entry.strategy is not None
    )


def class_column(tree: Tree) -> str:
    """Return the column of the class that decides.

    >>> from evaluator.tree import load_tree
    >>> class_column(load_tree("customer_value"))
    'class_current_potential'
    """
    return GRADE if tree.deciding == GRADE else f"class_{tree.deciding}"


def deciding_classes(tree: Tree) -> dict[str, Text]:
    """Return the names of the classes that decide, by id: those of the matrix, or the grades."""
    return {entry.id: entry.name for entry in _deciding(tree)}


def _deciding(tree: Tree) -> tuple[MatrixClass, ...] | tuple[Grade, ...]:
    if tree.deciding == GRADE:
        return tree.grades
    return next(matrix.classes for matrix in tree.matrices if matrix.id == tree.deciding)
