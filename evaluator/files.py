"""Outputs appear whole or not at all, and a file somebody has open is never lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import socket
import stat
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from io import BufferedReader
from pathlib import Path, PurePath
from typing import Any

from evaluator.errors import EvaluationError, Issue, Location

_ENDING = ".part"
_HOST = zlib.crc32(socket.gethostname().encode("utf-8", "replace"))
_TEMPORARY = re.compile(r"\..*-(?P<host>[0-9a-f]{8})-(?P<process>\d{1,10})-[a-z0-9_]{8}\.part(\.[^.]*)?")
_LONGEST_STEM = 40  # letters: in Chinese three bytes each, of the 255 that a name may have
_DAY = 86_400
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
_FULL_DISK = re.compile(r"no space left|disk quota exceeded|\(os error (?:28|122)\)", re.IGNORECASE)


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a new file beside `path` and rename it over `path` when the block ends well.

    Whoever is killed on the way leaves the new file, which the next writing in this folder sweeps away.

    Raises `EvaluationError` when nothing can be written there, the old file is open elsewhere (the new one
    then stays beside it), or the disk is full.
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
    except Exception as error:
        if (system := _system_error(error)) is None:
            raise
        raise _not_written(target, system) from error
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


@contextmanager
def temporary_folder(parent: str | Path) -> Iterator[Path]:
    """Yield a new folder within `parent`, which is gone afterwards, or swept away by the next writing."""
    with _naming(Path(parent)):
        folder = Path(tempfile.mkdtemp(prefix=_prefix("folder"), suffix=_ENDING, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what writings that were killed have left in a folder; those still at work keep theirs.

    Of another machine, or where it cannot be told who is at work, what is a day old is left over.
    """
    for path in folder.iterdir():
        left = _TEMPORARY.fullmatch(path.name)
        if left and not _at_work(path, int(left["host"], 16), int(left["process"])):
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def write_text(path: str | Path, text: str) -> None:
    """Write a UTF-8 text file, whole or not at all, with the same line ends everywhere."""
    with replacing(path) as new:
        new.write_text(text, encoding="utf-8", newline="\n")


def write_durably(path: str | Path, content: bytes) -> None:
    """Write a file that is on the disk, whole, when this returns, whatever happens to the machine then."""
    target = Path(path)
    with replacing(target) as new, open(new, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if os.name == "posix":  # elsewhere a folder cannot be opened, and a rename is kept by the system
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def lock_file(path: Path) -> Path | None:
    """Return the lock that Excel, WPS or LibreOffice keeps beside an open document, if there is one."""
    for name in (f"~${path.name}", f"~${path.name[2:]}", f".~lock.{path.name}#", f".~{path.name}"):
        with suppress(OSError):  # a name that is too long for one
            if (lock := path.with_name(name)).exists() and lock != path:
                return lock
    return None


_CONFINED: ContextVar[Path | None] = ContextVar("confined", default=None)


@contextmanager
def confined(folder: Path) -> Iterator[None]:
    """Within the block an absolute path, too, leaves (`leaves`) where it leads out of `folder`.

    >>> with confined(Path("/root")):
    ...     leaves("/root/study", "/root/x.csv"), leaves("/root/study", "/x.csv")
    (False, True)
    """
    before = _CONFINED.set(folder.resolve())
    try:
        yield
    finally:
        _CONFINED.reset(before)


def has_file(path: Path) -> bool:
    """True if there is such a file; a name that no file can have, as one of 300 letters, is that of none.

    >>> has_file(Path("x" * 300)), has_file(Path("a\\0b"))
    (False, False)
    """
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def has_folder(path: Path) -> bool:
    """True if there is such a folder; a name that none can have is that of none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def opened(path: str | Path) -> BufferedReader:
    """Open a file for reading; what is no file, a pipe or a device, is refused instead of being waited for.

    Raises
    ------
    OSError
        for what cannot be opened, and for what is there but no regular file.
    """
    return open(path, "rb", opener=_opener)


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file; raises as `opened`."""
    with opened(path) as stream:
        return stream.read()


def _opener(path: str, flags: int) -> int:
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode) or stat.S_ISDIR(os.fstat(handle).st_mode):
        return handle  # a folder is refused by `open` itself
    os.close(handle)
    raise OSError(errno.EINVAL, "not a regular file", path)


