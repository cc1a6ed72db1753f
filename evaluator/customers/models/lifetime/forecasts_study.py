"""Lifetime value from what is known of each customer's future: events, and profits so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from evaluator.customers.declaring import measure_of, model
from evaluator.customers.models.lifetime.bg_bb import (
    FittedOpportunities,
    fit_opportunities,
    opportunity_histories,
)
from evaluator.customers.models.lifetime.events import EventValues, customer_events
from evaluator.customers.models.lifetime.fitting import ProfitForecast, fit_profits, match_profits
from evaluator.customers.models.lifetime.histories import profit_histories
from evaluator.customers.models.lifetime.history import history_and_future
from evaluator.customers.models.lifetime.options import EventTerms, OpportunityTerms, ProfitTerms
from evaluator.customers.records import about
from evaluator.customers.sources import Option, Sources
from evaluator.customers.terms import Array, Terms
from evaluator.displayed import Displayed
from evaluator.errors import EvaluationError, Issue, Severity


@model(
    "events", zh="客户事件法", en="Customer events",
    reference="Chinese literature on customer lifetime value; Monte-Carlo by seed",
    needs=("events",), option=Option(EventTerms, "events", required=True),
)  # fmt: skip
def _events(sources: Sources, chosen: EventTerms) -> EventValues:
    dated = sources.as_of if "date" in sources["events"].columns else None
    return customer_events(sources["events"], as_of=dated, **chosen.model_dump())


measure_of("events", "base", "event_value", zh="客户事件价值", en="Value of customer events")


@dataclass(frozen=True)
class Opportunities(Displayed):
    """How likely each customer still is to use opportunities, and how many of the next ones.

    `frame`: `id`, `alive` (0–1, at the next opportunity), `ahead` (uses expected of the next ones).
    """

    frame: pl.DataFrame
    fitted: FittedOpportunities
    issues: tuple[Issue, ...]


@model(
    "opportunities", zh="对历次机会的响应（BG/BB）", en="Response to opportunities (BG/BB)",
    reference="Fader, Hardie & Shang 2010, doi:10.1287/mksc.1100.0580",
    needs=("opportunities",), option=Option(OpportunityTerms, "opportunities", required=True),
    laws=("relative",),
)  # fmt: skip
def _opportunities(sources: Sources, chosen: OpportunityTerms) -> Opportunities:
    fitted = fit_opportunities(sources["opportunities"])
    histories = opportunity_histories(sources["opportunities"]).sort("id")
    past = [histories[name].to_numpy() for name in ("frequency", "recency", "opportunities")]
    alive = fitted.model.p_alive(*past)
    ahead = fitted.model.uses_ahead(chosen.ahead, *past, discount=chosen.discount_rate)
    return Opportunities(histories.with_columns(alive=alive, ahead=ahead), fitted, fitted.estimate.issues)


measure_of(
    "opportunities", "alive", "opportunity_alive", zh="仍会响应的概率", en="Probability of still responding"
)
measure_of("opportunities", "ahead", "opportunities_ahead", zh="预期响应次数", en="Expected responses")


@dataclass(frozen=True)
class Profits(Displayed):
    """Each customer's profits so far and as the best curve continues them.

    `frame`: `id`, `periods` known, `curve`, `r_squared`, `history` (compounded to today), `future`
    (discounted), `lifetime` (both). Customers whose history carries no curve have a history alone.
    `forecasts` are those of the customers with a curve, by id.
    """

    frame: pl.DataFrame
    forecasts: dict[str, ProfitForecast]
    terms: Terms
    issues: tuple[Issue, ...]


@model(
    "profits", zh="历史利润与未来利润", en="Past and future profits",
    reference="Burnham & Anderson 2002, Model Selection (AICc); Chinese literature on profit curves",
    needs=("profit_history",), option=Option(ProfitTerms, "profits", required=True),
)  # fmt: skip
def _profits(sources: Sources, chosen: ProfitTerms) -> Profits:
    histories = profit_histories(sources["profit_history"])
    former = _former(sources) if chosen.by == "library" else None
    tried = {customer: _continued(known, chosen, former) for customer, known in histories.items()}
    forecasts = {customer: found for customer, found in tried.items() if found is not None}
    rows = [
        (customer, len(known), *_row(known, tried[customer], chosen)) for customer, known in histories.items()
    ]
    numbers = ("r_squared", "history", "future", "lifetime")
    schema = {"id": pl.String, "periods": pl.Int64, "curve": pl.String, **dict.fromkeys(numbers, pl.Float64)}
    terms = Terms("customer", chosen.discount_rate, chosen.horizon, chosen.period, chosen.currency, "end")
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Profits(frame, forecasts, terms, tuple(_warnings(tried)))


def _former(sources: Sources) -> Mapping[str, Array]:
    """Return the profits of former customers; raises where there are none."""
    if "former_profits" not in sources:
        raise EvaluationError([Issue("CUST-927", "profits", {"needs": "former_profits"})])
    return profit_histories(sources["former_profits"])


def _continued(
    known: Array, chosen: ProfitTerms, former: Mapping[str, Array] | None
) -> ProfitForecast | None:
    """Return the best curve, None where the history is too short for one or no former one goes on."""
    terms = chosen.model_dump(include={"horizon", "discount_rate", "currency", "period"})
    try:
        if former is not None:
            return match_profits(known, former, **terms)
        return fit_profits(known, most_beyond=chosen.most_beyond, **terms)
    except EvaluationError as error:
        if any(issue.code not in ("CLV-920", "CLV-923") for issue in error.issues):
            raise
        return None


def _row(known: Array, found: ProfitForecast | None, chosen: ProfitTerms) -> tuple[str | float | None, ...]:
    if found is not None:
        worth = found.lifetime
        history, future = float(worth.history), float(worth.future)
        return found.curve, found.r_squared, history, future, history + future
    terms = {"discount_rate": chosen.discount_rate, "currency": chosen.currency, "period": chosen.period}
    past = history_and_future(known, np.zeros(0), **terms)  # type: ignore[arg-type]
    return None, None, float(past.history), None, None


def _warnings(tried: Mapping[str, ProfitForecast | None]) -> Iterator[Issue]:
    """Yield once, with the customers it is true of, what their forecasts warn of."""
    warned: dict[str, list[str]] = {"CLV-942": [name for name, found in tried.items() if found is None]}
    for name, found in tried.items():
        for code in {issue.code for issue in found.issues} if found else ():
            warned.setdefault({"CLV-921": "CLV-943", "CLV-922": "CLV-944"}.get(code, code), []).append(name)
    for code, names in warned.items():
        yield from about(code, "profit_history", names, severity=Severity.WARNING)


measure_of("profits", "lifetime", "profit_lifetime", zh="历史与未来利润", en="Past and future profits")
measure_of("profits", "future", "profit_future", zh="未来利润", en="Future profits")
measure_of("profits", "history", "profit_history", zh="历史利润", en="Past profits")
