"""Value besides classes: contribution, delivered value, levers, information, network, referrals, room."""

from __future__ import annotations

import math
from collections.abc import Iterator

import polars as pl

from evaluator.columns import exact_sums, mean_of
from evaluator.customers import DeliveredValues, value_sources
from evaluator.customers.models.potential import Headrooms
from evaluator.customers.models.value import InformationValue
from evaluator.errors import EvaluationError
from evaluator.present import charts, figures
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Facts,
    Head,
    Kind,
    Part,
    Picture,
    Words,
    choices,
    found,
    listed,
    section,
    table,
    told,
    who,
)
from evaluator.reports.context import Context
from evaluator.reports.sections.concentration import measure_title

SHOWN = 15


def build(context: Context) -> Blocks | None:
    """Return what customers are worth in money and in ways that are no money."""
    return section(
        Part(context.text("customers.worth.contribution"), tuple(_contribution(context))),
        Part(context.text("customers.worth.three_way"), tuple(_three_way(context))),
        Part(context.text("customers.worth.delivered"), tuple(_delivered(context))),
        Part(context.text("customers.worth.levers"), tuple(_levers(context))),
        Part(context.text("customers.worth.knowledge"), tuple(_knowledge(context))),
        Part(context.text("customers.worth.network"), tuple(_network(context))),
        Part(context.text("customers.worth.referrals"), (*_referrals(context), *_word_of_mouth(context))),
        Part(context.text("customers.worth.potential"), (*_potential(context), *_headroom(context))),
        Part(context.text("customers.worth.sources"), tuple(_sources(context))),
    )


def _heads(context: Context, kinds: dict[str, Kind]) -> list[Head]:
    """Return the heads of a table of customers, whose id and name come first."""
    return [
        *who(context),
        *(Head(context.text(f"customers.worth.{key}"), kind) for key, kind in kinds.items()),
    ]


def _contribution(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "contribution")
    yield from told(context, "contribution")
    if result is None:
        return
    known = result.filter(pl.col("contribution").is_not_null()).sort("contribution")
    unknown = result.height - known.height
    yield Words(context.text("customers.worth.contribution_says"))
    if not known.height:
        yield Words(context.text("customers.worth.nobody"))
        return
    totals = [math.fsum(column) for column in known["price", "cost_to_serve", "contribution"]]
    losing = known.filter(pl.col("contribution") < 0)
    pairs = [
        (context.text("customers.worth.price"), figures.quantity(totals[0])),
        (context.text("customers.worth.cost_to_serve"), figures.quantity(totals[1])),
        (context.text("customers.worth.contribution"), figures.quantity(totals[2])),
        (context.text("customers.worth.losing"), figures.number(losing.height, 0)),
        (context.text("customers.worth.loss"), figures.quantity(math.fsum(losing["contribution"]))),
    ]
    if unknown:
        pairs.append((context.text("customers.worth.unknown"), figures.number(unknown, 0)))
    yield Facts(tuple(pairs))
    kinds: dict[str, Kind] = {"price": "quantity", "cost_to_serve": "quantity", "margin": "quantity"}
    kinds |= {"margin_rate": "percent"}
    kinds |= {"acquisition": "quantity"} if "acquisition" in result.columns else {}
    kinds |= {"contribution": "quantity"}
    ends = known if known.height <= 2 * SHOWN else pl.concat([known.tail(SHOWN), known.head(SHOWN)])
    frame = listed(context, ends.sort("contribution", descending=True))
    note = context.text("customers.worth.ends", count=SHOWN) if known.height > 2 * SHOWN else ""
    yield table(
        "",
        _heads(context, kinds),
        frame.select(*(name for name in ("id", "name") if name in frame.columns), *kinds),
        note=note,
    )


