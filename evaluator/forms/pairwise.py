"""The pairwise questionnaire: one workbook per expert, one sheet per group, one sentence per pair.

Beside each block stand weights, consistency and hints that follow the answers (see `live`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evaluator import ahp
from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.forms.cover import SECONDS_PER_PAIR
from evaluator.forms.duties import GroupDuty, group_duties, unanswerable
from evaluator.forms.filled_forms import Filled, read_filled
from evaluator.forms.names import file_names
from evaluator.forms.options import Carrier
from evaluator.forms.pairwise_page import write_page
from evaluator.forms.pairwise_sheet import Questionnaire, write_questionnaire
from evaluator.forms.record import changed
from evaluator.forms.site_surveys import SITES, write_site_surveys
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert
from evaluator.weighing.planner import QuestionPlan
from evaluator.workbook.theme import Theme

MINUTES_TO_READ = 3


@dataclass(frozen=True, slots=True)
class Written(Brief):
    """A questionnaire: how much it asks, and whether it was written now or kept for its answers.

    What is kept asks what it asked when it was written, whatever is planned now; `changed` names
    groups that a kept workbook does not ask as they now stand.
    """

    expert: Expert
    path: Path
    pairs: int
    minutes: int
    state: Literal["written", "kept"]
    changed: tuple[str, ...] = ()


def write_questionnaires(
    tree: Tree,
    experts: Sequence[Expert],
    folder: str | Path,
    *,
    duties: Mapping[str, Collection[str]] | None = None,
    plan: QuestionPlan | None = None,
    language: str = "zh",
    convention: str | None = None,
    theme: Theme | None = None,
    carrier: Carrier = "workbook",
) -> tuple[Written, ...]:
    """Write one workbook or page per expert; a workbook that holds answers is never overwritten, but kept.

    Parameters
    ----------
    folder : made when it is not there; files are named after the id and name of each expert.
    duties : the groups, by id, that an expert is asked about; an expert without one is asked all.
    plan : the pairs of each group that an expert is asked (see `weighing.plan_questions`); default: all,
        also for an expert whom the plan does not name.
    language : of the instructions and of the tree's names, ``zh`` or ``en``.
    convention : a name in `ahp.CONVENTIONS`, for the random index and the limit of CR that the sheets show;
        default ``cn`` in Chinese and ``strict`` in English.
    carrier : ``workbook``, or ``page`` for a file that any browser opens; its answers come back as a file or
        a code (see `page_answers`), so it is written anew whenever it is asked for.

    Returns
    -------
    tuple of Written
        one per expert, in their order; `minutes` is an estimate.

    Raises
    ------
    EvaluationError
        two experts of one id; nothing to compare in this tree; a duty or the plan names an expert, group or
        pair that is not there; somebody is left without anything to compare; no such convention; every file
        that could not be written, after the others are.
    """
    asked = questionnaires(
        tree, experts, duties=duties, plan=plan, language=language, convention=convention, theme=theme
    )
    return write_all(asked, folder, carrier=carrier)


def write_all(
    asked: Sequence[Questionnaire], folder: str | Path, *, carrier: Carrier = "workbook"
) -> tuple[Written, ...]:
    """Write questionnaires that were made before; as `write_questionnaires`."""
    if carrier in SITES:
        surveys = write_site_surveys(asked, folder, carrier)
        return tuple(Written(one.expert, path, _pairs(one), one.minutes, "written") for one, path in surveys)
    written: list[Written] = []
    issues: list[Issue] = []
    for one, name in zip(asked, file_names([one.expert for one in asked]), strict=True):
        try:
            written.append(_CARRIERS[carrier](Path(folder) / name, one))
        except EvaluationError as error:
            issues.extend(error.issues)
    raise_errors(issues)
    return tuple(written)


def questionnaires(
    tree: Tree,
    experts: Sequence[Expert],
    *,
    duties: Mapping[str, Collection[str]] | None = None,
    plan: QuestionPlan | None = None,
    language: str = "zh",
    convention: str | None = None,
    theme: Theme | None = None,
) -> tuple[Questionnaire, ...]:
    """Return the questionnaire of each expert, whatever carries it; as `write_questionnaires`."""
    raise_errors(unanswerable(tree, experts, duties or {}, plan))
    convention = convention or ("cn" if language == "zh" else "strict")
    _ = ahp.CONVENTIONS[convention]
    asked = [group_duties(tree, expert.id, duties or {}, plan) for expert in experts]
    return tuple(
        Questionnaire(tree, expert, groups, minutes(sum(len(one.pairs) for one in groups)), language,
                      convention, theme)
        for expert, groups in zip(experts, asked, strict=True)
    )  # fmt: skip


def _pairs(one: Questionnaire) -> int:
    return sum(len(duty.pairs) for duty in one.asked)


def write_one(path: Path, one: Questionnaire) -> Written:
    """Write a questionnaire unless the file is to be kept; raises as `workbook.book.open_book` does."""
    kept = _kept_as_is(one.expert, path, one.asked)
    if kept is not None:
        return kept
    write_questionnaire(path, one)
    return Written(one.expert, path, _pairs(one), one.minutes, "written")


def _write_as_page(path: Path, one: Questionnaire) -> Written:
    """Write a questionnaire as a page beside where its workbook would be."""
    page = path.with_suffix(".html")
    write_page(page, one)
    return Written(one.expert, page, _pairs(one), one.minutes, "written")


_CARRIERS: Mapping[str, Callable[[Path, Questionnaire], Written]] = {
    "workbook": write_one,
    "page": _write_as_page,
}


def minutes(pairs: int) -> int:
    """Return how many minutes one expert is likely to need: to read, and for each pair."""
    return MINUTES_TO_READ + math.ceil(pairs * SECONDS_PER_PAIR / 60)


def _filled(path: Path) -> Filled | None:
    """Return what a file holds as a questionnaire, None when it cannot be read as one."""
    try:
        return read_filled(path)
    except EvaluationError:
        return None


def _kept_as_is(expert: Expert, path: Path, asked: Sequence[GroupDuty]) -> Written | None:
    """Say what a file asks that must be kept: it has answers or remarks, or is no questionnaire."""
    if not path.exists():
        return None
    filled = _filled(path)
    groups = [duty.group for duty in asked]
    if filled is None:
        pairs = sum(len(duty.pairs) for duty in asked)
        return Written(expert, path, pairs, minutes(pairs), "kept", tuple(group.id for group in groups))
    if not filled.touched:
        return None
    pairs = sum(len(group.pairs) for group in filled.record.groups)
    return Written(expert, path, pairs, minutes(pairs), "kept", changed(filled.record, groups))
