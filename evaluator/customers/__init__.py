"""Measures of customers from their orders, usable from a notebook without a tree."""
