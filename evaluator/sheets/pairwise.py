"""The pairwise questionnaire: one workbook per expert, one sheet per group, one sentence per pair.

Beside each block stand weights, consistency and hints that follow the answers (see `live`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from evaluator import ahp, messages
from evaluator.errors import EvaluationError, Issue, raise_errors
from evaluator.sheets.choices import labels, sentences
from evaluator.sheets.cover import SECONDS_PER_PAIR, Block, write_cover
from evaluator.sheets.duties import GroupDuty, group_duties, unanswerable
from evaluator.sheets.filled import Filled, read_filled
from evaluator.sheets.live import Figures, Live
from evaluator.sheets.names import file_names
from evaluator.sheets.record import CHOICES, KEY, LIVE, REMARK, changed, group_key, pair_key, write_record
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert
from evaluator.weighing.planner import QuestionPlan
from evaluator.workbook.book import Sheet, open_book
from evaluator.workbook.layout import sheet_name
from evaluator.workbook.theme import Theme

_NUMBER, _A, _B, _ANSWER, _LIVE = range(1, 6)
_PROGRESS = 2  # row of the count of answers
_MINUTES_TO_READ = 3
_PAIRS_ON_A_PAGE = 15


@dataclass(frozen=True, slots=True)
class Written:
    """A questionnaire: how much it asks, and whether it was written now or kept for its answers.

    What is kept asks what it asked when it was written, whatever is planned now; `changed` names
    groups that a kept workbook does not ask as they now stand.
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
    duties: Mapping[str, Collection[str]] | None = None,
    plan: QuestionPlan | None = None,
    language: str = "zh",
    profile: str | None = None,
    theme: Theme | None = None,
) -> tuple[Written, ...]:
    """Write one workbook per expert; one that holds answers is never overwritten, but kept.

    Parameters
    ----------
    folder : made when it is not there; files are named after the id and name of each expert.
    duties : the groups, by id, that an expert is asked about; an expert without one is asked all.
    plan : the pairs of each group that an expert is asked (see `weighing.plan_questions`); default: all,
        also for an expert whom the plan does not name.
    language : of the instructions and of the tree's names, ``zh`` or ``en``.
    profile : a name in `ahp.PROFILES`, for the random index and the limit of CR that the sheets show;
        default ``cn`` in Chinese and ``strict`` in English.

    Returns
    -------
    tuple of Written
        one per expert, in their order; `minutes` is an estimate.

    Raises
    ------
    EvaluationError
        JUDGE-225 (two experts of one id), JUDGE-226 (nothing to compare in this tree), JUDGE-234 (a
        duty or the plan names an expert, group or pair that is not there), JUDGE-235 (somebody is left
        without anything to compare), METHOD-001 (no such profile), and FILE-701 to FILE-703 for every
        file that could not be written, after the others are.
    """
    raise_errors(unanswerable(tree, experts, duties or {}, plan))
    profile = profile or ("cn" if language == "zh" else "strict")
    _ = ahp.PROFILES[profile]
    written: list[Written] = []
    issues: list[Issue] = []
    for expert, name in zip(experts, file_names(experts), strict=True):
        path = Path(folder) / name
        asked = group_duties(tree, expert.id, duties or {}, plan)
        entry = _kept(expert, path, asked)
        if entry is None:
            pairs = sum(len(duty.pairs) for duty in asked)
            entry = Written(expert, path, pairs, minutes(pairs), "written")
            try:
                _write_workbook(entry, tree, asked, language, profile, theme)
            except EvaluationError as error:
                issues.extend(error.issues)
                continue
        written.append(entry)
    raise_errors(issues)
    return tuple(written)


def minutes(pairs: int) -> int:
    """Return how many minutes one expert is likely to need: to read, and for each pair."""
    return _MINUTES_TO_READ + math.ceil(pairs * SECONDS_PER_PAIR / 60)


def _filled(path: Path) -> Filled | None:
    """Return what a file holds as a questionnaire, None when it cannot be read as one."""
    try:
        return read_filled(path)
    except EvaluationError:
        return None


def _kept(expert: Expert, path: Path, asked: Sequence[GroupDuty]) -> Written | None:
    """Say what a file asks that must be kept: it has answers or remarks, or is no questionnaire."""
    if not path.exists():
        return None
    filled = _filled(path)
    groups = [duty.group for duty in asked]
    if filled is None:
        pairs = sum(len(duty.pairs) for duty in asked)
        return Written(expert, path, pairs, minutes(pairs), "kept", tuple(group.id for group in groups))
    if not filled.touched:
        return None
    pairs = sum(len(group.pairs) for group in filled.record.groups)
    return Written(expert, path, pairs, minutes(pairs), "kept", changed(filled.record, groups))


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


