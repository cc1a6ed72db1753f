"""The best–worst form: the most and the least important part of each group, and the others beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue, Location, Severity, raise_errors
from evaluator.forms.duties import unanswerable
from evaluator.forms.form import Form, Given, Question, Returned, child_lines, child_of, headings
from evaluator.forms.form_answers import form_record
from evaluator.forms.form_reader import no_longer, read_forms
from evaluator.forms.sources import Sources
from evaluator.tree import Tree
from evaluator.weighing.panel import BestWorstAnswer, Expert

_LEVELS = (1, 2, 3, 4, 5, 6, 7, 8, 9)
_ASKED = ("role", "best_over", "over_worst")


@dataclass(frozen=True)
class BestWorstAnswers(Brief):
    """What a panel answered on best–worst forms."""

    experts: tuple[Expert, ...]
    answers: tuple[BestWorstAnswer, ...]
    issues: tuple[Issue, ...] = ()


def best_worst_forms(
    tree: Tree,
    experts: Sequence[Expert],
    *,
    duties: Mapping[str, Collection[str]] | None = None,
    language: str = "zh",
) -> tuple[Form, ...]:
    """Return a form per expert: in each group the best and the worst, and the others against both.

    Parameters
    ----------
    duties : the groups an expert answers for, by expert; default: all.

    Raises
    ------
    EvaluationError
        a duty names an expert or group that is not there, or somebody has nothing to answer.
    """
    raise_errors(unanswerable(tree, experts, duties or {}, None))
    return tuple(_form(tree, expert, (duties or {}).get(expert.id), language) for expert in experts)


def read_best_worst(
    sources: Sources,
    tree: Tree,
    *,
    chosen: Mapping[str, str | Path] | None = None,
    experts: Sequence[Expert] = (),
    duties: Mapping[str, Collection[str]] | None = None,
) -> BestWorstAnswers:
    """Read best–worst forms back; a group without exactly one best and one worst has no answer.

    `chosen` names the file that holds for an expert who handed in two different ones. What `experts` are
    asked, with the `duties` that are stated, tells what codes answer where their pages are not at hand.
    Best or worst missing or marked twice, and what is no longer in its group, are warnings.

    Raises
    ------
    EvaluationError
        something compared with itself and not 1; as `form_reader.read_forms`.
    """
    usual = (form_record(_form(tree, one, (duties or {}).get(one.id), "en")) for one in experts)
    forms, found = read_forms(sources, "best_worst", tree, chosen=chosen, usual=usual)
    issues = list(found)
    answers: list[BestWorstAnswer] = []
    for form in forms:
        for group, given in _by_group(form, tree, issues).items():
            answer, said = _answer(form.person, group, given)
            issues += said
            if answer:
                answers.append(answer)
    raise_errors(issues)
    return BestWorstAnswers(tuple(form.person for form in forms), tuple(answers), tuple(issues))


def _form(tree: Tree, expert: Expert, duty: Collection[str] | None, language: str) -> Form:
    groups = [group for group in tree.groups if group.pairs and (duty is None or group.id in duty)]

    def text(key: str, **values: object) -> str:
        return messages.text(f"form.{key}", language, **values)

    levels = tuple((str(level), text(f"best_worst.level.{level}")) for level in _LEVELS)
    roles = tuple((role, text(f"best_worst.{role}")) for role in ("best", "worst"))
    return Form(
        language=language,
        kind="best_worst",
        tree=tree,
        person=expert,
        title=text("best_worst.title", tree=tree.name[language]),
        about=text("best_worst.about"),
        notes=tuple(text(f"best_worst.{step}") for step in ("mark", "compare", "leave")),
        headings=headings(language, group=22, child=24, meaning=40),
        lines=tuple(line for group in groups for line in child_lines(group, language, _ASKED)),
        questions=(
            Question("role", text("best_worst.role"), 20, roles),
            Question("best_over", text("best_worst.best_over"), 26, levels),
            Question("over_worst", text("best_worst.over_worst"), 26, levels),
        ),
        spare=sum(len(group.children) + 1 for group in groups),
    )


def _by_group(form: Returned, tree: Tree, gone: list[Issue]) -> dict[str, dict[tuple[str, str], Given]]:
    """Return the answers of a form by group, and there by child and question."""
    found: dict[str, dict[tuple[str, str], Given]] = defaultdict(dict)
    for one in form.answers:
        if about := child_of(one, tree):
            group, child = about
            found[group][child, one.question] = one
        else:
            gone.append(no_longer(one))
    return found


def _answer(
    expert: Expert, group: str, given: Mapping[tuple[str, str], Given]
) -> tuple[BestWorstAnswer | None, list[Issue]]:
    where = next(iter(given.values())).where
    place = Location(where.file, sheet=where.sheet)
    marked = {
        role: [child for (child, question), one in given.items() if question == "role" and one.value == role]
        for role in ("best", "worst")
    }
    if any(len(children) != 1 for children in marked.values()):
        counts = {role: len(children) for role, children in marked.items()}
        detail = {"group": group, **counts}
        shown = expert.name or expert.id
        return None, [Issue("JUDGE-251", shown, detail, where=place, severity=Severity.WARNING)]
    (best,), (worst,) = marked["best"], marked["worst"]
    rows: dict[str, dict[str, float]] = {"best_over": {}, "over_worst": {}}
    issues: list[Issue] = []
    for (child, question), one in given.items():
        if question == "role":
            continue
        itself = child == (best if question == "best_over" else worst)
        if itself and float(one.value) != 1:
            issues.append(Issue("JUDGE-252", child, {"group": group, "found": one.value}, where=one.where))
        elif not itself:
            rows[question][child] = float(one.value)
    return BestWorstAnswer(expert.id, group, best, worst, *_both_ways(rows, best, worst), place), issues


def _both_ways(
    rows: Mapping[str, Mapping[str, float]], best: str, worst: str
) -> tuple[dict[str, float], dict[str, float]]:
    """Return both rows with the comparison of best and worst in each, wherever it was answered."""
    to_others, to_worst = dict(rows["best_over"]), dict(rows["over_worst"])
    if worst in to_others:
        to_worst.setdefault(best, to_others[worst])
    elif best in to_worst:
        to_others[worst] = to_worst[best]
    return to_others, to_worst
