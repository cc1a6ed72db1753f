"""Answers in files of other makers, read by a mapping: judgment matrices and exports of survey sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator import ahp
from evaluator.documents import Format
from evaluator.errors import Issue, Location, nearest
from evaluator.forms.answers import Answer, plain, read_answer
from evaluator.forms.filled import PROBLEMS
from evaluator.forms.long_table import csv_table, named
from evaluator.forms.sources import TABLES
from evaluator.tree import Group, Tree
from evaluator.tree.types import Id, kind_of
from evaluator.weighing.panel import Judgment
from evaluator.workbook.reader import FORM, CellValue, position, read_workbook


class MatrixMapping(Format):
    """An n × n judgment matrix of one expert: `at` is the corner, names stand right of it and below."""

    kind: Literal["matrix"]
    file: str
    sheet: str | None = None
    at: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] = "A1"
    expert: str
    group: Id


class PairColumn(Format):
    """What a column of an export compares: a over b, in a group."""

    group: Id
    a: Id
    b: Id


class SurveyMapping(Format):
    """An export with a row per respondent: which column names the expert, and which compares what.

    `values` turns the texts of the survey into ratios; a ratio that stands in a cell needs none.
    """

    kind: Literal["survey"]
    file: str
    sheet: str | None = None
    header: Annotated[int, Field(ge=1)] = 1
    expert: str
    columns: dict[str, PairColumn]
    values: dict[str, str] = {}


AnswerMapping = Annotated[
    Annotated[MatrixMapping, Tag("<matrix>")] | Annotated[SurveyMapping, Tag("<survey>")],
    Discriminator(kind_of),
]


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one table, and how messages name their places."""

    file: str
    rows: Sequence[Sequence[CellValue]]
    where: Callable[[int, int], Location]

    def value(self, row: int, col: int) -> CellValue:
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[col] if col < len(cells) else ""

    def given(self, row: int, col: int) -> CellValue | None:
        value = self.value(row, col)
        return None if value == "" else value


def read_mapped(
    path: Path, file: str, mappings: Sequence[MatrixMapping | SurveyMapping], tree: Tree
) -> tuple[tuple[Judgment, ...], tuple[Issue, ...]]:
    """Read a file by its mappings; experts are named as the mapping or the file names them.

    The issues are JUDGE-201 to 203 (answer), 219 (missing column), 220 and 221 (unknown group or child),
    229 (no expert), 237 (two sides of a matrix contradict each other), 238 (no sheet of that name), 239
    (a diagonal that is not 1).

    Raises
    ------
    EvaluationError
        FILE-711 to FILE-717 and JUDGE-228, when the file cannot be read.
    """
    judgments: list[Judgment] = []
    issues: list[Issue] = []
    for mapping in mappings:
        found: Iterator[Judgment | Issue]
        cells = _cells(path, file, mapping.sheet)
        if cells is None:
            issues.append(Issue("JUDGE-238", mapping.sheet or "", where=Location(file)))
            continue
        if isinstance(mapping, MatrixMapping):
            found = _matrix(cells, mapping, tree)
        else:
            found = _survey(cells, mapping, tree)
        for one in found:
            if isinstance(one, Issue):
                issues.append(one)
            else:
                judgments.append(one)
    return tuple(judgments), tuple(issues)


def _cells(path: Path, file: str, sheet: str | None) -> _Cells | None:
    if path.suffix.lower() in TABLES:
        table = csv_table(path, file)
        return _Cells(file, table.rows, table.where)
    wanted: tuple[str | int, ...] = (0,) if sheet is None else (sheet,)
    found = read_workbook(path, name=file, sheets=wanted, limits=FORM).sheets
    return _Cells(file, found[0].rows, found[0].where) if found else None


def _matrix(cells: _Cells, mapping: MatrixMapping, tree: Tree) -> Iterator[Judgment | Issue]:
    group = tree.nodes.get(mapping.group)
    top, left = position(mapping.at)
    if not isinstance(group, Group):
        known = [node.id for node in tree.groups]
        yield Issue(
            "JUDGE-220", mapping.group, hint=nearest(mapping.group, known), where=Location(cells.file)
        )
        return
    size = len(group.children)
    across = {step: cells.value(top, left + step) for step in range(1, size + 1)}
    down = {step: cells.value(top + step, left) for step in range(1, size + 1)}
    cols, unknown_cols = _children(across, group, lambda step: cells.where(top, left + step))
    rows, unknown_rows = _children(down, group, lambda step: cells.where(top + step, left))
    yield from (*unknown_cols, *unknown_rows)
    if len(cols) < size or len(rows) < size:
        return
    for child in (node.id for node in group.children):
        place = (top + rows[child], left + cols[child])
        own = read_answer(cells.given(*place))
        if own.given and own.value != 1:
            yield Issue("JUDGE-239", own.given, where=cells.where(*place))
    for a, b in combinations((node.id for node in group.children), 2):
        upper = (top + rows[a], left + cols[b])
        lower = (top + rows[b], left + cols[a])
        yield from _sides(cells, mapping, (a, b), upper, lower)


