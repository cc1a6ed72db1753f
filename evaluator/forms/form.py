"""What the forms besides the pairwise one are: lines to answer, columns of answers, and what came back.

A line is found by the key in its hidden first column, and a choice is read through the list stored in
that very workbook, so that moved rows, a renamed sheet and later labels do no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from evaluator import messages
from evaluator.brief import Brief
from evaluator.errors import Issue, Location
from evaluator.tree import Group, Indicator, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Sheet, Value

Kind = Literal["scores", "best_worst", "screening", "grades", "survey", "assessment"]
VERSION = 1
MARK = "evaluator:"


@dataclass(frozen=True, slots=True)
class Question(Brief):
    """A column of answers.

    `choices` are (value, sentence); `limits` are the numbers that may be typed; with neither it takes
    any text. A question that is not `asked` need not be answered. `meanings` explain choices where there is
    room to: on a phone, not in a narrow cell.
    """

    key: str
    heading: str
    width: float = 16
    choices: tuple[tuple[str, str], ...] = ()
    limits: tuple[float, float] | None = None
    asked: bool = True
    meanings: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Line(Brief):
    """A row of a form: what it shows, and the answers it already comes with.

    Where lines belong together, `continues` tells whether this one goes on with those above it or is the
    first of its own, under a thicker line.
    """

    key: str
    shown: tuple[Value, ...]
    given: Mapping[str, str] = field(default_factory=dict, hash=False)
    only: frozenset[str] | None = None  # the questions it asks; None for all
    continues: bool | None = None


@dataclass(frozen=True, slots=True)
class Form(Brief):
    """One workbook for one person."""

    kind: Kind
    tree: Tree
    language: str
    person: Expert
    title: str
    about: str
    notes: tuple[str, ...]
    headings: tuple[tuple[str, float], ...]  # of what a line shows, with their widths
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    subject: str = ""  # what a whole sheet is about, such as one customer
    one_page: bool = False
    spare: int = 0  # cells among those asked that a complete answer leaves empty
    finish: Callable[[Sheet, int, int], int] | None = None  # writes below the lines: first row, next free row


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the value behind a choice, the number or the text, and the cell it stands in."""

    line: str
    question: str
    value: str
    where: Location


@dataclass(frozen=True)
class Returned(Brief):
    """A form as it came back."""

    kind: str
    tree: str
    person: Expert
    subject: str
    file: str
    answers: tuple[Given, ...]
    lines: int
    issues: tuple[Issue, ...]

    @property
    def content(self) -> dict[tuple[str, str], str]:
        """The answers by line and question."""
        return {(one.line, one.question): one.value for one in self.answers}


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was written, or kept because somebody wrote into it."""

    person: Expert
    path: Path
    lines: int
    state: Literal["written", "kept"]


def headings(language: str, **widths: float) -> tuple[tuple[str, float], ...]:
    """Return the headings of what lines show, by their names, with their widths."""
    return tuple((messages.text(f"form.head.{head}", language), width) for head, width in widths.items())


def without_blanks(form: Form) -> Form:
    """Return a form without the columns in which no line shows anything.

    The column before takes half their width. What a form writes below its lines counts on its columns, so
    that such a form stays as it is.
    """
    if form.finish or not form.lines:
        return form
    kept: list[tuple[int, str, float]] = []
    for place, (heading, width) in enumerate(form.headings):
        if not place or any(line.shown[place] not in (None, "") for line in form.lines):
            kept.append((place, heading, width))
        else:
            before, name, already = kept[-1]
            kept[-1] = (before, name, already + width / 2)
    places = [place for place, *_ in kept]
    return replace(
        form,
        headings=tuple((heading, width) for _, heading, width in kept),
        lines=tuple(replace(line, shown=tuple(line.shown[at] for at in places)) for line in form.lines),
    )


def worded(question: Question, language: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return heading and choices of a question with what they mean, for a page."""
    heading = question.heading
    if question.limits and not question.choices:
        low, high = (f"{limit:g}" for limit in question.limits)
        heading = messages.text("page_form.range", language, heading=heading, low=low, high=high)
    choices = (
        (value, messages.text("form.grades.anchor", language, grade=said, meaning=question.meanings[value]))
        if value in question.meanings
        else (value, said)
        for value, said in question.choices
    )
    return heading, tuple(choices)


def in_groups(tree: Tree, nodes: Iterable[Indicator]) -> Iterator[tuple[Indicator, bool]]:
    """Yield indicators with whether each goes on with the group of the one before."""
    above = None
    for node in nodes:
        group = tree.parents[node.id].id
        yield node, group == above
        above = group


def child_lines(group: Group, language: str, asked: Collection[str]) -> Iterator[Line]:
    """Yield a line for each child of a group: its criterion, its name, and what it means."""
    for number, child in enumerate(group.children):
        meaning = child.definition[language] if child.definition else ""
        shown = (group.name[language], child.name[language], meaning)
        yield Line(f"{group.id}:{child.id}", shown, only=frozenset(asked), continues=number > 0)


def child_of(one: Given, tree: Tree) -> tuple[str, str] | None:
    """Return the group and child an answer is about; None where the group no longer has it."""
    group, _, child = one.line.partition(":")
    node = tree.nodes.get(group)
    known = isinstance(node, Group) and child in {entry.id for entry in node.children}
    return (group, child) if known else None


def digest(content: Mapping[tuple[str, str], str]) -> str:
    """Return what tells two sets of answers, by line and question, apart."""
    listed = "\n".join(f"{line}\t{question}\t{value}" for (line, question), value in sorted(content.items()))
    return hashlib.sha256(listed.encode()).hexdigest()
