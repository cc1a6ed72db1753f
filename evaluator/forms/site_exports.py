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
from evaluator.forms.long_table import contradiction, contradicts
from evaluator.forms.site_surveys import question_title
from evaluator.tree import Tree
from evaluator.weighing.panel import Expert, Judgment

Pair = tuple[str, str, str]
Rows = Sequence[Sequence[str | None]]
_NUMBERED = re.compile(r"^\(?(?:[A-Z]|\d{1,2})[.、:：)）]\s*")
_LEVEL = re.compile(r"^[1-9] · | ?\([1-9]\)$")  # today before the words; earlier surveys had it behind them
_ASKED = re.compile(r"^Q?\d{1,3}[.、:)]\s*", re.IGNORECASE)
_HEADS = 10  # rows before which the headings stand
_EMPTY = ("(空)", "(跳过)", "-3", "-2")
"""What sites write for a question that was left open or not shown."""
_OWN = frozenset((
    "序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自ip", "总分",  # 问卷星
    "编号", "提交人", "提交时间", "创建人", "创建时间", "修改人", "最后更新时间",  # 飞书
    "submitted by", "submitted on", "created by", "date created", "modified by", "last modified date",
    "timestamp", "email address", "username", "score", "时间戳记", "电子邮件地址", "用户名", "分数",  # Google
    "id", "start time", "completion time", "email", "name", "last modified time", "total points",  # Microsoft
    "quiz feedback", "grade posted time", "language", "开始时间", "完成时间", "电子邮件", "名称",
    "上次修改时间", "总分数", "测验反馈", "成绩发布时间", "语言",
))  # fmt: skip
"""Headings of columns that sites add themselves, as headings are compared."""


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
        self.of: dict[Pair, list[str]] = defaultdict(list)
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
            if (pair, ratio) not in self.sentences[_words(said)]:
                self.sentences[_words(said)].append((pair, ratio))
                self.of[pair].append(_words(said))

    def pair(self, heading: str) -> Pair | None:
        """Return the pair that a heading asks about: sites put numbers before it and marks behind it."""
        said = plain(heading)
        if found := self.titles.get(said) or self.titles.get(_ASKED.sub("", said)):
            return found
        within = [title for title in self.titles if title in said]  # “Points - …”, “survey—…”, “… [Score]”
        return self.titles[max(within, key=len)] if within else None

    def said(self, cell: str, asked: Pair | None) -> list[tuple[Pair, str]]:
        """Return what a cell may answer, as (pair, ratio); `asked` is what its column asks about."""
        said = _words(cell)
        found = self.sentences.get(said) or self.sentences.get(_words(_NUMBERED.sub("", said)), [])
        if asked is None:
            return found
        if not found:  # with letters, points or a stop around the sentence
            within = [sentence for sentence in self.of[asked] if sentence in said]
            found = [one for sentence in within for one in self.sentences[sentence]]
        return [one for one in found if one[0] == asked]


def _words(sentence: str) -> str:
    """Return a sentence as it is compared: without the number of its level, which its words say too."""
    return _LEVEL.sub("", plain(sentence), count=1)


def read_site_export(
    rows: Rows, where: Callable[[int, int], Location], tree: Tree, experts: Collection[Expert]
) -> SiteExport | None:
    """Return what an export of a survey site says; None for a table that is none.

    Its issues name two columns that answer a question differently, a row that does not say who answers, a
    question that was renamed (its answers count, known by their sentences), a cell that is none of the
    sentences, that no column says who answers, numbers of options instead of their texts, and columns that
    are none of our questions.
    """
    known = _Known(tree)
    header = _header(rows, known)
    if header is None:
        return None
    table = _Table(rows, header, where)
    columns = list(_columns(table, known))
    if not columns:
        return None
    at = where(header, 0)
    person = _person(table, known, experts)
    if person is None:
        return SiteExport((), (Issue("JUDGE-257", at.file, where=at),))
    if _numbers(table, columns, known):
        return SiteExport((), (Issue("JUDGE-258", at.file, where=at, severity=Severity.WARNING),))
    issues = [*_renamed(table, columns), *_unread(table, {person, *(col for col, _ in columns)}, known)]
    answers = []
    for row in table.answers:
        said = table.cell(row, person)
        name = _who(said, experts)
        judgments, found = _row(table, row, columns, known, name)
        if said:
            answers.append(SiteAnswers(name, row, judgments))
            issues += found
        elif judgments:
            issues.append(Issue("JUDGE-229", where=where(row, person), severity=Severity.WARNING))
    return SiteExport(tuple(answers), tuple(issues))


@dataclass(frozen=True)
class _Table:
    """The cells of an export, and the row of its headings."""

    rows: Rows
    header: int
    where: Callable[[int, int], Location]

    @property
    def width(self) -> int:
        return max(map(len, self.rows[self.header :]), default=0)

    @property
    def answers(self) -> range:
        """The rows below the headings."""
        return range(self.header + 1, len(self.rows))

    def cell(self, row: int, col: int) -> str:
        cells = self.rows[row]
        return (cells[col] or "").strip() if col < len(cells) else ""

    def heading(self, col: int) -> str:
        return self.cell(self.header, col)

    def below(self, col: int) -> list[str]:
        """The cells of a column that say something."""
        said = (self.cell(row, col) for row in self.answers)
        return [cell for cell in said if cell and plain(cell) not in _EMPTY]


