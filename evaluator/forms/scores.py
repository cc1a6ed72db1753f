"""Importance scores: how important each child of a group is, scored directly instead of in pairs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue, raise_errors
from evaluator.forms.duties import unanswerable
from evaluator.forms.form import Form, Line, Question, Returned, child_lines, child_of, headings
from evaluator.forms.form_answers import form_record
from evaluator.forms.form_reader import no_longer, read_forms
from evaluator.forms.sources import Sources
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert, ImportanceScore

SHARES = ("1", "0.8", "0.6", "0.4", "0.2")

Highest = Literal[9, 10]


@dataclass(frozen=True)
class Scored(Brief):
    """The scores a panel gave; each expert with the authority (Ca, Cs) he or she stated."""

    experts: tuple[Expert, ...]
    scores: tuple[ImportanceScore, ...]
    issues: tuple[Issue, ...] = ()


def score_forms(
    tree: Tree,
    experts: Sequence[Expert],
    *,
    highest: Highest = 9,
    duties: Mapping[str, Collection[str]] | None = None,
    language: str = "zh",
) -> tuple[Form, ...]:
    """Return a form per expert: every child of every group with a score from 1 up, and Ca and Cs.

    Parameters
    ----------
    highest : the best score. duties : the groups an expert scores, by expert; default: all.

    Raises
    ------
    EvaluationError
        a duty names an expert or group that is not there, or somebody has nothing to answer.
    """
    raise_errors(unanswerable(tree, experts, duties or {}, None))
    return tuple(_form(tree, one, (duties or {}).get(one.id), highest, language) for one in experts)


def read_scores(
    sources: Sources,
    tree: Tree,
    *,
    chosen: Mapping[str, str | Path] | None = None,
    experts: Sequence[Expert] = (),
    duties: Mapping[str, Collection[str]] | None = None,
) -> Scored:
    """Read importance scores back; `weighing.judgments_from_scores` makes judgments of them.

    `chosen` names the file that holds for an expert who handed in two different ones. What `experts` are
    asked, with the `duties` that are stated, tells what codes answer where their pages are not at hand.

    Scores of a child that is no longer in its group are left out and named.

    Raises
    ------
    EvaluationError
        see `form_reader.read_forms`.
    """
    usual = (
        form_record(_form(tree, one, (duties or {}).get(one.id), highest, "en"))
        for one in experts
        for highest in get_args(Highest)
    )
    forms, issues = read_forms(sources, "scores", tree, chosen=chosen, usual=usual)
    gone: list[Issue] = []
    scores = tuple(score for form in forms for score in _scores(form, tree, gone))
    return Scored(tuple(with_authority(form) for form in forms), scores, (*issues, *gone))


def with_authority(form: Returned) -> Expert:
    """Return the person with the Ca and Cs that were stated."""
    said = {one.line: float(one.value) for one in form.answers if one.question == "share"}
    return replace(form.person, ca=said.get("authority:ca"), cs=said.get("authority:cs"))


def authority_lines(language: str, blanks: int, given: dict[str, str] | None = None) -> tuple[Line, ...]:
    """Return the two lines that ask for Ca and Cs; `blanks` columns after the first two show nothing."""
    given = given or {}
    return tuple(
        Line(
            f"authority:{key}",
            (
                messages.text("form.authority", language),
                messages.text(f"form.{key}", language),
                messages.text(f"form.{key}_is", language),
                *[None] * blanks,
            ),
            {"share": given[key]} if key in given else {},
            frozenset({"share"}),
            continues=key == "cs",
        )
        for key in ("ca", "cs")
    )


def share_question(language: str) -> Question:
    """Return the column in which Ca and Cs are stated."""
    choices = tuple(
        (share, messages.text(f"form.share.{number}", language)) for number, share in enumerate(SHARES)
    )
    return Question("share", messages.text("form.authority", language), 20, choices)


def _form(tree: Tree, expert: Expert, duty: Collection[str] | None, highest: Highest, language: str) -> Form:
    named = f"form.scores.level_of_{highest}"
    asked = [group for group in tree.groups if group.pairs and (duty is None or group.id in duty)]
    return Form(
        language=language,
        kind="scores",
        tree=tree,
        person=expert,
        title=messages.text("form.scores.title", language, tree=tree.name[language]),
        about=messages.text("form.scores.about", language, highest=highest),
        notes=(messages.text("form.scores.note", language),),
        headings=headings(language, group=22, child=24, meaning=44),
        lines=(
            *(line for group in asked for line in child_lines(group, language, {"score"})),
            *authority_lines(language, 0),
        ),
        questions=(
            Question(
                "score",
                messages.text("form.scores.score", language, highest=highest),
                24,
                tuple(
                    (str(level), messages.text(f"{named}.{level}", language))
                    for level in range(highest, 0, -1)
                ),
            ),
            share_question(language),
        ),
    )


def _scores(form: Returned, tree: Tree, gone: list[Issue]) -> Iterator[ImportanceScore]:
    for one in form.answers:
        if one.question != "score":
            continue
        if about := child_of(one, tree):
            yield ImportanceScore(form.person.id, *about, float(one.value), one.where)
        else:
            gone.append(no_longer(one))
