"""Templates compiled before in this process: the next page or workbook does not compile them again."""

from __future__ import annotations

from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache

_MOST = 500


class Compiled(BytecodeCache):
    """Code by the template's path and text, of one kind of environment; what is constant is compiled in.

    It is never written to a file: whoever could write there would have code run in every process.
    """

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what this very text was compiled to."""
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what a text was compiled to."""
        if len(self._code) >= _MOST:
            self._code.clear()
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code
