"""Panels from forms that ask no comparisons of all pairs: importance scores, and best–worst."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evaluator.errors import Issue, Severity, nearest, raise_errors
from evaluator.forms.best_worst import read_best_worst
from evaluator.forms.duties import beyond_duty
from evaluator.forms.scores import read_scores
from evaluator.forms.sources import Sources
from evaluator.tree import Tree
from evaluator.weighing import panel_of_best_worst, panel_of_scores
from evaluator.weighing.panel import Expert, Panel

Duties = Mapping[str, Collection[str]]


def score_panel(
    sources: Sources,
    tree: Tree,
    experts: Sequence[Expert],
    *,
    reading: str = "differences",
    highest: float = 9.0,
    chosen: Mapping[str, str | Path] | None = None,
    duties: Duties | None = None,
) -> Panel:
    """Read importance scores as a panel.

    Ca and Cs that an expert stated on the form hold where the study states none.

    Parameters
    ----------
    experts : who was asked. chosen : the file that holds for an expert who handed in two different ones.
    duties : the groups an expert answers for, by expert; default: all.
    reading, highest : see `weighing.panel_of_scores`.

    Raises
    ------
    EvaluationError
        somebody else answered; as `read_scores`. That nothing came from an expert is said in the panel.
    """
    read = read_scores(sources, tree, chosen=chosen, experts=experts, duties=duties)
    people = tuple(_stated(expert, read.experts) for expert in experts)
    return panel_of_scores(
        people,
        read.scores,
        reading=reading,
        highest=highest,
        unasked=_unasked(tree, people, duties),
        issues=(*read.issues, *_who(people, read.experts)),
    )


def best_worst_panel(
    sources: Sources,
    tree: Tree,
    experts: Sequence[Expert],
    *,
    chosen: Mapping[str, str | Path] | None = None,
    duties: Duties | None = None,
) -> Panel:
    """Read best–worst forms as a panel.

    Parameters
    ----------
    experts : who was asked. chosen : the file that holds for an expert who handed in two different ones.
    duties : the groups an expert answers for, by expert; default: all.

    Raises
    ------
    EvaluationError
        somebody else answered; as `read_best_worst`. That nothing came from an expert is said in the panel.
    """
    read = read_best_worst(sources, tree, chosen=chosen, experts=experts, duties=duties)
    return panel_of_best_worst(
        tree,
        experts,
        read.answers,
        unasked=_unasked(tree, experts, duties),
        issues=(*read.issues, *_who(experts, read.experts)),
    )


def _stated(expert: Expert, answered: Iterable[Expert]) -> Expert:
    """Return an expert with the Ca and Cs of the form where the study states none."""
    own = next((one for one in answered if one.id == expert.id), expert)
    return replace(
        expert,
        ca=own.ca if expert.ca is None else expert.ca,
        cs=own.cs if expert.cs is None else expert.cs,
    )


def _who(asked: Sequence[Expert], answered: Sequence[Expert]) -> tuple[Issue, ...]:
    """Return who of the experts sent nothing; raises when somebody else answered."""
    known, came = [expert.id for expert in asked], {expert.id for expert in answered}
    raise_errors(Issue("JUDGE-211", name, hint=nearest(name, known)) for name in came - set(known))
    return tuple(
        Issue("JUDGE-223", expert.name or expert.id, severity=Severity.WARNING)
        for expert in asked
        if expert.id not in came
    )


def _unasked(
    tree: Tree, experts: Sequence[Expert], duties: Duties | None
) -> frozenset[tuple[str, str, str, str]]:
    return frozenset(
        (expert.id, *pair) for expert in experts for pair in beyond_duty(tree, (duties or {}).get(expert.id))
    )
