"""Nobody who filled in a form is named in what a client is given, by any carrier, unless names are shown."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from evaluator.study import Study
from evaluator.study.bundle import bundle

PEOPLE = (
    "wolfram",
    "欧阳修远",
    "tarquin",
    "Tarquinius",
    "hrothgar",
    "司马相如",
    "beowulf",
    "Ecgtheow",
    "Wealhtheow",
)
PAIRS = (("profit", "delay"), ("profit", "trust"), ("delay", "trust"))
CARRIERS = ("report.html", "report.xlsx", "report.docx", "report.pptx", "summary.json", "scores.csv",
            "dictionary.csv", "actions.csv", "certainty.csv", "measures.csv")  # fmt: skip
RENAMED = {
    "E1, name: Ann": "wolfram, name: 欧阳修远",
    "E2, name: Bob": "tarquin, name: Tarquinius",
    "R1, name: Ann": "hrothgar, name: 司马相如",
    "R2, name: Bob": "beowulf, name: Ecgtheow",
    "Carl": "Wealhtheow",
    "tables:": "tables:\n  grades: {file: grades.csv}",
}
GRADES = "rater,id,indicator,grade\nhrothgar,002,trust,good\nhrothgar,002,trust,good\n"


@pytest.fixture
def named(graded: Path, fill, answer) -> Path:
    """A study whose files say who filled them in, and of which something is to be said."""
    path = graded / "study.yaml"
    text = path.read_text("utf-8").replace("judgments: [judgments.csv]\n", "").replace("P1,", "wealhtheow,")
    for old, new in RENAMED.items():
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    (graded / "grades.csv").write_text(GRADES, "utf-8")
    first, second = (entry.path for entry in Study(graded).ask())
    fill(first, dict(zip(PAIRS, ("3", "1/9", "9"), strict=True)))  # a circle: left out, and said
    fill(second, dict.fromkeys(PAIRS[:2], "2"))
    fill(second, dict.fromkeys(PAIRS[:2], "2"), to=second.with_name("Tarquinius-returned(1).xlsx"))
    Study(graded).ask(missing=True)
    (second.parent / "笔记_欧阳修远.docx").write_bytes(b"notes")
    (second.parent / "old wolfram.et").write_bytes(b"a workbook of another kind")
    raters = [entry.path for entry in Study(graded).ask("grades")]
    answer(raters[0], {("001", "trust"): "good", ("003", "trust"): "poor"})
    answer(raters[1], {("002", "trust"): "good"})
    [survey] = Study(graded).ask("survey")
    answer(survey.path, {("delivery", "expected"): 9, ("delivery", "perceived"): 6})
    return graded


def inside(content: bytes) -> str:
    """Return the text of a file, and of every file packed in it, with the letters that JSON escapes."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "ignore")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(inside(archive.read(name)) for name in archive.namelist())


def mentioned(content: bytes) -> list[str]:
    text = inside(content).casefold()
    written = {name: (name.casefold(), json.dumps(name).strip('"').casefold()) for name in PEOPLE}
    return [name for name, ways in written.items() if any(way in text for way in ways)]


@pytest.mark.parametrize("edition", ["client", "working"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_carrier_names_those_who_filled_in_forms(named: Path, language: str, edition: str) -> None:
    path = named / "study.yaml"
    path.write_text(path.read_text("utf-8") + f"report: {{edition: {edition}}}\n", "utf-8")
    study = Study(named)
    written = study.save_reports(language=language, formats=("html", "xlsx", "docx", "pptx"))
    study.save_summary()
    assert {path.name for path in written} <= set(CARRIERS)
    told = {name: mentioned((study.output / name).read_bytes()) for name in CARRIERS}
    told["bundle"] = mentioned(json.dumps(bundle(study.run(), language=language)).encode())
    assert told == {name: [] for name in told}


def test_files_are_called_by_the_code_of_whoever_filled_them_in(named: Path) -> None:
    study = Study(named)
    told = bundle(study.run(), language="en")
    forms = {file["path"] for file in told["files"] if "/" in file["path"]}
    asked = {f"questionnaires/{code}.xlsx" for code in ("E1", "E2", "E2_2", "E2_3")}
    assert forms == asked | {"forms/grades/R1.xlsx", "forms/grades/R2.xlsx", "forms/survey/R4.xlsx"}
    said = {issue["code"]: issue["says"] for issue in told["issues"]}
    assert "E2_3.xlsx" in said["JUDGE-242"]
    assert said["JUDGE-227"].startswith("E1_3.docx ")
    assert "R1 · 002 · trust" in said["DATA-443"]


def test_a_study_that_shows_names_shows_those_of_files(named: Path) -> None:
    path = named / "study.yaml"
    path.write_text(path.read_text("utf-8") + "report: {show_experts: true}\n", "utf-8")
    study = Study(named)
    study.save_reports(formats=("xlsx",))
    told = mentioned((study.output / "report.xlsx").read_bytes())
    assert {"wolfram", "欧阳修远", "Tarquinius", "hrothgar"} <= set(told)
