"""Write docs/reference/python/: a page for every room with its public names, documented where they live.

Run it from the project's root after changing a public name: `python docs/make_python.py`. Sphinx fills in
signatures and docstrings.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import evaluator
from evaluator.registry import Registry

FOLDER = Path(__file__).parent / "reference" / "python"
INNER = ("evaluator.cli", "evaluator.customers.models")  # verbs, and models that register themselves
NAMESPACES = ("evaluator.customers.clv",)  # modules that only say where names lie
HEAD = """# Python

The public names of every room, with what they take and return. `import evaluator as ev` gives the ones at
the top, and most notebooks need no others; the changelog says which change.

```{toctree}
:maxdepth: 1

"""


def rooms() -> list[str]:
    """Return the rooms that export names, the top first."""
    packages = pkgutil.walk_packages(evaluator.__path__, "evaluator.")
    inner = sorted({entry.name for entry in packages if entry.ispkg} | set(NAMESPACES))
    return [name for name in ["evaluator", *inner] if name not in INNER and exported(name)]


def exported(room: str) -> Mapping[str, object]:
    """Return what a room exports, by name."""
    module = importlib.import_module(room)
    return {name: getattr(module, name) for name in sorted(getattr(module, "__all__", ()))}


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page with its text: one per room, and their list."""
    names = rooms()
    homes: dict[int, str] = {}
    for room in [*names[1:], names[0]]:  # a name of the top is documented in its room
        for name, found in exported(room).items():
            homes.setdefault(id(found), f"{room}.{name}")
    yield FOLDER / "index.md", HEAD + "".join(f"{room}\n" for room in names) + "```\n"
    for room in names:
        yield FOLDER / f"{room}.md", page(room, homes)


def page(room: str, homes: Mapping[int, str]) -> str:
    """Return the page of a room; what another room documents is only linked."""
    said = inspect.getdoc(importlib.import_module(room)) or ""
    parts = [f"# {room}\n\n", f"{said.split(chr(10) * 2)[0]}\n"]
    for name, found in exported(room).items():
        parts.append(_entry(room, name, found, homes[id(found)]))
    return "".join(parts)


def _entry(room: str, name: str, found: object, home: str) -> str:
    if isinstance(found, ModuleType):
        shown = found.__name__ if found.__name__ in INNER else f"[{found.__name__}]({found.__name__}.md)"
        return f"\n`{name}` is a module with names of its own: {shown}.\n"
    if home != f"{room}.{name}":
        kind = "class" if isinstance(found, type) else "func" if callable(found) else "obj"
        return f"\n`{name}` is {{py:{kind}}}`{home}`.\n"
    if isinstance(found, type):
        return _directive("autoclass", home, ":members:")
    if inspect.isroutine(found):
        return _directive("autofunction", home)
    return _value(name, home, found)


def _directive(kind: str, path: str, *options: str) -> str:
    inside = "".join(f"   {option}\n" for option in options)
    return f"\n```{{eval-rst}}\n.. {kind}:: {path}\n{inside}```\n"


def _value(name: str, home: str, found: object) -> str:
    """Return the entry of a registry, of a mapping, or of the name of a type."""
    keys = ", ".join(f"``{key}``" for key in found) if isinstance(found, Registry | Mapping) else ""
    plain = isinstance(found, str | int | float | tuple) and len(repr(found)) < 200
    said = f"Holds {keys}." if keys else f"Is ``{found!r}``." if plain else "A type that signatures name."
    return f"\n```{{eval-rst}}\n.. py:data:: {home}\n\n   {said}\n```\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = dict(pages())
    for path in set(FOLDER.glob("*.md")) - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
