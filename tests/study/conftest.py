"""Fixtures that forms by link use as well."""

from every_form import graded

__all__ = ["graded"]
