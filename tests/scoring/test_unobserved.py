"""Indicators that no customer has: they weigh nothing, count against nobody, and are named once."""

from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from evaluator.analysis import explain
from evaluator.cli.program import invoke
from evaluator.errors import EvaluationError, Severity
from evaluator.reports.context import Context
from evaluator.reports.sections import decide
from evaluator.scoring import Model, fit, load_model, result_issues, score
from evaluator.scoring.fitting import fitted
from evaluator.study import Study
from evaluator.weighing import profile_weights, weigh

A = [80.0, 40.0, None]
C = [60.0, 20.0, 90.0]


def without_b(build: SimpleNamespace, missing: str = "redistribute", **options: object) -> Model:
    model: Model = build.fitted(
        build.two_axes(missing, **options), build.customers(a=A, b=[None] * 3, c=C, d=C)
    )
    return model


def codes(issues) -> list[tuple[str, str]]:
    return [(issue.code, issue.subject) for issue in issues]


@pytest.mark.parametrize("missing", ["redistribute", "neutral", "worst", "exclude"])
def test_what_nobody_has_weighs_nothing_and_counts_against_nobody(
    build: SimpleNamespace, missing: str
) -> None:
    """Whatever its policy for a missing measure says: there is nobody to compare with."""
    model = without_b(build, missing)
    assert model.unobserved == ("b",)
    assert (model.local["b"], model.local["a"], model.global_["a"]) == (0.0, 1.0, 0.6)
    result = score(model, build.customers(a=A, b=[None] * 3, c=C, d=C))
    assert result["status"].to_list() == ["rated", "rated", "insufficient"]
    assert result["coverage"].to_list() == pytest.approx([1.0, 1.0, 0.4])
    assert result["score"].to_list()[:2] == pytest.approx([0.6 * 80 + 0.4 * 60, 0.6 * 40 + 0.4 * 20])


@pytest.mark.parametrize("synthesis", ["weighted_sum", "weighted_product", "minimum", "owa", "topsis"])
@pytest.mark.parametrize("fuzzy", [None, "weighted_average", "min_max"])
@pytest.mark.parametrize("missing", ["redistribute", "neutral", "worst", "exclude"])
def test_later_data_do_not_bring_it_back(
    build: SimpleNamespace, synthesis: str, fuzzy: str | None, missing: str
) -> None:
    options: dict[str, object] = {"fuzzy": {"operator": fuzzy}} if fuzzy else {}
    options["synthesis"] = {"kind": synthesis} | ({"orness": 0.3} if synthesis == "owa" else {})
    tree = build.two_axes(missing)
    model = build.fitted(tree, build.customers(a=A, b=[None] * 3, c=C, d=C), **options)
    before = score(model, build.customers(a=A, b=[None] * 3, c=C, d=C))
    later = build.customers(a=A, b=[0.0, 500.0, 3.0], c=C, d=C)
    assert score(model, later).equals(before)
    assert codes(result_issues(model, before, later)) == [("SCORE-668", "m_b")]


def test_a_criterion_of_nothing_else_hands_its_weight_on(build: SimpleNamespace) -> None:
    tree = build.made(
        build.group("x", build.leaf("a"), build.leaf("b", weight=3.0)),
        build.group("y", build.leaf("c"), weight=2.0),
        build.leaf("d"),
    )
    model = build.fitted(tree, build.customers(a=[None], b=[None], c=[50.0], d=[80.0]))
    assert model.local == pytest.approx(
        {"value": 1.0, "x": 0.0, "a": 0.0, "b": 0.0, "y": 2 / 3, "c": 1.0, "d": 1 / 3}
    )
    row = score(model, build.customers(a=[1.0], b=[1.0], c=[50.0], d=[80.0])).row(0, named=True)
    assert (row["score"], row["coverage"], row["score_x"]) == (pytest.approx(60), pytest.approx(1), None)


def test_an_axis_nobody_has_leaves_its_matrix_empty_and_that_is_said(build: SimpleNamespace) -> None:
    tree = build.two_axes(matrices=(build.matrix(*[{"kind": "fixed", "at": (50.0,)}] * 2),))
    frame = build.customers(a=A, b=A, c=[None] * 3, d=[None] * 3)
    found = fitted(tree, weigh(tree), frame)
    assert codes(found.issues) == [("SCORE-669", "plane")]
    result = score(found.model, frame)
    assert result["status"].to_list() == ["rated", "rated", "insufficient"]
    assert result["class_plane"].to_list() == [None] * 3
    assert explain(found.model, frame, "k3").reasons == ("now", "value")


