"""How the columns of an indicator table are headed, in the tables people have and in those written here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluator.brief import Brief
from evaluator.data.header_names import plain
from evaluator.workbook.reader import SheetValues

_LOOKED_AT = 30
_LEVEL = re.compile(
    r"(目标|准则|子准则|次准则|要素|指标)层[1-9]?|([一二三四1-4])级(指标|准则|维度)?|(评价)?(维度|准则|类别|大类)"
    r"|level[1-5]|(sub)?criteri(on|a)|dimension|group"
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    "name": ("指标", "指标名称", "评价指标", "名称", "indicator", "indicator name", "name"),
    "other_name": ("英文名称", "指标英文", "中文名称", "indicator (en)", "name (en)", "name (zh)"),
    "code": ("编号", "代码", "编码", "标识", "指标编号", "指标代码", "code", "no", "number", "id"),
    "measure": ("指标值", "字段", "列名", "数据项", "measure", "field", "column"),
    "definition": (
        "定义", "含义", "说明", "指标说明", "指标解释", "指标含义", "口径", "计算公式", "公式", "计算方法",
        "衡量标准", "definition", "description", "formula", "meaning",
    ),
    "other_definition": ("英文定义", "中文定义", "definition (en)", "definition (zh)"),
    "unit": ("单位", "计量单位", "unit"),
    "other_unit": ("英文单位", "中文单位", "unit (en)", "unit (zh)"),
    "direction": (
        "方向", "指标方向", "性质", "指标性质", "属性", "指标属性", "类型", "指标类型", "direction", "type",
    ),
    "weight": ("权重", "权重%", "权重(%)", "分值", "分数", "weight", "weight (%)", "points"),
    "scale": ("评分标准", "评分办法", "评分", "标准", "scale", "standard", "scoring"),
    "missing": ("缺失处理", "缺失", "missing"),
    "rest": ("其他", "other"),
}  # fmt: skip
_FIELDS = {plain(header): name for name, headers in HEADERS.items() for header in headers}


@dataclass(frozen=True)
class Columns(Brief):
    """Where a table says what: its header row, the columns of levels, the name, and the other fields.

    `weights` is the column of weights by the column of the level or name they belong to.
    """

    row: int
    levels: tuple[int, ...]
    name: int
    fields: Mapping[str, int]
    weights: Mapping[int, int]


def find_columns(sheet: SheetValues) -> Columns | None:
    """Return the columns of an indicator table, or None where no row heads one.

    The header is the row near the top in which most columns are recognised; it needs a column of
    names or levels and one more.
    """
    best: Columns | None = None
    found = 1
    for number, row in enumerate(sheet.rows[:_LOOKED_AT]):
        heads = [plain(str(cell)) if cell != "" and cell is not None else "" for cell in row]
        columns, count = _columns(number, heads)
        if columns and count > found:
            best, found = columns, count
    return best


def _columns(row: int, heads: Sequence[str]) -> tuple[Columns | None, int]:
    levels = tuple(col for col, head in enumerate(heads) if head not in _FIELDS and _LEVEL.fullmatch(head))
    named = [(_FIELDS[head], col) for col, head in enumerate(heads) if head in _FIELDS]
    fields = {name: col for name, col in reversed(named) if name != "weight"}
    weights = [col for name, col in named if name == "weight"]
    if "name" not in fields and not levels:
        return None, 0
    name = fields.get("name", levels[-1] if levels else 0)
    levels = tuple(col for col in levels if col != name and col < name)
    owners = sorted((*levels, name))
    owned = {
        max((owner for owner in owners if owner < col), default=name) if len(weights) > 1 else name: col
        for col in weights
    }
    return Columns(row, levels, name, fields, owned), len(levels) + len(named) + ("name" not in fields)