def leaves(folder: str | Path, path: str | Path) -> bool:
    """True if a path leads out of a folder, links followed; an absolute one is meant as it stands.

    So does one that no system takes for a path, for the zero character in it, and a pipe or a device,
    which would be waited for.

    >>> leaves("study", "data/x.csv"), leaves("study", "../x.csv"), leaves("study", "/x.csv")
    (False, True, False)
    """
    if PurePath(path).is_absolute() and "\0" not in str(path):
        around = _CONFINED.get()
        return around is not None and not Path(path).resolve().is_relative_to(around)
    inside = PurePath(str(path).replace("\\", "/"))
    if ".." in inside.parts or "\0" in str(path):
        return True
    home = Path(folder)
    there = (home / inside).resolve()
    odd = os.path.exists(there) and not os.path.isfile(there) and not os.path.isdir(there)
    return odd or not there.is_relative_to(home.resolve())


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data for a JSON file with a `digest` of its content, which `seal_fits` compares.

    >>> seal_fits(sealed({"weight": 0.5})), seal_fits({**sealed({"weight": 0.5}), "weight": 0.6})
    (True, False)
    """
    return {**data, "digest": _digest(data)}


def seal_fits(data: Mapping[str, Any]) -> bool | None:
    """True if the content of a JSON file is what was sealed; None where nothing was."""
    content = {key: value for key, value in data.items() if key != "digest"}
    return data["digest"] == _digest(content) if "digest" in data else None


def _digest(data: Mapping[str, Any]) -> str:
    canonical = json.dumps(data, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@cache
def _swept(folder: Path) -> None:
    """Sweep a folder once in a process."""
    with suppress(OSError):
        sweep(folder)


def _prefix(stem: str) -> str:
    """Return how the name of a temporary file begins: what it becomes, and who is writing it."""
    return f".{stem[:_LONGEST_STEM]}-{_HOST:08x}-{os.getpid()}-"


def _at_work(path: Path, host: int, process: int) -> bool:
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            return False
    if host != _HOST or os.name != "posix":  # elsewhere signal 0 is no question
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


@contextmanager
def _naming(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _not_written(target, error) from error


def _beside(target: Path) -> Path:
    with _naming(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _swept(target.parent.resolve())
        ending = f"{_ENDING}{target.suffix}"
        handle, name = tempfile.mkstemp(prefix=_prefix(target.stem), suffix=ending, dir=target.parent)
    os.close(handle)
    with suppress(OSError):
        os.chmod(name, 0o644)  # mkstemp makes private files; an output is for the team
    return Path(name)


_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_LONGEST, _MOST_BYTES = 60, 180  # file systems count bytes, and take 255


def stems(texts: Iterable[str], empty: str) -> tuple[str, ...]:
    """Return texts as names of files that every operating system accepts, all different in any case.

    >>> stems(["North/South", "north\\\\south", "con", ""], "none")
    ('North_South', 'north_south_2', 'con_', 'none')
    """
    names: list[str] = []
    taken: set[str] = set()
    for text in texts:
        stem = name = _stem(text, empty)
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        names.append(name)
        taken.add(name.casefold())
    return tuple(names)


def _stem(text: str, empty: str) -> str:
    stem = _FORBIDDEN.sub("_", text[:1000]).lstrip(" .~")[:_LONGEST]
    stem = stem.encode()[:_MOST_BYTES].decode(errors="ignore").rstrip(" .") or empty
    return f"{stem}_" if _RESERVED.fullmatch(stem) else stem


def _system_error(error: Exception) -> OSError | None:
    """Return the operating system's error, also where a library only hands it on or quotes a full disk."""
    for candidate in (error, *error.args):
        if isinstance(candidate, OSError) and candidate.errno is not None:
            return candidate
    if _FULL_DISK.search(str(error)):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return error if isinstance(error, OSError) else None


def _kept_beside(target: Path, new: Path, reason: str) -> EvaluationError:
    kept = target.with_name(f"{target.stem}.new{target.suffix}")
    with suppress(OSError):
        os.replace(new, kept)
    detail = {"kept": kept.name, "reason": reason}
    return EvaluationError([Issue("FILE-702", target.name, detail, where=Location(str(target)))])


def _not_written(target: Path, error: OSError) -> EvaluationError:
    code = "FILE-703" if error.errno in _FULL else "FILE-701"
    reason = error.strerror or str(error)
    if error.filename and not _TEMPORARY.fullmatch(Path(str(error.filename)).name):
        reason += f" ({error.filename})"
    return EvaluationError([Issue(code, target.name, {"reason": reason}, where=Location(str(target)))])
