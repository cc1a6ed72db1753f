"""What if, as a reader uses it: sliders, numbers, the address, the way back, the pictures; in Chromium."""

import json
import random
import re

import polars as pl
import pytest
from whatif_cases import State, case, expected

from evaluator import messages
from evaluator.analysis import with_weights
from evaluator.reports import ReportOptions
from evaluator.reports.context import Context
from evaluator.reports.page import page

CONTROL = "#whatif-tool .control"


def words(key: str, language: str = "en", **values: object) -> str:
    return messages.text(f"report.whatif.{key}", language, **values)


def text_of(evaluation) -> str:
    return page(evaluation, evaluation.language, options=ReportOptions())


def slider(window, name: str):
    return window.page.locator(CONTROL, has=window.page.get_by_text(name, exact=True)).locator(
        "input[type=range]"
    )


def number(window, name: str):
    return window.page.locator(CONTROL, has=window.page.get_by_text(name, exact=True)).locator(
        "input[type=number]"
    )


def table_of(window, place: str) -> list[list[str]]:
    return window.page.eval_on_selector_all(
        f"{place} tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )


def first_ten(window) -> list[list[str]]:
    return table_of(window, "#whatif-tool .outcome > .scroll:last-of-type")


def settled(window) -> None:
    """Wait until the frame has been drawn and the address written."""
    window.page.wait_for_timeout(400)


@pytest.fixture
def small(opened, page_of):
    """The small report with 120 customers, at the section."""
    window = opened(page_of("en", customers=120), at="#whatif")
    window.page.wait_for_selector(CONTROL)
    return window


def test_ten_points_less_are_ten_presses_of_a_key_and_all_follows(small, evaluation_of) -> None:
    """The first ten, and everything beside them, are those of the engine with that weight."""
    evaluation = evaluation_of("en", customers=120)
    before = evaluation.model.local["current_value"]
    assert small.page.locator(".otherwise").is_hidden()
    slider(small, "Current value").focus()
    for _ in range(10):
        small.page.keyboard.press("ArrowLeft")
    settled(small)
    now = round(before * 1000) / 1000 - 0.1
    found = slider(small, "Current value").get_attribute("aria-valuetext")
    assert float(found.rstrip("%")) == pytest.approx(100 * now, abs=0.11)
    local = json.loads(small.page.evaluate("JSON.stringify(location.hash.slice(1))"))
    stated = dict(re.findall(r"w\.(\w+)=([\d.]+)", local))
    assert stated.keys() == {"current_value", "potential_value"}
    model = with_weights(evaluation.model, {"current_value": float(stated["current_value"])})
    wanted, _ = expected(evaluation, _state(model))
    ten = wanted.filter(pl.col("rank") <= 10).sort("rank")
    shown = first_ten(small)
    assert [row[2] for row in shown] == ten["name"].to_list()
    assert [row[3] for row in shown] == [f"{score:.1f}" for score in ten["score"]]
    assert small.page.locator(".otherwise").is_visible()


def _state(model) -> State:
    return State(
        dict(model.local), (),
        {name: {"x": list(cuts.x), "y": list(cuts.y)} for name, cuts in model.cuts.items()},
        [grade.bound for grade in model.tree.grades],
    )  # fmt: skip


def test_a_number_can_be_typed_its_siblings_share_the_rest_and_reset_leads_back(small) -> None:
    small.page.get_by_text(words("below", name="Current value"), exact=True).click()
    names = ("Gross profit", "Cost to serve", "Frequency")
    before = [float(number(small, name).input_value()) for name in names]
    number(small, "Gross profit").fill("20")
    number(small, "Gross profit").press("Enter")
    settled(small)
    after = [float(number(small, name).input_value()) for name in names]
    assert after[0] == 20
    assert sum(after) == pytest.approx(100, abs=0.11)
    assert after[1] / after[2] == pytest.approx(before[1] / before[2], abs=0.02)
    small.page.locator(".otherwise button").click()
    settled(small)
    assert [float(number(small, name).input_value()) for name in names] == before
    assert small.page.locator(".otherwise").is_hidden()
    assert small.page.evaluate("location.hash") == "#whatif"


def test_a_weight_that_took_everything_gives_it_back_as_it_was_evaluated(small) -> None:
    before = float(number(small, "Potential value").input_value())
    for value in ("100", str(100 - before)):
        number(small, "Current value").fill(value)
        number(small, "Current value").press("Enter")
    assert float(number(small, "Potential value").input_value()) == pytest.approx(before, abs=0.11)


def test_the_address_brings_back_what_was_set_and_refuses_what_cannot_be(opened, page_of) -> None:
    text = page_of("en", customers=120)
    at = "#whatif?w.current_value=0.25&w.potential_value=0.75&x.value_matrix.0=42.5&g.good=999&p.x.y=3&no"
    window = opened(text, at=at)
    window.page.wait_for_selector(CONTROL)
    settled(window)
    assert number(window, "Current value").input_value() == "25"
    window.page.get_by_text(words("cuts"), exact=True).click()
    cut = words("cut_of", axis="Current value", level="high")
    assert number(window, cut).input_value() == "42.5"
    assert number(window, words("grade_of", grade="Good")).input_value() == "80"
    assert "g.good" not in window.page.evaluate("location.hash")
    assert "x.value_matrix.0=42.5" in window.page.evaluate("location.hash")


def test_actions_classes_and_counts_follow(opened) -> None:
    """A cut that is moved moves the counts to those of the engine."""
    evaluation = case("everything")
    window = opened(text_of(evaluation), at="#whatif?x.plane.0=80&y.plane.0=20")
    window.page.wait_for_selector(CONTROL)
    settled(window)
    state = _state(evaluation.model)
    state = State(
        state.local, tuple(dict(entry.local) for entry in evaluation.model.profiles),
        {"plane": {"x": [80.0], "y": [20.0]}}, state.bounds,
    )  # fmt: skip
    wanted, _ = expected(evaluation, state)
    rows = {
        row[0]: row[2]
        for row in table_of(window, "#whatif-tool .outcome > .scroll:first-of-type")
        if len(row) == 4
    }
    counts = dict(wanted["class_plane"].drop_nulls().value_counts().iter_rows())
    for entry in evaluation.model.tree.matrices[0].classes:
        if count := counts.get(entry.id, 0):
            assert rows[entry.name["en"]] == str(count)
    assert rows[words("none_stated")] == str(wanted["action"].to_list().count("none_stated"))


def test_profiles_have_weights_of_their_own(opened) -> None:
    evaluation = case("everything")
    window = opened(text_of(evaluation), at="#whatif")
    window.page.wait_for_selector(CONTROL)
    everybody = number(window, "now").input_value()
    window.page.select_option("#whatif-whose", label="young")
    assert number(window, "now").input_value() == "25"
    number(window, "now").fill("90")
    number(window, "now").press("Enter")
    settled(window)
    assert "p.young.now=0.9" in window.page.evaluate("location.hash")
    window.page.select_option("#whatif-whose", index=0)
    assert number(window, "now").input_value() == everybody


def test_weights_at_which_somebody_else_comes_first_are_marked_and_told(small) -> None:
    """Where the first changes, and nowhere else: just beyond a mark the name in the sentence leads."""
    current = small.page.locator(CONTROL).first
    current.locator(".breaks:not(:empty)").wait_for()
    now = float(number(small, "Current value").input_value())
    told = current.locator(".breaks").inner_text()
    above = re.search(r"from ([\d.]+)% on,? (\S+) comes first", told)
    below = re.search(r"below ([\d.]+)%,? (\S+) comes first", told)
    assert current.locator(".break").count() >= bool(above) + bool(below) > 0
    for found, step in ((above, 0.2), (below, -0.2)):
        if found:
            assert (float(found[1]) - now) * step > 0
            number(small, "Current value").fill(str(float(found[1]) + step))
            number(small, "Current value").press("Enter")
            settled(small)
            assert first_ten(small)[0][2] == found[2]


def test_the_way_to_what_was_changed_keeps_it(small) -> None:
    number(small, "Current value").fill("30")
    number(small, "Current value").press("Enter")
    settled(small)
    at = small.page.evaluate("location.hash")
    small.page.evaluate("location.hash = '#data'")
    small.page.locator(".otherwise a").click()
    settled(small)
    assert small.page.evaluate("location.hash") == at
    assert number(small, "Current value").input_value() == "30"


def test_every_picture_is_drawn_and_follows(small) -> None:
    for kind in ("performance", "dynamic", "gradient", "head_to_head"):
        small.page.check(f"input[value={kind}]")
        place = f"#chart-whatif-{kind}"
        small.page.wait_for_selector(f"{place}[data-drawn] svg")
        drawn = small.page.inner_html(place)
        number(small, "Current value").fill(str(random.Random(kind).randint(5, 95)))
        number(small, "Current value").press("Enter")
        small.page.wait_for_function(
            "([place, drawn]) => document.querySelector(place).innerHTML !== drawn", arg=[place, drawn]
        )
        assert "NaN" not in small.page.inner_html(place)


@pytest.mark.parametrize(("language", "width"), [("zh", 390), ("en", 1440)])
def test_it_fits_a_phone_and_anybody_can_use_it(
    opened, page_of, accessible, language: str, width: int
) -> None:
    """Nothing is wider than the screen, and axe finds nothing with every fold open and something changed."""
    at = "#whatif?w.current_value=0.25&w.potential_value=0.75"
    window = opened(page_of(language, customers=120), at=at, width=width)
    window.page.wait_for_selector(CONTROL)
    window.page.evaluate(
        "document.querySelectorAll('#whatif details').forEach((one) => { one.open = true; })"
    )
    settled(window)
    assert window.page.evaluate("document.querySelector('#whatif-tool').scrollWidth") <= width
    assert window.page.locator(".otherwise").is_visible()
    assert accessible(window, "#whatif, .otherwise")


def test_without_scripts_the_weights_stand_in_its_place(opened, page_of) -> None:
    window = opened(page_of("en", customers=120), java_script_enabled=False)
    assert window.page.locator("#whatif-tool").inner_text() == ""
    rows = table_of(window, "#whatif .evaluated")
    assert [row[0] for row in rows][:2] == ["Current value", "Gross profit"]


def test_what_cannot_be_tried_out_is_said_in_its_place(opened, evaluation_of, monkeypatch) -> None:
    monkeypatch.setattr("evaluator.reports.page.whatif.MOST", 5)
    evaluation = evaluation_of("en")
    text = text_of(evaluation)
    assert words("refused.many", count=8, most=5, subject=Context(evaluation, "en").subject) in text
    assert 'id="whatif-tool"' not in text
    assert json.loads(re.search(r'id="page-data">(.*?)</script>', text)[1])["whatif"] is None
