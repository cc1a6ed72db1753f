"""The page in a real Chromium: charts are drawn under the policy, and the controls do what they say."""

import json
import re
import subprocess
import tempfile
from html.parser import HTMLParser

import polars as pl
import pytest

from evaluator import messages
from evaluator.reports import ReportOptions
from evaluator.reports.page import page

VOID = {"meta", "input", "br", "link", "img", "hr", "wbr", "col"}


class Elements(HTMLParser):
    """Counts, below each element with an id, the drawn elements of each class."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str | None, str]] = []
        self.root: dict[str, str | None] = {}
        self.marks: dict[str, list[str]] = {}
        self.words: dict[str, str] = {}
        self.scripts = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "html":
            self.root = values
        self.scripts += tag == "script"
        if tag in ("path", "text", "line"):
            groups = [kind for _, _, kind in self.stack if "role-mark" in kind]
            chart = next((id_ for _, id_, _ in self.stack if id_ and id_.startswith("chart-")), None)
            if chart and groups:
                self.marks.setdefault(chart, []).append(groups[-1].split()[0])
        if tag not in VOID and tag != "path":
            self.stack.append((tag, values.get("id"), values.get("class") or ""))

    def handle_endtag(self, tag):
        if any(entry[0] == tag for entry in self.stack):
            while self.stack.pop()[0] != tag:
                pass

    def handle_data(self, text):
        for _, id_, _ in self.stack:
            if id_:
                self.words[id_] = self.words.get(id_, "") + text


@pytest.fixture
def browse(needs_tool, tmp_path):
    """Open a page in Chromium; return its elements when all is drawn, and what the console said."""
    chromium = needs_tool("chromium")

    def run(text: str) -> tuple[Elements, list[str]]:
        file = tmp_path / "页面.html"
        file.write_text(text, encoding="utf-8")
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            done = subprocess.run(
                [
                    chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                    "--window-size=1280,900", "--virtual-time-budget=20000", "--enable-logging=stderr",
                    "--dump-dom", file.as_uri(),
                ],
                capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
            )  # fmt: skip
        elements = Elements()
        elements.feed(done.stdout)
        return elements, re.findall(r"CONSOLE.*", done.stderr)

    return run


def with_probe(text: str, probe: str) -> str:
    """Return the page with a script of the test's own, which the page's policy would not allow."""
    opened = re.sub(r"script-src .*?; style-src", "script-src 'unsafe-inline'; style-src", text, count=1)
    head, _, tail = opened.rpartition("</body>")
    return f"{head}<script>{probe}</script></body>{tail}"


@pytest.mark.parametrize(
    ("language", "kind", "dots"),
    [("zh", {}, "mark-symbol"), ("en", {"customers": 2600}, "mark-rect")],
    ids=["dots", "counts"],
)
def test_every_chart_is_drawn_and_the_policy_holds(
    browse, evaluation_of, page_of, language, kind, dots
) -> None:
    evaluation = evaluation_of(language, **kind)
    text = page_of(language, **kind)
    found, console = browse(text)
    assert console == []
    assert found.root["data-violations"] == "0"
    assert found.root["data-charts"] == "6"
    assert found.scripts == 3
    weights = found.marks["chart-weights"]
    assert weights.count("mark-rect") == len(evaluation.tree.indicators)
    assert found.marks["chart-scores"].count("mark-rect") == 20
    assert found.marks["chart-intervals"].count("mark-symbol") == len(evaluation.tree.indicators)
    assert found.marks["chart-intervals"].count("mark-rule") == len(evaluation.tree.indicators)
    assert found.marks["chart-consistency"].count("mark-symbol") == 4
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', text)[1])
    layers = data["charts"]["matrix-value_matrix"]["layer"]
    assert found.marks["chart-matrix-value_matrix"].count(dots) >= len(layers[1]["data"]["values"])


def test_the_page_notices_what_its_policy_forbids(browse, page_of) -> None:
    """A script of somebody else's does not run, and the page says so; so the zero above means something."""
    text = page_of("en")
    head, _, tail = text.rpartition("</body>")
    found, console = browse(f"{head}<script>document.title = 'taken'</script></body>{tail}")
    assert found.root["data-violations"] == "1"
    assert len(console) == 1


