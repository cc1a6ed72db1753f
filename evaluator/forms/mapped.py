"""Answers in files of other makers, read by a mapping: judgment matrices and exports of survey sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from evaluator import ahp
from evaluator.data.cells import Cells
from evaluator.data.headers import Header, find_header
from evaluator.data.layout import HeaderRows, Word
from evaluator.data.mapping import TableMapping
from evaluator.data.sources import read_file
from evaluator.data.tables import Column, TableSchema
from evaluator.documents import Format
from evaluator.errors import Issue, Location, Severity, nearest, not_among
from evaluator.forms.answers import plain, read_answer, words
from evaluator.forms.long_table import JudgmentRows, file_table, named, read_long_table
from evaluator.labels import Id, kind_of
from evaluator.tree import Group, Tree
from evaluator.weighing.panel import Judgment
from evaluator.workbook.addresses import position


class AnswerFile(Format):
    """A file with answers and how it is read; `missing` says what stands for none, as ``[99]``."""

    file: str
    sheet: Word | None = None
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    missing: tuple[str | float | int, ...] = ()

    @property
    def layout(self) -> dict[str, object]:
        """What is stated of how the file is laid out, as a mapping of a table has it."""
        return {name: getattr(self, name) for name in ("sheet", "encoding", "delimiter")}


class MatrixMapping(AnswerFile):
    """An n × n judgment matrix of one expert: `at` is the corner, names stand right of it and below."""

    kind: Literal["matrix"]
    at: Annotated[str, Field(pattern=r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")] = "A1"
    expert: str
    group: Id


class PairColumn(Format):
    """What a column of an export compares: a over b, in a group."""

    group: Id
    a: Id
    b: Id


class LongMapping(AnswerFile):
    """A table with a row per comparison (expert, group, a, b, value) that must be told how it is read."""

    kind: Literal["table"]
    header: HeaderRows | None = None


class SurveyMapping(AnswerFile):
    """An export with a row per respondent: which column names the expert, and which compares what.

    `values` turns the texts of the survey into ratios; a ratio that stands in a cell needs none. `header`
    is the row of the headings, or several; found by the headings themselves when not stated.
    """

    kind: Literal["survey"]
    header: HeaderRows | None = None
    expert: str
    columns: dict[str, PairColumn]
    values: dict[str, str] = {}


AnswerMapping = Annotated[
    Annotated[MatrixMapping, Tag("<matrix>")]
    | Annotated[SurveyMapping, Tag("<survey>")]
    | Annotated[LongMapping, Tag("<table>")],
    Discriminator(kind_of),
]


@dataclass(frozen=True)
class _Grid:
    """The cells of one table by row and column from 0, and how messages name their places."""

    cells: Cells
    header: Header
    rows: Sequence[Sequence[str | None]]
    lines: Sequence[int]

    @property
    def file(self) -> str:
        """What messages call the file."""
        return self.cells.file

    def where(self, row: int, col: int) -> Location:
        """Return the place of a cell."""
        line = self.lines[row] if row < len(self.lines) else row + 1
        return self.cells.place(line, col)

    def given(self, row: int, col: int) -> str | None:
        """Return what a cell says, None where it is empty or beyond the table."""
        cells = self.rows[row] if row < len(self.rows) else ()
        return (cells[col] if col < len(cells) else None) or None

    def value(self, row: int, col: int) -> str:
        """Return what a cell says, nothing where it is empty."""
        return self.given(row, col) or ""


def read_mapped(
    path: Path, file: str, mappings: Sequence[AnswerMapping], tree: Tree
) -> tuple[tuple[Judgment, ...], tuple[Issue, ...]]:
    """Read a file by its mappings; experts are named as the mapping or the file names them.

    The issues are answers and names that cannot be read, a missing column, two sides of a matrix that
    contradict each other, a diagonal that is not 1, and those of `long_table.read_long_table`.

    Raises
    ------
    EvaluationError
        what `data.sources.read_file` raises, when the file cannot be read or several of its sheets could
        be meant.
    """
    judgments: list[Judgment] = []
    issues: list[Issue] = []
    for mapping in mappings:
        found: Iterator[Judgment | Issue]
        if isinstance(mapping, LongMapping):
            table = read_long_table(_long(path, file, mapping), tree, words(mapping.missing))
            judgments += table.judgments
            issues += table.issues
            continue
        grid = _grid(path, file, mapping)
        issues += () if mapping.sheet else grid.cells.issues
        if isinstance(mapping, MatrixMapping):
            found = _matrix(grid, mapping, tree)
        else:
            found = _survey(grid, mapping, tree)
        for one in found:
            if isinstance(one, Issue):
                issues.append(one)
            else:
                judgments.append(one)
    return tuple(judgments), tuple(issues)


def _long(path: Path, file: str, mapping: LongMapping) -> JudgmentRows:
    return file_table(
        path, TableMapping.model_validate({"file": file, "header": mapping.header, **mapping.layout})
    )


def _grid(path: Path, file: str, mapping: MatrixMapping | SurveyMapping) -> _Grid:
    """Read a file as tables are read; the headings of a survey show which row and sheet they stand in."""
    said: dict[str, object] = {"file": file, **mapping.layout}
    headings: tuple[str, ...] = ()
    if isinstance(mapping, SurveyMapping):
        said["header"] = mapping.header
        headings = (mapping.expert, *mapping.columns)
    schema = TableSchema(tuple(Column(name, "text", required=True) for name in headings))
    table = TableMapping.model_validate(said)
    cells = read_file(path, table, schema)[0]
    rows = cells.frame.select(cells.columns).rows()
    return _Grid(cells, find_header(cells, table, schema), rows, cells.frame["row"].to_list())


def _matrix(cells: _Grid, mapping: MatrixMapping, tree: Tree) -> Iterator[Judgment | Issue]:
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
        own = read_answer(cells.given(*place), missing=words(mapping.missing))
        if own.given and own.value != 1:
            yield Issue("JUDGE-239", own.given, where=cells.where(*place))
    for a, b in combinations((node.id for node in group.children), 2):
        upper = (top + rows[a], left + cols[b])
        lower = (top + rows[b], left + cols[a])
        yield from _sides(cells, mapping, (a, b), upper, lower)


def _sides(
    cells: _Grid,
    mapping: MatrixMapping,
    pair: tuple[str, str],
    upper: tuple[int, int],
    lower: tuple[int, int],
) -> Iterator[Judgment | Issue]:
    """Return one judgment from the two sides of a matrix, either of which may be blank."""
    missing = words(mapping.missing)
    one, other = (read_answer(cells.given(*place), missing=missing) for place in (upper, lower))
    wrong = [*one.issues(cells.where(*upper)), *other.issues(cells.where(*lower))]
    yield from wrong
    if wrong:
        return
    if one.value and other.value and not ahp.valid([[1.0, one.value], [other.value, 1.0]]):
        detail = {"other": other.given, "place": str(cells.where(*lower))}
        yield Issue("JUDGE-237", one.given, detail, where=cells.where(*upper), severity=Severity.WARNING)
    elif one.value:
        place = cells.where(*upper)
        # 3 says exactly what 0.33 on the other side rounds.
        value = 1 / other.value if other.value and other.value > one.value else one.value
        yield Judgment(mapping.expert, mapping.group, *pair, value, one.given, place)
    elif other.value:
        place = cells.where(*lower)
        yield Judgment(mapping.expert, mapping.group, pair[1], pair[0], other.value, other.given, place)


def _children(
    said: Mapping[int, str], group: Group, where: Callable[[int], Location]
) -> tuple[dict[str, int], list[Issue]]:
    """Return where each child stands among names, and the names that are none of them."""
    known = named(group.children)
    found: dict[str, int] = {}
    issues: list[Issue] = []
    for step, cell in said.items():
        name = plain(cell)
        child = known.get(name.casefold())
        if child is None or child in found:
            hint = nearest(name, known)
            issues.append(Issue("JUDGE-221", name, {"group": group.id}, hint, where(step)))
        else:
            found[child] = step
    return found, issues


def _survey(cells: _Grid, mapping: SurveyMapping, tree: Tree) -> Iterator[Judgment | Issue]:
    header = cells.header
    places = {wanted: header.position(wanted) for wanted in (mapping.expert, *mapping.columns)}
    issues = [*_unknown_pairs(mapping, tree)]
    for wanted, place in places.items():
        if place is None:
            hint = nearest(plain(wanted), map(plain, header.names))
            at_header = cells.cells.place(header.row, 0)
            issues.append(Issue("JUDGE-219", wanted, {"accepted": wanted}, hint, at_header))
    yield from issues
    if issues:
        return
    values = {plain(text): ratio for text, ratio in mapping.values.items()}
    for row in range(header.index + 1, len(cells.rows)):
        if not any(plain(cell or "") for cell in cells.rows[row]):
            continue
        at = (row, places[mapping.expert] or 0)
        expert = plain(cells.value(*at))
        if not expert:
            yield Issue("JUDGE-229", where=cells.where(*at), severity=Severity.WARNING)
            continue
        for heading, pair in mapping.columns.items():
            col = places[heading] or 0
            answer = read_answer(cells.given(row, col), values, words(mapping.missing))
            where = cells.where(row, col)
            yield from answer.issues(where)
            if answer.value:
                yield Judgment(expert, pair.group, pair.a, pair.b, answer.value, answer.given, where)


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
            yield from not_among("JUDGE-221", [name], children, {"group": group.id}, where=where)
