"""The page as a whole in a real Chromium: accessible with everything open, tasks done by clicking."""

LEVELS = ("decide", "explore", "evidence")


def test_accessibility_tools_find_nothing_with_every_tab_and_fold_open(opened, page_of, accessible) -> None:
    """In Chinese; the list and the pages of customers are looked at in English."""
    window = opened(page_of("zh", customers=40))
    window.page.wait_for_selector("html[data-charts]")
    for level in LEVELS:
        window.page.evaluate(f"location.hash = '#{level}'")
        window.page.wait_for_selector(f"#{level}:not([hidden])")
        window.page.evaluate(
            "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
        )
        assert accessible(window) > 20


def test_one_customer_is_found_from_the_first_screen_with_why_it_is_where_it_is(
    opened, evaluation_of, page_of
) -> None:
    rated = evaluation_of("en", customers=120).results.sort("rank", nulls_last=True)
    sought = rated.row(40, named=True)
    window = opened(page_of("en", customers=120))
    window.page.keyboard.press("Control+k")
    window.page.keyboard.type(sought["name"])
    window.page.keyboard.press("Enter")
    told = window.page.locator("#customer-page")
    assert told.locator("h2").inner_text() == sought["name"]
    assert f"{sought['score']:.1f}" in told.locator("header").inner_text()
    assert told.locator(".waterfall tr").count() == 2 + len(evaluation_of("en").tree.indicators)


def test_what_the_tried_weights_make_of_a_customer_stands_on_its_page(opened, evaluation_of, page_of) -> None:
    first = evaluation_of("en", customers=120).results.sort("rank", nulls_last=True).row(0, named=True)
    window = opened(page_of("en", customers=120), at="#whatif")
    window.page.locator("#whatif input[type=range]").first.focus()
    for _ in range(5):
        window.page.keyboard.press("ArrowRight")
    window.page.wait_for_selector("body > .otherwise:not([hidden])")
    window.page.evaluate(f"location.hash = '#customer={first['id']}'")
    assert window.page.locator("#customer-page .as-tried").count() == 1
