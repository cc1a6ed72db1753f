"""What if on the page: how long ranks, classes, flags and actions take after a weight was moved.

Run ``PYTHONPATH=tests/support python benchmarks/whatif.py``, which needs Chromium. The least of many runs is
told beside the median: the first is the machine's, the other what its load makes of it.
"""

import json
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright
from whatif_cases import evaluated, fitted, population

from evaluator.reports.context import Context
from evaluator.reports.page.whatif import what_if
from evaluator.tree import load_tree

SCRIPTS = Path(__file__).parents[1] / "templates/page/js"
RUNS = """(contract) => {
  const { engine } = window.page;
  const model = engine.decoded(contract);
  const node = model.nodes.get(model.root).children[0];
  return Array.from({ length: 41 }, (_, step) => {
    const start = performance.now();
    const state = engine.withWeight(model, model.evaluated, 0, node, step / 40);
    engine.counted(model, engine.evaluate(model, state));
    return performance.now() - start;
  }).sort((a, b) => a - b);
}"""


def main() -> None:
    tree = load_tree("customer_value")
    modules = "\n".join((SCRIPTS / f"{name}.js").read_text("utf-8") for name in ("conditions", "engine"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for count in (300, 5_000, 10_000):
            frame = population(tree, count, 1)
            contract = what_if(Context(evaluated(fitted(tree, frame), frame), "en")).compact()
            window = browser.new_page()
            window.add_script_tag(content=f"var page = {{}};\n{modules}")
            runs = window.evaluate(RUNS, contract)
            size = len(json.dumps(contract, ensure_ascii=False)) / 1e6
            print(f"{count:>6} customers: {size:.1f} MB, least {runs[0]:.0f} ms, median {runs[20]:.0f} ms")
            window.close()
        browser.close()


if __name__ == "__main__":
    main()
