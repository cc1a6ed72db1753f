"""Fixtures that the attacks use as well."""

from every_form import graded
from served_study import asking, ratios, served, serving

__all__ = ["asking", "graded", "ratios", "served", "serving"]
