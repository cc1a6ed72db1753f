"""The manifest of a run: what it was computed from, by what, and what came out, each with its hash."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from evaluator import files
from evaluator.documents import Day, Format
from evaluator.errors import EvaluationError, Issue, Location
from evaluator.evaluation import Evaluation
from evaluator.reports import FORMATS
from evaluator.study.inputs import input_files
from evaluator.study.setup import Setup
from evaluator.tree import Tree, tree_fingerprint

MANIFEST = "manifest.json"
_LIBRARIES = ("evaluator", "numpy", "scipy", "polars", "narwhals", "pyarrow", "python-calamine", "openpyxl")
_MOST_BYTES = 16 << 20
_MOST_FILES = 20_000  # as many as a pack may hold

FileKind = Literal["input", "answer", "database", "result", "report"]


class FileEntry(Format):
    """A file with its SHA-256; of a database the table or query, with the fingerprint of its rows."""

    kind: FileKind
    path: str
    sha256: str
    rows: int | None = None


class TreeEntry(Format):
    """The tree that was used, with everything it includes and what the study replaced in it."""

    id: str
    fingerprint: str
    sha256: str


class Manifest(Format):
    """What a run was computed from, by what, and what came out.

    `fingerprint` covers inputs, answers, tree, model and results, and is printed in the reports; it does
    not cover the reports themselves, nor when and where they were made.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")] = 1
    created: str
    as_of: Day
    versions: dict[str, str]
    processor: str
    seed: int | None
    conventions: dict[str, str | float]
    tree: TreeEntry
    files: tuple[FileEntry, ...]
    fingerprint: str


def manifest_of(setup: Setup, evaluation: Evaluation, results: Iterable[Path]) -> Manifest:
    """Return the manifest of a run whose results have been written."""
    provenance = evaluation.provenance
    entries = (*_inputs(setup, evaluation), *_written(setup, results, "result"))
    tree = _tree(evaluation.tree)
    return Manifest(
        created=provenance.created.isoformat(),
        as_of=provenance.as_of,
        versions=versions(),
        processor=processor(),
        seed=provenance.seed,
        conventions=dict(provenance.conventions),
        tree=tree,
        files=entries,
        fingerprint=fingerprint_of(tree, entries),
    )


