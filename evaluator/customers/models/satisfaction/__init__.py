"""Satisfaction: from pairs of answers to index, gap and quadrants; kinds of expectation; false loyalty."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
