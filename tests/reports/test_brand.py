"""A brand changes how reports look, in the page and the workbook, and its mistakes have a line."""

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from canonical import opened

from evaluator.errors import EvaluationError, Severity
from evaluator.evaluation import Evaluation
from evaluator.present.brand import load_brand
from evaluator.reports import ReportOptions, report
from evaluator.workbook.theme import SERIES

Make = Callable[..., Evaluation]

BRAND = """schema: 1
colours: {accent: "#7A1F3D", soft: "#F6E4EA"}
series: ["#7A1F3D"]
fonts: {zh: SimSun, en: Arial}
logo: logo.png
logo_scale: 0.5
cover:
  organisation: {zh: 某某咨询, en: Somebody Consulting}
  note: {zh: 机密, en: Confidential}
"""


def picture() -> bytes:
    """A red square of eight points, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xc0\x10\x30" * 8 for _ in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "theme.yaml").write_text(BRAND, encoding="utf-8")
    (tmp_path / "logo.png").write_bytes(picture())
    return tmp_path


def test_the_workbook_wears_the_brand(evaluation_of: Make, home: Path) -> None:
    options = ReportOptions(theme="theme.yaml")
    path = report(evaluation_of("en", matrices=False), home / "r.xlsx", options=options, folder=home)
    cover = opened(path).worksheets[0]
    cells = [cell for row in cover.iter_rows() for cell in row if cell.value]
    told = {cell.value: cell for cell in cells}
    assert {"Somebody Consulting", "Confidential"} <= told.keys()
    title = told["Customer value <2025>"]
    assert (title.font.name, title.font.color.rgb) == ("Arial", "FF7A1F3D")
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/media/image1.png") == picture()
        assert 'descr="Somebody Consulting"' in archive.read("xl/drawings/drawing1.xml").decode()


def test_the_page_wears_the_brand(evaluation_of: Make, home: Path) -> None:
    options = ReportOptions(theme="theme.yaml")
    path = report(evaluation_of("zh", matrices=False), home / "r.html", options=options, folder=home)
    text = path.read_text("utf-8")
    assert (
        ':root { --accent: #7A1F3D; --tone-0: #7A1F3D; --latin: "Arial", var(--latin-faces); '
        '--cjk: "SimSun", var(--cjk-faces); }'
    ) in text
    assert 'src="data:image/png;base64,' in text
    assert 'alt="某某咨询"' in text


def test_a_class_has_the_colour_of_the_brand_on_every_carrier(evaluation_of: Make, home: Path) -> None:
    options, evaluation = ReportOptions(theme="theme.yaml"), evaluation_of("en")
    text = report(evaluation, home / "r.html", options=options, folder=home).read_text("utf-8")
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', text)[1])
    [matrix] = data["matrices"]
    assert [cell["colour"] for cell in matrix["cells"]][:2] == ["#7A1F3D", SERIES[1]]
    drawn = json.dumps(data["charts"]["matrix-value_matrix"])
    assert ("#7A1F3D" in drawn, SERIES[0] in drawn) == (True, False)
    path = report(evaluation, home / "r.xlsx", options=options, folder=home)
    with zipfile.ZipFile(path) as archive:
        assert "7A1F3D" in archive.read("xl/charts/chart1.xml").decode()
    path = report(evaluation, home / "r.pptx", options=options, folder=home)
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if "charts/chart" in n]
    assert any("7A1F3D" in chart for chart in charts)
    assert not any(SERIES[0][1:].upper() in chart.upper() for chart in charts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_face_that_is_missing_leaves_the_page_its_own(
    opened, evaluation_of: Make, home: Path, language
) -> None:
    """The brand's face stands first, then those of the page, in both languages: nobody knows a reader's."""
    (home / "theme.yaml").write_text("schema: 1\nfonts: {zh: 无此字体, en: No Such Face}\n", "utf-8")
    options = ReportOptions(theme="theme.yaml")
    path = report(evaluation_of(language, matrices=False), home / "r.html", options=options, folder=home)
    window = opened(path.read_text("utf-8"))
    said = window.page.evaluate("getComputedStyle(document.body).fontFamily").replace('"', "")
    faces = said.split(", ")
    assert faces[0] == {"zh": "无此字体", "en": "No Such Face"}[language]
    assert {"PingFang SC", "Segoe UI"} <= set(faces)
    assert faces[-1] == "sans-serif"


def test_every_mistake_of_a_brand_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "theme.yaml"
    path.write_text('schema: 1\ncolours:\n  acent: "#112233"\nlogo: none.png\n', encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_brand(path)
    found = [(issue.code, issue.where.line, issue.hint) for issue in caught.value.issues if issue.where]
    assert found == [("REPORT-846", 3, ("accent",)), ("REPORT-847", 4, ())]


@pytest.mark.parametrize(
    "line", ['colours: {accent: "red; } body { display: none"}', 'fonts: {en: "A\'; } x {"}', "font: Arial"]
)
def test_a_brand_cannot_say_anything_else(tmp_path: Path, line: str) -> None:
    """Colours and names of fonts go into the page's style, so nothing but these is let in."""
    path = tmp_path / "theme.yaml"
    path.write_text(f"schema: 1\n{line}\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_brand(path)
    assert [issue.where.line for issue in caught.value.issues if issue.where] == [2]


def test_a_logo_must_be_a_picture(home: Path) -> None:
    (home / "logo.png").write_text("<svg/>", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load_brand(home / "theme.yaml")
    assert [(issue.code, issue.where.line) for issue in caught.value.issues] == [("REPORT-847", 5)]


def test_a_report_is_made_without_a_logo_that_is_no_picture(home: Path, evaluation_of) -> None:
    (home / "logo.png").write_text("<svg/>", encoding="utf-8")
    found = []
    options = ReportOptions(theme="theme.yaml")
    path = report(evaluation_of("en"), home / "r.html", options=options, folder=home, noted=found.append)
    assert [(issue.code, issue.severity, issue.where.line) for issue in found] == [
        ("REPORT-847", Severity.WARNING, 5)
    ]
    assert 'class="logo"' not in path.read_text("utf-8")


def test_a_folder_of_templates_serves_page_and_workbook(evaluation_of: Make, home: Path) -> None:
    mine = home / "mine"
    (mine / "page").mkdir(parents=True)
    (mine / "page" / "list.html.j2").write_text("<p>my own\n{{ nobody }}</p>", encoding="utf-8")
    evaluation, options = evaluation_of("en", matrices=False), ReportOptions(templates="mine")
    with pytest.raises(EvaluationError) as caught:
        report(evaluation, home / "r.html", options=options, folder=home)
    assert [(i.code, str(i.where)) for i in caught.value.issues] == [("REPORT-821", "page/list.html.j2:2")]
    with pytest.raises(EvaluationError) as caught:
        report(evaluation, home / "r.html", options=ReportOptions(templates="nowhere"), folder=home)
    assert [(i.code, i.subject) for i in caught.value.issues] == [("REPORT-848", "nowhere")]
