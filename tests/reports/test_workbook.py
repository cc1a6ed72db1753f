"""report.xlsx says what the evaluation says: every number exactly, every text inert, in both languages."""

import math
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from canonical import opened
from python_calamine import CalamineWorkbook

from evaluator import messages, resources
from evaluator.errors import EvaluationError
from evaluator.evaluation import Evaluation
from evaluator.reports import ReportOptions, listings, live, report
from evaluator.reports.context import Context
from evaluator.reports.sheets import contents
from evaluator.reports.workbook import write_workbook
from evaluator.tree import group_fingerprint
from evaluator.workbook import drawing
from evaluator.workbook.formulas import FUNCTIONS
from evaluator.workbook.theme import SERIES

Make = Callable[..., Evaluation]
HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0", "+86-10-8888", "=HYPERLINK(1)", "=evil.csv")


def written(evaluation: Evaluation, folder: Path, **options: Any) -> Path:
    path = folder / "报告.xlsx"
    write_workbook(evaluation, path, **{"language": evaluation.language, **options})
    return path


@pytest.fixture(scope="module")
def small(evaluation_of: Make, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the small evaluation, in Chinese."""
    return written(evaluation_of("zh"), tmp_path_factory.mktemp("small"))


def rows(path: Path, sheet: str, language: str = "zh") -> list[list[Any]]:
    name = messages.text(f"report.workbook.sheet.{sheet}", language)
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def below(table: list[list[Any]], first: str) -> list[list[Any]]:
    """Return the rows under the heading row that starts with a text, to the next empty row."""
    start = next(number for number, row in enumerate(table) if row[0] == first) + 1
    end = next((n for n, row in enumerate(table[start:], start) if not any(row)), len(table))
    return table[start:end]


def formulas(path: Path) -> Iterator[tuple[str, str, str]]:
    for sheet in opened(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, cell.value


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_score_is_there_to_the_last_bit(evaluation_of: Make, tmp_path: Path, language: str) -> None:
    evaluation = evaluation_of(language)
    tree = evaluation.tree
    path = written(evaluation, tmp_path)
    heading = messages.text("report.ranking.rank", language)
    ranking = {row[1]: row for row in below(rows(path, "customers", language), heading)}
    detail = below(rows(path, "detail", language), messages.text("report.ranking.id", language))
    detail = {row[0]: row for row in detail}
    nodes = [child.id for group in tree.groups for child in group.children]
    coverage = ["coverage", "coverage_current", "coverage_potential"]
    shown = ["rank", "score", *coverage, *(f"score_{group.id}" for group in tree.groups[1:]), "clamped"]
    steps = [*(f"score_{node}" for node in nodes), "score", *coverage, "clamped"]
    assert len(ranking) == len(detail) == evaluation.results.height
    for customer in evaluation.results.iter_rows(named=True):
        row = ranking[customer["id"]]
        numbers = [row[0], row[3], *row[6:12]]
        assert [None if value == "" else value for value in numbers] == [customer[key] for key in shown]
        assert row[2] == (customer["name"] or customer["id"])
        assert row[4] == ("" if customer["grade"] is None else grade(evaluation, customer["grade"]))
        row = detail[customer["id"]][1 + len(nodes) :]
        found = [None if value == "" else value for value in row[: len(steps)]]
        assert found == [customer[key] for key in steps]


def grade(evaluation: Evaluation, id_: str) -> str:
    return next(g.name[evaluation.language] for g in evaluation.tree.grades if g.id == id_)


def test_weights_are_there_and_their_products_are_formulas(evaluation_of: Make, small: Path) -> None:
    evaluation = evaluation_of("zh")
    table = below(rows(small, "what_if"), "准则与指标")
    nodes = list(evaluation.tree.nodes)
    said = evaluation.weights
    assert [row[4] for row in table[: len(nodes)]] == [said.global_[node] for node in nodes]
    for column in (1, 2, 3):
        assert [row[column] for row in table[1 : len(nodes)]] == [said.local[node] for node in nodes[1:]]
    assert table[len(nodes)][4] == pytest.approx(1, abs=1e-12)
    products = [formula for sheet, _, formula in formulas(small) if sheet == "试算"]
    products = [formula for formula in products if " * " in formula]
    assert len(products) == len(nodes) - 1
    assert re.fullmatch(r"='试算'!\$D\$\d+ \* '试算'!\$E\$\d+", products[0])


def test_consistency_shows_every_matrix_and_who_is_left_out(evaluation_of: Make, small: Path) -> None:
    """The figures of each expert, of the joint judgments, and of everyone's stand side by side."""
    evaluation = evaluation_of("zh")
    table = rows(small, "consistency")
    group = next(g for g in evaluation.weights.groups if g.group == "current_value")
    start = next(n for n, row in enumerate(table) if row[0] == "当前价值" and not row[1])
    figures = below(table[start:], "专家")[:6]
    judged = [*(e.judged for e in group.experts), group.joint, group.with_all]
    for row, expected in zip(figures, judged, strict=True):
        known = [expected.lambda_max, expected.ci, expected.ri, expected.cr, expected.limit]
        assert row[1:6] == known
        assert row[9:12] == list(expected.weights)
    assert [row[0] for row in figures] == ["E1", "E2", "E3", "E4", "综合", "全部计入"]
    assert [row[8] for row in figures][:4] == ["计入", "计入", "计入", "判断不一致"]
    assert [row[6] for row in figures] == ["一致", "一致", "一致", "不一致", "一致", "不一致"]
    matrix = below(table[start + 8 :], "E4")
    assert [row[1:4] for row in matrix[:3]] == [list(line) for line in group.experts[3].judged.matrix]


def test_experts_are_codes_unless_the_study_shows_them(
    evaluation_of: Make, small: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(small) as archive:
        text = "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    assert not re.findall("张伟|王芳|expert_", text)
    evaluation = evaluation_of("zh")
    shown = rows(written(evaluation, tmp_path, options=ReportOptions(show_experts=True)), "consistency")
    assert {"张伟", "<b>Li</b>", "=1+1"} <= {row[0] for row in shown}


def test_classes_are_counted_and_drawn_and_the_customers_stand_in_one_table(
    evaluation_of: Make, small: Path
) -> None:
    """Each class is a series of a native scatter chart; a sentence stands for the chart."""
    evaluation = evaluation_of("zh")
    rated = evaluation.results.filter(evaluation.results["status"] == "rated")
    table = rows(small, "classes")
    counts = {row[0]: row[4] for row in below(table, "类别")[:5]}
    assert counts == {"黄金客户": 2, "白银客户": 1, "潜力客户": 1, "铅客户": 3, "没有类别": 0}
    listed = below(rows(small, "customers"), "名次")
    assert {row[1]: row[3] for row in listed if row[0] != ""} == dict(rated.select("id", "score").iter_rows())
    with zipfile.ZipFile(small) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
        assert "descr=" in archive.read("xl/drawings/drawing1.xml").decode()
    assert chart.count("<c:ser>") == 4 + 2
    read = set(re.findall(r"<c:f>([^!]*)!", chart))
    assert read == {"图表数据"}  # whose cells recompute
    assert "<c:scatterChart>" in chart


def drawn_colours(path: Path) -> dict[str, str]:
    """Return the colour of each series of points in the first chart."""
    with zipfile.ZipFile(path) as archive:
        chart = archive.read("xl/charts/chart1.xml").decode()
    series = [part for part in chart.split("<c:ser>")[1:] if "<c:symbol" in part and "circle" in part]
    return {re.search("<c:v>([^<]+)", s)[1]: re.search('srgbClr val="(.{6})"', s)[1] for s in series}


def test_a_class_has_one_colour_whichever_classes_have_members(
    evaluation_of: Make, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of the tree, as on the page; also in a picture of values, which has no empty classes."""
    evaluation = evaluation_of("zh", customers=40)
    names = [entry.name.zh for entry in evaluation.tree.matrices[0].classes]
    colours = dict(zip(names, (colour[1:].upper() for colour in SERIES), strict=False))
    assert drawn_colours(small) == colours
    monkeypatch.setattr(live, "LIVE", 3)
    gold = evaluation.tree.matrices[0].classes[0].id
    rest = evaluation.results.filter(pl.col("class_value_matrix") != gold)
    path = written(replace(evaluation, results=rest), tmp_path)
    assert drawn_colours(path) == {name: colours[name] for name in names[1:]}


def test_data_notes_reconcile_and_name_everyone_without_a_rank(small: Path) -> None:
    table = rows(small, "data")
    notes = below(table, "数据表")
    assert notes[0][4:7] == [11, 8, 3]
    assert [row[6] for row in notes[1:3]] == [1, 2]
    assert [row[0] for row in below(table, "编号")] == ["006", "009"]
    assert any("ab" * 32 in row for row in table)
    assert any("DOC-101" in str(row[0]) for row in table)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_text_stays_text(evaluation_of: Make, tmp_path: Path, language: str) -> None:
    """Names that look like commands or markup are strings, and no formula holds anything of them."""
    path = written(evaluation_of(language), tmp_path)
    cells = [cell for sheet in opened(path) for row in sheet.iter_rows() for cell in row]
    for text in HOSTILE:
        found = [cell for cell in cells if isinstance(cell.value, str) and text in cell.value]
        assert found, text
        assert {cell.data_type for cell in found} == {"s"}
    bare = [re.sub("'[^']*'!", "", formula) for _, _, formula in formulas(path)]
    assert all(re.fullmatch(r'=(?:[-+*/()<>=&, \d.$A-Z:]|""|">")*', formula) for formula in bare)
    assert {name for formula in bare for name in re.findall(r"[A-Z]+(?=\()", formula)} <= FUNCTIONS
    assert not [cell.value for cell in cells if cell.hyperlink and cell.hyperlink.target]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_can_be_worked_with(evaluation_of: Make, tmp_path: Path, language: str) -> None:
    """Sheets have names in the language, filters, panes that stay, A4 pages; the file says what it is."""
    evaluation = evaluation_of(language)
    book = opened(written(evaluation, tmp_path))
    listed = contents(Context(evaluation, language))
    first = messages.text("report.workbook.sheet.decision", language)
    assert book.sheetnames == [first, *(title for _, title, _ in listed)]
    scores = book[messages.text("report.workbook.sheet.customers", language)]
    assert scores.freeze_panes == "D6"
    assert scores.auto_filter.ref.startswith("A5:")
    assert scores.print_title_rows == "$5:$5"
    assert {sheet.page_setup.paperSize for sheet in book} == {9}
    assert book.properties.title == evaluation.title[language]
    assert book.properties.created.isoformat() == "2026-01-05T09:30:00"
    assert any(sheet.conditional_formatting for sheet in book)


def test_the_first_sheet_leads_to_every_other_and_names_lead_to_the_results(
    evaluation_of: Make, small: Path
) -> None:
    """Links stay inside the file; the names of weights and results refer to cells that hold them."""
    book = opened(small)
    cover = book.worksheets[0]
    links = [cell for row in cover.iter_rows() for cell in row if cell.hyperlink]
    assert [cell.value for cell in links] == book.sheetnames[1:]
    assert [cell.hyperlink.location for cell in links] == [f"'{name}'!A1" for name in book.sheetnames[1:]]
    evaluation = evaluation_of("zh")
    cached = opened(small, data_only=True)
    for node in evaluation.tree.indicators:
        sheet, address = next(iter(book.defined_names[f"weight_{node.id}"].destinations))
        assert cached[sheet][address].value == evaluation.weights.global_[node.id]
    sheet, address = next(iter(book.defined_names["all_score"].destinations))
    scores = [cell.value for (cell,) in cached[sheet][address]]
    assert sorted(scores)[-1] == evaluation.results["score"].max()


def test_fingerprints_are_told(evaluation_of: Make, small: Path) -> None:
    evaluation = evaluation_of("zh")
    method = {row[0]: row[1] for row in rows(small, "method")}
    assert evaluation.model.fingerprint in method.values()
    assert method["当前价值"] == group_fingerprint(evaluation.tree.nodes["current_value"])


def test_the_same_evaluation_gives_the_same_bytes(evaluation_of: Make, tmp_path: Path) -> None:
    evaluation = evaluation_of("zh")
    first = written(evaluation, tmp_path).read_bytes()
    assert written(evaluation, tmp_path).read_bytes() == first


def test_given_weights_and_no_matrix_are_said(evaluation_of: Make, tmp_path: Path) -> None:
    path = written(evaluation_of("zh", experts=False, matrices=False), tmp_path)
    assert any("采用指标体系给定的权重" in str(row[0]) for row in rows(path, "what_if"))
    for sheet in ("classes", "consistency"):
        assert messages.text(f"report.workbook.sheet.{sheet}", "zh") not in opened(path).sheetnames


def of_nobody(evaluation: Evaluation) -> Evaluation:
    return replace(
        evaluation, results=evaluation.results.clear(), unrated=(), previous=None, comparison=None,
        periods=(), certainty=None, opinions=None, decisions=None, customers=None,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["all", "given", "alone", "nobody"])
def test_the_contents_link_to_the_sheets_there_are(evaluation_of: Make, tmp_path: Path, kind: str) -> None:
    """Every sheet but the first stands in the contents, each as a link that leads to it; none is empty."""
    made = {"given": {"experts": False, "matrices": False}, "alone": {"only": ("002",)}}
    evaluation = evaluation_of("en", **made.get(kind, {}))
    evaluation = of_nobody(evaluation) if kind == "nobody" else evaluation
    evaluation = replace(evaluation, unrated=()) if kind == "alone" else evaluation
    book = opened(written(evaluation, tmp_path))
    cells = (cell for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink)
    led = {cell.value: cell.hyperlink.location for cell in cells}
    assert list(led) == [re.sub(r"^Classes 1$", "Classes", title) for title in book.sheetnames[1:]]
    assert all(link.split("!")[0].strip("'") in book.sheetnames for link in led.values())
    assert ("Customers" in led, "Result" in led) == {
        "nobody": (False, False), "alone": (False, True)}.get(kind, (True, False))  # fmt: skip


def test_pages_end_between_tables_and_the_trial_is_on_one(small: Path) -> None:
    """No row of the first sheet right below another begins a page; what only formulas read is not printed."""
    book = opened(small)
    first, trial = book.worksheets[:2]
    for end in first.row_breaks.brk:
        assert not any(cell.value for cell in first[end.id])
    assert trial.page_setup.fitToHeight in (None, 1)  # 0 is as many as it takes
    offered = messages.text("report.workbook.what_if.offered", "zh")
    first_unprinted = next(row[0].row for row in trial.iter_rows() if row[0].value == offered)
    assert int(trial.print_area.rsplit("$", 1)[1]) == first_unprinted - 1


def test_nobody_rated_is_said_everywhere(evaluation_of: Make, tmp_path: Path) -> None:
    """An evaluation without a single rated customer has no chart and no ranking, and says why."""
    path = written(evaluation_of("en", only=("006",)), tmp_path)
    text = [str(cell) for sheet in opened(path) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert messages.text("report.ranking.empty", "en", subject="customers") in text
    assert messages.text("report.matrices.empty", "en", subject="customers") in text
    assert "006" in text
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "charts/" in name]


def test_many_customers_are_all_listed_and_a_fair_share_of_them_drawn(
    evaluation_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what a picture can show, points are taken evenly from every class, and it says so."""
    monkeypatch.setattr(drawing, "BULK", 200)
    monkeypatch.setattr(listings, "POINTS", 100)
    monkeypatch.setattr(live, "LIVE", 300)
    evaluation = evaluation_of("zh", customers=400)
    path = written(evaluation, tmp_path)
    table = rows(path, "classes")
    drawn = below(table[next(n for n, row in enumerate(table) if row[0] == "图中的点") :], "类别")
    counts = {row[0]: row[4] for row in below(table, "类别")}
    shares = {name: sum(row[0] == name for row in drawn) / len(drawn) for name in counts}
    assert 50 < len(drawn) <= 100 + len(counts)
    assert shares == pytest.approx(
        {name: n / sum(counts.values()) for name, n in counts.items()}, abs=1 / len(drawn)
    )
    assert any(f"{len(drawn)} 个客户，共 {int(sum(counts.values()))} 个" in str(row[0]) for row in table)
    assert len(below(rows(path, "customers"), "名次")) == 400


def test_a_sheet_lists_as_many_customers_as_it_can_and_says_how_many_there_are(
    evaluation_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best are listed; the counts of the classes are still of all."""
    monkeypatch.setattr(listings, "ROWS", 3)
    path = written(evaluation_of("zh"), tmp_path)
    assert [row[0] for row in below(rows(path, "customers"), "名次")] == [1, 2, 3]
    assert any("前 3 个，共 8 个客户" in str(row[0]) for row in rows(path, "customers"))
    table = rows(path, "classes")
    assert [row[4] for row in below(table, "类别")] == [2, 1, 1, 3]


def test_a_template_of_the_users_own_replaces_ours_and_its_mistakes_have_a_line(
    evaluation_of: Make, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    (folder / "workbook").mkdir(parents=True)
    mine = folder / "workbook/decision.xml.j2"
    mine.write_text('<sheet title="{{ summary.title }}"><row/>\n<rwo/></sheet>', encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        written(evaluation_of("zh"), tmp_path, folders=[folder])
    assert [(i.code, str(i.where)) for i in caught.value.issues] == [
        ("REPORT-831", "workbook/decision.xml.j2:2")
    ]
    mine.write_text(
        '<sheet title="{{ summary.title }}"><row><cell>我的</cell></row></sheet>', encoding="utf-8"
    )
    assert (
        opened(written(evaluation_of("zh"), tmp_path, folders=[folder])).worksheets[0]["A1"].value == "我的"
    )


def test_every_text_the_templates_name_is_in_both_catalogues() -> None:
    """A text in a branch no test walks is there as well; keys put together end in a dot."""
    sources = [path.read_text("utf-8") for path in (resources.folder("templates") / "workbook").glob("*.j2")]
    keys = {key for source in sources for key in re.findall(r'"(report\.[\w.]+)"', source)}
    assert len(keys) > 80
    for language in messages.LANGUAGES:
        known = messages.catalogue(language)
        assert not [key for key in keys if key not in known and not any(k.startswith(key) for k in known)]


def test_report_writes_the_workbook_by_the_ending(evaluation_of: Make, tmp_path: Path) -> None:
    report(evaluation_of("zh"), tmp_path / "r.xlsx", language="en")
    assert opened(tmp_path / "r.xlsx").sheetnames[:2] == ["Decision", "What-if"]


def test_cached_values_are_what_libreoffice_computes(
    small: Path, recalculated: Callable[..., list[Path]], tmp_path: Path
) -> None:
    """With every cached value made wrong first, a hard recalculation brings back the engine's numbers."""
    cached = opened(small, data_only=True)
    expected = {(sheet, address): cached[sheet][address].value for sheet, address, _ in formulas(small)}
    assert len(expected) > 15
    [found] = recalculated([(small, {})], tmp_path / "again")
    again = opened(found, data_only=True)
    wrong = opened(tmp_path / "again" / found.name, data_only=True)
    assert {str(wrong[sheet][address].value) for sheet, address in expected} == {"-999"}
    for (sheet, address), value in expected.items():
        assert same(again[sheet][address].value, value), (sheet, address)


def same(found: Any, value: Any) -> bool:
    """True if two cells show the same; an empty text is an empty cell."""
    if isinstance(found, int | float) and isinstance(value, int | float):
        return math.isclose(found, value, rel_tol=0, abs_tol=1e-9)
    return (found or None) == (value or None)


def test_control_characters_of_the_data_are_left_out_and_counted(evaluation_of: Make, tmp_path: Path) -> None:
    base = evaluation_of("en")
    named = base.results.with_columns(
        name=pl.when(pl.col("id") == base.results["id"][0]).then(pl.lit("A\x07\x0bB")).otherwise("name")
    )
    path = written(replace(base, results=named), tmp_path)
    cells = [str(cell) for row in rows(path, "data", "en") for cell in row]
    assert any("contained 2 control characters" in cell for cell in cells)
    assert "AB" in {cell for row in rows(path, "customers", "en") for cell in row}
    clean = [str(cell) for row in rows(written(base, tmp_path), "data", "en") for cell in row]
    assert not any("control characters" in cell for cell in clean)
