"""The report workbook is a live model: LibreOffice gives the engine's numbers, and follows a change."""

import math
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, get_args
from xml.sax.saxutils import unescape

import polars as pl
import pytest
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

from evaluator import documents, messages, scoring
from evaluator.demo import Made
from evaluator.evaluation import Evaluation
from evaluator.reports import live, live_scales
from evaluator.reports.context import Context
from evaluator.reports.listings import Listing
from evaluator.reports.sheets import contents
from evaluator.reports.workbook import write_workbook
from evaluator.scoring.model import Model
from evaluator.scoring.scales import JOINED
from evaluator.study import Study
from evaluator.tree import Tree
from evaluator.tree.shapes import Join

Make = Callable[..., Evaluation]
Recalculated = Callable[..., list[Path]]
Recomputed = Mapping[str, tuple[Path, Path]]

EVERY_KIND = """
schema: 1
id: every_kind
name: {zh: 各类评分标准, en: Every kind of scale}
status: custom
source: {zh: 测试, en: A test}
grades:
  - {id: good, name: {zh: 良好, en: Good}, score: 90, from: 70}
  - {id: fair, name: {zh: 中等, en: Fair}, score: 70, from: 50}
  - {id: poor, name: {zh: 差, en: Poor}, score: 40, from: 30}
root:
  id: every_kind
  name: {zh: 合计, en: Total}
  children:
    - id: current_value
      name: {zh: 当前, en: Now}
      axis: current
      children:
        - {id: lines, name: L, measure: lines, direction: benefit, missing: neutral,
           scale: {kind: piecewise, points: [[0, 0], [10, 60], [20, 60], [40, 100]]}}
        - {id: line, name: M, measure: line, direction: cost, scale: {kind: linear, worst: 0.5, best: 0.05}}
        - {id: steps, name: S, measure: steps, direction: benefit, missing: worst,
           scale: {kind: step, below: 10, steps: [[0.1, 40], [0.3, 100]]}}
        - {id: must, name: E, measure: must, direction: benefit, missing: exclude,
           scale: {kind: graded}}
    - id: later
      name: {zh: 将来, en: Later}
      axis: potential
      children:
        - {id: standing, name: P, measure: standing, direction: benefit,
           scale: {kind: percentile, best: high}}
        - id: inner
          name: {zh: 内层, en: Inner}
          children:
            - {id: range, name: R, measure: range, direction: interval,
               scale: {kind: trapezoid, points: [1, 3, 5, 5]}}
            - {id: reversed, name: Q, measure: reversed, direction: cost,
               scale: {kind: percentile, best: low}}
            - {id: worth, name: G, measure: worth, direction: benefit,
               scale: {kind: logarithmic, worst: 100, best: 10000}}
            - {id: target, name: F, measure: target, direction: cost,
               scale: {kind: efficacy, unacceptable: 30, satisfactory: 5}}
            - {id: curve, name: V, measure: curve, direction: benefit,
               scale: {kind: logistic, half: 3, nine_tenths: 7}}
            - {id: spread, name: Z, measure: spread, direction: cost, winsorise: [0.1, 0.95],
               scale: {kind: z, best: low, reach: 1.5}}
            - {id: category, name: K, measure: category, direction: benefit,
               scale: {kind: lookup, scores: {A*: 80, a*: 20, "?": 50}}}
matrices:
  - id: two
    name: {zh: 二维, en: Two axes}
    x: {axis: current, cut: {kind: fixed, at: [40, 60]}, levels: [low, medium, high]}
    y: {axis: potential, cut: {kind: quantile, at: [0.5]}}
    classes:
      - {id: a, name: A, x: low, y: low}
      - {id: b, name: B, x: medium, y: low}
      - {id: c, name: C, x: high, y: low}
      - {id: d, name: D, x: low, y: high}
      - {id: e, name: E, x: medium, y: high}
      - {id: f, name: F, x: high, y: high}
"""
LOCAL = {
    "every_kind": 1.0, "current_value": 0.7, "later": 0.3, "lines": 0.4, "line": 0.3, "steps": 0.2,
    "must": 0.1, "standing": 0.55, "inner": 0.45, "range": 0.2, "reversed": 0.15, "category": 0.25,
    "worth": 0.1, "target": 0.1, "curve": 0.1, "spread": 0.1,
}  # fmt: skip


