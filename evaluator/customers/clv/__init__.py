"""Lifetime value: what customers have brought and will bring, under terms that are stated beside it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
