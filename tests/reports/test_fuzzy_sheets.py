"""The fuzzy evaluation in the workbook: R and B of everybody, B by formulas where plain ones give it."""

import pytest
from canonical import opened

from evaluator import scoring
from evaluator.reports import live
from evaluator.reports.context import Context
from evaluator.reports.fuzzy_sheets import fuzzy_sheets
from evaluator.reports.workbook import write_workbook
from evaluator.scoring import ScoringOptions
from evaluator.workbook.reader import read_workbook


@pytest.fixture(scope="module")
def fuzzy_of(evaluation_of):
    """Score the eight customers again, with a fuzzy evaluation."""
    from dataclasses import replace

    def make(language="zh", **options):
        base = evaluation_of(language)
        stated = ScoringOptions.model_validate(options)
        model = scoring.fit(base.tree, base.weights, base.measured.frame, options=stated)
        results = scoring.ranked(scoring.score(model, base.measured.frame))
        return replace(base, model=model, results=results)

    return make


def table(path, title, first):
    """Return the rows of a sheet's table by the id in its first column."""
    rows = list(read_workbook(path, sheets=[title]).sheets[0].rows)
    head = next(number for number, row in enumerate(rows) if row[0] == first)
    return rows[head], {row[0]: row for row in rows[head + 1 :] if row[0]}


@pytest.fixture(scope="module")
def averaged(fuzzy_of):
    return fuzzy_of(fuzzy={"operator": "weighted_average"})


NO_MEANS = {
    "fuzzy": {"leading": "fuzzy"},
    "product": {"synthesis": {"kind": "weighted_product"}},
    "minimum": {"synthesis": {"kind": "minimum"}},
    "owa": {"synthesis": {"kind": "owa", "orness": 0.3}},
    "topsis": {"synthesis": {"kind": "topsis"}},
}


@pytest.fixture(scope="module")
def recomputed(averaged, recalculated, tmp_path_factory):
    """What LibreOffice makes of a workbook: as it is, and with a changed weight."""
    folder = tmp_path_factory.mktemp("fuzzy")
    path = folder / "live.xlsx"
    write_workbook(averaged, path, language="zh")
    first = averaged.tree.root.children[0]
    book = read_workbook(path)
    rows = next(sheet for sheet in book.sheets if sheet.name == "试算").rows
    line = next(number for number, row in enumerate(rows, start=1) if str(row[0]).strip() == first.name.zh)
    change = {(book.names.index("试算") + 1, f"B{line}"): 9.0}
    books = {"live": (path, {}), "changed": (path, change)}
    return dict(zip(books, recalculated([*books.values()], folder / "again"), strict=True))


def test_b_and_what_is_read_off_it_recompute_to_the_engines_numbers(averaged, recomputed):
    evaluation, found = averaged, recomputed["live"]
    head, rows = table(found, "综合评判 B", "编号")
    words = {"full": "完全有效", "high": "比较有效", "fair": "低度有效", "weak": "失效"}
    grades = {grade.id: grade.name.zh for grade in evaluation.tree.grades}
    assert rows.keys() == set(evaluation.results["id"])
    for one in evaluation.results.iter_rows(named=True):
        row = dict(zip(head, rows[one["id"]], strict=False))
        if one["fuzzy_score"] is None:
            assert row["模糊得分"] == row["有效度"] == ""
            continue
        assert row["模糊得分"] == pytest.approx(one["fuzzy_score"], abs=1e-9)
        assert row["隶属度最大的等级"] == grades.get(one["fuzzy_grade"], "")
        assert row["有效度"] == words[one["validity"]]
        assert row["α"] == (pytest.approx(one["alpha"], abs=1e-9) if one["alpha"] is not None else "")
        for grade, name in grades.items():
            assert row[name] == pytest.approx(one[f"membership_{grade}"], abs=1e-9)
    _, memberships = table(found, "隶属度矩阵 R", "编号")
    assert memberships.keys() == rows.keys()


def test_b_follows_a_changed_weight_as_the_engine_has_it(averaged, recomputed):
    evaluation, found = averaged, recomputed["changed"]
    model, first = evaluation.model, evaluation.tree.root.children[0]
    siblings = {child.id: model.local[child.id] for child in evaluation.tree.root.children} | {first.id: 9.0}
    changed = model.reweighted(
        {**model.local, **{k: v / sum(siblings.values()) for k, v in siblings.items()}}
    )
    expected = dict(scoring.score(changed, evaluation.measured.frame).select("id", "fuzzy_score").iter_rows())
    head, shown = table(found, "综合评判 B", "编号")
    for customer, score in expected.items():
        cell = shown[customer][head.index("模糊得分")]
        assert cell == (pytest.approx(score, abs=1e-9) if score is not None else "")
    before = dict(evaluation.results.select("id", "fuzzy_score").iter_rows())
    assert any(abs(before[k] - v) > 1e-3 for k, v in expected.items() if v is not None)


@pytest.mark.parametrize("operator", ["min_max", "product_max", "min_bounded_sum"])
def test_an_operator_without_a_plain_formula_stands_as_values(fuzzy_of, operator):
    sheets = fuzzy_sheets(live.Live(Context(fuzzy_of(fuzzy={"operator": operator}), "en")))
    assert (sheets.r.live, sheets.b.live) == (0, 0)
    assert not any(column.formula for column in (*sheets.r.columns, *sheets.b.columns))


def test_without_a_fuzzy_evaluation_there_are_no_such_sheets(evaluation_of, tmp_path):
    evaluation = evaluation_of("en")
    assert fuzzy_sheets(live.Live(Context(evaluation, "en"))) is None
    write_workbook(evaluation, tmp_path / "a.xlsx", language="en")
    assert not {"Memberships R", "Evaluation B"} & set(read_workbook(tmp_path / "a.xlsx").names)


@pytest.mark.parametrize("name", NO_MEANS)
def test_scores_that_are_no_weighted_means_are_never_recomputed_as_such(fuzzy_of, tmp_path, name):
    """A changed weight would not give what the engine gives, so the totals stand as values."""
    evaluation = fuzzy_of(**NO_MEANS[name])
    assert not live.Live(Context(evaluation, "zh")).works
    write_workbook(evaluation, tmp_path / "a.xlsx", language="zh")
    rows = [[cell.value for cell in row] for row in opened(tmp_path / "a.xlsx")["客户总表"].iter_rows()]
    score = next(row for row in rows if row[0] == "名次").index("得分")
    expected = dict(evaluation.results.select("id", "score").iter_rows())
    shown = {row[1]: row[score] for row in rows if row[1] in expected}  # a formula would be its text
    assert shown == {
        customer: pytest.approx(score, abs=1e-9) if score is not None else None
        for customer, score in expected.items()
    }
