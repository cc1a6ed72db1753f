"""Questions put to an evaluation: why this score, who moved, and what if a weight were different."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