def _header(rows: Rows, known: _Known) -> int | None:
    """Return the row of the headings: the one with most of our questions, else the one above the answers."""
    matched = [sum(known.pair(cell or "") is not None for cell in row) for row in rows[:_HEADS]]
    if any(matched):
        return matched.index(max(matched))
    first = next((row for row, cells in enumerate(rows[: _HEADS + 1])
                  if sum(bool(known.said(cell or "", None)) for cell in cells) >= 1), None)  # fmt: skip
    return None if first is None or first == 0 else first - 1


def _columns(table: _Table, known: _Known) -> Iterator[tuple[int, Pair | None]]:
    """Yield the columns of comparisons, each with the pair its heading asks about, None for a renamed one.

    Of several columns about a pair, such as the points given for it, those with sentences are meant.
    """
    asking: dict[Pair, list[int]] = defaultdict(list)
    for col in range(table.width):
        asked, cells = known.pair(table.heading(col)), table.below(col)
        if asked:
            asking[asked].append(col)
        elif cells and 2 * sum(bool(known.said(cell, None)) for cell in cells) >= len(cells):
            yield col, None
    for asked, found in asking.items():
        answered = [col for col in found if any(known.said(cell, asked) for cell in table.below(col))]
        for col in answered or [min(found, key=lambda col: len(table.heading(col)))]:
            yield col, asked


def _numbers(table: _Table, columns: Sequence[tuple[int, Pair | None]], known: _Known) -> bool:
    """True if an export holds nothing but the numbers of options."""
    cells = [cell for col, _ in columns for cell in table.below(col)]
    return bool(cells) and all(re.fullmatch(r"\d{1,2}(\.0)?", plain(cell)) for cell in cells)


def _renamed(table: _Table, columns: Sequence[tuple[int, Pair | None]]) -> Iterator[Issue]:
    for col, asked in columns:
        if asked is None:
            said, where = table.heading(col) or str(col + 1), table.where(table.header, col)
            yield Issue("JUDGE-255", said, where=where, severity=Severity.NOTE)


def _unread(table: _Table, read: Collection[int], known: _Known) -> Iterator[Issue]:
    """Name the columns that are neither read nor a site's own: perhaps questions under other names."""
    own = _OWN | {plain(one).casefold() for one in known.persons}
    headings = [
        table.heading(col)
        for col in range(table.width)
        if col not in read
        and table.below(col)
        and known.pair(table.heading(col)) is None
        and plain(table.heading(col)).casefold() not in own
    ]
    if headings:
        detail = {"file": table.where(table.header, 0).file, "count": len(headings)}
        named = "; ".join(one[:60] or "…" for one in headings)
        yield Issue("JUDGE-259", named, detail, where=table.where(table.header, 0), severity=Severity.NOTE)


def _person(table: _Table, known: _Known, experts: Collection[Expert]) -> int | None:
    """Return the column that says who answers: by our question, else the one of nothing but experts."""
    for col in range(table.width):
        if any(title in plain(table.heading(col)) for title in known.persons):
            return col
    for col in range(table.width):
        cells = table.below(col)
        if cells and all(_who(cell, experts) in {one.id for one in experts} for cell in cells):
            return col
    return None


def _who(said: str, experts: Collection[Expert]) -> str:
    """Return the id of the expert who is meant by code, name or both, in any case; else what was said."""
    wanted = _letters(said)
    meant = {
        one.id
        for one in experts
        if wanted in {_letters(text) for text in (one.id, one.name, one.id + one.name, one.name + one.id)}
    }
    return meant.pop() if wanted and len(meant) == 1 else said


def _letters(text: str) -> str:
    """Return a name as names are compared: letters and digits in any case, whatever stands between."""
    return "".join(sign for sign in plain(text.removesuffix(".0")).casefold() if sign.isalnum())


def _row(
    table: _Table, row: int, columns: Sequence[tuple[int, Pair | None]], known: _Known, name: str
) -> tuple[tuple[Judgment, ...], list[Issue]]:
    judgments: dict[Pair, Judgment] = {}
    torn: set[Pair] = set()
    issues: list[Issue] = []
    for col, asked in columns:
        cell, where = table.cell(row, col), table.where(row, col)
        fitting = known.said(cell, asked)
        if cell and len(fitting) == 1:
            pair, ratio = fitting[0]
            judgment = Judgment(name, *pair, read_answer(ratio).value or 1.0, cell, where)
            if contradicts(judgments.setdefault(pair, judgment), judgment):
                issues.append(contradiction(judgments[pair], judgment))
                torn.add(pair)
        elif cell and plain(cell) not in _EMPTY:
            detail = {"question": table.heading(col)[:80]}
            issues.append(Issue("JUDGE-256", cell[:80], detail, where=where, severity=Severity.WARNING))
    return tuple(one for pair, one in judgments.items() if pair not in torn), issues
