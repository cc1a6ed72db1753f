"""Pages of the server that are no forms: templates with their policy, and what goes before an answer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache

from markupsafe import Markup
from starlette.responses import HTMLResponse

from evaluator import messages, resources
from evaluator.errors import Issue
from evaluator.html.rendering import render, templates

_LANGUAGES = {"zh": "zh-CN", "en": "en"}
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {scripts}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STATUS: Mapping[str, int] = {
    "SERVE-201": 404, "SERVE-202": 410, "SERVE-203": 410, "SERVE-204": 422, "SERVE-206": 429,
    "SERVE-207": 403, "SERVE-208": 403, "SERVE-209": 404, "SERVE-210": 409, "SERVE-211": 409,
    "SERVE-212": 409, "SERVE-213": 409,
}  # fmt: skip
"""What a browser is told of an issue; of any other, that it is ours."""


def page(
    template: str,
    language: str,
    values: Mapping[str, object],
    *,
    script: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Return a page from `templates/serve/`, with the script of that name in `templates/serve/js/`."""
    code = _resource(f"serve/js/{script}.js") if script else ""
    digest = base64.b64encode(hashlib.sha256(code.encode("utf-8")).digest()).decode("ascii")
    known = {
        "locale": _LANGUAGES[language],
        "style": Markup(_resource("form/form.css") + _resource("serve/serve.css")),
        "script": Markup(code),
        "refresh": 0,
    }
    text = render(templates(language), f"serve/{template}.html.j2", {**known, **values})
    policy = _POLICY.format(scripts=f"'sha256-{digest}'" if code else "'none'")
    return HTMLResponse(text, status, {"Content-Security-Policy": policy})


def issues_page(issues: Sequence[Issue], language: str) -> HTMLResponse:
    """Return the page that says what is wrong, to somebody who did nothing wrong."""
    values = {
        "title": messages.text("serve.sorry", language),
        "told": [(issue.message(language), issue.advice(language)) for issue in issues],
    }
    return page("message", language, values, status=status_of(issues))


def status_of(issues: Sequence[Issue]) -> int:
    """Return the status that tells a browser of issues."""
    return STATUS.get(issues[0].code, 500) if issues else 500


@cache
def _resource(name: str) -> str:
    return (resources.folder("templates") / name).read_text("utf-8")
