"""What it costs to start: verbs beside bare click and beside the import of Polars, in processor time.

Run `python benchmarks/startup.py`: a demo is made and fitted first. The least of some runs of each, with
bytecode, as an installation has it; ratios stand in one run on one machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from evaluator.demo import make
from evaluator.study import Study

RUNS, CUSTOMERS = 5, 1_000
VERB = ("-m", "evaluator")
BARE = """
import click
@click.group()
def program(): pass
@program.command()
def verb(): pass
program(["--help"], standalone_mode=False)
"""


def seconds(home: Path, commands: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    """Return the least processor time of some runs of each command of this Python, one after the other.

    Bytecode is kept at home; taking turns, all meet the same other work of the machine.
    """
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode")}
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(RUNS):
        for name, command in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *command], check=True, capture_output=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            least[name] = min(least[name], took)
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
        words = ("--model", model, "--data", home / "measures.csv", "--output", home / "s.csv")
        commands = {
            "click": ("-c", BARE),
            "polars": ("-c", "import polars"),
            "--help": (*VERB, "--help"),
            "list trees": (*VERB, "list", "trees"),
            "check": (*VERB, "check", str(study.folder)),
            "score": (*VERB, "score", *map(str, words)),
        }
        found = seconds(home, commands)
        for name, took in found.items():
            click, polars = took / found["click"], took / found["polars"]
            print(f"{name:12} {took:.3f} s  {click:5.1f} × click  {polars:5.1f} × polars")


if __name__ == "__main__":
    main()
