"""What every request passes: the right host, no more than it may, and what every answer says of itself."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from threading import Lock

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 2_000_000
"""Bytes of a request; the answers of a person to three hundred customers are a tenth of that."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_YEAR = 31_536_000


@dataclass
class Rate:
    """So many at once, and so many a second; whoever asks more waits. Forgets who has been quiet."""

    burst: float
    per_second: float
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    clock: Callable[[], float] = time.monotonic

    def allows(self, name: str) -> bool:
        """True if somebody may ask once more."""
        with self._lock:
            now = self.clock()
            left, before = self._left.get(name, (self.burst, now))
            left = min(self.burst, left + (now - before) * self.per_second)
            if left < 1:
                return False
            self._left[name] = (left - 1, now)
            if len(self._left) > 20_000:
                full = (self.burst - 1) / self.per_second if self.per_second else 0
                self._left = {key: one for key, one in self._left.items() if now - one[1] < full}
            return True


class Guard:
    """Middleware around the whole server; `origins` are the addresses under which it is reached."""

    def __init__(self, app: ASGIApp, origins: Collection[str], rate: Rate) -> None:
        self._app, self._rate = app, rate
        self._origins = frozenset(origins)
        self._hosts = {origin.partition("://")[2] for origin in origins}
        secure = all(origin.startswith("https://") for origin in origins)
        self._headers = _HEADERS | ({"Strict-Transport-Security": f"max-age={_YEAR}"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not meant for this server, else pass it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        sending = _with_headers(send, self._headers)
        refused = self._refused(scope)
        if refused:
            answer = PlainTextResponse(refused[1], refused[0], {"Connection": "close"})
            await answer(scope, receive, sending)
            return
        await self._app(scope, _limited(receive), sending)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return why a request goes no further: another host or site, too large, or one too many."""
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if "content-length" in headers and "transfer-encoding" in headers:
            return 400, "Two lengths."  # a proxy before us may have believed the other one
        if headers.get("host", "").lower() not in self._hosts:
            return 421, "This server has another name."
        if not re.fullmatch("[0-9]{1,12}", length) or int(length) > LARGEST_BODY:
            return 413, "Too large."
        if not self._rate.allows((scope.get("client") or ("?", 0))[0]):
            return 429, "Too many requests."
        if scope["method"] == "POST" and not self._of_us(headers):
            return 403, "This was sent from another site."
        return None

    def _of_us(self, headers: Headers) -> bool:
        """True if a page of ours sent this; old browsers say nothing, and the form's own token decides."""
        site, origin = headers.get("sec-fetch-site", "same-origin"), headers.get("origin")
        return site in ("same-origin", "none") and (origin is None or origin in self._origins)


def _with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = MutableHeaders(scope=message)
            for name, value in headers.items():
                said.setdefault(name, value)
            said.setdefault("Content-Security-Policy", _POLICY)
        await send(message)

    return sending


def _limited(receive: Receive) -> Receive:
    """Return what reads a request no further than it may be long, whatever it says of its length."""
    read = 0

    async def receiving() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            return {"type": "http.disconnect"}
        return message

    return receiving