def customers(count: int) -> pl.DataFrame:
    """Measures at, beyond and between every point of the scales, one in six missing."""
    draw = random.Random(11)
    known = {
        "lines": lambda: draw.choice([-1.0, 0.0, 10.0, 15.0, 20.0, 40.0, 41.0, draw.uniform(0, 40)]),
        "line": lambda: draw.uniform(-0.1, 0.6),
        "steps": lambda: draw.choice([0.1, 0.1 + 0.2, 0.3, 0.3 - 1e-8, 0.05, 0.2]),
        "must": lambda: draw.uniform(-5, 105),
        "standing": lambda: float(draw.randint(1, 12)),
        "range": lambda: draw.choice([0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0 + 5e-10, 5.1]),
        "reversed": lambda: draw.gauss(0, 1),
        "worth": lambda: draw.choice([-5.0, 0.0, 50.0, 100.0, 10_000.0, draw.lognormvariate(7, 1)]),
        "target": lambda: draw.uniform(-10, 80),
        "curve": lambda: draw.choice([-1e6, 1e6, draw.uniform(-5, 15)]),
        "spread": lambda: draw.gauss(50, 10),
        "category": lambda: draw.choice(["A*", "a*", "?", "AB", "x"]),
    }
    rows = [
        {"id": f"{number:04d}"} | {k: None if draw.random() < 1 / 6 else v() for k, v in known.items()}
        for number in range(count)
    ]
    types = dict.fromkeys(known, pl.Float64) | {"id": pl.String, "category": pl.String}
    return pl.DataFrame(rows, schema={"id": pl.String} | {k: types[k] for k in known})


def evaluated(base: Evaluation, model: Model, frame: pl.DataFrame) -> Evaluation:
    results = scoring.ranked(scoring.score(model, frame))
    weights = replace(base.weights, tree=model.tree, source="given", groups=(), local=model.local,
                      global_=model.global_, issues=())  # fmt: skip
    measured = replace(base.measured, frame=frame, raters=base.measured.raters.clear())
    return replace(base, tree=model.tree, panel=None, judgment=None, weights=weights, model=model,
                   measured=measured, results=results, unrated=(), issues=(), periods=(), previous=None,
                   routing=None, customers=None, opinions=None)  # fmt: skip


@pytest.fixture(scope="module")
def every_kind(evaluation_of: Make) -> Evaluation:
    """Ninety customers on a tree with every kind of scale and every policy for missing measures."""
    base = evaluation_of("zh")
    tree = documents.validate(documents.parse(EVERY_KIND, "kinds.yaml"), Tree)
    frame = customers(90)
    weights = replace(base.weights, tree=tree, source="given", groups=(), local=LOCAL, issues=())
    return evaluated(base, scoring.fit(tree, weights, frame), frame)


@pytest.fixture(scope="module")
def later(every_kind: Evaluation) -> Evaluation:
    """The ninety customers on a model that was fitted when nobody had an excluding leaf, a step and more."""
    frame, tree = every_kind.measured.frame, every_kind.model.tree
    inner = [leaf.measure for leaf in tree.indicators if tree.parents[leaf.id].id == "inner"]
    out = ["must", "steps", *inner]
    weights = replace(every_kind.weights, local=LOCAL)
    earlier = frame.with_columns(pl.lit(None).cast(frame.schema[name]).alias(name) for name in out)
    return evaluated(every_kind, scoring.fit(tree, weights, earlier), frame)


RULED: tuple[dict[str, Any], ...] = (
    {"kind": "gate", "id": "shut", "when": "years < 1"},
    {"kind": "bonus", "id": "counted", "when": "visits >= 1", "points": 0.5, "per": "visits / years",
     "at_most": 6.0},
    {"kind": "bonus", "id": "deducted", "when": "line > 0.4 or category not in ['A*', '?']", "points": -4.0},
    {"kind": "veto", "id": "limit", "when": "not (country == 'C\"1{' or score_lines >= 60)", "at_most": 45.0},
    {"kind": "veto", "id": "near", "when": "current_value - potential > 5 and coverage < 0.99",
     "at_most": 30.0},
    {"kind": "grade_cap", "id": "capped", "when": "0 < steps <= 0.3 and years != 2", "grade": "fair"},
    {"kind": "override", "id": "settled", "when": "visits in [1, 3]", "matrix": "two", "class": "f"},
)  # fmt: skip
KNOWN = (
    {"id": "years", "name": {"zh": "年数", "en": "Years"}},
    {"id": "visits", "name": {"zh": "来访", "en": "Visits"}},
    {"id": "country", "name": {"zh": "国家", "en": "Country"}, "kind": "text"},
)


