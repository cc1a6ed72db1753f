"""The slides: read back, each says one message, with charts that can be edited and hold its figures."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from evaluator.errors import Issue
from evaluator.present.charts.axes import PALETTE
from evaluator.reports import ReportOptions, report
from evaluator.reports.brief.passages import brief
from evaluator.reports.context import Context
from evaluator.reports.sections import matrices

pptx = pytest.importorskip("pptx", reason="the extra office is not here")


def slides_of(evaluation, folder: Path, language: str = "en", **options):
    noted: list[Issue] = []
    path = report(evaluation, folder / "filled.pptx", language=language, options=ReportOptions(**options),
                  folder=folder, noted=noted.append)  # fmt: skip
    return pptx.Presentation(str(path)), noted


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_slide_says_one_message_of_the_brief(demo_study, tmp_path: Path, language: str) -> None:
    _, study = demo_study
    evaluation = study.run()
    deck, noted = slides_of(evaluation, tmp_path, language)
    told = brief(Context(evaluation, language))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert noted == []
    assert titles == [evaluation.title[language], *(passage.message for passage in told)]
    assert 8 <= len(titles) <= 12
    for slide, passage in zip(list(deck.slides)[1:], told, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert all(line in notes for line in passage.sources)
        drawn = [shape for shape in slide.shapes if shape.has_chart or shape.has_table]
        assert len(drawn) <= 2
        assert all(shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in drawn)


def test_the_matrix_is_a_chart_of_all_customers_in_the_page_s_colours(demo_study, tmp_path: Path) -> None:
    """Its workbook holds what it shows, each class in two columns of its own."""
    _, study = demo_study
    context = Context(study.run(), "zh")
    deck, _ = slides_of(study.run(), tmp_path, "zh")
    place = [passage.id for passage in brief(context)].index("matrix") + 1
    (chart,) = (shape.chart for shape in deck.slides[place].shapes if shape.has_chart)
    (plot,) = (one for one in matrices.build(context).plots if one.id == matrices.deciding(context))
    drawn = {series.name: series for series in chart.plots[0].series}
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    for number, field in enumerate(plot.fields):
        series = drawn[field.name]
        assert sorted(series.values) == sorted(p.y for p in plot.points if p.class_ == field.name)
        assert str(series.marker.format.fill.fore_color.rgb) == PALETTE[number][1:].upper()
        places = [element.text for element in series._element.iter() if element.tag.endswith("}f")]
        cells = [row[0].value for row in book[places[2].partition("!")[2].replace("$", "")]]
        assert cells == pytest.approx(list(series.values), rel=1e-14)
        assert book[places[0].partition("!")[2].replace("$", "")].value == field.name


def test_figures_of_bars_are_those_of_the_evaluation(demo_study, tmp_path: Path) -> None:
    _, study = demo_study
    evaluation = study.run()
    context = Context(evaluation, "en")
    deck, _ = slides_of(evaluation, tmp_path, "en")
    place = [passage.id for passage in brief(context)].index("weights") + 1
    (chart,) = (shape.chart for shape in deck.slides[place].shapes if shape.has_chart)
    weights = {context.name(leaf.id): evaluation.model.global_[leaf.id] for leaf in context.tree.indicators}
    shown = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
    assert shown == {name: pytest.approx(weights[name]) for name in shown}
    assert list(shown.values()) == sorted(shown.values(), reverse=True)


def test_properties_language_and_faces_are_stated_and_runs_are_equal(evaluation_of, tmp_path: Path) -> None:
    one, two = (
        report(evaluation_of("zh"), tmp_path / name, noted=lambda issue: None)
        for name in ("a.pptx", "b.pptx")
    )
    assert one.read_bytes() == two.read_bytes()
    deck = pptx.Presentation(str(one))
    assert (deck.core_properties.title, deck.core_properties.language) == ("年度客户价值评价 <2025>", "zh-CN")
    with zipfile.ZipFile(one) as package:
        theme = package.read("ppt/theme/theme1.xml").decode()
        links = b"".join(package.read(name) for name in package.namelist() if name.endswith(".rels"))
        slides = [package.read(name).decode() for name in package.namelist() if "slides/slide" in name]
    assert 'typeface="Calibri"' in theme
    assert 'typeface="Microsoft YaHei"' in theme
    assert b"External" not in links
    assert all('lang="zh-CN"' in slide for slide in slides if "<a:r>" in slide)


@pytest.mark.parametrize("kind", [{"only": ("006",)}, {"only": ()}, {"experts": False, "matrices": False}])
def test_what_an_evaluation_lacks_has_no_slide(evaluation_of, tmp_path: Path, kind) -> None:
    evaluation = evaluation_of("en", **kind)
    deck, _ = slides_of(evaluation, tmp_path)
    assert len(deck.slides) == 1 + len(brief(Context(evaluation, "en")))


# --- the consultant's own template ---------------------------------------------------------------


def own_deck(folder: Path, *texts: str) -> None:
    """A deck as PowerPoint begins one; with texts, on a slide of its own each."""
    deck = pptx.Presentation()
    for text in texts:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text_frame.text = text
        slide.shapes.add_textbox(0, 2_000_000, 6_000_000, 3_000_000).text_frame.text = "{{ block('matrix') }}"
    deck.save(str(folder / "own.pptx"))


def test_layouts_and_placeholders_that_a_template_lacks_are_named_and_the_rest_is_made(
    evaluation_of, tmp_path: Path
) -> None:
    own_deck(tmp_path)
    evaluation = evaluation_of("en")
    deck, noted = slides_of(evaluation, tmp_path, slides="own.pptx")
    lacking = {(issue.code, issue.subject): issue.detail["other"] for issue in noted}
    assert lacking == {
        ("REPORT-857", "cover"): "Title Slide", ("REPORT-857", "message"): "Title Only",
        ("REPORT-858", "block"): "Title Only",
    }  # fmt: skip
    assert len(deck.slides) == 1 + len(brief(Context(evaluation, "en")))


def test_slides_of_their_own_are_filled_and_nothing_is_added(evaluation_of, tmp_path: Path) -> None:
    """The block takes the place of the shape that names it; what is not known is named."""
    own_deck(tmp_path, "{{ message('matrix') }}", "{{ titel }}: our view")
    deck, noted = slides_of(evaluation_of("en"), tmp_path, slides="own.pptx")
    assert [(issue.code, issue.subject, issue.hint) for issue in noted] == [
        ("REPORT-852", "titel", ("title",))
    ]
    first, second = deck.slides
    assert "Gold" in first.shapes.title.text_frame.text
    assert second.shapes.title.text_frame.text == ": our view"
    (shape,) = (shape for shape in first.shapes if shape.has_chart)
    assert (shape.left, shape.top, shape.width, shape.height) == (0, 2_000_000, 6_000_000, 3_000_000)


def test_more_than_a_slide_holds_is_named(demo_study, tmp_path: Path) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(0, 0, 9_000_000, 6_000_000).text_frame.text = "{{ block('certainty') }}"
    slide.shapes.add_textbox(0, 0, 9_000_000, 3_000_000).text_frame.text = "{{ block('concentration') }}"
    deck.save(str(tmp_path / "own.pptx"))
    _, noted = slides_of(demo_study[1].run(), tmp_path, slides="own.pptx")
    assert {issue.code for issue in noted} <= {"REPORT-855", "REPORT-863"}
    assert "REPORT-863" in {issue.code for issue in noted}


def test_words_are_filled_in_wherever_they_stand(evaluation_of, tmp_path: Path) -> None:
    """In cells, groups, notes and layouts as well; there is no room for a block there, and that is said."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    table = slide.shapes.add_table(1, 2, 0, 0, 900_000, 400_000).table
    table.cell(0, 0).text, table.cell(0, 1).text = "{{ title }}", "{{ block('ranking') }}"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 900_000, 400_000).text_frame.text = "For {{ subject }}"
    slide.notes_slide.notes_text_frame.text = "{{ message('weights') }}"
    deck.save(str(tmp_path / "own.pptx"))
    evaluation = evaluation_of("en")
    filled, noted = slides_of(evaluation, tmp_path, slides="own.pptx")
    first = filled.slides[0]
    assert first.shapes[0].table.cell(0, 0).text == evaluation.title.en
    assert first.shapes[1].shapes[0].text_frame.text.startswith("For Small customer value")
    assert first.notes_slide.notes_text_frame.text.startswith("What counts most")
    assert ("REPORT-862", "ranking") in {(issue.code, issue.subject) for issue in noted}
