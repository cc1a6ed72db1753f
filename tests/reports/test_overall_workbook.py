"""The workbook over several trees: each customer once, with its tree, its class and what is done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import decided_study
import pytest
from canonical import opened

from evaluator.study import Study

TREES = """trees:
  - {id: north, tree: own.yaml, when: "region == 'N'"}
  - {id: south, tree: south.yaml, when: "region == 'S'"}
"""
PEOPLE = decided_study.PEOPLE + "e,Li,W\n"
PLAN = "plan: {budget: 900, horizon: 2}\n"


def two(folder: Path, stated: str = decided_study.STUDY) -> Study:
    (folder / "south.yaml").write_text(
        decided_study.TREE.replace("id: decided", "id: south").replace("en: Decided", "en: South"), "utf-8"
    )
    text = stated.replace("tree: own.yaml\n", TREES)
    return decided_study.study(folder, text, people=PEOPLE)


def rows_of(path: Path) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
    """Return the rows of the first sheet, and those of the table of customers by heading."""
    decision, customers = (list(sheet.iter_rows(values_only=True)) for sheet in opened(path, data_only=True))
    heads = next(place for place, row in enumerate(customers) if row[0] == "Rank")
    return decision, [dict(zip(customers[heads], row, strict=True)) for row in customers[heads + 1 :]]


def counts_of(decision: list[tuple[Any, ...]]) -> dict[str, float]:
    """Return the first number of each row by its first cell."""
    numbers = {row[0]: [value for value in row[1:] if isinstance(value, int | float)] for row in decision}
    return {name: found[0] for name, found in numbers.items() if found}


def test_everybody_stands_once_with_tree_and_action_and_the_counts_are_live(
    recalculated: Callable[..., list[Path]], tmp_path: Path
) -> None:
    study = two(tmp_path)
    [again] = recalculated([(study.save_overall("xlsx"), {})], tmp_path / "again")
    decision, rows = rows_of(again)
    joined = {row["id"]: row for row in study.joined.iter_rows(named=True)}
    assert sorted(row["ID"] for row in rows) == sorted(joined) == ["a", "b", "c", "d", "e"]
    names = {"north": "Decided", "south": "South", None: None}
    for row in rows:
        known = joined[row["ID"]]
        assert row["Score"] == (pytest.approx(known["score"]) if known["score"] is not None else None)
        assert row["Indicator tree"] == names[known["tree"]]
        assert (row["Action"] is None) == (known["score"] is None)
    assert rows[-1]["Status"] == "evaluated by no indicator tree"
    counted = counts_of(decision)
    saved = sum(row["Action"] == "Save" for row in rows)
    assert (counted["Save"], counted["All rated"]) == (saved, 4)
    beside = {row[0]: row[3:5] for row in decision if row[0] in ("Good", "Poor")}
    for grade, counts in beside.items():
        told = [sum((row["Indicator tree"], row["Grade"]) == (tree, grade) for row in rows)
                for tree in ("Decided", "South")]  # fmt: skip
        assert list(counts) == told
    own = [row[5] for row in decision if str(row[5]).endswith(".xlsx")]
    assert own == ["north/report.xlsx", "south/report.xlsx"]


def test_a_plan_over_all_trees_says_what_is_done(tmp_path: Path) -> None:
    """The plan over all pays for one visit; whom it leaves out is not in the plan, whatever its tree said."""
    decision, rows = rows_of(two(tmp_path, decided_study.STUDY + PLAN).save_overall("xlsx"))
    given = {row["ID"]: row["Action"] for row in rows}
    assert list(given.values()).count("Save") == 1
    [saved] = (row for row in rows if row["Action"] == "Save")
    assert saved["Cost"] == 800
    assert saved["Due"].isoformat().startswith("2026-01-15")
    assert {row["Cost"] for row in rows if row["Action"] == "Not in the plan"} <= {None}
    counted = counts_of(decision)
    assert counted["Save"] == 1
