"""The pairwise questionnaire: one workbook per expert, one sheet per group, one sentence per pair.

Columns from `_FREE` on, beside each block, stay free for figures that follow the answers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path
from typing import Literal

from evaluator import messages
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.sheets.choices import labels, sentences
from evaluator.sheets.cover import write_cover
from evaluator.sheets.filled import read_filled
from evaluator.sheets.names import file_names
from evaluator.sheets.record import CHOICES, KEY, REMARK, changed, group_key, pair_key, write_record
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Sheet, open_book
from evaluator.workbook.layout import sheet_name
from evaluator.workbook.theme import Theme

_NUMBER, _A, _B, _ANSWER, _FREE = range(1, 6)
_PROGRESS = 2  # row of the count of answers
_SECONDS_PER_PAIR, _MINUTES_TO_READ = 25, 3


@dataclass(frozen=True, slots=True)
class Written:
    """A questionnaire: how much it asks, and whether it was written now or kept for its answers.

    `changed` names groups that a kept workbook does not ask as they now stand.
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
    language: str = "zh",
    theme: Theme | None = None,
) -> tuple[Written, ...]:
    """Write one workbook per expert; one that holds answers is never overwritten, but kept.

    Parameters
    ----------
    folder : made when it is not there; files are named after the id and name of each expert.
    language : of the instructions and of the tree's names, ``zh`` or ``en``.

    Returns
    -------
    tuple of Written
        one per expert, in their order; `minutes` is an estimate.

    Raises
    ------
    EvaluationError
        JUDGE-225 (two experts of one id), JUDGE-226 (nothing to compare in this tree), and FILE-701
        to FILE-703 for every file that could not be written, after the others are.
    """
    raise_errors(_unanswerable(tree, experts))
    written: list[Written] = []
    issues: list[Issue] = []
    for expert, name in zip(experts, file_names(experts), strict=True):
        path = Path(folder) / name
        kept = _holds_answers(path)
        if not kept:
            try:
                _write_workbook(path, tree, expert, language, theme)
            except EvaluationError as error:
                issues.extend(error.issues)
                continue
        lacking = _changed_groups(path, tree) if kept else ()
        state: Literal["written", "kept"] = "kept" if kept else "written"
        written.append(Written(expert, path, tree.pairs, minutes(tree), state, lacking))
    raise_errors(issues)
    return tuple(written)


def minutes(tree: Tree) -> int:
    """Return how many minutes one expert is likely to need: to read, and for each pair."""
    return _MINUTES_TO_READ + math.ceil(tree.pairs * _SECONDS_PER_PAIR / 60)


def _unanswerable(tree: Tree, experts: Sequence[Expert]) -> tuple[Issue, ...]:
    counts = Counter(expert.id for expert in experts)
    issues = [Issue("JUDGE-225", name) for name, count in counts.items() if count > 1]
    return (*issues, *([] if tree.pairs else [Issue("JUDGE-226", tree.id)]))


def _holds_answers(path: Path) -> bool:
    """Say whether a file must be kept: it has answers or remarks, or cannot be read as a questionnaire."""
    if not path.exists():
        return False
    try:
        filled = read_filled(path)
    except EvaluationError:
        return True
    return filled is None or filled.touched


def _changed_groups(path: Path, tree: Tree) -> tuple[str, ...]:
    asked = [group for group in tree.groups if group.pairs]
    try:
        filled = read_filled(path)
    except EvaluationError:
        filled = None
    return changed(filled.record, asked) if filled else tuple(group.id for group in asked)


