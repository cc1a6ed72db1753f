"""The small report in both languages, a golden file for every section of the page and sheet of the workbook.

`EVALUATOR_REWRITE_GOLDEN=1 python -m pytest tests/reports/test_golden.py` writes the files anew and removes
those that nothing produces; read `git diff tests/golden` before you commit.
"""

from collections.abc import Callable, Mapping

import canonical
import goldens
import pytest

from evaluator import messages
from evaluator.reports.context import Context
from evaluator.reports.sheets import contents
from evaluator.reports.workbook import write_workbook

REPORTS = [(kind, language) for kind in ("page", "workbook") for language in messages.LANGUAGES]
FILES = [(*report, name) for report in REPORTS for name in goldens.names("/".join(report))]

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
        evaluation = evaluation_of(language)
        write_workbook(evaluation, path, language=language)
        named = {title: sheet for sheet, title, _ in contents(Context(evaluation, language))}
        sheets = {messages.text("report.workbook.sheet.decision", language): "decision"} | named
        return {f"{sheets[title]}.txt": text for title, text in canonical.sheet_parts(path)}

    return make


@pytest.mark.parametrize(("kind", "language"), REPORTS)
def test_every_part_of_a_report_has_its_golden_and_every_golden_its_part(parts_of, kind, language) -> None:
    goldens.agree(f"{kind}/{language}", parts_of(kind, language))


@pytest.mark.parametrize(("kind", "language", "name"), FILES)
def test_a_part_of_a_report_is_the_golden_one(parts_of, kind, language, name) -> None:
    goldens.same(f"{kind}/{language}", name, parts_of(kind, language))
