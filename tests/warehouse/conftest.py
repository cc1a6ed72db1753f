"""Models of every kind, made once."""

from types import SimpleNamespace

import pytest
from small_trees import build
from warehouse_cases import Case, made_cases

__all__ = ["build"]


@pytest.fixture(scope="session")
def cases(build: SimpleNamespace) -> dict[str, Case]:
    """Every kind of model by its name, with customers and the engine's scores of them."""
    return made_cases(build)
