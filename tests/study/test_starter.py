"""A new study is whole: it loads, asks its experts, and names the tables its tree needs."""

import csv

import polars as pl
import pytest
import yaml

from evaluator.errors import EvaluationError
from evaluator.study import Study, begin
from evaluator.study.starter import columns_of, needs
from evaluator.tree import bundled, load_tree
from evaluator.tree.types import Graded

TITLE = 'A "new": {study} 客户'


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("tree", ["customer_value", "orders_value", "prospect"])
def test_a_new_study_is_sound_and_can_ask(tmp_path, tree, language) -> None:
    begin(
        tmp_path / "new", tree=tree, title='A "new": {study} 客户', language=language, experts=["甲: 乙", "B"]
    )
    study = Study(tmp_path / "new")
    assert study.file.title[language] == TITLE
    assert study.language == language
    study.check()
    assert {entry.state for entry in study.ask()} == {"written"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_nobody_is_named_the_weights_are_those_of_the_tree(tmp_path, language) -> None:
    begin(tmp_path / "new", language=language)
    study = Study(tmp_path / "new")
    assert (study.file.weighting.source, study.experts) == ("given", ())
    assert study.weights.source == "given"


def test_titles_are_readable(tmp_path) -> None:
    begin(tmp_path / "new", title="客户“价值”: 甲", language="zh")
    text = (tmp_path / "new" / "study.yaml").read_text("utf-8")
    assert "客户“价值”: 甲" in text
    assert "\\u" not in text


def test_a_tree_from_outside_is_put_into_the_study_with_what_it_includes(tmp_path) -> None:
    begin(tmp_path / "one", tree="blank", language="en")
    part = (tmp_path / "one" / "tree.yaml").read_text("utf-8")
    whole = part.split("root:")[0].replace("id: own", "id: whole") + (
        "root:\n  children:\n    - {include: part, id: part, name: Part, weight: 60}\n"
        "    - {id: risk, name: Risk, measure: dso_days, direction: cost, weight: 40,\n"
        "       scale: {kind: percentile, best: low}}\n"
    )
    for name, text in {"part": part, "whole": whole}.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    begin(tmp_path / "new", tree=str(tmp_path / "whole.yaml"), language="en")
    assert Study(tmp_path / "new").file.tree == "whole.yaml"
    assert Study(tmp_path / "new").tree == load_tree(tmp_path / "whole.yaml")
    begin(tmp_path / "plain", tree=str(tmp_path / "part.yaml"), language="en")
    assert (tmp_path / "plain" / "part.yaml").read_text("utf-8") == part


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_blank_tree_is_sound_and_scores(tmp_path, language) -> None:
    written = begin(tmp_path / "new", tree="blank", language=language)
    assert [path.name for path in written] == ["tree.yaml", "study.yaml", "orders.csv"]
    study = Study(tmp_path / "new")
    assert not [issue for issue in study.check() if issue.severity == "error"]
    assert study.weights.global_["purchases"] == pytest.approx(0.3)


def test_the_measures_table_has_a_column_for_what_orders_and_raters_do_not_give(tmp_path) -> None:
    begin(tmp_path / "new", tree="customer_value", language="en")
    header = (tmp_path / "new" / "data" / "measures.csv").read_text("utf-8-sig").strip()
    stated, graded, from_orders = needs(load_tree("customer_value"))
    assert header.split(",")[:2] == ["id", "name"]
    assert len(next(csv.reader([header]))) == 2 + len(stated)
    assert graded
    assert from_orders


def test_a_tree_of_orders_alone_asks_for_no_other_table(tmp_path) -> None:
    written = begin(tmp_path / "new", tree="orders_value", language="zh")
    assert [path.name for path in written] == ["study.yaml", "orders.csv"]
    header = written[1].read_text("utf-8-sig").strip().split(",")
    assert header == ["客户编号", "订单日期", "订单号", "产品编号", "金额"]
    assert set(Study(tmp_path / "new").file.tables) == {"orders"}


def test_what_a_model_makes_of_orders_alone_has_no_column_to_fill_in() -> None:
    stated, _, from_orders = needs(load_tree("customer_loyalty"))
    assert "repeat_rate" in {node.measure for node in from_orders}
    assert "repeat_rate" not in {node.measure for node in stated}


def test_the_dictionary_explains_every_column_of_the_measures_table(tmp_path) -> None:
    begin(tmp_path / "new", tree="credit", language="zh")
    rows = list(
        csv.reader((tmp_path / "new" / "data" / "dictionary.csv").read_text("utf-8-sig").splitlines())
    )
    header = (tmp_path / "new" / "data" / "measures.csv").read_text("utf-8-sig").strip().split(",")
    assert [row[0] for row in rows[1:]] == header[2:]
    security = next(row for row in rows if row[0] == "担保方式")
    assert security[:3] == ["担保方式", "抵押", "担保的形式"]
    assert "质押" in security[5]


@pytest.mark.parametrize("tree", sorted(set(bundled()) - {"orders_value"}))
def test_a_new_study_filled_in_gives_the_scores_of_the_trees_own_examples(tmp_path, tree) -> None:
    """The examples' customers are written under the headers `begin` wrote; orders are left out here."""
    loaded = load_tree(tree)
    language = "zh" if len(tree) % 2 else "en"
    home = tmp_path / "new"
    begin(home, tree=tree, language=language)
    stated, graded, from_orders = needs(loaded)
    columns = columns_of([*stated, *from_orders], language)
    header = next(csv.reader((home / "data" / "measures.csv").read_text("utf-8-sig").splitlines()))
    assert header[2:] == list(columns_of(stated, language))
    rows = [
        {header[0]: f"K{i}", header[1]: f"N{i}"}
        | {name: example.measures[node.measure] for name, node in columns.items()}
        for i, example in enumerate(loaded.tests)
    ]
    pl.DataFrame(rows).write_csv(home / "data" / "measures.csv")
    if loaded.attributes:
        head = next(csv.reader((home / "data" / "customers.csv").read_text("utf-8-sig").splitlines()))
        assert head[2:] == [attribute.name[language] for attribute in loaded.attributes]
        clean = [dict.fromkeys(head, "0") | {head[0]: row[header[0]]} for row in rows]
        pl.DataFrame(clean).write_csv(home / "data" / "customers.csv")
    if graded:
        grades = {grade.score: grade.name[language] for grade in loaded.grades}
        head = next(csv.reader((home / "data" / "grades.csv").read_text("utf-8-sig").splitlines()))
        lines = [
            (f"R{rater}", f"K{i}", node.name[language], grades[example.measures[node.measure]])
            for i, example in enumerate(loaded.tests)
            for node in {leaf.measure: leaf for leaf in graded if isinstance(leaf.scale, Graded)}.values()
            for rater in range(3)
            if example.measures[node.measure] is not None
        ]
        pl.DataFrame(lines, schema=head, orient="row").write_csv(home / "data" / "grades.csv")
    text = yaml.safe_load((home / "study.yaml").read_text("utf-8"))
    text["tables"].pop("orders", None)
    text["weighting"] = {"source": "given"}
    (home / "study.yaml").write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
    results = Study(home).results
    found = dict(results.select("id", "score").rows())
    for i, example in enumerate(loaded.tests):
        assert found[f"K{i}"] == pytest.approx(example.expect.score, abs=0.01)


def test_a_study_without_experts_has_nobody_to_ask(tmp_path) -> None:
    begin(tmp_path / "new", language="en")
    with pytest.raises(EvaluationError) as caught:
        Study(tmp_path / "new").ask()
    assert [issue.code for issue in caught.value.issues] == ["STUDY-331"]
