"""What a study states about what customers are worth."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evaluator.customers.models.value.contribution import ThreeWayOptions
from evaluator.documents import Format
from evaluator.labels import Count, NonNegative, Positive, Share


class ThreeWayChoice(ThreeWayOptions):
    """The three-way value with the measures of income and cost; the scores are measures too."""

    income: str = "net_amount"
    cost: str = "cost_to_serve"


class DeliveredOptions(Format):
    """What each benefit and each cost weighs in the value customers get; only proportions matter.

    Benefits are columns of the table `delivered`: product, service, personnel, image; costs money, time,
    energy, psychic.
    """

    benefits: Annotated[dict[str, NonNegative], Field(min_length=1)]
    costs: Annotated[dict[str, NonNegative], Field(min_length=1)]


class KnowledgeOptions(Format):
    """C, what a unit of information is worth per use, and J, the mean cost of one collection."""

    constant: Positive
    cost: NonNegative


class NetworkOptions(Format):
    """How much of an influence passes each step; see `network_value`."""

    beta: NonNegative


class ReferralOptions(Format):
    """The discount rate per period of the table of referrals; see `referral_value`."""

    discount_rate: NonNegative


class PotentialDriver(Format):
    """A driver of growth potential: the measure, what scores 0 and what 100, and what it weighs."""

    measure: str
    worst: float
    best: float
    weight: NonNegative


class PotentialOptions(Format):
    """The three drivers of `growth_potential`: our share, the relationship, the customer's whole business."""

    share: PotentialDriver
    relationship: PotentialDriver
    business: PotentialDriver


class HeadroomOptions(Format):
    """The measures of a customer's whole business, in money, and of our share in it (0–1); see `headroom`."""

    business: str
    share: str


class WordOfMouthOptions(Format):
    """The measure of how many a customer refers, the share who buy, and their mean first-year margin."""

    referrals: str
    conversion: Share
    margin: NonNegative


class ReceivableOptions(Format):
    """The days past due from which what is open counts as overdue; see `receivables`."""

    overdue_days: Count = 30


class ContactOptions(Format):
    """The words of the column `response` that mean a contact was answered; see `contact_figures`."""

    answered: tuple[str, ...] = ()
