"""One mistake per study, with the code and the place it must give."""

import pytest

from evaluator.errors import EvaluationError
from evaluator.study import Study, begin

HEAD = "schema: 1\ntitle: A study\nlanguage: en\ntree: orders_value\n"
GIVEN = "weighting: {source: given}\n"
MISTAKES = [  # (the file after its head, code, what the line it names says)
    (GIVEN + "tables: {orders: {file: ../secret.csv}}\n", "STUDY-302", "../secret.csv"),
    (GIVEN + "judgments: [../answers]\n", "STUDY-302", "../answers"),
    ("experts:\n  - {id: E1}\n  - {id: E1}\n", "STUDY-303", "experts:"),
    ("weighting: {source: experts}\n", "STUDY-304", "weighting:"),
    (GIVEN + "tables: {ordres: {file: orders.csv}}\n", "DATA-424", "ordres"),
    (GIVEN + "profil: cn\n", "DOC-101", "profil"),
    (GIVEN + "convention: china\n", "DOC-104", "convention"),
    (GIVEN + "profile: china\n", "DOC-104", "profile"),
    (GIVEN + "profile: cn\nconvention: cn\n", "DOC-101", "profile"),
    (GIVEN + "as_of: yesterday\n", "DOC-103", "as_of"),
    (GIVEN + "scoring: {min_coverage: 2}\n", "DOC-106", "min_coverage"),
    ("experts: [{id: E1, weight: 0}]\n", "DOC-106", "weight: 0"),
    ("experts: [{id: E1, weight: 1.7e+308}]\n", "DOC-106", "weight: 1.7e+308"),
    (
        GIVEN
        + "scoring: {scales: {profit: {kind: linear, worst: 0, best: 1}}}\ntables: {orders: {file: orders.csv}}\n",
        "SCORE-624",
        "profit",
    ),
]


@pytest.mark.parametrize(("body", "code", "says"), MISTAKES)
def test_a_mistake_gives_its_code_and_line(tmp_path, body, code, says) -> None:
    (tmp_path / "orders.csv").write_text("id,date,amount\n1,2026-01-01,5\n2,2026-01-02,7\n", "utf-8")
    (tmp_path / "study.yaml").write_text(HEAD + body, "utf-8")
    with pytest.raises(EvaluationError) as caught:
        Study(tmp_path).run()
    lines = (tmp_path / "study.yaml").read_text("utf-8").splitlines()
    places = [issue.where for issue in caught.value.issues if issue.code == code]
    assert places, caught.value
    assert any(place and place.line and says in lines[place.line - 1] for place in places), caught.value


def test_a_folder_without_a_study_is_named(tmp_path) -> None:
    with pytest.raises(EvaluationError) as caught:
        Study(tmp_path)
    assert [issue.code for issue in caught.value.issues] == ["STUDY-301"]
    assert caught.value.issues[0].where.file == str(tmp_path / "study.yaml")


def test_a_study_is_never_begun_over_another(tmp_path) -> None:
    begin(tmp_path / "new", tree="orders_value", language="en")
    before = (tmp_path / "new" / "study.yaml").read_bytes()
    with pytest.raises(EvaluationError) as caught:
        begin(tmp_path / "new", tree="customer_value", language="en")
    assert [issue.code for issue in caught.value.issues] == ["STUDY-306"]
    assert (tmp_path / "new" / "study.yaml").read_bytes() == before
