"""The models of loyalty as a study runs them, on what customers say and what they order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.loyalty import (
    AttitudeSegments,
    CauseOptions,
    Ladder,
    Loyalty,
    LoyaltyDrivers,
    LoyaltyOptions,
    LoyaltyTypes,
    attitude_segments,
    loyalty,
    loyalty_causes,
    loyalty_drivers,
    loyalty_ladder,
    order_loyalty,
)
from evaluator.customers.models.loyalty.drivers import DRIVERS
from evaluator.customers.models.loyalty.types import REASONS
from evaluator.customers.models.matrices.placing import MatrixOptions, Placed, place
from evaluator.customers.sources import Option, Sources
from evaluator.displayed import Displayed
from evaluator.tree.types import FixedCut


@dataclass(frozen=True)
class LoyaltyChoices:
    """How the index, the cells of attitude and repeat buying, causes and segments are told."""

    loyalty: LoyaltyOptions
    loyalty_cells: MatrixOptions
    causes: CauseOptions
    flat_trend: float


@dataclass(frozen=True)
class LoyaltyResult(Displayed):
    """Everything the loyalty of a study's customers tells.

    Parameters
    ----------
    index, cells : the index, and where customers stand by attitude and repeat buying.
    causes, segments, drivers, ladder : None where nobody asked for them.
    frame : `id`, the index and its dimensions, `cell`, `cause`, `segment`, `rung`; null where not known.
    """

    index: Loyalty
    cells: Placed
    causes: LoyaltyTypes | None
    segments: AttitudeSegments | None
    drivers: LoyaltyDrivers | None
    ladder: Ladder | None
    frame: pl.DataFrame = field(repr=False)


@model(
    "order_loyalty", zh="订单中的忠诚度", en="Loyalty in orders",
    reference="Usual practice; defined as stated here", needs=("orders",),
)  # fmt: skip
def _order_loyalty(sources: Sources) -> pl.DataFrame:
    found: pl.DataFrame = order_loyalty(sources.lines, as_of=sources.as_of, months=sources.window_months)
    return found


measure_of("order_loyalty", "repeat_rate", "repeat_rate", zh="重复购买率", en="Repeat purchase rate")


def _freeze_cells(found: LoyaltyResult, chosen: LoyaltyChoices) -> LoyaltyChoices:
    cuts = {f"{side}_cut": FixedCut(kind="fixed", at=at) for side, at in found.cells.cuts.items()}
    return replace(chosen, loyalty_cells=chosen.loyalty_cells.model_copy(update=cuts))


@model(
    "loyalty", zh="客户忠诚度", en="Loyalty",
    reference="Dick & Basu 1994, doi:10.1177/0092070394222001", needs=("loyalty",), freeze=_freeze_cells,
    option=Option(LoyaltyChoices, "loyalty"),
)  # fmt: skip
def _loyalty(sources: Sources, chosen: LoyaltyChoices) -> LoyaltyResult:
    table = _joined(sources)
    index = loyalty(table, options=chosen.loyalty)
    cells = _cells(index, chosen.loyalty_cells)
    asked = set(table.columns)
    causes = loyalty_causes(table, options=chosen.causes) if asked & {"suppliers", *REASONS} else None
    attitudes = asked & {"emotional", "rational", "lifestyle", "dissatisfied"}
    told = attitudes and "spend_trend" in asked
    segments = attitude_segments(table, flat=chosen.flat_trend) if told else None
    driven = table.join(index.frame.select("id", "loyalty"), on="id", how="left", maintain_order="left")
    drivers = loyalty_drivers(driven) if asked & DRIVERS.keys() else None
    ladder = loyalty_ladder(table) if "aware" in asked else None
    return LoyaltyResult(
        index, cells, causes, segments, drivers, ladder, _frame(index, cells, causes, segments, ladder)
    )


def _joined(sources: Sources) -> pl.DataFrame:
    """Return the table of loyalty with what the orders tell besides; the table's own columns stand."""
    table = sources["loyalty"]
    if "orders" not in sources:
        return table
    orders: pl.DataFrame = sources.result("order_loyalty")
    spent = sources.columns(["net_amount"]).select("id", pl.col("net_amount").clip(0).alias("spend"))
    told = orders.join(spent, on="id", how="left", maintain_order="left")
    more = [name for name in told.columns if name not in table.columns]
    return table.join(told.select("id", *more), on="id", how="left", maintain_order="left")


def _cells(index: Loyalty, options: MatrixOptions) -> Placed:
    return place(index.frame.select("id", "attitude", "behaviour"), "dick_basu", options=options)


def _frame(
    index: Loyalty,
    cells: Placed,
    causes: LoyaltyTypes | None,
    segments: AttitudeSegments | None,
    ladder: Ladder | None,
) -> pl.DataFrame:
    frame: pl.DataFrame = index.frame.select("id", "loyalty", "time", "behaviour", "attitude")
    parts = {"cell": (cells, "class"), "cause": (causes, "cause"), "segment": (segments, "segment")}
    for name, (found, column) in (parts | {"rung": (ladder, "rung")}).items():
        if found is None:
            frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
        else:
            own = found.frame.select("id", pl.col(column).alias(name))
            frame = frame.join(own, on="id", how="left", maintain_order="left")
    return frame


for _column, _name, _zh, _en, _classes in (
    ("loyalty", "loyalty_index", "忠诚度指数", "Loyalty index", None),
    ("time", "loyalty_time", "忠诚度：时间", "Loyalty: time", None),
    ("behaviour", "loyalty_behaviour", "忠诚度：行为", "Loyalty: behaviour", None),
    ("attitude", "loyalty_attitude", "忠诚度：情感", "Loyalty: attitude", None),
    ("cell", "loyalty_cell", "态度—行为忠诚类别", "Attitude and repeat buying", "customers.dick_basu"),
    ("cause", "loyalty_cause", "忠诚成因", "Cause of loyalty", "customers.cause"),
    ("segment", "attitude_segment", "态度细分", "Attitude segment", "customers.segment"),
    ("rung", "loyalty_rung", "忠诚阶梯", "Loyalty ladder", "customers.rung"),
):
    measure_of("loyalty", _column, _name, zh=_zh, en=_en, classes=_classes)