@pytest.fixture(scope="module")
def ruled(every_kind: Evaluation) -> Evaluation:
    """The ninety customers under a rule of every kind, with attributes missing here and there."""
    draw = random.Random(3)
    rules = tuple({"name": f"规则 {rule['id']}", "reason": "测试", **rule} for rule in RULED)
    data = documents.parse(EVERY_KIND, "kinds.yaml").data | {"attributes": KNOWN, "rules": rules}
    tree = Tree.model_validate(documents.validate(documents.Document("t", data, {}), Tree))
    frame = every_kind.measured.frame.with_columns(
        years=pl.Series([draw.choice([None, 0.0, 0.5, 2.0, 2.0, 4.0, 8.0]) for _ in range(90)]),
        visits=pl.Series([draw.choice([None, 0.0, 1.0, 2.0, 3.0, 40.0]) for _ in range(90)]),
        country=pl.Series([draw.choice([None, 'C"1{', 'c"1{', "D"]) for _ in range(90)]),
    )
    weights = replace(every_kind.weights, tree=tree, source="given", groups=(), local=LOCAL, issues=())
    options = scoring.ScoringOptions(borderline=2.0)
    return evaluated(every_kind, scoring.fit(tree, weights, frame, options=options), frame)


def profiled(base: Evaluation, later: tuple[float, float]) -> Evaluation:
    """The ninety customers, those of country D with other weights at the top, those of E lower down too."""
    of = (
        {"id": "later", "name": "later", "values": ("D",), "weights": {"current_value": 1, "later": 4}},
        {"id": "both", "name": "A*", "values": ("E", "F"),
         "weights": {"standing": 1, "inner": 3, "current_value": 1, "later": 1}},
    )  # fmt: skip
    data = documents.parse(EVERY_KIND, "kinds.yaml").data
    data |= {"profiles": {"by": "country", "source": "test", "of": of}}
    tree = documents.validate(documents.Document("t", data, {}), Tree)
    own = (
        scoring.model.ProfileWeights(
            id="later", values=("D",), local=dict(zip(("current_value", "later"), later, strict=True))
        ),
        scoring.model.ProfileWeights(
            id="both", values=("E", "F"),
            local={"standing": 0.25, "inner": 0.75, "current_value": 0.5, "later": 0.5},
        ),
    )  # fmt: skip
    frame = base.measured.frame.with_columns(country=pl.Series(["D", "C", None, "E", "F", "D"] * 15))
    return evaluated(base, base.model.model_copy(update={"tree": tree, "profiles": own}), frame)


def written(evaluation: Evaluation, path: Path) -> Path:
    write_workbook(evaluation, path, language="zh")
    return path


@cache
def values(path: Path) -> dict[str, list[list[Any]]]:
    """Return the rows of every sheet of a workbook by its title, from A1 on."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


class Formula(NamedTuple):
    """A formula and where it stands, both counted from 1."""

    row: int
    column: int
    text: str


@cache
def formulas(path: Path) -> dict[str, list[Formula]]:
    """Return the formulas of every sheet of a workbook as it was written."""
    with zipfile.ZipFile(path) as archive:
        sheets = {
            title: archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for number, title in enumerate(values(path), 1)
        }
    return {
        title: [
            Formula(int(row), column_index_from_string(column), unescape(text))
            for column, row, text in re.findall(r'<c r="([A-Z]+)(\d+)"[^>]*><f>([^<]*)</f>', xml)
        ]
        for title, xml in sheets.items()
    }


def at(rows: list[list[Any]], place: Formula) -> Any:
    """Return the value in the place of a formula; beyond the last row with values there is none."""
    return rows[place.row - 1][place.column - 1] if place.row <= len(rows) else None


def ranking(path: Path, listing: Listing) -> dict[str, dict[str, Any]]:
    """Return the ranking sheet by id, its columns by the keys of the results."""
    rows = values(path)["客户总表"]
    start = next(number for number, row in enumerate(rows) if row[0] == "名次")
    keys = [column.key for column in listing.columns]
    return {row[keys.index("id")]: dict(zip(keys, row, strict=False)) for row in rows[start + 1 :]}


def same(found: Any, value: Any) -> bool:
    if isinstance(found, int | float) and isinstance(value, int | float):
        return math.isclose(found, value, rel_tol=0, abs_tol=1e-9)
    return (found or None) == (value or None)


def agrees(path: Path, evaluation: Evaluation) -> None:
    """Assert that a workbook's ranking shows what the engine computes."""
    words = live.Live(Context(evaluation, "zh")).scores()
    shown = ranking(path, words)
    keys = [column.key for column in words.columns if column.block != "live"]
    assert shown.keys() == set(words.frame["id"])
    for row in words.frame.iter_rows(named=True):
        wrong = [(k, shown[row["id"]][k], row[k]) for k in keys if not same(shown[row["id"]][k], row[k])]
        assert not wrong, (row["id"], wrong)