def _write_workbook(
    entry: Written,
    tree: Tree,
    asked: Sequence[GroupDuty],
    language: str,
    profile: str,
    theme: Theme | None,
) -> None:
    title = messages.text("pairwise.title", language, tree=tree.name[language])
    with open_book(entry.path, language=language, title=title, theme=theme) as book:
        cover = book.sheet(messages.text("pairwise.cover", language), tab="accent")
        choices = _Choices(book.sheet(CHOICES, hidden=True))
        live = Live(book.sheet(LIVE, hidden=True), profile)
        blocks: dict[str, Block] = {}
        for number, duty in enumerate(asked, start=1):
            sheet = book.sheet(sheet_name(f"{number} {duty.group.name[language]}"))
            figures = _write_block(sheet, choices, live, tree, duty, cover)
            blocks[duty.group.id] = Block(sheet, figures)
        write_cover(cover, tree, entry.expert, minutes=entry.minutes, blocks=blocks)
        names = {group: block.sheet.name for group, block in blocks.items()}
        pairs = {duty.group.id: duty.pairs for duty in asked if not duty.whole}
        write_record(book, tree, entry.expert, names, _ANSWER, pairs=pairs)


def _write_block(
    sheet: Sheet, choices: _Choices, live: Live, tree: Tree, duty: GroupDuty, cover: Sheet
) -> Figures:
    language, group = sheet.book.language, duty.group
    sheet.widths(2, 6, 24, 24, 48, 40)
    sheet.native.set_column(KEY, KEY, None, None, {"hidden": True})
    sheet.native.hide_gridlines(2)
    sheet.put(0, KEY, group_key(group.id))
    path = [tree.nodes[node].name[language] for node in tree.path(group.id)]
    sheet.put(0, _NUMBER, " › ".join(path), "title")
    question = messages.text("pairwise.question", language, group=group.name[language])
    sheet.merge((1, _NUMBER, 1, _LIVE), question, "subtitle")
    children = 4
    first = children + len(group.children) + 3
    last, offered = _write_pairs(sheet, choices, duty, first - 1)
    answers = [sheet.cell(row, _ANSWER) for row in range(first, last + 1)]
    names = labels(group, language)
    places = {child: place for place, child in enumerate(names)}
    pairs = [(places[a], places[b]) for a, b in duty.pairs]
    figures = live.add(list(names.values()), pairs, answers, offered)
    _write_children(sheet, group, children, figures)
    _write_hints(sheet, figures, first, last)
    _write_progress(sheet, figures, cover)
    _write_remark(sheet, _write_cycles(sheet, figures, last + 1) + 1)
    sheet.native.freeze_panes(_PROGRESS + 1, 0)
    sheet.protect()
    sheet.page(landscape=True, footer=tree.name[language])
    if len(duty.pairs) <= _PAIRS_ON_A_PAGE:
        sheet.native.fit_to_pages(1, 1)
    return figures


def _write_progress(sheet: Sheet, figures: Figures, cover: Sheet) -> None:
    language = sheet.book.language
    sheet.formula(_PROGRESS, _NUMBER, f"={figures.answered}", 0, "count")
    sheet.put(_PROGRESS, _A, messages.text("pairwise.of", language, pairs=figures.pairs), "muted left")
    sheet.formula(_PROGRESS, _B, f"={figures.cr}", "", "cr")
    sheet.formula(_PROGRESS, _ANSWER, f"={figures.state}", figures.said, "strong wrapped")
    sheet.height(_PROGRESS, 30)
    back = messages.text("pairwise.back", language)
    sheet.native.write_url(
        _PROGRESS, _LIVE, f"internal:{cover.quoted}!A1", sheet.book.style("link right"), back
    )
    row = _PROGRESS + 1
    sheet.highlight((_PROGRESS, _NUMBER, _PROGRESS, _NUMBER), f"=$B${row}>={figures.pairs}", "good")
    judged = (_PROGRESS, _B, _PROGRESS, _ANSWER)
    for rule, style in (("<", "good"), (">=", "bad")) if figures.tested else ():
        sheet.highlight(judged, f"=AND(ISNUMBER($D${row}),$D${row}{rule}{figures.limit!r})", style)