def save_manifest(manifest: Manifest, setup: Setup, reports: Iterable[Path]) -> Path:
    """Write a manifest, with the reports of its run, into the output.

    Reports in other formats that an earlier call wrote from the same inputs to the same results are of this
    run as well, as long as they are what they were.
    """
    new = tuple(_written(setup, reports, "report"))
    last, paths = _last(setup), {entry.path for entry in new}
    same = last.files if last and last.fingerprint == manifest.fingerprint else ()
    kept = (entry for entry in same if entry.kind == "report" and entry.path not in paths)
    kept = (entry for entry in kept if _unchanged(setup.folder / entry.path, entry.sha256))
    found = (entry for entry in manifest.files if entry.kind != "report")
    whole = manifest.model_copy(update={"files": (*found, *kept, *new)})
    data = whole.model_dump(mode="json", by_alias=True)
    path = setup.output / MANIFEST
    files.write_text(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return path


def add_reports(setup: Setup, evaluation: Evaluation, reports: Iterable[Path]) -> None:
    """Enter further reports of a run into its manifest; of a run that is not the last one there is none."""
    if last := _manifest_there(setup, evaluation):
        save_manifest(last, setup, reports)


def other_reports(outputs: Iterable[Path], manifests: Iterable[Manifest], home: Path) -> tuple[str, ...]:
    """Return the reports in folders of results that are of none of these runs, by path."""
    known = {entry.path for manifest in manifests for entry in manifest.files}
    there = (path for folder in outputs for path in folder.glob("report*") if path.suffix[1:] in FORMATS)
    names = (path.relative_to(home).as_posix() for path in there)
    return tuple(sorted(name for name in names if name not in known))


def _manifest_there(setup: Setup, evaluation: Evaluation) -> Manifest | None:
    """Return the manifest in the output, if it is of these inputs, answers, tree and versions; else None."""
    last = _last(setup)
    if last is None or last.as_of != evaluation.provenance.as_of or last.versions != versions():
        return None
    read = tuple(entry for entry in last.files if entry.kind not in ("result", "report"))
    same = read == tuple(_inputs(setup, evaluation)) and last.tree == _tree(evaluation.tree)
    return last if same else None


def _last(setup: Setup) -> Manifest | None:
    try:
        return read_manifest(setup.output / MANIFEST)
    except EvaluationError:
        return None


def _unchanged(path: Path, digest: str) -> bool:
    return path.is_file() and files.sha256(path) == digest


def read_manifest(path: Path) -> Manifest:
    """Return a manifest that says of itself what it says.

    Raises
    ------
    EvaluationError
        where there is none, it is damaged, or differs from its own fingerprint.
    """
    where = Location(str(path))
    if not path.is_file():
        raise EvaluationError([Issue("STUDY-380", str(path.parent), where=where)])
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError(f"> {_MOST_BYTES >> 20} MB")
        manifest = Manifest.model_validate_json(files.read_bytes(path))
        if twice := next(_repeated(manifest.files), None):
            raise ValueError(twice)
    except (OSError, ValidationError, ValueError, RecursionError) as error:
        reason = next(iter(str(error).splitlines()), "")
        raise EvaluationError([Issue("STUDY-381", path.name, {"reason": reason}, where=where)]) from None
    if (stated := manifest.fingerprint) != (found := fingerprint_of(manifest.tree, manifest.files)):
        detail = {"reason": f"{stated} ≠ {found}"}
        raise EvaluationError([Issue("STUDY-381", path.name, detail, where=where)])
    return manifest


def _repeated(entries: tuple[FileEntry, ...]) -> Iterator[str]:
    """Yield what no manifest of ours says: a file twice, or more files than a pack may hold."""
    if len(entries) > _MOST_FILES:
        yield f"{len(entries):,} > {_MOST_FILES:,}"
    counts = Counter(entry.path for entry in entries if entry.kind != "database")
    yield from (f"{path[:200]} × {count}" for path, count in counts.items() if count > 1)


def fingerprint_of(tree: TreeEntry, entries: Iterable[FileEntry]) -> str:
    """Return the fingerprint over inputs, answers, tree, model and results; reports stand outside."""
    covered = sorted([entry.kind, entry.path, entry.sha256] for entry in entries if entry.kind != "report")
    return _hash([tree.id, tree.fingerprint, tree.sha256, covered])[:32]


def processor() -> str:
    """Return the kind of processor and system that computes."""
    return f"{platform.machine().lower()} {sys.platform}"


def _inputs(setup: Setup, evaluation: Evaluation) -> Iterator[FileEntry]:
    rows = {record.path: record.rows for record in evaluation.provenance.files}
    for name, kind in input_files(setup).items():
        digest = files.sha256(setup.folder / name)
        yield FileEntry(kind=kind, path=name, sha256=digest, rows=rows.get(name))
    for note in evaluation.notes:
        for source in note.sources:
            if source.fingerprint is not None:
                yield FileEntry(
                    kind="database", path=source.name, sha256=source.fingerprint, rows=source.rows
                )


def _written(setup: Setup, paths: Iterable[Path], kind: Literal["result", "report"]) -> Iterator[FileEntry]:
    for path in paths:
        name = path.relative_to(setup.folder).as_posix()
        yield FileEntry(kind=kind, path=name, sha256=files.sha256(path))


def _tree(tree: Tree) -> TreeEntry:
    digest = _hash(tree.model_dump(mode="json", by_alias=True))
    return TreeEntry(id=tree.id, fingerprint=tree_fingerprint(tree), sha256=digest)


def versions() -> dict[str, str]:
    """Return the versions of Python and of what figures come from."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
