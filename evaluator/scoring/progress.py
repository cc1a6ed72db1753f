"""Progress: how far a run has come, told from whichever thread knows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread

EVERY = 0.5  # seconds between two looks at an engine that tells nothing by itself


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: rows so far, of how many, in how many seconds."""

    rows: int
    total: int
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """The speed so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0


Report = Callable[[Progress], None]


class Meter:
    """Counts the rows of a run and tells of them; engines call it from several threads."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total = report, total
        self._lock, self._started, self._rows = Lock(), time.perf_counter(), 0

    def add(self, rows: int) -> None:
        """Count some more rows."""
        with self._lock:
            self._tell(self._rows + rows)

    def reach(self, rows: int) -> None:
        """Tell that so many rows are done; what is known already is not told again."""
        with self._lock:
            if rows > self._rows:
                self._tell(rows)

    def done(self) -> None:
        """Tell that every row is done."""
        self.reach(self._total)

    @contextmanager
    def watching(self, rows: Callable[[], float]) -> Iterator[None]:
        """Look every now and then how many rows are done, while the block runs."""
        over = Event()

        def watch() -> None:
            while not over.wait(EVERY):
                self.reach(int(rows()))

        thread = Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def share(self, percent: float) -> float:
        """Return how many rows a percentage of them is; 0 where it is not known (below 0)."""
        return self._total * max(percent, 0.0) / 100

    def _tell(self, rows: int) -> None:
        # Polars tries a function out on a row or two besides, which are no rows of the file
        self._rows = min(rows, self._total)
        self._report(Progress(self._rows, self._total, time.perf_counter() - self._started))
