"""What a study states about lifetime values of groups, and the terms that every lifetime value has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evaluator.customers.terms import Timing
from evaluator.documents import Format, UnfitError
from evaluator.labels import GrowthRate, NonNegative, Positive, PositiveCount, ProperShare, Share


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
