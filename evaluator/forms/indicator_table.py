"""An indicator system as the Excel table people know: levels side by side, a row per indicator.

Everything a tree says is in the workbook, so that what is written reads back to the same tree: the
table, a sheet about the criteria, and the rest of the file as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from evaluator import messages
from evaluator.documents import dumped
from evaluator.forms.indicator_columns import HEADERS
from evaluator.labels import Text
from evaluator.tree import Group, Indicator, Tree
from evaluator.workbook.book import Book, Sheet, open_book
from evaluator.workbook.theme import Theme

SHEET, CRITERIA, REST = "table", "criteria", "file"
_SAID = {"id", "name", "definition", "measure", "unit", "direction", "weight", "scale", "missing", "children"}
_FIELDS = ("code", "measure", "definition", "unit", "direction", "weight", "scale", "missing")
_WIDTHS = {"definition": 40, "scale": 46, "code": 18, "measure": 18, "direction": 9, "weight": 9}


def write_indicator_table(
    tree: Tree, path: str | Path, *, language: str = "zh", theme: Theme | None = None
) -> Path:
    """Write a tree as an Excel table of indicators; `read_indicator_table` reads it back.

    Parameters
    ----------
    language : of names, definitions and headings; the other language stands in columns of its own.

    Raises
    ------
    EvaluationError
        when the file cannot be written.
    """
    title = messages.text("indicators.title", language, tree=tree.name[language])
    with open_book(path, language=language, title=title, theme=theme) as book:
        _write_table(book, tree, title)
        _write_criteria(book, tree)
        _write_rest(book, tree)
    return Path(path)


def heading(field: str, language: str) -> str:
    """Return how a column is headed: by its first header of the language.

    >>> heading("weight", "zh"), heading("weight", "en")
    ('权重', 'weight')
    """
    return next(header for header in HEADERS[field] if header.isascii() == (language != "zh"))


def flow(data: Any) -> str:
    """Return data as YAML on one line, as cells hold it.

    >>> flow({"kind": "linear", "worst": 0, "best": 9})
    '{kind: linear, worst: 0, best: 9}'
    """
    text = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, default_flow_style=True, width=float("inf")
    )
    return text.removesuffix("...\n").strip()


def _write_table(book: Book, tree: Tree, title: str) -> None:
    language, other = book.language, "en" if book.language == "zh" else "zh"
    depth = max(len(tree.path(leaf.id)) for leaf in tree.indicators) - 2
    sheet = book.sheet(messages.text(f"indicators.sheet.{SHEET}", language), tab="accent")
    levels = [messages.text("indicators.level", language, number=number + 1) for number in range(depth)]
    others = [f"other_{name}" for name in ("name", "definition", "unit")]
    heads = [
        *levels,
        *(heading(name, language) for name in ("name", *_FIELDS)),
        *(_other_heading(name, other) for name in others),
        heading("rest", language),
    ]
    sheet.put(0, 0, title, "title")
    sheet.put_row(2, 0, heads, "heading")
    sheet.widths(*(18 for _ in levels), 22, *(_WIDTHS.get(name, 12) for name in _FIELDS), 26, 40, 12, 20)
    for row, leaf in enumerate(tree.indicators, start=3):
        said = _plain(leaf)
        values = [
            leaf.name[language], leaf.id, leaf.measure, _in(leaf.definition, language),
            _in(leaf.unit, language),
            messages.text(f"indicators.direction.{leaf.direction}", language), leaf.weight,
            flow(said["scale"]), leaf.missing, leaf.name[other], _in(leaf.definition, other),
            _in(leaf.unit, other), _rest(said),
        ]  # fmt: skip
        sheet.put_row(row, depth, values, "text")
    _merge_criteria(sheet, tree, depth)
    sheet.native.freeze_panes(3, depth + 1)
    sheet.page(landscape=True, heading_rows=3, footer=title)


def _merge_criteria(sheet: Sheet, tree: Tree, depth: int) -> None:
    """Write each criterion across the rows of its indicators, and nothing where a branch is shorter."""
    rows = {leaf.id: row for row, leaf in enumerate(tree.indicators, start=3)}
    for leaf in tree.indicators:
        for col in range(len(tree.path(leaf.id)) - 2, depth):
            sheet.put(rows[leaf.id], col, None, "text")
    for group in tree.groups[1:]:
        col = len(tree.path(group.id)) - 2
        below = [rows[leaf.id] for leaf in tree.indicators if group.id in tree.path(leaf.id)]
        sheet.merge((min(below), col, max(below), col), group.name[sheet.book.language], "label")


def _write_criteria(book: Book, tree: Tree) -> None:
    language = book.language
    sheet = book.sheet(messages.text(f"indicators.sheet.{CRITERIA}", language))
    heads = [messages.text(f"indicators.{name}", language) for name in ("path", "code", "weight", "said")]
    sheet.put_row(0, 0, heads, "heading")
    sheet.widths(44, 24, 10, 110)
    for row, group in enumerate(tree.groups[1:], start=1):
        said = {key: value for key, value in _plain(group).items() if key not in ("id", "weight", "children")}
        sheet.put_row(row, 0, [path_of(tree, group, language), group.id, group.weight, flow(said)], "text")
    sheet.native.freeze_panes(1, 1)


def path_of(tree: Tree, group: Group, language: str) -> str:
    """Return the names from the first criterion down to a group, as one text."""
    return " / ".join(tree.nodes[name].name[language] for name in tree.path(group.id)[1:])


def _write_rest(book: Book, tree: Tree) -> None:
    """Write what stands in the file beside the indicators: grades, matrices, sources, examples."""
    sheet = book.sheet(messages.text(f"indicators.sheet.{REST}", book.language))
    sheet.widths(120)
    data = tree.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"schema": 1}
    data["root"] = {key: value for key, value in data["root"].items() if key != "children"}
    for row, line in enumerate(dumped(data).splitlines()):
        sheet.put(row, 0, line, "plain")


def _plain(node: Group | Indicator) -> dict[str, Any]:
    return node.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _rest(said: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in said.items() if key not in _SAID}
    return flow(rest) if rest else ""


def _in(text: Text | None, language: str) -> str:
    return text[language] if text else ""


def _other_heading(field: str, other: str) -> str:
    """Return the heading of a column in the other language than the table's."""
    marks: Sequence[str] = ("英文",) if other == "en" else ("(zh)",)
    return next(header for header in HEADERS[field] if any(mark in header for mark in marks))
