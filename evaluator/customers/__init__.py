"""Measures of customers from their orders, usable from a notebook without a tree."""

from evaluator.customers.measures import MEASURES, order_measures
from evaluator.customers.orders import ORDERS, Span

__all__ = ["MEASURES", "ORDERS", "Span", "order_measures"]
