"""Value besides classes: contribution, delivered value, levers, information, network, referrals, room."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from evaluator.columns import exact_sums
from evaluator.customers.models.value.ageing import Balances
from evaluator.customers.models.value.delivered import DeliveredValues
from evaluator.customers.models.value.levers import LeverOptions
from evaluator.customers.models.value.options import (
    DeliveredOptions,
    HeadroomOptions,
    KnowledgeOptions,
    NetworkOptions,
    PotentialOptions,
    ReceivableOptions,
    ReferralOptions,
    ThreeWayChoice,
    WordOfMouthOptions,
)
from evaluator.customers.models.value.potential_study import Headrooms
from evaluator.customers.models.value.study import InformationValue
from evaluator.present.blocks import Cell, Table, View, customer_table, facts, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

SHOWN = 15


def _customers(
    reader: Reader, frame: pl.DataFrame, kinds: Mapping[str, Kind], *,
    title: str = "", note: str = "", most: int = 2 * SHOWN,
) -> Table:  # fmt: skip
    shown = heads(reader, "customers.value", kinds)
    return customer_table(reader, title, shown, frame, names=False, note=note, most=most)


def contribution(result: pl.DataFrame, chosen: None, reader: Reader) -> View:
    """Yield what customers contribute once serving them is paid."""
    known = result.drop_nulls("contribution").sort("contribution")
    yield words(reader, "customers.value.contribution_says")
    if not known.height:
        yield words(reader, "customers.value.nobody")
        return
    losing = known.filter(pl.col("contribution") < 0)
    sums = {name: math.fsum(known[name]) for name in ("price", "cost_to_serve", "contribution")}
    found: dict[str, tuple[Cell, Kind]] = {name: (total, "money") for name, total in sums.items()}
    found |= {"losing": (losing.height, "count"), "loss": (math.fsum(losing["contribution"]), "money")}
    if unknown := result.height - known.height:
        found["unknown"] = (unknown, "count")
    yield facts(reader, "customers.value", found)
    kinds: dict[str, Kind] = {"price": "money", "cost_to_serve": "money", "margin": "money"}
    kinds |= {"margin_rate": "share"}
    kinds |= {"acquisition": "money"} if "acquisition" in result.columns else {}
    kinds |= {"contribution": "money"}
    all_shown = known.height <= 2 * SHOWN
    ends = known if all_shown else pl.concat([known.tail(SHOWN), known.head(SHOWN)])
    frame = ends.sort("contribution", descending=True).select("id", *kinds)
    note = "" if all_shown else reader.text("customers.value.ends", count=SHOWN)
    yield _customers(reader, frame, kinds, note=note)


def three_way(result: pl.DataFrame, chosen: ThreeWayChoice, reader: Reader) -> View:
    """Yield current, potential and non-monetary value side by side."""
    yield words(reader, "customers.value.three_way_says")
    frame = result.sort("current_value", descending=True, nulls_last=True)
    yield _customers(reader, frame, {
        "current_value": "money", "potential_value": "points", "non_monetary_value": "points"
    })  # fmt: skip


def delivered(result: DeliveredValues, chosen: DeliveredOptions, reader: Reader) -> View:
    """Yield what the firm delivers to customers, and what others do."""
    yield words(reader, "customers.value.delivered_says")
    shown = heads(reader, "customers.value", {
        "firm": "text", "customers.count": "count", "benefit": "coefficient",
        "cost": "coefficient", "value": "coefficient",
    })  # fmt: skip
    firm = pl.col("firm").replace({"": reader.text("customers.value.own")})
    yield table("", shown, result.standing.with_columns(firm))
    if not math.isnan(result.relative["value"]):
        yield facts(reader, "customers.value", {
            f"relative_{key}": (result.relative[key], "coefficient") for key in ("value", "benefit", "cost")
        })  # fmt: skip


def levers(result: pl.DataFrame, chosen: LeverOptions, reader: Reader) -> View:
    """Yield what to leave out of the offer, to add, and to step up."""
    high = reader.text("customers.value.important", importance=reader.say(chosen.importance_cut, "quantity"))
    if chosen.cost_cut is not None:
        cost = reader.say(chosen.cost_cut, "quantity")
        high = reader.text("customers.value.important_costly", important=high, cost=cost)
    yield words(reader, "customers.value.levers_says", high=high)
    keys = ("eliminate", "add", "step_up", "keep")
    actions = {key: reader.text(f"customers.action.{key}") for key in keys}
    frame = result.with_columns(pl.col("action").replace_strict(actions, default=None)).select(
        "rank", "id", "importance", "own", "rival", "opportunity", "action"
    )
    shown = heads(reader, "customers.value", {
        "rank": "rank", "attribute": "text", "importance": "quantity", "own_score": "quantity",
        "rival": "quantity", "opportunity": "quantity", "action": "text",
    })  # fmt: skip
    yield table("", shown, frame)


def knowledge(result: InformationValue, chosen: KnowledgeOptions, reader: Reader) -> View:
    """Yield what information about customers is worth."""
    constant, cost = reader.say(chosen.constant, "quantity"), reader.say(chosen.cost, "quantity")
    yield words(reader, "customers.value.knowledge_says", constant=constant, cost=cost)
    if result.total is not None:
        total = result.total
        values = {
            "z": total.value, "gross": total.gross, "collecting": total.cost, "break_even": total.break_even
        }  # fmt: skip
        yield facts(
            reader, "customers.value", {key: (float(value), "quantity") for key, value in values.items()}
        )
        per = pl.DataFrame(
            {
                "point": list(result.points),
                "per_use": total.per_use.tolist(),
                "per_information": total.per_information.tolist(),
            }
        )
        sums = exact_sums(per, subject="info_points", **{name: pl.col(name) for name in per.columns[1:]})
        per = per.group_by("point", maintain_order=True).agg(**sums)
        shown = heads(
            reader, "customers.value", {"point": "text", "per_use": "quantity", "per_information": "quantity"}
        )
        yield table(reader.text("customers.value.sensitivity"), shown, per.head(SHOWN))
    frame = result.frame.sort("value", descending=True, nulls_last=True)
    yield _customers(
        reader, frame, {"gross": "quantity", "collecting": "quantity", "z": "quantity"},
        title=reader.text("customers.count"),
    )  # fmt: skip


def network(result: pl.DataFrame, chosen: NetworkOptions, reader: Reader) -> View:
    """Yield what customers bring through those who follow them."""
    yield words(reader, "customers.value.network_says", beta=reader.say(chosen.beta, "share"))
    frame = result.filter(pl.col("network") > 0).sort(["network", "id"], descending=[True, False])
    yield _customers(
        reader,
        frame,
        {"own_value": reader.value_kind, "network_value": reader.value_kind, "total": reader.value_kind},
    )


def referrals(result: pl.DataFrame, chosen: ReferralOptions, reader: Reader) -> View:
    """Yield what the customers are worth whom a customer has referred."""
    yield words(reader, "customers.value.referrals_says", rate=reader.say(chosen.discount_rate, "share"))
    frame = result.sort(["crv", "id"], descending=[True, False], nulls_last=True)
    yield _customers(reader, frame, {"because": "money", "anyway": "money", "crv": "money"})


def word_of_mouth(result: pl.DataFrame, chosen: WordOfMouthOptions, reader: Reader) -> View:
    """Yield what referrals bring by a stated conversion."""
    conversion, margin = reader.say(chosen.conversion, "share"), reader.say(chosen.margin, "money")
    yield words(reader, "customers.value.word_of_mouth_says", conversion=conversion, margin=margin)
    frame = result.filter(pl.col("value") > 0).sort(["value", "id"], descending=[True, False])
    yield _customers(reader, frame, {"referred": "quantity", "word_of_mouth": "money"})


def potential(result: pl.DataFrame, chosen: PotentialOptions, reader: Reader) -> View:
    """Yield how willing customers are to buy more."""
    drivers = reader.listed(
        reader.text(
            "customers.value.driver",
            name=reader.measure(driver.measure),
            worst=reader.say(driver.worst, reader.kind(driver.measure)),
            best=reader.say(driver.best, reader.kind(driver.measure)),
            weight=reader.say(driver.weight, "quantity"),
        )
        for driver in (chosen.share, chosen.relationship, chosen.business)
    )
    yield words(reader, "customers.value.potential_says", drivers=drivers)
    frame = result.drop_nulls("potential").sort(["potential", "id"], descending=[True, False])
    yield _customers(reader, frame, {
        "driver_share": "points", "driver_relationship": "points", "driver_business": "points",
        "growth_potential": "points",
    }, most=SHOWN)  # fmt: skip


def headroom(result: Headrooms, chosen: HeadroomOptions, reader: Reader) -> View:
    """Yield how much customers buy elsewhere."""
    yield words(reader, "customers.value.headroom_says")
    frame = result.frame.drop_nulls("headroom").sort(["headroom", "id"], descending=[True, False])
    yield _customers(
        reader, frame, {"driver_business": "money", "driver_share": "share", "headroom": "money"},
        most=SHOWN,
    )  # fmt: skip


def receivables(result: Balances, chosen: ReceivableOptions, reader: Reader) -> View:
    """Yield what customers owe, and what of it is overdue, the most first."""
    frame = result.frame.with_columns(late=pl.col("outstanding") * pl.col("overdue_share"))
    yield words(reader, "customers.value.receivables_says", days=chosen.overdue_days)
    late = frame.filter(pl.col("late") > 0).sort(["late", "id"], descending=[True, False])
    owed, overdue = math.fsum(frame["outstanding"]), math.fsum(late["late"])
    found: dict[str, tuple[Cell, Kind]] = {"outstanding": (owed, "money"), "overdue": (overdue, "money")}
    found |= {"overdue_share": (overdue / owed, "share")} if owed > 0 else {}
    yield facts(reader, "customers.value", {**found, "late": (late.height, "count")})
    kinds: dict[str, Kind] = {"outstanding": "money", "overdue": "money", "overdue_share": "share"}
    yield _customers(reader, late.select("id", "outstanding", "late", "overdue_share"), kinds, most=SHOWN)
