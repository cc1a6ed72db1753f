"""A revision agreed with an expert, added to the study's record; no answer's own file is ever changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from evaluator.brief import Brief
from evaluator.documents import parse
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.files import write_text
from evaluator.forms.answers import PROBLEMS, read_answer
from evaluator.study.setup import Setup
from evaluator.tree import Tree
from evaluator.weighing import Revision, weigh
from evaluator.weighing.panel import Panel
from evaluator.weighing.revisions import revise, save_revisions
from evaluator.weighing.weights import Judged, Weights

FILE = "revisions.yaml"


@dataclass(frozen=True)
class Revised(Brief):
    """A revision, where it was written, and the expert's consistency in the group before and after.

    `line` says that study.yaml was given the line that names the file.
    """

    revision: Revision
    path: Path
    before: Judged | None
    after: Judged | None
    line: bool


def add_revision(
    setup: Setup,
    tree: Tree,
    panel: Panel | None,
    revisions: Sequence[Revision],
    *,
    expert: str,
    a: str,
    b: str,
    answer: str,
    author: str,
    reason: str,
    day: date,
) -> Revised:
    """Add a revised answer of an expert to the study's file of revisions.

    Parameters
    ----------
    panel : the answers as they stand, with the `revisions` agreed before.
    expert : id or name. a, b : ids of two siblings in the tree. answer : `a` over `b` as it is now agreed,
        a ratio such as ``3`` or ``1/3``.

    Raises
    ------
    EvaluationError
        the weights rest on no comparisons; no such expert; no two siblings of the tree; an answer that cannot
        be read, or to what the expert did not compare; as `files.replacing`.
    """
    if panel is None:
        raise EvaluationError([Issue("WEIGH-526", tree.id)])
    who, group = _expert(panel, expert), _group(tree, a, b)
    revision = Revision(
        expert=who, group=group, a=a, b=b, before=_present(panel, who, a, b), after=_ratio(answer),
        author=author, date=day, reason=reason,
    )  # fmt: skip
    before, after = _weighed(setup, tree, panel), weigh(tree, revise(panel, [revision]), **setup.procedure)
    path = setup.folder / (setup.file.revisions or FILE)
    line = setup.file.revisions is None
    save_revisions((*revisions, revision), path)
    if line:
        _name_file(setup)
    return Revised(revision, path, _judged(before, who, group), _judged(after, who, group), line)


def _expert(panel: Panel, stated: str) -> str:
    found = [expert.id for expert in panel.experts if stated in (expert.id, expert.name)]
    if len(found) == 1:
        return found[0]
    known = [name for expert in panel.experts for name in (expert.id, expert.name) if name]
    raise EvaluationError([Issue("WEIGH-527", stated, hint=nearest(stated, known) or tuple(known[:8]))])


def _group(tree: Tree, a: str, b: str) -> str:
    """Return the group whose children two nodes are."""
    unknown = [
        Issue("WEIGH-528", node, hint=nearest(node, tree.nodes))
        for node in (a, b)
        if node not in tree.parents
    ]
    if unknown:
        raise EvaluationError(unknown)
    group = tree.parents[a]
    if a == b or tree.parents[b].id != group.id:
        siblings = tuple(child.id for child in group.children if child.id != a)
        raise EvaluationError([Issue("WEIGH-528", f"{a}:{b}", hint=siblings)])
    return group.id


def _present(panel: Panel, expert: str, a: str, b: str) -> float:
    """Return what an expert says now of `a` over `b`, revisions included."""
    for judgment in panel.judgments:
        if judgment.expert == expert and {judgment.a, judgment.b} == {a, b}:
            return judgment.value if judgment.a == a else 1 / judgment.value
    raise EvaluationError([Issue("WEIGH-529", f"{a}:{b}", {"expert": expert})])


def _ratio(answer: str) -> float:
    read = read_answer(answer)
    if read.value is None:
        raise EvaluationError([Issue(PROBLEMS[read.problem or "unreadable"], answer)])
    return read.value


def _weighed(setup: Setup, tree: Tree, panel: Panel) -> Weights | None:
    """Return the weights of the answers as they stand; None where they cannot be weighed without revision."""
    try:
        return weigh(tree, panel, **setup.procedure)
    except EvaluationError:
        return None


def _judged(weights: Weights | None, expert: str, group: str) -> Judged | None:
    if weights is None:
        return None
    evidence = (one for entry in weights.groups if entry.group == group for one in entry.experts)
    return next((one.judged for one in evidence if one.expert == expert), None)


def _name_file(setup: Setup) -> None:
    """Name the file of revisions in study.yaml, at its end, everything else as it stands."""
    text = setup.path.read_text("utf-8-sig")
    named = f"{text.rstrip()}\nrevisions: {FILE}\n"
    if parse(named, setup.path.name).data != {**setup.document.data, "revisions": FILE}:
        where = Location(str(setup.path))
        raise EvaluationError(
            [Issue("STUDY-342", setup.path.name, {"line": f"revisions: {FILE}"}, where=where)]
        )
    write_text(setup.path, named)
