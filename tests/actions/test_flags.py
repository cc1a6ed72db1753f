"""Flags hold where their condition does, are unknown where a part is missing, and alike on every engine."""

import math
import re
from pathlib import Path

import duckdb
import polars as pl
import pytest

from evaluator.actions import flags_with, raise_flags, shipped_flags
from evaluator.actions.flags import names_in
from evaluator.actions.words import flags_of
from evaluator.customers import MEASURES, MODEL_MEASURES
from evaluator.errors import EvaluationError
from evaluator.tree import load_tree
from evaluator.tree.decisions import Flag
from evaluator.tree.loader import bundled

FRAME = pl.DataFrame(
    {"id": ["a", "b", "c", "d"], "growth": [0.3, 0.3, -0.5, None], "overdue_share": [0.0, 0.6, 0.1, 0.0],
     "overdue_count": [0.0, 0.0, 4.0, None], "recency_days": [10.0, 400.0, 365.0, None],
     "grade": ["good", "poor", None, "good"], "class_plane": ["key", "key", "normal", None]}
)  # fmt: skip


def flag(name: str, when: str) -> Flag:
    text = {"zh": name, "en": name}
    return Flag(id=name, name=text, level="care", when=when, says=text, source=text)


def test_those_that_ship() -> None:
    """b grows and is overdue; of d nothing is known but that its overdue share is small."""
    found = raise_flags(FRAME, shipped_flags())
    assert found.frame["flag_overdue"].to_list() == [False, True, True, None]
    assert found.frame["flag_growing"].to_list() == [True, True, False, None]
    assert found.frame["flag_dormant"].to_list() == [False, True, False, None]
    assert found.counts()["dormant"] == (1, 1)
    assert found.counts()["dissatisfied"] == (0, 4)


def test_what_nobody_has_is_told_once() -> None:
    found = raise_flags(
        FRAME, [flag("one", "satisfacton < 60"), flag("two", "satisfacton > 90 or growth > 0")]
    )
    assert [(issue.code, issue.subject) for issue in found.issues] == [("ACTION-101", "satisfacton")]
    assert found.frame["flag_one"].to_list() == [None] * 4
    assert found.frame["flag_two"].to_list() == [True, True, False, None]
    never = raise_flags(FRAME, [flag("not", "not (satisfacton > 90 or growth > 0)")]).frame
    assert never["flag_not"].to_list() == [False, False, None, None]


def test_what_nobody_has_is_told_in_one_order() -> None:
    """Sets of names come in another order in every process, and two runs write equal bytes."""
    names = [f"measure_{letter}" for letter in "abcdefgh"]
    found = raise_flags(FRAME, [flag("one", " or ".join(f"{name} > 0" for name in reversed(names)))])
    assert [issue.subject for issue in found.issues] == names


def test_classes_grades_and_flags_before_are_names() -> None:
    said = [flag("key", "class_plane in ['key']"), flag("fine", "flag_key and not grade == 'poor'")]
    assert raise_flags(FRAME, said).frame["flag_fine"].to_list() == [True, False, False, None]


