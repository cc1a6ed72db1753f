"""The tree of a study: the one it names, with the study's own matrices, attributes, rules and profiles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from evaluator.actions.checks import check_decisions
from evaluator.documents import Document
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.scoring import own_scales, run_examples
from evaluator.study.file import StudyFile
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.tree.loader import load_with_issues
from evaluator.tree.passes import Changes, changed


@dataclass(frozen=True)
class Stated:
    """A tree as its file has it: with the place of every entry, and with all that was noticed of it."""

    tree: Tree
    document: Document
    issues: tuple[Issue, ...]


def stated(source: str, folder: Path | None = None) -> Stated:
    """Return a tree as its file has it; wrong flags and actions are among its issues, not raised yet."""
    tree, document, issues = load_with_issues(source, folder)
    return Stated(tree, document, (*issues, *check_decisions(tree, document, money=False)))


def stated_in(setup: Setup) -> Stated:
    """Return the tree that a study names; raises where it has several."""
    if setup.file.trees:
        raise EvaluationError([Issue("STUDY-320", where=setup.where(("trees",)))])
    return stated(setup.file.tree, setup.folder)


def own_tree(setup: Setup, named: Stated) -> tuple[Tree, tuple[Issue, ...]]:
    """Return the tree with the study's own words in place, and what is worth knowing of it.

    Raises
    ------
    EvaluationError
        what is wrong with the tree, with a scale the study states, or as `own_content`.
    """
    raise_errors(named.issues)
    own_scales(named.tree, setup.file.scoring.scales, document=setup.document)  # wrong ones are said at once
    own = own_content(named.tree, setup.file, setup.document)
    found = tuple(check_decisions(own, setup.words))
    raise_errors(found)
    return own, (*named.issues, *found)


def checked(source: str, folder: Path | None = None) -> tuple[Tree, tuple[Issue, ...]]:
    """Return a tree as its file has it, with what is worth knowing of it; its own examples are run.

    Raises
    ------
    EvaluationError
        All that is wrong with the tree, failed examples among it.
    """
    named = stated(source, folder)
    return named.tree, examined(named)


def examined(named: Stated) -> tuple[Issue, ...]:
    """Return what is worth knowing of a tree whose own examples are run; raises as `checked`."""
    issues = (*named.issues, *run_examples(named.tree, named.document))
    raise_errors(issues)
    return issues


def own_content(tree: Tree, file: StudyFile, document: Document) -> Tree:
    """Return the tree as a study wants it; whatever it states takes the place of the tree's own.

    Weight profiles are left out unless the study switches them on.

    Raises
    ------
    EvaluationError
        where profiles are switched on and there are none; else the problems of what was put in place, at
        their place in the study.
    """
    on = file.profiles.weights != "off"
    if on and not (file.profiles.own or tree.profiles):
        raise EvaluationError([Issue("STUDY-340", tree.id, where=document.where(("profiles",)))])
    own = Changes(
        matrices=file.matrices,
        attributes=file.attributes,
        rules=file.rules,
        decides=file.decides,
        flags=file.flags,
        actions=file.actions,
        profiles=(file.profiles.own or "kept") if on else "off",
        document=document,
    )
    return changed(tree, own)
