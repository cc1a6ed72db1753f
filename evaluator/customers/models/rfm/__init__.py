"""Recency, frequency and monetary value."""
