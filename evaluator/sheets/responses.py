"""Who answered what: for the person who chases answers, on screen and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluator import ahp, messages
from evaluator.sheets.choices import labels
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert, Panel
from evaluator.workbook.book import Book, Sheet, open_book
from evaluator.workbook.theme import Theme

State = Literal["missing", "empty", "partial", "complete"]
_STYLES = {"missing": "bad", "empty": "bad", "partial": "warn", "complete": "good"}
_VERDICTS = {"consistent": "good", "inconsistent": "bad", "not_testable": "muted"}


@dataclass(frozen=True, slots=True)
class GroupResponse:
    """An expert's answers to one group: how many, their CR (NaN where it cannot be tested), what is open."""

    group: str
    answered: int
    asked: int
    cr: float
    verdict: str
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from one expert; `files` is empty when nothing did."""

    expert: Expert
    files: tuple[str, ...]
    state: State
    groups: tuple[GroupResponse, ...]

    @property
    def answered(self) -> int:
        """How many comparisons were made."""
        return sum(entry.answered for entry in self.groups)

    @property
    def asked(self) -> int:
        """How many comparisons there are to make."""
        return sum(entry.asked for entry in self.groups)


def responses(panel: Panel, tree: Tree, *, profile: str = "strict") -> tuple[Response, ...]:
    """Return what each expert of a panel answered, with the consistency of each group.

    What an expert's questionnaire left out counts neither as asked nor as missing.

    Parameters
    ----------
    profile : a name in `ahp.PROFILES`, for random index and limit.

    Raises
    ------
    EvaluationError
        METHOD-001 when there is no such profile.
    """
    groups = [group for group in tree.groups if group.pairs]
    matrices = {group.id: panel.matrices(group) for group in groups}
    figures = {key: ahp.consistency(A, profile=profile) for key, A in matrices.items()}
    found: list[Response] = []
    silent = {issue.subject for issue in panel.issues if issue.code == "JUDGE-223"}
    for number, expert in enumerate(panel.experts):
        every = (_entry(panel, number, group, matrices[group.id], figures[group.id]) for group in groups)
        entries = tuple(entry for entry in every if entry.asked)
        files = dict.fromkeys(j.where.file for j in panel.judgments if j.expert == expert.id and j.where)
        state = _state(entries, heard=(expert.name or expert.id) not in silent)
        found.append(Response(expert, tuple(files), state, entries))
    return tuple(found)


def write_responses(
    found: Sequence[Response],
    tree: Tree,
    path: str | Path,
    *,
    language: str = "zh",
    theme: Theme | None = None,
) -> Path:
    """Write who answered what as a workbook: one sheet by expert, one by group, with what is still open.

    Raises
    ------
    EvaluationError
        FILE-701 to FILE-703 when the file cannot be written.
    """
    title = messages.text("responses.title", language, tree=tree.name[language])
    with open_book(path, language=language, title=title, theme=theme) as book:
        _write_experts(book, found, title)
        _write_groups(book, found, tree)
    return Path(path)


def _entry(
    panel: Panel, number: int, group: Group, matrices: NDArray[np.float64], figures: ahp.Consistency
) -> GroupResponse:
    expert, children = panel.experts[number].id, [child.id for child in group.children]
    asked = [
        (i, j)
        for i, j in combinations(range(len(children)), 2)
        if (expert, group.id, children[i], children[j]) not in panel.unasked
    ]
    missing = tuple((children[i], children[j]) for i, j in asked if not matrices[number, i, j] > 0)
    cr, verdict = float(figures.cr[number]), str(figures.verdict[number])
    return GroupResponse(group.id, len(asked) - len(missing), len(asked), cr, verdict, missing)


def _state(entries: Sequence[GroupResponse], *, heard: bool) -> State:
    if not heard:
        return "missing"
    if not any(entry.answered for entry in entries):
        return "empty"
    return "partial" if any(entry.missing for entry in entries) else "complete"


def _write_experts(book: Book, found: Sequence[Response], title: str) -> None:
    language = book.language
    sheet = book.sheet(messages.text("responses.sheet", language), tab="accent")
    sheet.widths(2, 20, 22, 14, 10, 10, 16, 40)
    sheet.put(0, 1, title, "title")
    _heads(sheet, 2, ("expert", "role", "state", "answered", "asked", "groups", "file"))
    for row, one in enumerate(found, start=3):
        done = sum(not entry.missing for entry in one.groups)
        sheet.put(row, 1, one.expert.name or one.expert.id, "label")
        sheet.put(row, 2, one.expert.role, "text")
        sheet.put(
            row, 3, messages.text(f"responses.state.{one.state}", language), f"text {_STYLES[one.state]}"
        )
        sheet.put_row(row, 4, (one.answered, one.asked), "integer")
        sheet.put(row, 6, f"{done} / {len(one.groups)}", "text center")
        sheet.put(row, 7, ", ".join(one.files), "text")
    sheet.native.autofilter(2, 1, max(2 + len(found), 3), 7)
    sheet.native.freeze_panes(3, 2)
    sheet.page(landscape=True, footer=title)


def _write_groups(book: Book, found: Sequence[Response], tree: Tree) -> None:
    language = book.language
    sheet = book.sheet(messages.text("responses.by_group", language))
    sheet.widths(2, 20, 24, 10, 10, 10, 16, 60)
    _heads(sheet, 0, ("expert", "group", "answered", "asked", "cr", "verdict", "missing"))
    row = 0
    for one in found:
        for entry in one.groups:
            row += 1
            group = tree.nodes[entry.group]
            sheet.put(row, 1, one.expert.name or one.expert.id, "label")
            sheet.put(row, 2, group.name[language], "text")
            sheet.put_row(row, 3, (entry.answered, entry.asked), "integer")
            sheet.put(row, 5, entry.cr, "ratio")
            verdict = messages.text(f"responses.verdict.{entry.verdict}", language)
            sheet.put(row, 6, verdict, f"text {_VERDICTS[entry.verdict]}")
            names = labels(group, language) if isinstance(group, Group) else {}
            sheet.put(row, 7, "; ".join(f"{names[a]} – {names[b]}" for a, b in entry.missing), "text")
    sheet.native.autofilter(0, 1, max(row, 1), 7)
    sheet.native.freeze_panes(1, 3)
    sheet.page(landscape=True, heading_rows=1)


def _heads(sheet: Sheet, row: int, keys: Sequence[str]) -> None:
    sheet.put_row(
        row, 1, [messages.text(f"responses.head.{key}", sheet.book.language) for key in keys], "heading"
    )
