"""Customer equity: its total, what drives it against competitors, and what brand switching makes of it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from evaluator.customers.models.equity import EQUITIES, CustomerEquity, DriverPositions, lever
from evaluator.customers.models.equity.options import EquityDriverOptions
from evaluator.customers.models.equity.study import Improvement, Switching, SwitchingChoices
from evaluator.customers.models.lifetime.options import LifetimeOptions
from evaluator.customers.terms_view import terms_of
from evaluator.present import charts, figures
from evaluator.present.blocks import Head, Table, View, facts, heads, table, words
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader

TOP = 0.2
_COMPARED: dict[str, Kind] = {
    "importance": "weight", "own": "points", "competitor": "points", "gap": "shift"
}  # fmt: skip


def total(result: CustomerEquity, chosen: LifetimeOptions, reader: Reader) -> View:
    """Yield what customers are worth together."""
    reader = replace(reader, currency=result.terms.currency)
    yield words(
        reader, "equity.lead", "lead",
        total=reader.say(result.total, "money"),
        count=result.customers,
        mean=reader.say(result.mean, "money"),
        top=figures.percent(TOP, 0),
        share=reader.say(result.concentration.top_share(TOP), "share"),
    )  # fmt: skip
    yield terms_of(result.terms, reader)
    if result.losing:
        yield words(reader, "equity.losing", count=result.losing)


def drivers(result: DriverPositions, chosen: EquityDriverOptions, reader: Reader) -> View:
    """Yield what would make it more: importance and standing of its drivers."""
    if result.weakest:
        advice = lever(result.weakest, reader.language)
        yield words(reader, "equity.weakest", "lead", driver=driver(result.weakest, reader), lever=advice)
    else:
        yield words(reader, "equity.best_in_all", "lead")
    yield _map(result, reader)
    equities = pl.col("equity").replace_strict(reader.terms("equity.of", EQUITIES))
    shown = heads(reader, "equity", {"equity": "text", **_COMPARED})
    yield table(reader.text("equity.three"), shown, result.equities.select(equities, *_COMPARED))
    yield _positions(result, reader)


def driver(name: str, reader: Reader) -> str:
    """Return the name of a driver; one of the study's own is called by its id."""
    return reader.term("equity.driver", name, name)


def _map(result: DriverPositions, reader: Reader) -> charts.Chart:
    """Return importance against the gap to the competitors."""
    names = reader.terms("equity.of", EQUITIES)
    rows = result.drivers.select("driver", "gap", "importance", "equity").iter_rows()
    marks = [charts.Named(driver(name, reader), x, y, names[equity]) for name, x, y, equity in rows]
    sides = (
        charts.PlaneSide(reader.text("equity.gap"), (0.0,)),
        charts.PlaneSide(reader.text("equity.importance"), (1 / max(result.drivers.height, 1),)),
    )
    return charts.points("equity-map", *reader.caption("equity.map"), marks, sides, list(names.values()))


def _positions(result: DriverPositions, reader: Reader) -> Table:
    shown = heads(reader, "equity", {"driver": "text", **_COMPARED, "quadrant": "text", "lever": "text"})
    rows = tuple(
        (driver(row["driver"], reader), *(row[name] for name in _COMPARED),
         reader.term("equity.quadrant", row["quadrant"]),
         lever(row["driver"], reader.language) if row["quadrant"] in ("improve", "watch") else "")
        for row in result.drivers.iter_rows(named=True)
    )  # fmt: skip
    return table(reader.text("equity.by_priority"), shown, rows)


def switching(result: Switching, chosen: SwitchingChoices, reader: Reader) -> View:
    """Yield the equity of all brands, from what customers bought one after the other or will buy."""
    values = result.values
    reader = replace(reader, currency=values.terms.currency)
    yield words(
        reader, f"equity.switching_{'asks' if result.intended else 'says'}", "lead",
        customers=reader.say(result.customers, "count"),
        own=result.brands[0],
        equity=reader.say(float(values.equity[0]), "money"),
        share=reader.say(float(values.share[0]), "share"),
    )  # fmt: skip
    yield terms_of(values.terms, reader)
    shares = list(zip(result.brands, values.share.tolist(), strict=True))
    yield charts.bars(
        "equity-share", *reader.caption("equity.share"), shares, reader.text("equity.share_axis"),
        labels=[reader.say(share, "share") for _, share in shares], format_=".0%",
    )  # fmt: skip
    yield _chances(result, reader)
    if result.improvement:
        yield from _improvement(result.improvement, reader)


def _chances(result: Switching, reader: Reader) -> Table:
    title, counted = ("intended", "asked") if result.intended else ("next", "moves")
    shown = (
        Head(reader.text("equity.bought")),
        Head(reader.text("equity.last"), "share"),
        *(Head(brand, "share") for brand in result.brands),
        Head(reader.text(f"equity.{counted}"), "count"),
    )
    each = zip(result.brands, result.first.tolist(), result.chances, result.moves, strict=True)
    rows = [(brand, last, *chances.tolist(), float(moves.sum())) for brand, last, chances, moves in each]
    return table(reader.text(f"equity.{title}"), shown, rows)


def _improvement(result: Improvement, reader: Reader) -> View:
    gain = reader.say(result.after - result.before, "money")
    kept, roi = reader.say(result.kept, "share"), reader.say(result.roi, "share")
    yield words(reader, "equity.improvement", "note", kept=kept, gain=gain, roi=roi)
    yield facts(reader, "equity", {"before": (result.before, "money"), "after": (result.after, "money")})
