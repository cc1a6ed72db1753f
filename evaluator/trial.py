"""A file read first in a process of its own, where reading it here might end this one."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

_LONGEST = 300  # seconds
_OUT_OF_MEMORY = 3
_ALONE = {"POLARS_MAX_THREADS": "1"}  # threads that find no memory were seen to wait for each other
_SCRIPT = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
except ImportError:
    pass  # a system without limits for one process
sys.argv = sys.argv[1:]
try:
    {program}
except BaseException as error:
    text = "".join(str(error).splitlines()[:1])[:200]
    print(text.encode("ascii", "backslashreplace").decode())
    sys.exit({memory} if isinstance(error, MemoryError) or "memory" in text else 1)
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be read: `memory` where it took more than it may, else the reason."""

    memory: bool
    reason: str


def failure(program: str, *arguments: str, content: bytes = b"", memory: int) -> Failure | None:
    """Run one line of Python on `arguments` (in ``sys.argv[1:]``) and `content` (standard input).

    Parameters
    ----------
    memory : bytes of address space the process may have, where the system has such limits.

    >>> failure("import json; json.load(sys.stdin)", content=b"[1]", memory=1 << 30)
    >>> failure("import json; json.load(sys.stdin)", content=b"[1", memory=1 << 30).memory
    False
    >>> failure("bytes(1 << 40)", memory=1 << 30).memory
    True
    """
    script = _SCRIPT.format(program=program, memory=_OUT_OF_MEMORY)
    command = [sys.executable, "-P", "-c", script, str(memory), *arguments]
    try:
        ran = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=_LONGEST,
            check=False,
            env=os.environ | _ALONE,
        )
    except subprocess.TimeoutExpired:
        return Failure(False, f"> {_LONGEST} s")
    if ran.returncode == 0:
        return None
    killed = ran.returncode < 0  # by the allocator, or by the system
    return Failure(killed or ran.returncode == _OUT_OF_MEMORY, ran.stdout.decode("ascii", "replace").strip())
