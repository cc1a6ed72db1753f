"""The first sheet of a questionnaire: what it is about, how to answer, and how far one has come."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from evaluator import messages
from evaluator.forms.choices import LEVELS
from evaluator.forms.live_block import Figures
from evaluator.tree import Group, Indicator, Tree
from evaluator.weighing.panel import Expert
from evaluator.workbook.book import Sheet

SECONDS_PER_PAIR = 25
_LAST = 5  # columns B–F
_STEPS = ("choose", "number", "blank", "live", "remark", "consistent", "save")


@dataclass(frozen=True, slots=True)
class Block:
    """The sheet of a group, and where its figures stand."""

    sheet: Sheet
    figures: Figures


def write_cover(
    sheet: Sheet,
    tree: Tree,
    expert: Expert,
    *,
    title: str,
    minutes: int,
    blocks: Mapping[str, Block],
    again: bool = False,
) -> None:
    """Fill the cover; `blocks` are the sheets of the groups by their ids.

    One that asks `again` says that it comes with the answers given before.
    """
    pairs = sum(block.figures.pairs for block in blocks.values())
    language = sheet.book.language
    sheet.widths(2, 34, 12, 12, 18, 44)
    sheet.native.hide_gridlines(2)
    sheet.put(0, 1, title, "title")
    about = tree.description[language] if tree.description else ""
    about = messages.text("pairwise.about", language, tree=tree.name[language], about=about).strip()
    about = messages.text("pairwise.again", language) if again else about
    sheet.merge((1, 1, 1, _LAST), about, "subtitle")
    person = "  ·  ".join(part for part in (expert.name or expert.id, expert.role) if part)
    sheet.put(3, 1, messages.text("pairwise.expert", language), "label")
    sheet.merge((3, 2, 3, _LAST), person, "text")
    sheet.put(4, 1, messages.text("pairwise.effort", language), "label")
    effort = messages.text("pairwise.effort_is", language, pairs=pairs, minutes=minutes)
    sheet.merge((4, 2, 4, _LAST), effort, "text")
    starts = [0, steps := 1 + _write_progress(sheet, tree, blocks, 6)]
    starts.append(levels := 1 + _write_steps(sheet, steps))
    starts.append(hierarchy := 1 + _write_levels(sheet, levels))
    _write_hierarchy(sheet, tree, hierarchy)
    sheet.protect()
    sheet.page(footer=tree.name[language])
    sheet.print_in_blocks((sheet.native.dim_rowmax or 0) + 1, starts, landscape=False)


def _write_progress(sheet: Sheet, tree: Tree, blocks: Mapping[str, Block], row: int) -> int:
    language, pairs = sheet.book.language, sum(block.figures.pairs for block in blocks.values())
    _section(sheet, row, "progress")
    for col, key in enumerate(("group", "answered", "asked", "verdict", "go"), start=1):
        sheet.put(row + 1, col, messages.text(f"pairwise.head.{key}", language), "heading")
    first = line = row + 2
    for group in tree.groups:
        if group.id in blocks:
            _write_line(sheet, line, group.name[language], blocks[group.id])
            line += 1
    sheet.put(line, 1, messages.text("pairwise.total", language), "label")
    answered = sum(block.figures.now.answered for block in blocks.values())
    for col, value in ((2, answered), (3, pairs)):
        column = "ABCDE"[col]
        sheet.formula(line, col, f"=SUM({column}{first + 1}:{column}{line})", value, "integer center strong")
    _write_left(sheet, line, pairs - answered)
    sheet.highlight((first, 2, line, 2), f"=$C{first + 1}>=$D{first + 1}", "good")
    for style in ("good", "bad"):
        said = messages.text(f"pairwise.verdict.{style}", language).replace('"', '""')
        sheet.highlight((first, 4, line, 4), f'=$E{first + 1}="{said}"', style)
    return line + 1


def _write_line(sheet: Sheet, row: int, name: str, block: Block) -> None:
    figures, language = block.figures, sheet.book.language
    sheet.put(row, 1, name, "text")
    sheet.formula(row, 2, f"={figures.answered}", figures.answered.now, "integer center")
    sheet.put(row, 3, figures.pairs, "integer center")
    said = [
        messages.text(f"pairwise.verdict.{key}", language)
        for key in ("good", "bad", "later" if figures.testable else "untested")
    ]
    good, bad, other = ('"' + text.replace('"', '""') + '"' for text in said)
    now = said[2] if not figures.tested else said[0] if figures.now.consistent else said[1]
    tested = f"IF({figures.cr}<{figures.limit!r},{good},{bad})" if figures.tested else other
    sheet.formula(
        row, 4, f'=IF({figures.left}>0,"",{tested})', "" if figures.now.left else now, "text center"
    )
    link = f"internal:{block.sheet.quoted}!A1"
    sheet.native.write_url(row, 5, link, sheet.book.style("text link"), block.sheet.name)


def _write_left(sheet: Sheet, row: int, left_now: int) -> None:
    """Say how many comparisons are left, and for about how many minutes."""
    language = sheet.book.language
    state = messages.text("pairwise.left", language)
    done = messages.text("pairwise.done", language)
    asked, minutes = f"D{row + 1}-C{row + 1}", f"ROUNDUP((D{row + 1}-C{row + 1})*{SECONDS_PER_PAIR}/60,0)"
    left = f'=IF({asked}<=0,"{done}",SUBSTITUTE(SUBSTITUTE("{state}","#",{asked}),"@",{minutes}))'
    value = state.replace("#", str(left_now)).replace("@", str(math.ceil(left_now * SECONDS_PER_PAIR / 60)))
    sheet.merge((row, 4, row, 5), None, "label")
    sheet.formula(row, 4, left, value if left_now else done, "label")


def _write_steps(sheet: Sheet, row: int) -> int:
    _section(sheet, row, "steps")
    for number, step in enumerate(_STEPS, start=1):
        row += 1
        sentence = messages.text(f"pairwise.step.{step}", sheet.book.language)
        sheet.merge((row, 1, row, _LAST), f"{number}. {sentence}", "paragraph")
    return row + 1


def _write_levels(sheet: Sheet, row: int) -> int:
    language = sheet.book.language
    _section(sheet, row, "levels")
    for level in (1, *reversed(LEVELS[::2][:4])):
        row += 1
        sheet.put(row, 1, messages.text(f"pairwise.level.{level}.name", language), "label")
        sheet.put(row, 2, str(level), "text center")
        sheet.merge((row, 3, row, _LAST), messages.text(f"pairwise.level.{level}.meaning", language), "text")
    sheet.put(row + 1, 1, messages.text("pairwise.level.between.name", language), "label")
    sheet.put(row + 1, 2, "2, 4, 6, 8", "text center")
    between = messages.text("pairwise.level.between.meaning", language)
    sheet.merge((row + 1, 3, row + 1, _LAST), between, "text")
    return row + 2


def _write_hierarchy(sheet: Sheet, tree: Tree, row: int) -> None:
    language = sheet.book.language
    _section(sheet, row, "hierarchy")

    def walk(node: Group | Indicator, depth: int) -> None:
        nonlocal row
        row += 1
        style = "strong" if isinstance(node, Group) else "plain"
        sheet.put(row, 1, "　" * depth + node.name[language], f"{style} left")
        if node.definition:
            sheet.merge((row, 2, row, _LAST), node.definition[language], "note")
        if isinstance(node, Group):
            for child in node.children:
                walk(child, depth + 1)

    walk(tree.root, 0)


def _section(sheet: Sheet, row: int, key: str) -> None:
    sheet.merge(
        (row, 1, row, _LAST), messages.text(f"pairwise.section.{key}", sheet.book.language), "section"
    )
