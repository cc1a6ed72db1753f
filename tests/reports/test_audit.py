"""The audit of the tree in the report: every principle has its state, every finding what to do."""

from dataclasses import replace

import pytest

from evaluator.labels import Text
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import page
from evaluator.reports.sections import audit
from evaluator.reports.workbook import write_workbook
from evaluator.tree.types import Acknowledged, DroppedIndicator
from evaluator.workbook.reader import read_workbook


@pytest.mark.parametrize("language", ["zh", "en"])
def test_open_findings_come_first_with_what_to_do(evaluation_of, language) -> None:
    section = audit.build(Context(evaluation_of(language), language))
    assert len(section.principles) == 8
    assert section.open == sum(kept.open for kept in section.principles) > 0
    assert section.open + section.accepted == len(section.findings)
    assert all(finding.says and finding.advice for finding in section.findings)


def test_a_finding_the_tree_accepts_is_shown_with_its_reason(evaluation_of) -> None:
    evaluation = evaluation_of("en")
    before = audit.build(Context(evaluation, "en"))
    reason = Acknowledged(finding="clarity", reason=Text(zh="已知", en="known"))
    tree = evaluation.model.tree.model_copy(update={"acknowledged": (reason,)})
    evaluation = replace(evaluation, model=evaluation.model.model_copy(update={"tree": tree}))
    after = audit.build(Context(evaluation, "en"))
    clarity = [finding for finding in after.findings if finding.principle == "Clarity"]
    assert clarity
    assert {finding.accepted for finding in clarity} == {"known"}
    assert after.open == before.open - len(clarity)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_candidates_that_were_screened_out_stand_in_page_and_workbook(
    evaluation_of, language, tmp_path
) -> None:
    evaluation = evaluation_of(language)
    gone = DroppedIndicator(
        id="fame", name=Text(zh="名气", en="Fame"), reason=Text(zh="均值过低", en="Low mean")
    )
    tree = evaluation.model.tree.model_copy(update={"dropped": (gone,)})
    evaluation = replace(evaluation, model=evaluation.model.model_copy(update={"tree": tree}))
    assert gone.reason[language] in page(evaluation, language, options=ReportOptions())
    write_workbook(evaluation, tmp_path / "r.xlsx", language=language)
    sheets = read_workbook(tmp_path / "r.xlsx").sheets
    cells = {cell for sheet in sheets for row in sheet.rows for cell in row}
    assert gone.reason[language] in cells