def figures_agree(path: Path, evaluation: Evaluation, folder: Path) -> None:
    """Assert that decision, classes, profiles and points show what a workbook of this evaluation shows."""
    fresh = written(evaluation, folder / "fresh.xlsx")
    now, expected = values(path), values(fresh)
    assert drawn(now["图表数据"]) == pytest.approx(drawn(expected["图表数据"]), abs=1e-9)
    band = messages.text("report.workbook.what_if.band", "zh")
    for title in {"决策", "分类", "权重方案"} & now.keys():
        compared = 0
        for formula in formulas(fresh)[title]:
            if formula.text.endswith("*-1+1)"):  # how many ranks have moved
                continue
            if "IFERROR(ABS(" in formula.text:  # that something was changed
                continue
            pair = at(now[title], formula), at(expected[title], formula)
            assert pair[0] == band or same(*pair), (title, formula, pair)
            compared += 1
        assert compared > 4, title


def drawn(rows: list[list[Any]]) -> list[float]:
    """Return the numbers of every point, those of one point side by side, whatever row it stands in."""
    start = next(n for n, row in enumerate(rows) if row[0] == messages.text("report.workbook.number", "zh"))
    points = [
        [cell if isinstance(cell, int | float) else -1.0 for cell in row[1:] if cell != ""]
        for row in rows[start + 1 :]
    ]
    return [number for point in sorted(points) for number in point]


def recomputes_to_itself(path: Path, again: Path) -> int:
    """Assert that every formula of a workbook comes back as it was cached; return how many there are."""
    cached, now = values(path), values(again)
    found = [(title, formula) for title, all_of_it in formulas(path).items() for formula in all_of_it]
    for title, formula in found:
        pair = at(now[title], formula), at(cached[title], formula)
        assert same(*pair), (title, formula, pair)
    return len(found)


def beside(path: Path, sheet: str, label: str, column: str) -> tuple[int, str]:
    """Return the cell in the row of a label: the position of its sheet, and its address."""
    sheets = values(path)
    row = next(number for number, row in enumerate(sheets[sheet], 1) if str(row[0]).strip() == label)
    return list(sheets).index(sheet) + 1, f"{column}{row}"


# Cells in which somebody writes another number: sheet, label in its row, column.
CHANGED: dict[str, dict[tuple[str, str, str], float]] = {
    "every kind": {
        ("试算", "将来", "B"): 0.9,
        ("试算", "L", "B"): 0.1,
        ("试算", "等级“良好”的下限", "B"): 62.5,
        ("试算", "分界：当前", "B"): 47.0,
        ("评分标准", "资料完整度下限", "B"): 0.75,
    },
    "ruled": {
        ("规则与命中", "规则 limit", "D"): 20.0,
        ("规则与命中", "规则 counted", "E"): 2.5,
        ("规则与命中", "规则 deducted", "D"): -9.0,
        ("评分标准", "临近分界的范围（分）", "B"): 7.0,
    },
    "profiled": {("权重方案", "later", "E"): 1.2},
}


@pytest.fixture(scope="module")
def recomputed(
    every_kind: Evaluation, later: Evaluation, ruled: Evaluation, recalculated: Recalculated,
    tmp_path_factory: pytest.TempPathFactory,
) -> Recomputed:  # fmt: skip
    """Workbooks of the ninety customers by name, and what LibreOffice makes of them, all in one run."""
    folder = tmp_path_factory.mktemp("live")
    plain = {"every kind": every_kind, "later": later, "ruled": ruled}
    plain |= {"profiled": profiled(every_kind, (0.2, 0.8))}
    paths = {name: written(evaluation, folder / f"{name}.xlsx") for name, evaluation in plain.items()}
    books = {name: (path, {}) for name, path in paths.items()}
    for name, cells in CHANGED.items():
        changes = {beside(paths[name], *cell): value for cell, value in cells.items()}
        books[f"{name}, changed"] = paths[name], changes
    found = recalculated([*books.values()], folder / "again")
    return {name: (books[name][0], path) for name, path in zip(books, found, strict=True)}


