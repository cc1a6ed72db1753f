"""Judgments as a long table (expert, group, a, b, value), from a CSV file or a sheet."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from evaluator.columns.apostrophes import unmarked
from evaluator.errors import EvaluationError, Issue, Location, nearest
from evaluator.forms.answers import plain, read_answer
from evaluator.forms.filled import PROBLEMS
from evaluator.tree import Group, Indicator, Tree
from evaluator.weighing.panel import Judgment
from evaluator.workbook.reader import CellValue, SheetValues

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "expert": ("expert", "expert_id", "专家", "专家编号", "专家姓名", "评价人"),
    "group": ("group", "criterion", "准则", "上级准则"),
    "a": ("a", "甲", "要素甲", "指标甲"),
    "b": ("b", "乙", "要素乙", "指标乙"),
    "value": ("value", "judgment", "ratio", "判断", "判断值", "比值"),
}
_ENOUGH = 3  # recognised headings that make a sheet a table of judgments
_KNOWN = {heading: name for name, headings in COLUMNS.items() for heading in headings}


@dataclass(frozen=True)
class Table:
    """Rows of cells under one row of headings, with a way to name the place of each cell."""

    file: str
    header: int
    rows: Sequence[Sequence[CellValue]]
    where: Callable[[int, int], Location]

    @property
    def columns(self) -> dict[str, int]:
        """The column of each part of a judgment, as far as the headings tell."""
        headings = [plain(str(cell)).casefold() for cell in self.rows[self.header]]
        return {_KNOWN[heading]: col for col, heading in enumerate(headings) if heading in _KNOWN}


@dataclass(frozen=True)
class LongTable:
    """The judgments of a table by its own names of experts, with everything that is wrong in it."""

    judgments: tuple[Judgment, ...]
    issues: tuple[Issue, ...]


def csv_table(path: Path, file: str) -> Table:
    """Read a CSV file in UTF-8 or GB18030, separated by comma, semicolon or tab.

    Raises
    ------
    EvaluationError
        FILE-711 or FILE-712 (not there, not readable), FILE-713 (empty), JUDGE-228 (another encoding).
    """
    text = _text(path, file)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    read = csv.reader(StringIO(text, newline=""), delimiter=separator)
    rows = [[unmarked(cell) for cell in row] for row in read]
    return Table(file, _header(rows), rows, lambda row, col: Location(file, line=row + 1, column=col + 1))


def sheet_table(sheet: SheetValues) -> Table | None:
    """Return a sheet as a table of judgments, None when its headings do not speak of any."""
    if not any(any(cell != "" for cell in row) for row in sheet.rows):
        return None
    table = Table(sheet.file, _header(sheet.rows), sheet.rows, sheet.where)
    return table if len(table.columns) >= _ENOUGH else None


def read_long_table(table: Table, tree: Tree) -> LongTable:
    """Return the judgments of a table; criteria may be named by id or by name in either language.

    The issues are JUDGE-201 to JUDGE-203 (answer), JUDGE-216 (contradicting rows), JUDGE-219 (missing
    column), JUDGE-220 (unknown group), JUDGE-221 (not a child of the group), JUDGE-222 (a with itself),
    JUDGE-229 (no expert).
    """
    columns = table.columns
    if lacking := [name for name in COLUMNS if name not in columns]:
        return LongTable((), tuple(_missing_column(table, name) for name in lacking))
    judgments: dict[tuple[str, str, frozenset[str]], Judgment] = {}
    issues: list[Issue] = []
    for row in range(table.header + 1, len(table.rows)):
        try:
            judgment = _judgment(table, columns, row, tree)
        except EvaluationError as error:
            issues.extend(error.issues)
            continue
        if judgment is None:
            continue
        key = (judgment.expert, judgment.group, frozenset((judgment.a, judgment.b)))
        if _contradicts(judgments.setdefault(key, judgment), judgment):
            issues.append(_contradiction(judgments[key], judgment))
    return LongTable(tuple(judgments.values()), tuple(issues))


def _judgment(table: Table, columns: Mapping[str, int], row: int, tree: Tree) -> Judgment | None:
    cells = {name: _cell(table.rows[row], col) for name, col in columns.items()}
    if not any(plain(str(cell)) for cell in cells.values()):
        return None
    said = {name: _name(cell) for name, cell in cells.items()}
    at = {name: table.where(row, col) for name, col in columns.items()}
    answer = read_answer(cells["value"])
    issues = [] if said["expert"] else [Issue("JUDGE-229", where=at["expert"])]
    if answer.problem:
        issues.append(Issue(PROBLEMS[answer.problem], answer.given, where=at["value"]))
    group = _group(said["group"], tree)
    if group is None:
        known = [node.id for node in tree.groups] + [
            node.name[x] for node in tree.groups for x in ("zh", "en")
        ]
        issues.append(
            Issue("JUDGE-220", said["group"], hint=nearest(said["group"], known), where=at["group"])
        )
        raise EvaluationError(issues)
    children = named(group.children)
    pair = [children.get(said[side].casefold(), "") for side in ("a", "b")]
    for side, child in zip(("a", "b"), pair, strict=True):
        if not child:
            hint = nearest(said[side], [node.id for node in group.children] + [*children])
            issues.append(Issue("JUDGE-221", said[side], {"group": group.id}, hint, at[side]))
    if pair[0] and pair[0] == pair[1]:
        issues.append(Issue("JUDGE-222", said["b"], where=at["b"]))
    if issues:
        raise EvaluationError(issues)
    if answer.value is None:
        return None
    return Judgment(said["expert"], group.id, pair[0], pair[1], answer.value, answer.given, at["value"])


def _group(said: str, tree: Tree) -> Group | None:
    node = tree.nodes.get(named(tree.groups).get(said.casefold(), ""))
    return node if isinstance(node, Group) else None


def named(nodes: Iterable[Group | Indicator]) -> dict[str, str]:
    """Return the ids of nodes by everything they may be called; a name of two nodes calls neither."""
    known: dict[str, str] = {}
    twice: set[str] = set()
    listed = tuple(nodes)
    for node in listed:
        for name in {plain(node.name["zh"]).casefold(), plain(node.name["en"]).casefold()}:
            twice |= {name} & known.keys()
            known[name] = node.id
    unique = {name: key for name, key in known.items() if name not in twice}
    return unique | {node.id.casefold(): node.id for node in listed}


def _contradicts(one: Judgment, other: Judgment) -> bool:
    value = other.value if (one.a, one.b) == (other.a, other.b) else 1 / other.value
    return not math.isclose(one.value, value, rel_tol=1e-9)


def _contradiction(first: Judgment, second: Judgment) -> Issue:
    detail = {"a": first.a, "b": first.b, "first": str(first.where), "expert": first.expert}
    return Issue("JUDGE-216", second.answer, detail, where=second.where)


def _missing_column(table: Table, name: str) -> Issue:
    headings = [plain(str(cell)) for cell in table.rows[table.header]] if table.rows else []
    unused = [heading for heading in headings if heading and heading.casefold() not in _KNOWN]
    hint = tuple(dict.fromkeys(found for known in COLUMNS[name] for found in nearest(known, unused)))
    detail = {"accepted": ", ".join(COLUMNS[name])}
    return Issue("JUDGE-219", name, detail, hint, table.where(table.header, 0))


def _header(rows: Sequence[Sequence[CellValue]]) -> int:
    """Return the first row that holds anything: the headings."""
    return next((row for row, cells in enumerate(rows) if any(str(cell).strip() for cell in cells)), 0)


def _text(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        code = "FILE-711" if isinstance(error, FileNotFoundError) else "FILE-712"
        detail = {"reason": error.strerror or str(error)}
        raise EvaluationError([Issue(code, file, detail, where=Location(file))]) from None
    if not content.strip():
        raise EvaluationError([Issue("FILE-713", file, where=Location(file))])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise EvaluationError([Issue("JUDGE-228", file, where=Location(file))])


def _cell(row: Sequence[CellValue], col: int) -> CellValue:
    return row[col] if col < len(row) else ""


def _name(cell: CellValue) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else plain(str(cell))
