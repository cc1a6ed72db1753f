"""Compare what an older commit and this checkout write, in one environment.

    python tests/golden/compare_commits.py HEAD~1
    python tests/golden/compare_commits.py b980c1e --studies small --rename "profile=convention"

Each side walks the same studies with its own code: the demo in both languages, the small study of the
tests, and Online Retail where `../shared/data` has its lines. Every file of a study is compared, first its
bytes; where they differ, pages by section, workbooks by sheet (cells and formulas), everything else by line.
The exit code is 1 where more than last digits differ.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from filecmp import cmp
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

import canonical

CHECKOUT = Path(__file__).resolve().parents[2]
ORDERS = CHECKOUT.parent / "shared" / "data" / "uci_online_retail.csv.gz"
COPIES = "answers/*"
"""Kept answers bear the hash of a questionnaire in their name, and are compared where they came from."""
MARK = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\d \d\d:\d\d")
LOOKED_AT = 4_000
"""Lines from the first difference on in which lines that came or went are told from lines that changed."""


@dataclass(frozen=True)
class Study:
    """A study to walk: what puts it into a folder, and the words after `python -m evaluator`."""

    copied: Callable[[Path, Path], None]
    words: tuple[str, ...]


def small(checkout: Path, folder: Path) -> None:
    shutil.copytree(checkout / "tests" / "studies" / "small", folder)


def online_retail(checkout: Path, folder: Path) -> None:
    shutil.copytree(checkout / "examples" / "online-retail", folder, ignore=shutil.ignore_patterns("output"))
    shutil.copy(ORDERS, folder / "data" / ORDERS.name)


def nothing(checkout: Path, folder: Path) -> None:
    """The demo makes its study itself."""


STUDIES = {
    "small": Study(small, ("run", "small")),
    "demo-en": Study(nothing, ("--language", "en", "demo", "demo-en")),
    "demo-zh": Study(nothing, ("--language", "zh", "demo", "demo-zh")),
    "online-retail": Study(online_retail, ("run", "online-retail")),
}


@dataclass(frozen=True)
class Walked:
    """A study's folder after its walk, and what only this walk has: its minutes, its files' hashes."""

    folder: Path
    marks: Mapping[str, str]

    def files(self, skipped: Sequence[str]) -> set[str]:
        """Return the files, by their path in the folder."""
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {path.as_posix() for path in paths if not any(map(path.match, (COPIES, *skipped)))}

    def parts(self, name: str) -> dict[str, str]:
        """Return a file's parts, in which hashes of files and the time of the walk are named."""
        parts = canonical.file_parts(self.folder / name)
        return {part: MARK.sub(lambda m: self.marks.get(m[0], m[0]), text) for part, text in parts.items()}


