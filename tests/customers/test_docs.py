"""The page on customer models says what is declared; `python docs/make_models.py` writes it."""

import inspect
import runpy
from pathlib import Path

import pytest
import yaml

from evaluator import customers
from evaluator.customers import CustomerOptions
from evaluator.documents import parse, validate

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_on_customer_models_is_what_is_declared() -> None:
    make = runpy.run_path(str(DOCS / "make_models.py"))
    assert (DOCS / "models.md").read_text("utf-8") == make["page"]()


def test_the_options_in_the_examples_can_be_stated() -> None:
    blocks = (DOCS / "models.md").read_text("utf-8").split("```yaml")[1:]
    stated = [yaml.safe_load(block.split("```")[0])["customers"] for block in blocks]
    first, *others = [validate(parse(yaml.safe_dump(one), "models.md"), CustomerOptions) for one in stated]
    assert first.show == ("rfm", "abc", "lifecycle", "relation")
    assert first.matrices[0].matrix == "conway"
    assert [one.switching.own for one in others if one.switching] == ["Nord"]


MODELS = (
    *("rfm", "abc", "concentration", "agreement", "contribution", "cost_to_serve", "three_way_value"),
    *("delivered_value", "delivered_values", "relative_value", "knowledge_value", "knowledge_values"),
    *("levers", "lifecycle", "lifecycle_signals", "place", "network_value", "network_values", "headroom"),
    *(
        "share_of_wallet",
        "contact_figures",
        "referral_value",
        "value_sources",
        "word_of_mouth_value",
        "firm_quadrant",
        "growth_potential",
    ),
    *("size_profit", "relation_states", "rhythm", "customer_types", "screen", "baseline_split"),
    *("decline_decision", "input_output", "transitions", "purchase_history", "calibration_holdout"),
)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_says_its_source_its_limits_and_an_example(name: str) -> None:
    said = inspect.getdoc(getattr(customers, name)) or ""
    assert "References\n" in said
    assert "Limits:" in said
    assert ">>> " in said