@pytest.mark.parametrize("when", ["flag_overdue + 1 > 1", "flag_overdue > 0", "growth >", "growth"])
def test_conditions_outside_the_language_are_refused(when: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        raise_flags(FRAME, [*shipped_flags(), flag("bad", when)])
    assert {issue.code for issue in raised.value.issues} <= {"DOC-121", "DOC-124", "DOC-125"}


AT_LIMITS = [
    ("declining", {"growth": math.log(0.66) / 12}, True),
    ("declining", {"growth": math.log(0.67) / 12}, False),
    ("declining", {"growth": None}, None),
    ("declining", {"growth": 0.0, "order_change": -0.5}, False),
    ("growing", {"growth": math.log(1.51) / 12}, True),
    ("growing", {"growth": math.log(1.49) / 12}, False),
    ("costly", {"gross_profit": 100.0, "cost_to_serve_ratio": 0.3, "margin": 0.2}, True),
    ("costly", {"gross_profit": 100.0, "cost_to_serve_ratio": 0.1, "margin": 0.2}, False),
    ("costly", {"gross_profit": -1.0}, True),
    ("recommends", {"referrals": 0, "recommendation": 9}, True),
    ("recommends", {"referrals": 0, "recommendation": 8}, False),
    ("at_risk", {"churn_probability": 0.5}, True),
    ("at_risk", {"leaving_signs": 2, "churn_probability": 0.4}, False),
    ("at_risk", {"churn_risk": 60}, True),
    ("at_risk", {"p_alive": 0.49}, True),
    ("at_risk", {"interval_ratio": 2.9}, False),
    ("overdue", {"on_time_payment": 0.69}, True),
    ("overdue", {"on_time_payment": 0.7}, False),
    ("overdue", {"months_late": 2}, True),
    ("overdue", {"overdue_times": 2}, False),
    ("headroom", {"freight_share": 0.4}, True),
    ("new", {"bank_years": 1}, False),
    ("dissatisfied", {"satisfaction_index": 59}, True),
    ("headroom", {"share_of_wallet": 0.6}, False),
    ("headroom", {"headroom": 120.0, "net_amount": 100.0}, True),
    ("complaint", {"open_complaints": 1}, True),
    ("complaint", {"open_complaints": 0, "complaint_count": 3}, False),
    ("complaint", {"complaint_count": 3}, None),
    ("complaint", {"open_complaints": None}, None),
    ("complaint", {"open_complaint_days": 0}, False),
    ("new", {"tenure_months": 11}, True),
]


@pytest.mark.parametrize(("name", "measures", "expected"), AT_LIMITS)
def test_flags_read_measures_in_the_units_they_have(
    name: str, measures: dict[str, float | None], expected: bool | None
) -> None:
    """`growth` is a logarithm per month, `cost_to_serve_ratio` a share of sales as `margin` is."""
    frame = pl.DataFrame({"id": ["a"], **{key: [value] for key, value in measures.items()}})
    frame = frame.with_columns(pl.exclude("id").cast(pl.Float64))
    assert raise_flags(frame, shipped_flags()).frame[f"flag_{name}"].to_list() == [expected]


@pytest.mark.parametrize(
    ("tree", "measure", "limits"),
    [("licensed_outlet", "purchase_growth", (-0.2, 0.2)), ("distributor", "sales_growth", (-0.2, 0.2)),
     ("freight_shipper", "tonnage_growth", (-0.2, 0.2)), ("churn_risk", "order_change", (-0.19, 0.19)),
     ("telecom", "arpu_trend", (0.8 ** (1 / 12) - 1, 1.2 ** (1 / 12) - 1))],
)  # fmt: skip
def test_trees_with_a_trend_of_their_own_tell_decline_by_it(
    tree: str, measure: str, limits: tuple[float, float]
) -> None:
    """Just within a fifth in a year neither holds, a little beyond one does; orders are not asked."""
    fall, rise = limits
    values = [fall - 0.011, fall + 1e-4, rise - 1e-4, rise + 0.011, None]
    frame = pl.DataFrame({"id": list("abcde"), measure: values, "growth": [0.5, 0.5, -0.5, -0.5, 0.5]})
    found = raise_flags(frame, flags_of(load_tree(tree))).frame
    assert found["flag_declining"].to_list() == [True, False, False, False, None]
    assert found["flag_growing"].to_list() == [False, False, False, True, None]


@pytest.mark.parametrize("tree", [None, *bundled()])
def test_nobody_declines_and_grows(tree: str | None) -> None:
    """Both flags compare the same measures, whatever the others say."""
    flags = {entry.id: entry for entry in (flags_of(load_tree(tree)) if tree else shipped_flags())}
    down, up = names_in(flags["declining"].when), names_in(flags["growing"].when)
    assert down == up
    (trend,) = down
    values = [step / 100 for step in range(-60, 61)]
    frame = pl.DataFrame({"id": [str(n) for n in range(len(values))], trend: values})
    told = raise_flags(frame, tuple(flags.values())).frame
    assert not (told["flag_declining"] & told["flag_growing"]).any()
    assert told["flag_declining"].any()
    assert told["flag_growing"].any()


def test_orders_alone_decide_flags() -> None:
    """The measures that orders give by themselves decide these for everybody."""
    measures = {"recency_days": 20.0, "growth": 0.0, "regularity": 0.3, "tenure_months": 30.0,
                "interval_ratio": 1.0, "gross_profit": 10.0, "net_amount": 90.0, "margin": 0.1}  # fmt: skip
    found = raise_flags(pl.DataFrame({"id": ["a"], **{key: [value] for key, value in measures.items()}}),
                        shipped_flags())  # fmt: skip
    decided = {name for name, (_, unknown) in found.counts().items() if not unknown}
    assert decided == {"at_risk", "dormant", "declining", "growing", "costly", "new"}


def test_every_name_that_flags_speak_of_is_a_measure() -> None:
    """A measure of orders, of tables as trees name them, or of a customer model; or what scoring adds."""
    known = {leaf.measure for tree in map(load_tree, bundled()) for leaf in tree.indicators}
    known |= {*MEASURES, *MODEL_MEASURES, *(f"flag_{entry.id}" for entry in shipped_flags()), "cut_distance"}
    for entry in shipped_flags():
        assert names_in(entry.when) <= known, entry.id
        assert names_in(entry.money or "0") <= known, entry.id


def test_engines_agree() -> None:
    """Polars, lazy Polars, pandas and DuckDB give every customer the same flags."""
    expected = raise_flags(FRAME, shipped_flags()).frame.sort("id")
    columns = [name for name in expected.columns if name.startswith("flag_")]
    assert raise_flags(FRAME.lazy(), shipped_flags()).frame.collect().sort("id").equals(expected)
    relation = duckdb.connect().from_arrow(FRAME.to_arrow())
    on_duckdb = pl.from_arrow(raise_flags(relation, shipped_flags()).frame.to_arrow_table())
    assert isinstance(on_duckdb, pl.DataFrame)
    assert on_duckdb.sort("id").select(columns).equals(expected.select(columns))
    on_pandas = raise_flags(FRAME.to_pandas(), shipped_flags()).frame
    assert on_pandas["flag_overdue"].fillna(value=False).tolist() == [False, True, True, False]


def test_flags_are_changed_added_and_switched_off() -> None:
    flags = flags_with([flag("dormant", "recency_days > 90"), flag("mine", "growth > 0")], off=["new"])
    assert [f.id for f in flags][-1] == "mine"
    assert "new" not in {f.id for f in flags}
    assert next(f for f in flags if f.id == "dormant").when == "recency_days > 90"
    assert len(flags) == len(shipped_flags())


def test_every_flag_that_ships_speaks_both_languages() -> None:
    for entry in shipped_flags():
        assert all(
            text[language] for text in (entry.name, entry.says, entry.source) for language in ("zh", "en")
        )


def test_the_page_lists_the_flags_that_ship() -> None:
    """docs/decision.md has a row for each flag, in their order, with its level and its names."""
    page = (Path(__file__).parents[2] / "docs" / "decision.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (risk|chance|care|data) \| (\S+) (.+?) \|", page, re.MULTILINE)
    shipped = [(entry.id, entry.level, entry.name["zh"], entry.name["en"]) for entry in shipped_flags()]
    assert rows == shipped