def test_every_way_of_joining_points_has_its_expression_and_its_formula() -> None:
    assert live_scales.SCORES.keys() == JOINED.keys() == set(get_args(Join))


def test_every_kind_of_scale_and_gap_recomputes_to_the_engines_numbers(
    every_kind: Evaluation, recomputed: Recomputed
) -> None:
    """Each cached value was made wrong first; ties, cuts, ends, gaps and wildcards all come out right."""
    path, found = recomputed["every kind"]
    assert not said_of_changes(found)
    assert recomputes_to_itself(path, found) > 90 * 40
    agrees(found, every_kind)
    assert set(every_kind.results["status"]) == {"rated", "insufficient", "excluded"}
    assert every_kind.results["clamped"].max() > 0


def said_of_changes(path: Path) -> bool:
    """Whether the first sheet says that its finding is the one of the evaluation, and the figures are not."""
    text = messages.text("report.workbook.changed", "zh")
    return any(text in row for row in values(path)["决策"])


def test_a_changed_weight_and_changed_cuts_give_what_the_engine_gives_for_them(
    every_kind: Evaluation, recomputed: Recomputed, tmp_path: Path
) -> None:
    """Weights are brought back to a sum of 1, bounds of grades, cuts and the least coverage count at once."""
    _, found = recomputed["every kind, changed"]
    assert said_of_changes(found)

    model = every_kind.model
    local = dict(model.local) | {"current_value": 0.7 / 1.6, "later": 0.9 / 1.6}
    local |= {name: LOCAL[name] / 0.7 for name in ("line", "steps", "must")} | {"lines": 0.1 / 0.7}
    first, *others = model.tree.grades
    grades = (first.model_copy(update={"from_": 62.5}), *others)
    cuts = {"two": model.cuts["two"].model_copy(update={"x": (47.0, 60.0)})}
    update = {"local": local, "tree": model.tree.model_copy(update={"grades": grades}), "cuts": cuts}
    update["conventions"] = model.conventions.model_copy(update={"min_coverage": 0.75})
    changed = evaluated(every_kind, model.model_copy(update=update), every_kind.measured.frame)
    agrees(found, changed)
    figures_agree(found, changed, tmp_path)
    before, after = every_kind.results, changed.results
    for column in ("rank", "grade", "class_two", "status"):
        told = before.select("id", was=column).join(after.select("id", now=column), on="id")
        assert told.filter(pl.col("was").ne_missing(pl.col("now"))).height, column


def test_what_nobody_had_when_the_model_was_fitted_stays_out_of_the_formulas(
    later: Evaluation, recomputed: Recomputed
) -> None:
    """Later customers have it: an excluding leaf, a step, a filled one, and a whole criterion."""
    assert (later.model.local["inner"], later.model.local["standing"]) == (0.0, 1.0)
    path, found = recomputed["later"]
    recomputes_to_itself(path, found)
    agrees(found, later)
    assert "excluded" not in set(later.results["status"])


def test_the_demo_recomputes_in_libreoffice(
    demo_study: tuple[Made, Study], demo_report, recalculated: Recalculated, tmp_path: Path
) -> None:
    """Three hundred customers, four levels, grades of raters, gaps: every formula of the whole workbook."""
    evaluation = demo_study[1].run()
    path = demo_report("xlsx", "zh")
    [found] = recalculated([(path, {})], tmp_path / "again")
    assert recomputes_to_itself(path, found) > 20_000
    agrees(found, evaluation)


def test_online_retail_recomputes_in_libreoffice(
    online_retail: Study, recalculated: Recalculated, tmp_path: Path
) -> None:
    """One in 24 of 4,372 customers, on scales of a hundred points each that are relative to all."""
    run = online_retail.run()
    evaluation = evaluated(run, run.model, run.measured.frame.gather_every(24))
    assert evaluation.results.height == 183
    [found] = recalculated([(written(evaluation, tmp_path / "live.xlsx"), {})], tmp_path / "again")
    agrees(found, evaluation)


