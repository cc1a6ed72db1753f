"""Templates compiled before: the next page or workbook does not compile them again, nor the next process."""

from __future__ import annotations

import hashlib
import marshal
from functools import cache
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache

from evaluator import resources
from evaluator.caches import keep, read_kept

_MOST = 500
_COMPILERS = ("compiling.py", "sandbox.py")  # beside this module: what says how a template is compiled


class Compiled(BytecodeCache):
    """Code by the template's path and text, of environments whose filters have the same names.

    What was compiled of the templates that ship with the package is kept in a file for the next process
    too (`evaluator.caches`, on whose folder it relies); what others wrote is never written to a file.
    """

    def __init__(self, filters: frozenset[str]) -> None:
        self._filters = ",".join(sorted(filters))
        self._ours = resources.folder("templates")
        self._code: dict[tuple[str, str], CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the path of a template, by which its code is known."""
        return filename or name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what this very text was compiled to."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))
        if bucket.code is None and (kept := self._cache_entry(bucket)):
            content = read_kept(*kept)
            bucket.code = marshal.loads(content) if content else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a text was compiled to."""
        if bucket.code is None:
            return
        if len(self._code) >= _MOST:
            self._code.clear()
        self._code[bucket.key, bucket.checksum] = bucket.code
        if kept := self._cache_entry(bucket):
            name, made_of = kept
            keep(name, marshal.dumps(bucket.code), made_of)

    def _cache_entry(self, bucket: Bucket) -> tuple[str, str] | None:
        """Return the name of a template's file and all that its code depends on; None for one of others.

        The name is of the path, so that another version of a template takes the place of the one before.
        """
        if not (how := _how_compiled()) or not Path(bucket.key).is_relative_to(self._ours):
            return None
        place = hashlib.sha256(f"{bucket.key}|{self._filters}".encode()).hexdigest()
        return f"template-{place[:24]}.{_PYTHON}", f"{how}|{bucket.key}|{self._filters}|{bucket.checksum}"


_PYTHON = MAGIC_NUMBER.hex()


@cache
def _how_compiled() -> str | None:
    """Return a digest of what turns templates into code; None where it cannot be read."""
    try:
        texts = [Path(__file__).with_name(name).read_bytes() for name in _COMPILERS]
    except OSError:
        return None
    return hashlib.sha256(b"".join(texts)).hexdigest() + version("jinja2")
