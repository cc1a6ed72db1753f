"""Sections of lifetime value and customer equity: complete, in both languages, and absent without data."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
import vl_convert

from evaluator import messages
from evaluator.customers import CustomerOptions, run_models
from evaluator.present.blocks import Blocks, Table, Words
from evaluator.reports.context import Context
from evaluator.reports.options import ReportOptions
from evaluator.reports.page import page
from evaluator.reports.sections import SECTIONS

WORKING = ReportOptions(edition="working")

AS_OF = date(2024, 7, 1)
MONEY = {"discount_rate": 0.1, "currency": "CNY"}
OWN = {"lifetime", "retention", "crosscheck", "forecasts", "equity"}
MODELS = (
    "lifetime", "cohort", "retained", "curve", "migration", "accounts", "five_drivers", "optimum_retention",
    "events", "profits", "equity", "equity_drivers", "switching",
)  # fmt: skip
CURVE = {"h": 2.5, "v": 10.0, "g": 4.0, "ceiling": 20.0}
OPTIONS = CustomerOptions.model_validate(
    {
        "show": MODELS,
        "lifetime": {
            "margin": 0.3, "horizon": 52.0, "least_repeaters": 1,
            "calibration_end": date(2024, 1, 1), **MONEY,
        },
        "cohort": {"acquisition_cost": 10.0, **MONEY},
        "retained": {"margin": 260.0, "cost": 50.0, "retention": 0.75, "horizon": 10.0, **MONEY},
        "curve": {"curve": CURVE, "survival": {"retention": 0.9}, "horizon": 8.0, **MONEY},
        "migration": {"probabilities": (0.3, 0.05), "margin": 40.0, "cost": 4.0, "horizon": 4, **MONEY},
        "accounts": MONEY,
        "five_drivers": {
            "years": 5, "acquisition_cost": 80.0, "base": 30.0, "growth": 0.1, "retention": 0.8, **MONEY,
        },
        "optimum_retention": {"margin": 60.0, "retention": {"ceiling": 0.8, "k": 0.05}, **MONEY},
        "events": MONEY,
        "profits": {"horizon": 3, **MONEY},
        "equity_drivers": {"own": "we", "importance": {"quality": 2.0, "loyalty": 1.0}},
        "switching": {
            "own": "we", "margin_per_purchase": 10.0, "purchases_per_year": 2.0, "years": 3.0,
            "population": 1000.0, **MONEY,
        },
        "improvement": {"kept": 0.05, "outlays": (10.0,)},
    }
)  # fmt: skip


def _orders(rng: np.random.Generator) -> pl.DataFrame:
    """Return three years of purchases of the customers of the evaluation, and of others."""
    rows = []
    for number in range(1, 60):
        day, rate, mean = (
            AS_OF - timedelta(days=int(rng.integers(400, 1000))),
            rng.gamma(2, 30),
            rng.gamma(3, 30),
        )
        while day < AS_OF - timedelta(days=1):
            rows.append((f"{number:03d}", day, float(mean * rng.gamma(4, 0.25))))
            day += timedelta(days=int(1 + rng.exponential(rate)))
            if rng.random() < 0.05:
                break
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


def _tables() -> dict[str, pl.DataFrame]:
    brands = ["we", "we", "they", "we", "they", "they"]
    return {
        "orders": _orders(np.random.default_rng(5)),
        "cohort": pl.DataFrame(
            {"period": [0, 1, 2, 3], "customers": [1000, 640, 450, 340], "revenue": [9e4, 6e4, 4.4e4, 3.4e4]}
        ),
        "segments": pl.DataFrame(
            {"id": ["key"], "customers": [100.0], "lost": [20.0], "revenue": [1e5], "cost": [6e4],
             "years": [4.0], "programme_cost": [900.0], "kept": [3.0]}
        ),
        "events": pl.DataFrame(
            {"id": ["001", "001", "002"], "time": [1.0, 2.0, 0.5], "probability": [0.5, 0.9, 0.2],
             "revenue": [100.0, 50.0, 900.0], "cost": [10.0, 5.0, 300.0]}
        ),
        "profit_history": pl.DataFrame(
            {"id": ["001"] * 7 + ["002"], "period": [*range(7), 0], "profit": [5.0, 8, 12, 15, 17, 18, 19, 7]}
        ),
        "brand_ratings": pl.DataFrame(
            {"brand": ["we", "they"] * 2, "score": [4.0, 3, 2, 5],
             "driver": ["quality", "quality", "loyalty", "loyalty"]}
        ),
        "brand_choice": pl.DataFrame(
            {"id": [p for p in "abcd" for _ in brands], "period": list(range(6)) * 4, "brand": brands * 4}
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return run_models(_tables(), as_of=AS_OF, options=OPTIONS)


@pytest.fixture
def built(evaluation_of, found):
    def made(language: str) -> dict[str, Blocks]:
        context = Context(replace(evaluation_of(language), customers=found), language)
        parts = ((section.id, section.build(context)) for section in SECTIONS)
        return {name: data for name, data in parts if isinstance(data, Blocks) and name in OWN}

    return made


def test_every_model_has_a_result_on_these_tables(found) -> None:
    assert found.issues == {}
    assert found.results.keys() == set(MODELS)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_section_is_there_and_its_charts_can_be_drawn(built, language) -> None:
    sections = built(language)
    assert sections.keys() == OWN
    ids = [chart.id for name in OWN for chart in sections[name].charts]
    assert {
        *(
            "clv-distribution",
            "clv-concentration",
            "clv-tracking",
            "clv-holdout",
            "clv-score",
            "profit-curve",
        ),
        *("retention-curve", "five-drivers", "optimum-retention", "equity-map", "equity-share"),
    } == set(ids)
    for name in OWN:
        for chart in sections[name].charts:
            assert vl_convert.vegalite_to_vega(chart.spec)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_assumptions_stand_beside_every_value(built, language) -> None:
    rate = messages.text("report.retention.rate", language)
    for name in ("retention", "equity", "forecasts"):
        for part in built(language)[name].parts:
            names = [fact.name for block in part.blocks if block.shape == "facts" for fact in block.facts]
            lead = [block for block in part.blocks if isinstance(block, Words) and block.kind == "lead"]
            assert rate in names or not lead or part.title == messages.text("report.equity.drivers", language)


def test_figures_are_those_the_models_found(built, found) -> None:
    highest = next(t for t in built("en")["lifetime"].tables if t.heads[-1].title == "CLV")
    assert (highest.heads[-1].kind, highest.heads[-1].currency) == ("money", "CNY")
    assert highest.rows[0][-1] == found.results["lifetime"].frame["clv"].max()
    accounts = next(table for table in built("en")["retention"].tables if table.note)
    assert accounts.rows[0][-1] == "pays"
    apart = [t for t in built("en")["crosscheck"].tables if isinstance(t, Table)]
    assert all(table.total >= len(table.rows) for table in apart)


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_switching_that_people_intend_is_not_told_as_bought(evaluation_of, language) -> None:
    asked = pl.DataFrame(
        {"last": ["we", "we", "they"], "next": ["we", "they", "they"], "count": [70, 10, 40]}
    )
    found = run_models(
        {"brand_switching": asked}, options=OPTIONS.model_copy(update={"show": ("switching",)})
    )
    context = Context(replace(evaluation_of(language), customers=found), language)
    [section] = [section.build(context) for section in SECTIONS if section.id == "equity"]
    lead = section.parts[0].blocks[0].text
    assert "120" in lead
    assert ("Intentions" in lead, "意向" in lead) == (language == "en", language == "zh")
    rows = {row[0]: row for row in section.tables[0].rows}
    # share of last purchases, chances of both brands with one added to each count, people asked
    assert rows["we"] == ("we", pytest.approx(80 / 120), pytest.approx(71 / 82), pytest.approx(11 / 82), 80)
    assert section.tables[0].title == messages.text("report.equity.intended", language)


def test_a_study_without_these_models_has_none_of_the_sections(evaluation_of) -> None:
    context = Context(evaluation_of("en"), "en")
    assert not [section.id for section in SECTIONS if section.id in OWN and section.build(context)]


def test_a_model_the_data_do_not_carry_says_so_in_its_section(evaluation_of) -> None:
    tables = {"orders": _tables()["orders"].head(1)}
    strict = OPTIONS.model_copy(update={"show": ("lifetime", "cohort")})
    findings = run_models(tables, as_of=AS_OF, options=strict)
    context = Context(
        replace(evaluation_of("zh"), customers=findings), "zh", ReportOptions(edition="working")
    )
    said = {
        section.id: data.parts[0].blocks[0].text
        for section in SECTIONS
        if section.id in OWN and (data := section.build(context))
    }
    assert "CLV-940" in said["lifetime"]
    assert "CUST-927" in said["retention"]


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_page_shows_them(evaluation_of, found, language) -> None:
    evaluation = replace(evaluation_of(language), customers=found)
    text = page(evaluation, language, options=ReportOptions())
    for name in OWN:
        assert f'id="{name}"' in text
        assert messages.text(f"report.section.{name}", language) in text
