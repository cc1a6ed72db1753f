"""Content that ships with the package: indicator trees and templates."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def folder(name: str) -> Path:
    """Return a content folder, from an installed wheel or from a checkout.

    In a wheel the folders lie inside the package, in a checkout beside it.
    """
    package = Path(str(files("evaluator")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
