"""Studies and trees typed with a Chinese keyboard, tabs and thousands signs: named where they stand."""

from pathlib import Path

import pytest

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study


@pytest.mark.parametrize(
    ("case", "found"),
    [
        ("c33_yaml_fullwidthcolon", [("DOC-009", "：", 14)]),
        ("c33_yaml_tab", [("DOC-009", "\t", 12)]),
        ("c33_yaml_thousands", [("DOC-010", "1,000", 17), ("DOC-010", "2,000", 17)]),
    ],
)
def test_the_sign_is_named_with_its_line(shared: Path, case: str, found: list[tuple[str, str, int]]) -> None:
    with pytest.raises(EvaluationError) as caught:
        Study(shared / "cases" / case).check()
    assert [(issue.code, issue.subject, issue.where.line) for issue in caught.value.issues] == found


@pytest.mark.parametrize(("language", "spoken"), [("language: en", "error: "), ("language： zh", "错误: ")])
def test_a_study_that_cannot_be_read_is_refused_in_its_own_language(
    tmp_path: Path, capsys, monkeypatch, language: str, spoken: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8" if spoken == "error: " else "en_GB.UTF-8")
    (tmp_path / "study.yaml").write_text(f"schema: 1\n{language}\ntitle： x\n", "utf-8")
    assert invoke(["check", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(spoken)
