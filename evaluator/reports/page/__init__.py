"""The page of a report: one offline HTML file, its scripts and the data they work with."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
