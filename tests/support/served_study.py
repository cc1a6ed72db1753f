"""A small study whose forms are served, and people who open their links."""

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluator.study import Study

PEOPLE = ("E1", "E2", "E3")
WAIT = 60  # seconds: a computer on which many tests run is slow, and speed is not what they are about


@pytest.fixture
def asking(folder: Path) -> Path:
    """The small study with three experts who are asked in pairs, and no answers yet."""
    text = (folder / "study.yaml").read_text("utf-8")
    text = text.replace("judgments: [judgments.csv]\n", "")
    text = text.replace("weight: 2}", "weight: 2}\n  - {id: E3, name: 李四, email: li@firm.cn}")
    (folder / "study.yaml").write_text(text, "utf-8")
    (folder / "judgments.csv").unlink()
    return folder


@dataclass
class Person:
    """A browser in which somebody opens links and sends forms."""

    client: object

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def opens(self, address: str):
        return self.client.get(address)

    def post(self, path: str, fields: dict[str, str], **more):
        return self.client.post(path, data=fields, **more)

    def page(self) -> str:
        return self.client.get("/form").text

    def told(self) -> dict:
        """What the page of the form tells its script."""
        return json.loads(re.search(r'id="form-data">(.*?)</script>', self.page())[1])

    def save(self, answers, *, final=False, server=None, **changes):
        """Keep answers as the script of the page does, by default from where the page stands."""
        server = server or self.told()["server"]
        body = {"line": server["line"], "version": server["version"], "final": final, "answers": answers,
                "remarks": {}, **changes}  # fmt: skip
        return self.client.post(server["save"], json=body, headers={"X-Form-Token": server["token"]})


@dataclass
class Served:
    """A served study: its server, and new browsers."""

    server: object
    person: Callable[..., Person]

    def link(self, person: str) -> str:
        return self.server.address(self.server.links()[person])

    def opened(self, person: str) -> Person:
        """Return a new browser in which a person has opened the link."""
        browser = self.person()
        assert browser.opens(self.link(person)).status_code == 200
        return browser


@contextmanager
def listening(server: object, sock: socket.socket) -> Iterator[None]:
    """Serve at a socket in a thread of this process until the block ends."""
    import uvicorn

    from evaluator.serve.app import application

    config = uvicorn.Config(application(server), log_level="warning", access_log=False, lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield
    running.should_exit = True
    thread.join(20)


@pytest.fixture
def serving(asking: Path) -> Iterator[Callable[..., Served]]:
    """Return what serves the study on this computer, at a port of its own."""
    for name in ("starlette", "uvicorn", "httpx"):
        pytest.importorskip(name, reason="the extra serve is not here")
    import httpx

    from evaluator.serve.app import open_server

    with ExitStack() as ends:

        def serve(**options) -> Served:
            sock = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
            origin = f"http://127.0.0.1:{sock.getsockname()[1]}"
            server = open_server(Study(asking), origin=origin, **options)
            ends.callback(server.store.close)
            ends.enter_context(listening(server, sock))

            def person() -> Person:
                client = httpx.Client(base_url=origin, follow_redirects=True, trust_env=False, timeout=WAIT)
                return Person(ends.enter_context(client))

            return Served(server, person)

        yield serve


@pytest.fixture
def served(serving) -> Served:
    return serving()


PAIRS = [("small", "profit", "delay"), ("small", "profit", "trust"), ("small", "delay", "trust")]


@pytest.fixture
def ratios():
    """Return answers to all pairs of the small tree."""

    def make(*said: str):
        return [[*pair, ratio] for pair, ratio in zip(PAIRS, said, strict=False) if ratio]

    return make