def test_weights_of_profiles_and_of_the_data_leave_it_out_too(build: SimpleNamespace) -> None:
    old = {"id": "old", "name": "old", "values": ("old",), "weights": {"a": 1.0, "b": 1.0}}
    tree = build.two_axes(profiles={"by": "stage", "source": "test", "of": (old,)})
    frame = build.customers(a=[1.0, 2.0], b=[None] * 2, c=[3.0, 9.0], d=[5.0, 5.5])
    weights = weigh(tree)
    model = fit(
        tree, weights, frame.with_columns(stage=pl.lit("old")), profiles=profile_weights(tree, weights)
    )
    assert model.of_profile("old").local == model.local
    for combine in ("multiplicative", "geometric", "additive", "least_deviation"):
        joined = fitted(
            build.two_axes(), weigh(build.two_axes()), frame, objective="entropy", combine=combine
        )
        assert joined.model.local["b"] == 0.0
        assert sum(joined.model.global_[leaf] for leaf in "acd") == pytest.approx(1.0)
        assert "m_b" not in dict(codes(joined.issues)).values()


@pytest.mark.parametrize("rows", [[], [None, None]])
def test_where_nothing_is_observed_no_weight_changes(build: SimpleNamespace, rows: list[None]) -> None:
    model = build.fitted(build.two_axes(), build.customers(a=rows, b=rows, c=rows, d=rows))
    assert (model.unobserved, model.local["b"]) == ((), 0.25)


def test_the_model_keeps_it_and_refuses_a_weight_written_into_the_file(
    build: SimpleNamespace, tmp_path: Path
) -> None:
    model = without_b(build)
    model.save(tmp_path / "model.json")
    assert load_model(tmp_path / "model.json") == model
    model.reweighted({**model.local, "b": 0.1}).save(tmp_path / "model.json")
    with pytest.raises(EvaluationError) as caught:
        load_model(tmp_path / "model.json")
    assert [(issue.code, issue.detail["part"]) for issue in caught.value.issues] == [
        ("SCORE-604", "unobserved")
    ]


# --- a study --------------------------------------------------------------------------------------


@pytest.fixture
def orders_study(tmp_path: Path) -> Path:
    """Ten customers: the two largest have two purchases and lack most measures, eight small ones have all."""
    rows = ["id,date,amount"]
    for number in range(8):
        rows += [
            f"s{number},{2022 + month // 12}-{month % 12 + 1:02d}-{number + 3:02d},10" for month in range(36)
        ]
    for number in range(2):
        rows += [f"b{number},2024-{month}-05,90000" for month in ("06", "09")]
    (tmp_path / "orders.csv").write_text("\n".join(rows), "utf-8")
    study = "schema: 1\ntitle: t\nlanguage: en\nas_of: 2025-01-01\ntree: orders_value\n"
    study += "scoring: {min_coverage: 0.7}\nweighting: {source: given}\n"
    study += "tables:\n  orders: {file: orders.csv}\n"
    (tmp_path / "study.yaml").write_text(study, "utf-8")
    return tmp_path


def test_a_study_names_it_once(orders_study: Path) -> None:
    evaluation = Study(orders_study).run()
    said = [issue.code for issue in evaluation.issues if issue.subject == "breadth"]
    assert said == ["DATA-433"]
    assert evaluation.model.unobserved == ("breadth",)


def test_the_first_thing_said_is_that_the_unrated_hold_most_of_the_money(
    orders_study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluation = Study(orders_study).run()
    unrated = evaluation.results.filter(pl.col("status") == "insufficient")["id"].to_list()
    assert sorted(unrated) == ["b0", "b1"]
    first, *others = evaluation.issues
    assert (first.code, first.subject, first.severity) == ("SCORE-667", "net_amount", Severity.WARNING)
    assert (first.detail["count"], first.detail["share"]) == (2, 0.2)
    assert first.detail["held"] == pytest.approx(360_000 / (360_000 + 8 * 120))
    assert "frequency" not in [issue.subject for issue in others if issue.code == "SCORE-667"]
    assert invoke(["run", str(orders_study)]) == 0
    assert "SCORE-667" in capsys.readouterr().err.splitlines()[0]


def test_and_the_report_says_it_before_its_headline(orders_study: Path) -> None:
    evaluation = Study(orders_study).run()
    first = evaluation.issues[0].sentence("en")
    told = decide.build(Context(evaluation, "en"))
    assert told.beware == (first,)
    page, workbook = Study(orders_study).save_reports()
    text = page.read_text("utf-8")
    assert text.index('<p class="beware">') < text.index(f'<h1 id="decision-title">{told.headline[:20]}')
    book = CalamineWorkbook.from_path(workbook)
    cells = [c for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for c in row]
    assert cells.index(first) < cells.index(told.headline)
