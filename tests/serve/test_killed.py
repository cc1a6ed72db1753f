"""A server that is killed has lost nothing that it said was there."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest

from evaluator.serve.keys import read_keys
from evaluator.serve.links import links
from evaluator.serve.store import open_store
from evaluator.study import Study

PAIRS = [("small", "profit", "delay"), ("small", "profit", "trust"), ("small", "delay", "trust")]
PEOPLE, EACH, BEFORE = 50, 20, 400
SLOWEST = 300  # seconds on a busy computer: what is kept is the question, not how soon


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_in_the_middle_of_a_thousand_submissions_it_loses_none_that_it_acknowledged(
    asking: Path,
) -> None:
    httpx = pytest.importorskip("httpx", reason="httpx is not here")
    plain = {"trust_env": False, "verify": False}  # no certificates to load: nothing here is encrypted
    text = (asking / "study.yaml").read_text("utf-8")
    people = "".join(f"  - {{id: P{number}}}\n" for number in range(PEOPLE))
    text = re.sub(r"experts:\n(  - .*\n)+", f"experts:\n{people}", text)
    (asking / "study.yaml").write_text(text, "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "evaluator", "serve", str(asking), "--port", str(port), "--json"]
    served = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    acknowledged: list[dict] = []
    enough = threading.Event()

    def answer(number: int) -> None:
        """Send twenty complete answers, one after the other, and remember what was acknowledged."""
        with httpx.Client(base_url=origin, follow_redirects=True, timeout=30, **plain) as client:
            page = client.get(addresses[f"P{number}"]).text
            told = json.loads(re.search(r'id="form-data">(.*?)</script>', page)[1])["server"]
            line = version = 0
            for said in list(product("3579", "357", "35"))[:EACH]:
                answers = [[*pair, ratio] for pair, ratio in zip(PAIRS, said, strict=True)]
                body = {"line": line, "version": version, "final": True, "answers": answers,
                        "remarks": {}}  # fmt: skip
                kept = client.post(told["save"], json=body, headers={"X-Form-Token": told["token"]})
                line, version = kept.json()["line"], kept.json()["version"]
                acknowledged.append({"person": f"P{number}", "version": version, "said": list(said)})
                if len(acknowledged) >= BEFORE:
                    enough.set()

    try:
        keys, store, addresses = read_keys(asking / "served"), None, {}
        _until_it_listens(port)
        store = open_store(asking / "served")
        addresses = {one.person: f"{origin}/a/{keys.token(one.id, one.generation)}" for one in links(store)}
        store.close()
        with ThreadPoolExecutor(8) as several:
            sent = [several.submit(answer, number) for number in range(PEOPLE)]
            assert enough.wait(SLOWEST)
            served.send_signal(signal.SIGKILL)
            failed = [one for one in sent if one.exception() is not None]
    finally:
        served.kill()
        served.wait(30)
        served.communicate()
    assert failed, "it was killed after everything had been sent"
    known = [
        json.loads(line) for line in (asking / "served" / "received.jsonl").read_text("utf-8").splitlines()
    ]
    stored = {(one["person"], *_said(asking / "served" / one["file"])) for one in known}
    assert len(acknowledged) >= BEFORE
    assert [one for one in acknowledged if (one["person"], *one["said"]) not in stored] == []
    latest = {one["person"]: one for one in acknowledged}
    store = open_store(asking / "served")
    kept = {one.link: one for one in store.lines()}
    by_person = {one.person: kept.get(one.id) for one in links(store)}
    store.close()
    assert all(by_person[name].version >= one["version"] for name, one in latest.items())
    panel = Study(asking).panel
    assert {one.expert for one in panel.judgments} >= set(latest)
    assert not [issue.code for issue in panel.issues if issue.code in ("JUDGE-213", "JUDGE-246", "JUDGE-248")]


def _until_it_listens(port: int) -> None:
    last = time.monotonic() + SLOWEST
    while time.monotonic() < last:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("the server does not listen")


def _said(path: Path) -> list[str]:
    return [ratio for *_, ratio in json.loads(path.read_text("utf-8"))["answers"]]
