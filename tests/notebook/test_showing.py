"""What a notebook is given: HTML without a script, pictures as Vega-Lite, tables of the kind that came in."""

from __future__ import annotations

import builtins
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import evaluator as ev
from evaluator.ahp import consistency
from evaluator.customers import MODELS
from evaluator.demo import Made
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError
from evaluator.present.charts import MIME, Chart
from evaluator.study import Study

MATRIX = np.array([[1, 2, 5], [1 / 2, 1, 3], [1 / 5, 1 / 3, 1]])
MAIN = ("tree", "weights", "panel", "consistency", "evaluation", "model", "explanation", "certainty", "plan",
        "plan_findings", "comparison", "models")  # fmt: skip


@pytest.fixture(scope="module")
def shown(demo_study: tuple[Made, Study]) -> dict[str, Displayed]:
    """Every kind of object a person meets, of one study."""
    _, study = demo_study
    run, planned = study.run(), study.plan()
    return {
        "tree": run.tree, "weights": run.weights, "panel": run.panel, "consistency": consistency(MATRIX),
        "evaluation": run, "model": run.model, "certainty": run.certainty, "plan": planned.plan,
        "explanation": ev.explain(run.model, run.measured.frame, run.results["id"][3]),
        "plan_findings": planned, "comparison": run.comparison, "models": run.customers,
    }  # fmt: skip


@pytest.mark.parametrize("name", MAIN)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_people_meet_shows_a_finding_and_tables_without_a_script(shown, name, language) -> None:
    html = shown[name].to_html(language)
    assert "<script" not in html
    assert re.search(r'<p class="(lead|hint)">', html)
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in html
    assert all(line.startswith(".evaluator-view ") for line in _style(html)), "a rule would reach outside"
    assert not re.search(r"(src|href)=\"(?!data:image/svg)", html)


def _style(html: str) -> list[str]:
    return [line for line in html.partition("<style>")[2].partition("</style>")[0].splitlines() if line]


@pytest.mark.parametrize("name", [name for name in MAIN if name not in ("panel", "models")])
def test_what_has_a_picture_gives_it_as_vega_lite(shown, name) -> None:
    bundle = shown[name]._repr_mimebundle_()
    assert bundle["text/plain"] == repr(shown[name])
    assert bundle[MIME]["width"] == 640
    assert json.loads(json.dumps(bundle[MIME]))["$schema"].startswith(
        "https://vega.github.io/schema/vega-lite/v6"
    )
    assert bundle["text/html"].count("data:image/svg+xml;base64,") >= 1
    assert shown[name].plot().sized == bundle[MIME]


def test_a_study_s_numbers_stand_in_the_first_screen(shown, demo_study) -> None:
    """The headline, the ledger and who is first are those of the report."""
    run = demo_study[1].run()
    html = run.to_html("zh")
    first = run.results.filter(pl.col("rank") == 1)["name"][0]
    rated = run.results.filter(pl.col("status") == "rated").height
    assert first in html
    assert f"{run.results.height + len(run.unrated)}个客户中有{rated}个得到评价" in html
    assert all(
        action.name["zh"] in html for action in run.decisions.actions if action.id in run.decisions.given()
    )


def test_the_waterfall_ends_at_the_score(shown) -> None:
    explanation = shown["explanation"]
    values = explanation.plot("waterfall").spec["data"]["values"]
    assert values[-1]["end"] == pytest.approx(explanation.score)
    assert values[-2]["end"] == pytest.approx(explanation.score)
    frame = explanation.to_frame()
    assert frame["points"].drop_nulls().sum() + explanation.adjustment == pytest.approx(explanation.score)


@pytest.mark.parametrize("name", MODELS.names())
def test_every_model_of_a_study_shows_what_the_report_shows(demo_study, name) -> None:
    found = demo_study[1].run().customers[name]
    html = found.to_html("zh")
    assert len(repr(found)) < 400
    there = any(f"<{tag}>" in html for tag in ("table", "dl", "figure"))
    assert there == (found.result is not None and _anything(found.result))


def _anything(result: Any) -> bool:
    return not (hasattr(result, "columns") and len(result) == 0)


def test_a_result_by_itself_shows_its_view_or_its_tables() -> None:
    orders = pl.DataFrame(
        {"id": ["a", "b", "c", "d"] * 3, "amount": [90.0, 10.0, 40.0, 50.0] * 3}
    ).with_columns(date=pl.Series(["2024-01-05", "2024-02-07", "2024-03-01"] * 4).str.to_date())
    assert "RFM" in ev.customers.rfm(orders).to_html("en")
    assert ev.customers.abc(pl.DataFrame({"id": ["a", "b"], "value": [9.0, 1.0]})).plot().id


def test_what_came_in_as_pandas_goes_out_as_pandas() -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "value": [9.0, 1.0]})
    assert isinstance(ev.customers.abc(frame).to_frame(), pd.DataFrame)
    assert isinstance(ev.customers.abc(pl.DataFrame(frame.to_dict("list"))).to_frame(), pl.DataFrame)


def test_weights_and_trees_are_tables_too(shown) -> None:
    weights = shown["weights"].to_frame()
    assert weights.filter(pl.col("leaf"))["global"].sum() == pytest.approx(1.0)
    assert shown["tree"].to_frame().height == weights.height


@pytest.mark.parametrize(
    ("call", "code", "hint"),
    [
        (lambda shown: shown["weights"].plot("weigths"), "REPORT-881", "weights"),
        (lambda shown: shown["weights"].plot(42), "REPORT-881", "weights"),
        (lambda shown: shown["weights"].plot(pd.DataFrame({"a": [1]})), "REPORT-881", "weights"),
        (lambda shown: shown["panel"].plot(), "REPORT-882", None),
        (lambda shown: shown["consistency"].to_frame(), "REPORT-884", None),
        (lambda shown: shown["tree"].to_html("fr"), "REPORT-802", "zh"),
        (lambda shown: shown["tree"].plot(language=3), "REPORT-802", "zh"),
        (lambda shown: shown["models"]["rmf"], "METHOD-001", "rfm"),
    ],
)  # fmt: skip
def test_a_wrong_kind_is_a_sentence(shown, call, code, hint) -> None:
    with pytest.raises(EvaluationError) as caught:
        call(shown)
    (issue,) = caught.value.issues
    assert issue.code == code
    assert hint is None or hint in issue.hint
    assert all(issue.text(language) for language in ("zh", "en"))


def test_altair_takes_a_picture_or_its_absence_is_said(shown, monkeypatch) -> None:
    picture = shown["weights"].plot()
    altair = pytest.importorskip("altair")
    assert isinstance(picture.to_altair(), altair.TopLevelMixin)
    kept = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "altair":
            raise ImportError(name)
        return kept(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EvaluationError) as caught:
        picture.to_altair()
    assert caught.value.issues[0].code == "REPORT-883"


def test_a_picture_shows_itself(shown) -> None:
    picture = shown["weights"].plot()
    assert isinstance(picture, Chart)
    assert picture.plot() is picture
    assert picture.title in picture.to_html("en") or picture.title in picture.to_html("zh")
    assert len(repr(picture)) < 400
