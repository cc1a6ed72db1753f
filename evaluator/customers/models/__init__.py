"""Customer models by family: mathematics for a notebook, and what studies make of it.

A family has a module for the mathematics of each model, `study.py`, which declares them to studies, and
`view.py`, which shows their results.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
