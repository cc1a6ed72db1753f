"""Sections of satisfaction, loyalty, churn and the firm, from tables of surveys, complaints and leavers."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import vl_convert
from python_calamine import CalamineWorkbook
from report_sections import section_of

from evaluator import messages
from evaluator.customers import CustomerOptions, run_models
from evaluator.customers.models.firm import capability_structure, checklists
from evaluator.present.blocks import Blocks, Cards, Facts, Table, Words
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.sections import SECTIONS
from evaluator.reports.workbook import write_workbook

WORKING = ReportOptions(edition="working")

AS_OF = date(2024, 7, 1)
OWN = {"satisfaction", "loyalty", "churn", "firm"}
ITEMS = ("quality", "delivery", "advice")
OPTIONS = CustomerOptions.model_validate(
    {
        "satisfaction": {
            "items": {
                "quality": {"name": {"zh": "质量", "en": "Quality"}, "group": "core"},
                "delivery": {"group": "core"},
                "advice": {"group": "bond"},
            },
            "groups": {
                "core": {"name": {"zh": "核心产品", "en": "Core"}, "weight": 2.0},
                "bond": {"name": {"zh": "情感", "en": "Bond"}, "weight": 1.0},
            },
        },
        "latent": {
            "blocks": {"quality": ("quality", "delivery"), "own": ("advice",)},
            "paths": {"quality": ("own",)},
        },
        "trap": {"basic": 0.5, "potential": 0.6, "band": 0.3},
        "loyalty_cells": {"border_x": 2.0},
        "warning": {"signs": {"overdue_days": {"calm": 0.0, "alarm": 30.0}}, "high": 50.0},
        "winback": {"margin_rate": 0.3},
        "complaints": {"hours": 24.0},
        "capability": {"targets": {"index": 80.0, "value": 85.0}},
        "channels": {"weights": {"reach": 1.0, "depth": 3.0}},
        "marketing": {"customers": "medium", "margin": "high"},
    }
)


def _tables(customers: int = 40) -> dict[str, pl.DataFrame]:
    """Return coherent tables from a seed: every fifth customer left half a year ago."""
    rng = np.random.default_rng(3)
    ids = [f"C{n:03}" for n in range(customers)]
    bond = rng.normal(size=customers)
    lost = [n for n in range(customers) if n % 5 == 4]
    orders = [
        (who, AS_OF - timedelta(days=int(30 * turn + 3 + rng.integers(0, 9))), float(rng.lognormal(5, 0.5)))
        for n, who in enumerate(ids)
        for turn in range(30)
        if 30 * turn >= (180 if n in lost else 0)
    ]
    survey = [
        (who, item, 7.0, float(np.clip(round(6.5 + bond[n] + rng.normal()), 1, 10)), float(3 + place))
        for n, who in enumerate(ids)
        for place, item in enumerate(ITEMS)
    ]
    answers = zip(ITEMS, ((2, 5), (1, 5), (1, 3)), strict=True)
    kano = [(who, item, *pair) for item, pair in answers for who in ids]
    opinion = np.clip(np.round(3 + bond), 1, 5)
    causes = ("service_quality", "rival_offer", "product_quality", None)
    items = [item.id for _, item in capability_structure().items()]
    statements = [item.id for level in checklists().maturity.levels for item in level.items]
    parts = [part.id for part in checklists().interaction.parts]
    factors = [factor.id for factor in capability_structure().factors]
    return {
        "orders": pl.DataFrame(orders, schema=["id", "date", "amount"], orient="row"),
        "survey": pl.DataFrame(
            survey, schema=["id", "item", "expected", "perceived", "importance"], orient="row"
        ),
        "kano": pl.DataFrame(kano, schema=["id", "item", "functional", "dysfunctional"], orient="row"),
        "loyalty": pl.DataFrame(
            {
                "id": ids, "trust": opinion, "recommendation": np.clip(np.round(6 + 2 * bond), 0, 10),
                "suppliers": [1 + n % 4 for n in range(customers)], "convenience": opinion,
                "price": 6 - opinion,
                "attachment": opinion, "emotional": opinion, "rational": [3.0] * customers,
                "dissatisfied": 6 - opinion, "spend": np.exp(5 + bond), "aware": [1] * customers,
                "goodwill": (opinion >= 2).astype(int), "satisfied": (opinion >= 3).astype(int),
                "loyal": (opinion >= 4).astype(int), "reward": opinion,
                "sunk_cost": rng.integers(1, 6, customers),
            }
        ),
        "complaints": pl.DataFrame(
            {
                "id": ids[:12], "date": [AS_OF - timedelta(days=20 * n + 1) for n in range(12)],
                "valid": [1, 1, 0] * 4, "hours": [float(4 * n) for n in range(11)] + [None],
                "satisfaction": [3.0] * 12,
            }
        ),
        "churn_events": pl.DataFrame(
            {
                "id": [ids[n] for n in lost], "date": [AS_OF - timedelta(days=170)] * len(lost),
                "kind": ["active", "passive"] * (len(lost) // 2),
                "cause": [causes[n % 4] for n in range(len(lost))],
                "returns": [0.3] * len(lost), "cost": [50.0] * len(lost),
            }
        ),
        "warning": pl.DataFrame({"id": ids[:9], "overdue_days": [30.0] * 9}),
        "capability": pl.DataFrame(
            [
                (item, f"r{rater}", float(np.clip(round(3 + rng.normal()), 1, 5)), year)
                for year in ("2023", "2024")
                for item in (*items, *factors)
                for rater in range(4)
            ],
            schema=["id", "rater", "score", "period"], orient="row",
        ),
        "performance": pl.DataFrame(
            {"id": ["nps", "complaint_rate", "clv_total"], "actual": [30.0, 0.03, 9.0],
             "baseline": [20.0, 0.05, None], "target": [50.0, 0.01, None]}
        ),
        "checklist": pl.DataFrame(
            {"id": [*statements, *parts, "product_changed", "presentation_changed"],
             "answer": [*(n < 5 for n in range(len(statements))), *(n < 6 for n in range(len(parts))), 1, 0]},
            strict=False,
        ).with_columns(pl.col("answer").cast(pl.Float64)),
        "channels": pl.DataFrame(
            {"id": ["visit", "mail"], "reach": [2.0, 5.0], "depth": [5.0, 1.0], "goal": [10.0, 100.0],
             "actual": [8.0, 40.0], "contacts": [20.0, 900.0], "cost": [4000.0, 90.0]}
        ),
        "idic": pl.DataFrame(
            {"id": ids, "identified": [1] * customers, "differentiated": [n % 2 for n in range(customers)]}
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return run_models(_tables(), as_of=AS_OF, options=OPTIONS)


@pytest.fixture
def context_of(evaluation_of, found):
    def made(language: str = "en") -> Context:
        return Context(replace(evaluation_of(language), customers=found), language)

    return made


def told(facts: Facts) -> dict:
    return {fact.name: fact.value for fact in facts.facts}


def blocks(data: Blocks | None, kind: type) -> list:
    assert data is not None
    return [block for part in data.parts for block in part.blocks if isinstance(block, kind)]


def test_every_model_has_a_result(found) -> None:
    assert found.issues == {}
    wanted = ("satisfaction", "kano", "trap", "false_loyalty", "loyalty", "churn", "warning", "warning_test")
    more = ("winback", "complaints", "capability", "performance", "firm_states", "idic", "channels")
    assert {*wanted, *more} <= found.results.keys()


def test_every_chart_can_be_drawn_and_says_what_it_shows(context_of) -> None:
    context = context_of("zh")
    for name in OWN:
        data = section_of(name, context)
        assert data is not None
        for chart in data.charts:
            assert vl_convert.vegalite_to_vega(chart.spec)
            assert chart.title
            assert chart.description
        for words in blocks(data, Words):
            assert "{" not in words.text


def test_pictures_people_expect_are_there(context_of) -> None:
    drawn = {chart.id for name in OWN for chart in section_of(name, context_of()).charts}
    assert drawn >= {
        *("satisfaction-pairs", "satisfaction-priorities", "satisfaction-kano", "satisfaction-curve"),
        *(
            "satisfaction-model",
            "satisfaction-bands",
            "satisfaction-loyalty",
            "loyalty-cells",
            "loyalty-causes",
            "loyalty-segments",
            "loyalty-ladder",
        ),
        *("loyalty-drivers", "churn-causes", "churn-tenths", "complaint-months", "firm-abilities"),
        *("firm-trend", "firm-views", "firm-idic"),
    }


def test_figures_are_those_the_models_found(context_of, found) -> None:
    results = found.results
    facts = told(blocks(section_of("satisfaction", context_of()), Facts)[0])
    assert facts["Satisfaction index"] == results["satisfaction"].total["index"][0]
    table = next(t for t in blocks(section_of("churn", context_of()), Table) if t.title == "Win-back")
    assert [row[1] for row in table.rows] == results["winback"].frame["id"].to_list()
    cards = blocks(section_of("loyalty", context_of()), Cards)[0]
    assert sum(card.count for card in cards.cards) == 40
    assert all(card.strategy for card in cards.cards)
    first = told(blocks(section_of("firm", context_of()), Facts)[0])
    assert first["Index"] == results["capability"].index


def test_items_carry_the_names_of_the_study_and_else_their_ids(context_of) -> None:
    tables = {t.title: t for t in blocks(section_of("satisfaction", context_of("zh")), Table)}
    assert [row[0] for row in tables["分题项"].rows] == ["质量", "delivery", "advice"]
    assert [row[0] for row in tables["分维度"].rows] == ["情感", "核心产品"]


def test_a_state_is_told_with_what_the_next_one_needs(context_of) -> None:
    facts = [told(block) for block in blocks(section_of("firm", context_of()), Facts)]
    states = next(block for block in facts if "Customer-orientation maturity" in block)
    assert states["Customer-orientation maturity"] == "Intermediate"
    assert states["Type of customisation"] == "Transparent"
    assert states["Type of relationship marketing"] == "Proactive"
    assert states["Interaction plan"] == "Incomplete"
    said = " ".join(block.text for block in blocks(section_of("firm", context_of()), Words))
    assert "To reach the next level" in said


def test_channels_are_ranked_with_what_they_achieved(context_of) -> None:
    channels = next(
        t for t in blocks(section_of("firm", context_of()), Table) if t.title == "Interaction channels"
    )
    assert channels.rows == (("visit", 4.25, 0.8, 200.0, 1), ("mail", 2.0, 0.4, 0.1, 2))
    assert "reach 1, depth 3" in channels.note


def test_without_such_tables_there_is_no_such_section(evaluation_of) -> None:
    context = Context(evaluation_of("en"), "en")
    shown = {section.id for section in SECTIONS if section.build(context) is not None}
    assert not OWN & shown


def test_a_model_the_data_do_not_carry_says_so(evaluation_of) -> None:
    tables = {"survey": _tables()["survey"].with_columns(perceived=pl.lit(99.0))}
    findings = run_models(tables, as_of=AS_OF)
    context = Context(
        replace(evaluation_of("en"), customers=findings), "en", ReportOptions(edition="working")
    )
    (words,) = blocks(section_of("satisfaction", context), Words)
    assert (words.kind, "CUST-940" in words.text) == ("note", True)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_page_and_workbook_show_the_sections(evaluation_of, found, tmp_path, language) -> None:
    evaluation = replace(evaluation_of(language), customers=found)
    text = page(evaluation, language, options=ReportOptions())
    for name in OWN:
        assert f'<section id="{name}"' in text
    path = tmp_path / "report.xlsx"
    write_workbook(evaluation, path, language=language)
    book = CalamineWorkbook.from_path(path)
    title = messages.text("report.workbook.sheet.models", language)
    cells = {cell for row in book.get_sheet_by_name(title).to_python() for cell in row}
    assert messages.text("report.section.churn", language) in cells or any(
        messages.text("report.section.churn", language) in str(cell) for cell in cells
    )


def test_competitors_stand_beside_the_firm_where_the_survey_rates_them(evaluation_of) -> None:
    survey = _tables()["survey"]
    both = pl.concat(
        [
            survey.with_columns(brand=pl.lit("Us")),
            survey.with_columns(pl.lit(5.0).alias("perceived"), brand=pl.lit("Them")),
        ]
    )
    stated = OPTIONS.satisfaction.model_copy(update={"own": "Us"})
    options = OPTIONS.model_copy(update={"satisfaction": stated, "show": ("satisfaction",)})
    found = run_models({"survey": both}, as_of=AS_OF, options=options)
    context = Context(replace(evaluation_of("en"), customers=found), "en")
    tables = {t.title: t for t in blocks(section_of("satisfaction", context), Table)}
    rivals = found.results["satisfaction"].rivals
    assert [row[0] for row in tables["By item, where the firm lags first"].rows] == [
        context.reader.name(item) for item in rivals.items["item"]
    ]
    assert [row[0] for row in tables[""].rows] == ["Us", "Them"]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_survey_that_asks_no_expectations_is_told_by_its_levels(evaluation_of, language) -> None:
    asked = {"survey": _tables()["survey"].drop("expected", "importance")}
    options = CustomerOptions.model_validate({"show": ("satisfaction",)})
    found = run_models(asked, as_of=AS_OF, options=options)
    context = Context(replace(evaluation_of(language), customers=found), language)
    [section] = [built for one in SECTIONS if one.id == "satisfaction" and (built := one.build(context))]
    assert [chart.id for chart in section.charts] == ["satisfaction-levels"]
    assert vl_convert.vegalite_to_vega(section.charts[0].spec)
    [table] = section.tables
    assert len(table.heads) == 4
    assert [row[1] for row in table.rows] == [40] * len(ITEMS)
    [lead] = [
        block.text for part in section.parts for block in part.blocks if getattr(block, "kind", "") == "lead"
    ]
    assert lead.startswith("40")