def _three_way(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "three_way")
    yield from told(context, "three_way")
    if result is None:
        return
    yield Words(context.text("customers.worth.three_way_says"))
    kinds: dict[str, Kind] = {
        "current_value": "quantity", "potential_value": "number", "non_monetary_value": "number"
    }  # fmt: skip
    frame = result.sort("current_value", descending=True, nulls_last=True)
    yield table("", _heads(context, kinds), listed(context, frame), most=2 * SHOWN)


def _delivered(context: Context) -> Iterator[Block]:
    result: DeliveredValues | None = found(context, "delivered")
    yield from told(context, "delivered", result)
    if result is None:
        return
    yield Words(context.text("customers.worth.delivered_says"))
    firm = pl.col("firm").replace({"": context.text("customers.worth.own")})
    heads = [
        Head(context.text("customers.worth.firm")),
        Head(context.text("customers.count"), "count"),
        *(Head(context.text(f"customers.worth.{key}"), "ratio") for key in ("benefit", "cost", "value")),
    ]
    yield table("", heads, result.standing.with_columns(firm))
    if not math.isnan(result.relative["value"]):
        yield Facts(
            tuple(
                (context.text(f"customers.worth.relative_{key}"), figures.number(result.relative[key], 3))
                for key in ("value", "benefit", "cost")
            )
        )


def _levers(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "levers")
    yield from told(context, "levers")
    if result is None:
        return
    options = choices(context).levers
    assert options is not None
    cost = figures.ABSENT if options.cost_cut is None else figures.quantity(options.cost_cut)
    importance = figures.quantity(options.importance_cut)
    yield Words(context.text("customers.worth.levers_says", importance=importance, cost=cost))
    actions = {
        key: context.text(f"customers.action.{key}") for key in ("eliminate", "add", "step_up", "keep")
    }
    frame = result.with_columns(pl.col("action").replace_strict(actions, default=None)).select(
        "rank", "id", "importance", "own", "rival", "opportunity", "action"
    )
    kinds: dict[str, Kind] = {
        "rank": "count", "attribute": "text", "importance": "quantity", "own_score": "quantity",
        "rival": "quantity", "opportunity": "quantity", "action": "text",
    }  # fmt: skip
    heads = [Head(context.text(f"customers.worth.{key}"), kind) for key, kind in kinds.items()]
    yield table("", heads, frame)


