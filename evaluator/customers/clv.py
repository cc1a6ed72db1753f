"""Lifetime value: what customers have brought and will bring, under terms that are stated beside it.

A namespace over the families `lifetime` and `retention`; its stub says where each name lies.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__package__, __file__)
