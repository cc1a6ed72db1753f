"""Many workbooks at once: each decoded as far as its own table of contents asks, by several processes.

Decoding holds the interpreter's lock, so threads would not help. The helpers are programs of their own
that import little and never run the caller's script again, as a pool of spawned processes would.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evaluator.errors import EvaluationError
from evaluator.workbook.reader import FORM, Limits, OpenWorkbook, WorkbookValues

FEW = 100
"""Up to so many workbooks are decoded here: a helper takes about as long to start."""

_HELPERS = 8
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Contents:
    """Where a workbook says which of its sheets are to be read.

    `sheet` has a row for each, which begins with `marker`; the sheet's name stands in `column`, and the
    first cell of the sheet itself begins with `key`. `aside` are sheets that are never read, and
    `instead` a sheet that is read where no row of `sheet` begins with the word beside it.
    """

    sheet: str
    marker: str
    column: int
    key: str
    aside: tuple[str, ...] = ()
    instead: tuple[str, str] = ("", "")


def decode(
    path: str | Path, contents: Contents, *, name: str | None = None, limits: Limits = FORM
) -> WorkbookValues:
    """Return the sheets that the workbook's table of contents names, or all where it does not hold.

    Merged blocks are left out.

    Raises
    ------
    EvaluationError
        those of `reader.OpenWorkbook`.
    """
    book = OpenWorkbook(path, name=name, limits=limits)
    read = partial(book.read, merged=False)
    sheets = {key: read(key) for key in (contents.sheet,) if key in book.names}
    rows = [row for sheet in sheets.values() for row in sheet.rows]
    first, words = contents.instead
    besides = [first] if first in book.names and all(row[0] != words for row in rows) else []
    others = [entry for entry in book.names if entry not in (contents.sheet, first, *contents.aside)]
    named = [
        str(row[contents.column]) for row in rows if row[0] == contents.marker and len(row) > contents.column
    ]
    if named and set(named) <= set(others) and len(others) == len(set(named)) + 1:  # one more: the cover
        said = {entry: read(entry) for entry in dict.fromkeys(named)}
        if all(str(sheet.value(0, 0) or "").startswith(contents.key) for sheet in said.values()):
            others, sheets = named, sheets | said
    found = [
        sheets.get(entry) or read(entry) for entry in book.names if entry in (*others, *besides, *sheets)
    ]
    return WorkbookValues(book.file, book.names, tuple(found), book.issues)


Decoded = WorkbookValues | EvaluationError


def decode_all(files: Sequence[tuple[Path, str]], contents: Contents) -> Iterator[Decoded]:
    """Yield the workbooks of paths with what messages call them, in order; what is wrong with one instead."""
    helpers = min(_cores(), _HELPERS, len(files) // FEW)
    if helpers < 2:
        yield from (_decoded(path, name, contents) for path, name in files)
        return
    with _helped(helpers, contents) as ask:
        yield from ask(files)


def _decoded(path: Path, name: str, contents: Contents) -> Decoded:
    try:
        return decode(path, contents, name=name)
    except EvaluationError as error:
        return error


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _helped(
    count: int, contents: Contents
) -> Iterator[Callable[[Sequence[tuple[Path, str]]], Iterator[Decoded]]]:
    """Start helpers, each fed by a thread of its own, and stop them in any case."""
    helpers: list[subprocess.Popen[bytes]] = []
    own = threading.local()
    starting = threading.Lock()

    def ask(file: tuple[Path, str]) -> Decoded:
        if not hasattr(own, "helper"):
            with starting:
                own.helper = _start(contents)
                helpers.append(own.helper)
        try:
            return _exchange(own.helper, file)
        except (OSError, EOFError, pickle.UnpicklingError):  # the helper is gone
            return _decoded(*file, contents)

    pool = ThreadPoolExecutor(count)
    try:
        yield lambda files: pool.map(ask, files)
    finally:
        pool.shutdown(cancel_futures=True)
        for helper in helpers:
            _stop(helper)


def _start(contents: Contents) -> subprocess.Popen[bytes]:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert helper.stdin is not None
    pickle.dump(contents, helper.stdin)
    return helper


def _exchange(helper: subprocess.Popen[bytes], file: tuple[Path, str]) -> Decoded:
    assert helper.stdin is not None
    assert helper.stdout is not None
    pickle.dump(file, helper.stdin)
    helper.stdin.flush()
    answer: Decoded = pickle.load(helper.stdout)  # from a program of ours, started a moment ago
    return answer


def _stop(helper: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        helper.communicate(timeout=10)


def _help() -> None:
    """Answer each file that is asked for until nothing more is asked."""
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    contents: Contents = pickle.load(asked)
    with suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            path, name = pickle.load(asked)
            pickle.dump(_decoded(path, name, contents), answers, protocol=pickle.HIGHEST_PROTOCOL)
            answers.flush()


if __name__ == "__main__":
    _help()
