"""What takes long to make and is the same every time, kept as files among the user's caches.

What is kept there is run: by browsers as part of every page, or by this program. So a folder that anybody
else may write is not used; nothing is lost without one but time.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory


def read_kept(name: str, made_of: str = "") -> bytes | None:
    """Return what is kept under a name; None where nothing is, it is not whole, or was made of other things.

    Parameters
    ----------
    made_of : whatever the content depends on and the name does not say.
    """
    try:
        folder = cache_folder()
        digest, _, content = (folder / name).read_bytes().partition(b"\n") if folder else (b"", b"", b"")
    except OSError:
        return None
    return content if digest == _digest(made_of, content) else None


def keep(name: str, content: bytes, made_of: str = "") -> None:
    """Keep something under a name, over what was kept there; where it cannot be written it is not."""
    if folder := cache_folder():
        with suppress(OSError), TemporaryDirectory(dir=folder) as beside:  # a full disk costs time, no more
            new = Path(beside, name)
            new.write_bytes(_digest(made_of, content) + b"\n" + content)
            os.replace(new, folder / name)


def states(files: Sequence[Traversable]) -> str:
    """Return what files are known by without reading them; nothing where one of them lies in an archive."""
    known = [file for file in files if isinstance(file, Path)]
    return "" if len(known) < len(files) else "".join(map(_state, known))


def _state(file: Path) -> str:
    found = file.stat()
    return f"{file}:{found.st_size}:{found.st_mtime_ns};"


def cache_folder() -> Path | None:
    """Return our folder among the user's caches; None where there is none that only the user may write."""
    try:
        folder = _caches() / "evaluator"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):  # no home, or none that can be written
        return None
    if os.name == "posix" and (found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022):
        return None
    return folder


def _caches() -> Path:
    """Return where this system keeps what programs can make again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    stated = os.environ.get("XDG_CACHE_HOME", "")
    return Path(stated) if os.path.isabs(stated) else Path.home() / ".cache"


def _digest(made_of: str, content: bytes) -> bytes:
    return hashlib.sha256(made_of.encode("utf-8") + content).hexdigest().encode("ascii")