class _Choices:
    """The hidden sheet of choices: ratios in the first column, then one column of sentences per pair."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._columns: Iterator[int] = count(1)

    def store(self, key: str, offered: tuple[tuple[str, str], ...]) -> str:
        """Write the choices of a pair and return the name of their range."""
        col = next(self._columns)
        self.sheet.put(0, col, key)
        for row, (ratio, sentence) in enumerate(offered, start=1):
            self.sheet.put(row, 0, ratio)
            self.sheet.put(row, col, sentence)
        return self.sheet.book.name(f"pair_{col}", self.sheet, (1, col), (len(offered), col))


def _write_workbook(path: Path, tree: Tree, expert: Expert, language: str, theme: Theme | None) -> None:
    title = messages.text("pairwise.title", language, tree=tree.name[language])
    with open_book(path, language=language, title=title, theme=theme) as book:
        cover = book.sheet(messages.text("pairwise.cover", language), tab="accent")
        choices = _Choices(book.sheet(CHOICES, hidden=True))
        blocks: dict[str, tuple[Sheet, str]] = {}
        for number, group in enumerate((node for node in tree.groups if node.pairs), start=1):
            sheet = book.sheet(sheet_name(f"{number} {group.name[language]}"))
            _write_block(sheet, choices, tree, group, cover)
            blocks[group.id] = (sheet, sheet.cell(_PROGRESS, _NUMBER))
        write_cover(cover, tree, expert, minutes=minutes(tree), blocks=blocks)
        names = {group: sheet.name for group, (sheet, _) in blocks.items()}
        write_record(book, tree, expert, names, _ANSWER)


def _write_block(sheet: Sheet, choices: _Choices, tree: Tree, group: Group, cover: Sheet) -> None:
    language = sheet.book.language
    sheet.widths(2, 6, 26, 26, 60)
    sheet.native.set_column(KEY, KEY, None, None, {"hidden": True})
    sheet.native.hide_gridlines(2)
    sheet.put(0, KEY, group_key(group.id))
    names = [tree.nodes[node].name[language] for node in tree.path(group.id)]
    sheet.put(0, _NUMBER, " › ".join(names), "title")
    question = messages.text("pairwise.question", language, group=group.name[language])
    sheet.merge((1, _NUMBER, 1, _ANSWER), question, "subtitle")
    row = _write_children(sheet, group, 4)
    last = _write_pairs(sheet, choices, group, row + 1)
    _write_progress(sheet, group, cover, row + 2, last)
    _write_remark(sheet, last + 2)
    sheet.native.freeze_panes(_PROGRESS + 1, 0)
    sheet.protect()
    sheet.page(footer=tree.name[language])


def _write_progress(sheet: Sheet, group: Group, cover: Sheet, first: int, last: int) -> None:
    language = sheet.book.language
    column = "ABCDEF"[_ANSWER]
    sheet.formula(_PROGRESS, _NUMBER, f"=COUNTA({column}{first + 1}:{column}{last + 1})", 0, "count")
    of = messages.text("pairwise.of", language, pairs=group.pairs)
    sheet.put(_PROGRESS, _A, of, "muted left")
    back = messages.text("pairwise.back", language)
    sheet.native.write_url(
        _PROGRESS, _ANSWER, f"internal:{cover.quoted}!A1", sheet.book.style("link right"), back
    )
    area = (_PROGRESS, _NUMBER, _PROGRESS, _NUMBER)
    sheet.highlight(area, f"=$B${_PROGRESS + 1}>={group.pairs}", "good")


def _write_children(sheet: Sheet, group: Group, row: int) -> int:
    language = sheet.book.language
    sheet.merge((row, _NUMBER, row, _A), messages.text("pairwise.head.child", language), "heading")
    sheet.merge((row, _B, row, _ANSWER), messages.text("pairwise.head.meaning", language), "heading")
    for child in group.children:
        row += 1
        parts = [child.definition[language]] if child.definition else []
        if isinstance(child, Group):
            below = messages.text("pairwise.join", language).join(
                node.name[language] for node in child.children
            )
            parts.append(messages.text("pairwise.contains", language, below=below))
        sheet.merge((row, _NUMBER, row, _A), labels(group, language)[child.id], "label")
        sheet.merge((row, _B, row, _ANSWER), "\n".join(parts), "text")
    return row + 1


def _write_pairs(sheet: Sheet, choices: _Choices, group: Group, row: int) -> int:
    language = sheet.book.language
    for col, key in ((_NUMBER, "number"), (_A, "a"), (_B, "b"), (_ANSWER, "answer")):
        sheet.put(row, col, messages.text(f"pairwise.head.{key}", language), "heading")
    names = labels(group, language)
    for number, (a, b) in enumerate(combinations(names, 2), start=1):
        row += 1
        sheet.put(row, KEY, pair_key(a, b))
        sheet.put(row, _NUMBER, number, "integer center")
        sheet.put(row, _A, names[a], "text")
        sheet.put(row, _B, names[b], "text")
        sheet.put(row, _ANSWER, None, "input")
        sheet.height(row, 30)
        offered = choices.store(pair_key(a, b), sentences(names[a], names[b], language))
        sheet.choices((row, _ANSWER, row, _ANSWER), offered, **_advice(language))
    return row


def _advice(language: str) -> dict[str, str]:
    return {
        "input_message": messages.text("pairwise.input", language),
        "error_type": "warning",  # a typed ratio such as 1/3 is an answer too
        "error_title": messages.text("pairwise.refused_title", language),
        "error_message": messages.text("pairwise.refused", language),
    }


def _write_remark(sheet: Sheet, row: int) -> None:
    language = sheet.book.language
    sheet.merge((row, _NUMBER, row, _ANSWER), messages.text("pairwise.remark", language), "note")
    sheet.put(row + 1, KEY, REMARK)
    sheet.merge((row + 1, _NUMBER, row + 1, _ANSWER), None, "input top")
    sheet.height(row + 1, 54)