def _sides(
    cells: _Cells,
    mapping: MatrixMapping,
    pair: tuple[str, str],
    upper: tuple[int, int],
    lower: tuple[int, int],
) -> Iterator[Judgment | Issue]:
    """Return one judgment from the two sides of a matrix, either of which may be blank."""
    one, other = (read_answer(cells.given(*place)) for place in (upper, lower))
    wrong = [(answer, place) for answer, place in ((one, upper), (other, lower)) if answer.problem]
    yield from (_problem(answer, cells.where(*place)) for answer, place in wrong)
    if wrong:
        return
    if one.value and other.value and not ahp.valid([[1.0, one.value], [other.value, 1.0]]):
        detail = {"other": other.given, "place": str(cells.where(*lower))}
        yield Issue("JUDGE-237", one.given, detail, where=cells.where(*upper))
    elif one.value:
        place = cells.where(*upper)
        # 3 says exactly what 0.33 on the other side rounds.
        value = 1 / other.value if other.value and other.value > one.value else one.value
        yield Judgment(mapping.expert, mapping.group, *pair, value, one.given, place)
    elif other.value:
        place = cells.where(*lower)
        yield Judgment(mapping.expert, mapping.group, pair[1], pair[0], other.value, other.given, place)


def _children(
    said: Mapping[int, CellValue], group: Group, where: Callable[[int], Location]
) -> tuple[dict[str, int], list[Issue]]:
    """Return where each child stands among names, and the names that are none of them."""
    known = named(group.children)
    found: dict[str, int] = {}
    issues: list[Issue] = []
    for step, cell in said.items():
        name = plain(str(cell))
        child = known.get(name.casefold())
        if child is None or child in found:
            hint = nearest(name, known)
            issues.append(Issue("JUDGE-221", name, {"group": group.id}, hint, where(step)))
        else:
            found[child] = step
    return found, issues


def _survey(cells: _Cells, mapping: SurveyMapping, tree: Tree) -> Iterator[Judgment | Issue]:
    head = mapping.header - 1
    first = cells.rows[head] if head < len(cells.rows) else ()
    headings = {plain(str(cell)): col for col, cell in enumerate(first)}
    issues = [*_unknown_pairs(mapping, tree)]
    for wanted in (mapping.expert, *mapping.columns):
        if plain(wanted) not in headings:
            hint = nearest(plain(wanted), headings)
            issues.append(Issue("JUDGE-219", wanted, {"accepted": wanted}, hint, cells.where(head, 0)))
    yield from issues
    if issues:
        return
    values = {plain(text): ratio for text, ratio in mapping.values.items()}
    for row in range(mapping.header, len(cells.rows)):
        if not any(plain(str(cell)) for cell in cells.rows[row]):
            continue
        at = (row, headings[plain(mapping.expert)])
        name = cells.value(*at)
        expert = f"{name:.0f}" if isinstance(name, float) and name.is_integer() else plain(str(name))
        if not expert:
            yield Issue("JUDGE-229", where=cells.where(*at))
            continue
        for heading, pair in mapping.columns.items():
            col = headings[plain(heading)]
            answer = read_answer(cells.given(row, col), values)
            if answer.problem:
                yield _problem(answer, cells.where(row, col))
            elif answer.value:
                place = cells.where(row, col)
                yield Judgment(expert, pair.group, pair.a, pair.b, answer.value, answer.given, place)


def _unknown_pairs(mapping: SurveyMapping, tree: Tree) -> Iterator[Issue]:
    for pair in mapping.columns.values():
        group = tree.nodes.get(pair.group)
        where = Location(mapping.file)
        if not isinstance(group, Group):
            hint = nearest(pair.group, [node.id for node in tree.groups])
            yield Issue("JUDGE-220", pair.group, hint=hint, where=where)
            continue
        children = [node.id for node in group.children]
        for name in (pair.a, pair.b):
            if name not in children:
                yield Issue("JUDGE-221", name, {"group": group.id}, nearest(name, children), where)


def _problem(answer: Answer, where: Location) -> Issue:
    hint = (answer.likely,) if answer.likely else ()
    return Issue(PROBLEMS[answer.problem or "unreadable"], answer.given, hint=hint, where=where)
