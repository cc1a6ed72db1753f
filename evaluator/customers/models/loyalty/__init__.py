"""Loyalty: index and standard measures, kinds of loyalty, what carries it, the ladder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
