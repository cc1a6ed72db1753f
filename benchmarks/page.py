"""What the page weighs and how soon it answers, for as many customers as asked, in the system's Chromium.

Run `python benchmarks/page.py [customers ...]`, by default 300 5000 10000 50000. A made-up study with the
indicators of the bundled `customer_value`, given weights, three attributes of customers and their actions.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which

import numpy as np
import polars as pl
from playwright.sync_api import sync_playwright

from evaluator import scoring, weighing
from evaluator.actions.decided import decide
from evaluator.evaluation import Evaluation, Provenance
from evaluator.labels import Text
from evaluator.measuring.measures import Measured
from evaluator.reports import ReportOptions
from evaluator.reports.page import page
from evaluator.tree import Indicator, load_tree
from evaluator.tree.types import Lookup

DAY = date(2026, 1, 1)
RATERS = pl.DataFrame(
    schema={"id": pl.String, "indicator": pl.String}
    | dict.fromkeys(("raters", "score", "spread"), pl.Float64)
)
PAINT = """() => new Promise((resolve) => {
  const seen = (all) => all.length && resolve(all[0].startTime);
  new PerformanceObserver((list) => seen(list.getEntriesByName("first-contentful-paint")))
    .observe({ type: "paint", buffered: true });
})"""
FIND = """(id) => {
  const box = document.querySelector("#finder input, .finder input");
  const begun = performance.now();
  box.value = id;
  box.dispatchEvent(new Event("input"));
  return performance.now() - begun;
}"""
OPEN = """(id) => new Promise((resolve) => {
  const begun = performance.now();
  window.addEventListener("hashchange", () => setTimeout(() => resolve(performance.now() - begun)));
  location.hash = `#customer=${id}`;
})"""


def made_up(leaf: Indicator, random: np.random.Generator, count: int) -> list[object]:
    """Return what an indicator might have been measured as: one of its categories, or a figure."""
    if isinstance(leaf.scale, Lookup):
        return random.choice(list(leaf.scale.scores), count).tolist()
    return np.round(random.gamma(2.0, 40.0, count), 4).tolist()


def evaluation(count: int) -> Evaluation:
    """Return an evaluation of so many made-up customers."""
    tree = load_tree("customer_value")
    random = np.random.default_rng(1)
    ids = [f"C{number:06d}" for number in range(count)]
    measures = {leaf.measure: made_up(leaf, random, count) for leaf in tree.indicators}
    names = [f"{'华东长风宏野'[n % 6]}{'机械贸易泵阀包装'[n % 7]}{n}有限公司" for n in range(count)]
    frame = pl.DataFrame({"id": ids, "name": names, **measures})
    weights = weighing.weigh(tree, None)
    model = scoring.fit(tree, weights, frame)
    results = scoring.ranked(scoring.score(model, frame))
    rated = results.filter(pl.col("status") == "rated")
    measured_columns = [name for name in frame.columns if name not in rated.columns]
    decisions = decide(rated.join(frame.select("id", *measured_columns), on="id"), tree, day=DAY)
    attributes = pl.DataFrame({
        "id": ids, "owner": [f"经理{n % 20}" for n in range(count)],
        "region": [f"地区{n % 9}" for n in range(count)],
        "customer_type": [("经销商", "生产企业")[n % 2] for n in range(count)],
    })  # fmt: skip
    return Evaluation(
        title=Text(zh="客户价值", en="Customer value"), language="zh", tree=tree, panel=None, weights=weights,
        model=model, measured=Measured(frame, DAY, None, RATERS, ()),
        results=results, notes=(), unrated=(), issues=(),
        provenance=Provenance("0", datetime(2026, 1, 1, tzinfo=UTC), DAY, (), {}),
        decisions=decisions, attributes=attributes,
    )  # fmt: skip


def measure(browser: object, count: int) -> None:
    """Print one line: what the page weighs and takes for so many customers."""
    of = evaluation(count)
    begun = time.process_time()
    text = page(of, "zh", options=ReportOptions())
    made = time.process_time() - begun
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        window = browser.new_page(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
        window.goto(file.as_uri())
        paint = window.evaluate(PAINT)
        ready = window.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        nodes = window.evaluate("document.querySelectorAll('*').length")
        last = of.results.filter(pl.col("status") == "rated").sort("rank")["id"][-1]
        found = [window.evaluate(FIND, last) for _ in range(3)]
        opened = window.evaluate(OPEN, of.results.sort("rank")["id"][0])
        window.wait_for_selector("html[data-charts]", timeout=60_000)
        drawn = window.evaluate("document.querySelectorAll('*').length")
        window.close()
    size = len(text.encode()) / 1e6
    cells = [f"{count:,}", f"{size:.1f} MB", f"{made:.1f} s", f"{paint:.0f} ms", f"{ready:.0f} ms",
             f"{nodes:,}", f"{drawn:,}",
        f"{found[0]:.0f} / {min(found):.0f} ms", f"{opened:.0f} ms"]  # fmt: skip
    print(f"| {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure every size asked for."""
    counts = [int(count) for count in sys.argv[1:]] or [300, 5_000, 10_000, 50_000]
    print("| customers | size | made in | first paint | script done | elements | with charts | find | open |")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
        for count in counts:
            measure(browser, count)
        browser.close()


if __name__ == "__main__":
    main()
