"""One run at a time writes into a study, so that its outputs are all of one evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import sweep

LOCK = ".lock"


@contextmanager
def only_run(output: str | Path) -> Iterator[None]:
    """Hold the folder of a study's outputs, free of what killed runs left; let it go when the process ends.

    Raises
    ------
    EvaluationError
        when another run holds it, or nothing can be written there.
    """
    folder = Path(output)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
        sweep(folder)
    except Timeout:
        raise EvaluationError([Issue("FILE-705", folder.name, where=Location(str(folder)))]) from None
    except OSError as error:
        detail = {"reason": error.strerror or str(error)}
        raise EvaluationError(
            [Issue("FILE-701", folder.name, detail, where=Location(str(folder)))]
        ) from error
    try:
        yield
    finally:
        lock.release()
