"""How long it takes to read filled questionnaires: 500 workbooks of one tree, and where the time goes.

Run with ``python benchmarks/questionnaires.py [tree] [workbooks]``. Figures are ratios of one run as
far as they can be: the whole reading against the bare decoding of the same sheets by calamine.
"""

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from evaluator.sheets import read_judgments, write_questionnaires
from evaluator.tree import load_tree
from evaluator.weighing.panel import Expert


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


def copies(folder: Path, tree_id: str, count: int) -> None:
    """Fill one questionnaire, and hand it in under many names."""
    tree = load_tree(tree_id)
    [written] = write_questionnaires(tree, [Expert("e0")], folder)
    fill(written.path, random.Random(1))
    for number in range(1, count):
        shutil.copy(written.path, folder / f"e{number}.xlsx")


def decode(paths: list[Path]) -> None:
    """Decode the same sheets and do nothing with them."""
    for path in paths:
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                if name != "_live":
                    book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def main(tree_id: str = "customer_value", count: str = "500") -> None:
    """Print seconds and the ratio."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        copies(folder, tree_id, int(count))
        paths = sorted(folder.glob("*.xlsx"))
        tree = load_tree(tree_id)
        start = time.perf_counter()
        decode(paths)
        decoded = time.perf_counter() - start
        start = time.perf_counter()
        panel = read_judgments(folder, tree)
        read = time.perf_counter() - start
    print(f"{len(paths)} workbooks of {tree_id}, {len(panel.judgments)} answers that count")
    print(f"decoded alone {decoded:.2f} s; read {read:.2f} s: {read / decoded:.2f} times")


if __name__ == "__main__":
    main(*sys.argv[1:])
