"""Whatever iterating a registry gives can be looked up in it."""

import pytest

from evaluator import ahp, scoring, weighing
from evaluator.registry import Registry

REGISTRIES = [
    value
    for room in (ahp, weighing, scoring)
    for value in (getattr(room, name) for name in dir(room) if name.isupper())
    if isinstance(value, Registry)
]


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_iterating_gives_names_that_can_be_looked_up(registry: Registry) -> None:
    assert tuple(registry) == registry.names()
    assert all(name in registry and registry[name].name == name for name in registry)
    assert registry.methods() == tuple(registry[name] for name in registry)
