"""Fixtures of the tests of the server."""

from served_study import asking, ratios, served, serving

__all__ = ["asking", "ratios", "served", "serving"]
