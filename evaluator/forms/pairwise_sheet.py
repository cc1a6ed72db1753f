"""What a pairwise questionnaire looks like: cover, one sheet per group, and the hidden sheets behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from evaluator import messages
from evaluator.brief import Brief
from evaluator.forms.choices import labels, sentences
from evaluator.forms.cover import Block, write_cover
from evaluator.forms.duties import GroupDuty, Pair
from evaluator.forms.live import Live
from evaluator.forms.live_block import Figures
from evaluator.forms.live_values import RATIOS
from evaluator.forms.record import CHOICES, KEY, LIVE, REMARK, group_key, pair_key, write_record
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Sheet, open_book
from evaluator.workbook.layout import sheet_name
from evaluator.workbook.theme import Theme

_NUMBER, _A, _B, _ANSWER, _LIVE = range(1, 6)
_PROGRESS = 2  # row of the count of answers
_PAIRS_ON_A_PAGE = 15
_SAME = 1e-12


@dataclass(frozen=True)
class Questionnaire(Brief):
    """What one questionnaire asks of whom; `given` are the ratios it comes with, by group and pair.

    `round` counts from 1: a later one asks again what an earlier one left open. `profile` names the customers
    it is about, where it is about some alone.
    """

    tree: Tree
    expert: Expert
    asked: tuple[GroupDuty, ...]
    minutes: int
    language: str
    convention: str
    theme: Theme | None = None
    round: int = 1
    given: Mapping[str, Mapping[Pair, float]] = field(default_factory=dict)
    profile: str = ""

    @property
    def title(self) -> str:
        """What it is called for people."""
        title = messages.text("pairwise.title", self.language, tree=self.tree.name[self.language])
        named = messages.text("pairwise.of_profile", self.language, title=title, profile=self.profile)
        return named if self.profile else title


def write_questionnaire(path: Path, one: Questionnaire) -> None:
    """Write a questionnaire; raises as `workbook.book.open_book` does."""
    tree, language = one.tree, one.language
    with open_book(path, language=language, title=one.title, theme=one.theme) as book:
        cover = book.sheet(messages.text("pairwise.cover", language), tab="accent")
        choices = _Choices(book.sheet(CHOICES, hidden=True))
        live = Live(book.sheet(LIVE, hidden=True), one.convention)
        blocks: dict[str, Block] = {}
        for number, duty in enumerate(one.asked, start=1):
            sheet = book.sheet(sheet_name(f"{number} {duty.group.name[language]}"))
            figures = _write_block(sheet, choices, live, one, duty, cover)
            blocks[duty.group.id] = Block(sheet, figures)
        again = one.round > 1
        write_cover(cover, tree, one.expert, title=one.title, minutes=one.minutes, blocks=blocks, again=again)
        names = {group: block.sheet.name for group, block in blocks.items()}
        pairs = {duty.group.id: duty.pairs for duty in one.asked if not duty.whole}
        answers = {
            pair: answer
            for duty in one.asked
            for pair, answer in zip(duty.pairs, blocks[duty.group.id].figures.now.answers, strict=True)
            if answer
        }
        write_record(book, tree, one.expert, names, _ANSWER, pairs=pairs, round_=one.round, given=answers)


def _stated(ratio: float | None, offered: Sequence[tuple[str, str]]) -> str:
    """Return what a cell says for a ratio: its sentence, else the number to the last digit."""
    if ratio is None:
        return ""
    for (_, sentence), level in zip(offered, RATIOS, strict=True):
        if abs(level - ratio) < _SAME:
            return sentence
    return repr(ratio)


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


def _write_block(
    sheet: Sheet, choices: _Choices, live: Live, one: Questionnaire, duty: GroupDuty, cover: Sheet
) -> Figures:
    language, group, tree = sheet.book.language, duty.group, one.tree
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
    lines = _write_pairs(sheet, choices, duty, first - 1, one.given.get(group.id, {}))
    last = first + len(lines) - 1
    names = labels(group, language)
    places = {child: place for place, child in enumerate(names)}
    figures = live.add(
        list(names.values()),
        [(places[a], places[b]) for a, b in duty.pairs],
        [sheet.cell(row, _ANSWER) for row in range(first, last + 1)],
        [line.offered for line in lines],
        sentences=[line.sentences for line in lines],
        given=[line.given for line in lines],
    )
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
    sheet.formula(_PROGRESS, _NUMBER, f"={figures.answered}", figures.answered.now, "count")
    sheet.put(_PROGRESS, _A, messages.text("pairwise.of", language, pairs=figures.pairs), "muted left")
    sheet.formula(_PROGRESS, _B, f"={figures.cr}", figures.cr.now, "cr")
    sheet.formula(_PROGRESS, _ANSWER, f"={figures.state}", figures.state.now, "strong wrapped")
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
        sheet.formula(row, _LIVE, f"={hint}", hint.now, "text")
    sheet.highlight((first, _LIVE, last, _LIVE), f"=LEN($F{first + 1})>0", "warn")


def _write_cycles(sheet: Sheet, figures: Figures, row: int) -> int:
    """Write the three-way contradictions below the pairs, and return the row after them."""
    if figures.found is None:
        return row
    sheet.merge((row, _NUMBER, row, _LIVE), None, "paragraph")
    sheet.formula(row, _NUMBER, f"={figures.found}", figures.found.now, "muted left")
    for line, cycle in enumerate(figures.cycles, start=row + 1):
        sheet.merge((line, _NUMBER, line, _LIVE), None, "paragraph")
        sheet.formula(line, _NUMBER, f"={cycle}", cycle.now, "plain left")
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
        sheet.formula(row, _LIVE, f"={weight}", weight.now, "percent")


@dataclass(frozen=True, slots=True)
class _Line:
    """The row of a pair: the range of its sentences, these themselves, and what its cell holds."""

    offered: str
    sentences: tuple[str, ...]
    given: str


def _write_pairs(
    sheet: Sheet, choices: _Choices, duty: GroupDuty, row: int, given: Mapping[Pair, float]
) -> list[_Line]:
    """Write the pairs below their heading, each with the answer it comes with."""
    language = sheet.book.language
    lines: list[_Line] = []
    for col, key in ((_NUMBER, "number"), (_A, "a"), (_B, "b"), (_ANSWER, "answer")):
        sheet.put(row, col, messages.text(f"pairwise.head.{key}", language), "heading")
    names = labels(duty.group, language)
    for number, (a, b) in enumerate(duty.pairs, start=1):
        row += 1
        sheet.put(row, KEY, pair_key(a, b))
        sheet.put(row, _NUMBER, number, "integer center")
        sheet.put(row, _A, names[a], "text")
        sheet.put(row, _B, names[b], "text")
        offered = sentences(names[a], names[b], language)
        answer = _stated(given.get((a, b)), offered)
        sheet.put(row, _ANSWER, answer or None, "input")
        sheet.height(row, 30)
        area = choices.store(pair_key(a, b), offered)
        sheet.choices((row, _ANSWER, row, _ANSWER), area, **_advice(language))
        lines.append(_Line(area, tuple(sentence for _, sentence in offered), answer))
    return lines


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
