"""A tree may name satisfaction, loyalty and churn as measures; what is relative is frozen in the model."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from evaluator.customers import CustomerOptions
from evaluator.measuring import measured
from evaluator.scoring import fit, load_model, score
from evaluator.tree import load_tree
from evaluator.weighing import weigh

AS_OF = date(2025, 1, 1)
TREE = """\
schema: 1
id: relation
name: 客户关系
subject: customer
status: custom
source: 自定
weights_source: 示例
grades:
  - {id: good, name: 良好, score: 85, from: 60}
  - {id: poor, name: 差, score: 40, from: 0}
root:
  children:
    - {id: satisfied, name: 满意, measure: satisfaction_index, direction: benefit, weight: 1,
       scale: {kind: linear, worst: 0, best: 100}}
    - {id: risk, name: 流失风险, measure: churn_risk, direction: cost, weight: 1,
       scale: {kind: linear, worst: 100, best: 0}}
    - {id: kind, name: 满意与忠诚, measure: satisfaction_loyalty_class, direction: benefit, weight: 1,
       scale: {kind: lookup, scores: {loyalist: 100, mercenary: 60, hostage: 40, defector: 0}}}
"""
OPTIONS = CustomerOptions.model_validate({"warning": {}})


def _tables(customers: tuple[str, ...] = ("a", "b", "c", "d")) -> dict[str, pl.DataFrame]:
    told = {"a": (9.0, 5.0), "b": (8.0, 2.0), "c": (4.0, 5.0), "d": (2.0, 1.0)}
    orders = [(who, AS_OF - timedelta(days=30 * n + 5), 100.0) for who in customers for n in range(12)]
    return {
        "orders": pl.DataFrame(orders, schema=["id", "date", "amount"], orient="row"),
        "survey": pl.DataFrame(
            [(who, "all", 8.0, told[who][0]) for who in customers],
            schema=["id", "item", "expected", "perceived"],
            orient="row",
        ),
        "loyalty": pl.DataFrame(
            [(who, told[who][1]) for who in customers], schema=["id", "trust"], orient="row"
        ),
    }


def test_relations_are_measured_scored_and_frozen(tmp_path: Path) -> None:
    path = tmp_path / "relation.yaml"
    path.write_text(TREE, "utf-8")
    tree = load_tree(path)
    found = measured(_tables(), tree, as_of=AS_OF, customers=OPTIONS)
    rows = {row["id"]: row for row in found.frame.to_dicts()}
    assert rows["a"]["satisfaction_index"] == pytest.approx(100 * 8 / 9)
    assert rows["a"]["churn_risk"] == 0
    kinds = {who: row["satisfaction_loyalty_class"] for who, row in rows.items()}
    assert kinds == {"a": "loyalist", "b": "mercenary", "c": "hostage", "d": "defector"}
    model = fit(tree, weigh(tree), found.frame, customers=found.customers)
    model.save(tmp_path / "model.json")
    again = load_model(tmp_path / "model.json")
    alone = measured(_tables(("b",)), tree, as_of=AS_OF, customers=again.customers)
    before = score(model, found.frame).filter(pl.col("id") == "b")
    after = score(again, alone.frame)
    assert after["score"].to_list() == before["score"].to_list()
