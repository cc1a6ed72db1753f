"""Exports of survey sites read without a mapping: pairs are known by the sentences that were written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from evaluator import messages
from evaluator.errors import Issue, Location, Severity
from evaluator.forms.answers import plain, read_answer
from evaluator.forms.choices import labels, sentences
from evaluator.forms.site_surveys import question_title
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert, Judgment

Pair = tuple[str, str, str]
Rows = Sequence[Sequence[str | None]]
_NUMBERED = re.compile(r"^\(?(?:[A-Z]|\d{1,2})[.、:：)）]\s*")
_HEADS = 10  # rows before which the headings stand


@dataclass(frozen=True)
class SiteAnswers:
    """What one person answered, by the row of the export; `name` is what the export calls the person."""

    name: str
    row: int
    judgments: tuple[Judgment, ...]


@dataclass(frozen=True)
class SiteExport:
    """What an export says, with what could not be matched."""

    answers: tuple[SiteAnswers, ...]
    issues: tuple[Issue, ...]


class _Known:
    """The sentences and questions of a tree in every language, by the pairs they are about."""

    def __init__(self, tree: Tree) -> None:
        self.sentences: dict[str, list[tuple[Pair, str]]] = defaultdict(list)
        self.titles: dict[str, Pair] = {}
        for language in messages.LANGUAGES:
            for group in tree.groups:
                names = labels(group, language)
                children = [child.id for child in group.children]
                for place, a in enumerate(children):
                    for b in children[place + 1 :]:
                        self._add(language, (group.id, a, b), group.name[language], names[a], names[b])
        self.persons = {plain(messages.text("site.person", language)) for language in messages.LANGUAGES}

    def _add(self, language: str, pair: Pair, group: str, a: str, b: str) -> None:
        self.titles[plain(question_title(language, group, a, b))] = pair
        for ratio, said in sentences(a, b, language):
            if (pair, ratio) not in self.sentences[plain(said)]:
                self.sentences[plain(said)].append((pair, ratio))

    def pair(self, heading: str) -> Pair | None:
        """Return the pair that a heading asks about: sites put numbers before it and marks behind it."""
        said = plain(heading)
        return self.titles.get(said) or next(
            (pair for title, pair in self.titles.items() if title in said), None
        )

    def said(self, cell: str) -> list[tuple[Pair, str]]:
        """Return what a cell may answer, as (pair, ratio)."""
        said = plain(cell)
        return self.sentences.get(said) or self.sentences.get(_NUMBERED.sub("", said), [])


def read_site_export(
    rows: Rows, where: Callable[[int, int], Location], tree: Tree, experts: Collection[Expert]
) -> SiteExport | None:
    """Return what an export of a survey site says; None for a table that is none.

    Its issues are JUDGE-255 (a question that was renamed: its answers count, known by their sentences),
    JUDGE-256 (a cell that is none of the sentences) and JUDGE-257 (no column says who answers).
    """
    known = _Known(tree)
    header = _header(rows, known)
    if header is None:
        return None
    columns = list(_columns(rows, header, known))
    if not columns:
        return None
    person = _person(rows, header, known, experts)
    if person is None:
        at = where(header, 0)
        return SiteExport((), (Issue("JUDGE-257", at.file, where=at),))
    issues = [
        Issue(
            "JUDGE-255", rows[header][col] or str(col + 1), where=where(header, col), severity=Severity.NOTE
        )
        for col, asked in columns
        if asked is None
    ]
    answers = []
    for row in range(header + 1, len(rows)):
        name = _cell(rows, row, person)
        if name:
            judgments, found = _row(rows, row, columns, known, where, name)
            answers.append(SiteAnswers(name, row, judgments))
            issues += found
    return SiteExport(tuple(answers), tuple(issues))


def _header(rows: Rows, known: _Known) -> int | None:
    """Return the row of the headings: the one with most of our questions, else the one above the answers."""
    matched = [sum(known.pair(cell or "") is not None for cell in row) for row in rows[:_HEADS]]
    if any(matched):
        return matched.index(max(matched))
    first = next((row for row, cells in enumerate(rows[: _HEADS + 1])
                  if sum(bool(known.said(cell or "")) for cell in cells) >= 1), None)  # fmt: skip
    return None if first is None or first == 0 else first - 1


def _columns(rows: Rows, header: int, known: _Known) -> Iterator[tuple[int, Pair | None]]:
    """Yield the columns of comparisons, each with the pair its heading asks about, None for a renamed one."""
    for col in range(max(map(len, rows[header:]), default=0)):
        asked = known.pair(_cell(rows, header, col))
        cells = [cell for row in range(header + 1, len(rows)) if (cell := _cell(rows, row, col))]
        if asked or (cells and 2 * sum(bool(known.said(cell)) for cell in cells) >= len(cells)):
            yield col, asked


def _person(rows: Rows, header: int, known: _Known, experts: Collection[Expert]) -> int | None:
    """Return the column that says who answers: by our question, else the one of nothing but experts."""
    width = max(map(len, rows[header:]), default=0)
    for col in range(width):
        if any(title in plain(_cell(rows, header, col)) for title in known.persons):
            return col
    names = {plain(name) for one in experts for name in (one.id, one.name) if name}
    for col in range(width):
        cells = [cell for row in range(header + 1, len(rows)) if (cell := _cell(rows, row, col))]
        if cells and all(plain(cell) in names for cell in cells):
            return col
    return None


def _row(
    rows: Rows,
    row: int,
    columns: Sequence[tuple[int, Pair | None]],
    known: _Known,
    where: Callable[[int, int], Location],
    name: str,
) -> tuple[tuple[Judgment, ...], list[Issue]]:
    judgments: list[Judgment] = []
    issues: list[Issue] = []
    for col, asked in columns:
        cell = _cell(rows, row, col)
        fitting = [one for one in known.said(cell) if asked is None or one[0] == asked]
        if cell and len(fitting) == 1:
            (group, a, b), ratio = fitting[0]
            value = read_answer(ratio).value
            if value is not None:
                judgments.append(Judgment(name, group, a, b, value, cell, where(row, col)))
        elif cell and cell not in _EMPTY:
            detail = {"question": _cell(rows, 0, col)[:80]}
            issues.append(
                Issue("JUDGE-256", cell[:80], detail, where=where(row, col), severity=Severity.WARNING)
            )
    return tuple(judgments), issues


_EMPTY = ("(空)", "（空）", "(跳过)", "（跳过）", "-3", "-2")
"""What sites write for a question that was left open or not shown."""


def _cell(rows: Rows, row: int, col: int) -> str:
    cells = rows[row]
    return (cells[col] or "").strip() if col < len(cells) else ""
