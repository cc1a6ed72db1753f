"""Churn and win-back: rates and causes, early warning and how well it ranks, whom to win back, complaints."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
