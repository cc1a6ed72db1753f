"""The secret of a study's server, and what is derived from it: links, the board's address, cookies.

Nothing that opens a form is stored anywhere but in the file of the key: a link is its id with a code that
only the key can make, so that who reads the database cannot answer for anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from evaluator.errors import EvaluationError, Issue, Location
from evaluator.files import read_bytes

KEY = "key"
_BYTES = 32
_CODE = 18  # bytes of a code: 144 bits, 24 letters
_SESSION = 60 * 60 * 24 * 60
"""Seconds after which a browser has to open its link again."""


@dataclass(frozen=True)
class Keys:
    """What is derived from the secret of a study's server."""

    secret: bytes = field(repr=False)

    def code(self, *said: object) -> str:
        """Return what only the holder of the key can say of something."""
        message = "\n".join(map(str, said)).encode("utf-8")
        made = hmac.new(self.secret, message, hashlib.sha256).digest()[:_CODE]
        return urlsafe_b64encode(made).decode("ascii")

    def fits(self, code: str, *said: object) -> bool:
        """True if a code is the one of something; takes as long whatever it is."""
        return hmac.compare_digest(code.encode("utf-8"), self.code(*said).encode("ascii"))

    def token(self, link: str, generation: int) -> str:
        """Return what stands in the address of a link."""
        return f"{link}-{self.code('link', link, generation)}"

    def board(self) -> str:
        """Return what stands in the address that opens the board."""
        return self.code("board")

    def cookie(self, purpose: str, link: str, generation: int) -> str:
        """Return a cookie that opens what a link opens, in one browser."""
        said = f"{link}.{generation}.{int(time.time())}.{secrets.token_hex(8)}"
        return f"{said}.{self.code(purpose, said)}"

    def opened(self, purpose: str, cookie: str) -> tuple[str, int] | None:
        """Return the link and generation of a cookie; None where it is none of ours or too old."""
        said, _, code = cookie.rpartition(".")
        parts = said.split(".")
        if len(parts) != 4 or not self.fits(code, purpose, said):
            return None
        link, generation, begun, _ = parts
        return (link, int(generation)) if time.time() - int(begun) < _SESSION else None

    def form_token(self, cookie: str) -> str:
        """Return what a form of a browser must bring along, so that no other site can send it."""
        return self.code("form", cookie)


def read_keys(folder: Path) -> Keys:
    """Return the keys of a study's server, made when there are none; only the owner may read the file.

    Raises
    ------
    EvaluationError
        where the file does not hold a key, or cannot be read or written.
    """
    path = folder / KEY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(_BYTES))
                stream.flush()
                os.fsync(stream.fileno())
        text = read_bytes(path).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        detail = {"reason": getattr(error, "strerror", None) or str(error)}
        raise EvaluationError([Issue("FILE-701", KEY, detail, where=Location(str(path)))]) from error
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != _BYTES:
        raise EvaluationError([Issue("SERVE-105", KEY, where=Location(str(path)))])
    return Keys(secret)
