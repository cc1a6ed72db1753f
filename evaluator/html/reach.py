"""What a template can reach: a list, so that nothing has to be found and forbidden.

Templates come from strangers, as studies do. They reach the fields and properties of our frozen
dataclasses, the methods marked here, a few methods of text and of mappings, and what Jinja says of a loop.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from datetime import date, time, timedelta
from functools import cached_property
from numbers import Number
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeVar

from jinja2.environment import TemplateModule
from jinja2.runtime import BlockReference, LoopContext, Macro, Undefined

F = TypeVar("F", bound=Callable[..., object])

_MARK = "_for_templates"
_PRINTED = (str, int, float, type(None), date, time, timedelta, Number)
_HELD = (tuple, list, dict, set, frozenset, Mapping, ItemsView, KeysView, ValuesView, range)
_OF_JINJA = (Undefined, LoopContext, Macro, BlockReference, TemplateModule)
_LISTED: tuple[tuple[type, frozenset[str]], ...] = (
    (str, frozenset(("endswith", "lower", "removeprefix", "removesuffix", "startswith", "strip", "upper"))),
    (list, frozenset(("count", "index"))),
    (tuple, frozenset(("count", "index"))),
    (dict, frozenset(("get", "items", "keys", "values"))),
    (date, frozenset(("year", "month", "day"))),
    (
        LoopContext,
        frozenset(
            ("changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length", "nextitem",
             "previtem", "revindex", "revindex0")
        ),
    ),
)  # fmt: skip


def for_templates(called: F) -> F:
    """Mark a function, or a method of a frozen dataclass, as one that templates may call."""
    setattr(called, _MARK, True)
    return called


def attributes(value: object) -> frozenset[str]:
    """Return the names that templates may read from a value.

    >>> from evaluator.errors import Location
    >>> sorted(attributes(Location("a.yaml")))
    ['cell', 'column', 'file', 'line', 'sheet']
    >>> "upper" in attributes(""), "format" in attributes(""), attributes(str)
    (True, False, frozenset())
    """
    if isinstance(value, TemplateModule):
        return frozenset(name for name in vars(value) if not name.startswith("_"))
    return _NAMES[type(value)]


def is_printed(value: object) -> bool:
    """True if a value can stand in the text: words, numbers, days."""
    return isinstance(value, _PRINTED)


def is_held(value: object) -> bool:
    """True if templates may go through the members of a value, or take one of them."""
    return isinstance(value, _HELD)


def is_value(value: object) -> bool:
    """True if a template may hold a value: everything else stays out of its sight."""
    return isinstance(value, (*_PRINTED, *_HELD, *_OF_JINJA, bytes)) or _is_ours(type(value))


def is_called(called: object) -> bool:
    """True if templates may call it."""
    if isinstance(called, BuiltinFunctionType | MethodType):
        return called.__name__ in attributes(called.__self__)
    return isinstance(called, Macro | LoopContext | BlockReference) or _is_marked(called)


class _Names(dict[type, frozenset[str]]):
    """The names that can be read from values of a type, by type."""

    def __missing__(self, kind: type) -> frozenset[str]:
        self[kind] = names = frozenset(_names(kind))
        return names


_NAMES = _Names()


def _names(kind: type) -> Iterator[str]:
    if _is_ours(kind):
        entries = {name: entry for base in reversed(kind.__mro__) for name, entry in vars(base).items()}
        read = (name for name, entry in entries.items() if _is_read(entry))
        fields: Mapping[str, object] = getattr(kind, "__dataclass_fields__", {})  # class variables included
        yield from (name for name in (*fields, *read) if not name.startswith("_"))
    else:
        yield from next((names for base, names in _LISTED if issubclass(kind, base)), ())


def _is_read(entry: object) -> bool:
    return isinstance(entry, property | cached_property) or _is_marked(entry)


def _is_marked(called: object) -> bool:
    return isinstance(called, FunctionType) and getattr(called, _MARK, False) is True


def _is_ours(kind: type) -> bool:
    parameters: Any = getattr(kind, "__dataclass_params__", None)
    return parameters is not None and parameters.frozen and kind.__module__.startswith("evaluator.")
