"""The page in a real Chromium: charts are drawn under the policy, and names stay text."""

import json
import re

import pytest


def marks(window, chart: str, kind: str) -> int:
    """Return how many marks of a kind a chart has drawn."""
    groups = f"#chart-{chart} g.{kind}.role-mark"
    return window.page.locator(f"{groups} > path, {groups} > line, {groups} > text").count()


@pytest.mark.parametrize(
    ("language", "kind", "dots"),
    [("zh", {}, "mark-symbol"), ("en", {"customers": 2600}, "mark-rect")],
    ids=["dots", "counts"],
)
def test_every_chart_is_drawn(opened, evaluation_of, page_of, language, kind, dots) -> None:
    evaluation = evaluation_of(language, **kind)
    text = page_of(language, **kind)
    window = opened(text)
    window.page.wait_for_selector("html[data-charts]")
    assert window.page.get_attribute("html", "data-charts") == "6"
    indicators = len(evaluation.tree.indicators)
    assert marks(window, "weights", "mark-rect") == indicators
    assert marks(window, "scores", "mark-rect") == 20
    assert marks(window, "intervals", "mark-symbol") == indicators
    assert marks(window, "intervals", "mark-rule") == indicators
    assert marks(window, "consistency", "mark-symbol") == 4
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', text)[1])
    layers = data["charts"]["matrix-value_matrix"]["layer"]
    assert marks(window, "matrix-value_matrix", dots) >= len(layers[1]["data"]["values"]) > 0


def test_hostile_names_are_text_on_the_screen_too(opened, page_of) -> None:
    window = opened(page_of("en"), at="#list")
    scripts = window.page.locator("script").count()
    assert "<script>alert(1)</script>" in window.page.locator(".port").inner_text()
    assert window.page.locator("script").count() == scripts == 3


def test_what_the_policy_forbids_does_not_run_and_is_counted(opened, page_of) -> None:
    """So that the zero every other test ends with means something."""
    head, _, tail = page_of("en").rpartition("</body>")
    window = opened(f"{head}<script>document.title = 'taken'</script></body>{tail}")
    assert window.page.title() != "taken"
    assert window.page.get_attribute("html", "data-violations") == "1"
    assert len(window.said) == 1
    window.said.clear()
    window.page.evaluate("document.documentElement.dataset.violations = '0'")
