"""Make the pictures of docs/images from the demo study: needs LibreOffice, Chromium and pdftoppm.

Run it from the project's root: `python docs/make_images.py [page] [forms] [sheets] [screens]`; default: all.
The pictures show what people get: the page in a browser, every form and every sheet of the report
workbook as they print, of each its first page, and the screens of forms by link (`screens.py`).
`images/made_from.json` holds a hash of what each part shows: a test says which pictures are no longer of what
there is.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl

from evaluator.demo import make
from evaluator.forms import (
    assessment_forms,
    best_worst_forms,
    grade_forms,
    read_screening,
    score_forms,
    screening_forms,
    survey_forms,
    write_forms,
)
from evaluator.forms.form import Form
from evaluator.forms.grades import Subject
from evaluator.forms.survey import Respondent
from evaluator.messages import LANGUAGES, catalogue
from evaluator.reports import report
from evaluator.reports.context import Context
from evaluator.reports.sheets import contents
from evaluator.study import Study, go_on
from evaluator.study.asking import survey_items
from evaluator.tree import Indicator, load_tree
from evaluator.tree.shapes import Basis, shape_of
from evaluator.weighing import Expert, weigh
from evaluator.workbook.reader import read_workbook

IMAGES = Path(__file__).parent / "images"
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--hide-scrollbars", "--virtual-time-budget=10000"]  # fmt: skip
ROOT = Path(__file__).resolve().parents[1]
MADE_FROM = {
    "page": ("templates/page/page.html.j2", "templates/page/decision.html.j2", "templates/page/page.css",
             "report.decide."),
    "forms": ("evaluator/workbook/theme.py", "form.", "pairwise."),
    "sheets": ("templates/workbook/*.j2", "evaluator/workbook/theme.py"),
    "screens": ("templates/form/**/*.*", "templates/serve/**/*.*", "docs/screens.py", "form.", "page_form.",
                "serve.", "pairwise."),
}  # fmt: skip
"""What decides how the pictures of a part look, besides the demo: files, texts by their keys."""


def made_from(part: str) -> str:
    """Return the hash of what the pictures of a part show."""
    digest = hashlib.sha256()
    for what in MADE_FROM[part]:
        for path in sorted(ROOT.glob(what)) if "/" in what else ():
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
        for language in LANGUAGES if "/" not in what else ():
            told = {key: text for key, text in catalogue(language).items() if key.startswith(what)}
            digest.update(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())
    return digest.hexdigest()


def keep(made: Mapping[str, str]) -> None:
    """Write down what the pictures of some parts were made from."""
    record = IMAGES / "made_from.json"
    known = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    known |= made
    record.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")


def run(*command: object) -> bytes:
    """Run a program that must succeed, and return what it prints."""
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


def picture_of_page(page: Path, name: str, scratch: Path, *, height: int) -> None:
    """Show the page as a browser window of 1280 pixels."""
    run(*CHROMIUM, f"--user-data-dir={scratch / name}", f"--window-size=1280,{height}",
        f"--screenshot={IMAGES / f'{name}.png'}", page.as_uri())  # fmt: skip


def printed(books: Sequence[Path], scratch: Path) -> None:
    """Print workbooks, each to a PDF of its name, in one start of LibreOffice."""
    run("soffice", f"-env:UserInstallation={(scratch / 'office').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", scratch, *books)  # fmt: skip


def picture(pdf: Path, page: int, name: str, *, dots: int = 80) -> None:
    """Keep one page of a PDF."""
    run("pdftoppm", "-r", dots, "-f", page, "-l", page, "-png", "-singlefile", pdf, IMAGES / name)


def pictures_of_sheets(
    book: Path, names: Mapping[str, str], language: str, scratch: Path, *, only: Sequence[str] = ()
) -> None:
    """Keep the first page of every sheet under its name: a sheet begins where its heading comes up."""
    printed([book], scratch)
    pdf = scratch / f"{book.stem}.pdf"
    pages = ["".join(text.split()) for text in run("pdftotext", pdf, "-").decode().split("\f")]
    at = 0
    for sheet in (entry for entry in read_workbook(book).sheets if not entry.hidden):
        rows = (cell for row in sheet.rows for cell in row if isinstance(cell, str) and cell)
        heading = "".join(next(rows).split())
        at = next(place for place in range(at, len(pages)) if pages[place].startswith(heading))
        name = names.get(sheet.name, "decision")
        if not only or name in only:
            picture(pdf, at + 1, f"sheet-{name}-{language}", dots=60)
        at += 1


def forms(study: Study, scratch: Path) -> dict[str, Form]:
    """Make one of every form besides the pairwise one; the screening is in its second round."""
    language, items = study.language, survey_items(study.setup)
    tree, short = study.tree, load_tree("potential_value")
    experts = [Expert("E1", "陈立衡" if language == "zh" else "Chen Liheng"), Expert("E2")]
    customers = [
        Subject(id_, name) for id_, name in study.tables["customers"].select("id", "name").head(12).rows()
    ]
    respondent = Respondent("R1", customers[0].id, customers[0].name)
    first = write_forms(screening_forms(short, experts, language=language), scratch / "first")
    for entry in first:
        choose(entry.path)
    before = read_screening(scratch / "first", short)
    weights = weigh(short).global_
    made = (
        grade_forms(tree, experts[:1], customers, language=language),
        score_forms(short, experts[:1], language=language),
        best_worst_forms(short, experts[:1], language=language),
        survey_forms(tree, [respondent], items=items, language=language),
        assessment_forms(short, experts[0], customers[:1], weights=weights, language=language),
        screening_forms(short, experts[:1], before=before, language=language),
    )
    return {form.kind: form for [form] in made}


def workbooks(made: Mapping[str, Form], folder: Path) -> dict[str, Path]:
    """Write forms as workbooks, two of them with the first answers."""
    written = {kind: write_forms([form], folder)[0].path for kind, form in made.items()}
    begun(written["scores"], [{"score": number} for number in (0, 2, 1, 4)])
    begun(
        written["best_worst"],
        [
            {"role": 0},
            {"best_over": 1, "over_worst": 3},
            {"best_over": 2, "over_worst": 2},
            {"best_over": 2, "over_worst": 1},
            {"role": 1, "best_over": 4},
        ],
    )
    return written


def begun(path: Path, answers: Sequence[Mapping[str, int]]) -> None:
    """Answer the first lines of a form, each question by the number of its choice."""
    book = openpyxl.load_workbook(path)
    offered = [[cell.value for cell in column] for column in book["_choices"].columns]
    choices = {column[0]: said[1:] for column, said in zip(offered[::2], offered[1::2], strict=True)}
    columns = {row[1].value: row[2].value + 1 for row in book["_record"] if row[0].value == "question"}
    sheet = book.worksheets[0]
    lines = [cell.row for cell in sheet["A"] if str(cell.value).startswith("line:")]
    for row, given in zip(lines, answers, strict=False):
        for question, number in given.items():
            sheet.cell(row, columns[question]).value = choices[question][number]
    book.save(path)


def choose(path: Path) -> None:
    """Answer every line of a form with one of its choices."""
    book = openpyxl.load_workbook(path)
    choices = [row[1].value for row in book["_choices"].iter_rows(min_row=2)]
    column = next(row[2].value + 1 for row in book["_record"] if row[0].value == "question")
    sheet = book.worksheets[0]
    lines = [cell.row for cell in sheet["A"] if str(cell.value).startswith("line:")]
    for number, row in enumerate(lines):
        if not str(sheet.cell(row, 1).value).startswith("line:authority"):
            sheet.cell(row, column).value = choices[number % 3]
    book.save(path)


def fuzzy(study: Study) -> tuple[Path, dict[str, str]]:
    """Write the demo's report with a fuzzy evaluation; return its sheets' names too."""
    text = study.path.read_text("utf-8")
    study.path.write_text(
        text.replace("scoring:\n", "scoring:\n  fuzzy: {operator: weighted_average}\n", 1), "utf-8"
    )
    evaluation = Study(study.folder).run()
    shown = replace(evaluation, previous=None, comparison=None)
    path = report(shown, study.output / "fuzzy.xlsx")
    return path, {title: name for name, title, _ in contents(Context(shown, study.language))}


def by_type(folder: Path, language: str) -> Study:
    """Make a study of two trees, with weights by stage in one and percentile scales in the other."""
    make(folder, language=language)
    path = folder / "study.yaml"
    text = re.sub(
        r"(?ms)^(rules|matrices|attributes|scoring|weighting|decides|actions|plan|previous):.*?(?=^\S)",
        "",
        path.read_text("utf-8"),
    )
    dealer = {"en": "distributor", "zh": "经销商"}[language]
    text = re.sub(r"(?m)^tree: .*$", BY_TYPE.replace("DEALER", dealer), text)
    path.write_text(text, "utf-8")
    return Study(path)


BY_TYPE = """weighting: {source: given}
trees:
  - {id: dealers, tree: orders_value, when: "customer_type == 'DEALER'"}
  - id: makers
    tree: customer_value
    profiles:
      weights: stated
      own:
        by: lifecycle_stage
        source: {zh: 示例, en: An illustration}
        of:
          - id: growing
            name: {zh: 成长期, en: Growth}
            values: [growth]
            weights: {current_value: 35, potential_value: 65}
          - id: mature
            name: {zh: 成熟期, en: Maturity}
            values: [mature]
            weights: {current_value: 75, potential_value: 25}
