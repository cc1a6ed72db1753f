"""Text stays text: in every CSV file, in a workbook that somebody edits, on the terminal, in the layout."""

import csv
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluator as ev
from evaluator.cli.console import Console
from evaluator.columns.apostrophes import mark, marked, unmark, unmarked
from evaluator.columns.legible import LONGEST, label, labels
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.forms.names import file_names
from evaluator.scoring import score_files, write_scores
from evaluator.weighing.panel import Expert

PAYLOADS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://example.org\")",
    "'=1+1", "＝1+1", "\n=1+1", " =1+1", "-", "=",
)  # fmt: skip
NUMBER = re.compile(r"[+-]?[0-9.]+(e[+-]?[0-9]+)?")


def cells(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell for row in csv.reader(file) for cell in row]


def is_live(cell: str) -> bool:
    """True if a spreadsheet would compute the cell."""
    return cell.strip(" \t\r\n\x00")[:1] in tuple("=+-@＝＋－＠") and not NUMBER.fullmatch(cell)


@pytest.fixture
def hostile(folder: Path) -> Path:
    """The small study, its customers called by what a spreadsheet would compute; ids are marked as text."""
    with (folder / "measures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "profit", "delay", "trust"])
        writer.writerows(
            [marked(f"{text}{n}"), f"{text}{n}", 10 + n, 5, 3] for n, text in enumerate(PAYLOADS)
        )
    return folder


def test_what_a_study_writes_is_no_formula(hostile: Path) -> None:
    study = ev.Study(hostile)
    study.run()
    for path in (study.save_scores(), study.save_measures()):
        found = cells(path)
        assert not [cell for cell in found if is_live(cell)], path.name
        assert any("cmd|" in cell for cell in found)


def test_what_a_study_writes_is_read_back_as_it_was(hostile: Path) -> None:
    """Written, read as data of a study, and read as the evaluation before: the same ids each time."""
    study = ev.Study(hostile)
    study.run()
    ids = set(study.measured.frame["id"])
    assert "=1+10" in ids
    (hostile / "measures.csv").write_bytes(study.save_measures().read_bytes())
    again = ev.Study(hostile)
    assert set(again.measured.frame["id"]) == ids
    results = unmark(pl.read_csv(study.save_scores(), infer_schema_length=0))
    assert set(results["id"]) == ids


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_scored_files_are_no_formulas(engine: str, hostile: Path) -> None:
    study = ev.Study(hostile)
    study.run()
    ids = sorted(study.measured.frame["id"])
    source = study.save_measures()
    target = hostile / f"{engine}.csv"
    score_files(study.model, source, target, engine=engine)
    assert not [cell for cell in cells(target) if is_live(cell)]
    assert sorted(unmark(pl.read_csv(target, infer_schema_length=0))["id"]) == ids
    parquet = hostile / f"{engine}.parquet"
    score_files(study.model, source, parquet, engine=engine)
    assert sorted(pl.read_parquet(parquet)["id"]) == ids


def test_headings_and_categories_are_texts_too(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"=a": [1], "text": ["=1"], "kind": pl.Series(["@x"], dtype=pl.Categorical), "n": [-1.5]}
    )
    assert cells(write_scores(frame, tmp_path / "s.csv")) == [
        "'=a",
        "text",
        "kind",
        "n",
        "1",
        "'=1",
        "'@x",
        "-1.5",
    ]


@given(st.text(alphabet=st.sampled_from("=+-@'\t\r\n 1a，＝")))
def test_reading_takes_away_what_writing_adds(text: str) -> None:
    assert unmarked(marked(text)) == text
    frame = pl.DataFrame({"text": [text]})
    assert mark(frame)["text"][0] == marked(text)
    assert unmark(mark(frame)).equals(frame)
    assert not is_live(marked(text))


def test_an_apostrophe_of_somebody_else_stays() -> None:
    assert [unmarked(text) for text in ("'t Hooft", "'90s", "'", "O'Neil")] == [
        "'t Hooft",
        "'90s",
        "'",
        "O'Neil",
    ]
    assert [marked(text) for text in ("-1.5", "+3", "-1,234.5", "1e-9")] == ["-1.5", "+3", "-1,234.5", "1e-9"]


