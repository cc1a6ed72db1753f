"""One engagement's folder: what `study.yaml` says, and the road it walks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
