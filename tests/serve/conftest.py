"""Fixtures that the attacks use as well."""

from served_study import asking, ratios, served, serving

__all__ = ["asking", "ratios", "served", "serving"]
