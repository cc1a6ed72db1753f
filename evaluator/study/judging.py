"""The panel of a study: from comparisons, importance scores or best–worst forms, as the study says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evaluator.forms import best_worst_panel, read_judgments, score_panel
from evaluator.study.asking import form_folder
from evaluator.study.file import QUESTIONNAIRES
from evaluator.weighing import Panel, revise

if TYPE_CHECKING:
    from evaluator.study.road import Study


def answer_sources(study: Study) -> list[Path]:
    """Return where the answers that weights come from are read: as stated, else where their form lies."""
    source = study.file.weighting.source
    if source == "given":
        return []
    usual = (QUESTIONNAIRES,), (f"{QUESTIONNAIRES}/{study.branch}",)
    if source in ("scores", "best_worst") and study.file.judgments in usual:
        return [form_folder(study, source)]
    return [study.folder / path for path in study.file.judgments]


def read_panel(study: Study) -> Panel | None:
    """Return the experts' answers with the revisions they agreed to, or None for given weights.

    Raises
    ------
    EvaluationError
        what is wrong with the answers: see `sheets.read_judgments`, `sheets.score_panel`,
        `sheets.best_worst_panel` and `weighing.revise`.
    """
    options, said = study.file.weighting, study.answers
    if options.source == "given":
        return None
    if options.source == "scores":
        scores = options.scores
        panel = score_panel(
            said.sources,
            study.tree,
            study.experts,
            reading=scores.reading,
            highest=scores.highest,
            chosen=said.chosen,
            duties=said.duties,
        )
    elif options.source == "best_worst":
        panel = best_worst_panel(
            said.sources, study.tree, study.experts, chosen=said.chosen, duties=said.duties
        )
    else:
        panel = read_judgments(
            said.sources,
            study.tree,
            experts=study.experts,
            chosen=said.chosen,
            mappings=said.mappings,
            duties=said.duties,
        )
    return revise(panel, study.revisions)
