"""A consultant's own templates under names of earlier versions are refused with the name of today."""

from pathlib import Path

import pytest

from evaluator.errors import EvaluationError
from evaluator.reports import ReportOptions, report
from evaluator.reports.renamed import SECTIONS, SHEETS, TEMPLATES
from evaluator.reports.sections import sections
from evaluator.reports.sheets import SHEETS as SHEETS_TODAY


@pytest.mark.parametrize("old", TEMPLATES)
def test_a_template_under_its_old_name_is_refused_with_its_successor(evaluation_of, tmp_path, old) -> None:
    mine = tmp_path / "templates" / old
    mine.parent.mkdir(parents=True)
    mine.write_text("<sheet/>", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        report(
            evaluation_of("zh"), tmp_path / "report.html",
            options=ReportOptions(templates="templates"), folder=tmp_path,
        )  # fmt: skip
    (issue,) = caught.value.issues
    assert (issue.code, str(issue.where)) == ("REPORT-845", str(mine))
    assert issue.detail["successor"] == TEMPLATES[old]


def test_every_successor_is_there_and_no_old_name_is_in_use() -> None:
    ids = {section.id for section in sections()}
    assert set(SECTIONS.values()) <= ids
    assert not SECTIONS.keys() & ids
    assert set(SHEETS.values()) <= set(SHEETS_TODAY)
    assert not any((Path("templates") / old).exists() for old in TEMPLATES)
