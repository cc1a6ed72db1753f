"""What every column of a result is, in words: for models of dbt and for the dictionary of a run."""

from __future__ import annotations

from collections.abc import Callable

from evaluator import messages
from evaluator.actions.words import actions_of, flags_of
from evaluator.tree import Tree


def meanings(tree: Tree, language: str) -> Callable[[str], str | None]:
    """Return what says what a column of the results of a tree is; None of one that nothing is known of.

    >>> from evaluator.tree import load_tree
    >>> say = meanings(load_tree("current_value"), "en")
    >>> say("score"), say("nothing_of_ours")
    ('The score of the whole, after rules; what ranks, grades and classifies.', None)
    """
    names = _names(tree, language)
    measured = {leaf.measure: leaf.name[language] for leaf in tree.indicators}

    def say(name: str) -> str | None:
        for key in (f"warehouse.column.{name}", f"measure.{name}.definition"):
            if messages.known(key, language):
                return messages.text(key, language)
        if name in measured:
            return messages.text("warehouse.columns.measure", language, of=measured[name])
        kind, _, of = name.partition("_")
        if not messages.known(f"warehouse.columns.{kind}", language):
            return None
        grade, _, node = of.partition("@")
        called = " / ".join(names.get(part, part) for part in (grade, node) if part)
        return messages.text(f"warehouse.columns.{kind}", language, of=called)

    return say


def unit_of(tree: Tree, name: str, language: str) -> str | None:
    """Return the unit of a measure, as its indicator or the catalogue states it; None of other columns."""
    stated = {leaf.measure: leaf.unit[language] for leaf in tree.indicators if leaf.unit is not None}
    if name in stated:
        return stated[name]
    key = f"measure.{name}.unit"
    return messages.text(key, language) if messages.known(key, language) else None


def _names(tree: Tree, language: str) -> dict[str, str]:
    """Return the name of everything that a column may be called after."""
    named = (
        *tree.nodes.values(),
        *tree.grades,
        *tree.matrices,
        *tree.rules,
        *flags_of(tree),
        *actions_of(tree),
    )
    names = {entry.id: entry.name[language] for entry in named}
    names |= {axis: group.name[language] for axis, group in tree.axes.items() if axis not in names}
    matrices = {f"class_{matrix.id}": matrix.name[language] for matrix in tree.matrices}
    further = {name: messages.text(f"warehouse.{name}", language) for name in ("grade", "action")}
    return names | matrices | further
