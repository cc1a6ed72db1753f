"""How long it takes to read filled questionnaires: 500 workbooks of one tree, beside what others take.

Run with ``python benchmarks/questionnaires.py [tree] [workbooks]``. All figures are of one run: the
seconds of a clock and of all processors together, for reading here (with helper processes and without),
for bare decoding of the same sheets by calamine, and for the same workbooks in openpyxl and pandas, which
take so long that a part of the workbooks must do; their seconds are scaled to all.
"""

import os
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
from python_calamine import CalamineWorkbook

from evaluator.forms import read_judgments, write_questionnaires
from evaluator.tree import Tree, load_tree
from evaluator.weighing.panel import Expert
from evaluator.workbook import decoding

PART = 10  # workbooks that openpyxl and pandas read
FIRST = "expert000"


def fill(path: Path, rng: random.Random) -> None:
    """Choose a sentence for every pair."""
    book = openpyxl.load_workbook(path)
    choices = book["_choices"]
    columns = {choices.cell(1, col).value: col for col in range(2, choices.max_column + 1)}
    for sheet in book:
        for row in range(1, sheet.max_row + 1):
            if (key := sheet.cell(row, 1).value) in columns:
                sheet.cell(row, 5).value = choices.cell(rng.randint(2, 18), columns[key]).value
    book.save(path)


def copies(folder: Path, tree: Tree, count: int) -> list[Path]:
    """Fill one questionnaire, and hand it in as that of many experts."""
    [written] = write_questionnaires(tree, [Expert(FIRST)], folder)
    fill(written.path, random.Random(1))
    with zipfile.ZipFile(written.path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    paths = [folder / f"e{number:03}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(FIRST.encode(), f"expert{number:03}".encode()))
    written.path.unlink()
    return paths


def decode(paths: list[Path]) -> None:
    """Decode the sheets and do nothing with them."""
    for path in paths:
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                if name != "_live":
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of a clock and of all processors, helpers included."""
    clock, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return time.perf_counter() - clock, sum(after[:4]) - sum(before[:4])


def alone(work: Callable[[], object]) -> None:
    """Do something without helper processes."""
    few, decoding.FEW = decoding.FEW, sys.maxsize
    try:
        work()
    finally:
        decoding.FEW = few


def main(tree_id: str = "customer_value", count: str = "500") -> None:
    """Print the seconds, and how many times they are those of bare decoding."""
    tree = load_tree(tree_id)
    with tempfile.TemporaryDirectory() as home:
        paths = copies(Path(home), tree, int(count))
        scale, part = len(paths) / PART, paths[:PART]
        table = {
            "bare decoding (calamine)": (1.0, measured(lambda: decode(paths))),
            "evaluator, one process": (1.0, measured(lambda: alone(lambda: read_judgments(paths, tree)))),
            "evaluator": (1.0, measured(lambda: read_judgments(paths, tree))),
            "openpyxl": (scale, measured(lambda: [openpyxl.load_workbook(path) for path in part])),
            "pandas": (
                scale,
                measured(lambda: [pd.read_excel(path, sheet_name=None, engine="openpyxl") for path in part]),
            ),
        }
        answers = len(read_judgments(paths, tree).judgments)
    print(f"{count} workbooks of {tree_id}, {answers} answers, {os.cpu_count()} processors")
    base = table["bare decoding (calamine)"][1]
    for name, (times, seconds) in table.items():
        clock, processors = (times * value for value in seconds)
        print(
            f"{name:26} {clock:7.2f} s  {processors:7.2f} s of processors  {processors / base[1]:6.2f} times"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