def _knowledge(context: Context) -> Iterator[Block]:
    result: InformationValue | None = found(context, "knowledge")
    yield from told(context, "knowledge", result)
    if result is None:
        return
    options = choices(context).knowledge
    assert options is not None
    constant, cost = figures.quantity(options.constant), figures.quantity(options.cost)
    yield Words(context.text("customers.worth.knowledge_says", constant=constant, cost=cost))
    if result.total is not None:
        total = result.total
        pairs = {
            "z": total.value, "gross": total.gross, "collecting": total.cost, "break_even": total.break_even
        }  # fmt: skip
        yield Facts(
            tuple(
                (context.text(f"customers.worth.{key}"), figures.quantity(float(value)))
                for key, value in pairs.items()
            )
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
        heads = [
            Head(context.text("customers.worth.point")),
            Head(context.text("customers.worth.per_use"), "quantity"),
            Head(context.text("customers.worth.per_information"), "quantity"),
        ]
        yield table(context.text("customers.worth.sensitivity"), heads, per.head(SHOWN))
    kinds: dict[str, Kind] = {"gross": "quantity", "collecting": "quantity", "z": "quantity"}
    frame = result.frame.sort("value", descending=True, nulls_last=True)
    yield table(
        context.text("customers.count"), _heads(context, kinds), listed(context, frame), most=2 * SHOWN
    )


def _network(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "network")
    yield from told(context, "network")
    if result is None:
        return
    options = choices(context).network
    assert options is not None
    yield Words(context.text("customers.worth.network_says", beta=figures.quantity(options.beta)))
    kinds: dict[str, Kind] = {"own_value": "quantity", "network_value": "quantity", "total": "quantity"}
    frame = result.filter(pl.col("network") > 0).sort(["network", "id"], descending=[True, False])
    yield table("", _heads(context, kinds), listed(context, frame), most=2 * SHOWN)


def _referrals(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "referrals")
    yield from told(context, "referrals")
    if result is None:
        return
    options = choices(context).referrals
    assert options is not None
    rate = figures.percent(options.discount_rate)
    yield Words(context.text("customers.worth.referrals_says", rate=rate))
    kinds: dict[str, Kind] = {"because": "quantity", "anyway": "quantity", "crv": "quantity"}
    frame = result.sort(["crv", "id"], descending=[True, False], nulls_last=True)
    yield table("", _heads(context, kinds), listed(context, frame), most=2 * SHOWN)


def _word_of_mouth(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "word_of_mouth")
    yield from told(context, "word_of_mouth")
    if result is None:
        return
    options = choices(context).word_of_mouth
    assert options is not None
    conversion, margin = figures.percent(options.conversion), figures.quantity(options.margin)
    yield Words(context.text("customers.worth.word_of_mouth_says", conversion=conversion, margin=margin))
    kinds: dict[str, Kind] = {"referred": "quantity", "word_of_mouth": "quantity"}
    frame = result.filter(pl.col("value") > 0).sort(["value", "id"], descending=[True, False])
    yield table("", _heads(context, kinds), listed(context, frame), most=2 * SHOWN)


def _potential(context: Context) -> Iterator[Block]:
    result: pl.DataFrame | None = found(context, "potential")
    yield from told(context, "potential")
    if result is None:
        return
    options = choices(context).potential
    assert options is not None
    drivers = [
        context.text(
            "customers.worth.driver",
            name=measure_title(driver.measure, context),
            worst=figures.quantity(driver.worst),
            best=figures.quantity(driver.best),
            weight=figures.quantity(driver.weight),
        )
        for driver in (options.share, options.relationship, options.business)
    ]
    yield Words(context.text("customers.worth.potential_says", drivers=context.listed(drivers)))
    kinds: dict[str, Kind] = dict.fromkeys(
        ("driver_share", "driver_relationship", "driver_business", "growth_potential"), "quantity"
    )
    frame = result.drop_nulls("potential").sort(["potential", "id"], descending=[True, False])
    yield table("", _heads(context, kinds), listed(context, frame), most=SHOWN)


def _headroom(context: Context) -> Iterator[Block]:
    result: Headrooms | None = found(context, "headroom")
    yield from told(context, "headroom", result)
    if result is None:
        return
    yield Words(context.text("customers.worth.headroom_says"))
    kinds: dict[str, Kind] = {
        "driver_business": "quantity",
        "driver_share": "percent",
        "headroom": "quantity",
    }
    frame = result.frame.drop_nulls("headroom").sort(["headroom", "id"], descending=[True, False])
    yield table("", _heads(context, kinds), listed(context, frame), most=SHOWN)


def _sources(context: Context) -> Iterator[Block]:
    """Yield which sources the mean customer's points come from; only where points add up to the score."""
    sources = choices(context).value_sources
    model = context.evaluation.model
    if not sources or not model.additive or not context.rated.height:
        return
    means = {leaf.id: mean_of(context.rated[f"score_{leaf.id}"]) for leaf in context.tree.indicators}
    points = {leaf: (mean or 0.0) * model.global_[leaf] for leaf, mean in means.items()}
    try:
        shares = value_sources(points, sources)
    except EvaluationError as error:
        yield from (Words(context.told(issue), "note") for issue in error.issues)
        return
    rows = sorted(shares.items(), key=lambda entry: -entry[1])
    yield Picture(
        charts.bars(
            "value-sources",
            context.text("customers.worth.sources"),
            context.text("customers.worth.sources_says"),
            rows,
            context.text("customers.worth.share"),
            labels=[figures.percent(share) for _, share in rows],
            format_=".0%",
        )
    )
