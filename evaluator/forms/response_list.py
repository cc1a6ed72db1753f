"""Who answered what: for the person who chases answers, on screen and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from evaluator import ahp, messages
from evaluator.brief import Brief
from evaluator.forms.choices import labels
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import BestWorstAnswer, Expert, Form, Panel
from evaluator.weighing.procedure import usual
from evaluator.weighing.reading import Reading, read
from evaluator.workbook.book import Book, Sheet, open_book
from evaluator.workbook.theme import Theme

State = Literal["missing", "empty", "partial", "complete"]
_STYLES = {"missing": "bad", "empty": "bad", "partial": "warn", "complete": "good"}
_VERDICTS = {"consistent": "good", "inconsistent": "bad", "not_testable": "muted"}


@dataclass(frozen=True, slots=True)
class GroupResponse(Brief):
    """An expert's answers to one group: how many, their CR (NaN where it cannot be tested), what is open.

    `missing` names what is open: the two children of each comparison, or a child without a score. Of
    best–worst answers without the best and the worst nothing is named, only counted.
    """

    group: str
    answered: int
    asked: int
    cr: float
    verdict: str
    missing: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Response(Brief):
    """What came back from one expert; `files` is empty when nothing did."""

    expert: Expert
    files: tuple[str, ...]
    state: State
    groups: tuple[GroupResponse, ...]

    @property
    def answered(self) -> int:
        """How many answers were given."""
        return sum(entry.answered for entry in self.groups)

    @property
    def asked(self) -> int:
        """How many answers there are to give."""
        return sum(entry.asked for entry in self.groups)


def responses(panel: Panel, tree: Tree, *, convention: str = "strict") -> tuple[Response, ...]:
    """Return what each expert of a panel answered, with the consistency of each group.

    What an expert's questionnaire left out counts neither as asked nor as missing.

    Parameters
    ----------
    convention : a name in `ahp.CONVENTIONS`, for random index and limit.

    Raises
    ------
    EvaluationError
        when there is no such convention.
    """
    groups = [group for group in tree.groups if group.pairs]
    procedure = usual(panel.form, ahp.CONVENTIONS[convention].name)
    found: list[Response] = []
    by_group = [_entries(panel, group, read(group, panel, procedure)) for group in groups]
    silent = {issue.subject for issue in panel.issues if issue.code == "JUDGE-223"}
    files: dict[str, dict[str, None]] = {expert.id: {} for expert in panel.experts}
    for judgment in panel.judgments:
        if judgment.where:
            files[judgment.expert][judgment.where.file] = None
    for expert, every in zip(panel.experts, zip(*by_group, strict=True), strict=True):
        entries = tuple(entry for entry in every if entry.asked)
        state = _state(entries, heard=(expert.name or expert.id) not in silent)
        found.append(Response(expert, tuple(files[expert.id]), state, entries))
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
        when the file cannot be written.
    """
    title = messages.text("responses.title", language, tree=tree.name[language])
    with open_book(path, language=language, title=title, theme=theme) as book:
        _write_experts(book, found, title)
        _write_groups(book, found, tree)
    return Path(path)


def _entries(panel: Panel, group: Group, reading: Reading) -> Iterator[GroupResponse]:
    """Yield what each expert answered to a group, in the order of the panel."""
    figures, left = reading.figures, _OPEN[panel.form](panel, group, reading)
    for answered, asked, cr, verdict, missing in zip(
        reading.answered, reading.asked, figures.cr.tolist(), figures.verdict.tolist(), left, strict=True
    ):
        yield GroupResponse(group.id, answered, asked, cr, verdict, tuple(missing))


Open = list[tuple[str, ...]]


def _open_pairs(panel: Panel, group: Group, reading: Reading) -> Iterator[Open]:
    children = [child.id for child in group.children]
    pairs = list(combinations(range(len(children)), 2))
    for expert, ratios in zip(panel.experts, reading.ratios, strict=True):
        blank = [(children[i], children[j]) for i, j in pairs if not ratios[i, j] > 0]
        yield [pair for pair in blank if (expert.id, group.id, *pair) not in panel.unasked]


def _open_scores(panel: Panel, group: Group, reading: Reading) -> Iterator[Open]:
    scored = {(one.expert, one.child) for one in panel.scores if one.group == group.id}
    for expert, asked in zip(panel.experts, reading.asked, strict=True):
        yield [(child.id,) for child in group.children if asked and (expert.id, child.id) not in scored]


def _open_best_worst(panel: Panel, group: Group, reading: Reading) -> Iterator[Open]:
    said = {one.expert: one for one in panel.best_worst if one.group == group.id}
    for expert in panel.experts:
        one = said.get(expert.id)
        yield _uncompared(one, group) if one else []


def _uncompared(one: BestWorstAnswer, group: Group) -> Open:
    others = [child.id for child in group.children if child.id not in (one.best, one.worst)]
    left: Open = [(one.best, child) for child in (*others, one.worst) if child not in one.best_to_others]
    return left + [(child, one.worst) for child in others if child not in one.others_to_worst]


_OPEN: Mapping[Form, Callable[[Panel, Group, Reading], Iterator[Open]]] = {
    "pairs": _open_pairs,
    "score_differences": _open_scores,
    "score_shares": _open_scores,
    "best_worst": _open_best_worst,
}


def _state(entries: Sequence[GroupResponse], *, heard: bool) -> State:
    if not heard:
        return "missing"
    if not any(entry.answered for entry in entries):
        return "empty"
    return "partial" if any(entry.answered < entry.asked for entry in entries) else "complete"


def _write_experts(book: Book, found: Sequence[Response], title: str) -> None:
    language = book.language
    sheet = book.sheet(messages.text("responses.sheet", language), tab="accent")
    sheet.widths(2, 20, 22, 14, 10, 10, 16, 40)
    sheet.put(0, 1, title, "title")
    _heads(sheet, 2, ("expert", "role", "state", "answered", "asked", "groups", "file"))
    for row, one in enumerate(found, start=3):
        done = sum(entry.answered >= entry.asked for entry in one.groups)
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
            sheet.put(
                row, 7, "; ".join(" – ".join(names[one] for one in open_) for open_ in entry.missing), "text"
            )
    sheet.native.autofilter(0, 1, max(row, 1), 7)
    sheet.native.freeze_panes(1, 3)
    sheet.page(landscape=True, heading_rows=1)


def _heads(sheet: Sheet, row: int, keys: Sequence[str]) -> None:
    sheet.put_row(
        row, 1, [messages.text(f"responses.head.{key}", sheet.book.language) for key in keys], "heading"
    )
