"""The long run: `python tests/fuzz/run.py --inputs 20000`, each target in a process of its own."""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from fuzzing import Outcome, fuzz
from targets import TARGETS

MOST = 1_000_000  # kB that a process may have


def _one(name: str, inputs: int, seed: int, keep: Path) -> tuple[Outcome, int]:
    target = next(entry for entry in TARGETS if entry.name == name)
    with tempfile.TemporaryDirectory() as folder:
        outcome = fuzz(target, inputs, seed, Path(folder), keep=keep)
    return outcome, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    """Fuzz every target and print its figures; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="of all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one target")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-faults"))
    stated = parser.parse_args()
    targets = [t for t in TARGETS if stated.only in (None, t.name) and (not t.needs or shutil.which(t.needs))]
    wrong = 0
    print(f"{'target':<16}{'inputs':>8}{'past':>8}{'faults':>8}{'slowest s':>11}{'MB':>7}")
    for target in targets:
        inputs = -(-stated.inputs // len(targets))
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
                outcome, memory = alone.submit(_one, target.name, inputs, stated.seed, stated.keep).result()
        except BrokenProcessPool:
            print(f"{target.name:<16}an input ended the process", flush=True)
            wrong += 1
            continue
        print(f"{target.name:<16}{outcome.inputs:>8}{outcome.passed:>8}{len(outcome.faults):>8}"
              f"{outcome.slowest:>11.2f}{memory // 1000:>7}", flush=True)  # fmt: skip
        for number, fault in outcome.faults[:3]:
            print(f"--- input {number}\n{fault}")
        wrong += bool(outcome.faults) or not outcome.counts or memory > MOST
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
