"""What an object says of itself on one line: its figures as they are, of everything long only how much.

A tree, a panel or a model's result holds thousands of values; whoever types its name wants to see what
it is, not all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

LONGEST = 300  # letters of an object
_VALUE = 60  # letters of one of its values


class Brief:
    """A dataclass or a model of pydantic whose `repr` stays short, however much it holds.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Answers(Brief):
    ...     expert: str
    ...     values: tuple[float, ...]
    >>> Answers("zhang", (1.0, 3.0)), Answers("li", (0.5,) * 1000)
    (Answers(expert='zhang', values=(1.0, 3.0)), Answers(expert='li', values=<tuple of 1,000>))
    """

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give every subclass the short `repr`, in place of the one that `dataclass` would write."""
        super().__init_subclass__(**kwargs)
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Brief.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        said: list[str] = []
        left = LONGEST - len(type(self).__name__)
        for name, value in _values(self):
            part = f"{name}={brief(value)}"
            left -= len(part) + 2
            if left < 0:
                said.append("…")
                break
            said.append(part)
        return f"{type(self).__name__}({', '.join(said)})"

    def __str__(self) -> str:
        return repr(self)


def _values(thing: Any) -> list[tuple[str, Any]]:
    """Return the values that tell what an object is, by name; what is derived or empty tells nothing."""
    if is_dataclass(thing):
        names = [entry.name for entry in fields(thing) if entry.repr]
    else:
        names = [name for name in type(thing).model_fields if name in thing.model_fields_set]
    return [(name, value) for name in names if not _empty(value := getattr(thing, name, None))]


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, (str, tuple, list, Mapping, Set)) and not value)


def brief(value: Any) -> str:
    """Return one value in a few letters: a short one as Python writes it, of a long one its kind and size.

    >>> import numpy as np
    >>> brief(np.eye(40)), brief({"a": 1}), brief("x" * 100)
    ('<ndarray 40 × 40>', "{'a': 1}", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")
    """
    if isinstance(value, str):
        return repr(value if len(value) < _VALUE else f"{value[: _VALUE - 1]}…")
    if isinstance(value, float):
        return repr(float(value))
    if value is None or isinstance(value, (bool, int, date, Enum)):
        return repr(value)
    if getattr(value, "shape", None) == ():
        return brief(value.item())
    if (shape := getattr(value, "shape", None)) is not None and type(value).__module__[:9] != "evaluator":
        small = getattr(value, "size", _VALUE) * getattr(value, "ndim", 9) <= 9
        return repr(value) if small else _sized(value, " × ".join(f"{n:,}" for n in shape))
    if isinstance(value, (tuple, list, Set, Mapping)):
        return _several(value)
    shown = repr(value) if isinstance(value, Brief) or not is_dataclass(value) else type(value).__name__
    return shown if len(shown) <= _VALUE else f"<{type(value).__name__}>"


def _several(values: Any) -> str:
    """Return few short values as they are, and of others how many there are."""
    count = len(values)
    if count <= _VALUE // 4:
        entries = [f"{brief(key)}: {brief(value)}" for key, value in values.items()] \
            if isinstance(values, Mapping) else [brief(value) for value in values]  # fmt: skip
        if sum(map(len, entries)) + 2 * count <= _VALUE:
            return _bracketed(values, entries)
    return _sized(values, f"of {count:,}")


def _bracketed(values: Any, entries: list[str]) -> str:
    if isinstance(values, tuple):
        return f"({', '.join(entries)}{',' if len(entries) == 1 else ''})"
    start, end = "[]" if isinstance(values, list) else "{}"
    return f"{start}{', '.join(entries)}{end}"


def _sized(value: Any, size: str) -> str:
    return f"<{type(value).__name__} {size}>"
