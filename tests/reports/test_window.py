"""The page in a real Chromium: charts are drawn under the policy, and nothing leaves the page."""

import pytest

from evaluator import messages


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_page_opens_and_its_charts_are_drawn(opened, page_of, language) -> None:
    window = opened(page_of(language))
    window.page.wait_for_selector("html[data-charts]")
    drawn = int(window.page.get_attribute("html", "data-charts"))
    assert window.page.locator(".drawing svg").count() == drawn > 0


def test_what_the_policy_forbids_does_not_run_and_is_counted(opened, page_of) -> None:
    """So that the zero every other test ends with means something."""
    head, _, tail = page_of("en").rpartition("</body>")
    window = opened(f"{head}<script>document.title = 'taken'</script></body>{tail}")
    assert window.page.title() != "taken"
    assert window.page.get_attribute("html", "data-violations") == "1"
    assert len(window.said) == 1
    window.said.clear()
    window.page.evaluate("document.documentElement.dataset.violations = '0'")
