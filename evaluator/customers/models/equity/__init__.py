"""Customer equity: what customers are worth together, what drives it, and what it returns to improve it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
