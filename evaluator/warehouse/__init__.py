"""Where the data already lie: the frozen model as SQL, for each dialect, and what machines read of a run."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
