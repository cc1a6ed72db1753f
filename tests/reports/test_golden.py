"""The small report in both languages, a golden file for every section of the page and sheet of the workbook.

`EVALUATOR_REWRITE_GOLDEN=1 python -m pytest tests/reports/test_golden.py` writes the files anew and removes
those that nothing produces; read `git diff tests/golden` before you commit.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import canonical
import pytest

from evaluator import messages
from evaluator.reports.workbook import SHEETS, write_workbook

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
REWRITE = os.environ.get("EVALUATOR_REWRITE_GOLDEN") == "1"
REPORTS = [(kind, language) for kind in ("page", "workbook") for language in messages.LANGUAGES]
FILES = [
    (kind, language, path.name)
    for kind, language in REPORTS
    for path in sorted((GOLDEN / kind / language).glob("*"))
]

Parts = Mapping[str, str]


@pytest.fixture(scope="module")
def parts_of(evaluation_of, page_of, tmp_path_factory) -> Callable[[str, str], Parts]:
    """Return a maker of a report's parts by file name; each report is made once."""
    made: dict[tuple[str, str], Parts] = {}

    def make(kind: str, language: str) -> Parts:
        if (kind, language) not in made:
            made[kind, language] = page(language) if kind == "page" else workbook(language)
        return made[kind, language]

    def page(language: str) -> Parts:
        fingerprint = evaluation_of(language).model.fingerprint
        return canonical.page_parts(page_of(language).replace(fingerprint, "(fingerprint)"))

    def workbook(language: str) -> Parts:
        path = tmp_path_factory.mktemp("golden") / "report.xlsx"
        write_workbook(evaluation_of(language), path, language=language)
        sheets = {messages.text(f"report.workbook.sheet.{sheet}", language): sheet for sheet in SHEETS}
        return {f"{sheets[title]}.txt": text for title, text in canonical.sheet_parts(path)}

    return make


@pytest.mark.parametrize(("kind", "language"), REPORTS)
def test_every_part_of_a_report_has_its_golden_and_every_golden_its_part(parts_of, kind, language) -> None:
    parts = parts_of(kind, language)
    folder = GOLDEN / kind / language
    if REWRITE:
        rewrite(folder, parts)
    assert {path.name for path in folder.glob("*")} == parts.keys()


@pytest.mark.parametrize(("kind", "language", "name"), FILES)
def test_a_part_of_a_report_is_the_golden_one(parts_of, kind, language, name) -> None:
    assert parts_of(kind, language).get(name) == (GOLDEN / kind / language / name).read_text("utf-8")


def rewrite(folder: Path, parts: Parts) -> None:
    """Write what a report is made of today, and nothing else, into the folder of its goldens."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*"):
        path.unlink()
    for name, text in parts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
