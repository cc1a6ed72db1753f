"""The tree of a study: the one it names, with the study's own matrices, attributes, rules and profiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evaluator.documents import Document
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.scoring import own_scales, run_examples
from evaluator.study.file import StudyFile
from evaluator.study.setup import Setup
from evaluator.tree import Tree, load_with_positions
from evaluator.tree.checks import check, matrix_axes, matrix_classes
from evaluator.tree.rule_checks import PROFILE_CHECKS, RULE_CHECKS


def read_tree(setup: Setup) -> tuple[Tree, tuple[Issue, ...]]:
    """Return the tree with the study's own words in place, and what is worth knowing of it.

    Raises
    ------
    EvaluationError
        STUDY-320 where a study has several trees; what is wrong with the tree, with a scale the study
        states, or as `own_content`.
    """
    if setup.file.trees:
        raise EvaluationError([Issue("STUDY-320", where=setup.where(("trees",)))])
    tree, document = load_with_positions(setup.file.tree, setup.folder)
    issues = tuple(check(tree, document))
    own_scales(tree, setup.file.scoring.scales, document=setup.document)  # wrong ones are said at once
    return own_content(tree, setup.file, setup.document), issues


def checked(source: str, folder: Path | None = None) -> tuple[Tree, tuple[Issue, ...]]:
    """Return a tree as its file has it, with what is worth knowing of it; its own examples are run.

    Raises
    ------
    EvaluationError
        All that is wrong with the tree, failed examples among it.
    """
    tree, document = load_with_positions(source, folder)
    issues = (*check(tree, document), *run_examples(tree, document))
    raise_errors(issues)
    return tree, issues


def own_content(tree: Tree, file: StudyFile, document: Document) -> Tree:
    """Return the tree as a study wants it; whatever it states takes the place of the tree's own.

    Weight profiles are left out unless the study switches them on.

    Raises
    ------
    EvaluationError
        STUDY-340 where profiles are switched on and there are none; else the problems of what was put
        in place, at their place in the study: TREE-110 to TREE-112, TREE-123, TREE-14x, TREE-15x,
        DOC-12x.
    """
    own = {
        name: stated
        for name in ("matrices", "attributes", "rules")
        if (stated := getattr(file, name)) is not None
    }
    profiles = (file.profiles.own or tree.profiles) if file.profiles.weights != "off" else None
    if file.profiles.weights != "off" and profiles is None:
        raise EvaluationError([Issue("STUDY-340", tree.id, where=document.where(("profiles",)))])
    if own:
        own["tests"] = ()
    changed = tree.model_copy(update={**own, "profiles": profiles})
    raise_errors(tuple(_issues(changed, file, document)))
    return changed


def _issues(tree: Tree, file: StudyFile, document: Document) -> Iterator[Issue]:
    if file.matrices is not None:
        yield from matrix_axes(tree, document)
        yield from matrix_classes(tree, document)
    if any(stated is not None for stated in (file.matrices, file.attributes, file.rules)):
        for rule_check in RULE_CHECKS:
            yield from rule_check(tree, document)
    if file.profiles.own is not None:
        # there the profiles stand one level deeper than in a tree
        positions = {("profiles", *key[2:]): place for key, place in document.positions.items()
                     if key[:2] == ("profiles", "own")}  # fmt: skip
        for profile_check in PROFILE_CHECKS:
            yield from profile_check(tree, Document(document.file, document.data, positions))
