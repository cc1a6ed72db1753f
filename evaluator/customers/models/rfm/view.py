"""Recency, frequency and monetary value: the grid of scores, the references, the eight classes."""

from __future__ import annotations

from math import fsum

from evaluator.customers.models.rfm.scores import DIMENSIONS, Rfm
from evaluator.customers.models.rfm.totals import RfmOptions
from evaluator.customers.view_parts import BARRED, treated
from evaluator.present import charts, figures
from evaluator.present.blocks import Cards, Head, Heading, Table, View, heads, table, words
from evaluator.present.kinds import ABSENT, Kind
from evaluator.present.reader import Reader


def view(result: Rfm, chosen: RfmOptions, reader: Reader) -> View:
    """Yield the RFM analysis of customers with orders."""
    options = result.options
    window = reader.text("customers.rfm.all_history")
    if options.window_months:
        window = reader.text("customers.rfm.window", months=options.window_months)
    yield words(
        reader, "customers.rfm.lead", "lead",
        count=result.frame.height,
        as_of=reader.day(result.as_of),
        window=window,
        purchase=reader.text(f"customers.rfm.count_{options.count}"),
        amount=reader.text(f"customers.rfm.amount_{options.amount}"),
        returns=reader.text(f"customers.rfm.returns_{options.returns}"),
    )  # fmt: skip
    if result.grid.height:
        yield _grid(result, reader)
    yield Heading(reader.text("customers.rfm.classes"))
    yield _cards(result, reader)
    yield Heading(reader.text("customers.rfm.references"))
    yield _references(result, reader)


def _amount(result: Rfm) -> Kind:
    """Return what the amounts are, which may be pieces."""
    return "money" if result.options.amount == "money" else "quantity"


def _grid(result: Rfm, reader: Reader) -> charts.Chart:
    levels = [str(score) for score in range(1, result.options.bins + 1)]
    cells = [
        charts.Value(
            str(f), str(r), count, f"{reader.say(count, 'count')}\n{reader.say(mean, _amount(result))}"
        )
        for r, f, count, mean in result.grid.select("r", "f", "customers", "monetary").iter_rows()
    ]
    axes = (reader.text("customers.rfm.r"), reader.text("customers.rfm.f"))
    shade = (reader.text("customers.count"), BARRED)
    return charts.grid(
        "rfm-grid", *reader.caption("customers.rfm.grid"), cells, levels[::-1], levels, axes, shade
    )


def _cards(result: Rfm, reader: Reader) -> Cards:
    total = fsum(result.profile["monetary"].drop_nulls()) or 1.0
    rows = (
        (row["class"], row["customers"], row["customers_share"],
         row["monetary"], row["monetary"] / total, row["recency"], row["frequency"])
        for row in result.profile.iter_rows(named=True)
    )  # fmt: skip
    split = result.options.split if result.options.split_at is None else "stated"
    at = {name: figures.number(value, 2) for name, value in zip(DIMENSIONS, result.split_at, strict=True)}
    return treated(
        "rfm", rows, reader.terms("customers.rfm", result.profile["class"]), reader,
        title="customers.rfm.classes",
        heads=heads(reader, "customers.rfm", {
            "customers.amount": _amount(result), "customers.amount_share": "share",
            "recency": "days", "frequency": "quantity",
        }),
        said=[reader.text(f"customers.rfm.split_{split}", **at)],
    )  # fmt: skip


def _references(result: Rfm, reader: Reader) -> Table:
    """Return what the scores rest on: cuts, weights, and how a value passes a cut."""
    options = result.options
    kinds: dict[str, Kind] = {"recency": "days", "frequency": "quantity", "monetary": _amount(result)}
    rows = [
        (
            reader.text(f"customers.rfm.{name}"),
            weight,
            reader.text(f"customers.rfm.{'stated' if getattr(options.thresholds, name) else 'quantiles'}"),
            reader.listed(reader.say(cut, kinds[name]) for cut in result.cuts[name]) or ABSENT,
        )
        for name, weight in zip(DIMENSIONS, options.weights, strict=True)
    ]
    shown = heads(reader, "customers.rfm", {"dimension": "text", "chart.weight": "quantity", "kind": "text"})
    cuts = Head(reader.text("customers.rfm.cuts", count=options.bins - 1))
    return table("", [*shown, cuts], rows, note=reader.text("customers.rfm.relative"))
