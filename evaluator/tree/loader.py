"""From YAML files to a tree: includes are put in their place, then shape and meaning are checked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from evaluator import resources
from evaluator.caches import states
from evaluator.documents import Document, Key, dumped, load, validate
from evaluator.errors import EvaluationError, Issue, nearest, raise_errors
from evaluator.files import has_file, leaves
from evaluator.tree.checks import check
from evaluator.tree.types import Tree

Loaded = tuple[Tree, Document, tuple[Issue, ...]]

_INCLUDE_KEYS = {"include", "weight", "id", "name", "axis", "definition"}


def load_tree(source: str | Path, *, folder: str | Path | None = None) -> Tree:
    """Return a tree by bundled id or by the path of its YAML file.

    Parameters
    ----------
    source : id of a bundled tree, or path of a file (anything with a folder or a ``.yaml`` ending).
    folder : where relative paths, and ids of a study's own trees, are looked up first.

    Raises
    ------
    EvaluationError
        with every problem of the phase that failed: syntax, includes, shape, or meaning.

    >>> load_tree("current_value").root.axis
    'current'
    """
    return load_with_issues(source, folder)[0]


def load_with_positions(source: str | Path, folder: str | Path | None = None) -> tuple[Tree, Document]:
    """Return a tree together with the places its entries come from; see `load_tree`."""
    return load_with_issues(source, folder)[:2]


def load_with_issues(source: str | Path, folder: str | Path | None = None) -> Loaded:
    """Return a tree, the places its entries come from, and its notes and warnings; see `load_tree`."""
    path = find(source, Path(folder) if folder else None)
    if path.parent == (shipped := resources.folder("indicator_trees")):
        return _shipped(path, states(sorted(shipped.glob("*.yaml"))))
    return _read(path, _home(path, folder))


@lru_cache(maxsize=64)
def _shipped(path: Path, made_of: str) -> Loaded:
    """Return a tree that ships, which a process reads once as long as none of their files changes."""
    return _read(path, path.parent)


def _read(path: Path, home: Path) -> Loaded:
    document = _named_root(_expanded(load(path), path.parent, (path.resolve(),), home))
    tree = validate(document, Tree)
    issues = tuple(check(tree, document))
    raise_errors(issues)
    return tree, document, issues


def bundled() -> tuple[str, ...]:
    """Return the ids of the trees that ship with the package."""
    return tuple(sorted(path.stem for path in resources.folder("indicator_trees").glob("*.yaml")))


def find(source: str | Path, folder: Path | None = None) -> Path:
    """Return the file of a tree: a path, an id in `folder`, or the id of a bundled tree."""
    text = str(source)
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return (folder / text) if folder else Path(text)
    for place in (folder, resources.folder("indicator_trees")):
        if place and has_file(path := place / f"{text}.yaml"):
            return path
    raise EvaluationError([Issue("TREE-101", text, hint=nearest(text, bundled()))])


def dump_tree(tree: Tree) -> str:
    """Return a tree as YAML text that loads to the same tree."""
    data = tree.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"schema": 1}
    return dumped(data)


def _named_root(document: Document) -> Document:
    """Give the root the tree's own id and name, which a file does not repeat."""
    root = document.data.get("root") if isinstance(document.data, dict) else None
    if not isinstance(root, dict):
        return document
    inherited = {key: document.data[key] for key in ("id", "name") if key in document.data}
    positions = {key[1:]: place for key, place in document.positions.items() if key[:1] == ("root",)}
    return document.replaced(("root",), inherited | root, positions)


def _home(path: Path, folder: str | Path | None) -> Path:
    """Return the folder that no included tree may lie outside of: the study's, or that of the tree itself."""
    if folder is not None and path.resolve().is_relative_to(Path(folder).resolve()):
        return Path(folder)
    return path.parent


def _expanded(document: Document, folder: Path, chain: tuple[Path, ...], home: Path) -> Document:
    """Replace every ``include`` entry by the tree it names, and re-key the positions."""
    issues: list[Issue] = []
    root = document.data.get("root") if isinstance(document.data, dict) else None
    for key, entry in tuple(_includes(root, ("root",))):
        try:
            branch = _branch(document, key, entry, folder, chain, home)
        except EvaluationError as error:
            issues.extend(error.issues)
        else:
            document = document.replaced(key, branch.data, branch.positions)
    raise_errors(issues)
    return document


def _branch(
    outer: Document, key: Key, entry: dict[str, Any], folder: Path, chain: tuple[Path, ...], home: Path
) -> Document:
    where = outer.where((*key, "include"))
    extra = [name for name in entry if name not in _INCLUDE_KEYS]
    if extra:
        raise EvaluationError(
            Issue("DOC-101", name, hint=nearest(name, _INCLUDE_KEYS), where=outer.where((*key, name)))
            for name in extra
        )
    try:
        path = find(entry["include"] if isinstance(entry["include"], str) else "", folder)
    except EvaluationError as error:
        raise EvaluationError(
            Issue(i.code, i.subject, i.detail, i.hint, where) for i in error.issues
        ) from None
    if _outside(path, str(entry["include"]), home):
        raise EvaluationError([Issue("FILE-704", str(entry["include"]), where=where)])
    if path.resolve() in chain:
        raise EvaluationError([Issue("TREE-102", path.stem, where=where)])
    inner = _named_root(_expanded(load(path), path.parent, (*chain, path.resolve()), home))
    root = inner.data.get("root") if isinstance(inner.data, dict) else None
    if not isinstance(root, dict):
        raise EvaluationError([Issue("DOC-102", "root", where=inner.where())])
    own = {name: value for name, value in entry.items() if name != "include"}
    source = {"weights_source": inner.data["weights_source"]} if "weights_source" in inner.data else {}
    positions = {path[1:]: place for path, place in inner.positions.items() if path[:1] == ("root",)}
    positions |= {(name,): outer.where((*key, name)) for name in own}
    return Document(inner.file, source | root | own, positions | {(): where})


def _outside(path: Path, stated: str, home: Path) -> bool:
    """True if a branch stands neither within `home` nor among the trees that ship, and is not absolute."""
    if Path(stated).is_absolute():
        return leaves(home, stated)
    allowed = (home, resources.folder("indicator_trees"))
    return not any(path.resolve().is_relative_to(folder.resolve()) for folder in allowed)


def _includes(data: Any, key: Key) -> Iterator[tuple[Key, dict[str, Any]]]:
    if isinstance(data, dict):
        if "include" in data:
            yield key, data
        else:
            for name, entry in data.items():
                yield from _includes(entry, (*key, name))
    elif isinstance(data, tuple):
        for index, entry in enumerate(data):
            yield from _includes(entry, (*key, index))
