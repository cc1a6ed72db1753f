"""Where a server listens, and how it is run."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from urllib.parse import urlsplit

from evaluator.errors import EvaluationError, Issue, raise_errors

NEEDED = ("starlette", "uvicorn", "segno", "sqlalchemy")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Listening:
    """Where a server listens, the address it is reached under, and others that mean it as well."""

    host: str
    port: int
    origin: str
    others: tuple[str, ...] = ()


def raise_unless_installed() -> None:
    """Raise an error where the libraries of the extra `serve` are not there."""
    lacking = [name for name in NEEDED if find_spec(name) is None]
    raise_errors([Issue("SERVE-101", ", ".join(lacking))] if lacking else [])


def listening(host: str, port: int, origin: str | None) -> Listening:
    """Return where to listen: on this computer alone, unless an address for the outside is stated.

    Raises
    ------
    EvaluationError
        where other computers could reach it and no origin is stated; where the origin is none.

    >>> listening("127.0.0.1", 8000, None).origin
    'http://127.0.0.1:8000'
    """
    local = _is_local(host)
    if origin is not None:
        return Listening(host, port, _origin(origin))
    if not local:
        raise EvaluationError([Issue("SERVE-102", host)])
    shown = f"[{host}]" if ":" in host else host
    names = dict.fromkeys((shown, "127.0.0.1", "localhost"))
    at = "" if port == _PORTS["http"] else f":{port}"
    first, *others = (f"http://{name}{at}" for name in names)
    return Listening(host, port, first, tuple(others))


def run(app: object, where: Listening) -> None:
    """Serve until somebody ends it.

    Raises
    ------
    EvaluationError
        where nothing can listen there.
    """
    import uvicorn

    try:
        family = socket.AF_INET6 if ":" in where.host else socket.AF_INET
        listener = socket.create_server((where.host, where.port), family=family, backlog=1024)
    except OSError as error:
        detail = {"reason": error.strerror or str(error)}
        raise EvaluationError([Issue("SERVE-108", f"{where.host}:{where.port}", detail)]) from error
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,  # it would hold the links
        server_header=False,
        proxy_headers=True,  # of a proxy on this computer, and of nobody else
        forwarded_allow_ips="127.0.0.1",
        timeout_keep_alive=75,  # people think for longer than five seconds
        timeout_graceful_shutdown=10,
        limit_concurrency=2000,
    )
    with listener, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(stated: str) -> str:
    """Return an origin as browsers write it; an error for something else."""
    try:
        parts = urlsplit(stated.strip().rstrip("/"))
        port = parts.port
    except ValueError:
        raise EvaluationError([Issue("SERVE-103", stated)]) from None
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if parts.scheme not in _PORTS or not parts.hostname or not bare:
        raise EvaluationError([Issue("SERVE-103", stated)])
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _PORTS[parts.scheme] else "")