def walk(checkout: Path, name: str, home: Path) -> Walked:
    """Walk a study with the code of a checkout; what the console said is one of its files."""
    study = STUDIES[name]
    folder = home / name
    home.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    study.copied(checkout, folder)
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", *study.words],
        cwd=home, env={**os.environ, "PYTHONPATH": str(checkout), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{name} failed with the code of {checkout}:\n{done.stdout}")
    (folder / "console.txt").write_text(done.stdout, encoding="utf-8")
    minutes = range(int(started // 60), int(time.time() // 60) + 1)
    marks = {time.strftime("%Y-%m-%d %H:%M", time.gmtime(60 * minute)): "(now)" for minute in minutes}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        marks[sha256(path.read_bytes()).hexdigest()] = f"(hash of {path.relative_to(home)})"
    return Walked(folder, marks)


@dataclass(frozen=True)
class Told:
    """Which words are other ones by intention, and which lines and files are not looked at."""

    renamed: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]
    skipped: tuple[str, ...]

    def before(self, text: str) -> list[str]:
        """Return the lines of a text of the older commit in the words of today."""
        for old, new in self.renamed:
            text = re.sub(old, new, text)
        return self.now(text)

    def now(self, text: str) -> list[str]:
        """Return the lines of a text that are compared."""
        return [line for line in text.splitlines() if not any(re.search(p, line) for p in self.ignored)]


def compared(before: Walked, now: Walked, told: Told, shown: int) -> bool:
    """Print how two folders of one study differ; return whether more than last digits does."""
    older, newer = before.files(told.skipped), now.files(told.skipped)
    common = sorted(older & newer)
    unequal = [name for name in common if not cmp(before.folder / name, now.folder / name, shallow=False)]
    equal = len(common) - len(unequal)
    print(f"{now.folder.name}: {equal} of {len(older | newer)} files are equal to the byte", flush=True)
    for name in sorted(older ^ newer):
        print(f"  {name}: only {'before' if name in older else 'now'}")
    differing = [_file(before, now, name, told, shown) for name in unequal]
    return any(differing) or older != newer


def _file(before: Walked, now: Walked, name: str, told: Told, shown: int) -> bool:
    """Print how two files differ, part by part; return whether more than last digits does."""
    older, newer = before.parts(name), now.parts(name)
    same, differs = True, False
    for part in sorted(older.keys() | newer.keys()):
        changed = list(changes(told.before(older.get(part, "")), told.now(newer.get(part, ""))))
        real = [change for change in changed if not canonical.same_but_last_digits(*change[1:])]
        if changed:
            kind = f"{len(real)} lines differ" if real else "only last digits differ"
            print(f"  {f'{name} {part}'.rstrip()}: {kind}")
        for number, old, new in real[:shown]:
            for sign, line in (("-", old), ("+", new)):
                print(f"    {number}: {sign} {line}")
        same, differs = same and not changed, differs or bool(real)
    if same:
        print(f"  {name}: other bytes, the same text")
    return differs


def changes(before: Sequence[str], now: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines that differ: the line's number today, what it was ("" where it came), what it is."""
    if len(before) == len(now):
        pairs = zip(before, now, strict=True)
        yield from ((number, old, new) for number, (old, new) in enumerate(pairs, 1) if old != new)
        return
    start = next(i for i, (old, new) in enumerate(zip_longest(before, now)) if old != new)
    old_lines, new_lines = before[start : start + LOOKED_AT], now[start : start + LOOKED_AT]
    blocks = SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes()
    for kind, old_from, old_to, new_from, new_to in blocks:
        if kind != "equal":
            sides = zip_longest(old_lines[old_from:old_to], new_lines[new_from:new_to], fillvalue="")
            yield from ((start + new_from + i + 1, old, new) for i, (old, new) in enumerate(sides))


def arguments() -> argparse.Namespace:
    """Return what is asked for on the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("commit", help="the older commit")
    parser.add_argument("--studies", nargs="+", choices=STUDIES, default=list(STUDIES))
    for option, name, meaning in (
        ("--rename", "OLD=NEW", "a regular expression of the older commit, and the word it is today"),
        ("--ignore", "PATTERN", "lines in which this regular expression is found are not compared"),
        ("--skip", "FILES", "files of a study that are not compared, as data/*"),
    ):
        parser.add_argument(option, action="append", default=[], metavar=name, help=meaning)
    parser.add_argument("--lines", type=int, default=5, help="differing lines shown of each part")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what both sides wrote here")
    return parser.parse_args()


def git(*words: str) -> None:
    subprocess.run(["git", "-C", str(CHECKOUT), *words], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Give a worktree of a commit, and remove it."""
    with tempfile.TemporaryDirectory(prefix="commit-") as scratch:
        worktree = Path(scratch) / "worktree"
        git("worktree", "add", "--quiet", "--detach", str(worktree), commit)
        try:
            yield worktree
        finally:
            git("worktree", "remove", "--force", str(worktree))


def main() -> int:
    asked = arguments()
    renamed = tuple((old, new) for old, _, new in (words.partition("=") for words in asked.rename))
    told = Told(renamed, tuple(asked.ignore), tuple(asked.skip))
    there = [name for name in asked.studies if name != "online-retail" or ORDERS.is_file()]
    different = False
    with checked_out(asked.commit) as older, tempfile.TemporaryDirectory(prefix="compare-") as scratch:
        home = asked.keep.resolve() if asked.keep else Path(scratch)
        for name in there:
            before, now = (walk(checkout, name, home / side)
                           for side, checkout in (("before", older), ("now", CHECKOUT)))  # fmt: skip
            different |= compared(before, now, told, asked.lines)
    for name in asked.studies:
        if name not in there:
            print(f"{name}: left out, {ORDERS} is not there")
    return int(different)


if __name__ == "__main__":
    sys.exit(main())
