"""The Word document: read back, it says what the evaluation says, in the styles of its template."""

import hashlib
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import evaluator as ev
from evaluator import messages
from evaluator.errors import EvaluationError, Issue
from evaluator.present.kinds import said
from evaluator.reports import ReportOptions, pictures, report
from evaluator.reports.brief.acting import CAREFUL
from evaluator.reports.context import Context
from evaluator.reports.sections import decide, matrices
from evaluator.reports.sections.decide import staked_by_class

docx = pytest.importorskip("docx", reason="the extra office is not here")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words(document) -> str:
    """Return all that a document says, in its body, tables and footers."""
    parts = [document.element.body, *(section.footer._element for section in document.sections)]
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        for part in parts
        for paragraph in part.iter(f"{W}p")
    )


def template(tmp_path: Path, *paragraphs: str, header: str = "") -> Path:
    """Return a document as somebody types it who has none of our styles."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    made.save(tmp_path / "own.docx")
    return tmp_path / "own.docx"


@pytest.fixture
def filled(evaluation_of, tmp_path: Path) -> Callable[..., tuple[str, list[Issue]]]:
    """Return what fills a template, and returns what it says then with what was noted."""

    def fill(*paragraphs: str, header: str = "", language: str = "en") -> tuple[str, list[Issue]]:
        noted: list[Issue] = []
        template(tmp_path, *paragraphs, header=header)
        options = ReportOptions(document="own.docx")
        path = report(evaluation_of(language), tmp_path / "filled.docx", language=language, options=options,
                      folder=tmp_path, noted=noted.append)  # fmt: skip
        return words(docx.Document(str(path))), noted

    return fill


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_document_says_what_the_evaluation_says(demo_study, tmp_path: Path, language: str) -> None:
    """The headline, every line of the ledger and its money, as they stand on the page."""
    _, study = demo_study
    evaluation = study.run()
    noted: list[Issue] = []
    path = report(evaluation, tmp_path / "report.docx", language=language, noted=noted.append)
    document = docx.Document(str(path))
    text = words(document)
    decided = decide.build(Context(evaluation, language))
    assert noted == []
    assert document.paragraphs[0].text == evaluation.title[language]
    assert decided.headline in text
    assert all(sentence in text for sentence in decided.under)
    careful = [*decided.beware, *(one.text for one in decided.cautions)]
    assert all(sentence in text for sentence in careful[:CAREFUL])
    assert messages.text("report.decide.more", language, count=len(careful) - CAREFUL) in text
    context = Context(evaluation, language)
    held = staked_by_class(context.tree.deciding, context)  # of all, in the plan or not
    assert f"{held['key']:.0%}" in decide.explored(matrices.build(context), context)
    ledger = document.tables[0]
    rows = [[cell.text for cell in row.cells] for row in ledger.rows[1:]]
    named = [(row[0].split("\n")[0], row[1]) for row in rows]  # what to do may stand below
    assert named == [(line.name, f"{line.count:,}") for line in decided.ledger.lines]
    assert all(line.do in text for line in decided.ledger.lines)
    money = [said(line.amount, "money", language, evaluation.currency) for line in decided.ledger.lines]
    assert [row[2] for row in rows] == money


def test_what_word_needs_to_know_of_the_document_stands_in_it(evaluation_of, tmp_path: Path) -> None:
    """Properties, language, both faces, alternative texts, header rows; nothing is fetched or run."""
    evaluation = evaluation_of("zh")
    path = report(evaluation, tmp_path / "report.docx", noted=lambda issue: None)
    document = docx.Document(str(path))
    about = document.core_properties
    assert (about.title, about.language) == (evaluation.title.zh, "zh-CN")
    assert (about.created.year, about.modified) == (2026, about.created)
    for name in ("Normal", "Title", "Heading 1", "Evaluator Cell"):
        fonts = document.styles[name].element.rPr.find(f"{W}rFonts").attrib
        assert (fonts[f"{W}ascii"], fonts[f"{W}eastAsia"]) == ("Calibri", "Microsoft YaHei")
        assert not [key for key in fonts if "Theme" in key]
    drawn = [entry for entry in document.element.body.iter() if entry.tag.endswith("}docPr")]
    assert drawn
    assert all(entry.get("descr") for entry in drawn)
    assert len({entry.get("id") for entry in drawn}) == len(drawn)
    for table in document.tables:
        assert table._tbl.tblPr.find(f"{W}tblDescription").get(f"{W}val")
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        links = b"".join(package.read(name) for name in names if name.endswith(".rels"))
    assert b'TargetMode="External"' not in links
    assert not [name for name in names if "vba" in name.lower() or name.endswith(".bin")]


def test_a_second_run_writes_the_same_bytes(evaluation_of, tmp_path: Path) -> None:
    digests = {
        hashlib.sha256(
            report(evaluation_of("en"), tmp_path / name, noted=lambda issue: None).read_bytes()
        ).hexdigest()
        for name in ("a.docx", "b.docx")
    }
    assert len(digests) == 1


@pytest.mark.parametrize(
    "kind",
    [
        {"only": ("006",)},
        {"only": ("001", "002", "003")},
        {"only": ()},
        {"experts": False, "matrices": False},
    ],
    ids=["nobody rated", "three customers", "weights alone", "given weights, no matrix"],
)  # fmt: skip
def test_what_an_evaluation_lacks_is_left_out(evaluation_of, tmp_path: Path, kind) -> None:
    evaluation = evaluation_of("en", **kind)
    path = report(evaluation, tmp_path / "report.docx", noted=lambda issue: None)
    text = words(docx.Document(str(path)))
    assert decide.build(Context(evaluation, "en")).headline in text
    assert "How this was made" in text


# --- the consultant's own template ---------------------------------------------------------------


def test_places_of_an_own_template_are_filled_with_its_styles(filled) -> None:
    """A place holds a block, a message, or a word of the cover; a list of passages is gone through."""
    text, noted = filled(
        "For {{ title }}", "{{ message('weights') }}", "{{p block('weights') }}", "{%p if has('trend') %}",
        "there is a trend", "{%p endif %}", "{%p if has('first') %}", "never", "{%p endif %}",
        "{{p block('classes') }}", "{{ as_of }}",
    )  # fmt: skip
    assert "For Customer value <2025>" in text
    assert "there is a trend" in text
    assert "never" not in text
    assert {issue.code for issue in noted} == {"REPORT-852", "REPORT-854"}
    unknown = [issue for issue in noted if issue.code == "REPORT-852"]
    assert [issue.subject for issue in unknown] == ["as_of"]
    lacking = {issue.subject: issue.detail["other"] for issue in noted if issue.code == "REPORT-854"}
    assert lacking["Evaluator Table"] == "Table Grid"


def test_a_place_of_another_name_is_named_with_the_nearest_and_the_rest_is_made(filled) -> None:
    text, noted = filled(
        "{{p block('rankin') }}",
        "{{ message('wieghts') }}",
        "{{ titel.upper() }}",
        "{{p block('worth') }}",
        "the end",
    )
    found = {issue.subject: issue.hint for issue in noted}
    assert (found["rankin"], found["wieghts"], found["titel"][:1]) == (("ranking",), ("weights",), ("title",))
    assert found["worth"] == ("value_measures",)  # its name in earlier versions
    assert all(issue.code == "REPORT-852" and "own.docx" in issue.where.file for issue in noted)
    assert "the end" in text


def test_what_the_evaluation_has_nothing_for_stays_empty_and_is_said(filled) -> None:
    _, noted = filled("{{p block('first') }}")
    assert [(issue.code, issue.subject) for issue in noted] == [("REPORT-853", "first")]


def test_a_block_in_a_header_is_left_out(filled) -> None:
    text, noted = filled("Body", header="{{p block('weights') }}")
    assert [(issue.code, issue.subject) for issue in noted] == [("REPORT-862", "weights")]
    assert "Body" in text


def test_columns_for_which_there_is_no_room_are_named_and_said(evaluation_of, tmp_path: Path) -> None:
    own = template(tmp_path, "{{p block('opinions') }}", "{{p block('ranking') }}")
    made = docx.Document(str(own))
    made.sections[0].page_width = made.sections[0].page_width // 2
    made.save(str(own))
    noted: list[Issue] = []
    options = ReportOptions(document="own.docx")
    path = report(evaluation_of("en"), tmp_path / "narrow.docx", options=options, folder=tmp_path,
                  noted=noted.append)  # fmt: skip
    (narrow,) = [issue for issue in noted if issue.code == "REPORT-855"]
    left_out = f"Left out for lack of room: {narrow.detail['columns']}."
    assert left_out in words(docx.Document(str(path)))


def test_without_a_chinese_face_charts_are_their_tables(evaluation_of, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(pictures, "chinese_face", lambda: False)
    noted: list[Issue] = []
    path = report(evaluation_of("zh"), tmp_path / "report.docx", noted=noted.append)
    document = docx.Document(str(path))
    assert {issue.code for issue in noted} == {"REPORT-856"}
    assert not document.inline_shapes
    assert any("毛利润" in cell.text for table in document.tables for cell in table.columns[0].cells)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "BadZipFile"), (b"PK\x03\x04 cut short", "BadZipFile"), (None, "FileNotFoundError")],
)
def test_a_file_that_is_no_document_is_refused(evaluation_of, tmp_path: Path, content, reason) -> None:
    if content is not None:
        (tmp_path / "own.docx").write_bytes(content)
    issue = refused(evaluation_of, tmp_path)
    assert (issue.code, issue.subject) == ("REPORT-859", "own.docx")
    assert reason in issue.detail["reason"]
    assert not (tmp_path / "r.docx").exists()


def refused(evaluation_of, folder: Path) -> Issue:
    with pytest.raises(EvaluationError) as caught:
        report(
            evaluation_of("en"), folder / "r.docx", options=ReportOptions(document="own.docx"), folder=folder
        )
    (issue,) = caught.value.issues
    return issue


@pytest.mark.parametrize("kind", ["macros", "fetched"])
def test_a_template_that_acts_is_refused(evaluation_of, tmp_path: Path, kind: str) -> None:
    own = template(tmp_path, "{{ title }}")
    link = (
        b'<Relationship Id="x" Type="http://a/attachedTemplate" Target="http://evil/t.dotm" '
        b'TargetMode="External"/></Relationships>'
    )
    changed = io.BytesIO()
    with zipfile.ZipFile(own) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if kind == "fetched" and name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", link)
            new.writestr(name, content)
        if kind == "macros":
            new.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    own.write_bytes(changed.getvalue())
    issue = refused(evaluation_of, tmp_path)
    assert issue.code == "REPORT-860"
    assert issue.detail["found"] == ("word/vbaProject.bin" if kind == "macros" else "http://evil/t.dotm")


def test_without_the_extra_the_command_to_install_it_is_said(evaluation_of, tmp_path, monkeypatch) -> None:
    for name in [name for name in sys.modules if name.startswith("evaluator.reports.document")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "docxtpl", None)
    with pytest.raises(EvaluationError) as caught:
        report(evaluation_of("en"), tmp_path / "r.docx")
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject) == ("REPORT-861", "docx")
    assert "evaluator[office]" in issue.sentence("en")


def test_what_could_not_be_given_is_a_warning_unless_somebody_listens(evaluation_of, tmp_path: Path) -> None:
    template(tmp_path, "{{p block('nothing') }}")
    with pytest.warns(UserWarning, match="REPORT-852"):
        ev.report(evaluation_of("en"), tmp_path / "r.docx", options=ReportOptions(document="own.docx"),
                  folder=tmp_path)  # fmt: skip