SEARCHED = """
const told = {};
const rows = (place) => [...document.querySelectorAll(place)].filter((row) => !row.hidden);
const type = (place, words) => {
  const input = document.querySelector(place);
  input.value = words; input.dispatchEvent(new Event("input"));
};
const look = (words) => {
  type(".find", words);
  return {
    table: rows("#ranking-table tbody tr").map((row) => row.cells[2].textContent),
    beyond: rows(".beyond tbody tr").map((row) => [...row.cells].map((cell) => cell.textContent)),
    told: document.querySelector(".beyond .hint")?.textContent ?? "",
    none: document.querySelector(".none").hidden ? "" : document.querySelector(".none").textContent,
  };
};
const card = (words) => {
  type("#card-find", words);
  return {
    cards: rows("#card-list li").length,
    beyond: [...document.querySelectorAll("#card-beyond li")].map((line) => line.textContent),
    told: document.querySelector("#card-beyond .hint")?.textContent ?? "",
  };
};
told.looked = Object.fromEntries(SOUGHT.map((words) => [words, [look(words), card(words)]]));
const result = document.createElement("pre");
result.id = "told"; result.textContent = JSON.stringify(told);
document.body.append(result);
"""


def searched(browse, text: str, *sought: str) -> dict[str, tuple[dict, dict]]:
    """Return what the search of the ranking, and that of the cards, say to some words."""
    found, console = browse(with_probe(text, SEARCHED.replace("SOUGHT", json.dumps(sought))))
    assert console == []
    return json.loads(found.words["told"])["looked"]


def test_search_finds_every_customer_whatever_the_rank(browse, evaluation_of, page_of) -> None:
    """Of 2,600 the page has rows for 100; the others are found all the same, with rank, score and class."""
    evaluation = evaluation_of("en", customers=2600)
    rated = evaluation.results.filter(pl.col("status") == "rated").sort("rank", "id")
    first, beyond, last = rated.row(3, named=True), rated.row(100, named=True), rated.row(-1, named=True)
    unrated = evaluation.results.filter(pl.col("status") != "rated").row(0, named=True)
    sought = (first["id"], beyond["id"], last["id"], unrated["id"], "nobody at all")
    looked = searched(browse, page_of("en", customers=2600, cards=100), *sought)
    ranking, cards = looked[first["id"]]
    assert (ranking["table"], ranking["beyond"], cards["cards"]) == ([first["id"]], [], 1)
    for one in (beyond, last):
        ranking, cards = looked[one["id"]]
        assert (ranking["table"], ranking["none"], cards["cards"]) == ([], "", 0)
        (row,) = ranking["beyond"]
        assert row[:4] == [f"{one['rank']:,}", one["name"], one["id"], f"{one['score']:.1f}"]
        assert len(cards["beyond"]) == 1
        assert f"{one['rank']:,}" in cards["beyond"][0]
    ranking, cards = looked[unrated["id"]]
    (row,) = ranking["beyond"]
    assert row[:4] == ["–", unrated["name"], unrated["id"], "–"]
    assert row[4] == "too little data"
    ranking, cards = looked["nobody at all"]
    assert ranking["none"] == cards["told"] == messages.text("report.ranking.none_found", "en")


def test_a_search_that_fits_many_says_how_many(browse, evaluation_of, page_of) -> None:
    evaluation = evaluation_of("en", customers=2600)
    poor = evaluation.results.filter((pl.col("status") == "rated") & (pl.col("grade") == "poor")).height
    ranking, _ = searched(browse, page_of("en", customers=2600, cards=100), "Poor")["Poor"]
    assert len(ranking["beyond"]) == 30
    assert f"{poor - len(ranking['table']):,}" in ranking["told"]


