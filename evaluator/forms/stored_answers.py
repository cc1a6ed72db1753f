"""Answers as they came: every file is put aside unchanged, with its hash, before anything is computed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from evaluator.errors import EvaluationError, Issue, Location, raise_errors
from evaluator.files import replacing, sha256, write_text
from evaluator.forms.sources import Sources, listed

LIST = "sha256.txt"
_SHOWN = 12  # digits of the hash in the name of a copy


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it came, where its copy lies, and the SHA-256 of both."""

    source: Path
    kept: Path
    sha256: str


def keep_raw(sources: Sources, folder: str | Path) -> tuple[Raw, ...]:
    """Copy every file of answers into a folder, under its hash, and list the hashes in ``sha256.txt``.

    A copy that is there already is left as it is, so a second round of answers adds to the first.

    Raises
    ------
    EvaluationError
        a file that cannot be read, the folder cannot be written, a copy that is no longer what its name says.
    """
    home = Path(folder)
    files, _ = listed(sources)
    issues: list[Issue] = []
    kept: list[Raw] = []
    for path, name in files:
        try:
            kept.append(_keep(path, home))
        except EvaluationError as error:
            issues.extend(error.issues)
        except OSError as error:
            detail = {"reason": error.strerror or str(error)}
            issues.append(Issue("FILE-712", name, detail, where=Location(name)))
    raise_errors(issues)
    lines = sorted({f"{sha256(path)}  {path.name}" for path in home.glob(f"{'?' * _SHOWN}_*")})
    write_text(home / LIST, "".join(f"{line}\n" for line in lines))
    return tuple(kept)


def _keep(path: Path, home: Path) -> Raw:
    digest = sha256(path)
    copy = home / f"{digest[:_SHOWN]}_{path.name}"
    if not copy.exists():
        with replacing(copy) as new:
            shutil.copyfile(path, new)
    if sha256(copy) != digest:
        raise EvaluationError([Issue("JUDGE-236", copy.name, where=Location(str(copy)))])
    return Raw(path, copy, digest)
