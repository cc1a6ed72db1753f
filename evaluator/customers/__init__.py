"""Customer models, usable from a notebook without a tree: what a customer is worth, and of which kind."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
