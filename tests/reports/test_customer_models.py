"""Sections of customer models: every model a study's tables carry, for three customers and three thousand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import vl_convert
from python_calamine import CalamineWorkbook
from report_sections import section_of

from evaluator import customers as models
from evaluator import messages
from evaluator.customers import CustomerOptions, MatrixOptions, run_models
from evaluator.customers.models.matrices import view as matrices_view
from evaluator.errors import Issue
from evaluator.present import charts
from evaluator.present.blocks import Blocks, Cards, Facts, Table, Words
from evaluator.reports import model_sheets
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.sections import SECTIONS
from evaluator.reports.workbook import write_workbook

WORKING = ReportOptions(edition="working")

AS_OF = date(2024, 7, 1)
OPTIONS = CustomerOptions.model_validate(
    {
        "relation": {"loyal_score": 80.0, "lost_days": 400.0},
        "types": {"words": {"maker": "industrial"}},
        "decline": {
            "margin_rate": 0.4, "cost": 50.0, "probability": 0.3, "retention": 0.9,
            "declining_retention": 0.5, "discount_rate": 0.1, "periods": 5,
        },
        "knowledge": {"constant": 2.0, "cost": 5.0},
        "network": {"beta": 0.5},
        "referrals": {"discount_rate": 0.1},
        "word_of_mouth": {"referrals": "fame", "conversion": 0.5, "margin": 10.0},
        "potential": {
            "share": {"measure": "repeat_rate", "worst": 0.0, "best": 1.0, "weight": 2.0},
            "relationship": {"measure": "loyalty", "worst": 0.0, "best": 100.0, "weight": 1.0},
            "business": {"measure": "net_amount", "worst": 0.0, "best": 1000.0, "weight": 1.0},
        },
        "headroom": {"business": "net_amount", "share": "repeat_rate"},
        "levers": {"importance_cut": 6.0, "cost_cut": 5.0},
        "delivered": {"benefits": {"product": 2.0, "service": 1.0}, "costs": {"money": 1.0}},
        "three_way": {"potential": {"loyalty": 1.0}, "non_monetary": {"fame": 1.0}},
        "quadrant": {"skew_cut": 0.4, "diversity_cut": 0.5},
        "baseline": {"cut": {"kind": "quantile", "at": (0.5,)}},
        "size_profit": {"profit": "contribution"},
        "screening": ({"column": "net_amount", "at_least": 20.0}, {"column": "region", "one_of": ("N",)}),
        "matrices": (
            {"matrix": "conway", "x": "loyalty", "y": "net_amount", "border_x": 2.0},
            {"matrix": "clv_types", "x": "net_amount", "y": "loyalty", "below": "contribution"},
        ),
    }
)  # fmt: skip


def _tables(customers: int) -> dict[str, pl.DataFrame]:
    """Return coherent tables of so many customers from a seed; the last customers have stopped buying."""
    rng = np.random.default_rng(7)
    ids = [f"C{number:04d}" for number in range(customers)]
    lines, costs = [], []
    for place, who in enumerate(ids):
        stopped = 200 if place % 3 == 2 else 0
        for turn in range(4 + place % 5):
            day = AS_OF - timedelta(days=int(10 + stopped + 45 * turn + rng.integers(0, 9)))
            lines.append((who, day, f"P{int(rng.integers(0, 4))}", float(rng.lognormal(4, 1))))
        if place % 50 == 9:  # a long history that shrinks month by month
            falling = ((who, AS_OF - timedelta(days=30 * n + 3), "P0", 20 * 1.05**n) for n in range(40))
            lines = [line for line in lines if line[0] != who] + list(falling)
        costs.append((who, float(rng.integers(1, 9)), float(rng.lognormal(3, 1))))
    ring = [ids[(place + 1) % customers] for place in range(customers)]
    return {
        "orders": pl.DataFrame(lines, schema=["id", "date", "product", "amount"], orient="row"),
        "customers": pl.DataFrame(
            {"id": ids, "region": ["N" if n % 4 else "S" for n in range(customers)],
             "customer_type": ["maker" if n % 3 else "public" for n in range(customers)]}
        ),
        "customer_types": pl.DataFrame(
            {"id": [ids[0], ids[0]], "type": ["consumer", "public"],
             "date": [date(2023, 1, 1), date(2024, 6, 1)]}
        ),
        "service_costs": pl.DataFrame(costs, schema=["id", "quantity", "rate"], orient="row"),
        "acquisition": pl.DataFrame({"id": ids, "amount": rng.lognormal(3, 1, customers)}),
        "measures": pl.DataFrame(
            {"id": ids, "loyalty": rng.uniform(0, 100, customers), "fame": rng.uniform(0, 100, customers)}
        ),
        "relations": pl.DataFrame(
            {"id": [*ids, "asked", "never"], "loyalty": [85.0] * (customers + 2),
             "need": [None] * customers + [1, 0], "ability": [None] * customers + [1, 0]}
        ),
        "info_points": pl.DataFrame(
            {"id": ids[:2], "point": ["needs", "rivals"], "p": [3, 5], "uses": [10, 4], "collections": [1, 2]}
        ),
        "network": pl.DataFrame({"id": ids[:50], "to": ring[:50], "weight": [0.3] * len(ids[:50])}),
        "referrals": pl.DataFrame(
            {"id": ids[:1], "period": [1.0], "because": ["yes"], "margin": [50.0], "marketing": [5.0],
             "saved": [9.0]}
        ),
        "offer": pl.DataFrame(
            {"id": ["speed", "gifts"], "importance": [9, 2], "own": [5, 7], "rival": [6, 3], "cost": [1, 8]}
        ),
        "delivered": pl.DataFrame(
            {"id": ids[:2] * 2, "product": [8, 7, 6, 6], "service": [7, 6, 5, 6], "money": [4, 5, 4, 4],
             "rival": [None, None, "B", "B"]}
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return {size: run_models(_tables(size), as_of=AS_OF, options=OPTIONS) for size in (3, 3000)}


@pytest.fixture
def context_of(evaluation_of, found):
    def made(language: str = "en", customers: int = 3) -> Context:
        return Context(replace(evaluation_of(language), customers=found[customers]), language)

    return made


def sections(context: Context) -> dict[str, Blocks]:
    built = ((section.id, section.build(context)) for section in SECTIONS)
    return {name: data for name, data in built if isinstance(data, Blocks)}


OWN = {
    "rfm",
    "concentration",
    "customer_matrices",
    "types",
    "relation",
    "lifecycle",
    "value_measures",
    "methods",
}


def test_every_model_has_a_result_on_these_tables(found) -> None:
    for size in found:
        assert not found[size].issues
        assert {
            *("potential", "headroom", "word_of_mouth"),
            *("rfm", "abc", "agreement", "screening", "baseline", "price_cost", "matrices", "size_profit"),
            *("quadrant", "types", "relation", "lifecycle", "stage_accounts", "decline", "cost_to_serve"),
            *("contribution", "three_way", "delivered", "levers", "knowledge", "network", "referrals"),
        } <= found[size].results.keys()


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("customers", [3, 3000])
def test_every_section_is_there_and_its_charts_can_be_drawn(context_of, language, customers) -> None:
    built = sections(context_of(language, customers))
    assert built.keys() >= OWN
    for name in OWN:
        for chart in built[name].charts:
            assert vl_convert.vegalite_to_vega(chart.spec)
            assert chart.title
            assert chart.description


def test_a_study_without_such_tables_has_no_such_section(evaluation_of) -> None:
    context = Context(evaluation_of("en"), "en")
    assert not OWN & sections(context).keys()
    assert [title for title, _ in model_sheets.model_sections(context)] == [context.text("section.certainty")]
    assert model_sheets.customer_models(context).columns == ()


def test_a_model_without_result_says_why_in_its_section(evaluation_of) -> None:
    options = CustomerOptions(show=("rfm", "knowledge"))
    findings = run_models({}, as_of=AS_OF, options=options)
    context = Context(
        replace(evaluation_of("en"), customers=findings), "en", ReportOptions(edition="working")
    )
    (words,) = sections(context)["rfm"].parts[0].blocks
    assert isinstance(words, Words)
    assert (words.kind, "CUST-927" in words.text) == ("note", True)
    assert "value_measures" in sections(context)


def test_counts_of_the_classes_are_those_of_the_customers(context_of, found) -> None:
    """RFM, ABC, stages, states and the cells of each matrix count every customer once."""
    context = context_of(customers=3000)
    counted = {
        name: sum(card.count for card in block.cards)
        for name, data in sections(context).items()
        for part in data.parts
        for block in part.blocks
        if isinstance(block, Cards)
    }
    assert (
        counted["rfm"]
        == counted["concentration"]
        == counted["lifecycle"]
        == counted["customer_matrices"]
        == 3000
    )
    assert counted["types"] == 3000
    assert counted["relation"] == 3002


def test_a_picture_of_many_customers_is_a_sample(context_of) -> None:
    few, many = (section_of("customer_matrices", context_of(customers=size)) for size in (3, 3000))
    assert few is not None
    assert many is not None
    dots = [len(chart.spec["layer"][0]["data"]["values"]) for chart in (few.charts[0], many.charts[0])]
    assert dots == [3, 1500]


def test_figures_are_those_the_models_found(context_of, found) -> None:
    context, results = context_of(), found[3].results
    table = next(
        b for p in section_of("value_measures", context).parts for b in p.blocks if isinstance(b, Table)
    )
    expected = results["contribution"].sort("contribution", descending=True)
    assert [row[0] for row in table.rows] == expected["id"].to_list()
    assert [row[-1] for row in table.rows] == expected["contribution"].to_list()
    pairs = section_of("methods", context).tables[0]
    assert [row[3:] for row in pairs.rows] == results["agreement"].pairs.select("spearman", "kendall").rows()
    cards = next(b for p in section_of("rfm", context).parts for b in p.blocks if isinstance(b, Cards))
    assert [card.count for card in cards.cards] == results["rfm"].profile["customers"].to_list()
    facts = next(
        b for p in section_of("concentration", context).parts for b in p.blocks if isinstance(b, Facts)
    )
    gini = facts.facts[0]
    assert (gini.value, gini.kind) == (results["abc"].concentration.gini, "coefficient")


def test_declining_customers_have_their_card(context_of) -> None:
    data = section_of("lifecycle", context_of(customers=3000))
    assert data is not None
    tables = {table.title: table for table in data.tables}
    card = tables["Decision card for declining customers"]
    assert card.total == 60
    assert len(card.rows) == 50
    for row in card.rows:
        assert row[6] == pytest.approx(row[4] - row[5])
        assert row[8] == ("win back" if row[6] > 0 else "let go")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_page_and_workbook_show_the_models(evaluation_of, found, tmp_path, language) -> None:
    evaluation = replace(evaluation_of(language), customers=found[3])
    text = page(evaluation, language, options=ReportOptions())
    for name in OWN:
        assert f'<section id="{name}"' in text
    path = tmp_path / "报告.xlsx"
    write_workbook(evaluation, path, language=language)
    sheets = CalamineWorkbook.from_path(path).sheet_names
    titles = [
        messages.text(f"report.workbook.sheet.{name}", language) for name in ("models", "customer_models")
    ]
    assert set(titles) <= set(sheets)


def test_the_list_of_customers_has_a_column_per_model(context_of) -> None:
    listing = model_sheets.customer_models(context_of("zh", 3))
    keys = [column.key for column in listing.columns]
    assert keys[0] == "id"
    assert {"rfm_class", "abc_class", "lifecycle_stage", "contribution", "class_in_conway"} <= set(keys)
    assert listing.total == listing.frame.height == 5  # three customers and two who were only asked
    assert set(listing.frame["class_in_conway"].drop_nulls()) <= {
        "金牌客户",
        "风险客户",
        "边际价值客户",
        "避免过度服务的客户",
    }


def _words(data: Blocks) -> str:
    return " ".join(b.text for p in data.parts for b in p.blocks if isinstance(b, Words))


def test_price_and_cost_show_where_they_are_equal_and_other_matrices_do_not(context_of) -> None:
    charts = {chart.id: chart for chart in section_of("customer_matrices", context_of(customers=3000)).charts}
    lines = {
        name: layer["data"]["values"]
        for name, chart in charts.items()
        for layer in chart.spec["layer"]
        if layer["mark"]["type"] == "line"
    }
    assert list(lines) == ["customer-matrix-price_cost"]
    assert len(charts) > 1
    at = [point["at"] for point in lines["customer-matrix-price_cost"]]
    assert at == sorted(at)
    dots = charts["customer-matrix-price_cost"].spec["layer"][0]["data"]["values"]
    for side in "xy":
        reached = [dot[side] for dot in dots]
        assert min(reached) <= at[0] < at[-1] <= max(reached)
    assert "price equals cost to serve" in charts["customer-matrix-price_cost"].description


def test_sides_that_never_meet_have_no_line_of_equality() -> None:
    marks = [charts.Dot("a", "a", 1.0, 10.0, "x"), charts.Dot("b", "b", 5.0, 30.0, "x")]
    assert matrices_view._equal_sides(marks) == []


def test_a_cut_says_which_quantile_it_is(context_of) -> None:
    context = context_of()
    assert "(the median)" in _words(section_of("customer_matrices", context))
    table = pl.DataFrame({"id": ["a", "b"], "cost_to_serve": [1.0, 3.0], "price": [2.0, 5.0]})
    options = MatrixOptions.model_validate({"x_cut": {"kind": "quantile", "at": (0.8,)}})
    placed = models.place(table, "price_cost", options=options)
    assert matrices_view._kind("x", placed.matrix.x, placed, context.reader) == "quantile 80%"


def test_customers_without_a_class_lack_a_side_as_its_axis_is_called() -> None:
    issue = Issue("CUST-918", "cost_to_serve / price", {"count": 1, "examples": "a"})
    placed = models.place(pl.DataFrame({"id": ["a"], "cost_to_serve": [1.0], "price": [2.0]}), "price_cost")
    assert matrices_view._by_axes(issue, placed, "en").subject == "Cost to serve / Net price realised"
    assert matrices_view._by_axes(issue, placed, "zh").subject == "服务成本 / 实际成交净价"
