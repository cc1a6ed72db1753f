"""The page on customer models says what is declared; `python docs/make_models.py` writes it."""

import runpy
from pathlib import Path

import yaml

from evaluator.customers import CustomerOptions
from evaluator.documents import parse, validate

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_on_customer_models_is_what_is_declared() -> None:
    make = runpy.run_path(str(DOCS / "make_models.py"))
    assert (DOCS / "models.md").read_text("utf-8") == make["page"]()


def test_the_options_in_the_example_can_be_stated() -> None:
    example = (DOCS / "models.md").read_text("utf-8").split("```yaml")[1].split("```")[0]
    stated = yaml.safe_load(example)["customers"]
    options = validate(parse(yaml.safe_dump(stated), "models.md"), CustomerOptions)
    assert options.show == ("rfm", "abc", "lifecycle", "relation")
    assert options.matrices[0].matrix == "conway"
