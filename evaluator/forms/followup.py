"""Questionnaires that ask again: only what was left open or has changed, with the answers given before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from evaluator.brief import Brief
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.forms.answers import PROBLEMS
from evaluator.forms.duties import Duties, GroupDuty, Pair, group_duties
from evaluator.forms.filled_forms import read_filled
from evaluator.forms.judgments import read_judgments
from evaluator.forms.mapped import AnswerMapping
from evaluator.forms.names import file_names
from evaluator.forms.pairwise import Written, minutes, write_one
from evaluator.forms.pairwise_sheet import Questionnaire
from evaluator.forms.record import changed
from evaluator.forms.sources import WORKBOOKS, Sources, listed
from evaluator.tree import Group, Tree, group_fingerprint
from evaluator.weighing.panel import Expert, Panel
from evaluator.workbook.theme import Theme

Given = Mapping[str, Mapping[Pair, float]]


@dataclass(frozen=True)
class Answers(Brief):
    """Where answers are read from, and what is known of them; see `judgments.read_judgments`."""

    sources: Sources
    chosen: Mapping[str, str | Path] | None = None
    mappings: Sequence[AnswerMapping] = ()
    duties: Duties | None = None


def write_followups(
    tree: Tree,
    experts: Sequence[Expert],
    answers: Answers,
    folder: str | Path,
    *,
    language: str = "zh",
    convention: str | None = None,
    theme: Theme | None = None,
) -> tuple[Written, ...]:
    """Write a further questionnaire for everybody who left something open, or whose groups changed.

    It asks whole groups, so that weights and consistency can be seen, and is named after the first one
    with a number. Who has not answered at all keeps the first one, which is written anew where the tree
    has changed; who handed in two different ones is left alone until the study chooses.

    Raises
    ------
    EvaluationError
        as `judgments.read_judgments` and `pairwise.write_questionnaires`; an answer that cannot be read is
        cleared up before anything is asked again.
    """
    panel = read_judgments(
        answers.sources,
        tree,
        experts=experts,
        chosen=answers.chosen,
        mappings=answers.mappings,
        duties=answers.duties,
    )
    if any(issue.code in PROBLEMS.values() for issue in panel.issues):
        raise EvaluationError(panel.issues)
    convention = convention or ("cn" if language == "zh" else "strict")
    undecided = {issue.detail["expert"] for issue in panel.issues if issue.code == "JUDGE-213"}
    former = _former(answers.sources, tree)
    written: list[Written] = []
    issues: list[Issue] = []
    for expert, name in zip(experts, file_names(experts), strict=True):
        duty = group_duties(tree, expert.id, answers.duties or {}, None)
        given = _given(panel, expert, former.get(expert.id, {}))
        asked = tuple(_open(panel, expert, duty))
        first = Path(folder) / name
        if expert.id in undecided or not asked:
            continue
        path, number = _next(first) if given else (first, 1)
        one = Questionnaire(
            tree, expert, asked, minutes(_left(asked, given)), language, convention, theme, number, given
        )
        try:
            written.append(_waiting(one, path) or write_one(path, one))
        except EvaluationError as error:
            issues += error.issues
    raise_errors(issues)
    return tuple(written)


def _open(panel: Panel, expert: Expert, duty: Sequence[GroupDuty]) -> Iterator[GroupDuty]:
    """Yield the groups in which a comparison that was asked is not made."""
    for one in duty:
        group = one.group.id
        asked = tuple(pair for pair in one.pairs if (expert.id, group, *pair) not in panel.unasked)
        made = {frozenset((j.a, j.b)) for j in panel.by_group.get(group, ()) if j.expert == expert.id}
        if any(frozenset(pair) not in made for pair in asked):
            yield GroupDuty(one.group, asked)


def _given(panel: Panel, expert: Expert, former: Given) -> dict[str, dict[Pair, float]]:
    """Return an expert's ratios by group and pair, both ways round; those that hold before former ones."""
    found: dict[str, dict[Pair, float]] = {group: dict(pairs) for group, pairs in former.items()}
    for judgment in panel.judgments:
        if judgment.expert == expert.id:
            pairs = found.setdefault(judgment.group, {})
            pairs[judgment.a, judgment.b] = judgment.value
            pairs[judgment.b, judgment.a] = 1 / judgment.value
    return found


def _former(sources: Sources, tree: Tree) -> dict[str, dict[str, dict[Pair, float]]]:
    """Return what was answered about groups that have changed since, where both children are still there."""
    found: dict[str, dict[str, dict[Pair, float]]] = defaultdict(lambda: defaultdict(dict))
    forms = [
        form for path, name in listed(sources, endings=WORKBOOKS)[0] if (form := read_filled(path, name=name))
    ]
    for form in sorted(forms, key=lambda form: form.record.round):
        for entry in form.groups:
            node = tree.nodes.get(entry.asked.id)
            if not isinstance(node, Group) or group_fingerprint(node) == entry.asked.fingerprint:
                continue
            children = {child.id for child in node.children}
            for cell in entry.cells:
                if cell.answer.value is not None and {cell.a, cell.b} <= children:
                    pairs = found[form.record.expert.id][node.id]
                    pairs[cell.a, cell.b], pairs[cell.b, cell.a] = cell.answer.value, 1 / cell.answer.value
    return found


def _left(asked: Sequence[GroupDuty], given: Given) -> int:
    return sum(pair not in given.get(one.group.id, {}) for one in asked for pair in one.pairs)


def _next(first: Path) -> tuple[Path, int]:
    """Return the file of the next questionnaire and its number: the first nobody has written into."""
    for number in count(2):
        path = first.with_name(f"{first.stem}_{number}{first.suffix}")
        if not path.exists() or ((form := read_filled(path)) and not form.touched):
            return path, number
    raise AssertionError("numbers do not end")


def _waiting(one: Questionnaire, path: Path) -> Written | None:
    """Say that the first questionnaire still asks what is to be asked, and only has to come back."""
    if one.round > 1 or not path.exists() or (form := read_filled(path)) is None:
        return None
    if changed(form.record, [duty.group for duty in one.asked]):
        return None
    pairs = sum(len(group.pairs) for group in form.record.groups)
    return Written(one.expert, path, pairs, minutes(pairs), "kept")
