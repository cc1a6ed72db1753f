"""Judgments as a long table (expert, group, a, b, value): a text file or sheet, read as all tables are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evaluator.brief import Brief
from evaluator.data.cells import Cells
from evaluator.data.findings import reading_issues
from evaluator.data.headers import find_header
from evaluator.data.mapping import TableMapping
from evaluator.data.matching import match
from evaluator.data.sources import read_file
from evaluator.data.spreadsheet import sheet_cells
from evaluator.data.tables import Column, TableSchema
from evaluator.errors import EvaluationError, Issue, Location, Severity, nearest
from evaluator.forms.answers import plain, read_answer
from evaluator.tree import Group, Indicator, Tree
from evaluator.weighing.panel import Judgment
from evaluator.workbook.reader import SheetValues

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "expert": ("expert", "expert_id", "专家", "专家编号", "专家姓名", "评价人"),
    "group": ("group", "criterion", "准则", "上级准则"),
    "a": ("a", "甲", "要素甲", "指标甲"),
    "b": ("b", "乙", "要素乙", "指标乙"),
    "value": ("value", "judgment", "ratio", "判断", "判断值", "比值"),
}
BY = ("by", "answered by", "answered_by", "由谁作答", "作答来源")
"""Headings of the column that says who answered: a person, or ``model/…``; there need be none."""
JUDGMENTS = TableSchema((
    *(Column(name, "text", required=True, headers=headers) for name, headers in COLUMNS.items()),
    Column("by", "text", headers=BY),
))  # fmt: skip
"""One row per comparison of one expert."""

_ENOUGH = 3  # recognised headings that make a sheet a table of judgments
_KNOWN = {heading: name for name, headings in {**COLUMNS, "by": BY}.items() for heading in headings}


@dataclass(frozen=True)
class JudgmentRows(Brief):
    """Rows of cells below their headings, where each part of a judgment stands, and how places are named."""

    file: str
    header: int
    rows: Sequence[Sequence[str | None]]
    columns: Mapping[str, int]
    where: Callable[[int, int], Location]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class LongTable(Brief):
    """The judgments of a table by its own names of experts, with everything that is wrong in it."""

    judgments: tuple[Judgment, ...]
    issues: tuple[Issue, ...]


def file_table(path: Path, mapping: TableMapping) -> JudgmentRows:
    """Read a file, whatever its encoding, delimiter and title rows; a mapping may state them.

    Raises
    ------
    EvaluationError
        what `data.sources.read_file` raises.
    """
    return _table(read_file(path, mapping, JUDGMENTS)[0], mapping)


def sheet_table(sheet: SheetValues) -> JudgmentRows | None:
    """Return a sheet as a table of judgments, None when its headings do not speak of any."""
    table = sheet_rows(sheet)
    return table if table and len(table.columns) >= _ENOUGH else None


def sheet_rows(sheet: SheetValues) -> JudgmentRows | None:
    """Return the rows of a sheet, whatever its headings; None for an empty one."""
    if sheet.hidden or not any(any(cell != "" for cell in row) for row in sheet.rows):
        return None
    return _table(sheet_cells(sheet), TableMapping(file=sheet.file))


def _table(cells: Cells, mapping: TableMapping) -> JudgmentRows:
    header = find_header(cells, mapping, JUDGMENTS)
    found, _ = match(header, cells, mapping, JUDGMENTS, lambda key: Location(cells.file))
    lines = cells.frame["row"].to_list()
    rows = cells.frame.select(cells.columns).rows()
    issues = tuple(reading_issues(cells, header, mapping))
    return JudgmentRows(
        cells.file, header.index, rows, found, lambda row, col: cells.place(lines[row], col), issues
    )


def read_long_table(table: JudgmentRows, tree: Tree, missing: frozenset[str] = frozenset()) -> LongTable:
    """Return the judgments of a table; criteria may be named by id or by name in either language.

    `missing` is what stands for an answer not given (see `answers.words`). A row that cannot be used is named
    and stops nobody; of rows that contradict each other none counts. A missing column is an error.
    """
    columns = table.columns
    if lacking := [name for name in COLUMNS if name not in columns]:
        return LongTable((), (*table.issues, *(_missing_column(table, name) for name in lacking)))
    judgments: dict[tuple[str, str, frozenset[str]], Judgment] = {}
    torn: set[tuple[str, str, frozenset[str]]] = set()
    issues: list[Issue] = list(table.issues)
    names = _names(tree)
    for row in range(table.header + 1, len(table.rows)):
        try:
            judgment = _judgment(table, columns, row, names, missing)
        except EvaluationError as error:
            issues.extend(replace(issue, severity=Severity.WARNING) for issue in error.issues)
            continue
        if judgment is None:
            continue
        key = (judgment.expert, judgment.group, frozenset((judgment.a, judgment.b)))
        if contradicts(judgments.setdefault(key, judgment), judgment):
            issues.append(contradiction(judgments[key], judgment))
            torn.add(key)
    return LongTable(tuple(one for key, one in judgments.items() if key not in torn), tuple(issues))


@dataclass(frozen=True)
class _Names:
    """The groups of a tree and the ids of their children, by everything they may be called."""

    tree: Tree
    groups: Mapping[str, str]
    children: Mapping[str, Mapping[str, str]]

    def group(self, said: str) -> Group | None:
        node = self.tree.nodes.get(self.groups.get(said.casefold(), ""))
        return node if isinstance(node, Group) else None


def _names(tree: Tree) -> _Names:
    return _Names(tree, named(tree.groups), {group.id: named(group.children) for group in tree.groups})


def _judgment(
    table: JudgmentRows, columns: Mapping[str, int], row: int, names: _Names, missing: frozenset[str]
) -> Judgment | None:
    cells = {name: _cell(table.rows[row], col) for name, col in columns.items()}
    if not any(plain(cell) for cell in cells.values()):
        return None
    said = {name: plain(cell) for name, cell in cells.items()}
    at = {name: table.where(row, col) for name, col in columns.items()}
    answer = read_answer(cells["value"], missing=missing)
    issues = [] if said["expert"] else [Issue("JUDGE-229", where=at["expert"])]
    issues += answer.issues(at["value"])
    group = names.group(said["group"])
    if group is None:
        groups = names.tree.groups
        known = [node.id for node in groups] + [node.name[x] for node in groups for x in ("zh", "en")]
        issues.append(
            Issue("JUDGE-220", said["group"], hint=nearest(said["group"], known), where=at["group"])
        )
        raise EvaluationError(issues)
    children = names.children[group.id]
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
    return Judgment(said["expert"], group.id, pair[0], pair[1], answer.value, answer.given, at["value"],
                    said.get("by", ""))  # fmt: skip


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


def contradicts(one: Judgment, other: Judgment) -> bool:
    """True if two answers to the same comparison say something else, whichever way round."""
    value = other.value if (one.a, one.b) == (other.a, other.b) else 1 / other.value
    return not math.isclose(one.value, value, rel_tol=1e-9)


def contradiction(first: Judgment, second: Judgment) -> Issue:
    """Return the warning that two answers contradict each other, so that neither counts."""
    detail = {"a": first.a, "b": first.b, "first": str(first.where), "expert": first.expert}
    return Issue("JUDGE-216", second.answer, detail, where=second.where, severity=Severity.WARNING)


def _missing_column(table: JudgmentRows, name: str) -> Issue:
    headings = [plain(cell or "") for cell in table.rows[table.header]] if table.rows else []
    unused = [heading for heading in headings if heading and heading.casefold() not in _KNOWN]
    hint = tuple(dict.fromkeys(found for known in COLUMNS[name] for found in nearest(known, unused)))
    detail = {"accepted": ", ".join(COLUMNS[name])}
    return Issue("JUDGE-219", name, detail, hint, table.where(table.header, 0))


def _cell(row: Sequence[str | None], col: int) -> str:
    return (row[col] if col < len(row) else None) or ""
