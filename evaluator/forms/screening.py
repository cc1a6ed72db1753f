"""Indicator screening: which candidates the experts would keep, change or drop, in Delphi rounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue, raise_errors
from evaluator.forms.duties import Duties, unknown_names
from evaluator.forms.form import Form, Line, Question, Returned, headings, in_groups
from evaluator.forms.form_reader import no_longer, read_forms
from evaluator.forms.scores import authority_lines, share_question, with_authority
from evaluator.forms.sources import Sources
from evaluator.tree import Indicator, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Value

_LEVELS = (5, 4, 3, 2, 1)
_DECISIONS = ("keep", "modify", "delete")


@dataclass(frozen=True)
class ScreeningAnswers(Brief):
    """A round of screening as answered; `scores` and `authority` are what `weighing.screen` takes.

    `decisions` are ``keep``, ``modify`` or ``delete``, by expert, then indicator, as are `remarks`.
    """

    experts: tuple[Expert, ...]
    scores: Mapping[str, Mapping[str, float]]
    decisions: Mapping[str, Mapping[str, str]]
    remarks: Mapping[str, Mapping[str, str]]
    issues: tuple[Issue, ...] = ()

    @property
    def authority(self) -> dict[str, tuple[float, float]]:
        """Ca and Cs of the experts who stated both."""
        return {
            expert.id: (expert.ca, expert.cs)
            for expert in self.experts
            if expert.ca is not None and expert.cs is not None
        }


def screening_forms(
    tree: Tree,
    experts: Sequence[Expert],
    *,
    language: str = "zh",
    before: ScreeningAnswers | None = None,
    duties: Duties | None = None,
) -> tuple[Form, ...]:
    """Return a form per expert: every indicator with a score from 1 to 5, a decision and a remark.

    Parameters
    ----------
    before : the round before this one. Each line then shows how the group answered, and comes with
        the expert's own answers, to be kept or changed. Use another folder for each round.
    duties : the criteria, by id, below which an expert screens the indicators; default: all.

    Raises
    ------
    EvaluationError
        a duty names an expert or criterion that is not there.
    """
    duties = duties or {}
    raise_errors(unknown_names(tree, [expert.id for expert in experts], duties))
    return tuple(_form(tree, expert, language, before, duties.get(expert.id)) for expert in experts)


def read_screening(sources: Sources, tree: Tree) -> ScreeningAnswers:
    """Read a round of screening back; answers on indicators the tree no longer has are named.

    Raises
    ------
    EvaluationError
        see `form_reader.read_forms`.
    """
    forms, issues = read_forms(sources, "screening", tree)
    known = {node.id for node in tree.indicators}
    gone = [
        no_longer(one)
        for form in forms
        for one in form.answers
        if one.question != "share" and one.line not in known
    ]
    return ScreeningAnswers(
        tuple(with_authority(form) for form in forms),
        {
            form.person.id: {key: float(said) for key, said in _answers_to(form, "score", known)}
            for form in forms
        },
        {form.person.id: dict(_answers_to(form, "decision", known)) for form in forms},
        {form.person.id: dict(_answers_to(form, "remark", known)) for form in forms},
        (*issues, *gone),
    )


def _answers_to(form: Returned, question: str, known: set[str]) -> Iterator[tuple[str, str]]:
    return ((one.line, one.value) for one in form.answers if one.question == question and one.line in known)


def _form(
    tree: Tree, expert: Expert, language: str, before: ScreeningAnswers | None, duty: Collection[str] | None
) -> Form:
    mine = [node for node in tree.indicators if duty is None or not set(duty).isdisjoint(tree.path(node.id))]
    heads = headings(language, group=20, indicator=22, meaning=36, **({"before": 26} if before else {}))
    about = "second" if before else "about"
    return Form(
        language=language,
        kind="screening",
        tree=tree,
        person=expert,
        title=messages.text("form.screening.title", language, tree=tree.name[language]),
        about=messages.text(f"form.screening.{about}", language),
        notes=(messages.text("form.screening.note", language),),
        headings=heads,
        lines=(
            *(
                replace(_line(tree, node, expert, language, before), continues=follows)
                for node, follows in in_groups(tree, mine)
            ),
            *authority_lines(language, len(heads) - 3, _authority(expert, before)),
        ),
        questions=(
            _choice("score", _LEVELS, language, 18),
            _choice("decision", _DECISIONS, language, 14),
            Question("remark", messages.text("form.screening.remark", language), 32, asked=False),
            share_question(language),
        ),
    )


def _choice(key: str, values: Sequence[object], language: str, width: float) -> Question:
    choices = tuple(
        (str(value), messages.text(f"form.screening.{key}_is.{value}", language)) for value in values
    )
    return Question(key, messages.text(f"form.screening.{key}", language), width, choices)


def _line(
    tree: Tree, node: Indicator, expert: Expert, language: str, before: ScreeningAnswers | None
) -> Line:
    shown: list[Value] = [tree.parents[node.id].name[language], node.name[language]]
    shown.append(node.definition[language] if node.definition else "")
    given: dict[str, str] = {}
    if before:
        shown.append(_distribution(node, language, before))
        own = before.scores.get(expert.id, {}).get(node.id)
        given |= {"score": f"{own:g}"} if own is not None else {}
        for key, said in (("decision", before.decisions), ("remark", before.remarks)):
            given |= {key: said[expert.id][node.id]} if node.id in said.get(expert.id, {}) else {}
    return Line(node.id, tuple(shown), given, frozenset({"score", "decision", "remark"}))


def _distribution(node: Indicator, language: str, before: ScreeningAnswers) -> str:
    """Say how the group scored an indicator: mean, median, and how many gave each score."""
    scores = [row[node.id] for row in before.scores.values() if node.id in row]
    if not scores:
        return messages.text("form.screening.nobody", language)
    counts = Counter(scores)
    each = messages.text("pairwise.join", language).join(
        messages.text("form.screening.times", language, score=f"{score:g}", count=counts[score])
        for score in sorted(counts, reverse=True)
    )
    figures = {"mean": f"{fmean(scores):.2f}", "median": f"{median(scores):g}"}
    return messages.text("form.screening.distribution", language, each=each, **figures)


def _authority(expert: Expert, before: ScreeningAnswers | None) -> dict[str, str]:
    said = before.authority.get(expert.id) if before else None
    return {key: f"{share:g}" for key, share in zip(("ca", "cs"), said, strict=True)} if said else {}
