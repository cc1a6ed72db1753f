"""A study of candidates becomes a study of indicators: what screening left goes into a new folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evaluator.files import write_text
from evaluator.study.asking import screened
from evaluator.study.setup import read_setup
from evaluator.study.starter import place_of_tree
from evaluator.study.tree import own_tree, stated_in
from evaluator.tree import dump_tree
from evaluator.weighing import ScreenedTree, apply_screening, screen
from evaluator.weighing.screened_tree import Choice


def keep_screened(
    candidates: str | Path, folder: str | Path, *, decided: Mapping[str, Choice] | None = None
) -> tuple[Path, ScreenedTree]:
    """Write the tree that the last round of a study's screening leaves into a new study's folder.

    Parameters
    ----------
    candidates : the study whose tree holds the candidates and whose experts answered.
    decided : what the experts agreed over the figures, by indicator.

    Raises
    ------
    EvaluationError
        when there is a study or a tree already, or nothing was screened, and what `weighing.screen` and
        `weighing.apply_screening` refuse.
    """
    path = place_of_tree(Path(folder))
    setup = read_setup(candidates)
    tree, _ = own_tree(setup, stated_in(setup))
    answers = screened(setup, tree)
    names = [leaf.id for leaf in tree.indicators]
    found = screen(
        answers.scores, names, invited=len(setup.experts) or None, authority=answers.authority or None
    )
    chosen = apply_screening(tree, found, decided=decided)
    write_text(path, dump_tree(chosen.tree))
    return path, chosen
