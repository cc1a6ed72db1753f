"""An indicator table people already have, read into the draft of a tree with a list of what to review.

Levels stand in columns (merged or filled once), or in one column by numbers or indentation. What the
table does not say is either left out or taken in the one way that is named in the review; nothing is
taken silently. The draft is for a person to finish.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluator import messages
from evaluator.brief import Brief
from evaluator.data.units import unit_factor
from evaluator.documents import dumped, parse
from evaluator.errors import EvaluationError, Issue, Severity
from evaluator.forms.indicator_columns import find_columns
from evaluator.forms.indicator_links import Link, linked
from evaluator.forms.indicator_rows import IndicatorSheet, Row
from evaluator.forms.indicator_table import CRITERIA, REST
from evaluator.workbook.reader import OpenWorkbook, WorkbookValues, read_workbook

_DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "benefit": ("正", "正向", "正向指标", "效益型", "极大型", "越大越好", "+", "↑", "benefit", "positive"),
    "cost": (
        "负", "逆", "负向", "逆向", "逆向指标", "成本型", "极小型", "越小越好", "-", "−", "↓", "cost",
        "negative",
    ),
    "interval": ("适度", "适度型", "区间", "区间型", "适度指标", "○", "interval", "moderate"),
    "target": ("目标", "目标型", "固定型", "◎", "target"),
    "graded": ("定性", "定性指标", "主观", "qualitative"),
    "": ("定量", "定量指标", "客观", "quantitative"),
}  # fmt: skip
_BY_WORD = {word: direction for direction, words in _DIRECTIONS.items() for word in words}
_GRADES = ((("excellent", "优秀", "Excellent"), 95, 90), (("good", "良好", "Good"), 85, 80),
           (("fair", "中等", "Fair"), 75, 70), (("pass", "合格", "Pass"), 65, 60),
           (("poor", "差", "Poor"), 50, 0))  # fmt: skip


@dataclass(frozen=True)
class Draft(Brief):
    """A tree as read from a table: its YAML text, and what a person must look at, each with its cell."""

    text: str
    issues: tuple[Issue, ...]


def read_indicator_table(
    path: str | Path, *, sheet: str | None = None, tree_id: str = "imported", language: str = "zh"
) -> Draft:
    """Read an indicator table into the draft of a tree.

    Parameters
    ----------
    path : a workbook; a table written by `write_indicator_table` reads back to the same tree.
    sheet : the sheet to read. Default: the first that has an indicator table.
    tree_id : the id of the draft, where the workbook does not say one.
    language : of the review written above the draft.

    Raises
    ------
    EvaluationError
        no table of indicators found, or none in it; and what `read_workbook` refuses. What is doubtful stands
        among the draft's issues.
    """
    book = read_workbook(path, name=Path(path).name)
    chosen = [one for one in book.sheets if sheet in (None, one.name)]
    found = next(((one, columns) for one in chosen if (columns := find_columns(one))), None)
    if found is None:
        raise EvaluationError([Issue("TREE-170", Path(path).name, {"sheets": ", ".join(book.names)})])
    indents = OpenWorkbook(path, name=book.file).indents(found[0].name)
    table = IndicatorSheet(*found, indents)
    return _Import(book, table, tree_id, language).draft()


class _Import:
    """One table on its way into a draft; `issues` collects what to review."""

    def __init__(self, book: WorkbookValues, table: IndicatorSheet, tree_id: str, language: str) -> None:
        self.table, self.sheet, self.columns, self.language = table, table.sheet, table.columns, language
        self.issues: list[Issue] = []
        self._criteria = _criteria(book)
        self._ids: Counter[str] = Counter()
        self._head = _rest(book)
        self._tree_id = tree_id

    def draft(self) -> Draft:
        """Return the draft: the head, and the nodes below the root."""
        nodes = self.table.nodes()
        for row in self.table.unnamed():
            self._review("TREE-178", self.sheet.name, row, self.columns.name)
        if not nodes:
            raise EvaluationError([Issue("TREE-170", self.sheet.file, {"sheets": self.sheet.name})])
        name = self.sheet.name
        if self._head is None and len(nodes) == 1 and nodes[0].below:  # a column for the goal itself
            name, nodes = nodes[0].name, nodes[0].below
        data = dict(self._head or self._invented(name))
        children = [self._node(node, (node.name,)) for node in nodes]
        self._whole_weights(children)
        data["root"] = {**data.pop("root", {}), "children": children}
        if "tests" in data:
            data["tests"] = data.pop("tests")  # after the root, as in a file
        text = dumped(data)
        review = [f"# {issue.text(self.language)}\n" for issue in self.issues]
        title = messages.text("indicators.review", self.language, count=len(review))
        return Draft((f"# {title}\n" + "".join(review) if review else "") + text, tuple(self.issues))

    def _node(self, node: Row, path: tuple[str, ...]) -> dict[str, Any]:
        if not node.below:
            return self._indicator(node)
        known = self._criteria.get(" / ".join(path), {})
        weight = known.get("weight", self._weight(node))
        data = {"id": known.get("id") or self._id(node), "name": node.name, **known.get("said", {})}
        if weight is not None:
            data["weight"] = weight
        return data | {"children": [self._node(child, (*path, child.name)) for child in node.below]}

    def _indicator(self, node: Row) -> dict[str, Any]:
        row = node.row
        said = self.table.field(row, "direction")
        word = _BY_WORD.get(said.strip().lower())
        data: dict[str, Any] = {"id": self._id(node), "name": self._both(row, "name", node.name)}
        definition, unit = self.table.field(row, "definition"), self.table.field(row, "unit")
        stated = _identifier(self.table.field(row, "measure"))
        link = None if stated or word == "graded" else self._link(node, unit)
        data["measure"] = stated or (link.measure if link else data["id"])
        direction = word if word in ("benefit", "cost", "interval", "target") else "benefit"
        if not word and link:
            direction = link.direction
        elif not word:
            self._review("TREE-171", node.name, row, self.columns.fields.get("direction"), found=said)
        scale, standard = self._scale(node, direction, graded=word == "graded")
        if definition or standard:
            data["definition"] = self._both(row, "definition", _joined(definition, standard))
        if unit:
            data["unit"] = self._both(row, "unit", unit)
        data["direction"] = direction
        if scale:
            data["scale"] = scale
        if missing := self.table.field(row, "missing"):
            data["missing"] = missing
        if (weight := self._weight(node)) is not None:
            data["weight"] = weight
        return data | (_mapping(self.table.field(row, "rest")) or {})

    def _link(self, node: Row, unit: str) -> Link | None:
        """Return the measure that exists under the name of an indicator, where it counts in the same unit."""
        link = linked(node.name)
        if link is None:
            return None
        same = not unit or unit_factor(unit) == unit_factor(link.unit)
        direction = messages.text(f"indicators.direction.{link.direction}", self.language)
        self._review("TREE-182" if same else "TREE-183", node.name, node.row, node.col, measure=link.measure,
                     unit=link.unit or "–", stated=unit, direction=direction)  # fmt: skip
        return link if same else None

    def _scale(self, node: Row, direction: str, *, graded: bool) -> tuple[dict[str, Any] | None, str]:
        """Return the scale, or what can stand for it until anchors are stated, and a standard in prose."""
        text = self.table.field(node.row, "scale")
        if stated := _mapping(text):
            return stated, ""
        col = self.columns.fields.get("scale")
        if text:
            self._review("TREE-174", node.name, node.row, col)
        if graded:
            self._review("TREE-175", node.name, node.row, col)
            return {"kind": "graded"}, text
        if direction in ("interval", "target"):
            self._review("TREE-173", node.name, node.row, col)
            return None, text
        self._review("TREE-172", node.name, node.row, col)
        return {"kind": "percentile", "best": "high" if direction == "benefit" else "low"}, text

    def _id(self, node: Row) -> str:
        """Return the id a table states, or the name as an id; one used before gets a number."""
        stated = _identifier(self.table.field(node.row, "code")) if not node.below else ""
        base = stated or _identifier(node.name) or f"n{node.row + 1}"
        self._ids[base] += 1
        if self._ids[base] == 1:
            return base
        made = f"{base}_{self._ids[base]}"
        self._review("TREE-176", node.name, node.row, node.col, id=made)
        return made

    def _weight(self, node: Row) -> float | None:
        col = self.columns.weights.get(node.col)
        value = self.sheet.value(node.row, col) if col is not None else None
        if value in (None, "") and node.weight is not None:
            self._review("TREE-181", node.name, node.row, node.col, weight=f"{node.weight:g}")
            return node.weight
        if value is None or isinstance(value, bool):
            return None
        text = str(value).strip().rstrip("%％")
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        if number > 0:
            return number
        self._review("TREE-177", node.name, node.row, col, found=str(value))
        return None

    def _whole_weights(self, children: Sequence[dict[str, Any]]) -> None:
        """Give criteria the sum of the weights below where those of the whole table sum to 1 or 100."""
        leaves = list(_leaves(children))
        total = sum(leaf.get("weight", 0.0) for leaf in leaves)
        groups = [node for node in _groups(children) if "weight" not in node]
        whole = any(abs(total - sum_) < 0.005 * sum_ for sum_ in (1, 100))
        if not groups or len(groups) < len(list(_groups(children))) or not total:
            return
        if whole and all("weight" in leaf for leaf in leaves):
            for node in groups:
                node["weight"] = round(sum(leaf["weight"] for leaf in _leaves(node["children"])), 10)
        else:
            self._review("TREE-179", self.sheet.name, self.columns.row, self.columns.name)

    def _invented(self, name: str) -> dict[str, Any]:
        """Return the head of a tree whose table says nothing of it; the review says so."""
        self._review("TREE-180", self.sheet.name, self.columns.row, self.columns.name)
        source = {name: messages.text("indicators.from_table", name, file=Path(self.sheet.file).name)
                  for name in messages.LANGUAGES}  # fmt: skip
        grades = [
            {"id": names[0], "name": {"zh": names[1], "en": names[2]}, "score": score, "from": start}
            for names, score, start in _GRADES
        ]
        return {"schema": 1, "id": self._tree_id, "name": name, "status": "custom", "source": source,
                "weights_source": source, "grades": grades}  # fmt: skip

    def _both(self, row: int, name: str, said: str) -> str | dict[str, str]:
        """Return a text in both languages where the table has a column for the other one."""
        other = self.table.field(row, f"other_{name}")
        col = self.columns.fields.get(f"other_{name}")
        if not other or col is None:
            return said
        head = self.table.text(self.columns.row, col).lower()
        return {"zh": said, "en": other} if "英文" in head or "en" in head else {"zh": other, "en": said}

    def _review(self, code: str, subject: str, row: int, col: int | None, **detail: object) -> None:
        where = self.sheet.where(row, col if col is not None else self.columns.name)
        self.issues.append(Issue(code, subject, detail, where=where, severity=Severity.WARNING))


def _criteria(book: WorkbookValues) -> dict[str, dict[str, Any]]:
    """Return what the sheet about criteria says, by the path of names, where there is one."""
    names = {messages.text(f"indicators.sheet.{CRITERIA}", language) for language in messages.LANGUAGES}
    sheet = next((one for one in book.sheets if one.name in names), None)
    found: dict[str, dict[str, Any]] = {}
    for row in range(1, len(sheet.rows) if sheet else 0):
        assert sheet is not None
        path, node_id, weight, said = (sheet.value(row, col) for col in range(4))
        entry = {"id": str(node_id), "said": _mapping(str(said or "")) or {}}
        found[str(path)] = entry | (
            {"weight": weight} if isinstance(weight, int | float) else {"weight": None}
        )
    return found


def _rest(book: WorkbookValues) -> dict[str, Any] | None:
    """Return what the sheet of the file's rest says, where there is one."""
    names = {messages.text(f"indicators.sheet.{REST}", language) for language in messages.LANGUAGES}
    sheet = next((one for one in book.sheets if one.name in names), None)
    if sheet is None:
        return None
    lines = [str(row[0]) if row else "" for row in sheet.rows]
    data = parse("\n".join(lines), f"{book.file}!{sheet.name}").data
    return dict(data) if isinstance(data, dict) else None


def _mapping(text: str) -> dict[str, Any] | None:
    """Return a cell that says a mapping in YAML, or None where it is prose."""
    if not text.startswith("{"):
        return None
    try:
        data = parse(text, "cell").data
    except EvaluationError:
        return None
    return data if isinstance(data, dict) else None


def _identifier(text: str) -> str:
    """Return text as an id: letters (Chinese ones too), digits and underscores, beginning with a letter."""
    made = re.sub(r"\W+", "_", text.strip()).strip("_")[:60]
    return made if made and not made[0].isdigit() else ""


def _joined(definition: str, standard: str) -> str:
    return "; ".join(part for part in (definition, standard) if part)


def _leaves(nodes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "children" in node:
            yield from _leaves(node["children"])
        else:
            yield node


def _groups(nodes: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if "children" in node:
            yield node
            yield from _groups(node["children"])
