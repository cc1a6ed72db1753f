"""What a study states about winning back declining customers."""

from __future__ import annotations

from evaluator.documents import Format
from evaluator.labels import NonNegative, PositiveCount, Share


class DeclineOptions(Format):
    """What winning back a declining customer costs and promises; see `decline_decision`.

    Parameters
    ----------
    margin_rate : which share of a customer's value is margin.
    cost : of the effort per customer, paid now.
    probability : that it succeeds.
    retention, declining_retention : a year's, of a customer won back and of one left alone.
    discount_rate, periods : per year, and how many years are counted.
    """

    margin_rate: Share
    cost: NonNegative
    probability: Share
    retention: Share
    declining_retention: Share
    discount_rate: NonNegative
    periods: PositiveCount
