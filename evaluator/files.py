"""Outputs appear whole or not at all, and a file somebody has open is never lost."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any

from evaluator.errors import EvaluationError, Issue, Location


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a new file beside `path` and rename it over `path` when the block ends well.

    Raises `EvaluationError` FILE-701 when nothing can be written there, FILE-702 when the old
    file is open elsewhere (the new one then stays beside it), FILE-703 when the disk is full.
    """
    target = Path(path)
    new = _beside(target)
    try:
        yield new
        if lock := lock_file(target):
            raise _kept_beside(target, new, str(lock))
        try:
            os.replace(new, target)
        except PermissionError as error:
            raise _kept_beside(target, new, str(error)) from error
    except EvaluationError:
        raise
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text file, whole or not at all, with the same line ends everywhere."""
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", newline="\n")


def lock_file(path: Path) -> Path | None:
    """Return the lock that Excel, WPS or LibreOffice keeps beside an open document, if there is one."""
    for name in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#", f".~{path.name}"):
        if (lock := path.with_name(name)).exists() and lock != path:
            return lock
    return None


def leaves(folder: str | Path, path: str | Path) -> bool:
    """Say whether a path leads out of a folder, links followed; an absolute one is meant as it stands.

    >>> leaves("study", "data/x.csv"), leaves("study", "../x.csv"), leaves("study", "/x.csv")
    (False, True, False)
    """
    if PurePath(path).is_absolute():
        return False
    inside = PurePath(str(path).replace("\\", "/"))
    if ".." in inside.parts:
        return True
    home = Path(folder)
    return not (home / inside).resolve().is_relative_to(home.resolve())


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data for a JSON file with a `digest` of its content, which `seal_fits` compares.

    >>> seal_fits(sealed({"weight": 0.5})), seal_fits({**sealed({"weight": 0.5}), "weight": 0.6})
    (True, False)
    """
    return {**data, "digest": _digest(data)}


def seal_fits(data: Mapping[str, Any]) -> bool | None:
    """Say whether the content of a JSON file is what was sealed; None where nothing was."""
    content = {key: value for key, value in data.items() if key != "digest"}
    return data["digest"] == _digest(content) if "digest" in data else None


def _digest(data: Mapping[str, Any]) -> str:
    canonical = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _beside(target: Path) -> Path:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise _not_written(target, error) from error
    os.close(handle)
    with suppress(OSError):
        os.chmod(name, 0o644)  # mkstemp makes private files; an output is for the team
    return Path(name)


def _kept_beside(target: Path, new: Path, reason: str) -> EvaluationError:
    kept = target.with_name(f"{target.stem}.new{target.suffix}")
    with suppress(OSError):
        os.replace(new, kept)
    detail = {"kept": kept.name, "reason": reason}
    return EvaluationError([Issue("FILE-702", target.name, detail, where=Location(str(target)))])


def _not_written(target: Path, error: OSError) -> EvaluationError:
    code = "FILE-703" if error.errno == 28 else "FILE-701"
    return EvaluationError(
        [Issue(code, target.name, {"reason": error.strerror or str(error)}, where=Location(str(target)))]
    )
