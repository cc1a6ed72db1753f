"""The matrix as an instrument: its data, and a reader who looks, points and draws in a real Chromium."""

from dataclasses import replace

import polars as pl
import pytest

from evaluator.customers import CustomerOptions
from evaluator.evaluation import Evaluation
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import finder, matrix, page
from evaluator.reports.sections import matrices


@pytest.fixture(scope="module")
def evaluation(evaluation_of) -> Evaluation:
    """With a value of customers, which the measure `net_amount` is by default: one unknown, one a loss."""
    found = evaluation_of("en", customers=120)
    frame = found.measured.frame
    assert CustomerOptions().value == "net_amount"
    amounts = pl.when(pl.int_range(pl.len()) == 3).then(None).otherwise(pl.col("profit") - 20_000.0)
    return replace(found, measured=replace(found.measured, frame=frame.with_columns(net_amount=amounts)))


@pytest.fixture(scope="module")
def built(evaluation) -> matrix.Instrument:
    context = Context(evaluation, "en")
    (one,) = matrix.build(matrices.build(context), finder.build(context), context)
    return one


@pytest.fixture(scope="module")
def text(evaluation) -> str:
    return page(evaluation, "en", options=ReportOptions())


def rated_of(evaluation: Evaluation) -> pl.DataFrame:
    rated = evaluation.results.filter(pl.col("status") == "rated").sort("rank", "id")
    return rated.join(evaluation.measured.frame.select("id", "net_amount"), on="id", maintain_order="left")


def test_fields_hold_the_customers_and_the_money_of_their_class(evaluation, built) -> None:
    rated = rated_of(evaluation)
    for cell, class_ in zip(built.cells, ("gold", "silver", "bronze", "lead"), strict=True):
        own = rated.filter(pl.col("class_value_matrix") == class_)
        assert cell.count == own.height
        assert cell.money == pytest.approx(own["net_amount"].sum(), rel=1e-4, abs=1.0 * own.height)
        first = own.sort(pl.col("net_amount").fill_null(0), descending=True, maintain_order=True)[
            "id"
        ].to_list()
        assert [rated["id"][row] for row in cell.first] == first[:5]
    assert sum(cell.count for cell in built.cells) == rated.height


def test_the_view_holds_all_and_is_close_to_them(evaluation, built) -> None:
    rated = rated_of(evaluation)
    for side in (built.x, built.y):
        scores = [float(f"{score:.1f}") for score in rated[f"score_{side.key}"]]
        low, high = min([*scores, *side.cuts]), max([*scores, *side.cuts])
        beyond = (low - side.view[0], side.view[1] - high)
        if side is built.x:
            assert 0 <= side.view[0] <= low < high <= side.view[1] <= 100
            assert max(beyond) <= 0.05 * (high - low)
        else:  # the names of the fields stand above and below the dots
            assert all(0.11 * (high - low) < room < 0.13 * (high - low) for room in beyond)


@pytest.mark.parametrize("height", [230, 420])
def test_no_dot_of_a_picture_lies_under_the_name_of_a_field(evaluation, height: int) -> None:
    context = Context(evaluation, "zh")
    plot = next(plot for plot in matrices.build(context).plots if plot.points)
    chart = matrices.picture(plot, context, height=height)
    upwards = next(
        layer["encoding"]["y"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "circle"
    )
    low, high = upwards["scale"]["domain"]
    scores = [point.y for point in plot.points]
    for away in (min(scores) - low, high - max(scores)):
        assert away / (high - low) * height >= matrices.NAME - 0.01


def test_dots_are_customers_sized_by_money_and_open_their_pages(opened, evaluation, text) -> None:
    window = opened(text, at="#matrices")
    rated = rated_of(evaluation)
    dots = window.page.locator(".matrix-instrument circle")
    assert dots.count() == rated.height
    sizes = {int(dot["row"]): float(dot["r"]) for dot in dots.evaluate_all(
        "(all) => all.map((one) => ({ row: one.dataset.customer, r: one.getAttribute('r') }))")}  # fmt: skip
    largest = rated["net_amount"].arg_max()
    assert max(sizes, key=sizes.get) == largest
    unknown = rated["net_amount"].is_null().arg_true().to_list()
    hollow = window.page.locator(".matrix-instrument circle[fill='#fff']").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.customer))"
    )
    assert hollow == unknown
    window.page.locator(f".matrix-instrument circle[data-customer='{largest}']").click(force=True)
    assert window.page.evaluate("location.hash") == f"#customer={rated['id'][largest]}"


def test_a_rectangle_leads_to_the_list_of_those_in_it(opened, evaluation, text) -> None:
    window = opened(text, at="#matrices")
    window.page.locator(".matrix-instrument .plot").scroll_into_view_if_needed()
    box = window.page.locator(".matrix-instrument svg").bounding_box()
    window.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.85 * box["height"])
    window.page.mouse.down()
    window.page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 0.05 * box["height"], steps=4)
    window.page.mouse.up()
    assert window.page.locator("#customer-page[open]").count() == 0
    window.page.locator(".matrix-instrument .chosen a").click()
    chosen = window.page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('current_value')")
    low, high = (float(end) for end in chosen.split(".."))
    count = window.page.locator(".port table").get_attribute("aria-rowcount")
    scores = rated_of(evaluation).select(pl.col("score_current_value", "score_potential_value").round(1))
    other = window.page.evaluate("new URLSearchParams(location.hash.split('?')[1]).get('potential_value')")
    bottom, top = (float(end) for end in other.split(".."))
    inside = scores.filter(
        pl.col("score_current_value").is_between(low, high),
        pl.col("score_potential_value").is_between(bottom, top),
    )
    assert 0 < inside.height < scores.height
    assert count == str(inside.height + 1)


def test_the_same_is_chosen_by_the_keyboard(opened, evaluation, text) -> None:
    window = opened(text, at="#matrices")
    window.page.locator(".by-numbers summary").press("Enter")
    field = window.page.locator(".by-numbers input").first
    field.fill("70")
    field.press("Enter")
    window.page.locator(".matrix-instrument .chosen a").press("Enter")
    scores = rated_of(evaluation)["score_current_value"].round(1)
    window.page.wait_for_function("location.hash.startsWith('#list?')")
    assert window.page.locator(".port table").get_attribute("aria-rowcount") == str((scores >= 70).sum() + 1)


def test_many_are_counted_in_squares_and_none_is_lost(opened, page_of, evaluation_of) -> None:
    evaluation = evaluation_of("en", customers=2600)
    window = opened(page_of("en", customers=2600, cards=20), at="#matrices")
    squares = window.page.locator(".matrix-instrument rect[data-count]")
    counts = squares.evaluate_all("(all) => all.map((one) => Number(one.dataset.count))")
    assert window.page.locator(".matrix-instrument circle").count() == 0
    assert sum(counts) == evaluation.results.filter(pl.col("status") == "rated").height > matrix.POINTS


def test_paper_and_browsers_without_a_script_have_the_picture(opened, text) -> None:
    window = opened(text, at="#matrices")
    window.page.wait_for_selector("html[data-charts]")
    assert not window.page.locator("#chart-matrix-value_matrix").is_visible()
    window.page.emulate_media(media="print")
    assert window.page.locator("#chart-matrix-value_matrix svg").is_visible()
    assert window.page.locator("#chart-matrix-value_matrix svg").bounding_box()["width"] > 300
    assert not window.page.locator(".matrix-instrument").is_visible()
