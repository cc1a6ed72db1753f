"""From one row of measures per customer to scores, grades and classes, by a frozen model."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
