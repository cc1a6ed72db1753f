"""The choices behind customer equity in a study."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.customers.models.retention.options import MoneyTerms
from evaluator.documents import Format
from evaluator.labels import NonNegative, Positive, ProperShare, Share


class EquityDriverOptions(Format):
    """What customer equity comes from, and how important each driver is; see `equity_drivers`.

    `own` is the firm's brand in the table `brand_ratings`; `importance` above 0 per driver, from AHP or
    a regression. `drivers` says which equity (value, brand, retention) a driver of one's own belongs to.
    """

    own: str
    importance: Annotated[dict[str, Positive], Field(min_length=1)]
    drivers: dict[str, str] = {}


class SwitchingOptions(MoneyTerms):
    """Lifetime values of customers who move between brands, from the table `brand_choice`.

    Parameters
    ----------
    own : the firm's brand. margin_per_purchase, purchases_per_year : of the whole category.
    years : followed. population : customers in the market whom those observed stand for.
    smoothing : added to every observed move (Laplace), so that none is impossible.
    """

    own: str
    margin_per_purchase: Positive
    purchases_per_year: Positive
    years: Positive
    population: Positive
    smoothing: NonNegative = 1.0


class ImprovementOptions(Format):
    """What is spent to improve, and by how much it keeps more of a brand's customers; needs `switching`.

    `kept` is added to the chance that a customer of the own brand buys it again, taken from the other
    brands in proportion; `outlays` are paid at the start of each year, the first now.
    """

    kept: ProperShare
    outlays: Annotated[tuple[Positive, ...], Field(min_length=1)]


class CrossCheckOptions(Format):
    """How far apart lifetime value and score may stand before a customer is named, 0–1 of the customers."""

    limit: Share = 0.3
