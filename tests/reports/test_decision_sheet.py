"""The first sheets of the workbook: the ledger counted over the customers, the switch of the what-if."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import decided_study
import pytest
from canonical import opened

from evaluator import messages
from evaluator.evaluation import Evaluation
from evaluator.reports.context import Context
from evaluator.reports.sections.ledger import ledger
from evaluator.reports.workbook import write_workbook


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return decided_study.study(tmp_path_factory.mktemp("decided")).run()


@pytest.fixture(scope="module")
def paths(decided: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbook in both languages."""
    found = {
        language: tmp_path_factory.mktemp("decided") / f"{language}.xlsx" for language in messages.LANGUAGES
    }
    for language, path in found.items():
        write_workbook(decided, path, language=language)
    return found


@pytest.fixture(scope="module")
def recomputed(
    paths: dict[str, Path], recalculated: Callable[..., list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Both as LibreOffice computes them; the English one with a changed weight, and switched back as well."""
    rows = sheet(paths["en"], "what_if", "en")
    at = {str(row[0]).strip(): number for number, row in enumerate(rows, start=1)}
    switch = at[messages.text("report.workbook.what_if.switch", "en")]
    choice = at[messages.text("report.workbook.what_if.offered", "en")]
    with zipfile.ZipFile(paths["en"]) as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    text = re.search(rf'<c r="B{choice}"[^>]*><v>(\d+)</v>', xml)
    assert text is not None
    change = {(2, f"B{at['Gross profit']}"): 9.0}
    books = {
        **{language: (path, {}) for language, path in paths.items()},
        "changed": (paths["en"], change),
        "back": (paths["en"], {**change, (2, f"B{switch}"): int(text[1])}),
    }
    found = recalculated([*books.values()], tmp_path_factory.mktemp("recomputed") / "again")
    return dict(zip(books, found, strict=True))


def sheet(path: Path, name: str, language: str, *, values: bool = True) -> list[tuple[Any, ...]]:
    title = messages.text(f"report.workbook.sheet.{name}", language)
    book = {one.title: one for one in opened(path, data_only=values)}
    return list(book[title].iter_rows(values_only=True))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_ledger_stands_on_the_first_sheet_and_counts_the_customers(
    decided: Evaluation, paths: dict[str, Path], recomputed: dict[str, Path], language: str
) -> None:
    found = ledger(Context(decided, language))
    assert found is not None
    now = sheet(recomputed[language], "decision", language)
    counts = {row[0]: row[3] for row in now if isinstance(row[3], int | float)}
    assert [counts[line.name] for line in found.lines] == [line.count for line in found.lines]
    assert counts[messages.text("report.decide.all", language)] == found.rated == 4
    formulas = sheet(paths[language], "decision", language, values=False)
    written = {row[0]: str(row[3]) for row in formulas}
    customers = messages.text("report.workbook.sheet.customers", language)
    assert all(f"'{customers}'!" in written[line.name] for line in found.lines)


def test_the_switch_goes_back_to_the_evaluation_and_the_red_line_with_it(
    paths: dict[str, Path], recomputed: dict[str, Path]
) -> None:
    """A changed weight counts and is said above the customers; `as evaluated` brings everything back."""
    before = [row[:8] for row in sheet(paths["en"], "customers", "en")]
    shown = sheet(recomputed["changed"], "customers", "en")
    assert shown[1][0] == messages.text("report.workbook.what_if.band", "en")
    assert [row[:8] for row in shown[2:]] != before[2:]
    shown = sheet(recomputed["back"], "customers", "en")
    assert not shown[1][0]
    assert [row[:8] for row in shown[2:]] == before[2:]
