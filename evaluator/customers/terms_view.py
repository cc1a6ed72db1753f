"""The terms of a lifetime value, as every view shows them beside it."""

from __future__ import annotations

from evaluator.customers.terms import Terms
from evaluator.present.blocks import Cell, Facts, facts
from evaluator.present.kinds import Kind
from evaluator.present.reader import Reader


def terms_of(terms: Terms, reader: Reader) -> Facts:
    """Return the conditions a lifetime value rests on, as they are printed beside it."""
    period = reader.text("retention.one_year")
    if terms.period != 1:
        period = reader.text("retention.years", count=reader.say(terms.period, "quantity"))
    horizon = reader.text("retention.endless")
    if terms.horizon is not None:
        horizon = reader.text("retention.periods", count=reader.say(terms.horizon, "quantity"))
    stated: dict[str, tuple[Cell, Kind]] = {
        "level": (reader.term("clv.level", terms.level), "text"),
        "rate": (terms.discount_rate, "share"),
        "horizon": (horizon, "text"),
        "period": (period, "text"),
        "margins": (reader.term("clv.timing", terms.margins_at), "text"),
    }
    if terms.costs_at:
        stated["costs"] = (reader.term("clv.timing", terms.costs_at), "text")
    return facts(reader, "retention", stated)
