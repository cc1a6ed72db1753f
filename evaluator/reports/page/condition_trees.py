"""Conditions and calculations as trees that a script can read: arrays in JSON, the word first.

A number stands for itself, a name is the key of a column, and a text constant is ``["text", "…"]``. Texts are
compared by ``is``, ``is_not`` and ``among``, numbers by their signs and ``in``.
"""

from __future__ import annotations

from collections.abc import Callable

from evaluator.columns import Comparison, Condition, Constant, Junction, Membership, Name, Negation, Value
from evaluator.columns.conditions import is_text

Json = list[object] | float | str
Keyed = Callable[[str], str]


def condition_tree(said: Condition, key: Keyed) -> list[object]:
    """Return a condition as a tree of arrays.

    Parameters
    ----------
    key : the column of every name.

    >>> from evaluator.columns import condition
    >>> said = condition("profit > 2 and not kind == 'a'", {"profit": "number", "kind": "text"})
    >>> condition_tree(said, str.upper)
    ['and', ['>', 'PROFIT', 2.0], ['not', ['is', 'KIND', ['text', 'a']]]]
    """
    if isinstance(said, Junction):
        return [said.word, *(condition_tree(part, key) for part in said.parts)]
    if isinstance(said, Negation):
        return ["not", condition_tree(said.of, key)]
    if isinstance(said, Membership):
        word = "among" if is_text(said.value) else "in"
        return [word, value_tree(said.value, key), list(said.entries)]
    sides = [value_tree(said.left, key), value_tree(said.right, key)]
    return [_word(said), *sides]


def value_tree(said: Value, key: Keyed) -> Json:
    """Return a calculation as a tree of arrays, a constant or a name as it stands.

    >>> from evaluator.columns import amount
    >>> value_tree(amount("2 * (referrals - 1)", {"referrals": "number"}), str)
    ['*', 2.0, ['-', 'referrals', 1.0]]
    """
    if isinstance(said, Name):
        return key(said.name)
    if isinstance(said, Constant):
        return ["text", said.value] if isinstance(said.value, str) else said.value
    return [said.sign, value_tree(said.left, key), value_tree(said.right, key)]


def _word(said: Comparison) -> str:
    if not is_text(said.left):
        return said.comparator
    return "is" if said.comparator == "==" else "is_not"
