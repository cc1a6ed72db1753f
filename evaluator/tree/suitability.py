"""Which of the trees that ship suit a kind of customer or an industry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator import messages
from evaluator.errors import Issue, nearest, raise_errors
from evaluator.tree.types import Tree


def suited(trees: Sequence[Tree], words: Iterable[str]) -> tuple[Tree, ...]:
    """Return the trees that suit all words, those that name the industry first.

    A word is a type of customer, an industry or a subject, by its id or its name in either language.
    A tree that names no industry suits all of them.

    Raises
    ------
    EvaluationError
        for a word that stands for nothing any tree knows, with the nearest.

    >>> from evaluator.tree import load_tree
    >>> trees = [load_tree(name) for name in ("customer_value", "retail_bank", "telecom")]
    >>> [tree.id for tree in suited(trees, ["银行"])]
    ['retail_bank', 'customer_value']
    """
    industries = {word for tree in trees for word in tree.applies_to.industry}
    types = {word for tree in trees for word in tree.applies_to.customer_type}
    known = {*industries, *types, *(tree.subject for tree in trees)}
    names = {name: word for word in known for name in (word, *_labels(word))}
    given = tuple(words)
    raise_errors(
        Issue("TREE-162", word, hint=nearest(word, names)) for word in given if word.lower() not in names
    )
    wanted = {names[word.lower()] for word in given}
    fitting = [tree for tree in trees if all(_suits(tree, word, industries) for word in wanted)]
    return tuple(sorted(fitting, key=lambda tree: wanted.isdisjoint(tree.applies_to.industry)))


def _suits(tree: Tree, word: str, industries: set[str]) -> bool:
    named = (*tree.applies_to.industry, *tree.applies_to.customer_type, tree.subject)
    return word in named or (word in industries and not tree.applies_to.industry)


def _labels(word: str) -> tuple[str, ...]:
    key = f"applies.{word}"
    return tuple(
        messages.text(key, language).lower()
        for language in messages.LANGUAGES
        if messages.known(key, language)
    )
