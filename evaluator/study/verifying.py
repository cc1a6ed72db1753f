"""Verify: a run is computed again from its inputs, and every file compared with what its manifest says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evaluator.brief import Brief
from evaluator.data.stored_rows import FOLDER as ROWS
from evaluator.errors import EvaluationError, Issue, Location, Severity
from evaluator.files import confined, has_file, leaves, read_bytes, sha256
from evaluator.messages import Term
from evaluator.study.inputs import database_paths, input_files
from evaluator.study.manifest import Manifest, fingerprint_of, manifest_of, processor, read_manifest, versions
from evaluator.study.packing import manifests, read_pack
from evaluator.study.same_results import differing
from evaluator.study.setup import Setup, read_setup
from evaluator.study.study import Study
from evaluator.study.unpacking import unpack


@dataclass(frozen=True)
class Verification(Brief):
    """What verifying came to: `verified` only if all was there, computed again and found the same.

    `exact` says whether results were compared byte for byte: with the same versions on the same kind of
    processor; else figures to 1e-12 of their size.
    """

    fingerprints: tuple[str, ...]
    files: int
    exact: bool
    issues: tuple[Issue, ...]

    @property
    def verified(self) -> bool:
        """Whether nothing is left to doubt."""
        return all(issue.severity is Severity.NOTE for issue in self.issues)


def verify(path: str | Path, *, fingerprint: str | None = None) -> Verification:
    """Compute a run again from its inputs, in a passing folder, and compare all of it with its manifest.

    Parameters
    ----------
    path : the folder of a study that was run, or a pack of one.
    fingerprint : as a printed report has it; default: that of the page beside the results.

    Raises
    ------
    EvaluationError
        as `read_manifest` and `unpack`.
    """
    with TemporaryDirectory() as passing:
        home = Path(path)
        around: AbstractContextManager[None] = nullcontext()
        if home.is_file() and home.suffix not in (".yaml", ".yml"):
            home = Path(passing) / "unpacked"
            home.mkdir()
            unpack(Path(path), home)
            around = confined(Path(passing))  # of a pack nothing lies elsewhere
        elif home.is_file():
            home = home.parent
        found = [(place, read_manifest(place)) for place in manifests(home)]
        stated = [manifest.fingerprint for _, manifest in found]
        issues = [*_printed(found, home, fingerprint), *_left_out(home)]
        for _, manifest in found:
            issues += _changed(manifest, home)
        if not any(issue.severity is Severity.ERROR for issue in issues):
            issues += _added([manifest for _, manifest in found], home)
            if not any(issue.code == "STUDY-386" for issue in issues):
                with around:
                    issues += _recomputed(found, home, Path(passing) / "again")
    unlike = any(not _same_machine(manifest) for _, manifest in found)
    if unlike:
        issues.append(Issue("STUDY-389", "", _machine(found[0][1]), severity=Severity.NOTE))
    files = sum(len(manifest.files) for _, manifest in found)
    return Verification(tuple(stated), files, not unlike, tuple(dict.fromkeys(issues)))


def _printed(found: list[tuple[Path, Manifest]], home: Path, fingerprint: str | None) -> Iterator[Issue]:
    """Yield an issue where a report prints another fingerprint, and where there is none to compare."""
    if fingerprint is not None and fingerprint not in [manifest.fingerprint for _, manifest in found]:
        yield Issue("STUDY-385", fingerprint, {"found": found[0][1].fingerprint})
    for place, manifest in found:
        page = place.with_name("report.html")
        if page.is_file() and not leaves(home, page.relative_to(home)):
            if manifest.fingerprint not in read_bytes(page).decode("utf-8", "replace"):
                name = page.relative_to(home).as_posix()
                yield Issue("STUDY-385", name, {"found": manifest.fingerprint}, where=Location(name))
        elif fingerprint is None:
            yield Issue("STUDY-390", place.parent.name, severity=Severity.WARNING)


def _left_out(home: Path) -> Iterator[Issue]:
    try:
        told = read_pack(home)
    except ValueError as error:
        reason = next(iter(str(error).splitlines()), "")
        yield Issue("STUDY-381", "pack.json", {"reason": reason}, where=Location("pack.json"))
        return
    for entry in told.left_out if told else ():
        reason = Term(entry.reason) if entry.reason.startswith("evidence.left_out.") else entry.reason
        yield Issue("STUDY-386", entry.path, {"reason": reason}, severity=Severity.WARNING)


def _changed(manifest: Manifest, home: Path) -> Iterator[Issue]:
    """Yield files that are not what the manifest says, and those that are gone."""
    left_out = {issue.subject for issue in _left_out(home)}
    elsewhere = _named_elsewhere(home)
    for entry in manifest.files:
        if entry.kind == "database" or entry.path in left_out:
            continue
        path, detail = home / entry.path, {"kind": Term(f"evidence.kind.{entry.kind}")}
        foreign = Path(entry.path).is_absolute() and entry.path not in elsewhere
        if foreign or leaves(home, entry.path) or not has_file(path):
            yield Issue("STUDY-383", entry.path, detail, where=Location(entry.path))
        elif sha256(path) != entry.sha256:
            yield Issue("STUDY-382", entry.path, detail, where=Location(entry.path))


def _named_elsewhere(home: Path) -> frozenset[str]:
    """Return the absolute paths a study itself names: a manifest alone cannot have a file read elsewhere."""
    with suppress(EvaluationError):
        names = [name for setup in read_setup(home).branches for name in input_files(setup)]
        return frozenset(name for name in names if Path(name).is_absolute())
    return frozenset()


def _added(found: list[Manifest], home: Path) -> Iterator[Issue]:
    """Yield an issue for files the study would read today that the run has not read."""
    known = {entry.path for manifest in found for entry in manifest.files}
    for setup in read_setup(home).branches:
        for name in input_files(setup):
            if name not in known:
                yield Issue("STUDY-388", name, where=Location(name), severity=Severity.WARNING)


def _recomputed(found: list[tuple[Path, Manifest]], home: Path, again: Path) -> Iterator[Issue]:
    """Yield what a new run of the same inputs finds otherwise, or why it cannot be run."""
    setup = read_setup(home)
    _copy(setup, [manifest for _, manifest in found], home, again)
    for place, manifest in found:
        try:
            study = Study(again, as_of=manifest.as_of)
            folder = again / place.parent.relative_to(home)
            branch = next(one for one in study.branches if one.output == folder)
            results = branch.save_results()
            computed = manifest_of(branch.setup, branch.run(), results)
        except EvaluationError as error:
            yield from error.issues
            continue
        yield from _unlike(manifest, computed, home, again)


def _copy(setup: Setup, found: list[Manifest], home: Path, again: Path) -> None:
    """Copy what runs were computed from into a new folder, and nothing that came out."""
    read = {e.path for manifest in found for e in manifest.files if e.kind in ("input", "answer")}
    rows = {path.relative_to(home).as_posix() for path in (home / ROWS).glob("*.parquet")}
    for name in (*read, *rows, *database_paths(setup)):
        source = home / name
        if not Path(name).is_absolute() and not leaves(home, name) and has_file(source):
            target = again / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _unlike(manifest: Manifest, computed: Manifest, home: Path, again: Path) -> Iterator[Issue]:
    """Yield what differs between the manifest of a run and that of the same run made now."""
    exact = _same_machine(manifest)
    for entry in manifest.files:
        if entry.kind == "result" and (at := differing(home / entry.path, again / entry.path, exact=exact)):
            detail = dict(zip(("place", "stored", "found"), at, strict=True))
            yield Issue("STUDY-384", entry.path, detail, where=Location(entry.path))
    rows = [{(e.path, e.sha256) for e in m.files if e.kind == "database"} for m in (manifest, computed)]
    for source in sorted({path for path, _ in rows[0] ^ rows[1]}):
        yield Issue("STUDY-382", source, {"kind": Term("evidence.kind.database")})
    if manifest.tree != computed.tree:
        yield Issue("STUDY-382", manifest.tree.id, {"kind": Term("evidence.kind.tree")})
    if exact and fingerprint_of(manifest.tree, manifest.files) != computed.fingerprint:
        detail = {"place": "fingerprint", "stored": manifest.fingerprint, "found": computed.fingerprint}
        yield Issue("STUDY-384", "manifest.json", detail)


def _same_machine(manifest: Manifest) -> bool:
    return manifest.versions == versions() and manifest.processor == processor()


def _machine(manifest: Manifest) -> dict[str, object]:
    now = versions()
    unlike = [
        f"{name} {was} → {now.get(name, '–')}"
        for name, was in manifest.versions.items()
        if now.get(name) != was
    ]
    if manifest.processor != processor():
        unlike.append(f"{manifest.processor} → {processor()}")
    return {"versions": ", ".join(unlike)}
