"""Small trees written as data, and models fitted on small populations."""

from small_trees import build

__all__ = ["build"]
