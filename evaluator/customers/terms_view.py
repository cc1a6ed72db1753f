"""The terms of a lifetime value, as every view shows them beside it."""

from __future__ import annotations

from evaluator.customers.terms import Terms
from evaluator.present import figures
from evaluator.present.blocks import Facts, facts
from evaluator.present.reader import Reader


def money(value: float, currency: str) -> str:
    """Return an amount with its currency.

    >>> money(1234.5, "CNY")
    '1,234 CNY'
    """
    return f"{figures.quantity(value)} {currency}"


def terms_of(terms: Terms, reader: Reader) -> Facts:
    """Return the conditions a lifetime value rests on, as they are printed beside it."""
    period = reader.text("retention.one_year")
    if terms.period != 1:
        period = reader.text("retention.years", count=figures.quantity(terms.period))
    horizon = reader.text("retention.endless")
    if terms.horizon is not None:
        horizon = reader.text("retention.periods", count=figures.quantity(terms.horizon))
    stated = {
        "level": reader.term("clv.level", terms.level),
        "rate": figures.percent(terms.discount_rate),
        "horizon": horizon,
        "period": period,
        "margins": reader.term("clv.timing", terms.margins_at),
    }
    if terms.costs_at:
        stated["costs"] = reader.term("clv.timing", terms.costs_at)
    return facts(reader, "retention", stated)
