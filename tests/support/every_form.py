"""The small study with somebody to ask in every form, and something to ask about."""

from pathlib import Path

import pytest

FORM_KEYS = """
forms:
  raters:
    - {id: R1, name: Ann, where: {region: [East]}}
    - {id: R2, name: Bob, customers: [002], indicators: [trust]}
  assessors:
    - {id: A1, customers: [001]}
  respondents:
    - {id: P1, customer: 001, name: Carl}
  items:
    - {id: delivery, name: {zh: 交货, en: Delivery}}
"""


@pytest.fixture
def graded(folder: Path) -> Path:
    """The small study where trust is graded and customers have a region."""
    tree = folder / "tree.yaml"
    text = tree.read_text("utf-8").replace(
        "scale: {kind: linear, worst: 1, best: 5}", "scale: {kind: graded}"
    )
    tree.write_text(text.replace("trust: 5}", "trust: 100}").replace("trust: 1}", "trust: 0}"), "utf-8")
    (folder / "measures.csv").write_text("id,profit,delay\n001,50,10\n002,100,0\n003,10,5\n", "utf-8")
    (folder / "customers.csv").write_text(
        "id,name,region\n001,One,East\n002,Two,West\n003,Three,East\n", "utf-8"
    )
    path = folder / "study.yaml"
    path.write_text(path.read_text("utf-8") + "  customers: {file: customers.csv}\n" + FORM_KEYS, "utf-8")
    return folder
