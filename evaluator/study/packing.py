"""A pack: one zip file with all that a run was computed from and what came out, to be verified anywhere."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluator.data.connections import Readers
from evaluator.data.sources import query_rows
from evaluator.data.stored_rows import rows_name, store_rows
from evaluator.documents import Format
from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.files import leaves, read_bytes, replacing, sha256
from evaluator.study.manifest import MANIFEST, FileEntry, read_manifest
from evaluator.study.outputs import old_reports
from evaluator.study.setup import Setup, read_setup

PACK = "pack.json"
_BEGIN = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is packed


class LeftOut(Format):
    """What a pack does not hold, and why: a key of the catalogues, or the code of an error."""

    path: str
    reason: str


class Pack(Format):
    """What a pack says of itself."""

    left_out: tuple[LeftOut, ...] = ()


def manifests(folder: Path) -> list[Path]:
    """Return the manifests of a study that was run: one, or one of each of its trees.

    Raises
    ------
    EvaluationError
        where there is none, or a link leads out of the folder.
    """
    found = sorted([*(folder / "output").glob(MANIFEST), *(folder / "output").glob(f"*/{MANIFEST}")])
    names = [path.relative_to(folder).as_posix() for path in found]
    raise_errors([Issue("FILE-704", name, where=Location(name)) for name in names if leaves(folder, name)])
    if not found:
        read_manifest(folder / "output" / MANIFEST)
    return found


def pack(folder: str | Path, target: str | Path) -> Pack:
    """Write a run of a study as one zip file, and return what it could not take.

    Rows of databases are kept as Parquet, if they are still those the run has read. Credentials and what
    lies outside the study are left out, as is what has changed since.

    Raises
    ------
    EvaluationError
        as `read_manifest` and `files.replacing`.
    """
    setup = read_setup(folder)
    home = setup.folder
    found = [(path, read_manifest(path)) for path in manifests(home)]
    entries = list(dict.fromkeys(entry for _, manifest in found for entry in manifest.files))
    with TemporaryDirectory() as passing:
        members, left_out = _members(home, entries)
        rows, lost = _rows(setup, entries, Path(passing))
        members |= rows | {path.relative_to(home).as_posix(): path for path, _ in found}
        told = Pack(left_out=(*left_out, *lost))
        with replacing(target) as new, zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, PACK, json.dumps(told.model_dump(mode="json"), ensure_ascii=False).encode())
            for name, path in sorted(members.items()):
                _add(archive, name, path.read_bytes())
    return told


def not_packed(folder: str | Path) -> tuple[Issue, ...]:
    """Return what is said of reports in the output of a study that are of none of its last runs."""
    setup = read_setup(folder)
    found = manifests(setup.folder)
    outputs = dict.fromkeys((setup.folder / "output", *(path.parent for path in found)))
    return tuple(old_reports(setup, outputs, found))


def read_pack(folder: Path) -> Pack | None:
    """Return what an unpacked pack says of itself; None for a study that is none."""
    path = folder / PACK
    there = path.is_file() and not leaves(folder, PACK)
    return Pack.model_validate_json(read_bytes(path)) if there else None


def _members(home: Path, entries: list[FileEntry]) -> tuple[dict[str, Path], list[LeftOut]]:
    members: dict[str, Path] = {}
    left_out: list[LeftOut] = []
    for entry in entries:
        path = home / entry.path
        if entry.kind == "database":
            continue
        if Path(entry.path).is_absolute() or leaves(home, entry.path):
            left_out.append(LeftOut(path=entry.path, reason="evidence.left_out.outside"))
        elif not path.is_file() or sha256(path) != entry.sha256:
            left_out.append(LeftOut(path=entry.path, reason="evidence.left_out.changed"))
        else:
            members[entry.path] = path
    return members, left_out


def _rows(setup: Setup, entries: list[FileEntry], passing: Path) -> tuple[dict[str, Path], list[LeftOut]]:
    """Write the rows of databases into a passing folder; those that are others by now are left out."""
    wanted = {(entry.path, entry.sha256) for entry in entries if entry.kind == "database"}
    members: dict[str, Path] = {}
    left_out: list[LeftOut] = []
    with Readers() as readers:
        for name, mapping in setup.file.tables.items():
            if mapping.database is None:
                continue
            try:
                where = setup.where(("tables", name))
                cells = query_rows(
                    mapping, setup.folder, where=where, databases=setup.file.databases, readers=readers
                )
            except EvaluationError as error:
                left_out.append(LeftOut(path=mapping.source, reason=error.issues[0].code))
                continue
            if (mapping.source, cells.fingerprint) not in wanted:
                left_out.append(LeftOut(path=mapping.source, reason="evidence.left_out.changed"))
                continue
            stored = rows_name(mapping)
            members[stored] = passing / f"{len(members)}.parquet"
            store_rows(cells, members[stored])
    return members, left_out


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _BEGIN)
    member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
    archive.writestr(member, content)
