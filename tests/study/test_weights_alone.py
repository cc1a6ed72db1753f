"""A study whose experts have answered and whose customers are not known yet is about the weights alone."""

from pathlib import Path

import yaml

from evaluator.errors import Severity
from evaluator.study import Study


def test_a_study_without_tables_reports_the_weights_alone(folder: Path) -> None:
    whole = Study(folder).weights
    path = folder / "study.yaml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(said | {"tables": {}}, allow_unicode=True), encoding="utf-8")
    study = Study(folder)
    found = study.run()
    assert found.weights.global_ == whole.global_
    assert found.results.is_empty()
    assert found.certainty is None
    [told] = [issue for issue in found.issues if issue.code == "STUDY-391"]
    assert told.severity is Severity.WARNING
    page = study.save_reports()[0].read_text(encoding="utf-8")
    assert "There are no customers in this evaluation yet" in page
    assert "rated 0 of 0" not in page