attributes:
  - {id: lifecycle_stage, name: {zh: 生命周期阶段, en: Lifecycle stage}, kind: text}
"""


def half_a_year_later(folder: Path, language: str) -> Study:
    """Make the demo as of half a year ago, run it, and go on from it with the data of today."""
    before, now = folder / "before", folder / "now"
    make(before, language=language)
    path = before / "study.yaml"
    path.write_text(re.sub(r"(?m)^as_of: \S+", "as_of: 2025-07-01", path.read_text("utf-8")), "utf-8")
    last = Study(before)
    last.run()
    last.save_model()
    last.save_scores()
    go_on(before, now)
    shutil.copytree(before / "data", now / "data", dirs_exist_ok=True)
    path = now / "study.yaml"
    path.write_text(
        re.sub(r"(?m)^as_of: \S+", "as_of: 2026-01-01", path.read_text("utf-8"), count=1), "utf-8"
    )
    return Study(now)


def firm(folder: Path, language: str) -> Study:
    """Make a study of the firm itself over four quarters."""
    folder.mkdir()
    title = {"en": "Our CRM capability", "zh": "本企业客户关系管理能力"}[language]
    (folder / "study.yaml").write_text(
        f"schema: 1\ntitle: {title}\nlanguage: {language}\nas_of: 2026-01-01\ntree: crm_capability\n"
        "weighting: {source: given}\ntables:\n  measures: {file: measures.csv}\n",
        "utf-8",
    )
    leaves = load_tree("crm_capability").indicators
    rows = [["US", f"2025Q{quarter}", *(_level(leaf, quarter) for leaf in leaves)] for quarter in range(1, 5)]
    lines = [["id", "period", *(leaf.measure for leaf in leaves)], *rows]
    (folder / "measures.csv").write_text("".join(",".join(map(str, line)) + "\n" for line in lines), "utf-8")
    return Study(folder)


def _level(leaf: Indicator, quarter: int) -> float:
    """Return a measure on the way from the worst point of its scale to the best, further each quarter."""
    points = sorted(shape_of(leaf.scale, Basis(0, 100)).points, key=lambda point: point[1])
    reached = (0.3 + 0.1 * quarter + 0.2 * (len(leaf.id) % 3)) * (len(points) - 1)
    return float(np.interp(reached, range(len(points)), [measure for measure, _ in points]))


def pictures_of_other_sheets(language: str, scratch: Path) -> None:
    """Keep the sheets that the demo has no use for, each of a study that has."""
    typed = by_type(scratch / "typed", language)
    dealers, makers = typed.branches
    wanted = {
        ("routing", "reference"): dealers,
        ("profiles",): makers,
        ("migration",): half_a_year_later(scratch / "later", language),
        ("trend",): firm(scratch / "firm", language),
    }
    for number, (sheets, study) in enumerate(wanted.items()):
        evaluation = study.run()
        path = report(evaluation, scratch / f"other{number}.xlsx")
        titles = {title: name for name, title, _ in contents(Context(evaluation, language))}
        pictures_of_sheets(path, titles, language, scratch, only=sheets)


def main(*wanted: str) -> None:
    """Make the pictures in both languages."""
    IMAGES.mkdir(exist_ok=True)
    parts = set(wanted or MADE_FROM)
    made = {part: made_from(part) for part in parts}
    for language in ("zh", "en"):
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            make(scratch / "demo", language=language)
            study = Study(scratch / "demo")
            if "page" in parts:
                [page] = study.save_reports(formats=("html",))
                picture_of_page(page, f"page-{language}", scratch, height=1000)
            if "forms" in parts:
                books = workbooks(forms(study, scratch / "made"), scratch / "forms")
                asked = next(
                    (scratch / "demo" / "questionnaires").glob("E6*.xlsx")
                )  # who contradicts himself
                printed([*books.values(), asked], scratch)
                for name, book in books.items():
                    picture(scratch / f"{book.stem}.pdf", 1, f"form-{name}-{language}", dots=70)
                picture(scratch / f"{asked.stem}.pdf", 1, f"questionnaire-cover-{language}")
                picture(scratch / f"{asked.stem}.pdf", 7, f"questionnaire-{language}")
            if "sheets" in parts:
                pictures_of_sheets(*fuzzy(study), language, scratch)
                pictures_of_other_sheets(language, scratch)
            if "screens" in parts:
                from screens import screens  # needs the extra serve, and Playwright

                made_forms = forms(study, scratch / "asked")
                screens(study, made_forms, IMAGES, language)
            print(language, "done", file=sys.stderr)
    keep(made)


if __name__ == "__main__":
    main(*sys.argv[1:])
