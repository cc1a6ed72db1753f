"""The choices behind lifetime values from orders, and the parameters a model keeps once it was fitted."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evaluator.customers.clv.buying import BUYING
from evaluator.customers.clv.terms import Timing, Unit
from evaluator.documents import Choice, Day, Format, UnfitError
from evaluator.labels import Count, GrowthRate, NonNegative, Positive, PositiveCount, ProperShare, Share


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


class MoneyTerms(Format):
    """The terms every lifetime value is stated on: discount rate, effective per year, and currency."""

    discount_rate: GrowthRate
    currency: str


class CohortTerms(MoneyTerms):
    """Value of the cohort in the table `cohort`; see `dwyer_retention`.

    Parameters
    ----------
    acquisition_cost : per customer, paid at the start. margins_at : when in its period a margin counts.
    """

    acquisition_cost: NonNegative
    margins_at: Timing = "start"


class RetainedTerms(MoneyTerms):
    """Value of the mean customer under a constant retention; see `berger_nasr`.

    Parameters
    ----------
    margin, cost : per cycle; retention : from one cycle to the next; cycle : its length in years.
    horizon : years followed; none goes on without end.
    """

    margin: float
    cost: NonNegative = 0.0
    retention: Share
    horizon: NonNegative | None = None
    cycle: Positive = 1.0
    margins_at: Timing = "start"
    costs_at: Timing = "middle"


class CurveParameters(Format):
    """Profit per year at time t, Berger and Nasr's two phases; see `curves.BergerNasr`."""

    h: float
    v: float
    g: NonNegative
    ceiling: float


class Degeneration(Format):
    """From when on the relationship degenerates, and how fast; see `curves.Degenerating`."""

    start: NonNegative
    rate: Positive
    shape: Literal["exponential", "linear"] = "exponential"


class SurvivalParameters(Format):
    """How many stay: a constant `retention` a year, or a Weibull curve of `scale` (years) and `shape`."""

    retention: Share | None = None
    scale: Positive | None = None
    shape: Positive | None = None

    @model_validator(mode="after")
    def _one_way(self) -> SurvivalParameters:
        weibull = (self.scale is not None, self.shape is not None)
        if (self.retention is None) != all(weibull) or any(weibull) != all(weibull):
            raise UnfitError("one_of", names="retention, scale + shape")
        return self


class CurveTerms(MoneyTerms):
    """Value of a customer whose profit follows a curve; see `curve_value`.

    `continuous` discounts profit at its moment; else it counts at the whole years of the `horizon`.
    """

    curve: CurveParameters
    degeneration: Degeneration | None = None
    survival: SurvivalParameters
    horizon: Positive
    continuous: bool = False


class MigrationTerms(MoneyTerms):
    """Value of customers who come and go; see `dwyer_migration` and `markov_with_stopping`.

    Parameters
    ----------
    probabilities : that who last bought 1, 2, … periods ago buys now; after the last one is given up.
    margin, cost : of a purchase, and of approaching a customer once. horizon : periods followed.
    """

    probabilities: Annotated[tuple[Share, ...], Field(min_length=1)]
    margin: float
    cost: NonNegative
    horizon: PositiveCount


class DriverTerms(MoneyTerms):
    """The five drivers of a loyal customer's profit; see `drivers_of`.

    Parameters
    ----------
    base, growth : profit of purchases in the first year, and its growth a year.
    first_cost, saving : cost to serve in the first year, and the share saved of it each year.
    referrals, conversion, referral_margin : people referred a year, share who buy, profit of each.
    premium, volume : paid more per unit, and units a year.
    retention, change : chance to stay a year, and what the report adds to it for comparison.
    """

    years: Annotated[int, Field(ge=1, le=50)]
    acquisition_cost: NonNegative
    base: float
    growth: GrowthRate = 0.0
    first_cost: NonNegative = 0.0
    saving: Share = 0.0
    referrals: NonNegative = 0.0
    conversion: Share = 0.0
    referral_margin: float = 0.0
    premium: float = 0.0
    volume: NonNegative = 0.0
    retention: Share
    change: ProperShare = 0.05


class ResponseTerms(Format):
    """How a rate answers to spending: ``ceiling · (1 − e^(−k·spend))``."""

    ceiling: Share
    k: Positive


class OptimumTerms(MoneyTerms):
    """What retention is worth spending on; see `optimum_retention`.

    Parameters
    ----------
    margin : per customer and year before the cost of retention.
    retention, acquisition : how the rates answer to spending per customer, and per prospect.
    acquisition_spend : per prospect, where how it answers is not known: then everyone is won.
    """

    margin: Positive
    retention: ResponseTerms
    acquisition: ResponseTerms | None = None
    acquisition_spend: NonNegative = 0.0


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
