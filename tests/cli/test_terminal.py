"""What stands on a terminal: tables that fit it, a line for a step's time; nothing of it in a pipe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import unicodedata

import pytest

from evaluator.cli.console import Console

pty = pytest.importorskip("pty", reason="only systems with pseudo-terminals")

RUN = "import sys; from evaluator.cli import invoke; sys.exit(invoke(sys.argv[1:]))"
STEPS = """
import time
from evaluator.cli.console import Console
console = Console()
console.progress("weights"); time.sleep(0.5); console.say("cli.list.nothing"); console.end()
"""


def on_terminal(*arguments: str, columns: int, code: str = RUN, **environment: str) -> str:
    """Return everything a terminal of so many columns is given, standard output and error alike."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    stated = {**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
        if name not in environment:
            stated.pop(name, None)
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=stated)
    os.close(slave)
    said = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        said += part
    os.close(master)
    assert process.wait(60) == 0
    return said.decode("utf-8")


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


@pytest.mark.parametrize(("language", "columns"), [("zh", 60), ("en", 60), ("zh", 120)])
def test_a_table_fits_the_terminal_and_loses_nothing(language: str, columns: int) -> None:
    said = on_terminal("--language", language, "show", "quick_value", columns=columns)
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said).splitlines()
    table = [line for line in lines[1:] if "%" in line]
    assert len(table) >= 9
    assert max(map(width, lines[1:-1])) <= max(columns, width(lines[-1]))
    assert all(width(line) <= columns for line in table)
    assert "36.0%" in said, "figures are never cut"
    assert "├─" in said


def test_no_colour_is_no_colour() -> None:
    assert not re.search(r"\x1b\[[0-9;]*m", on_terminal("show", "quick_value", columns=80, NO_COLOR="1"))


def test_a_step_has_a_line_with_its_time_which_goes() -> None:
    said = on_terminal(columns=80, code=STEPS, LC_ALL="C.UTF-8")
    assert "0:00:00" in said
    assert said.index("0:00:00") < said.rindex("\x1b[2K"), "the line is taken away"


def test_what_is_piped_is_plain_and_has_no_steps() -> None:
    done = subprocess.run([sys.executable, "-c", STEPS], capture_output=True, text=True, encoding="utf-8",
                          env={**os.environ, "TERM": "xterm-256color", "FORCE_COLOR": "1"})  # fmt: skip
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert done.returncode == 0


def test_help_loads_no_drawing_library() -> None:
    code = "import sys\nfrom evaluator.cli import invoke\ninvoke(['--help'])\nsys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def test_rows_tell_the_time_left(monkeypatch, capsys) -> None:
    class Counted:
        rows, total, seconds, rows_per_second = 500, 2000, 5.0, 100.0

    console = Console()
    console.ask_for("en")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    tell = console.counted()
    assert tell is not None
    tell(Counted())
    assert "500 of 2,000 rows, 100 per second, 0:15 left" in capsys.readouterr().err