def test_beyond_five_thousand_the_first_recompute_and_the_rest_are_values_and_it_says_so(
    evaluation_of: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same with a hundredth of them."""
    assert live.LIVE == 5_000
    evaluation = evaluation_of("zh", customers=60, experts=False)
    monkeypatch.setattr(live, "LIVE", 50)
    path = written(evaluation, tmp_path / "live.xlsx")
    for name, beyond in (("得分明细", 0), ("客户总表", 60 - live.LIVE)):
        rows = values(path)[name]
        start = next(number for number, row in enumerate(rows) if row[0] in ("名次", "编号"))
        live_rows = [row for row, column, _ in formulas(path)[name] if column == 1 and row > start + 1]
        assert live_rows == list(range(start + 2, start + 2 + live.LIVE))
        assert len(rows) == start + 1 + live.LIVE + beyond
        told = "前 50 个客户为公式" if beyond else "前 50 个，共 60 个客户"
        assert any(told in str(row[0]) and "6" in str(row[0]) for row in rows[:start])
    agrees(path, evaluation)


def test_ids_that_match_would_confuse_are_placed_by_value(evaluation_of: Make, tmp_path: Path) -> None:
    """MATCH ignores case and knows wildcards, so such ids are never looked up by it."""
    base = evaluation_of("zh", experts=False)
    ids = ["a1", "A1", "a*", "b", "c", "d", "e", "f"]
    evaluation = evaluated(base, base.model, base.measured.frame.with_columns(id=pl.Series(ids)))
    listing = live.Live(Context(evaluation, "zh")).scores()
    (place,) = [column for column in listing.columns if column.key == "place"]
    assert place.formula == ""
    assert listing.frame["place"].to_list() == list(range(1, 9))
    agrees(written(evaluation, tmp_path / "live.xlsx"), evaluation)


def test_totals_the_formulas_would_not_give_are_values_and_it_says_so(
    evaluation_of: Make, tmp_path: Path
) -> None:
    """Whatever a later model adds to a total, the workbook never recomputes it to something else."""
    base = evaluation_of("zh")
    evaluation = replace(base, results=base.results.with_columns(pl.col("score") + 1))
    path = written(evaluation, tmp_path / "live.xlsx")
    for name in ("得分明细", "客户总表"):
        assert any("均为数值" in str(cell) for row in values(path)[name] for cell in row)
        # the weights above the table
        assert all(formula.text.startswith("'试算'!") for formula in formulas(path)[name])
    assert len(values(path)) == 1 + len(list(contents(Context(evaluation, "zh"))))


def test_rules_of_every_kind_recompute_to_the_engines_numbers(
    ruled: Evaluation, recomputed: Recomputed
) -> None:
    """Hit, missed and unknown; division by zero; limits, points, gates, caps, classes and flags."""
    path, found = recomputed["ruled"]
    recomputes_to_itself(path, found)
    agrees(found, ruled)
    outcomes = [set(ruled.results[f"rule_{rule['id']}"]) for rule in RULED]
    assert all(outcome == {"hit", "no", "unknown"} for outcome in outcomes), outcomes
    assert set(ruled.results["borderline_two"].drop_nulls()) == {0, 1}


def test_a_changed_limit_gives_what_the_engine_gives_for_it(
    ruled: Evaluation, recomputed: Recomputed
) -> None:
    _, found = recomputed["ruled, changed"]
    stated = {"limit": {"at_most": 20.0}, "counted": {"at_most": 2.5}, "deducted": {"points": -9.0}}
    rules = tuple(rule.model_copy(update=stated.get(rule.id, {})) for rule in ruled.tree.rules)
    tree = ruled.tree.model_copy(update={"rules": rules})
    model = ruled.model.model_copy(update={"tree": tree, "borderline": 7.0})
    agrees(found, evaluated(ruled, model, ruled.measured.frame))


def test_weight_profiles_recompute_to_the_engines_numbers(
    every_kind: Evaluation, recomputed: Recomputed
) -> None:
    """Each customer takes the row of its profile from a small table of weights."""
    path, found = recomputed["profiled"]
    assert recomputes_to_itself(path, found) > 90 * 40
    agrees(found, profiled(every_kind, (0.2, 0.8)))
    shown = {row[0]: row[2] for row in values(path)["权重方案"]}
    assert (shown["later"], shown["A*"], shown["默认权重"]) == (30, 30, 30)


def test_a_changed_weight_of_a_profile_counts_for_those_who_have_it(
    every_kind: Evaluation, recomputed: Recomputed, tmp_path: Path
) -> None:
    _, found = recomputed["profiled, changed"]
    before, changed = profiled(every_kind, (0.2, 0.8)), profiled(every_kind, (0.6, 0.4))
    agrees(found, changed)
    figures_agree(found, changed, tmp_path)
    moved = before.results.join(changed.results, on="id").filter(pl.col("score") != pl.col("score_right"))
    assert set(moved["profile"]) == {"later"}
