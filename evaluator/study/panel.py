"""The panel of a study: from comparisons, importance scores or best–worst forms, as the study says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.forms import (
    Answers,
    best_worst_panel,
    keep_raw,
    read_judgments,
    responses,
    score_panel,
    write_responses,
)
from evaluator.study.file import QUESTIONNAIRES
from evaluator.study.form_folders import filled_forms, form_folder
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.weighing import Panel, Revision, load_revisions, revise


def answers(setup: Setup) -> Answers:
    """Return where the experts' answers are read from, and what the study says of them."""
    chosen = {expert.id: expert.file for expert in setup.file.experts if expert.file}
    return Answers(answer_sources(setup), chosen, setup.file.answers, setup.duties)


def answer_sources(setup: Setup) -> tuple[Path, ...]:
    """Return where the answers that weights come from are read: as stated, else where their form lies."""
    source = setup.file.weighting.source
    if source == "given":
        return ()
    usual = (QUESTIONNAIRES,), (f"{QUESTIONNAIRES}/{setup.branch}",)
    if source in ("scores", "best_worst") and setup.file.judgments in usual:
        return (form_folder(setup, source),)
    return tuple(setup.folder / path for path in setup.file.judgments)


def read_revisions(setup: Setup) -> tuple[Revision, ...]:
    """Return the answers experts agreed to change, as the study's file of revisions has them."""
    stated = setup.file.revisions
    return load_revisions(setup.folder / stated) if stated else ()


def read_panel(setup: Setup, tree: Tree, revisions: Sequence[Revision]) -> Panel | None:
    """Return the experts' answers with the revisions they agreed to, or None for given weights.

    Raises
    ------
    EvaluationError
        what is wrong with the answers: see `forms.read_judgments`, `forms.score_panel`,
        `forms.best_worst_panel` and `weighing.revise`.
    """
    options, experts, asked = setup.file.weighting, setup.experts, answers(setup)
    if options.source == "given":
        return None
    if options.source == "scores":
        panel = score_panel(
            asked.sources,
            tree,
            experts,
            reading=options.scores.reading,
            highest=options.scores.highest,
            chosen=asked.chosen,
            duties=asked.duties,
        )
    elif options.source == "best_worst":
        panel = best_worst_panel(asked.sources, tree, experts, chosen=asked.chosen, duties=asked.duties)
    else:
        panel = read_judgments(
            asked.sources,
            tree,
            experts=experts,
            chosen=asked.chosen,
            mappings=asked.mappings,
            duties=asked.duties,
        )
    return revise(panel, revisions)


def keep_answers(setup: Setup) -> Path | None:
    """Store filled forms unchanged, under their hashes, before anything is computed of them."""
    if not (sources := dict.fromkeys([*answer_sources(setup), *filled_forms(setup)])):
        return None
    keep_raw(sources, setup.output / "answers")
    return setup.output / "answers"


def save_responses(setup: Setup, tree: Tree, panel: Panel | None) -> Path | None:
    """Write who answered what, with CR per group, for the person who chases answers."""
    if panel is None:
        return None
    found = responses(panel, tree, convention=setup.convention)
    return write_responses(found, tree, setup.output / "responses.xlsx", language=setup.language)
