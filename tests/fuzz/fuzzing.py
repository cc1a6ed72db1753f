"""Read many changed inputs and count what happened to them."""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from targets import Target

from evaluator.errors import EvaluationError

LONGEST = 5.0
"""Seconds of processor time that any input may take."""
STANDING = 12
"""How many times as long an input may stand on the clock, where other programs use the machine."""
_TOO_LONG = f"took longer than {LONGEST} s of processor time, or stood {STANDING} times as long"


class Hang(BaseException):
    """An input took longer than it may."""


@dataclass
class Outcome:
    """How many inputs were read, how many got past the first check, and what went wrong with which."""

    target: str
    inputs: int = 0
    passed: int = 0
    slowest: float = 0.0
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether at least half of the inputs got past the first check."""
        return self.passed * 2 >= self.inputs


@contextmanager
def no_longer(seconds: float) -> Iterator[None]:
    """Raise `Hang` after some seconds of processor time, or after `STANDING` times as many on the clock.

    Does nothing on a system without alarms.
    """
    begun, worked = time.perf_counter(), _worked()

    def ring(_: int, __: FrameType | None) -> None:
        if _worked() - worked > seconds or time.perf_counter() - begun > STANDING * seconds:
            raise Hang

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, seconds / 10)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _worked() -> float:
    """Return the processor time of this process and of those it waited for, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def fuzz(target: Target, inputs: int, seed: int, folder: Path, *, keep: Path | None = None) -> Outcome:
    """Change the valid input of a target `inputs` times and read it; input n depends on seed and n alone.

    Inputs that end in anything but an `EvaluationError` are faults; they are put into `keep`.
    """
    path = target.make(folder)
    valid = path.read_bytes()
    outcome = Outcome(target.name)
    for number in range(inputs):
        changed = target.change(random.Random(f"{target.name} {seed} {number}"), valid)
        path.write_bytes(changed)
        begun = _worked()
        fault, passed = _read(target, path)
        took = _worked() - begun
        fault = fault or (_TOO_LONG if took > LONGEST else "")
        outcome.slowest = max(outcome.slowest, took)
        outcome.inputs += 1
        outcome.passed += passed
        if fault:
            outcome.faults.append((number, fault))
            if keep:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{target.name.replace(' ', '-')}-{seed}-{number}{path.suffix}").write_bytes(changed)
    return outcome


def _read(target: Target, path: Path) -> tuple[str, bool]:
    """Return the fault that reading an input showed, if any, and whether it got past the first check."""
    try:
        with no_longer(LONGEST), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            target.read(path)
    except EvaluationError as error:
        return "", not all(issue.code in target.first for issue in error.issues)
    except Hang:
        return _TOO_LONG, True
    except KeyboardInterrupt:
        raise
    except BaseException:  # a panic of a library is no Exception
        return traceback.format_exc(limit=-4), True
    return "", True
