"""The public names of the rooms with their signatures, as text: what people's own code rests on."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

from evaluator.registry import Registry


def room_names(module: str, *, elsewhere: Mapping[int, str] | None = None) -> str:
    """Return a line for every public name of a room, and under each class a line for every public member.

    What stands `elsewhere` already (its place by the identity of the object) is only named.
    """
    room, places, lines = importlib.import_module(module), elsewhere or {}, []
    for name in sorted(room.__all__):
        found = getattr(room, name)
        lines += [f"{name}: {places[id(found)]}"] if id(found) in places else described(name, found)
    return "".join(f"{line}\n" for line in lines)


def described(name: str, found: Any) -> Iterator[str]:
    """Yield what can be relied on: parameters as they are written, fields, methods, registered names."""
    if isinstance(found, ModuleType):
        yield f"{name}: module"
    elif isinstance(found, type):
        yield from _class(name, found)
    elif inspect.isroutine(found):
        yield f"{name}{_signature(_definition(found))}"
    elif isinstance(found, Registry | Mapping):
        yield f"{name}: {type(found).__name__}"
        yield from (f"    {key}" for key in sorted(found))
    else:
        kind = type(found)
        yield f"{name}: {'type' if kind.__module__ in ('typing', 'types') else kind.__name__}"


def _class(name: str, found: type) -> Iterator[str]:
    bases = [base.__name__ for base in found.__bases__ if base is not object]
    yield f"class {name}({', '.join(bases)})"
    members: dict[str, str] = {}
    for ancestor in reversed(found.__mro__):
        if ancestor.__module__.startswith("evaluator"):
            members |= _members(_definition(ancestor))
    yield from (f"    {line}" for line in members.values())


def _members(body: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield fields, methods and properties; a name that begins with an underscore is nobody's business."""
    for line in body.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            member, text = line.target.id, ast.unparse(line)
        elif isinstance(line, ast.FunctionDef):
            marks = "".join(f"@{ast.unparse(mark)} " for mark in line.decorator_list)
            member, text = line.name, f"{marks}{line.name}{_signature(line)}"
        else:
            continue
        if not member.startswith("_") or member == "__init__":
            yield member, text


def _signature(definition: Any) -> str:
    returns = f" -> {ast.unparse(definition.returns)}" if definition.returns else ""
    return f"({ast.unparse(definition.args)}){returns}"


def _definition(found: Any) -> Any:
    """Return the statement that defines a class or a function, as it is written."""
    plain = inspect.unwrap(found)
    return _statements(plain.__module__)[plain.__name__]


@cache
def _statements(module: str) -> dict[str, ast.stmt]:
    source = ast.parse(inspect.getsource(sys.modules[module]))
    return {line.name: line for line in source.body if isinstance(line, ast.FunctionDef | ast.ClassDef)}