def test_a_page_that_cannot_hold_everybody_never_denies_that_they_exist(
    browse, evaluation_of, monkeypatch
) -> None:
    monkeypatch.setattr("evaluator.reports.page.directory.directory.__kwdefaults__", {"most": 50})
    evaluation = evaluation_of("en", customers=2600)
    last = evaluation.results.filter(pl.col("status") == "rated").sort("rank", "id").row(-1, named=True)
    text = page(evaluation, "en", options=ReportOptions(cards=100))
    ranking, cards = searched(browse, text, last["id"])[last["id"]]
    left = evaluation.results.height + len(evaluation.unrated) - 150
    assert f"{left:,}" in ranking["none"]
    assert "scores.csv" in ranking["none"]
    assert cards["told"] == ranking["none"]


def test_a_page_without_cards_says_so_and_still_finds_everybody(browse, evaluation_of, page_of) -> None:
    text = page_of("en", cards=0)
    assert messages.text("report.cards.empty", "en") not in text
    assert messages.text("report.ranking.empty", "en", subject="customers") not in text
    (one, *_) = evaluation_of("en").results.filter(pl.col("rank") == 1)["id"]
    found, console = browse(
        with_probe(
            text,
            SEARCHED.split("const card")[0]
            + f"""
    const result = document.createElement("pre");
    result.id = "told"; result.textContent = JSON.stringify(look("{one}")); document.body.append(result);""",
        )
    )
    assert console == []
    assert [row[2] for row in json.loads(found.words["told"])["beyond"]] == [one]


def test_search_order_and_cards_work(browse, evaluation_of, page_of) -> None:
    evaluation = evaluation_of("en", customers=120)
    probe = """
    const told = {};
    const rows = () => [...document.querySelectorAll("#ranking-table tbody tr")].filter((row) => !row.hidden);
    told.first = rows().length;
    document.querySelector(".all[data-table=ranking-table]").click();
    told.all = rows().length;
    const heads = [...document.querySelectorAll("#ranking-table th[data-sort]")];
    const score = heads.find((head) => head.textContent === "Score");
    score.click(); told.down = rows().slice(0, 3).map((row) => row.cells[0].textContent);
    score.click(); told.up = rows().slice(0, 3).map((row) => row.cells[0].textContent);
    const find = document.querySelector(".find");
    find.value = "Ｃ000007"; find.dispatchEvent(new Event("input"));
    told.found = rows().map((row) => row.cells[2].textContent);
    find.value = "nobody"; find.dispatchEvent(new Event("input"));
    told.none = !document.querySelector(".none").hidden;
    document.querySelector("[data-card='4']").click();
    told.card = document.querySelector("#card h3").textContent;
    told.score = document.querySelector("#card .score").textContent;
    told.total = document.querySelector("#card tfoot .points").textContent;
    window.dispatchEvent(new Event("beforeprint"));
    told.printed = document.querySelectorAll("#printed-cards article").length;
    told.folded = document.querySelectorAll("main details:not([open])").length;
    const result = document.createElement("pre");
    result.id = "told"; result.textContent = JSON.stringify(told);
    document.body.append(result);
    """
    found, console = browse(with_probe(page_of("en", customers=120), probe))
    assert console == []
    told = json.loads(found.words["told"])
    rated = evaluation.results.filter(evaluation.results["status"] == "rated")
    assert (told["first"], told["all"]) == (30, rated.height)
    assert told["down"] == ["1", "2", "3"]
    assert told["up"][0] == str(rated.height)
    assert told["found"] == [i for i in rated["id"] if i == "C000007"]
    assert told["none"] is True
    fifth = rated.row(4, named=True)
    assert (told["card"], told["score"]) == (fifth["name"], f"{fifth['score']:.1f}")
    assert told["total"] == f"{fifth['score']:.2f}"
    assert (told["printed"], told["folded"]) == (5, 0)


def test_hostile_names_are_text_on_the_screen_too(browse, evaluation_of, page_of) -> None:
    evaluation = evaluation_of("en")
    place = evaluation.results["name"].to_list().index("<script>alert(1)</script>")
    probe = f"document.querySelector('[data-card=\"{place}\"]').click();"
    found, console = browse(with_probe(page_of("en"), probe))
    assert console == []
    assert found.words["card"].startswith("<script>alert(1)</script>")
    assert found.scripts == 4
