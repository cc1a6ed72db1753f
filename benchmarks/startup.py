"""What it costs to start: verbs beside bare click and beside the import of Polars, in processor time.

Run `python benchmarks/startup.py`: a demo is made and fitted first. The least of some runs of each, with
bytecode, as an installation has it; ratios stand in one run on one machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from evaluator.demo import make
from evaluator.study import Study

RUNS, CUSTOMERS = 5, 1_000
BARE = """
import click
@click.group()
def program(): pass
@program.command()
def verb(): pass
program(["--help"], standalone_mode=False)
"""


def seconds(home: Path, *command: str) -> float:
    """Return the least processor time of some runs of a command of this Python; bytecode is kept at home."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    least = float("inf")
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], check=True, capture_output=True, env=environment)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        least = min(least, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return least


def main() -> None:
    """Print the seconds of each verb and its two ratios."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        study = Study(make(home / "demo", language="en", seed=7).folder)
        model = study.save_model()
        frame = study.measured.frame.select(pl.exclude("^.*@.*$"))
        times = -(-CUSTOMERS // len(frame))
        many = pl.concat([frame.with_columns(id=pl.col("id") + f"-{n}") for n in range(times)]).head(
            CUSTOMERS
        )
        many.write_csv(home / "measures.csv")
        click, polars = seconds(home, "-c", BARE), seconds(home, "-c", "import polars")
        print(f"bare click {click:.3f} s, import polars {polars:.3f} s")
        scored = (
            "--model",
            str(model),
            "--data",
            str(home / "measures.csv"),
            "--output",
            str(home / "s.csv"),
        )
        verbs = {
            "--help": ("--help",),
            "list trees": ("list", "trees"),
            "check": ("check", str(study.folder)),
            "score": ("score", *scored),
        }
        for name, words in verbs.items():
            took = seconds(home, "-m", "evaluator", *words)
            print(f"{name:12} {took:.3f} s  {took / click:5.1f} × click  {took / polars:5.1f} × polars")


if __name__ == "__main__":
    main()
