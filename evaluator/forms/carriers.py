"""What forms on a page have in common: one file with its script, its policy and its data."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache

from markupsafe import Markup

from evaluator import resources
from evaluator.html.rendering import render, templates
from evaluator.weighing.panel import Expert

MOST = 5_000_000
"""Bytes of a page, or of a file of answers."""
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


def fill_page(
    template: str,
    language: str,
    modules: Sequence[str],
    person: Expert,
    values: Mapping[str, object],
    *,
    record: Mapping[str, object],
    data: Mapping[str, object],
) -> str:
    """Return a page: a template with its script, which `modules` of `templates/form/js/` make up.

    Its policy allows it that script and nothing else; `record` and `data` are what the script reads.
    """
    script = _script(tuple(modules))
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    known = {
        "person": "  ·  ".join(part for part in (person.name or person.id, person.role) if part),
        "locale": _LANGUAGES[language],
        "policy": _POLICY.format(digest=digest),
        "style": Markup(_resource("form.css")),
        "script": Markup(script),
        "record": _json(record),
        "data": _json(data),
    }
    return render(templates(language), template, {**values, **known})


def _json(value: Mapping[str, object]) -> Markup:
    """Return JSON that cannot end the script block it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


@cache
def _script(modules: tuple[str, ...]) -> str:
    text = "\n".join(_resource(f"js/{name}.js") for name in modules)
    return f'"use strict";\n(() => {{\nconst form = {{}};\n{text}\n}})();\n'


@cache
def _resource(name: str) -> str:
    return (resources.folder("templates") / "form" / name).read_text("utf-8")