def test_a_cell_of_a_workbook_stays_text_when_somebody_edits_it(hostile: Path) -> None:
    study = ev.Study(hostile)
    path = ev.report(study.run(), hostile / "r.xlsx")
    with warnings.catch_warnings():  # openpyxl does not know modern data bars
        warnings.filterwarnings("ignore", ".*extension is not supported")
        book = openpyxl.load_workbook(path)
    found = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == "=cmd|' /C calc'!A06"
    ]
    assert found
    assert all(cell.quotePrefix for cell in found)
    assert {cell.data_type for cell in found} == {"s"}


STEERING = (
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b2J",
    "\r\rerror",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\x08\x08",
    "a\nerror: b",
)


@pytest.mark.parametrize("name", STEERING)
def test_no_data_steer_a_terminal(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.language = "en"
    issue = Issue("DATA-410", name, {"count": 1, "examples": name}, (name,), Location(name, 1))
    console.issues([issue, issue])
    console.say("cli.written", path=name)
    console.warn("cli.written", path=name)
    console.table([name, "b"], [[name, 1.0]])
    console.json({name: [name]})
    out, err = capsys.readouterr()
    for text in (out, err):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "\nerror: b" not in text


def test_json_for_programs_means_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    Console().json({"names": list(STEERING)})
    assert json.loads(capsys.readouterr().out) == {"names": list(STEERING)}


def test_endless_names_do_not_flood_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console()
    console.table(["name"], [["x" * 40_000]])
    console.say("cli.written", path="y" * 40_000)
    assert len(capsys.readouterr().out) < 1_000


def test_the_program_itself_prints_nothing_that_steers(folder: Path) -> None:
    """A file's name, a customer and a usage error, through the whole program."""
    (folder / "measures.csv").rename(folder / "m\x1b[2J.csv")
    text = (folder / "study.yaml").read_text("utf-8")
    (folder / "study.yaml").write_text(text.replace("measures.csv", '"m\\e[2J.csv"'), encoding="utf-8")
    code = "import sys; from evaluator.cli import invoke; print([invoke(one.split('|')) for one in sys.argv[1:]])"
    asked = (f"check|--data|{folder}", "check|no\x1b[2J", "\x1b[2J")
    done = subprocess.run([sys.executable, "-c", code, *asked], capture_output=True, encoding="utf-8")
    assert "\x1b" not in done.stdout + done.stderr
    ended = json.loads(done.stdout.splitlines()[-1])
    assert len(ended) == 3
    assert set(ended) <= {0, 1, 2}


ODD_NAMES = (
    "W" * 40_000, "名" * 40_000, "ا" * 40_000, "word " * 8_000, "شركة التجارة الدولية المحدودة", "חברה בע\"מ (123)",
    "\u202eexe.gnp\u202c", "\u2066\u2067open", "😀👨\u200d👩\u200d👧\u200d👦🏴\U000e0067\U000e0062\U000e007f" * 20, "\u200b\u200b",
    "a\u200b" * 5_000, "Z" + "\u0334\u031b\u0316\u0354\u034c" * 300, "line\nbreak", "﷽" * 100, "<b>bold</b>",
)  # fmt: skip


@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_a_name_is_shown_so_that_it_keeps_its_place(name: str) -> None:
    shown = label(name)
    assert len(shown) <= LONGEST
    assert not re.search("[\x00-\x1f\u200b\u202a-\u202e\u2066-\u2069]", shown)
    assert not shown.endswith(("\u200d…", "\u200d"))
    assert labels(pl.Series("name", [name, "Ann", None])).to_list() == [shown or None, "Ann", None]
    assert label(shown) == shown


def odd_study(home: Path) -> ev.Study:
    with (home / "measures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "profit", "delay", "trust"])
        writer.writerows([f"c{n}", name, 10 + n, 5, 3] for n, name in enumerate(ODD_NAMES))
    tree = (home / "tree.yaml").read_text("utf-8")
    tree = tree.replace("en: Profit", f"en: {'W' * 160}").replace("en: Small", f"en: {'word ' * 31}")
    (home / "tree.yaml").write_text(tree, encoding="utf-8")
    return ev.Study(home)


WIDTHS = """
addEventListener("load", () => setTimeout(() => {
  const page = document.documentElement;
  const wide = [...document.querySelectorAll("td, th")].filter((cell) => cell.getBoundingClientRect().height > 1200);
  parent.postMessage([page.clientWidth, page.scrollWidth, wide.length].join(" "), "*");
}, 2000));
"""


@pytest.mark.parametrize("width", [360, 1440])
def test_names_of_any_kind_keep_the_page_in_place(
    width: int, folder: Path, needs_tool, tmp_path: Path
) -> None:
    """In a real browser, as wide as a telephone and as a desk: nothing is pushed out, no row grows endless."""
    chromium = needs_tool("chromium")
    study = odd_study(folder)
    text = ev.report(study.run(), folder / "r.html").read_text("utf-8")
    assert len(text) < 3_000_000
    opened = re.sub(r"script-src .*?; style-src", "script-src 'unsafe-inline'; style-src", text, count=1)
    head, _, tail = opened.rpartition("</body>")
    (tmp_path / "page.html").write_text(f"{head}<script>{WIDTHS}</script></body>{tail}", encoding="utf-8")
    (tmp_path / "frame.html").write_text(
        f'<iframe src="page.html" style="width:{width}px;height:3000px;border:0"></iframe><pre id="o"></pre>'
        "<script>onmessage = (m) => document.getElementById('o').textContent = m.data</script>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1600,3000", "--virtual-time-budget=20000",
            "--dump-dom", (tmp_path / "frame.html").as_uri(),
        ],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="o">(\d+) (\d+) (\d+)</pre>', done.stdout)
    assert found
    client, scroll, endless = map(int, found.groups())
    assert client > width - 30
    assert scroll == client
    assert endless == 0


def test_names_of_any_kind_keep_the_sheets_in_place(folder: Path) -> None:
    path = ev.report(odd_study(folder).run(), folder / "r.xlsx")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*extension is not supported")
        book = openpyxl.load_workbook(path)
    heights = [d.height for sheet in book.worksheets for d in sheet.row_dimensions.values() if d.height]
    assert max(heights) <= 300
    widths = [d.width for sheet in book.worksheets for d in sheet.column_dimensions.values()]
    assert max(widths) <= 100


def test_an_id_that_no_spreadsheet_can_look_up_is_named(folder: Path) -> None:
    text = (folder / "measures.csv").read_text("utf-8")
    (folder / "measures.csv").write_text(text + f"{'7' * 40_000},Long,50,10,3\n", encoding="utf-8")
    study = ev.Study(folder)
    evaluation = study.run()
    (issue,) = [one for one in evaluation.issues if one.code == "DATA-480"]
    assert issue.where == Location("measures.csv", len(text.splitlines()) + 1, 1)
    assert set(study.measured.frame["id"]) == {"001", "002", "003"}


@pytest.mark.parametrize("name", ["x" * 161, '"a\\u202eb"', '"a\\eb"', '"a\\nb"'])
def test_what_a_file_calls_things_fits_into_a_report(name: str, folder: Path) -> None:
    for file, word in (("tree.yaml", "{zh: 利润, en: Profit}"), ("study.yaml", "Ann")):
        path = folder / file
        text = path.read_text("utf-8")
        path.write_text(text.replace(word, name), encoding="utf-8")
        with pytest.raises(EvaluationError) as caught:
            ev.Study(folder).run()
        path.write_text(text, encoding="utf-8")
        (issue,) = caught.value.issues
        assert issue.code == "DOC-107"
        assert issue.where is not None
        assert issue.where.line == 1 + text[: text.index(word)].count("\n")


def test_files_of_people_with_long_names_can_be_written(tmp_path: Path) -> None:
    names = file_names([Expert(f"e{n}", "😀" * 200) for n in range(3)])
    for name in names:
        (tmp_path / f"assessment_{name}").write_bytes(b"")