def _write_hints(sheet: Sheet, figures: Figures, first: int, last: int) -> None:
    sheet.put(first - 1, _LIVE, messages.text("pairwise.head.hint", sheet.book.language), "heading")
    for row, hint in enumerate(figures.hints, start=first):
        sheet.formula(row, _LIVE, f"={hint}", "", "text")
    sheet.highlight((first, _LIVE, last, _LIVE), f"=LEN($F{first + 1})>0", "warn")


def _write_cycles(sheet: Sheet, figures: Figures, row: int) -> int:
    """Write the three-way contradictions below the pairs, and return the row after them."""
    if not figures.found:
        return row
    none = messages.text("pairwise.live.no_cycle", sheet.book.language)
    sheet.merge((row, _NUMBER, row, _LIVE), None, "paragraph")
    sheet.formula(row, _NUMBER, f"={figures.found}", none, "muted left")
    for line, cycle in enumerate(figures.cycles, start=row + 1):
        sheet.merge((line, _NUMBER, line, _LIVE), None, "paragraph")
        sheet.formula(line, _NUMBER, f"={cycle}", "", "plain left")
    last = row + len(figures.cycles)
    sheet.highlight((row + 1, _NUMBER, last, _LIVE), f"=LEN($B{row + 2})>0", "warn")
    return last + 1


def _write_children(sheet: Sheet, group: Group, row: int, figures: Figures) -> None:
    language = sheet.book.language
    sheet.merge((row, _NUMBER, row, _A), messages.text("pairwise.head.child", language), "heading")
    sheet.merge((row, _B, row, _ANSWER), messages.text("pairwise.head.meaning", language), "heading")
    sheet.put(row, _LIVE, messages.text("pairwise.head.weight", language), "heading")
    sheet.bars((row + 1, _LIVE, row + len(group.children), _LIVE), most=1.0, lasting=True)
    for child, weight in zip(group.children, figures.weights, strict=True):
        row += 1
        parts = [child.definition[language]] if child.definition else []
        if isinstance(child, Group):
            below = messages.text("pairwise.join", language).join(
                node.name[language] for node in child.children
            )
            parts.append(messages.text("pairwise.contains", language, below=below))
        sheet.merge((row, _NUMBER, row, _A), labels(group, language)[child.id], "label")
        sheet.merge((row, _B, row, _ANSWER), "\n".join(parts), "text")
        sheet.formula(row, _LIVE, f"={weight}", "", "percent")


def _write_pairs(sheet: Sheet, choices: _Choices, duty: GroupDuty, row: int) -> tuple[int, list[str]]:
    """Write the pairs below their heading; return the last row, and the ranges of their sentences."""
    language = sheet.book.language
    ranges: list[str] = []
    for col, key in ((_NUMBER, "number"), (_A, "a"), (_B, "b"), (_ANSWER, "answer")):
        sheet.put(row, col, messages.text(f"pairwise.head.{key}", language), "heading")
    names = labels(duty.group, language)
    for number, (a, b) in enumerate(duty.pairs, start=1):
        row += 1
        sheet.put(row, KEY, pair_key(a, b))
        sheet.put(row, _NUMBER, number, "integer center")
        sheet.put(row, _A, names[a], "text")
        sheet.put(row, _B, names[b], "text")
        sheet.put(row, _ANSWER, None, "input")
        sheet.height(row, 30)
        offered = choices.store(pair_key(a, b), sentences(names[a], names[b], language))
        sheet.choices((row, _ANSWER, row, _ANSWER), offered, **_advice(language))
        ranges.append(offered)
    return row, ranges


def _advice(language: str) -> dict[str, str]:
    return {
        "input_message": messages.text("pairwise.input", language),
        "error_type": "warning",  # a typed ratio such as 1/3 is an answer too
        "error_title": messages.text("pairwise.refused_title", language),
        "error_message": messages.text("pairwise.refused", language),
    }


def _write_remark(sheet: Sheet, row: int) -> None:
    language = sheet.book.language
    sheet.merge((row, _NUMBER, row, _LIVE), messages.text("pairwise.remark", language), "note")
    sheet.put(row + 1, KEY, REMARK)
    sheet.merge((row + 1, _NUMBER, row + 1, _LIVE), None, "input top")
    sheet.height(row + 1, 54)
