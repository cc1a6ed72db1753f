"""A registry entry is the only place a method is declared.

Command line, documentation, schema and the law tests iterate over registries, so a new method
reaches all of them by its entry alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from evaluator.errors import not_among, raise_errors
from evaluator.messages import Term

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Method(Generic[F]):
    """A named method: what it computes, how it is called in both languages, where it comes from."""

    name: str
    function: F
    title: Mapping[str, str]
    reference: str
    laws: frozenset[str]


class Registry(Generic[F]):
    """The methods of one kind, by name; the catalogues name the kind under ``kind.…``.

    >>> means = Registry("mean")
    >>> @means.register("arithmetic", zh="算术平均", en="arithmetic mean", reference="Euclid")
    ... def arithmetic(a, b):
    ...     return (a + b) / 2
    >>> means["arithmetic"].function(1, 3)
    2.0
    >>> [means[name].title["en"] for name in means]
    ['arithmetic mean']
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._methods: dict[str, Method[F]] = {}

    def register(
        self, name: str, *, zh: str, en: str, reference: str, laws: tuple[str, ...] = ()
    ) -> Callable[[F], F]:
        """Declare a method; used as a decorator on its function."""

        def declare(function: F) -> F:
            if name in self._methods:
                raise ValueError(f"{self.kind} {name!r} is declared twice")
            self._methods[name] = Method(name, function, {"zh": zh, "en": en}, reference, frozenset(laws))
            return function

        return declare

    def __getitem__(self, name: str) -> Method[F]:
        raise_errors(not_among("METHOD-001", [name], self._methods, {"kind": Term(f"kind.{self.kind}")}))
        return self._methods[name]

    def __contains__(self, name: object) -> bool:
        return name in self._methods

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def methods(self) -> tuple[Method[F], ...]:
        """Return the entries in the order of declaration."""
        return tuple(self._methods.values())

    def names(self) -> tuple[str, ...]:
        """Return the names in the order of declaration."""
        return tuple(self._methods)
