"""The chart library of the page: bundled once on a machine, for it takes seconds, and kept as a file."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.metadata import version

from evaluator.caches import keep, read_kept

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


@cache
def begin_library() -> Future[str]:
    """Begin to fetch the chart library, once in a process: the first time on a machine it takes seconds."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(_library)
    finally:
        pool.shutdown(wait=False)


def _library() -> str:
    """Return the chart library; the wrapping keeps its names to itself."""
    return f"(()=>{{{_kept_bundle()}}})();"


def _kept_bundle() -> str:
    """Return the bundle from its file, or bundle it and write the file; without a safe folder just bundle."""
    name = f"charts-{version('vl-convert-python')}-{hashlib.sha256(_SNIPPET.encode()).hexdigest()[:8]}.js"
    if kept := read_kept(name):
        return kept.decode("utf-8")
    import vl_convert  # here, because a kept bundle does without it

    bundle: str = vl_convert.javascript_bundle(_SNIPPET)
    keep(name, bundle.encode("utf-8"))
    return bundle
