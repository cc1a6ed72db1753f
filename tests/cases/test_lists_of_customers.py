"""`evaluator run FILES`: several lists of one row per customer beside the orders."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from evaluator.cli import invoke
from evaluator.errors import EvaluationError
from evaluator.study import Study
from evaluator.study.feeding import feedings
from evaluator.study.from_files import make_study, study_folder
from evaluator.study.gathering import Gathered, gather

WHO = [f"K{number}" for number in range(8)]
ORDERS = "客户编号,订单日期,订单金额\n" + "".join(
    f"{who},{date(2026, 6, 30) - timedelta(days=30 * back)},{100 + back}\n"
    for who in WHO
    for back in range(14)
)
MASTER = "客户编号,客户名称,行业,地区\n" + "".join(f"{who},公司{who},化工,华东\n" for who in WHO)
KPI = "客户编号,逾期金额占比,拜访打分\n" + "".join(
    f"{who},{place * 10}%,{place}\n" for place, who in enumerate(WHO)
)
OTHER = "客户编号,拜访打分,停车位\n" + "".join(f"{who},{place},3\n" for place, who in enumerate(WHO))


def gathered(folder: Path, **texts: str) -> Gathered:
    for name, text in {"orders": ORDERS, **texts}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return gather([str(folder / f"{name}.csv") for name in ("orders", *texts)])


def study_of(data: Gathered) -> Study:
    return Study(make_study(data, feedings(data)[0], study_folder(data.named)).folder)


def column(study: Study, name: str) -> dict[str, Any]:
    sources = study.measured.models
    assert sources is not None
    return dict(sources.columns([name]).iter_rows())


@pytest.mark.parametrize("order", [("master", "kpi"), ("kpi", "master")])
def test_a_list_of_measures_stands_beside_one_of_who_the_customers_are(tmp_path: Path, order) -> None:
    """A share that only flags read is found by its header."""
    texts = {"master": MASTER, "kpi": KPI}
    data = gathered(tmp_path, **{name: texts[name] for name in order})
    assert not data.unused
    assert data.tables["customers"][0].look.path.name == "master.csv"
    study = study_of(data)
    assert column(study, "overdue_share") == {who: pytest.approx(place / 10) for place, who in enumerate(WHO)}
    assert study.read["customers"]["region"].to_list() == ["华东"] * 8


def test_a_share_that_flags_read_is_found_in_the_list_of_customers(tmp_path: Path) -> None:
    master = MASTER.replace("地区\n", "地区,逾期率\n").replace("华东\n", "华东,0.4\n")
    assert column(study_of(gathered(tmp_path, master=master)), "overdue_share") == dict.fromkeys(WHO, 0.4)
    points = master.replace("0.4\n", "40\n")  # which may be 40 % or 40 times
    assert not feedings(gathered(tmp_path, master=points))[0].columns


def test_the_lines_for_a_list_of_unknown_columns_work(tmp_path: Path) -> None:
    data = gathered(tmp_path, master=MASTER, other=OTHER)
    [issue] = data.unused
    assert (issue.code, issue.subject, issue.detail["used"]) == ("STUDY-396", "other.csv", "master.csv")
    study = study_of(data)
    for language in ("zh", "en"):
        attributes, table = map(yaml.safe_load, re.findall(r"`([^`]+: [^`]+)`", issue.text(language)))
        path = study.folder / "study.yaml"
        said = yaml.safe_load(path.read_text("utf-8"))
        said = {**said, **attributes, "tables": {**said["tables"], **table}}
        flag = {
            "id": "often",
            "name": "often",
            "level": "care",
            "when": "own_1 > 5",
            "says": "x",
            "source": "x",
        }
        path.write_text(yaml.safe_dump(said | {"flags": {"add": [flag]}}, allow_unicode=True), "utf-8")
        decisions = Study(study.folder).run().decisions
        assert decisions is not None
        assert decisions.counts["often"] == (2, 0)


def test_a_second_list_of_unknown_columns_beside_measures_is_named(tmp_path: Path) -> None:
    data = gathered(tmp_path, master=MASTER, kpi=KPI, other=OTHER)
    assert [(issue.code, issue.subject) for issue in data.unused] == [("STUDY-397", "other.csv")]


def test_a_measure_that_flags_read_is_mapped_without_more_words(tmp_path: Path) -> None:
    """Any other name says the line that declares it."""
    study = study_of(gathered(tmp_path, master=MASTER))
    path = study.folder / "study.yaml"
    said = yaml.safe_load(path.read_text("utf-8"))
    (study.folder / "kpi.csv").write_text(KPI, "utf-8")
    mapped = {"file": "kpi.csv", "columns": {"id": "客户编号", "overdue_share": "逾期金额占比"}}
    said["tables"]["measures"] = mapped
    path.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    assert column(Study(study.folder), "overdue_share")["K3"] == pytest.approx(0.3)
    mapped["columns"] = {"id": "客户编号", "visits": "拜访打分"}
    path.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    with pytest.raises(EvaluationError) as raised:
        Study(study.folder).check(data=True)
    [issue] = raised.value.issues
    assert issue.code == "DATA-460"
    assert str(issue.where).startswith(f"{study.folder}/study.yaml:")
    [line] = re.findall(r"`([^`]+)`", issue.text("en"))
    path.write_text(yaml.safe_dump(said | yaml.safe_load(line), allow_unicode=True), "utf-8")
    assert column(Study(study.folder), "visits")["K3"] == 3.0


def test_nothing_is_said_to_stand_above_where_nothing_does(tmp_path: Path, capsys) -> None:
    (tmp_path / "other.csv").write_text(OTHER, "utf-8")
    assert invoke(["--language", "en", "run", str(tmp_path / "other.csv")]) == 1
    said = capsys.readouterr().err
    assert "STUDY-398 None of these columns is a known measure" in said
    assert "above" not in said
