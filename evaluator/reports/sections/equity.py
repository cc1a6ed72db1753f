"""Customer equity: its total, what drives it against competitors, and what brand switching makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evaluator import messages
from evaluator.customers.equity import EQUITIES, CustomerEquity, DriverPositions, lever
from evaluator.customers.models.equity import Improvement, Switching
from evaluator.present import charts, figures
from evaluator.present.charts import Chart, Named, Side, points
from evaluator.reports.blocks import (
    Block,
    Blocks,
    Cell,
    Facts,
    Head,
    Kind,
    Part,
    Picture,
    Table,
    Words,
    found,
    section,
    told,
)
from evaluator.reports.context import Context
from evaluator.reports.sections.retention import terms_of

_COMPARED: Mapping[str, Kind] = {
    "importance": "percent", "own": "number", "competitor": "number", "gap": "number"
}  # fmt: skip


def build(context: Context) -> Blocks | None:
    """Return what customers are worth together, and what would make it more."""
    return section(
        Part("", tuple(_total(context))),
        Part(context.text("equity.drivers"), tuple(_drivers(context))),
        Part(context.text("equity.switching"), tuple(_switching(context))),
    )


def _total(context: Context) -> Iterator[Block]:
    result: CustomerEquity | None = found(context, "equity")
    if result is None:
        return
    spread, currency = result.concentration, result.terms.currency
    yield Words(
        context.text(
            "equity.lead",
            total=f"{figures.quantity(result.total)} {currency}",
            count=result.customers,
            mean=figures.quantity(result.mean),
            top=figures.percent(0.2, 0),
            share=figures.percent(spread.top_share(0.2)),
        ),
        "lead",
    )
    yield terms_of(result.terms, context)
    if result.losing:
        yield Words(context.text("equity.losing", count=result.losing))
    yield from told(context, "equity", result)


def _drivers(context: Context) -> Iterator[Block]:
    result: DriverPositions | None = found(context, "equity_drivers")
    yield from told(context, "equity_drivers", result)
    if result is None:
        return
    if result.weakest:
        advice = lever(result.weakest, context.language)
        yield Words(
            context.text("equity.weakest", driver=driver(result.weakest, context), lever=advice), "lead"
        )
    else:
        yield Words(context.text("equity.best_in_all"), "lead")
    yield Picture(_map(result, context))
    yield _equities(result, context)
    yield _positions(result, context)


def driver(name: str, context: Context) -> str:
    """Return the name of a driver; one of the study's own is called by its id."""
    key = f"equity.driver.{name}"
    return messages.text(key, context.language) if messages.known(key, context.language) else name


def _map(result: DriverPositions, context: Context) -> Chart:
    """Return importance against the gap to the competitors."""
    names = {equity: messages.text(f"equity.of.{equity}", context.language) for equity in EQUITIES}
    marks = [
        Named(driver(row["driver"], context), row["gap"], row["importance"], names[row["equity"]])
        for row in result.drivers.iter_rows(named=True)
    ]
    sides = (
        Side(context.text("equity.gap"), (0.0,)),
        Side(context.text("equity.importance"), (1 / max(result.drivers.height, 1),)),
    )
    says = context.text("equity.map_says")
    return points("equity-map", context.text("equity.map"), says, marks, sides, list(names.values()))


def _equities(result: DriverPositions, context: Context) -> Table:
    heads = _heads(context, {"equity": "text", **_COMPARED})
    rows = tuple(
        (messages.text(f"equity.of.{row['equity']}", context.language), row["importance"], row["own"],
         row["competitor"], row["gap"])
        for row in result.equities.iter_rows(named=True)
    )  # fmt: skip
    return Table(context.text("equity.three"), heads, rows, total=len(rows))


def _positions(result: DriverPositions, context: Context) -> Table:
    heads = _heads(context, {"driver": "text", **_COMPARED, "quadrant": "text", "lever": "text"})
    rows = tuple(
        (driver(row["driver"], context), row["importance"], row["own"], row["competitor"], row["gap"],
         messages.text(f"equity.quadrant.{row['quadrant']}", context.language),
         lever(row["driver"], context.language) if row["quadrant"] in ("improve", "watch") else "")
        for row in result.drivers.iter_rows(named=True)
    )  # fmt: skip
    return Table(context.text("equity.by_priority"), heads, rows, total=len(rows))


def _heads(context: Context, kinds: Mapping[str, Kind]) -> tuple[Head, ...]:
    return tuple(Head(context.text(f"equity.{name}"), kind) for name, kind in kinds.items())


def _switching(context: Context) -> Iterator[Block]:
    result: Switching | None = found(context, "switching")
    yield from told(context, "switching", result)
    if result is None:
        return
    currency = result.values.terms.currency
    yield Words(
        context.text(
            "equity.switching_says",
            customers=result.customers,
            own=result.brands[0],
            equity=f"{figures.quantity(float(result.values.equity[0]))} {currency}",
            share=figures.percent(float(result.values.share[0])),
        ),
        "lead",
    )
    yield terms_of(result.values.terms, context)
    shares = list(zip(result.brands, result.values.share.tolist(), strict=True))
    yield Picture(
        charts.bars(
            "equity-share",
            context.text("equity.share"),
            context.text("equity.share_says"),
            shares,
            context.text("equity.share_axis"),
            labels=[figures.percent(share) for _, share in shares],
            format_=".0%",
        )
    )
    yield _chances(result, context)
    if result.improvement:
        yield from _improvement(result.improvement, currency, context)


def _chances(result: Switching, context: Context) -> Table:
    heads = (Head(context.text("equity.bought")), *(Head(brand, "percent") for brand in result.brands),
             Head(context.text("equity.moves"), "count"))  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (brand, *chances.tolist(), float(moves.sum()))
        for brand, chances, moves in zip(result.brands, result.chances, result.moves, strict=True)
    ]
    return Table(context.text("equity.next"), heads, tuple(rows), total=len(rows))


def _improvement(result: Improvement, currency: str, context: Context) -> Iterator[Block]:
    yield Words(
        context.text(
            "equity.improvement",
            kept=figures.percent(result.kept),
            gain=f"{figures.quantity(result.after - result.before)} {currency}",
            roi=figures.percent(result.roi),
        ),
        "note",
    )
    pairs = {"before": result.before, "after": result.after}
    yield Facts(
        tuple(
            (context.text(f"equity.{key}"), f"{figures.quantity(v)} {currency}") for key, v in pairs.items()
        )
    )
