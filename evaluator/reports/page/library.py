"""The chart library of the page: bundled once on a machine, for it takes seconds, and kept as a file."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path

from evaluator.errors import EvaluationError
from evaluator.files import write_text

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


@cache
def begin_library() -> Future[str]:
    """Begin to fetch the chart library, once in a process: the first time on a machine it takes seconds."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(_library)
    finally:
        pool.shutdown(wait=False)


def _library() -> str:
    """Return the chart library; the wrapping keeps its names to itself."""
    return f"(()=>{{{_kept_bundle()}}})();"


def _kept_bundle() -> str:
    """Return the bundle from its file, or bundle it and write the file; without a safe folder just bundle."""
    name = f"charts-{version('vl-convert-python')}-{_digest(_SNIPPET)[:8]}.js"
    folder = _folder()
    kept = folder and _read(folder / name)
    if kept:
        return kept
    import vl_convert  # here, because a kept bundle does without it

    bundle: str = vl_convert.javascript_bundle(_SNIPPET)
    if folder:
        with suppress(EvaluationError):  # a full disk costs the next process the same seconds, no more
            write_text(folder / name, f"{_digest(bundle)}\n{bundle}")
    return bundle


def _read(path: Path) -> str | None:
    """Return a kept bundle; None where there is none, or it is not whole."""
    try:
        digest, _, bundle = path.read_bytes().decode("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return bundle if digest == _digest(bundle) else None


def _folder() -> Path | None:
    """Return our folder among the user's caches; None where nobody but the user must write, and others can.

    What stands there becomes part of every page, as code that browsers run.
    """
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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
