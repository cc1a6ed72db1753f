"""Pages of documentation as tests read them: their fenced blocks, run as a reader would run them.

A block with a caption is a file of that name, or what is added to it. `sh` is typed into a terminal:
`evaluator` runs in this process, other programs are those that `ELSEWHERE` knows. A block `text` right after
`sh` is what the terminal shows, with … for what is left out; where it begins a line with ``error:``, the
command fails with exit code 1. A block `python` is a doctest where it has prompts, else a script; all of a
page share their names.
"""

import contextlib
import doctest
import io
import os
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from evaluator.cli import invoke

FENCE = re.compile(r"^( *)(`{3,}|:{3,})(\S*) ?(.*?)\n(.*?)^\1\2 *$", re.MULTILINE | re.DOTALL)
# What cannot be run inside a test, and what runs it instead.
ELSEWHERE = {
    r"pip install .*": ".ci/run installs the wheel in a clean environment",
    r"python -m venv .*": ".ci/run",
    r"source .*/activate": ".ci/run",
    r"make( \w+)?": ".ci/run makes test, lint and docs",
    r"evaluator( --language \w+)? demo( .*)?": "tests/test_demo.py, and .ci/run from the wheel",
}
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, the name of the file it is, its text, and the line it begins at."""

    kind: str
    file: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in their order."""
    for found in FENCE.finditer(page):
        kind, argument, text = found[3], found[4].strip(), found[5]
        options: dict[str, str] = {}
        if kind == "{code-block}":
            kind = argument
            while option := re.match(r" *:(\w+): (.*)\n", text):
                options[option[1]] = option[2]
                text = text[option.end() :]
        indent = found[1]
        body = "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))
        yield Block(kind, options.get("caption", ""), body, page[: found.start()].count("\n") + 1)


@dataclass
class Reader:
    """Somebody who follows a page in a folder of their own, block by block."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})

    def follow(self, path: Path) -> dict[str, Any]:
        """Do all the page says; return the names its Python has made."""
        found = list(blocks(path.read_text("utf-8")))
        with contextlib.chdir(self.folder):
            for block, after in zip(found, [*found[1:], None], strict=True):
                self._do(block, after, path.name)
        return self.names

    def _do(self, block: Block, after: Block | None, page: str) -> None:
        place = f"{page}:{block.line}"
        if block.file:
            _save(block)
        elif block.kind == "sh":
            shown = after.text if after and after.kind == "text" and not after.file else ""
            self._type(block.text, shown, place)
        elif block.kind == "python" and ">>>" in block.text:
            self._session(block.text, place)
        elif block.kind == "python":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(block.text, place, "exec"), self.names)

    def _type(self, text: str, shown: str, place: str) -> None:
        said = io.StringIO()
        fails = int(shown.startswith("error:") or "\nerror:" in shown)
        for line in text.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                    code = run(words)
                assert code == fails, f"{place}: {line}\n{said.getvalue()}"
        if shown:
            wanted = re.sub(r" *… *", "...", shown)
            agree = doctest.OutputChecker().check_output(wanted, said.getvalue(), FLAGS)
            assert agree, f"{place}\nthe page shows\n{shown}\nthe terminal\n{said.getvalue()}"

    def _session(self, text: str, place: str) -> None:
        test = doctest.DocTestParser().get_doctest(text, self.names, place, place, 0)
        runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
        told = io.StringIO()
        runner.run(test, out=told.write, clear_globs=False)
        self.names.update(test.globs)
        assert not runner.summarize(verbose=False).failed, told.getvalue()


def _save(block: Block) -> None:
    """Write the file a block is; "(add)" after its name adds to the file that is there."""
    name, added, _ = re.split(r"( \(add\)|（追加）)|$", block.file, maxsplit=1)
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert path.exists() or not added, f"{name} is not there to be added to"
    before = path.read_text("utf-8").rstrip("\n") + "\n" if added else ""
    path.write_text(before + block.text, "utf-8")


def run(words: list[str]) -> int:
    """Run a command as far as a test can; a command that nothing here runs is a mistake of the page."""
    typed = shlex.join(words)
    if any(re.fullmatch(known, " ".join(words)) for known in ELSEWHERE):
        return 0
    if words[0] == "evaluator":
        return invoke(words[1:])
    if words[0] == "python" and words[1].endswith(".py"):
        arguments, sys.argv = sys.argv, words[1:]
        try:
            runpy.run_path(words[1], run_name="__main__")
        finally:
            sys.argv = arguments
        return 0
    if words[0] == "cd":
        os.chdir(words[1])
        return 0
    raise AssertionError(f"no test runs {typed!r}; see ELSEWHERE in {__file__}")


def write_orders(path: Path) -> None:
    """Write a sheet of orders as clients send them: a title above the headers, a total below the rows."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("2025")
        lines = [
            (f"C{number % 12:03}", date(2025, 1 + number % 12, 1 + number % 28), 100.0 + 7 * number)
            for number in range(36)
        ]
        total = ("Total", "", sum(amount for _, _, amount in lines))
        rows = [("Sales 2025",), ("Customer no.", "Order date", "Amount"), *lines, total]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
