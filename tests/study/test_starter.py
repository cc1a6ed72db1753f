"""A new study is whole: it loads, asks its experts, and names the tables its tree needs."""

import pytest

from evaluator.study import Study, begin
from evaluator.study.starter import needs
from evaluator.tree import bundled, load_tree


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("tree", bundled())
def test_a_new_study_is_sound_and_can_ask(tmp_path, tree, language) -> None:
    begin(tmp_path / "new", tree=tree, title='A "new": {study} 客户', language=language)
    study = Study(tmp_path / "new")
    assert study.file.title[language] == 'A "new": {study} 客户'
    assert study.language == language
    study.check()
    assert {entry.state for entry in study.ask()} == {"written"}


def test_the_measures_table_has_a_column_for_what_orders_and_raters_do_not_give(tmp_path) -> None:
    begin(tmp_path / "new", tree="customer_value", language="en")
    header = (tmp_path / "new" / "data" / "measures.csv").read_text("utf-8-sig").strip()
    stated, graded, from_orders = needs(load_tree("customer_value"))
    assert header.split(",")[0] == "id"
    assert len(header.split(",")) == 1 + len(stated)
    assert graded
    assert from_orders


def test_a_tree_of_orders_alone_asks_for_no_other_table(tmp_path) -> None:
    written = begin(tmp_path / "new", tree="orders_value", language="zh")
    assert [path.name for path in written] == ["study.yaml"]
    assert set(Study(tmp_path / "new").file.tables) == {"orders"}
