"""The choices behind lifetime values from orders, and the parameters a model keeps once it was fitted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.customers.models.lifetime.buying import BUYING
from evaluator.customers.models.retention.options import MoneyTerms
from evaluator.customers.terms import Unit
from evaluator.documents import Choice, Day, Format
from evaluator.labels import Count, GrowthRate, NonNegative, Positive, PositiveCount


class FittedParameters(Format):
    """Parameters fitted to customers of an earlier period; a later one is judged by them.

    `customers` were counted, of whom `repeaters` bought again; `buying` and `spend` by name.
    """

    buying: dict[str, Positive]
    spend: dict[str, Positive]
    customers: Count
    repeaters: Count
    as_of: Day


class LifetimeOptions(Format):
    """Lifetime value of each customer from their orders.

    Parameters
    ----------
    model : of repeat buying: ``bg_nbd`` or ``pareto_nbd``.
    unit : of time; a purchase is all a customer buys in one day.
    margin : share of the amount that is profit, 0–1.
    horizon : how far ahead purchases count, in units; null counts them without end.
    discount_rate : effective, per year.
    currency : of the amounts.
    free : whether lines of amount 0 count as purchases.
    calibration_end : the last day the holdout test may see; what came after it is compared with the
        forecast. Without one there is no test.
    least_repeaters : customers who bought again, below which no model is fitted.
    parameters : fitted before; without them the model is fitted to these orders.
    """

    model: Annotated[str, Choice(BUYING)] = "bg_nbd"
    unit: Unit = "week"
    margin: Annotated[float, Field(gt=0, le=1)]
    horizon: Positive | None
    discount_rate: GrowthRate
    currency: str
    free: bool = False
    calibration_end: Day | None = None
    least_repeaters: PositiveCount = 30
    parameters: FittedParameters | None = None


class OpportunityTerms(Format):
    """Opportunities used or passed over, from the table `opportunities`; see `fit_opportunities`.

    Parameters
    ----------
    ahead : how many further opportunities are looked at.
    discount_rate : from one opportunity to the next; a use counts the less, the later it comes.
    """

    ahead: PositiveCount
    discount_rate: NonNegative = 0.0


class EventTerms(MoneyTerms):
    """Value of the events that may come with customers, from the table `events`; see `customer_events`."""

    draws: Annotated[int, Field(ge=100)] = 2000
    seed: int = 0


class ProfitTerms(MoneyTerms):
    """Profits to come from profits known, from the table `profit_history`; see `fit_profits`.

    Parameters
    ----------
    horizon : further periods. period : length of one in years.
    by : ``curves`` tries formulas, ``library`` the profits of former customers in `former_profits`.
    most_beyond : how far ahead, as a multiple of the periods known, a curve is trusted.
    """

    horizon: PositiveCount
    period: Positive = 1.0
    most_beyond: Positive = 1.0
    by: Literal["curves", "library"] = "curves"
