"""What is fuzzed: how a valid input is made, changed and read, and which refusals are the first check's."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import mutations
import numpy as np
import openpyxl
import polars as pl

from evaluator.columns.condition_text import condition
from evaluator.customers.orders import ORDERS
from evaluator.data import TableMapping, read_table
from evaluator.demo.opinions import answer, judgments
from evaluator.errors import raise_errors
from evaluator.files import sealed
from evaluator.forms import (
    Item,
    Respondent,
    Subject,
    grade_forms,
    read_grade_sheets,
    read_judgments,
    read_surveys,
    survey_forms,
    write_forms,
    write_questionnaires,
)
from evaluator.html.rendering import render, templates
from evaluator.scoring import fit, load_model, score
from evaluator.study import Study
from evaluator.tree import Tree, load_tree
from evaluator.weighing import weigh
from evaluator.weighing.panel import Expert

SMALL = Path(__file__).resolve().parents[1] / "studies" / "small"
_SYNTAX = frozenset({"DOC-001", "DOC-002", "DOC-003", "DOC-004", "DOC-005", "DOC-006", "DOC-007", "DOC-009"})
_NO_WORKBOOK = frozenset({f"FILE-71{digit}" for digit in range(1, 10)} | {"DATA-402", "DATA-401"})

Change = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True)
class Target:
    """Something that reads files from strangers.

    `make` writes the valid file into a folder and returns it; `read` reads it, changed, from the same
    path; an error with a code in `first` did not get past the first check. `named` is where a changed
    file lies, where that differs from the valid one. What is read in a process of its own is `slow`.
    """

    name: str
    make: Callable[[Path], Path]
    change: Change
    read: Callable[[Path], Any]
    first: frozenset[str]
    needs: str = ""
    slow: bool = False


def of_text(change: Callable[[random.Random, str], str]) -> Change:
    """Return a change of bytes from one of text."""
    return lambda chance, data: change(chance, data.decode("utf-8")).encode("utf-8", "surrogatepass")


@cache
def small() -> Tree:
    """Return the tree of the small study."""
    return load_tree(SMALL / "tree.yaml")


EXPERT = Expert("E1", name="Ann")


def _questionnaire(folder: Path) -> Path:
    (written,) = write_questionnaires(small(), [EXPERT], folder, language="en")
    given = judgments(np.random.default_rng(1), small(), [EXPERT], convention="strict")
    answer(written.path, small(), given, language="en")
    return written.path


def _filled(path: Path, values: tuple[object, ...]) -> Path:
    """Fill every question of a form, as a person would."""
    book = openpyxl.load_workbook(path)
    columns = [row[2].value + 1 for row in book["_record"] if row[0].value == "question"]
    sheet = book.worksheets[0]
    rows = [row for row in range(1, sheet.max_row + 1) if str(sheet.cell(row, 1).value).startswith("line:")]
    for turn, (row, column) in enumerate(product(rows, columns)):
        sheet.cell(row, column).value = values[turn % len(values)]
    book.save(path)
    return path


GRADED = "potential_value"


def _grades(folder: Path) -> Path:
    subjects = [Subject("C1", "One"), Subject("C2", "Two")]
    tree = load_tree(GRADED)
    (sent,) = write_forms(grade_forms(tree, [EXPERT], subjects, language="en"), folder)
    return _filled(sent.path, tuple(str(grade.name["en"]) for grade in tree.grades))


def _survey(folder: Path) -> Path:
    items = [Item("quality", "Quality"), Item("service", "Service")]
    (sent,) = write_forms(survey_forms(small(), [Respondent("R1", "C1")], items=items, language="en"), folder)
    return _filled(sent.path, (7, 9, 3))


_ORDERS = "id,date,amount,quantity,product\n" + "".join(
    f"C{n % 4},2024-{n % 12 + 1:02d}-{n % 28 + 1:02d},{n * 10.5},{n},P{n % 3}\n" for n in range(24)
)


def _csv(folder: Path) -> Path:
    (folder / "orders.csv").write_text(_ORDERS, "utf-8")
    return folder / "orders.csv"


def _page(folder: Path) -> Path:
    rows = "".join(f"<tr><td>{'<td>'.join(line.split(','))}</tr>\n" for line in _ORDERS.splitlines())
    (folder / "orders.html").write_text(f"<html><table border=1>{rows}</table></html>", "utf-8")
    return folder / "orders.html"


def _frame() -> pl.DataFrame:
    return pl.read_csv(_ORDERS.encode(), try_parse_dates=True)


def _xlsx(folder: Path) -> Path:
    _frame().write_excel(folder / "orders.xlsx")
    return folder / "orders.xlsx"


def _xls(folder: Path) -> Path:
    _xlsx(folder)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        str(folder),
        "orders.xlsx",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return folder / "orders.xls"


def _parquet(folder: Path) -> Path:
    _frame().write_parquet(folder / "orders.parquet")
    return folder / "orders.parquet"


def _orders(path: Path) -> object:
    return read_table("orders", TableMapping(file=path.name), ORDERS, path.parent)


def _copied(name: str, folder: Path) -> Path:
    shutil.copytree(SMALL, folder, dirs_exist_ok=True)
    return folder / name


def _run_study(path: Path) -> None:
    raise_errors(Study(path.parent).check())


def _model(folder: Path) -> Path:
    frame = _measures()
    fit(small(), weigh(small()), frame).save(folder / "model.json")
    return folder / "model.json"


def _measures() -> pl.DataFrame:
    names = [leaf.measure for leaf in small().indicators]
    columns = {name: [float(n * 7 % 90) for n in range(12)] for name in names}
    return pl.DataFrame({"id": [f"C{n}" for n in range(12)]} | columns)


def _changed_model(chance: random.Random, content: bytes) -> bytes:
    changed = mutations.data(chance, json.loads(content))
    if chance.random() < 0.9:  # most under a seal that fits, or nothing is read beyond it
        changed.pop("digest", None)
        changed = sealed(changed)
    return json.dumps(changed).encode()


_TEMPLATE = (
    "{% for row in rows if row.score > 3 %}<b>{{ row.name|upper }}</b> {{ (row.score * 2) | round(1) }} "
    "{{ text('nearest', names=row.name) }}{% else %}–{% endfor %}"
    "{% set a = rows|map(attribute='name')|join %}"
    "{% macro m(x) %}{{ x ~ a }}{% endmacro %}{{ m(rows|length) }}{{ 'a%s'|format(1) }}"
    "{{ rows[0].name[:2] }}\n"
)


def _template(folder: Path) -> Path:
    (folder / "page").mkdir()
    (folder / "page" / "own.html.j2").write_text(_TEMPLATE, "utf-8")
    return folder / "page" / "own.html.j2"


def _rendered(path: Path) -> object:
    rows = [{"name": "Ann", "score": 4.5}, {"name": "Bob", "score": 2.0}]
    return render(templates("en", folders=(path.parents[1],)), "page/own.html.j2", {"rows": rows})


_RULE = (
    "(overdue > 0.5 or not region in ['north', 'south']) and score >= 60 and (profit - 2 * cost) / 3 < 1e6"
)


def _rule(folder: Path) -> Path:
    (folder / "rule.txt").write_text(_RULE, "utf-8")
    return folder / "rule.txt"


def _condition(path: Path) -> object:
    names: dict[str, Any] = dict.fromkeys(("overdue", "score", "profit", "cost"), "number")
    return condition(path.read_text("utf-8"), names | {"region": "text"})


TARGETS = (
    Target("questionnaire", _questionnaire, mutations.package,
           lambda p: read_judgments(p, small()), _NO_WORKBOOK),
    Target("grade sheet", _grades, mutations.package,
           lambda p: read_grade_sheets(p, load_tree(GRADED)), _NO_WORKBOOK),
    Target("survey", _survey, mutations.package, lambda p: read_surveys(p, small()), _NO_WORKBOOK),
    Target("judgments.csv", partial(_copied, "judgments.csv"), of_text(mutations.table),
           lambda p: read_judgments(p, small()), frozenset()),
    Target("orders.csv", _csv, of_text(mutations.table), _orders, frozenset()),
    Target("orders.html", _page, of_text(mutations.tokens), _orders, frozenset()),
    Target("orders.xlsx", _xlsx, mutations.package, _orders, _NO_WORKBOOK),
    Target("orders.xls", _xls, mutations.flipped, _orders, frozenset(), needs="soffice"),
    Target("orders.parquet", _parquet, mutations.flipped, _orders, frozenset(), slow=True),
    Target("tree", partial(_copied, "tree.yaml"), of_text(mutations.yaml_text), load_tree, _SYNTAX),
    Target("study", partial(_copied, "study.yaml"), of_text(mutations.yaml_text), _run_study, _SYNTAX),
    Target("model", _model, _changed_model, lambda p: score(load_model(p), _measures()),
           frozenset({"SCORE-601", "SCORE-603", "SCORE-605"})),
    Target("template", _template, of_text(mutations.tokens), _rendered, frozenset()),
    Target("rule", _rule, of_text(mutations.tokens), _condition, frozenset()),
)  # fmt: skip
