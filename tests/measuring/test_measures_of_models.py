"""Measures that customer models give: found once, placed by a fitted model as when it was fitted."""

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from evaluator.customers import CustomerOptions, RelationOptions
from evaluator.errors import EvaluationError
from evaluator.measuring import measured
from evaluator.scoring import fit, load_model, score
from evaluator.tree import Tree
from evaluator.weighing import weigh

AS_OF = date(2024, 7, 1)
CLASSES = {"kind": "lookup", "scores": {"A": 100.0, "B": 60.0, "C": 20.0}}
STATES = {"kind": "lookup", "scores": {"loyal": 100.0, "repeat": 60.0, "potential": 10.0}}


@pytest.fixture(scope="module")
def tree(build: SimpleNamespace) -> Tree:
    return build.made(
        build.leaf("rank", CLASSES, measure="abc_class"),
        build.leaf("rfm", {"kind": "linear", "worst": 1.0, "best": 5.0}, measure="rfm_score"),
    )


def _orders(**amounts: float) -> pl.DataFrame:
    rows = [
        (who, AS_OF - timedelta(days=place + 1), amount)
        for place, (who, amount) in enumerate(amounts.items())
    ]
    return pl.DataFrame(rows, schema=["id", "date", "amount"], orient="row")


MANY = _orders(a=800.0, b=100.0, c=60.0, d=40.0)


def test_classes_and_scores_of_models_are_measures(tree: Tree) -> None:
    found = measured({"orders": MANY}, tree, as_of=AS_OF)
    assert found.frame["abc_class"].to_list() == ["A", "B", "B", "C"]
    assert {note.measure: note.origin for note in found.notes} == {
        "abc_class": "models",
        "rfm_score": "models",
    }


def test_a_fitted_model_places_the_next_period_as_it_stood(tree: Tree, tmp_path) -> None:
    """Whoever buys as before scores as before, though everybody else has gone."""
    first = measured({"orders": MANY}, tree, as_of=AS_OF)
    model = fit(tree, weigh(tree), first.frame, customers=first.customers)
    model.save(tmp_path / "model.json")
    kept = load_model(tmp_path / "model.json").customers
    assert kept == first.customers
    assert kept is not None
    assert kept.abc.at == (800.0, 60.0)
    later = measured({"orders": MANY.filter(pl.col("id") == "c")}, tree, as_of=AS_OF, customers=kept)
    before, after = (
        {row["id"]: row["score"] for row in score(model, m.frame).iter_rows(named=True)}
        for m in (first, later)
    )
    assert after == {"c": before["c"]}


def test_a_tree_without_models_freezes_none(build: SimpleNamespace) -> None:
    tree = build.made(build.leaf("amount", measure="net_amount"), build.leaf("two", measure="frequency"))
    found = measured({"orders": MANY}, tree, as_of=AS_OF)
    assert found.customers is None
    assert found.models is not None


def test_whoever_stands_only_in_a_table_of_a_model_is_a_customer(build: SimpleNamespace) -> None:
    tree = build.made(
        build.leaf("state", STATES, measure="relation_state"), build.leaf("x", measure="net_amount")
    )
    relations = pl.DataFrame({"id": ["asked"], "need": [1.0]})
    options = CustomerOptions(relation=RelationOptions(loyal_score=80))
    found = measured({"orders": MANY, "relations": relations}, tree, as_of=AS_OF, customers=options)
    assert dict(found.frame.select("id", "relation_state").rows())["asked"] == "potential"


def test_what_a_model_lacks_is_named_for_the_measure(build: SimpleNamespace) -> None:
    tree = build.made(
        build.leaf("state", STATES, measure="relation_state"), build.leaf("x", measure="net_amount")
    )
    with pytest.raises(EvaluationError) as caught:
        measured({"orders": MANY}, tree, as_of=AS_OF)
    assert [(issue.code, issue.subject) for issue in caught.value.issues] == [
        ("CUST-928", "relation_state"),
    ]
