"""Three hundred people who answer at once on this computer: how long each answer takes to be kept.

    python benchmarks/serve.py [--people 300] [--seconds 30]

Every person keeps an answer each two to five seconds, as the page of the form does, and sends the form in the
end. Client and server share the computer, so the figures are those of a busy one. What was acknowledged is
counted afterwards in the store. It asks 127.0.0.1 and nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from evaluator.serve.keys import read_keys
from evaluator.serve.links import links
from evaluator.serve.store import open_store

SMALL = Path(__file__).resolve().parents[1] / "tests" / "studies" / "small"
PAIRS = [("small", "profit", "delay"), ("small", "profit", "trust"), ("small", "delay", "trust")]
STARTS_WITHIN = 300  # seconds
RATIOS = ("9", "7", "5", "3", "1", "1/3", "1/5", "1/7", "1/9")


def study(people: int, home: Path) -> Path:
    """Return the small study of the tests with so many experts."""
    shutil.copytree(SMALL, home)
    text = (home / "study.yaml").read_text("utf-8").replace("judgments: [judgments.csv]\n", "")
    experts = "".join(f"  - {{id: P{number}}}\n" for number in range(people))
    (home / "study.yaml").write_text(re.sub(r"experts:\n(  - .*\n)+", f"experts:\n{experts}", text), "utf-8")
    return home


async def answer(address: str, until: float, taken: list[float], refused: list[int]) -> int:
    """Answer as one person until the time is over; return the version that was acknowledged last."""
    draw, version = random.Random(address), 0
    async with httpx.AsyncClient(follow_redirects=True, trust_env=False, timeout=30, verify=False) as client:
        await asyncio.sleep(draw.uniform(0, 10))
        page = (await client.get(address)).text
        told = json.loads(re.search(r'id="form-data">(.*?)</script>', page)[1])["server"]
        line, final = 0, False
        while not final:
            await asyncio.sleep(draw.uniform(2, 5))
            final = time.monotonic() > until
            answers = [[*pair, draw.choice(RATIOS)] for pair in PAIRS]
            body = {"line": line, "version": version, "final": final, "answers": answers, "remarks": {}}
            where, heads = httpx.URL(address).join(told["save"]), {"X-Form-Token": told["token"]}
            begun = time.perf_counter()
            kept = await client.post(where, json=body, headers=heads)
            taken.append(time.perf_counter() - begun)
            if kept.status_code == 200:
                line, version = kept.json()["line"], kept.json()["version"]
            else:
                refused.append(kept.status_code)
    return version


async def everybody(addresses: list[str], seconds: float) -> tuple[list[float], list[int], list[int]]:
    """Return how long each request took, the versions acknowledged last, and what was refused."""
    taken: list[float] = []
    refused: list[int] = []
    until = time.monotonic() + seconds
    versions = await asyncio.gather(*(answer(one, until, taken, refused) for one in addresses))
    return taken, list(versions), refused


def until_it_listens(port: int) -> None:
    """Wait for the server, which starts slowly on a busy computer."""
    last = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.05)


def main() -> None:
    """Measure, and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=30)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        home = study(given.people, Path(passing) / "study")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "evaluator", "serve", str(home), "--port", str(port), "--json"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            until_it_listens(port)
            keys, store = read_keys(home / "served"), open_store(home / "served")
            addresses = [
                f"http://127.0.0.1:{port}/a/{keys.token(one.id, one.generation)}" for one in links(store)
            ]
            taken, versions, refused = asyncio.run(everybody(addresses, given.seconds))
            lost = sum(versions) - sum(line.version for line in store.lines())
            store.close()
        finally:
            server.terminate()
            server.wait(30)
        files = len(list((home / "questionnaires").iterdir()))
    taken.sort()
    milliseconds = {
        f"p{share}": round(1000 * taken[int(len(taken) * share / 100)], 1) for share in (50, 95, 99)
    }
    print(json.dumps({"people": given.people, "requests": len(taken), **milliseconds,
                      "refused": len(refused), "lost": lost, "files": files}))  # fmt: skip


if __name__ == "__main__":
    main()
