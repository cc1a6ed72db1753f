"""What forms on a page have in common: one file with its script, its policy and its data."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from markupsafe import Markup

from evaluator import messages, resources
from evaluator.html.rendering import render, script_json, templates
from evaluator.weighing.panel import Expert

MOST = 5_000_000
"""Bytes of a page, or of a file of answers."""
_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; connect-src {asked}"
)
_SENDING = ("saving", "saved", "unsaved", "sent", "sending", "closed", "elsewhere", "handed_in")


@dataclass(frozen=True)
class Sending:
    """How a page on a server sends what is answered: where to, and what it goes on from.

    `line` and `version` name the answers that the page shows; `spread` is how the group answered each pair
    in the round before: by (group, a, b), how many chose each of the ratios.
    """

    address: str
    token: str
    line: int
    version: int
    plain: str
    sent: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)
    spread: Mapping[tuple[str, str, str], Sequence[int]] = field(default_factory=dict)

    def data(self, language: str) -> dict[str, object]:
        """Return what the script is told."""
        texts = {word: messages.text(f"page_form.{word}", language) for word in _SENDING}
        return {
            "save": self.address,
            "token": self.token,
            "line": self.line,
            "version": self.version,
            "sent": self.sent,
            "texts": texts,
        }


def fill_page(
    template: str,
    language: str,
    modules: Sequence[str],
    person: Expert,
    values: Mapping[str, object],
    *,
    record: Mapping[str, object],
    data: Mapping[str, object],
    sending: Sending | None = None,
) -> str:
    """Return a page: a template with its script, which `modules` of `templates/form/js/` make up.

    Its policy allows it that script and nothing else, on a server also to send there; `record` and `data`
    are what the script reads.
    """
    script = _script(tuple("sending" if sending and name == "keeping" else name for name in modules))
    done = messages.text("page_form.done_here" if sending else "page_form.done", language)
    data = {**data, "done": done, **({"server": sending.data(language)} if sending else {})}
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    known = {
        "person": shown_person(person),
        "locale": _LANGUAGES[language],
        "policy": _POLICY.format(digest=digest, asked="'self'" if sending else "'none'"),
        "plain": sending.plain if sending else "",
        "style": Markup(_resource("form.css")),
        "script": Markup(script),
        "record": script_json(record),
        "data": script_json(data),
    }
    return render(templates(language), template, {**values, **known})


def shown_person(person: Expert) -> str:
    """Return name and role of a person, as pages show them."""
    return "  ·  ".join(part for part in (person.name or person.id, person.role) if part)


@cache
def _script(modules: tuple[str, ...]) -> str:
    text = "\n".join(_resource(f"js/{name}.js") for name in modules)
    return f'"use strict";\n(() => {{\nconst form = {{}};\n{text}\n}})();\n'


@cache
def _resource(name: str) -> str:
    return (resources.folder("templates") / "form" / name).read_text("utf-8")
