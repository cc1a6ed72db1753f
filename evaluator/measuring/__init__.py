"""From tables to one row per customer: columns, grades, votes, periods, orders, what customer models find."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
